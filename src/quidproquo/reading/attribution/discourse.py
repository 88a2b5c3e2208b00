"""Quotations that are longer than a sentence: their speaker stands at the end, after a dash, or above."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from quidproquo.reading.attribution.quotes import Quotation
from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.sentences import Span

__all__ = ["with_long_quotations"]

# The name after a quotation: “…” — Ana Lima, analyst
_SIGNED = re.compile(r"\s{0,3}(?:—|–|--|―|-[ ])[ ]?(?P<who>[A-Z][^\n“”\"—:;]{2,90}?)[.]?[ \t]*(?=\n|$)")
_HEADED = re.compile(
    r"(?:^|\n)[ \t]*(?P<who>(?:[A-Z][\w.’'-]*)(?:[ ](?:[A-Z][\w.’'-]*|of|the|for|and)){0,7}):?\s*$"
)
_PERSON = r"[A-Z][\w.’'-]*[a-z.](?:[ ](?:[A-Z][\w.’'-]*[a-z.]|al|bin|de|van|von)){1,4}"
# The name in brackets behind a quotation, or on a line of its own below or above it.
_BRACKETED = re.compile(rf"\s\((?P<who>{_PERSON.replace('[ ]', chr(92) + 's')})(?:,\s[^()]{{1,40}})?\)")
_BELOW = re.compile(
    rf"\s*\n\s*(?P<who>{_PERSON}(?:,[ ][^\n.!?“”\"]{{3,60}})?)[ \t]*(?=\n[ \t]*(?:\n|[“\"])|\n?[ \t]*$)"
)
_ABOVE = re.compile(rf"(?:^|\n)[ \t]*(?P<who>{_PERSON})[ \t]*\n\s*$")
# "…” That is how Ana Lima described it.
_DESCRIBED = re.compile(
    r"\s+(?:That|This)\s(?:is|was)\show\s(?P<who>(?:[\w.’'-]+\s){1,8}?)(?:described|describes|put|puts|"
    r"summed|remembers|"
    r"remembered|recalls|recalled|explained|explains|saw|sees)\b"
)
_FAR = 90


def with_long_quotations(
    text: str, quotes: Sequence[Quotation], found: list[Attribution]
) -> list[Attribution]:
    """Give every sentence of a quotation the speaker who is named for another part of it.

    A quotation whose paragraph ends before it closes goes on in the next one.
    """
    bare = [number for number, item in enumerate(found) if item.cue is None and item.source is None]
    if not bare:
        return found
    groups = _speeches(text, quotes)
    starts = [group[0] for group in groups]
    named: dict[int, Attribution] = {}
    for item in found:
        if item.source is not None and item.kind in {"direct", "mixed"}:
            for start, _ in item.content:
                named.setdefault(_group_of(start, starts, groups), item)
    results = list(found)
    for number in bare:
        group = _group_of(found[number].content[0][0], starts, groups)
        if group < 0:
            continue
        spoken = named.get(group)
        if spoken is not None:
            results[number] = replace(found[number], source=spoken.source, cue=spoken.cue)
            continue
        signed = _signature(text, groups[group]) or _heading(text, groups[group])
        if signed is not None:
            results[number] = replace(found[number], source=signed, cue=signed)
    return results


def _speeches(text: str, quotes: Sequence[Quotation]) -> list[Span]:
    """The spans of quotations, those joined that go on over paragraphs."""
    groups: list[Span] = []
    before: Quotation | None = None
    for quote in quotes:
        goes_on = before is not None and not before.closed and not text[before.end : quote.start].strip()
        if goes_on:
            groups[-1] = (groups[-1][0], quote.end)
        else:
            groups.append((quote.start, quote.end))
        before = quote
    return groups


def _group_of(at: int, starts: list[int], groups: list[Span]) -> int:
    group = bisect.bisect_right(starts, at) - 1
    return group if group >= 0 and at < groups[group][1] else -1


def _signature(text: str, group: Span) -> Span | None:
    """The name after a dash behind a quotation."""
    match = _SIGNED.match(text, group[1], group[1] + _FAR + 10)
    if match is not None:
        return match.span("who")
    match = _BRACKETED.match(text, group[1], group[1] + _FAR) or _BELOW.match(text, group[1], group[1] + _FAR)
    if match is not None:
        return match.span("who")
    match = _DESCRIBED.match(text, group[1], group[1] + _FAR + 10)
    return (match.start("who"), match.end("who") - 1) if match is not None else None


def _heading(text: str, group: Span) -> Span | None:
    """The name on a line of its own above a quotation."""
    start = max(0, group[0] - _FAR)
    alone = _ABOVE.search(text, start, group[0])
    if alone is not None and (alone.start() == 0 or text[alone.start()] == "\n"):
        return alone.span("who")
    match = _HEADED.search(text, start, group[0])
    if match is None or (match.start() == start > 0 and text[start - 1] != "\n"):
        return None
    who = match["who"]
    return match.span("who") if len(who.split()) > 1 and text[match.end("who")] == ":" else None
