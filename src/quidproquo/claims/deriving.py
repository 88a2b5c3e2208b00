"""Figures that somebody worked out from others, proposed with the arithmetic that leads to them.

A figure is proposed as worked out only where its own words say so: they point back to another figure ("that pay
is 23 times"), speak of what is implied, state the other's number or name its source. Arithmetic that merely
happens to fit is no reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from quidproquo.claims.arithmetic import same_but_for_rounding
from quidproquo.claims.comparing import days_between, ends_of, thing_counted
from quidproquo.claims.opposing import said_on
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.subjects import Subjects
from quidproquo.claims.tables import CAPACITY, SAME_NUMBER
from quidproquo.claims.wording import plain_number, says
from quidproquo.reading import quantities

__all__ = ["worked_out_of"]

_NEIGHBOURS = 12  # figures of one group, the last before a claim, that are tried as inputs
_PARTS = 3  # figures of each part, the last ones, that are tried in a sum
_NEAR_IN_TIME = 62  # days between a figure and its inputs
_SUM_IN_TIME = 31  # days between a total and its parts
_BOUND = 1.25  # a bound is worked out from a figure if it lies under it by no more than this factor
_PER_YEAR: Mapping[str, float] = {"day": 365.0, "week": 52.0, "month": 12.0, "year": 1.0}
_PURE = ("fraction", "ratio")
_POINTS_BACK = re.compile(
    r"(?:that|those|this|these|the)\s+(.{2,40}?)\s+(?:is|are|was|were|could|would|can|will|may|might"
    r"|equals?|comes?|amounts?|makes?|holds?)\b",
    re.IGNORECASE,
)
_WORKED_OUT = re.compile(
    r"\b(?:impl(?:y|ies|ied)|deriv\w+|work(?:s|ed)? out|com(?:es|ing) to|amounts? to|calculat\w+|which makes"
    r"|that (?:is|makes|equals|would be))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?!(?:19|20)\d\d\b)\d[\d.,]*|\b(?:half|halves|thirds?|quarters?|fifths?|tenths?|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b",
    re.IGNORECASE,
)

_PART_IN_WORDS = re.compile(
    r"\b(?:(two|three|four)[ -])?(half|third|quarter|fifth|tenth)s?(?= of\b)", re.IGNORECASE
)
_PARTS_IN_WORDS: Mapping[str, float] = {"two": 2.0, "three": 3.0, "four": 4.0}
_WHOLES: Mapping[str, float] = {"half": 2.0, "third": 3.0, "quarter": 4.0, "fifth": 5.0, "tenth": 10.0}

Found = Iterator[tuple[Link, str]]


def worked_out_of(claims: Sequence[Claim], subjects: Subjects) -> Found:
    """Links from figures to what they were worked out from; none leads back to where it began."""
    rests_on: dict[str, set[str]] = {}
    figures = [c for c in claims if not c.proposition and c.published is not None]
    found = (
        _in_one_breath(figures),
        _pointing_back(figures, subjects),
        _sums_of_parts(figures, subjects),
        _in_own_words(figures, subjects),
        _of_two_named(figures, subjects),
        _sums_in_words(figures),
    )
    for rule in found:
        for claim, parts, reason in rule:
            if any(_leads_to(part.id, claim.id, rests_on) for part in parts):
                continue
            for part in parts:
                rests_on.setdefault(claim.id, set()).add(part.id)
                yield Link(claim.id, "derived_from", part.id), reason


_Inputs = Iterator[tuple[Claim, tuple[Claim, ...], str]]


def _leads_to(start: str, goal: str, rests_on: Mapping[str, set[str]]) -> bool:
    todo, seen = [start], set()
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo += rests_on.get(name, ())
    return False


def _blocks(figures: Sequence[Claim], key: Callable[[Claim], object]) -> list[list[Claim]]:
    blocks: dict[object, list[Claim]] = defaultdict(list)
    for claim in sorted(figures, key=said_on):
        blocks[key(claim)].append(claim)
    return [block for block in blocks.values() if len(block) > 1]


def _breath(claim: Claim) -> object:
    """What is said by one speaker in one report on one day."""
    return claim.speaker, claim.reporting_source, claim.published


def _in_one_breath(figures: Sequence[Claim]) -> _Inputs:
    """A figure that its words call worked out, from two others of the same statement."""
    for block in _blocks(figures, _breath):
        for place, claim in enumerate(block):
            if claim.value is None or not _WORKED_OUT.search(claim.paraphrase):
                continue
            near = block[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
            others = [o for o in near if o.value and o.quantity != claim.quantity]
            for a in others:
                parts = next(((a, b) for b in others if a is not b and _fits(a, b, claim)), None)
                if parts:
                    yield claim, parts, _sum_in_words(claim, parts)
                    break


def _fits(a: Claim, b: Claim, claim: Claim) -> bool:
    """Whether a figure is a over b or a times a share b, in units that fit, months made years or not."""
    assert a.value is not None
    assert b.value is not None
    if a.unit in _PURE:
        return False
    share_of = b.unit in _PURE and thing_counted(a.unit) == thing_counted(claim.unit)
    for_each = "/" not in b.unit and b.unit not in _PURE and a.unit == claim.unit and "/" in a.unit
    ratio = claim.unit in _PURE and a.unit == b.unit
    if not (share_of or for_each or ratio):
        return False
    results = [a.value / b.value, *([a.value * b.value] if share_of else [])]
    return any(
        _gives(result * factor, claim) for result in results for factor in {1.0, _periods(a.unit, claim.unit)}
    )


def _periods(of: str, to: str) -> float:
    """How many of one unit's periods go into the other's: 12 from a month to a year; 1 where there are none."""
    first, second = (_PER_YEAR.get(unit.partition("/")[2], 0.0) for unit in (of, to))
    return first / second if first and second else 1.0


def _gives(result: float, claim: Claim) -> bool:
    """Whether a result is the figure of a claim, or what its bound was set from."""
    value = claim.value
    if not value:
        return False
    if claim.comparison in ("more_than", "at_least") and not claim.near:
        return value <= result * (1.0 + 1e-9) and result <= _BOUND * value
    if claim.comparison in ("less_than", "at_most") and not claim.near:
        return result <= value * (1.0 + 1e-9) and value <= _BOUND * result
    return same_but_for_rounding(result, value)


def _pointing_back(figures: Sequence[Claim], subjects: Subjects) -> _Inputs:
    """As in "those crates could hold", "that pay is": the figure rests on what was just counted."""
    for block in _blocks(figures, _breath):
        for place, claim in enumerate(block):
            subject = _POINTS_BACK.match(claim.paraphrase)
            words = subjects.words_in(subject[1]) if subject else frozenset()
            near = block[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
            others = [
                other
                for other in near
                if words
                and other.unit != claim.unit
                and other.quantity != claim.quantity
                and words <= subjects.words_in(_what_is_counted(other, subjects))
            ]
            if others:
                other = min(others, key=lambda o: (o.qualifier != claim.qualifier, o.qualifier != "", o.id))
                yield (
                    claim,
                    (other,),
                    f"It points back to {says(other)}, which {other.speaker} states with it.",
                )


def _sums_of_parts(figures: Sequence[Claim], subjects: Subjects) -> _Inputs:
    """A total whose title joins those of two other quantities ("lost or hurt"), and is the sum of both."""
    counted: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    parts_of = subjects.parts_of
    for claim in sorted(figures, key=lambda c: (said_on(c)[0], c.quantity in parts_of, c.id)):
        for first, second in parts_of.get(claim.quantity, ()) if claim.value and not claim.qualifier else ():
            side = subjects.side(claim)
            pairs = ((a, b) for a in counted[side, first][-_PARTS:] for b in counted[side, second][-_PARTS:])
            found = next((pair for pair in pairs if _adds_up(*pair, claim)), None)
            if found:
                yield claim, found, _sum_in_words(claim, found)
        if claim.value and not claim.qualifier:
            counted[subjects.side(claim), claim.quantity].append(claim)


def _adds_up(a: Claim, b: Claim, claim: Claim) -> bool:
    assert a.value is not None
    assert b.value is not None
    near = max(days_between(part.event, claim.event) for part in (a, b)) <= _SUM_IN_TIME
    return near and _gives(a.value + b.value, claim)


def _in_own_words(figures: Sequence[Claim], subjects: Subjects) -> _Inputs:
    """A figure whose words state one factor, times another figure whose number or source they name too."""
    for block in _blocks(figures, subjects.group):
        yield from _products(block, subjects)
    for block in _blocks(figures, _breath):
        yield from _products(block, subjects)
    yield from _of_stated_numbers(figures, subjects)


def _products(block: Sequence[Claim], subjects: Subjects) -> _Inputs:
    for place, claim in enumerate(block):
        numbers = len(_NUMBER.findall(claim.paraphrase))
        if not claim.value or not (numbers > 1 or (numbers and _WORKED_OUT.search(claim.paraphrase))):
            continue
        stated = _stated(claim)
        near = [o for o in block[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS] if o is not claim]
        others = [
            o for o in near if said_on(o)[0] <= said_on(claim)[0] and _is_factor(o, claim, stated, subjects)
        ]
        if not others:
            continue
        whole = [o for o in others if _breath(o) == _breath(claim)]
        if whole:
            yield claim, tuple(whole), f"Its own words work it out from {says(whole[0])}."
        else:
            best = min(
                others,
                key=lambda o: (
                    not subjects.names(claim, o),
                    o.value is None,
                    o.qualifier != "",
                    -said_on(o)[0],
                    o.id,
                ),
            )
            yield claim, (best,), f"Its own words work it out from {says(best)}, as {best.speaker} has it."


def _of_stated_numbers(figures: Sequence[Claim], subjects: Subjects) -> _Inputs:
    """A figure whose words work it out from two numbers, of which one is the figure of another claim."""
    printed: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(figures, key=said_on):
        if claim.value and len(_NUMBER.findall(claim.paraphrase)) > 1:
            stated, words = _stated(claim), subjects.words_in(claim.paraphrase)
            others = [
                other
                for number, _ in stated
                for other in printed[f"{number:.3g}"][-_NEIGHBOURS:]
                if words & subjects.words_in(_what_is_counted(other, subjects))
                and other.quantity != claim.quantity
                and days_between(other.event, claim.event) <= _NEAR_IN_TIME
                and _is_counted(other, claim, stated)
            ]
            if others:
                yield claim, (others[-1],), f"Its own words work it out from {says(others[-1])}."
        if claim.value:
            printed[f"{claim.value:.3g}"].append(claim)


def _stated(claim: Claim) -> list[tuple[float, bool]]:
    """The other numbers in the words of a claim, and whether each is a share."""
    found = []
    for number in quantities(claim.paraphrase):
        if number.value:
            share = number.kind in ("share", "part")
            value = number.value / 100.0 if number.unit == "percent" else number.value
            if abs(value - (claim.value or 0.0)) > SAME_NUMBER * abs(value):
                found.append((value, share))
    for part in _PART_IN_WORDS.finditer(claim.paraphrase):
        many = _PARTS_IN_WORDS.get((part[1] or "").casefold(), 1.0)
        found.append((many / _WHOLES[part[2].casefold()], True))
    return found


def _is_factor(other: Claim, claim: Claim, stated: Sequence[tuple[float, bool]], subjects: Subjects) -> bool:
    """Whether a figure, times a number that a claim states, gives the claim; and the claim names the figure."""
    if other.quantity == claim.quantity or days_between(other.event, claim.event) > _NEAR_IN_TIME:
        return False
    one_breath = _breath(other) == _breath(claim)
    if other.unit == claim.unit and "/" not in other.unit:  # a part of a whole
        numbers = [number for number, share in stated if share]
        named = _states(stated, other)
    elif other.unit == "fraction" and claim.unit not in _PURE:  # a share of a whole
        numbers = [number for number, share in stated if not share]
        named = _states(stated, other)
    elif "/" in other.unit and thing_counted(other.unit) == thing_counted(
        claim.unit
    ):  # so much for each of them
        numbers = [number for number, share in stated if not share]
        named = one_breath or subjects.names(claim, other) or _states(stated, other)
    else:
        return _is_counted(other, claim, stated) or _is_referred_to(other, claim, stated, subjects)
    if _periods(other.unit, claim.unit) != 1.0 and (one_breath or subjects.names(claim, other)):
        numbers.append(1.0)  # "over a year that comes to"
    low, high = (end * _periods(other.unit, claim.unit) for end in ends_of(other))
    values = [(low + high) / 2.0] if other.value is None else [other.value * _periods(other.unit, claim.unit)]
    return named and any(_gives(number * value, claim) for number in numbers for value in values)


def _states(stated: Sequence[tuple[float, bool]], other: Claim) -> bool:
    """Whether one of the numbers in a claim's words is the figure of another claim."""
    value = other.value
    return value is not None and any(abs(number - value) <= SAME_NUMBER * abs(value) for number, _ in stated)


def _is_counted(other: Claim, claim: Claim, stated: Sequence[tuple[float, bool]]) -> bool:
    """Whether a claim's words name a count and a rate, or a part and a whole, whose arithmetic it is."""
    if "/" in other.unit or other.unit in _PURE or not other.value or not _states(stated, other):
        return False
    if claim.qualifier == CAPACITY and other.unit != claim.unit:  # what so many of them could hold
        return True
    count = other.value
    rest = [number for number, _ in stated if abs(number - count) > SAME_NUMBER * count]
    if claim.unit in _PURE:
        return any(_gives(number / count, claim) or _gives(count / number, claim) for number in rest)
    per_year = [1.0, *(many for period, many in _PER_YEAR.items() if period != "year")]
    return any(_gives(number * count * many, claim) for number in rest for many in per_year)


def _is_referred_to(
    other: Claim, claim: Claim, stated: Sequence[tuple[float, bool]], subjects: Subjects
) -> bool:
    """As in "with 50 crates apiece, the lorries counted": a count named by its thing, of a known source."""
    if "/" in other.unit or other.unit in _PURE or not other.value or claim.unit in (*_PURE, other.unit):
        return False
    known = _breath(other) == _breath(claim) or subjects.names(claim, other)
    return (
        known
        and bool(_things(other, subjects) & subjects.words_in(claim.paraphrase))
        and any(_gives(number * other.value, claim) for number, share in stated if not share)
    )


def _things(claim: Claim, subjects: Subjects) -> frozenset[str]:
    """Words by which others speak of what a figure counts."""
    return subjects.words_in(f"{_what_is_counted(claim, subjects)} {claim.paraphrase}")


def _what_is_counted(claim: Claim, subjects: Subjects) -> str:
    return f"{subjects.case.quantities[claim.quantity].title} {claim.unit}"


def _of_two_named(figures: Sequence[Claim], subjects: Subjects) -> _Inputs:
    """As in "at the pay and the strength that they named": the product or ratio of two figures that are named.

    Both stand in the same report, or are of one source; the claim speaks of what each of them counts, and
    states it or names its source, unless all three are one statement.
    """
    for block in (
        *_blocks(figures, lambda claim: claim.reporting_source or None),
        *_blocks(figures, lambda claim: claim.origin),
    ):
        for place, claim in enumerate(block):
            if not claim.value or claim.qualifier:
                continue
            others = [
                o
                for o in block[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
                if o.value
                and o.quantity != claim.quantity
                and not o.qualifier
                and said_on(o)[0] <= said_on(claim)[0]
                and days_between(o.event, claim.event) <= _NEAR_IN_TIME
                and _is_spoken_of(o, claim, subjects)
            ]
            pairs = ((a, b) for a in others for b in others if a is not b and a.quantity != b.quantity)
            found = next((pair for pair in pairs if _multiplies_to(*pair, claim)), None)
            if found:
                yield claim, found, _sum_in_words(claim, found)


def _is_spoken_of(other: Claim, claim: Claim, subjects: Subjects) -> bool:
    """Whether a claim's words speak of what another one counts, as known or as its source's."""
    words = subjects.words_in(claim.paraphrase) | subjects.words_in(
        subjects.case.quantities[claim.quantity].title
    )
    known = _breath(other) == _breath(claim) or subjects.names(claim, other)
    return known and bool(words & _things(other, subjects))


def _multiplies_to(a: Claim, b: Claim, claim: Claim) -> bool:
    """Whether a figure is a rate times a count, or the ratio of two of one unit."""
    assert a.value is not None
    assert b.value is not None
    if claim.unit in _PURE:
        return a.unit == b.unit and a.unit not in _PURE and _gives(a.value / b.value, claim)
    rate = a.unit == claim.unit and "/" in a.unit and "/" not in b.unit and b.unit not in _PURE
    return rate and _gives(a.value * b.value, claim)


def _sums_in_words(figures: Sequence[Claim]) -> _Inputs:
    """A share that adds up two others which the same source states in the words of another claim."""
    shares = [c for c in figures if c.unit == "fraction" and c.value and c.event]
    for block in _blocks(shares, lambda claim: (claim.origin, claim.event)):
        for place, claim in enumerate(block):
            for other in block[max(place - _PARTS, 0) : place]:
                if other.quantity != claim.quantity and len(_NUMBER.findall(other.paraphrase)) > 1:
                    numbers = [number for number, share in _stated(other) if share]
                    sums = [a + b for n, a in enumerate(numbers) for b in numbers[n + 1 :]]
                    if any(_gives(one, claim) for one in sums):
                        yield (
                            claim,
                            (other,),
                            f"It adds up two shares that {other.speaker} states with {says(other)}.",
                        )


def _sum_in_words(claim: Claim, parts: Sequence[Claim]) -> str:
    numbers = " and ".join(plain_number(part.value) for part in parts if part.value is not None)
    return f"{numbers}, which {parts[0].speaker} states, give {says(claim)}."
