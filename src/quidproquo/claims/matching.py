"""Whether what was read somewhere is a claim that is already on file."""

from __future__ import annotations

from dataclasses import dataclass, field

from quidproquo.cases.record import Case
from quidproquo.claims.origins import ORIGIN_AS_STATED
from quidproquo.claims.pages import Pages, same_sentence
from quidproquo.claims.record import Claim
from quidproquo.claims.tables import SAME_NUMBER
from quidproquo.reading.record import Appearance, Speaker
from quidproquo.terms.edtf import Interval
from quidproquo.terms.vocabulary import NUMERIC_COMPARISONS, PROPOSITION_COMPARISONS, Comparison, unit_range

__all__ = [
    "DIRECTION",
    "READ_AS",
    "UNCHECKED",
    "Matcher",
    "is_well_formed",
    "numbers_of",
    "originator",
    "read_as",
    "same_number",
]

READ_AS = "read_as"
"""Column of a claim that was read by machine before it was judged: how it was read (see `read_as`)."""

UNCHECKED = "unchecked"
"""Column of a claim that a model read: what rests on its word alone, such as "comparison, polarity"."""

# Comparisons with one direction speak of the same bound, or the same point.
DIRECTION = {
    "eq": "point",
    "about": "point",
    "at_least": "floor",
    "more_than": "floor",
    "at_most": "ceiling",
    "less_than": "ceiling",
    "between": "range",
    "proposition_true": "so",
    "proposition_false": "not so",
}
_SHORTEST_NAME = 3
_PRINTED_LATER = 7  # days from saying to print


def same_number(a: float, b: float) -> bool:
    """Whether two figures are the same but for rounding."""
    return abs(a - b) <= SAME_NUMBER * max(abs(a), abs(b))


def numbers_of(seen: Appearance) -> tuple[Comparison, float | None, float | None, float | None]:
    """Comparison, value, low and high of an appearance, as a claim states them.

    A vague number has ends only: a floor keeps the lower one, a ceiling the upper one, and
    anything else is a range.
    """
    if seen.comparison == "between":
        return "between", None, seen.low, seen.high
    if seen.comparison and (seen.value is not None or seen.proposition):
        return seen.comparison, seen.value, None, None
    direction = DIRECTION.get(seen.comparison, "")
    if seen.comparison and direction in ("floor", "ceiling"):
        return seen.comparison, seen.low if direction == "floor" else seen.high, None, None
    return "between", None, seen.low, seen.high


def read_as(seen: Appearance) -> str:
    """How a reader understood a place, such as "crates_sent about 1500": what a correction of it replaces."""
    comparison, *numbers = numbers_of(seen)
    figures = [f"{number:.12g}" for number in numbers if number is not None]
    parts = (seen.proposition or seen.quantity, seen.qualifier, comparison, *figures)
    return " ".join(part for part in parts if part)


def is_well_formed(seen: Appearance, case: Case) -> bool:
    """Whether an appearance is classified, and could stand as a row of a claim table."""
    if seen.since is not None and seen.event is not None and seen.since.start > seen.event.end:
        return False
    if seen.proposition:
        return seen.proposition in case.propositions and seen.comparison in PROPOSITION_COMPARISONS
    if seen.polarity != "asserted" or seen.modality == "unknown":
        # Nobody vouches for the figure: it is denied, unconfirmed or supposed.
        return False
    quantity = case.quantities.get(seen.quantity)
    if quantity is None or quantity.kind == "event" or seen.comparison not in NUMERIC_COMPARISONS:
        return False
    comparison, value, low, high = numbers_of(seen)
    if comparison == "between":
        if low is None or high is None or low > high:
            return False
    elif value is None:
        return False
    limits = unit_range(quantity.unit, quantity.scale)
    inside = all(limits.holds(number) for number in (value, low, high) if number is not None)
    return inside and seen.unit == quantity.unit


def originator(seen: Appearance) -> Speaker | None:
    """The innermost speaker of an appearance: whom the others rely on."""
    return seen.speakers[-1] if seen.speakers else None


@dataclass(frozen=True)
class Matcher:
    """Finds the claim on file that an appearance repeats."""

    case: Case
    pages: Pages = field(default_factory=Pages)

    def best(self, seen: Appearance, claims: list[Claim]) -> Claim | None:
        """The claim that fits best, or None; ties are broken by id.

        What is read by machine in a sentence that a reviewer has coded is that claim if it has its number,
        whatever quantity it was read as; so is what it was read as before the reviewer corrected or rejected it.
        """
        copied = [claim for claim in self.pages.of_sentence(seen) if _is_copy(seen, claim)]
        if copied:
            return min(copied, key=lambda claim: (seen.quantity != claim.quantity, claim.id))
        ranked = [
            (rank, claim.id, claim) for claim in claims if (rank := self._rank(seen, claim)) is not None
        ]
        return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None

    def _rank(self, seen: Appearance, claim: Claim) -> tuple[int, ...] | None:
        if claim.derived or not _same_subject(seen, claim):
            return None
        if _stands_on(seen, claim):
            return (0,)
        page = claim in self.pages.of_page(seen)
        who, when = self._speaker(seen, claim, page=page), _dates(seen, claim, page=page)
        # a reader may overlook a qualifier, but doesn't invent one
        if who is None or when is None or seen.qualifier not in ("", claim.qualifier):
            return None
        differences = (
            not (page or _same_report(seen, claim)),
            seen.qualifier != claim.qualifier,
            numbers_of(seen)[0] != claim.comparison,
            seen.near != claim.near,
            seen.role != claim.role,
        )
        return (1, who, when, *map(int, differences))

    def _speaker(self, seen: Appearance, claim: Claim, *, page: bool) -> int | None:
        """0: the same source; 1: the one who carries the report; 2: nobody can tell; None: another.

        Who is unknown to the case and speaks on the `page` where the claim was read is the one there.
        """
        speaker = originator(seen)
        if speaker is None:
            return 2
        found = self.case.source_of(speaker.name)
        known = [self.case.source_of(name) for name in (claim.origin, claim.speaker)]
        if found is not None and found in known:
            return 0
        names = (claim.speaker, claim.origin, claim.extra.get(ORIGIN_AS_STATED, ""))
        if found is None and any(_share_a_name(speaker.name, name) for name in names):
            return 0
        if (page or _same_report(seen, claim)) and self._carries(speaker, claim):
            return 1
        if found is None and page:
            return 1
        if found is None and (speaker.anonymity != "named" or not _capitalised(speaker.name)):
            return 2
        return 2 if found is not None and not any(known) else None

    def _carries(self, speaker: Speaker, claim: Claim) -> bool:
        found = self.case.source_of(speaker.name)
        return (found is not None and found == self.case.source_of(claim.reporting_source)) or _share_a_name(
            speaker.name, claim.reporting_source
        )


def _same_subject(seen: Appearance, claim: Claim) -> bool:
    if seen.proposition or claim.proposition:
        return seen.proposition == claim.proposition and seen.comparison == claim.comparison
    if seen.quantity != claim.quantity:
        return False
    comparison, value, low, high = numbers_of(seen)
    if seen.number is not None and seen.number.vague and _same_vague_word(seen, claim):
        return True
    if DIRECTION[comparison] != DIRECTION[claim.comparison]:
        return False
    if seen.near != claim.near and comparison != claim.comparison:
        return False
    pairs = ((value, claim.value), (low, claim.low), (high, claim.high))
    return all(
        (a is None and b is None) or (a is not None and b is not None and same_number(a, b)) for a, b in pairs
    )


def _same_vague_word(seen: Appearance, claim: Claim) -> bool:
    """Whether both rest on one vague word ("dozens") that the claim reads with a number of its own."""
    ends = [end for end in (seen.low, seen.high, seen.value) if end is not None]
    stated = [end for end in (claim.low, claim.high, claim.value) if end is not None]
    if not ends or not stated or min(ends) > max(stated) or min(stated) > max(ends):
        return False
    surface = seen.number.surface.casefold() if seen.number else ""
    words = [word.strip().casefold() for word in claim.hedge.split(";") if word.strip()]
    return any(word in surface or (surface and surface in word) for word in words)


def _stands_on(seen: Appearance, claim: Claim) -> bool:
    """Whether the appearance lies in a sentence where the claim is on file."""
    return any(same_sentence(seen.sentence, place.sentence) for place in claim.appearances)


def _has_the_number(seen: Appearance, claim: Claim) -> bool:
    """Whether both state one number, or assert or deny one proposition."""
    if seen.proposition or claim.proposition:
        return (seen.proposition, seen.comparison) == (claim.proposition, claim.comparison)
    ends = [end for end in (seen.value, seen.low, seen.high) if end is not None]
    stated = [end for end in (claim.value, claim.low, claim.high) if end is not None]
    return len(ends) > 0 and all(any(same_number(end, other) for other in stated) for end in ends)


def _is_copy(seen: Appearance, claim: Claim) -> bool:
    if claim.extra.get(READ_AS) == read_as(seen):
        return True
    return claim.state == "accepted" and _has_the_number(seen, claim)


def _same_report(seen: Appearance, claim: Claim) -> bool:
    return (
        seen.published is not None
        and claim.published is not None
        and seen.published.overlaps(claim.published)
    )


def _dates(seen: Appearance, claim: Claim, *, page: bool) -> int | None:
    """0: both speak about the same time; 1: one doesn't say; None: the dates rule it out.

    On one `page` it makes no difference when a copy of it is dated.
    """
    if not page and _too_early(seen.published, claim.published):
        return None
    if seen.event is None or claim.event is None:
        return 1
    if seen.event.overlaps(claim.event):
        return 0
    # an event date equal to the date of the report is a default, not something that the text states
    undated = seen.published is not None and (seen.event.start, seen.event.end) == (
        seen.published.start,
        seen.published.end,
    )
    return 1 if undated and (page or _same_report(seen, claim)) else None


def _too_early(seen: Interval | None, claim: Interval | None) -> bool:
    # a reader dates a report by when it was said, a table often by when it was printed
    return seen is not None and claim is not None and (claim.start - seen.end).days > _PRINTED_LATER


def _capitalised(name: str) -> set[str]:
    words = name.replace("'s", " ").replace("\u2019s", " ").split()
    stripped = [word.strip(".,;:()'\"\u201c\u201d") for word in words]
    return {word for word in stripped if len(word) >= _SHORTEST_NAME and word[:1].isupper()} - {"The"}


def _share_a_name(a: str, b: str) -> bool:
    return bool(_capitalised(a) & _capitalised(b))
