"""The source that follows its verb: "…, said Ana Lima, an analyst"."""

from __future__ import annotations

from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.words import (
    CONJUNCTIONS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    RELATIVES,
    TIMES,
    Token,
    is_finite,
)
from quidproquo.reading.sentences import Span

__all__ = ["inverted"]

# A noun phrase is shorter than this; looking no further keeps reading linear.
_MOST = 40
_JOINING = frozenset("and or &".split())
_STOPS = frozenset({".", ";", ":", QUOTED, "—", "–", "(", ")"})
_APPOSED = frozenset("in during on at after before as when while because amid following since by".split())


_AFTER_SOURCE = CONJUNCTIONS | _APPOSED | RELATIVES


def inverted(tokens: list[Token], index: int) -> tuple[Span, int] | None:
    """The source after a cue: "…, said Ana Lima, an analyst"; its span and the token after it."""
    at = index + 1
    last = at
    while last < len(tokens) and last - at < _MOST and tokens[last].text not in _STOPS:
        token = tokens[last]
        if token.text == ",":
            if last == at or not _apposed(tokens, last + 1):
                break
        elif token.lower in _JOINING:
            if not _names_follow(tokens, last + 1):
                break
        elif token.lower in {"who", "whose"} or (
            token.lower == "by" and last + 1 < len(tokens) and tokens[last + 1].text[0].isupper()
        ):
            pass
        elif token.lower in _AFTER_SOURCE or (token.lower in TIMES and last > at):
            break
        last += 1
    while last > at and tokens[last - 1].text == ",":
        last -= 1
    if last == at or not (tokens[at].text[0].isalnum()):
        return None
    return (tokens[at].start, tokens[last - 1].end), last


_NO_APPOSITION = PREPOSITIONS | CONJUNCTIONS | PRONOUNS


def _apposed(tokens: list[Token], at: int) -> bool:
    """Whether what follows a comma stands beside the name: no verb, no participle, and a mark closes it."""
    if at >= len(tokens):
        return False
    if tokens[at].lower in {"who", "whose"}:
        return True
    word = tokens[at].lower
    if word.endswith("ing") or word in _NO_APPOSITION or not tokens[at].text[0].isalpha():
        return False
    end = at
    while end < len(tokens) and end - at < _MOST and tokens[end].text not in {",", *_STOPS}:
        if is_finite(tokens, end):
            return False
        end += 1
    return True


def _names_follow(tokens: list[Token], at: int) -> bool:
    """Whether a name, and no clause, follows "and"."""
    end = at
    while end < len(tokens) and end - at < _MOST and tokens[end].text not in {",", *_STOPS}:
        if tokens[end].lower in VERBS or is_finite(tokens, end):
            return False
        end += 1
    return end > at
