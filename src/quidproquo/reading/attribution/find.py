"""Who says what: source, cue and content of attributed speech, thought and documents."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, replace

from quidproquo.reading.attribution.clauses import (
    QUOTED,
    TRAILING,
    Token,
    content_after,
    content_before,
    inverted,
    is_verb,
    quote_after,
    source_before,
    subject,
    tokens_of,
    trimmed,
    until_dash,
)
from quidproquo.reading.attribution.cues import DENIALS, PASSIVES, VERBS
from quidproquo.reading.attribution.quotes import Quotation, quotations
from quidproquo.reading.attribution.relays import (
    CLOSING,
    RELAYING,
    Inner,
    embedded,
    nested_cue,
    quoted_as,
    tail,
    without_insertions,
)
from quidproquo.reading.sentences import Span, sentences

__all__ = ["Attribution", "attributions"]


@dataclass(frozen=True)
class Attribution:
    """Somebody's words, or thoughts, in a text: spans of source, cue and content.

    `source` is None where nobody is named, `cue` where a quotation goes on without one. `kind` is
    "direct", "indirect", "mixed" or "document"; `sort` the class of the cue ("say", "think", "want",
    "show", "deny", "according"); `sentence` the span of the sentence that carries it.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str = "indirect"
    sort: str = "say"
    sentence: Span = (0, 0)


# A sentence longer than this is no sentence; it is read in pieces, which keeps reading linear.
_LONGEST = 5000


def attributions(text: str) -> list[Attribution]:
    """Attributions in a text, in order of their sentences.

    >>> [text_found] = attributions("The envoy said that 3,000 crates had arrived.")
    >>> text_found.source, text_found.content
    ((0, 9), ((20, 44),))
    """
    quotes = quotations(text)
    ends = [quote.end for quote in quotes]
    found: list[Attribution] = []
    for span in sentences(text):
        for start in range(span[0], span[1], _LONGEST):
            piece = (start, min(span[1], start + _LONGEST))
            first = bisect.bisect_right(ends, piece[0])
            last = first
            while last < len(quotes) and quotes[last].start < piece[1]:
                last += 1
            results = _in_sentence(text, piece, quotes[first:last])
            found.extend(results if piece == span else [replace(item, sentence=span) for item in results])
    return found


_WORDS = re.compile(r"[a-z]+|:")
_CUE_WORDS = frozenset({*VERBS, *PASSIVES, "according", ":"})
_OPENING = frozenset({*VERBS, "according", ":", QUOTED})


def _in_sentence(text: str, span: Span, inside: list[Quotation]) -> list[Attribution]:
    if not inside and _CUE_WORDS.isdisjoint(_WORDS.findall(text[span[0] : span[1]].lower())):
        return []
    tokens = tokens_of(text, span, inside)
    if not tokens:
        return []
    words = {token.lower for token in tokens}
    if _OPENING.isdisjoint(words):
        return []
    if not RELAYING.isdisjoint(words):
        return _relayed(text, tokens, span)
    found, nests = _plain(text, tokens, span, according="according" in words)
    return _with_nested(tokens, found) if nests else found


def _plain(text: str, tokens: list[Token], span: Span, *, according: bool) -> tuple[list[Attribution], bool]:
    """Attributions side by side, and whether some content may hold others."""
    document = _according(text, tokens, span) if according else None
    if document is not None:
        return [document], True
    results: list[Attribution] = []
    nests = inner = False
    for index, token in enumerate(tokens):
        sort = VERBS.get(token.lower)
        if sort is None:
            continue
        if _inside(token, results):
            nests = nests or nested_cue(tokens, index)
            inner = inner or token.lower in CLOSING
            continue
        # "citing a lack of funds" gives a reason; those who are cited have been taken out before.
        if token.lower in {"citing", "quoting"} or not is_verb(tokens, index):
            continue
        result = _around(tokens, index, sort, span)
        if result is not None and not (results and _crosses(result, results)):
            nests = nests or (result.kind != "direct" and result.content[0][0] < token.start)
            results.append(result)
    closed = _closed(tokens, results, span) if inner else None
    if closed is not None:
        return closed, True
    return results or _introduced(tokens, span) or _bare_quotes(tokens, span), nests


def _closed(tokens: list[Token], found: list[Attribution], span: Span) -> list[Attribution] | None:
    """As in "The office believes that …, a lawmaker said.": the lawmaker's words are all that stands before."""
    if found[0].kind == "direct" or found[0].sort == "according":
        return None
    closing = tail(tokens)
    if closing is None:
        return None
    inner, first = closing
    if not any(start <= inner.cue[0] < end for start, end in found[-1].content):
        return None
    content = ((tokens[0].start, tokens[first - 2].end),)
    outer = Attribution(inner.source, inner.cue, content, _kind(tokens, content), inner.sort, span)
    end = content[0][1]
    cut = [tuple((start, min(stop, end)) for start, stop in item.content if start < end) for item in found]
    return [outer, *(replace(item, content=parts) for item, parts in zip(found, cut, strict=True) if parts)]


def _with_nested(tokens: list[Token], found: list[Attribution]) -> list[Attribution]:
    """Attributions, each followed by those inside its content."""
    results: list[Attribution] = []
    cues = {item.cue for item in found}
    for outer in found:
        results.append(outer)
        if outer.kind != "direct":
            results.extend(
                Attribution(
                    inner.source, inner.cue, (own,), _kind(tokens, (own,)), inner.sort, outer.sentence
                )
                for inner, own in embedded(tokens, outer.content)
                if inner.cue not in cues
            )
    return results


def _relayed(text: str, tokens: list[Token], span: Span) -> list[Attribution]:
    """Attributions of a sentence in which somebody cites somebody else: the one who cites comes first."""
    kept, insertions = without_insertions(tokens)
    found, _ = _plain(text, kept, span, according=True)
    results: list[Attribution] = []
    inners = [insertion.inner for insertion in insertions if insertion.inner is not None]
    cited = {_citing(found, inner): inner for inner in reversed(inners)}
    for number, outer in enumerate(found):
        inner = cited.get(number)
        if inner is None:
            results.extend(_with_nested(kept, [outer]))
            continue
        results.append(outer)
        relayed = replace(outer, source=inner.source, cue=inner.cue, sort=inner.sort)
        results.extend(_with_nested(kept, [relayed]))
    for index, token in enumerate(kept):
        quoted = quoted_as(kept, index) if token.lower in RELAYING else None
        if quoted is not None:
            return _quoted_as(kept, results, token, quoted, span)
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
    span: Span,
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
        outer = [replace(item, content=parts, kind=_kind(tokens, parts)) for item in outer]
    result = Attribution(inner.source, inner.cue, parts, _kind(tokens, parts), inner.sort, span)
    if not outer and quoter is not None:
        outer = [replace(result, source=quoter, cue=at)]
    return [*others, *outer, *_with_nested(tokens, [result])]


def _before(found: list[Attribution], at: int) -> tuple[Span, ...]:
    """The parts of contents that end before a position."""
    return tuple(part for item in found for part in item.content if part[1] <= at)


def _inside(token: Token, results: list[Attribution]) -> bool:
    return any(start <= token.start < end for result in results for start, end in result.content)


def _crosses(result: Attribution, results: list[Attribution]) -> bool:
    """Whether a content overlaps that of an earlier cue."""
    return any(
        start < other_end and other_start < end
        for start, end in result.content
        for other in results
        for other_start, other_end in other.content
    )


_MOST_WORDS = 5


def _introduced(tokens: list[Token], span: Span) -> list[Attribution]:
    """As in "NAME: words" as in a transcript, and "From the minister: words"."""
    for index, token in enumerate(tokens[: _MOST_WORDS + 2]):
        if token.text != ":" or index == 0:
            continue
        content = trimmed(tokens, index + 1)
        named = all(item.text[0].isupper() or item.lower in {"the", "of", "from"} for item in tokens[:index])
        if content is None or not named:
            return []
        source = (tokens[0].start, tokens[index - 1].end)
        return [
            Attribution(source, (token.start, token.end), (content,), _kind(tokens, (content,)), "say", span)
        ]
    return []


def _according(text: str, tokens: list[Token], span: Span) -> Attribution | None:
    for index, token in enumerate(tokens[:-2]):
        if token.lower == "according" and tokens[index + 1].lower == "to":
            break
    else:
        return None
    cue = (token.start, tokens[index + 1].end)
    last = index + 2
    while last < len(tokens) and tokens[last].text not in {",", ".", ";", QUOTED, "—"}:
        last += 1
    if last == index + 2:
        return None
    source = (tokens[index + 2].start, tokens[last - 1].end)
    before = (tokens[0].start, tokens[index - 1].end) if index > 0 else None
    after = trimmed(tokens, last)
    content = tuple(part for part in (_without_comma(text, before), after) if part is not None)
    if not content:
        return None
    return Attribution(source, cue, content, "document", "according", span)


def _without_comma(text: str, span: Span | None) -> Span | None:
    if span is None:
        return None
    start, end = span
    while end > start and text[end - 1] in ", ;—–":
        end -= 1
    return (start, end) if end > start else None


def _around(tokens: list[Token], index: int, sort: str, span: Span) -> Attribution | None:
    """Source and content on both sides of a cue."""
    word = tokens[index].lower
    cue = (tokens[index].start, tokens[index].end)
    first, source = source_before(tokens, index)
    after = content_after(until_dash(tokens, first), index, sort)
    inserted = index + 2 < len(tokens) and tokens[index + 1].text == ","
    before = content_before(tokens, first, inserted=inserted)
    if source is None and word in TRAILING and after is not None:
        source = subject(tokens, index)
    elif source is None:
        turned = inverted(tokens, index)
        if turned is not None and before is not None:
            source, rest = turned
            after = quote_after(tokens, rest)
    if source is None and word not in PASSIVES and not (word in TRAILING and after is not None):
        return None
    passive = (
        index > 0
        and tokens[index - 1].lower in {"is", "are", "was", "were", "been", "be"}
        and word in PASSIVES
    )
    if passive:
        content = tuple(
            part
            for part in ((tokens[first].start, tokens[index - 2].end) if index - 2 >= first else None, after)
            if part
        )
        return (
            Attribution(None, (tokens[index - 1].start, cue[1]), content, "indirect", sort, span)
            if content
            else None
        )
    if (
        before is not None
        and after is not None
        and not _quoted(tokens, before)
        and tokens[index + 1].text != ","
    ):
        before = None
    content = tuple(part for part in (before, after) if part is not None)
    if not content:
        return None
    kind = _kind(tokens, content)
    return Attribution(source, cue, content, kind, "deny" if word in DENIALS else sort, span)


def _quoted(tokens: list[Token], part: Span) -> bool:
    return any(token.text == QUOTED and part[0] <= token.start and token.end <= part[1] for token in tokens)


def _kind(tokens: list[Token], content: tuple[Span, ...]) -> str:
    quoted = [t for t in tokens if t.text == QUOTED]
    if not quoted:
        return "indirect"
    whole = all(any(q.start <= part[0] and part[1] <= q.end for q in quoted) for part in content)
    return "direct" if whole else "mixed"


def _bare_quotes(tokens: list[Token], span: Span) -> list[Attribution]:
    """A sentence that is nothing but a quotation."""
    quotes = [token for token in tokens if token.text == QUOTED]
    if not quotes:
        return []
    outside = sum(
        len(token.text) for token in tokens if token.text != QUOTED and token.text not in {".", ","}
    )
    if outside > 0:
        return []
    return [Attribution(None, None, tuple((q.start, q.end) for q in quotes), "direct", "say", span)]
