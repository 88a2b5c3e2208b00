"""Who speaks at a position of a document: the chain of speakers, sentence by sentence."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field, replace

from quidproquo.cases.record import Case
from quidproquo.reading.attribution.hedges import Hedge
from quidproquo.reading.attribution.implicit_speakers import (
    DOER,
    ISSUED,
    LATER_SUBJECT,
    OPINION,
    PASSIVE,
    PLEDGE,
    REPORTEDLY,
    STUDIES,
    SUBJECT,
    speaks,
)
from quidproquo.reading.attribution.names import people_in
from quidproquo.reading.attribution.nesting import around, is_nested, scope
from quidproquo.reading.attribution.places import author_of, sourced
from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.attribution.speakers import OWN_PRONOUNS, KnownSpeakers
from quidproquo.reading.attribution.voices import Voice, newsroom_in, speakers_in_title, voices
from quidproquo.reading.dates.find import Dated
from quidproquo.reading.lexicon import SentenceContext
from quidproquo.reading.record import Document, Snapshot, Speaker
from quidproquo.reading.sentences import Span
from quidproquo.terms.edtf import Interval

__all__ = ["Chains", "Place"]


_WRAP = re.compile(r"(?<!\n)\n(?!\n)")


@dataclass(frozen=True)
class Place:
    """A position in a sentence, with all that is read around it."""

    span: Span
    at: int
    context: SentenceContext
    hedges: tuple[Hedge, ...]
    dates: tuple[Dated, ...]
    attributions: tuple[Attribution, ...]


@dataclass
class Chains:
    """The speakers of one document; `note` reads its sentences in order."""

    document: Document
    snapshot: Snapshot
    case: Case
    _known: KnownSpeakers = field(default_factory=KnownSpeakers)
    _speakers: dict[int, tuple[Speaker, ...]] = field(default_factory=dict)
    _said: dict[str, Interval] = field(default_factory=dict)
    _voices: list[Voice] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the voices of the document: whose statement it is, whose turn."""
        # A line break inside a paragraph is a blank.
        self._text = _WRAP.sub(" ", self.snapshot.text)
        names = [name for actor in self.case.actors.values() for name in (actor.name, *actor.aliases)]
        people = {word for name in names for person in people_in(name) for word in person.lower().split()}
        self._known.places = frozenset(word.lower() for name in names for word in name.split()) - people
        self._voices = voices(self.snapshot.text, self.document.title)
        author = author_of(self.document, self.case).name
        newsroom = self.document.publisher or newsroom_in(self._text)
        self._known.newsroom = newsroom if newsroom != author else ""
        for name in speakers_in_title(self.snapshot.text, self.document.title):
            self._known.speaker(name)

    def note(self, place: Place) -> None:
        """Learn who speaks in this sentence, and on which day."""
        self._known.voice = self._voice(place.span[0])
        self._speakers = {}
        noted = place.span[0]
        ordered = sorted(enumerate(place.attributions), key=lambda item: item[1].source or (place.span[1], 0))
        spoken: list[Speaker] = []
        for number, attribution in ordered:
            source = attribution.source
            if source is not None and place.span[0] < source[0] < place.span[1]:
                self._known.mention(self._text[noted : source[0]])
                noted = max(noted, source[0])
            speaker = self._outer_self(attribution, place)
            if speaker is None and spoken and source is not None and spoken[-1].anonymity != "named":
                again = (
                    self._text[slice(*source)].lower() == "they"
                )  # "a source said …, but they added that …"
                speaker = replace(spoken[-1], cue=self._cue(attribution)) if again else None
            speaker = speaker or self._speaker(attribution, place)
            self._speakers[number] = (speaker,) if speaker is not None else ()
            if speaker is None or source is None:
                continue
            if not is_nested(attribution, place.attributions):
                self._known.said(speaker)
                spoken.append(speaker)
            said = self._said_on(attribution, place)
            if said is not None:
                self._said[speaker.name] = said
        self._known.mention(self._text[noted : place.span[1]])
        for speaker in spoken[-1:]:
            self._known.said(speaker)

    def _outer_self(self, attribution: Attribution, place: Place) -> Speaker | None:
        """The one who speaks around a pronoun: in "the reporter said he saw that …" the reporter himself."""
        if attribution.source is None or attribution.cue is None:
            return None
        kinds = OWN_PRONOUNS.get(self._text[slice(*attribution.source)].lower())
        if kinds is None or not speaks(self._text, attribution, self._cue(attribution)):
            return None
        for number, outer in reversed(around(place.attributions, attribution.cue[0])):
            speakers = self._speakers.get(number, ())
            if outer is not attribution and speakers and self._known.kind(speakers[-1]) in kinds:
                return replace(speakers[-1], cue=self._cue(attribution))
        return None

    def _speaker(self, attribution: Attribution, place: Place) -> Speaker | None:
        """Who speaks by an attribution, None where nobody is known."""
        if attribution.source is None:
            return self._known.last if attribution.kind == "direct" else None
        cue = self._cue(attribution)
        if not speaks(self._text, attribution, cue):
            return None
        phrase = self._text[attribution.source[0] : attribution.source[1]]
        if attribution.sort == "according" and ISSUED.fullmatch(phrase) is not None:
            issuer = self._issuer(attribution)
            if issuer:
                self._known.issued(issuer)
                phrase = issuer
        speaker = self._known.speaker(self._antecedent(phrase, place), cue)
        return sourced(speaker, self.case) if speaker is not None else None

    def _issuer(self, attribution: Attribution) -> str:
        """Whose statement it is where nobody is named for it: he who did what the sentence tells."""
        doer = DOER.match(self._text, attribution.content[0][0], attribution.content[0][1])
        return doer["who"] if doer is not None else ""

    def _voice(self, at: int) -> str:
        number = bisect.bisect_right(self._voices, at, key=lambda voice: voice.start) - 1
        return self._voices[number].who if number >= 0 else ""

    def _antecedent(self, phrase: str, place: Place) -> str:
        """The phrase itself, or for "they" inside a sentence its subject ("media outlets …, what they said")."""
        if phrase.lower() not in {"they", "it"}:
            return phrase
        opening = SUBJECT.match(self._text, place.span[0], place.span[1])
        words = opening[1].split() if opening is not None else []
        return " ".join(words) if len(words) > 1 and words[-1].lower() != phrase.lower() else phrase

    def _said_on(self, attribution: Attribution, place: Place) -> Interval | None:
        """The date of speaking: a date outside the content, in the sentence of the cue."""
        first, last = scope(attribution, place.attributions, place.span)
        if attribution.cue is not None and not first <= attribution.cue[0] < last:
            return None
        turn = self._turn(attribution, place)
        for item in place.dates:
            inside = any(start <= item.start < end for start, end in attribution.content)
            if (
                not inside
                and first <= item.start < last
                and turn[0] <= item.start < turn[1]
                and item.interval is not None
                and item.relation in {"point", "during"}
                and item.interval.days <= 31
            ):
                return item.interval
        return None

    def _turn(self, attribution: Attribution, place: Place) -> Span:
        """The part of a sentence that an attribution shares with none that stand beside it."""
        start, end = place.span
        own = [attribution.source or place.span, *attribution.content]
        low, high = min(part[0] for part in own), max(part[1] for part in own)
        for other in place.attributions:
            if other is attribution or other.source is None or other.content == attribution.content:
                continue
            first = min(part[0] for part in (other.source, *other.content))
            last = max(part[1] for part in (other.source, *other.content))
            if last <= low:
                start = max(start, last)
            elif first >= high:
                end = min(end, first)
        return start, end

    def said_last(self, speakers: tuple[Speaker, ...]) -> Interval | None:
        """When the innermost speaker whose day of speaking is known spoke."""
        days = (self._said.get(speaker.name) for speaker in reversed(speakers))
        return next((day for day in days if day is not None), None)

    def chain(self, place: Place, *, figure: bool) -> tuple[tuple[Speaker, ...], Attribution | None]:
        """The speakers of what stands at a position, outermost relay first.

        A `figure` that nobody is named for ("reportedly", "are believed to") is the author's; another statement
        of that kind is that of unnamed observers.
        """
        author = author_of(self.document, self.case)
        inner, attribution = self._inner(place)
        if figure and inner is not None and inner.anonymity == "none":
            inner, attribution = self._speaking(), None
        if inner is None:
            return (author,), None
        relays = [replace(speaker, role="relay") for speaker in self._relays(place, inner, attribution)]
        return (replace(author, role="relay"), *relays, inner), attribution

    def _relays(self, place: Place, inner: Speaker, attribution: Attribution | None) -> list[Speaker]:
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

    def _inner(self, place: Place) -> tuple[Speaker | None, Attribution | None]:
        implied = self._implied(place)
        if implied is not None:
            return sourced(implied, self.case), None
        covering = self.covering(place)
        if covering is not None:
            number, attribution = covering
            speakers = self._speakers.get(number, ())
            if speakers:
                return speakers[-1], attribution
            if attribution.source is None and attribution.kind != "direct":
                nobody = Speaker("unnamed observers", anonymity="none", cue=self._cue(attribution))
                return sourced(nobody, self.case), attribution
            return self._speaking(), attribution
        clause = place.context.clause(place.at)
        words = self._text[clause[0] : clause[1]]
        passive = PASSIVE.search(words)
        if REPORTEDLY.search(words):
            nobody = Speaker("unnamed reports", anonymity="none", cue="reportedly")
        elif passive is not None:
            nobody = Speaker("unnamed observers", anonymity="none", cue=passive[0])
        else:
            return self._speaking(), None
        return sourced(nobody, self.case), None

    def _speaking(self) -> Speaker | None:
        """The one whose statement or turn this is."""
        return self._known.speaker(self._known.voice) if self._known.voice else None

    def _implied(self, place: Place) -> Speaker | None:
        """A poll, "with studies saying", "despite its pledge": speakers that no attribution names."""
        opinion = OPINION.search(self._text, place.at, place.span[1])
        if opinion is not None and opinion.start() - place.at < 24 and not self._spoken(place):
            return Speaker(f"{self._public(opinion[1], place)} (poll)", anonymity="collective", cue="poll")
        studies = STUDIES.search(self._text, place.span[0], place.at) if place.at > place.span[0] else None
        if studies is not None:
            name = "unnamed " + re.sub(r"^(?:some|many|several) ", "", studies[1].lower())
            return Speaker(name, anonymity="collective", cue=studies[0].split()[-1])
        clause = place.context.clause(place.at)
        pledge = PLEDGE.search(self._text, clause[0], place.at) if place.at > clause[0] else None
        subject = LATER_SUBJECT.search(self._text, place.at, place.span[1]) if pledge is not None else None
        if pledge is None or subject is None:
            return None
        return Speaker(subject[1].strip(), anonymity="office", cue=pledge[0].split()[-1])

    def _spoken(self, place: Place) -> bool:
        """Whether somebody's words cover a position."""
        covering = self.covering(place)
        return covering is not None and bool(self._speakers.get(covering[0]))

    def _public(self, printed: str, place: Place) -> str:
        """Whose public was asked: the actor named last before the share, where the phrase names none."""
        if any(word[0].isupper() for word in printed.split()):
            return printed
        before = self._text[place.span[0] : place.at]
        found = [
            (before.rfind(name), name)
            for actor in self.case.actors.values()
            for name in (actor.name,)
            if name in before
        ]
        return f"{max(found)[1]} {printed}" if found else printed

    def _cue(self, attribution: Attribution) -> str:
        return self._text[attribution.cue[0] : attribution.cue[1]] if attribution.cue else ""

    def covering(self, place: Place) -> tuple[int, Attribution] | None:
        """The innermost attribution around a position: of those with a speaker, if there are any."""
        covering = around(place.attributions, place.at)
        spoken = [item for item in covering if self._speakers.get(item[0])]
        return (spoken or covering)[-1] if covering else None
