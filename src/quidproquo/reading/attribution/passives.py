"""Attributions in the passive voice: "is said by officials to …", "were told by the mayor that …"."""

from __future__ import annotations

from quidproquo.reading.attribution.clauses import trimmed
from quidproquo.reading.attribution.cues import INFORMED, PASSIVES, VERBS
from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.attribution.subjects import subject_of
from quidproquo.reading.attribution.words import Token, is_number

__all__ = ["by_agent", "passive"]


def by_agent(tokens: list[Token], index: int, sort: str) -> Attribution | None:
    """As in "600 men are said by officials to have died"."""
    by = next(
        (at for at in range(index + 1, min(len(tokens) - 1, index + 8)) if tokens[at].lower == "by"), None
    )
    if by is None or any(token.lower in {",", ";", "to", "that"} for token in tokens[index:by]):
        return None
    last = by + 1
    while last < len(tokens) and tokens[last].lower not in {"to", "that", ",", ".", ";"}:
        last += 1
    if last == by + 1 or tokens[by + 1].lower.endswith("ing") or is_number(tokens[by + 1]):
        return None
    _, subject = subject_of(tokens, index)
    informed = tokens[index].lower in INFORMED
    if informed:
        subject = None
    if subject is not None:
        subject = (_with_figure(tokens, subject[0]), subject[1] if by == index + 1 else tokens[by - 1].end)
    after = trimmed(
        tokens, last + (informed and tokens[last : last + 1] != [] and tokens[last].lower == "that")
    )
    content = tuple(part for part in (subject, after) if part is not None)
    source = (tokens[by + 1].start, tokens[last - 1].end)
    if not content or not (informed or tokens[index].lower in PASSIVES):
        return None
    return Attribution(source, (tokens[index - 1].start, tokens[index].end), content, "indirect", sort)


_SIZES = frozenset(
    "at least most nearly about some more than up to around over almost fewer less no as many".split()
)


def _with_figure(tokens: list[Token], start: int) -> int:
    """Where a noun phrase begins with the figure before it: "at least 900 recruits"."""
    at = next((n for n, token in enumerate(tokens) if token.start >= start), 0)
    while at > 0 and (is_number(tokens[at - 1]) or tokens[at - 1].lower in _SIZES):
        at -= 1
    return min(start, tokens[at].start) if tokens else start


def passive(tokens: list[Token]) -> list[Attribution]:
    """As in "About 40 men are believed to have died": nobody is named."""
    for index in range(1, len(tokens)):
        word, previous = tokens[index].lower, tokens[index - 1].lower
        if word not in PASSIVES or previous not in {"is", "are", "was", "were", "been"}:
            continue
        _, subject = subject_of(tokens, index)
        following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
        after = trimmed(tokens, index + 1) if following in {"that", "to"} else None
        content = tuple(part for part in (subject, after) if part is not None)
        if content and following in {"that", "to"}:
            cue = (tokens[index - 1].start, tokens[index].end)
            return [Attribution(None, cue, content, "indirect", VERBS.get(word, "say"))]
    return []
