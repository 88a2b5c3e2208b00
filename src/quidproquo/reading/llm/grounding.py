"""What the model offers against what the document says: an appearance, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from quidproquo.cases.record import Case
from quidproquo.reading.attribution.places import author_of, locator, sourced
from quidproquo.reading.attribution.polarity import standing
from quidproquo.reading.attribution.speakers import KnownSpeakers
from quidproquo.reading.llm.answers import Offer
from quidproquo.reading.llm.locate import locate
from quidproquo.reading.llm.numerals import RULED, numbers_in
from quidproquo.reading.llm.prompt import POLARITIES
from quidproquo.reading.llm.wording import Sense, comparison_of, is_negative, sense_of, surroundings
from quidproquo.reading.quantities.conversion import converted
from quidproquo.reading.record import (
    Appearance,
    Document,
    Polarity,
    Quantified,
    RefusalStatus,
    Refused,
    Snapshot,
    Speaker,
)
from quidproquo.reading.roles import role_of
from quidproquo.reading.sentences import Span, paragraphs, sentences
from quidproquo.reading.statements import bounded
from quidproquo.terms.errors import sentence
from quidproquo.terms.vocabulary import (
    NUMERIC_COMPARISONS,
    PROPOSITION_COMPARISONS,
    ROLES,
    PropositionComparison,
    word_of,
)

__all__ = ["Ground"]

# A "sentence" longer than this is none: the quote stands for itself.
_LONGEST = 1200
_SHOWN = 160


class _Refusal(Exception):  # noqa: N818 - caught where a refusal is made of it
    def __init__(self, status: RefusalStatus, field: str, found: str, allowed: str) -> None:
        super().__init__(status)
        self.status: RefusalStatus = status
        self.field, self.found, self.allowed = field, found, allowed


@dataclass(frozen=True)
class _Placed:
    """Where an offer stands: its quote, the sentence around it, and its number; what of it stays unchecked."""

    quote: Span
    sentence: Span
    number: Quantified | None
    unchecked: tuple[str, ...] = ()


class Ground:
    """One document as the ground on which offers must stand.

    In a language that the rules read, dates, hedges, polarity and comparisons are those of the rules
    at the same number or sentence, `ruled`, and an offer that understands them otherwise is refused. In others
    dates and hedges stay empty; comparison and polarity are refused where words that we know speak against
    them, and else noted as unchecked.
    """

    def __init__(
        self, document: Document, snapshot: Snapshot, case: Case, ruled: Iterable[Appearance], name: str
    ) -> None:
        self._document = document
        self._snapshot = snapshot
        self._text = snapshot.text
        self._case = case
        self._name = name
        self._known_speakers = KnownSpeakers()
        self._sentences = sentences(self._text)
        self._paragraphs = [start for start, _ in paragraphs(self._text)]
        self._ruled = document.language in RULED
        self._by_number: dict[int, Appearance] = {}
        self._by_sentence: dict[Span, list[Appearance]] = {}
        for found in ruled:
            if found.number is not None:
                self._by_number.setdefault(found.number.start, found)
            span = (found.sentence.start, found.sentence.end)
            self._by_sentence.setdefault(span, []).append(found)
        self._numbers = numbers_in(self._text, (0, len(self._text)), document.language)
        self._given: set[Appearance] = set()

    def judge(self, offer: Offer | str, passage: Span) -> Appearance | Refused:
        """An appearance that the document bears out, or why it doesn't; `passage` is what the model saw."""
        try:
            return self._checked(offer, passage)
        except _Refusal as refusal:
            reason = sentence(
                f"document '{self._document.name}'", f"the model's {refusal.field}",
                _short(refusal.found), refusal.allowed, "it isn't used",
            )  # fmt: skip
            quote = offer if isinstance(offer, str) else offer.quote
            return Refused(self._document.id, refusal.status, quote, reason)

    def _checked(self, offer: Offer | str, passage: Span) -> Appearance:
        if isinstance(offer, str):
            raise _Refusal("malformed", "entry", offer, "an object with the fields asked for")
        found = self._appearance(offer, self._place(offer, passage))
        if found in self._given:
            raise _Refusal("repeated", "quote", offer.quote, "given once for each number or proposition")
        self._given.add(found)
        return found

    # Where it stands

    def _place(self, offer: Offer, passage: Span) -> _Placed:
        quote = locate(self._text, offer.quote, passage)
        if quote is None or not any(letter.isalpha() for letter in self._text[slice(*quote)]):
            raise _Refusal(
                "no such quote", "quote", offer.quote, "words of the passage, character by character"
            )
        around = quote
        if self._ruled:
            for span in self._sentences:
                if span[1] <= quote[0] or span[0] >= quote[1]:
                    continue
                wider = (min(around[0], span[0]), max(around[1], span[1]))
                around = wider if wider[1] - wider[0] <= _LONGEST else around
        number = self._number(offer, quote)
        unchecked: tuple[str, ...] = ()
        if number is not None:
            number, unchecked = self._compared(offer, number)
        return _Placed(quote, around, number, unchecked)

    def _number(self, offer: Offer, quote: Span) -> Quantified | None:
        """The number of an offer as our own grammar reads it, in its quote and in its whole sentence alike."""
        if not offer.number:
            return None
        printed = locate(self._text, offer.number, quote)
        inside = numbers_in(self._text, quote, self._document.language)
        near = [one for one in inside if printed and one.start < printed[1] and printed[0] < one.end]
        whole = [one for one in self._numbers if printed and one.start < printed[1] and printed[0] < one.end]
        if len(near) != 1 or len(whole) != 1 or _amounts(near[0]) != _amounts(whole[0]):
            allowed = "one number that is printed in the quote and can be read from it"
            raise _Refusal("no such number", "number", offer.number, allowed)
        return whole[0]

    def _compared(self, offer: Offer, number: Quantified) -> tuple[Quantified, tuple[str, ...]]:
        """The number with its comparison, which must be that of the text; and what couldn't be checked."""
        if offer.comparison and word_of(offer.comparison, NUMERIC_COMPARISONS) is None:
            allowed = f"one of {', '.join(NUMERIC_COMPARISONS)}"
            raise _Refusal("malformed", "comparison", offer.comparison, allowed)
        span, language = (number.start, number.end), self._document.language
        word = None if self._ruled or number.value is None else comparison_of(self._text, span, language)
        read = number if word is None else replace(number, comparison=word)
        known = self._by_number.get(number.start)
        meant: set[str] = {read.comparison, known.comparison if known is not None else read.comparison}
        if number.vague:
            meant |= _VAGUE
        plain = offer.comparison in _PLAIN and not meant.isdisjoint(_PLAIN)
        if offer.comparison and offer.comparison not in meant and not plain:
            allowed = f"{read.comparison}, as the text has it"
            raise _Refusal("other comparison", "comparison", offer.comparison, allowed)
        checked = self._ruled or word is not None or number.value is None
        return read, () if checked else ("comparison",)

    # What it says

    def _appearance(self, offer: Offer, placed: _Placed) -> Appearance:
        speakers = self._speakers(offer, placed)
        base = self._base(placed, speakers)
        role = word_of(offer.role, ROLES) or base.role
        unchecked = placed.unchecked
        if [one.name for one in base.speakers] != [one.name for one in speakers]:
            unchecked = (*unchecked, "speaker")
        base = replace(base, role=role, speakers=speakers, reader=self._name, unchecked=unchecked)
        if offer.polarity and offer.polarity not in POLARITIES:
            raise _Refusal("malformed", "polarity", offer.polarity, f"one of {', '.join(POLARITIES)}")
        if placed.number is not None:
            base = self._signed(offer, base, placed, placed.number)
            return self._numeric(offer, base, placed.number)
        if offer.quantity:
            raise _Refusal("no such number", "number", offer.number, "the number of the quantity named")
        if not offer.proposition:
            return replace(base, proposition="", comparison="")
        if offer.proposition not in self._case.propositions:
            raise _Refusal(
                "unknown proposition", "proposition", offer.proposition, "the id of one of the case's"
            )
        comparison = word_of(offer.comparison, PROPOSITION_COMPARISONS)
        if comparison is None:
            allowed = " or ".join(PROPOSITION_COMPARISONS)
            raise _Refusal("malformed", "comparison", offer.comparison, allowed)
        checked = self._stated(offer, comparison, placed)
        unchecked = (*base.unchecked, "proposition", *(() if checked else ("polarity",)))
        # The comparison holds the sense; the sentence's own cues would deny it once more.
        return replace(
            base,
            proposition=offer.proposition,
            comparison=comparison,
            polarity="asserted",
            unchecked=unchecked,
        )

    # In which sense it says so

    def _signed(self, offer: Offer, base: Appearance, placed: _Placed, number: Quantified) -> Appearance:
        """The appearance with the polarity of the figure, which must be the one offered."""
        span = (number.start, number.end)
        sense: Sense | None
        if self._ruled:
            if number.start not in self._by_number:
                stood = standing(self._text, placed.sentence, span, ())
                modality = stood.modality or base.modality
                base = replace(base, polarity=stood.polarity, modality=modality)
            sense = _sense(base)
        else:
            around = surroundings(self._text, placed.quote)
            sense = sense_of(self._text, around, placed.quote, self._document.language)
        offered = offer.polarity or "asserted"
        # Outside English a negation may belong to something else: what it leaves open is no reason to believe it.
        if sense is not None and offered != sense and not (not self._ruled and offered != "asserted"):
            raise _Refusal("other polarity", "polarity", offered, f"{sense}, as the text has it")
        if self._ruled:
            return base
        polarity: Polarity = "denied" if offered == "denied" else "asserted"
        return replace(
            base, polarity=polarity, modality="unknown" if offered == "open" else base.modality,
            unchecked=(*base.unchecked, "polarity"),
        )  # fmt: skip

    def _stated(self, offer: Offer, comparison: PropositionComparison, placed: _Placed) -> bool:
        """Whether the text bears out that the proposition is stated so; False where that can't be told.

        A denial in the text is none where the proposition itself is put in the negative: that can't be told.
        """
        true = comparison == "proposition_true"
        around = placed.sentence if self._ruled else surroundings(self._text, placed.quote)
        sense = sense_of(self._text, around, placed.quote, self._document.language)
        if offer.polarity == "open" or (offer.polarity and (offer.polarity == "denied") == true):
            raise _Refusal("other polarity", "polarity", offer.polarity, f"that of {comparison}")
        if sense == "open":
            raise _Refusal("other polarity", "comparison", comparison, "none, as the text leaves it open")
        read = {seen.comparison for seen in self._same_proposition(offer, placed)}
        if sense is None:
            return False
        if read and comparison not in read and (true or sense != "denied"):
            allowed = f"{next(iter(read))}, as the rules read it"
            raise _Refusal("other polarity", "comparison", comparison, allowed)
        if comparison in read and (sense != "denied" or not true):
            return True
        stated = self._case.propositions[offer.proposition].sentence
        if sense_of(stated, (0, len(stated)), (0, len(stated)), "en") == "denied":
            return False
        contrary = self._ruled and is_negative(self._text[slice(*placed.sentence)])
        if true and sense == "denied":
            raise _Refusal("other polarity", "comparison", comparison, "that of a sentence which denies it")
        if not true and sense == "asserted" and not contrary:
            raise _Refusal("other polarity", "comparison", comparison, "that of a sentence which asserts it")
        return self._ruled and true and not contrary

    def _same_proposition(self, offer: Offer, placed: _Placed) -> list[Appearance]:
        found = self._by_sentence.get(placed.sentence, ())
        return [seen for seen in found if seen.proposition == offer.proposition]

    def _numeric(self, offer: Offer, base: Appearance, number: Quantified) -> Appearance:
        plain = replace(
            base, quantity="", proposition="", qualifier="", stage="", number=number,
            comparison=number.comparison, near=number.near, unit=number.unit,
            value=number.value, low=number.low, high=number.high,
        )  # fmt: skip
        if not offer.quantity:
            return plain
        quantity = self._case.quantities.get(offer.quantity)
        if quantity is None:
            raise _Refusal("unknown quantity", "quantity", offer.quantity, "the id of one of the case's")
        if base.quantity == quantity.id:
            return base
        plain = replace(plain, unchecked=(*plain.unchecked, "quantity"))
        values = converted(number, quantity.unit)
        if values is None:
            shown = f"{number.surface} for {quantity.id}"
            raise _Refusal("other unit", "number", shown, f"in a unit that turns into {quantity.unit}")
        filled = replace(
            plain,
            quantity=quantity.id,
            unit=quantity.unit,
            value=values.value,
            low=values.low,
            high=values.high,
        )
        return bounded(filled, self._text)

    def _base(self, placed: _Placed, speakers: tuple[Speaker, ...]) -> Appearance:
        """What the rules read at the number or in the sentence; without them, place and time of writing alone."""
        number = placed.number
        known = self._by_number.get(number.start) if number is not None else None
        if known is None and number is None:
            known = next(iter(self._by_sentence.get(placed.sentence, ())), None)
            if known is not None:
                known = replace(
                    known, quantity="", proposition="", qualifier="", stage="", number=None, unit="",
                    value=None, low=None, high=None, near=False, comparison="",
                )  # fmt: skip
        where = locator(self._snapshot, self._paragraphs, placed.sentence)
        if known is not None:
            return replace(known, sentence=where)
        words = self._text[slice(*placed.sentence)]
        return Appearance(
            document=self._document.id, kind=self._document.kind, sentence=where, speakers=speakers,
            role=role_of(words, numeric=number is not None), published=self._document.published,
        )  # fmt: skip

    def _speakers(self, offer: Offer, placed: _Placed) -> tuple[Speaker, ...]:
        """The chain of speakers: the author first, then those who are named in the document."""
        author = author_of(self._document, self._case)
        own = {
            name.casefold() for name in (author.name, self._document.author, self._document.publisher) if name
        }
        cue = locate(self._text, offer.cue, placed.sentence, cased=False) if offer.cue else None
        printed_cue = self._text[slice(*cue)] if cue else ""
        named: dict[str, Speaker] = {}
        for name in offer.speakers:
            if name.casefold() in own:
                continue
            where = locate(self._text, name, (0, len(self._text)), cased=False)
            speaker = (
                self._known_speakers.speaker(" ".join(self._text[slice(*where)].split()), printed_cue)
                if where
                else None
            )
            if speaker is None or not any(letter.isalpha() for letter in speaker.name):
                allowed = "a name that stands in the document, its author or its publisher"
                raise _Refusal("no such speaker", "speaker", name, allowed)
            named.setdefault(speaker.name, sourced(speaker, self._case))
        if not named:
            return (author,)
        *relays, last = named.values()
        return (replace(author, role="relay"), *(replace(one, role="relay") for one in relays), last)


# Plain numbers, whatever word a reader has for them; and what a vague word may be ("dozens").
_PLAIN = frozenset({"eq", "about"})
_VAGUE = frozenset({"eq", "about", "at_least", "more_than", "between"})


def _sense(seen: Appearance) -> Sense:
    """How a figure stands by the rules: asserted, denied, or left open."""
    if seen.polarity == "denied":
        return "denied"
    return "asserted" if seen.polarity == "asserted" and seen.modality != "unknown" else "open"


def _amounts(number: Quantified) -> tuple[float | None, float | None, float | None]:
    return number.value, number.low, number.high


def _short(found: str) -> str:
    return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
