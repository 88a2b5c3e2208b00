"""Sentence by sentence: who states what, of when, how surely, and what it is about."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from typing import Protocol, TypeVar, runtime_checkable

from quidproquo.cases.record import Case
from quidproquo.reading.attribution.chains import Chains, Place
from quidproquo.reading.attribution.find import attributions
from quidproquo.reading.attribution.hedges import Hedge, hedges, judged, reach
from quidproquo.reading.attribution.implicit_speakers import AS_OF, ELSEWHERE, OF_TIME, SINCE, negated
from quidproquo.reading.attribution.nesting import around
from quidproquo.reading.attribution.places import locator
from quidproquo.reading.attribution.polarity import Standing, standing
from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.dates.find import Dated, dates
from quidproquo.reading.lexicon import Fit, Lexicon, SentenceContext
from quidproquo.reading.quantities.find import quantities
from quidproquo.reading.quantities.special import countable
from quidproquo.reading.quantities.vague import PLURAL_SCALES, read_vague
from quidproquo.reading.record import Appearance, Document, Polarity, Quantified, Snapshot, Speaker
from quidproquo.reading.roles import role_of
from quidproquo.reading.sentences import Span, paragraphs, sentences
from quidproquo.reading.wrapping import unwrapped
from quidproquo.terms.edtf import Interval, parse

__all__ = ["NAME", "Statements", "bounded"]

NAME = "rules 1"

_LEAST_WORDS = 4


class Statements:
    """One document under reading."""

    def __init__(self, document: Document, snapshot: Snapshot, case: Case, lexicon: Lexicon) -> None:
        self._document = document
        # Read in lines that don't wrap; the same length, so that spans are those of the snapshot.
        flow = unwrapped(snapshot.text)
        self._text = flow.text if not flow.kept else snapshot.text
        self._snapshot = snapshot
        self._case = case
        self._lexicon = lexicon
        self._chains = Chains(document, snapshot, case)
        self._sentences = sentences(self._text)
        self._paragraphs = [start for start, _ in paragraphs(self._text)]
        self._title_items = frozenset(
            hit.item for hit in lexicon.hits(document.title, (0, len(document.title)))
        )
        self._dates = dates(self._text, document.published)
        self._quantities = countable(quantities(self._text))
        self._hedges = hedges(self._text)
        self._attributed: dict[Span, list[Attribution]] = {}
        for attribution in attributions(self._text, self._sentences):
            self._attributed.setdefault(attribution.sentence, []).append(attribution)

    def appearances(self) -> Iterator[Appearance]:
        """Appearances in the order of the text."""
        before: list[frozenset[str]] = []
        for span in self._sentences:
            hits = self._lexicon.hits(self._text, span)
            around = frozenset().union(self._title_items, *before[-2:])
            context = SentenceContext(self._text, span, hits, around)
            before.append(context.items)
            yield from self._sentence(span, context)

    def _sentence(self, span: Span, context: SentenceContext) -> Iterator[Appearance]:
        inner = self._nested(span)
        numbers = [n for n in _within(self._quantities, span) if not any(s <= n.start < e for s, e in inner)]
        numbers = [n for n in numbers if n.kind != "time"]
        place = Place(
            span, span[0], context, tuple(_within(self._hedges, span)), tuple(_within(self._dates, span)),
            tuple(self._attributed.get(span, ())),
        )  # fmt: skip
        self._chains.note(place)
        if not numbers and not self._is_statement(span, place):
            return
        place = replace(place, context=replace(context, numbers=tuple(numbers)))
        found = [self._number(number, replace(place, at=number.start)) for number in numbers]
        found.extend(self._proposition(fit, place) for fit in self._lexicon.propositions(context))
        if not any(item.quantity or item.proposition for item in found) and not numbers:
            found.append(self._plain(place))
        yield from found

    def _nested(self, span: Span) -> list[Span]:
        """Sentences inside a broken one."""
        first = bisect.bisect_right(self._sentences, span)
        inner: list[Span] = []
        while first < len(self._sentences) and self._sentences[first][1] <= span[1]:
            inner.append(self._sentences[first])
            first += 1
        return inner

    def _is_statement(self, span: Span, place: Place) -> bool:
        """Whether a stretch is a sentence, not a heading, a byline or a page's debris."""
        body = self._text[span[0] : span[1]]
        if len(body.split()) < _LEAST_WORDS:
            return bool(place.context.hits) and body.rstrip()[-1:] in '.!?”"'
        return body.rstrip("\"'”’ )]")[-1:] in ".!?…" or any(a.cue for a in place.attributions)

    # Appearances

    def _number(self, number: Quantified, place: Place) -> Appearance:
        fit = self._lexicon.quantity(place.context, number)
        base = self._base(place, number=number)
        event, since = self._time(place, base.speakers, number)
        base = replace(
            base, number=number, comparison=number.comparison, near=number.near, event=event, since=since
        )
        if fit is None:
            return replace(base, value=number.value, low=number.low, high=number.high, unit=number.unit)
        quantity = self._case.quantities[fit.entry.target]
        filled = replace(
            base,
            quantity=quantity.id,
            unit=quantity.unit,
            value=fit.value,
            low=fit.low,
            high=fit.high,
            qualifier=fit.entry.qualifier,
            stage=fit.entry.stage,
            role=fit.entry.role or base.role,
        )
        return bounded(filled, self._text)

    def _proposition(self, fit: Fit, place: Place) -> Appearance:
        place = replace(place, at=self._position(fit, place))
        base = self._base(place)
        polarity = fit.entry.polarity
        if base.polarity == "denied":
            polarity = "proposition_false" if polarity == "proposition_true" else "proposition_true"
        event, since = self._time(place, base.speakers, None)
        return replace(
            base, proposition=fit.entry.target, comparison=polarity, stage=fit.entry.stage,
            qualifier=fit.entry.qualifier, role=fit.entry.role or base.role, event=event, since=since,
        )  # fmt: skip

    def _position(self, fit: Fit, place: Place) -> int:
        """Where in its sentence a proposition stands: at its last word inside a content, else its first word."""
        groups = (*fit.entry.all_of, *fit.entry.near)
        starts = [hit.start for hit in place.context.hits if any(hit.item in group for group in groups)]
        if not starts:
            return place.span[0]
        inside = [at for at in starts if self._chains.covering(replace(place, at=at)) is not None]
        outside = [at for at in starts if at not in inside]
        return inside[-1] if inside and len(inside) >= len(outside) else starts[0]

    def _plain(self, place: Place) -> Appearance:
        covering = place.attributions[0] if place.attributions else None
        at = covering.content[0][0] if covering is not None and covering.content else place.span[0]
        place = replace(place, at=at)
        base = self._base(place)
        event, since = self._time(place, base.speakers, None)
        return replace(base, event=event, since=since)

    def _base(self, place: Place, *, number: Quantified | None = None) -> Appearance:
        """An appearance without quantity or proposition: speakers, hedges, role and place."""
        speakers, attribution = self._chains.chain(place, figure=number is not None)
        outer = [item for _, item in around(place.attributions, place.at)] if attribution else []
        cues = list(place.hedges)
        if number is not None:
            stood = standing(self._text, place.span, (number.start, number.end), outer)
            cues = self._hedges_of(place, number, plain=stood == Standing())
        modality, likelihood, polarity = judged(cues)
        if number is None:
            stood = self._denied(polarity, outer)
        stretch = place.context.clause(place.at) if number is not None else place.span
        clause = self._text[stretch[0] : stretch[1]]
        role = role_of(clause, numeric=number is not None, cue_sort=attribution.sort if attribution else "")
        return Appearance(
            document=self._document.id,
            kind=self._document.kind,
            sentence=locator(self._snapshot, self._paragraphs, place.span),
            speakers=speakers,
            role=role,
            published=self._chains.said_last(speakers) or self._document.published,
            hedge="; ".join(dict.fromkeys(hedge.surface for hedge in cues)),
            modality=stood.modality or modality,
            polarity=stood.polarity,
            likelihood=likelihood,
            reader=NAME,
        )

    def _denied(self, polarity: Polarity, outer: list[Attribution]) -> Standing:
        """How a sentence without a figure stands: a denial on any level denies what stands inside."""
        if any(item.sort == "deny" and not negated(self._text, item) for item in outer):
            return Standing("denied")
        return Standing("asserted" if polarity == "denied" else polarity)

    def _hedges_of(self, place: Place, number: Quantified, *, plain: bool) -> list[Hedge]:
        """The hedges that bear on a figure: those of its clause, without what belongs to another figure.

        Of a `plain` figure, one that nothing denies or leaves open, conditions and doubts don't speak.
        """
        first, last = reach(self._text, place.span, place.at)
        others = [item for item in _within(self._quantities, place.span) if item is not number]
        return [
            hedge
            for hedge in place.hedges
            if first <= hedge.start < last
            and not (plain and hedge.family in {"condition", "unknown", "denial"})
            and not (
                hedge.family == "approximation"
                and any(item.start <= hedge.start < item.end for item in others)
            )
        ]

    def _time(
        self, place: Place, speakers: tuple[Speaker, ...], number: Quantified | None
    ) -> tuple[Interval | None, Interval | None]:
        """The dates that a statement speaks about: event, and since where it is cumulative."""
        clause = place.context.clause(place.at)
        reached = self._dates_of(place, number)
        near = [item for item in reached if clause[0] <= item.start < clause[1]]
        covering = self._chains.covering(place)
        if covering is not None:
            dated = self._headed(covering[1], place)
            if dated is not None:
                return dated
            parts = covering[1].content
            near = [item for item in near if any(start <= item.start < end for start, end in parts)]
            listed = near or [
                item for item in reached if any(start <= item.start < end for start, end in parts)
            ]
        else:
            listed = near or reached
        said = self._chains.said_last(speakers)
        now = said or self._document.published
        for item in listed:
            if item.interval is not None and item.relation == "since" and self._is_as_of(item, place):
                return item.interval, None
            if item.interval is not None and (item.relation == "since" or self._follows_since(item, place)):
                return now, item.interval
            if item.relation == "between" and item.interval is not None:
                start, end = _ends(item.interval)
                return end, start
        for item in listed:
            if item.interval is not None and item.relation not in {"before", "after"}:
                return item.interval, None
        event, since = now, self._since(place)
        if number is not None and said is None and len(speakers) > 1:
            event = self._undated()
        return event, since

    def _dates_of(self, place: Place, number: Quantified | None) -> list[Dated]:
        """The dates that may bear on a statement: those of its clause, without what tells of another thing."""
        found = [item for item in place.dates if item.interval is not None]
        if number is None:
            return found
        first, last = reach(self._text, place.span, place.at)
        return [
            item
            for item in found
            if (first <= item.start < last or self._is_cell(item, place))
            and not ELSEWHERE.match(self._text, number.end, max(number.end, item.start))
        ]

    def _is_cell(self, item: Dated, place: Place) -> bool:
        """Whether a date is a cell of a table's row: "March 2024; 40 crates shipped."."""
        start, end = place.span
        opens = item.start == start or self._text[item.start - 2 : item.start] == "; "
        return (
            opens and self._text[item.end : min(end, item.end + 1)] in {";", "."} and item.relation == "point"
        )

    def _is_as_of(self, item: Dated, place: Place) -> bool:
        """Whether a date tells how things stand on it: "as of May 2024"."""
        return AS_OF.search(self._text, max(place.span[0], item.start - 12), item.start) is not None

    def _headed(self, attribution: Attribution, place: Place) -> tuple[Interval, Interval | None] | None:
        """The dates in "said on Monday, of the time from March to May: …": event, and since."""
        if attribution.cue is None:
            return None
        last = min(start for start, _ in attribution.content)
        header = OF_TIME.search(self._text, attribution.cue[1], max(last, attribution.cue[1]))
        if header is None:
            return None
        for item in place.dates:
            if header.end() - 2 <= item.start < last and item.interval is not None:
                if item.relation == "between":
                    start, end = _ends(item.interval)
                    return end, start
                return item.interval, None
        return None

    def _follows_since(self, item: Dated, place: Place) -> bool:
        """Whether a date closes a phrase with "since": "since its launch in early 2022"."""
        before = self._text[max(place.span[0], item.start - 70) : item.start]
        return re.search(r"\bsince\b[^,.;]*$", before) is not None

    def _since(self, place: Place) -> Interval | None:
        """As in "since its launch": the date of an event that the case names."""
        found = SINCE.search(self._text, place.span[0], place.span[1])
        if found is None:
            return None
        words = found[1].lower()
        for entry in self._case.lexicon:
            if entry.kind == "date" and any(head.lower() in words for head in entry.heads):
                return parse(entry.target)
        return None

    def _undated(self) -> Interval | None:
        """When an undated statement of somebody else was made: after the last date named, by publication."""
        published = self._document.published
        if published is None or published.days == 1:
            return published
        named = [
            item.interval.end
            for item in self._dates
            if item.interval is not None and item.interval.end < published.start
        ]
        if not named:
            return published
        return Interval(max(named) + timedelta(days=1), published.end)


def _ends(interval: Interval) -> tuple[Interval, Interval]:
    first, _, last = interval.edtf.partition("/")
    return parse(first), parse(last or first)


@runtime_checkable
class _Spanned(Protocol):
    @property
    def start(self) -> int:
        """Where it begins."""


_T = TypeVar("_T", bound=_Spanned)


_START = attrgetter("start")


def _within(items: list[_T], span: Span) -> list[_T]:
    """The items that begin in a span; `items` are sorted by their start."""
    first = bisect.bisect_left(items, span[0], key=_START)
    last = bisect.bisect_left(items, span[1], lo=first, key=_START)
    return items[first:last]


def bounded(found: Appearance, text: str) -> Appearance:
    """A vague plural of a scale word as a bound: "dozens" are more than 24, "hundreds" more than 200."""
    number = found.number
    if number is None or not number.vague or found.low is None:
        return found
    words = text[number.start : number.end].lower().split()
    plural = next((word for word in words if word in PLURAL_SCALES), "")
    if not plural or (number.low, number.high) != read_vague([plural]):
        return found
    return replace(found, comparison="more_than", value=2.0 * found.low, low=None, high=None)
