"""Speakers inside what others say: "A, citing B, said …", "A quoted B as saying that C believes that …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.attribution.clauses import content_after
from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.subjects import subject_of
from quidproquo.reading.attribution.words import QUOTED, Token
from quidproquo.reading.sentences import Span

__all__ = [
    "RELAYING",
    "Inner",
    "Insertion",
    "quoted_as",
    "relative_relay",
    "without_insertions",
    "without_quoter",
]

RELAYING = frozenset("citing quoting cited quoted cites quotes".split())

_RELATIVE = frozenset("who which that".split())
_ENDS = frozenset({",", ";", ".", ":", "—", "–", "(", ")", QUOTED})
_ENDS_WORDS = frozenset("that which who as but while whereas for because when although".split())
_AUX = frozenset("is are was were been be has have had".split())
_MOST_AWAY = 14

# Reasons ("citing a lack of funds"), by their last word; abstract nouns by their endings.
_REASONS = frozenset(
    "concern concerns lack reason reasons need needs cost costs delay delays safety security risk "
    "risks fear fears "
    "shortage shortages pressure pressures weather problem problems issue issues difficulties failure "
    "decline rise "
    "drop fall increase war conflict threat threats interest interests policy damage absence example "
    "examples case "
    "cases precedent precedents health rights freedom privacy grounds winter costs prices price demand tensions "
    "sanctions violations attacks attack pandemic budget funds money time hurdles obstacles".split()
)
_ABSTRACT = re.compile(r".*(?:ness|ity|ence|ance|tion|sion|ment|ship|ism)s?")
_CONCRETE = frozenset(
    "government governments document documents statement statements intelligence department "
    "departments parliament "
    "administration commission delegation federation corporation organization organisation publication "
    "assessment assessments regiment audience authority opposition mission station evidence "
    "institution foundation "
    "association coalition investigation information declaration conversation university".split()
)
# Those whom "referring to" cites; otherwise it tells what somebody means.
_AGENT = re.compile(
    r".*(?:official|source|officer|mayor|minister|ministry|agency|agencies|report|document|police|spokes\w+|president|"
    r"general|expert|analyst|media|newspaper|statement|office|service|department|staff|commander|governor|lawmaker|"
    r"diplomat|government|authorities)s?"
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


def without_quoter(tokens: list[Token]) -> tuple[Inner | None, list[Token]]:
    """As in "The minister, quoted by the Gazette, said …": who quotes, and the tokens without the insertion."""
    for at in range(2, len(tokens) - 3):
        if (
            tokens[at].lower not in {"quoted", "cited"}
            or tokens[at - 1].text != ","
            or tokens[at + 1].lower != "by"
        ):
            continue
        end = next((n for n in range(at + 2, len(tokens)) if tokens[n].text in _ENDS), len(tokens))
        if end == at + 2 or end == len(tokens) or tokens[end].text != ",":
            continue
        inner = Inner((tokens[at + 2].start, tokens[end - 1].end), (tokens[at].start, tokens[at].end))
        return inner, [*tokens[: at - 1], *tokens[end + 1 :]]
    return None, tokens


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
    cited = _is_cited(tokens[at + 1 : end], merged=tokens[at].text.lower() == "referring")
    end = _past_apposition(tokens, end)
    source, cue, sort = (tokens[at + 1].start, tokens[end - 1].end), tokens[at], "say"
    saying = _as_saying(tokens, end)
    if cited and saying is not None:
        cue, end = tokens[saying], saying + 1
        return Insertion(Inner(source, (cue.start, cue.end), VERBS.get(cue.lower, "say")), first, end)
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


def _is_cited(phrase: list[Token], *, merged: bool = False) -> bool:
    """Whether somebody, or a document, is cited and not a reason or a rule."""
    last = next((n for n, token in enumerate(phrase) if n and token.lower in _PARTED), len(phrase))
    head = phrase[last - 1]
    word = head.lower
    if merged and _AGENT.fullmatch(word) is None and not head.text[0].isupper():
        return False
    if word in _RULES or word in _REASONS or not head.text[0].isalpha():
        return False
    return head.text[0].isupper() or word in _CONCRETE or _ABSTRACT.fullmatch(word) is None


def _as_saying(tokens: list[Token], at: int) -> int | None:
    """The index of "saying" in "as saying" at a token."""
    if at + 1 < len(tokens) and tokens[at].lower == "saying":
        return at
    if at + 1 >= len(tokens) or tokens[at].lower != "as":
        return None
    verb = tokens[at + 1].lower
    return at + 1 if verb.endswith("ing") and (verb in VERBS or verb in {"giving", "putting"}) else None


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
    content = content_after(tokens, saying, VERBS.get(tokens[saying].lower, "say"))
    quoter: Span | None = None
    if passive:
        _, source = subject_of(tokens, index)
        if at > index + 2 and tokens[index + 1].lower == "by":
            quoter = (tokens[index + 2].start, tokens[at - 1].end)
    else:
        source = (tokens[index + 1].start, tokens[at - 1].end) if at > index + 1 else None
    if source is None or not tokens[index + 1].text[0].isalnum():
        return None
    cue = tokens[saying]
    return Inner(source, (cue.start, cue.end), VERBS.get(cue.lower, "say")), content, quoter


def relative_relay(tokens: list[Token]) -> tuple[Inner, Inner, Span] | None:
    """As in "It cites Ana Lima, who told the paper that …": who cites, who is cited, and what she says."""
    for at, token in enumerate(tokens[:-4]):
        if token.lower not in {"cites", "cited", "quotes", "quoted"} or not (
            at and tokens[at + 1].text[0].isalnum()
        ):
            continue
        who = next((n for n in range(at + 2, min(len(tokens), at + 24)) if tokens[n].lower == "who"), None)
        if who is None:
            continue
        cue = next((n for n in range(who + 1, min(len(tokens), who + 4)) if tokens[n].lower in VERBS), None)
        _, source = subject_of(tokens, at)
        content = content_after(tokens, cue, VERBS[tokens[cue].lower]) if cue is not None else None
        if cue is None or source is None or content is None:
            continue
        last = who - 1 if tokens[who - 1].text == "," else who
        inner = Inner((tokens[at + 1].start, tokens[last - 1].end), (tokens[cue].start, tokens[cue].end))
        return Inner(source, (token.start, token.end)), inner, content
    return None
