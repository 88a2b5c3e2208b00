"""Who says what: source, cue and content of attributed speech, thought and documents."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from quidproquo.reading.attribution.cues import PASSIVES, VERBS
from quidproquo.reading.attribution.discourse import with_long_quotations
from quidproquo.reading.attribution.frames import (
    COUNTS,
    without_dateline,
)
from quidproquo.reading.attribution.levels import kind_of_content, level, nested, with_nested
from quidproquo.reading.attribution.names import OFFICE
from quidproquo.reading.attribution.noun_cues import GIVING, MAKERS, NOUNS, noun_cues
from quidproquo.reading.attribution.quotes import Quotation, quotations
from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.attribution.relays import (
    RELAYING,
    Inner,
    quoted_as,
    relative_relay,
    without_insertions,
    without_quoter,
)
from quidproquo.reading.attribution.segments import segments
from quidproquo.reading.attribution.voices import labels
from quidproquo.reading.attribution.words import (
    PRONOUNS,
    QUOTED,
    Token,
    is_past,
    lower_of,
    tokens_of,
)
from quidproquo.reading.sentences import Span, sentences

__all__ = ["Attribution", "attributions"]


# A sentence longer than this is no sentence; it is read in pieces, which keeps reading linear.
_LONGEST = 5000
# What makes a look inside a quotation worth it.
_PLAINLY = re.compile(
    r"(?:say|said|says|told|according to|believes?|estimates|claim(?:s|ed)|pledged|promised|vowed)\b"
)
_MARKS = frozenset("”\"»’'")
# How far into a text a label of one word is looked for.
_TOPIC = 20_000


def attributions(text: str, spans: Sequence[Span] | None = None) -> list[Attribution]:
    """Attributions in a text, in order of their sentences; `spans` are the sentences, where they are known.

    >>> [text_found] = attributions("The envoy said that 3,000 crates had arrived.")
    >>> text_found.source, text_found.content
    ((0, 9), ((20, 44),))
    """
    quotes = quotations(text)
    ends = [quote.end for quote in quotes]
    speaking = labels(text)
    found: list[Attribution] = []
    for span in sentences(text) if spans is None else spans:
        for piece in _pieces(span):
            first = bisect.bisect_right(ends, piece[0])
            last = first
            while last < len(quotes) and quotes[last].start < piece[1]:
                last += 1
            if last == first and not _may_attribute(text, piece):
                continue
            for item in _in_sentence(text, piece, quotes[first:last], speaking):
                found.append(Attribution(item.source, item.cue, item.content, item.kind, item.sort, span))  # noqa: PERF401
    return with_long_quotations(text, quotes, found)


def _pieces(span: Span) -> list[Span]:
    """A sentence in pieces that are short enough to be read."""
    start, end = span
    if end - start <= _LONGEST:
        return [span]
    return [(at, min(end, at + _LONGEST)) for at in range(start, end, _LONGEST)]


_WORDS = re.compile(r"[a-z]+|[:,\d”\")—–-]")
_CUE_WORDS = frozenset({*VERBS, *PASSIVES, "according", "reckoning", ":"})
_ALWAYS = frozenset({"according", "reckoning", ":", "say", "tell"})
# After these a word is a noun or an infinitive, no cue.
_NOUN_BEFORE = frozenset("the a an his her its their of in with for by on into from".split())
_NOMINAL = NOUNS | (GIVING - {"have", "has", "had"})
_STRANDED = frozenset("to with for from".split())
# Words that attribute only in a phrase.
_PHRASED = frozenset("point points pointed pointing speak speaks spoke per".split()) | COUNTS
_PHRASES = re.compile(
    r"\b(?:(?:point(?:s|ed|ing)?\s+out|(?:speaks?|spoke)\s+of|per)\s|(?:by|in|on)\s[^,.;]{2,60}?['’\s](?:"
    + "|".join(sorted(COUNTS))
    + r")\b)",
    re.IGNORECASE,
)


def _is_no_verb(words: list[str], at: int) -> bool:
    """Whether the word before a cue shows that it is a noun or an infinitive."""
    before = words[at - 1]
    if before in _STRANDED and at > 1 and is_past(words[at - 2]):  # "brokers we have spoken to believe"
        return False
    return before in _NOUN_BEFORE or (
        before == "to" and at > 1 and words[at - 2] not in VERBS and words[at - 2] != "able"
    )


def _may_attribute(text: str, span: Span) -> bool:
    """Whether a sentence holds any word that attributes: a quick look that spares most sentences the parsing."""
    words = _WORDS.findall(text[span[0] : span[1]].lower())
    places = [at for at, word in enumerate(words) if word in _CUE_WORDS]
    if any(words[at] in _ALWAYS or not at or not _is_no_verb(words, at) for at in places):
        return True
    if not _NOMINAL.isdisjoint(words) or (not GIVING.isdisjoint(words) and not MAKERS.isdisjoint(words)):
        return True
    return not _PHRASED.isdisjoint(words) and _PHRASES.search(text, span[0], span[1]) is not None


def _in_sentence(
    text: str, span: Span, inside: list[Quotation], speaking: frozenset[str]
) -> list[Attribution]:
    start = span[0]
    plain = text[start : start + 1].isupper() and text[start + 1 : start + 2].islower()
    # Only capitals, a mark or a bracket soon after can belong to a dateline or a list.
    body = span if plain and "(" not in text[start : start + 60] else without_dateline(text, span, speaking)
    tokens = tokens_of(text, body, inside)
    if not tokens:
        return []
    found: list[Attribution] = []
    for segment in segments(tokens):
        if RELAYING.isdisjoint(map(lower_of, segment)):
            found.extend(with_nested(segment, level(segment), 0))
        else:
            found.extend(_relayed(segment))
    found = [item for item in found if not _is_topic(text, item)] or _bare_quotes(tokens)
    verbs = {item.cue for item in found}
    found.extend(
        Attribution(source, cue, content, "document", sort)
        for source, cue, content, sort in (noun_cues(tokens) if any(t.lower in NOUNS for t in tokens) else ())
        if cue not in verbs
    )
    return [one for item in found for one in (item, *_in_quotation(text, item))] if inside else found


def _in_quotation(text: str, outer: Attribution) -> list[Attribution]:
    """Those who are named inside somebody's words between quotation marks: "“Analysts say …,” Lima said"."""
    if outer.kind != "direct":
        return []
    found: list[Attribution] = []
    for start, end in outer.content:
        if _PLAINLY.search(text, start, end) is not None:
            tokens = tokens_of(text, (start + 1, end), [])
            tokens = tokens[:-1] if tokens and tokens[-1].text in _MARKS else tokens
            found.extend(
                item
                for item in nested(tokens)
                if item.source is not None and text[slice(*item.source)].lower() not in PRONOUNS
            )
    return found


def _is_topic(text: str, item: Attribution) -> bool:
    """Whether a label of one word is a topic or a place, not one who speaks elsewhere: "Lima: 40 men died"."""
    if item.source is None or item.cue is None or item.kind != "indirect" or text[item.cue[0]] != ":":
        return False
    label = text[slice(*item.source)]
    if " " in label or label.isupper() or OFFICE.search(label):
        return False
    said = rf"\b{re.escape(label)}\b[^.\n]{{0,20}}\b(?:said|says|told|added|claim(?:s|ed)|announced)\b"
    return re.search(rf"{said}|\b(?:said|to) {re.escape(label)}\b", text[:_TOPIC]) is None


def _relayed(tokens: list[Token]) -> list[Attribution]:
    """Attributions of a sentence in which somebody cites somebody else: the one who cites comes first."""
    relative = relative_relay(tokens)
    if relative is not None:
        citing, inner, content = relative
        outer = Attribution(citing.source, citing.cue, (content,), kind_of_content(tokens, (content,)))
        return [outer, replace(outer, source=inner.source, cue=inner.cue, sort=inner.sort)]
    quoter, tokens = without_quoter(tokens)
    kept, insertions = without_insertions(tokens)
    found = level(kept)
    results: list[Attribution] = []
    if quoter is not None and found:
        results.append(replace(found[0], source=quoter.source, cue=quoter.cue, sort=quoter.sort))
    inners = [insertion.inner for insertion in insertions if insertion.inner is not None]
    cited = {_citing(found, inner): inner for inner in reversed(inners)}
    for number, outer in enumerate(found):
        quoted_one = cited.get(number)
        if quoted_one is None:
            results.extend(with_nested(kept, [outer], 0))
            continue
        results.append(outer)
        relayed = replace(outer, source=quoted_one.source, cue=quoted_one.cue, sort=quoted_one.sort)
        results.extend(with_nested(kept, [relayed], 0))
    for index, token in enumerate(kept):
        quoted = quoted_as(kept, index) if token.lower in RELAYING else None
        if quoted is not None:
            return _quoted_as(kept, results, token, quoted)
    return results


def _citing(found: list[Attribution], inner: Inner) -> int | None:
    """Which attribution cites: the one with its cue nearest to the insertion."""
    cues = [(abs(item.cue[0] - inner.cue[0]), number) for number, item in enumerate(found) if item.cue]
    return min(cues)[1] if cues else None


def _quoted_as(
    tokens: list[Token],
    found: list[Attribution],
    cue: Token,
    quoted: tuple[Inner, Span | None, Span | None],
) -> list[Attribution]:
    """Add the one who is quoted "as saying" after the one who quotes."""
    inner, content, quoter = quoted
    at = (cue.start, cue.end)
    others = [item for item in found if item.cue and item.cue[0] < cue.start]
    outer = [item for item in found if item.cue == at]
    parts = (content,) if content else _before(outer, cue.start)
    if not parts:
        return found
    if content is None:
        outer = [replace(item, content=parts, kind=kind_of_content(tokens, parts)) for item in outer]
    result = Attribution(inner.source, inner.cue, parts, kind_of_content(tokens, parts), inner.sort)
    if not outer and quoter is not None:
        outer = [replace(result, source=quoter, cue=at)]
    return [*others, *outer, *with_nested(tokens, [result], 0)]


def _before(found: list[Attribution], at: int) -> tuple[Span, ...]:
    """The parts of contents that end before a position."""
    return tuple(part for item in found for part in item.content if part[1] <= at)


def _bare_quotes(tokens: list[Token]) -> list[Attribution]:
    """A sentence that is nothing but a quotation."""
    quotes = [token for token in tokens if token.text == QUOTED]
    if not quotes:
        return []
    outside = sum(
        len(token.text) for token in tokens if token.text != QUOTED and token.text not in {".", ","}
    )
    if outside > 0:
        return []
    return [Attribution(None, None, tuple((q.start, q.end) for q in quotes), "direct", "say")]
