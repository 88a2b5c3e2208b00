"""Speakers inside what others say: "A, citing B, said …", "A quoted B as saying that C believes that …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.attribution.clauses import (
    QUOTED,
    Token,
    content_after,
    is_verb,
    source_before,
    trimmed,
)
from quidproquo.reading.attribution.cues import DENIALS, VERBS
from quidproquo.reading.sentences import Span

__all__ = [
    "CLOSING",
    "RELAYING",
    "Inner",
    "Insertion",
    "embedded",
    "nested_cue",
    "quoted_as",
    "tail",
    "without_insertions",
]

# Verbs that name the speaker at the end of a sentence.
CLOSING = frozenset(
    "said says reported found showed shows warned announced added claimed estimates estimated predicted predicts "
    "revealed indicated noted argued concluded confirmed".split()
)
RELAYING = frozenset("citing quoting cited quoted cites quotes".split())

_RELATIVE = frozenset("who which that".split())
_ENDS = frozenset({",", ";", ".", ":", "—", "–", "(", ")", QUOTED})
_ENDS_WORDS = frozenset("that which who as but while whereas for because when although".split())
_AUX = frozenset("is are was were been be has have had".split())
# Forms that are seldom participles, so that a clause may follow without "that".
_PLAIN = frozenset("says said believes believed thinks estimates".split())
_MOST_AWAY = 14
_MOST_DEPTH = 4

# Those who are cited, by their last word; other nouns ("citing concerns") are reasons.
_CITED = re.compile(
    r"(?:.*(?:officer|official|expert|analyst|source|lawmaker|legislator|diplomat|researcher|witness|correspondent|"
    r"report|stud|survey|poll|document|record|paper|memo|letter|article|interview|statement|briefing|estimate|"
    r"assessment|figure|spokes|minister|ministr|agenc|government|president|general|commander|envoy|ambassador|"
    r"adviser|advisor|secretary|military|media|newspaper|outlet|broadcaster|prisoner|soldier|defector|resident|"
    r"participant|observer|activist|scientist|economist|aide|attach|insider|people|data|imager|image|photo|"
    r"footage|statistic|intelligence|chief|director|head|leader|member|office|department|service|institute|"
    r"council|embassy|authorit)\w*)",
    re.IGNORECASE,
)
_RULES = frozenset(
    "act law convention treaty constitution charter resolution article agreement protocol code".split()
)
_PARTED = frozenset("of in from at with on close familiar near inside within to by for briefed".split())


@dataclass(frozen=True)
class Inner:
    """A source with its cue and the class of it; the content is that of the speaker who cites it."""

    source: Span
    cue: Span
    sort: str = "say"


@dataclass(frozen=True)
class Insertion:
    """A phrase such as ", citing a lawmaker,": who is cited (None for a reason), and which tokens it takes up."""

    inner: Inner | None
    first: int
    last: int


def without_insertions(tokens: list[Token]) -> tuple[list[Token], list[Insertion]]:
    """The tokens without the phrases that cite somebody, and those phrases."""
    found: list[Insertion] = []
    at = 0
    while at < len(tokens):
        insertion = _insertion(tokens, at) if tokens[at].lower in RELAYING else None
        if insertion is not None:
            found.append(insertion)
            at = insertion.last
        else:
            at += 1
    kept = list(tokens)
    for insertion in reversed(found):
        del kept[insertion.first : insertion.last]
    return kept, found


def _insertion(tokens: list[Token], at: int) -> Insertion | None:
    """The insertion whose cue stands at a token; None where it is no insertion or cites a reason."""
    first = at
    if not tokens[at].lower.endswith("ing"):
        if at == 0 or tokens[at - 1].lower not in _RELATIVE:
            return None
        first = at - 1
    if first > 0:
        if tokens[first - 1].text != ",":
            return None
        first -= 1
    end = at + 1
    while end < len(tokens) and tokens[end].text not in _ENDS and tokens[end].lower not in _ENDS_WORDS:
        end += 1
    if end == at + 1:
        return None
    cited = _is_cited(tokens[at + 1 : end])
    end = _past_apposition(tokens, end)
    source, cue, sort = (tokens[at + 1].start, tokens[end - 1].end), tokens[at], "say"
    saying = _as_saying(tokens, end)
    if cited and saying is not None:
        cue, end = tokens[saying], saying + 1
        return Insertion(Inner(source, (cue.start, cue.end), VERBS[cue.lower]), first, end)
    closed = end < len(tokens) and tokens[end].text == "," and (first == 0 or _resumes(tokens, end + 1))
    if not cited:
        return Insertion(None, first, end + 1) if closed and first > 0 else None
    end += closed
    return Insertion(Inner(source, (cue.start, cue.end), sort), first, end)


def _past_apposition(tokens: list[Token], end: int) -> int:
    """The end of a name with what is set beside it: "Ana Lima, a senior analyst,"."""
    if end + 2 >= len(tokens) or tokens[end].text != "," or tokens[end + 1].lower not in {"a", "an", "the"}:
        return end
    closing = next((at for at in range(end + 1, len(tokens)) if tokens[at].text in _ENDS), len(tokens))
    parted = closing < len(tokens) and tokens[closing].text == "," and _resumes(tokens, closing + 1)
    return closing if parted else end


def _resumes(tokens: list[Token], at: int) -> bool:
    """Whether a clause that was broken off goes on: its verb, or the "that" of its verb, follows the comma."""
    while at < len(tokens) and (tokens[at].lower in _AUX or tokens[at].lower.endswith("ly")):
        at += 1
    return at < len(tokens) and (tokens[at].lower == "that" or tokens[at].lower in VERBS)


def _is_cited(phrase: list[Token]) -> bool:
    """Whether somebody, or a document, is cited and not a reason or a rule."""
    last = next((n for n, token in enumerate(phrase) if n and token.lower in _PARTED), len(phrase))
    head = phrase[last - 1]
    if head.lower in _RULES or not head.text[0].isalpha():
        return False
    return head.text[0].isupper() or _CITED.fullmatch(head.lower) is not None


def _as_saying(tokens: list[Token], at: int) -> int | None:
    """The index of "saying" in "as saying" at a token."""
    if at + 1 >= len(tokens) or tokens[at].lower != "as":
        return None
    verb = tokens[at + 1].lower
    return at + 1 if verb.endswith("ing") and verb in VERBS else None


def quoted_as(tokens: list[Token], index: int) -> tuple[Inner, Span | None, Span | None] | None:
    """As in "quoted a lawmaker as saying …": who is quoted, the content, and in the passive the one who quotes.

    The content is None where it doesn't follow ("“…,” the paper quoted a lawmaker as saying").
    """
    passive = index > 0 and tokens[index - 1].lower in _AUX
    for at in range(index + 1, min(len(tokens), index + _MOST_AWAY)):
        saying = _as_saying(tokens, at)
        if saying is not None:
            break
        if tokens[at].text in {";", QUOTED} or tokens[at].lower == "that":
            return None
    else:
        return None
    content = content_after(tokens, saying, VERBS[tokens[saying].lower])
    quoter: Span | None = None
    if passive:
        _, source = source_before(tokens, index)
        if at > index + 2 and tokens[index + 1].lower == "by":
            quoter = (tokens[index + 2].start, tokens[at - 1].end)
    else:
        source = (tokens[index + 1].start, tokens[at - 1].end) if at > index + 1 else None
    if source is None or not tokens[index + 1].text[0].isalnum():
        return None
    cue = tokens[saying]
    return Inner(source, (cue.start, cue.end), VERBS[cue.lower]), content, quoter


def nested_cue(tokens: list[Token], index: int) -> bool:
    """Whether a cue inside a content certainly opens a content of its own."""
    if index + 1 >= len(tokens) or VERBS[tokens[index].lower] == "want":
        return False
    following = tokens[index + 1]
    clause = following.text[0].isalnum() or following.text == QUOTED
    if following.lower != "that" and not (tokens[index].lower in _PLAIN and clause):
        return False
    if following.lower in {"to", "by", "in", "on", "at"} or tokens[index].lower.endswith("ing"):
        return False
    if any(token.lower in {"not", "never", "nobody"} for token in tokens[max(0, index - 3) : index]):
        return False
    return is_verb(tokens, index)


def embedded(tokens: list[Token], content: tuple[Span, ...], depth: int = 0) -> list[tuple[Inner, Span]]:
    """Speakers inside a content, each with its own content, outer ones first."""
    found: list[tuple[Inner, Span]] = []
    for start, end in content:
        inside = [token for token in tokens if start <= token.start and token.end <= end]
        closing = tail(inside)
        if closing is not None:
            inner, first = closing
            spoken = (inside[0].start, inside[first - 2].end)
            found.append((inner, spoken))
            inside = inside[: first - 1]
        for index, token in enumerate(inside):
            if token.lower not in VERBS or index == 0 or not nested_cue(inside, index):
                continue
            _, source = source_before(inside, index)
            own = trimmed(inside, index + 1 + (inside[index + 1].lower == "that"))
            if source is None or own is None or not _names(inside, source, token.lower):
                continue
            sort = "deny" if token.lower in DENIALS else VERBS[token.lower]
            found.append((Inner(source, (token.start, token.end), sort), own))
            if depth < _MOST_DEPTH:
                found.extend(embedded(inside, (own,), depth + 1))
            break
    return found


def tail(tokens: list[Token]) -> tuple[Inner, int] | None:
    """The speaker named at the end, as in "…, a lawmaker said on Monday.", and the first token of the phrase."""
    last = len(tokens) - 1
    while last >= 0 and (tokens[last].text in {".", ","} or tokens[last].lower in _WHEN):
        last -= 1
    if last < 1 or tokens[last].lower not in CLOSING:
        return None
    first, source = source_before(tokens, last)
    if (
        source is None
        or first < _LEAST_BEFORE
        or tokens[first - 1].text != ","
        or tokens[first].lower in _NOBODY
    ):
        return None
    return Inner(source, (tokens[last].start, tokens[last].end)), first


_WHEN = frozenset(
    "on monday tuesday wednesday thursday friday saturday sunday yesterday today earlier this week month".split()
)
_LEAST_BEFORE = 4
_NOUN_LIKE = frozenset(
    "reports claims estimates doubts fears hopes concerns suspects report claim estimate".split()
)
_NOBODY = frozenset("who which that there what this these those if whether nobody".split())


def _names(tokens: list[Token], source: Span, cue: str) -> bool:
    """Whether a phrase before a cue can be its subject, not the beginning of "media reports" and the like."""
    words = [token for token in tokens if source[0] <= token.start < source[1]]
    if (
        words[0].lower in _NOBODY
        or words[-1].lower in _NOBODY
        or words[-1].lower.endswith(("'s", "’s", "s'", "s’"))
    ):
        return False
    if cue not in _NOUN_LIKE:
        return True
    return words[0].lower in {"the", "a", "an", "he", "she", "it", "they"} or words[-1].text[0].isupper()
