"""Claims that bring no second witness: they repeat a figure, or rest on what another says, with the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from quidproquo.claims.arithmetic import same_but_for_rounding
from quidproquo.claims.comparing import (
    comparable_qualifiers,
    days_between,
    ends_of,
    same_figure,
    significant_digits,
    thing_counted,
)
from quidproquo.claims.opposing import said_on
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.subjects import Subjects
from quidproquo.claims.wording import says

__all__ = ["repeating"]

_NEIGHBOURS = 12  # earlier claims among which each looks for what it repeats
_AGAIN = 90  # days in which a source that prints its own figure again has nothing new
_SIDE_AGAIN = 45  # the same for another office of its side
_CITED = 62  # days in which an outsider's figure is taken from whoever published it first
_COPIED_WORDS = 5  # telling words that two reports must share, and the part of all theirs, to be copies
_COPIED = 0.8
_HEARD = 14  # days from a briefing to what was said after it
_TELLING = 2  # digits from which a source doesn't say the same number of another thing by chance
_LOOSER = 0.1  # "over 70%" is 73% in looser words
_SHARED = 3  # words that a summary shares with what it sums up
_NAMELESS = re.compile(r"\b(?:unnamed|unidentified|unspecified|anonymous|some)\b", re.IGNORECASE)
_COLLECTIVE = re.compile(r"\b(?:collective|experts|analysts|observers|commentators)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:reported|reportedly|according to|as stated by|cited|citing|quoted|quoting)\b", re.IGNORECASE
)

Found = Iterator[tuple[Link, str]]
Pairs = Collection[frozenset[str]]


def repeating(claims: Sequence[Claim], subjects: Subjects, derived: Collection[str], linked: Pairs) -> Found:
    """Links from claims to what they pass on.

    `derived` claims are worked out and repeat nothing. Nobody passes on what he is `linked` to in another
    way, as by a contradiction.
    """
    spoken = [c for c in claims if c.published is not None and c.role != "recommendation"]
    numbers = [c for c in spoken if not c.proposition and c.event and c.id not in derived]
    yield from _figures(numbers, subjects)
    yield from _looser(numbers)
    yield from _sentences(spoken, subjects)
    yield from _nameless(spoken, subjects, linked)
    yield from _summaries(spoken, subjects)
    yield from _after_a_briefing(spoken, subjects)
    yield from _same_occasion(spoken, subjects)


def _relays(a: Claim, b: Claim, reason: str) -> tuple[Link, str]:
    return Link(a.id, "relays", b.id), reason


def _blocks(claims: Sequence[Claim], key: Callable[[Claim], object]) -> list[list[Claim]]:
    blocks: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=said_on):
        if (subject := key(claim)) is not None:
            blocks[subject].append(claim)
    return [block for block in blocks.values() if len(block) > 1]


def _earlier(block: Sequence[Claim], place: int) -> list[Claim]:
    """The first claims of a block and the last before a place: what it may repeat."""
    return [*block[: min(place, _NEIGHBOURS)], *block[max(place - _NEIGHBOURS, _NEIGHBOURS) : place]]


def _another_report(a: Claim, b: Claim) -> bool:
    return (a.speaker, a.reporting_source, a.published) != (b.speaker, b.reporting_source, b.published)


def _one_report(a: Claim, b: Claim) -> bool:
    return bool(a.reporting_source) and (a.reporting_source, a.published) == (b.reporting_source, b.published)


# ---------------------------------------------------------------- figures


def _figures(numbers: Sequence[Claim], subjects: Subjects) -> Found:
    def printed(claim: Claim) -> object:
        value = claim.value if claim.value is not None else claim.low
        return subjects.group(claim), thing_counted(claim.unit), f"{value:.3g}" if value is not None else ""

    answered: set[str] = set()
    for block in (*_blocks(numbers, printed), *_blocks(numbers, lambda claim: claim.quantity)):
        for place, claim in enumerate(block):
            if claim.id in answered:
                continue
            best: tuple[int, Claim, str] | None = None
            for other in _earlier(block, place):
                found = _repeated(claim, other, subjects)
                if found is not None and (best is None or found[0] < best[0]):
                    best = found[0], other, found[1]
            if best is not None:
                answered.add(claim.id)
                yield _relays(claim, best[1], best[2])


def _repeated(a: Claim, b: Claim, subjects: Subjects) -> tuple[int, str] | None:
    """Why a claim repeats the figure of an earlier one, with a rank (0 is the best reason); else None."""
    if not _another_report(a, b):
        return None
    if a.quantity != b.quantity:
        return _same_number_elsewhere(a, b)
    if a.speaker != b.speaker and _restates(a, b):
        if subjects.names(a, b):
            return 0, f"{a.speaker} names {b.origin}, who says {says(b)}."
        if _worded_alike(a, b, subjects):
            return 0, f"{a.speaker} says it in the words of {b.speaker}."
    if not same_figure(a, b) or not comparable_qualifiers(a, b, subjects.case):
        return None
    days = days_between(a.event, b.event)
    running = subjects.case.quantities[a.quantity].kind != "count"
    if a.origin == b.origin and (days == 0.0 or (running and days <= _AGAIN)):
        return 0, f"{a.origin} is behind both: {says(b)}, reported once more."
    if subjects.side(a) == subjects.side(b) and (days == 0.0 or (running and days <= _SIDE_AGAIN)):
        return 1, f"{a.origin} gives the figure of {b.origin}, of the same side: {says(b)}."
    cites = subjects.outsider(a) and not subjects.outsider(b)
    if (cites or _hears(a, b)) and days <= _CITED and a.role == b.role and said_on(a)[0] > said_on(b)[0]:
        return 2, f"{b.origin} published {says(b)} before {a.origin}, who has no count of its own."
    return None


def _hears(a: Claim, b: Claim) -> bool:
    """Whether a claim says that it passes on what was reported, and not by its own speaker."""
    return _REPORTED.search(f"{a.hedge} {a.paraphrase}") is not None and a.speaker != b.speaker


def _same_number_elsewhere(a: Claim, b: Claim) -> tuple[int, str] | None:
    """Why a number is that of another quantity; as a rule, one number of two things is chance."""
    if not same_figure(a, b):
        return None
    telling = significant_digits(a.value or 0.0) >= _TELLING
    if a.origin == b.origin and a.unit != b.unit and telling and days_between(a.event, b.event) <= _AGAIN:
        return 2, f"{a.origin} says {says(b)} and, with the same number, {says(a)}."
    if _hears(a, b) and a.unit == b.unit and _one_report(a, b):
        return 1, f"{a.speaker} takes as reported what {b.speaker} says in the same report: {says(b)}."
    return None


def _restates(a: Claim, b: Claim) -> bool:
    """Whether a figure is another one, in as many digits or rounded to fewer."""
    if same_figure(a, b):
        return True
    if not a.value or not b.value or a.comparison in ("at_most", "less_than"):
        return False
    return significant_digits(a.value) < significant_digits(b.value) and same_but_for_rounding(
        b.value, a.value
    )


def _worded_alike(a: Claim, b: Claim, subjects: Subjects) -> bool:
    """Whether two reports are told in the same words, so that one was copied from the other."""
    first, second = (subjects.words_in(claim.paraphrase) for claim in (a, b))
    return len(first & second) >= _COPIED_WORDS and len(first & second) >= _COPIED * len(first | second)


def _looser(numbers: Sequence[Claim]) -> Found:
    """As in "over 70%" after "73%" of the same source and date: one figure in looser words."""
    for block in _blocks(numbers, lambda claim: (claim.origin, claim.quantity, claim.qualifier)):
        for place, claim in enumerate(block):
            for other in block[max(place - _NEIGHBOURS, 0) : place]:
                if days_between(claim.event, other.event) == 0.0 and _loosens(claim, other):
                    yield _relays(
                        claim,
                        other,
                        f"{claim.origin} is behind both: {says(claim)} is {says(other)}, loosely.",
                    )
                    break


def _loosens(a: Claim, b: Claim) -> bool:
    if a.value is None or b.value is None or a.value == b.value or said_on(a)[0] == said_on(b)[0]:
        return False
    (low, high), (other_low, other_high) = ends_of(a), ends_of(b)
    within = low <= other_low and other_high <= high
    return within and abs(a.value - b.value) <= _LOOSER * max(abs(a.value), abs(b.value))


# ---------------------------------------------------------------- sentences and hearsay


def _sentences(spoken: Sequence[Claim], subjects: Subjects) -> Found:
    """The same assertion of the same date: again by its origin, or by an outsider after one who takes part."""
    stated = [c for c in spoken if c.proposition and c.event]
    for block in _blocks(stated, lambda claim: (claim.proposition, claim.comparison)):
        for place, claim in enumerate(block):
            for other in _earlier(block, place):
                if days_between(claim.event, other.event) > 0.0 or not _another_report(claim, other):
                    continue
                cites = (
                    subjects.outsider(claim) and not subjects.outsider(other) and claim.role == "observation"
                )
                if claim.origin == other.origin:
                    yield _relays(claim, other, f"{claim.origin} is behind both, reported once more.")
                    break
                if subjects.names(claim, other) or _worded_alike(claim, other, subjects):
                    yield _relays(
                        claim, other, f"{claim.speaker} names {other.origin} or says it in the same words."
                    )
                    break
                if cites and claim.role == other.role and said_on(claim)[0] > said_on(other)[0]:
                    yield _relays(
                        claim, other, f"{claim.origin} restates what {other.origin} had made known."
                    )
                    break


def _nameless(spoken: Sequence[Claim], subjects: Subjects, linked: Pairs) -> Found:
    """As in "it is said that": the last who said so under a name, on the same topic, else on the same question."""
    topics = _blocks([c for c in spoken if c.proposition], lambda claim: claim.quantity)
    questions = _blocks(
        [c for c in spoken if subjects.about(c).startswith("hypothesis:")],
        subjects.about,
    )
    answered: set[str] = set()
    for blocks, needed in ((topics, 1), (questions, 2)):
        for block in blocks:
            for place, claim in enumerate(block):
                if claim.id in answered or not _NAMELESS.search(claim.speaker):
                    continue
                others = [
                    o
                    for o in block[max(place - _NEIGHBOURS, 0) : place]
                    if not _NAMELESS.search(o.speaker)
                    and not _one_report(claim, o)
                    and o.comparison == claim.comparison
                    and frozenset((o.id, claim.id)) not in linked
                    and len(subjects.words_of(o) & subjects.words_of(claim)) >= needed
                ]
                if others:
                    answered.add(claim.id)
                    reason = f"{claim.speaker}: {others[-1].speaker} had said so last, under a name."
                    yield _relays(claim, others[-1], reason)


def _summaries(spoken: Sequence[Claim], subjects: Subjects) -> Found:
    """What experts say together, in a report that quotes them one by one: the one who says it most alike."""
    for block in _blocks([c for c in spoken if c.proposition], lambda c: (c.reporting_source, c.published)):
        if not block[0].reporting_source:
            continue
        for place, claim in enumerate(block):
            if not _COLLECTIVE.search(claim.speaker):
                continue
            near = block[max(place - 2 * _NEIGHBOURS, 0) : place + 2 * _NEIGHBOURS]
            words = subjects.words_of(claim)
            others = [
                o
                for o in near
                if o.speaker != claim.speaker
                and not _COLLECTIVE.search(o.speaker)
                and o.role == claim.role
                and subjects.asserts(o) == subjects.asserts(claim)
                and len(words & subjects.words_of(o)) >= _SHARED
            ]
            if others:
                other = max(
                    others,
                    key=lambda o: (o.quantity == claim.quantity, len(words & subjects.words_of(o)), o.id),
                )
                yield _relays(
                    claim, other, f"{claim.speaker} sums up what {other.speaker} says in the same report."
                )


def _after_a_briefing(spoken: Sequence[Claim], subjects: Subjects) -> Found:
    """Who has it from somebody, as the register of sources says: the last that these had said of the same."""
    for block in _blocks([c for c in spoken if c.event and c.role == "observation"], subjects.group):
        for place, claim in enumerate(block):
            behind = subjects.leans_on(claim)
            near = block[max(place - 2 * _NEIGHBOURS, 0) : place] if behind else ()
            others = [
                o
                for o in near
                if subjects.side(o) in behind
                and days_between(o.event, claim.event) <= _HEARD
                and o.event
                and claim.event
                and o.event.end <= claim.event.end
            ]
            if others:
                other = max(others, key=lambda o: (o.event.end.toordinal() if o.event else 0, o.id))
                yield _relays(claim, other, f"The register has {claim.origin} speak after {other.origin}.")


# ---------------------------------------------------------------- outsiders on what was announced


def _same_occasion(spoken: Sequence[Claim], subjects: Subjects) -> Found:
    """An outsider on the day or the period of which somebody who takes part had spoken."""
    seen = [c for c in spoken if c.event and c.role == "observation"]
    known: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(seen, key=said_on):
        keys = _occasions(claim, subjects)
        if subjects.outsider(claim):
            others = [
                o for key in keys for o in known[key][-_NEIGHBOURS:] if _speaks_of(claim, o, key[0], subjects)
            ]
            if others:
                other = max(others, key=lambda o: (len(_alike(claim, o, subjects)), said_on(o)))
                yield _relays(claim, other, f"{claim.origin} speaks of what {other.origin} had made known.")
            continue
        for key in keys:
            known[key].append(claim)


def _occasions(claim: Claim, subjects: Subjects) -> list[tuple[str, object, object]]:
    """The day, or the start of a period, that a claim speaks of: in its group, its part of the model, or alone."""
    keys: list[tuple[str, object, object]] = []
    if claim.event and claim.event.days == 1 and claim.since is None:
        keys.append(("day", subjects.group(claim), claim.event))
    if claim.since and subjects.mechanism(claim):
        keys.append(("part of the model", subjects.mechanism(claim), claim.since))
    if claim.since and (not subjects.outsider(claim) or subjects.second_hand(claim)):
        keys.append(("start", "", claim.since))
    return keys


def _alike(claim: Claim, other: Claim, subjects: Subjects) -> frozenset[str]:
    """Words with which a claim speaks of what the other one says, beside those of its own subject."""
    observable = (
        subjects.case.quantities[other.quantity].observes.get("", "") if not other.proposition else ""
    )
    words = subjects.words_of(other) | subjects.words_in(
        f"{subjects.meaning(other)} {observable.replace('.', ' ')}"
    )
    return (subjects.words_in(claim.paraphrase) & words) - subjects.words_in(subjects.meaning(claim))


def _speaks_of(claim: Claim, other: Claim, occasion: str, subjects: Subjects) -> bool:
    if claim.speaker == other.speaker or (claim.unit == other.unit != "" and not same_figure(claim, other)):
        return False
    if occasion == "day":
        own = subjects.words_in(claim.paraphrase)
        return bool(own & subjects.words_in(other.paraphrase))
    return bool(_alike(claim, other, subjects)) and days_between(claim.event, other.event) < float("inf")
