"""Sentence by sentence: who states what, of when, how surely, and what it is about."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from operator import attrgetter
from typing import Protocol, TypeVar, runtime_checkable

from quidproquo.cases.record import Case
from quidproquo.reading.attribution.find import Attribution, attributions
from quidproquo.reading.attribution.hedges import Hedge, hedges, judged
from quidproquo.reading.attribution.implicit_speakers import (
    LATER_SUBJECT,
    OF_TIME,
    OPINION,
    PASSIVE,
    PLEDGE,
    REPORTEDLY,
    SINCE,
    STUDIES,
    SUBJECT,
    negated,
    speaks,
)
from quidproquo.reading.attribution.nesting import around, is_nested, scope
from quidproquo.reading.attribution.places import author_of, locator, sourced
from quidproquo.reading.attribution.speakers import KnownSpeakers
from quidproquo.reading.dates.find import Dated, dates
from quidproquo.reading.lexicon import Fit, Lexicon, SentenceContext
from quidproquo.reading.quantities.find import quantities
from quidproquo.reading.quantities.special import countable
from quidproquo.reading.quantities.vague import PLURAL_SCALES, read_vague
from quidproquo.reading.record import Appearance, Document, Quantified, Snapshot, Speaker, replace
from quidproquo.reading.roles import role_of
from quidproquo.reading.sentences import Span, paragraphs, sentences
from quidproquo.reading.wrapping import unwrapped
from quidproquo.terms.edtf import Interval, parse

__all__ = ["NAME", "Statements", "bounded"]

NAME = "rules 1"

_LEAST_WORDS = 4


@dataclass
class _Said:
    """What is known of a speaker so far: when the speaker last spoke."""

    when: dict[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """A position in a sentence, with all that is read around it."""

    span: Span
    at: int
    context: SentenceContext
    hedges: tuple[Hedge, ...]
    dates: tuple[Dated, ...]
    attributions: tuple[Attribution, ...]


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
        self._known = KnownSpeakers()
        self._said = _Said()
        self._sentences = sentences(self._text)
        self._paragraphs = [start for start, _ in paragraphs(self._text)]
        self._title_items = frozenset(
            hit.item for hit in lexicon.hits(document.title, (0, len(document.title)))
        )
        self._dates = dates(self._text, document.published)
        self._quantities = countable(quantities(self._text))
        self._hedges = hedges(self._text)
        self._attributed: dict[Span, list[Attribution]] = {}
        for attribution in attributions(self._text):
            self._attributed.setdefault(attribution.sentence, []).append(attribution)
        self._speakers: dict[int, tuple[Speaker, ...]] = {}

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
        place = _Place(
            span, span[0], context, tuple(_within(self._hedges, span)), tuple(_within(self._dates, span)),
            tuple(self._attributed.get(span, ())),
        )  # fmt: skip
        if not numbers and not self._is_statement(span, place):
            return
        self._note(place)
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

    def _is_statement(self, span: Span, place: _Place) -> bool:
        """Whether a stretch is a sentence, not a heading, a byline or a page's debris."""
        body = self._text[span[0] : span[1]]
        if len(body.split()) < _LEAST_WORDS:
            return bool(place.context.hits) and body.rstrip()[-1:] in '.!?”"'
        return body.rstrip("\"'”’ )]")[-1:] in ".!?…" or any(a.cue for a in place.attributions)

    # Speakers

    def _note(self, place: _Place) -> None:
        """Learn who speaks in this sentence, and on which day."""
        self._speakers = {}
        for number, attribution in enumerate(place.attributions):
            cue = self._text[attribution.cue[0] : attribution.cue[1]] if attribution.cue else ""
            if attribution.source is None:
                self._speakers[number] = (
                    (self._known.last,) if attribution.kind == "direct" and self._known.last else ()
                )
                continue
            phrase = self._text[attribution.source[0] : attribution.source[1]]
            if not speaks(self._text, attribution, cue):
                self._speakers[number] = ()
                continue
            speaker = self._known.speaker(self._antecedent(phrase, place), cue)
            if speaker is None:
                self._speakers[number] = ()
                continue
            speaker = self._sourced(speaker)
            if not is_nested(attribution, place.attributions):
                self._known.last = speaker
            self._speakers[number] = (speaker,)
            said = self._said_on(attribution, place)
            if said is not None:
                self._said.when[speaker.name] = said

    def _antecedent(self, phrase: str, place: _Place) -> str:
        """The phrase itself, or for "they" inside a sentence its subject ("media outlets …, what they said")."""
        if phrase.lower() not in {"they", "it"}:
            return phrase
        opening = SUBJECT.match(self._text, place.span[0], place.span[1])
        return opening[1] if opening is not None and len(opening[1].split()) > 1 else phrase

    def _said_on(self, attribution: Attribution, place: _Place) -> Interval | None:
        """The date of speaking: a date outside the content, in the sentence of the cue."""
        first, last = scope(attribution, place.attributions, place.span)
        for item in place.dates:
            inside = any(start <= item.start < end for start, end in attribution.content)
            if (
                not inside
                and first <= item.start < last
                and item.interval is not None
                and item.relation in {"point", "during"}
                and item.interval.days <= 31
            ):
                return item.interval
        return None

    def _said_last(self, speakers: tuple[Speaker, ...]) -> Interval | None:
        """When the innermost speaker whose day of speaking is known spoke."""
        days = (self._said.when.get(speaker.name) for speaker in reversed(speakers))
        return next((day for day in days if day is not None), None)

    def _sourced(self, speaker: Speaker) -> Speaker:
        return sourced(speaker, self._case)

    def _chain(self, place: _Place) -> tuple[tuple[Speaker, ...], Attribution | None]:
        """The speakers of what stands at a position, outermost relay first."""
        author = author_of(self._document, self._case)
        inner, attribution = self._inner(place)
        if inner is None:
            return (author,), None
        relays = [replace(speaker, role="relay") for speaker in self._relays(place, inner, attribution)]
        return (replace(author, role="relay"), *relays, inner), attribution

    def _relays(self, place: _Place, inner: Speaker, attribution: Attribution | None) -> list[Speaker]:
        """Those who stand between the author and the innermost speaker, outermost first, each once."""
        if attribution is None:
            return []
        found: dict[str, Speaker] = {}
        for number, outer in around(place.attributions, place.at):
            if outer is attribution:
                break
            found.update((speaker.name, speaker) for speaker in self._speakers.get(number, ()))
        found.pop(inner.name, None)
        return list(found.values())

    def _inner(self, place: _Place) -> tuple[Speaker | None, Attribution | None]:
        clause = place.context.clause(place.at)
        words = self._text[clause[0] : clause[1]]
        opinion = OPINION.search(self._text, place.at, place.span[1])
        if not self._spoken(place) and opinion is not None and opinion.start() - place.at < 24:
            return self._sourced(
                Speaker(f"{self._public(opinion[1], place)} (poll)", anonymity="collective", cue="poll")
            ), None
        studies = STUDIES.search(self._text, place.span[0], place.at) if place.at > place.span[0] else None
        if studies is not None:
            name = "unnamed " + re.sub(r"^(?:some|many|several) ", "", studies[1].lower())
            return self._sourced(Speaker(name, anonymity="collective", cue=studies[0].split()[-1])), None
        pledge = PLEDGE.search(self._text, clause[0], place.at) if place.at > clause[0] else None
        if pledge is not None:
            subject = LATER_SUBJECT.search(self._text, place.at, place.span[1])
            if subject is not None:
                return self._sourced(
                    Speaker(subject[1].strip(), anonymity="office", cue=pledge[0].split()[-1])
                ), None
        covering = self._covering(place)
        if covering is not None:
            number, attribution = covering
            speakers = self._speakers.get(number, ())
            if speakers:
                return speakers[-1], attribution
            if attribution.source is None and attribution.kind != "direct":
                return self._sourced(
                    Speaker("unnamed observers", anonymity="none", cue=self._cue(attribution))
                ), attribution
            return None, attribution
        if REPORTEDLY.search(words):
            return self._sourced(Speaker("unnamed reports", anonymity="none", cue="reportedly")), None
        passive = PASSIVE.search(words)
        if passive is not None:
            return self._sourced(Speaker("unnamed observers", anonymity="none", cue=passive[0])), None
        return None, None

    def _spoken(self, place: _Place) -> bool:
        """Whether somebody's words cover a position."""
        covering = self._covering(place)
        return covering is not None and bool(self._speakers.get(covering[0]))

    def _public(self, printed: str, place: _Place) -> str:
        """Whose public was asked: the actor named last before the share, where the phrase names none."""
        if any(word[0].isupper() for word in printed.split()):
            return printed
        before = self._text[place.span[0] : place.at]
        found = [
            (before.rfind(name), name)
            for actor in self._case.actors.values()
            for name in (actor.name,)
            if name in before
        ]
        return f"{max(found)[1]} {printed}" if found else printed

    def _cue(self, attribution: Attribution) -> str:
        return self._text[attribution.cue[0] : attribution.cue[1]] if attribution.cue else ""

    def _covering(self, place: _Place) -> tuple[int, Attribution] | None:
        """The innermost attribution around a position: of those with a speaker, if there are any."""
        covering = around(place.attributions, place.at)
        spoken = [item for item in covering if self._speakers.get(item[0])]
        return (spoken or covering)[-1] if covering else None

    # Appearances

    def _number(self, number: Quantified, place: _Place) -> Appearance:
        fit = self._lexicon.quantity(place.context, number)
        base = self._base(place, numeric=True)
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

    def _proposition(self, fit: Fit, place: _Place) -> Appearance:
        place = replace(place, at=self._position(fit, place))
        base = self._base(place, numeric=False)
        polarity = fit.entry.polarity
        if base.polarity == "denied":
            polarity = "proposition_false" if polarity == "proposition_true" else "proposition_true"
        event, since = self._time(place, base.speakers, None)
        return replace(
            base, proposition=fit.entry.target, comparison=polarity, stage=fit.entry.stage,
            qualifier=fit.entry.qualifier, role=fit.entry.role or base.role, event=event, since=since,
        )  # fmt: skip

    def _position(self, fit: Fit, place: _Place) -> int:
        """Where in its sentence a proposition stands: at its last word inside a content, else its first word."""
        groups = (*fit.entry.all_of, *fit.entry.near)
        starts = [hit.start for hit in place.context.hits if any(hit.item in group for group in groups)]
        if not starts:
            return place.span[0]
        inside = [at for at in starts if self._covering(replace(place, at=at)) is not None]
        outside = [at for at in starts if at not in inside]
        return inside[-1] if inside and len(inside) >= len(outside) else starts[0]

    def _plain(self, place: _Place) -> Appearance:
        covering = place.attributions[0] if place.attributions else None
        at = covering.content[0][0] if covering is not None and covering.content else place.span[0]
        place = replace(place, at=at)
        base = self._base(place, numeric=False)
        event, since = self._time(place, base.speakers, None)
        return replace(base, event=event, since=since)

    def _base(self, place: _Place, *, numeric: bool) -> Appearance:
        """An appearance without quantity or proposition: speakers, hedges, role and place."""
        speakers, attribution = self._chain(place)
        modality, likelihood, polarity = judged(list(place.hedges))
        # A denial on any level denies what stands inside: "the mayor denied that the office said …".
        outer = [item for _, item in around(place.attributions, place.at)] if attribution else []
        denied = any(item.sort == "deny" and not negated(self._text, item) for item in outer)
        stretch = place.context.clause(place.at) if numeric else place.span
        clause = self._text[stretch[0] : stretch[1]]
        role = role_of(clause, numeric=numeric, cue_sort=attribution.sort if attribution else "")
        return Appearance(
            document=self._document.id,
            kind=self._document.kind,
            sentence=locator(self._snapshot, self._paragraphs, place.span),
            speakers=speakers,
            role=role,
            published=self._said_last(speakers) or self._document.published,
            hedge="; ".join(dict.fromkeys(hedge.surface for hedge in place.hedges)),
            modality=modality,
            polarity="denied" if denied else ("asserted" if polarity == "denied" else polarity),
            likelihood=likelihood,
            reader=NAME,
        )

    def _time(
        self, place: _Place, speakers: tuple[Speaker, ...], number: Quantified | None
    ) -> tuple[Interval | None, Interval | None]:
        """The dates that a statement speaks about: event, and since where it is cumulative."""
        clause = place.context.clause(place.at)
        near = [
            item for item in place.dates if clause[0] <= item.start < clause[1] and item.interval is not None
        ]
        covering = self._covering(place)
        if covering is not None:
            dated = self._headed(covering[1], place)
            if dated is not None:
                return dated
            parts = covering[1].content
            near = [item for item in near if any(start <= item.start < end for start, end in parts)]
            listed = near or [
                item
                for item in place.dates
                if item.interval is not None and any(start <= item.start < end for start, end in parts)
            ]
        else:
            listed = near or [item for item in place.dates if item.interval is not None]
        said = self._said_last(speakers)
        now = said or self._document.published
        for item in listed:
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

    def _headed(self, attribution: Attribution, place: _Place) -> tuple[Interval, Interval | None] | None:
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

    def _follows_since(self, item: Dated, place: _Place) -> bool:
        """Whether a date closes a phrase with "since": "since its launch in early 2022"."""
        before = self._text[max(place.span[0], item.start - 70) : item.start]
        return re.search(r"\bsince\b[^,.;]*$", before) is not None

    def _since(self, place: _Place) -> Interval | None:
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
