"""Figures that follow by arithmetic from others: they add nothing beside what those say.

A figure counts as worked out where a link says so (`derived_from`), where the table's words for its
origin state a sum ("derived: 11,000 x 2,000", "66 + 16 percent"), or where it equals a product, sum or
ratio of two earlier figures of the case that its own words name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from quidproquo.cases.record import Case
from quidproquo.claims.comparing import significant_digits
from quidproquo.claims.origins import ORIGIN_AS_STATED
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.tables import CAPACITY, SAME_NUMBER
from quidproquo.reading import quantities
from quidproquo.terms.names import word_keys

__all__ = ["inputs_of", "same_but_for_rounding", "states_arithmetic", "worked_out"]

_SUM_IN_WORDS = re.compile(r"\bderived(?::|\s+[\d.])|\d[\d.,]*%?\s*[x\u00d7*/+]\s*[\d.]", re.IGNORECASE)
_PURE = ("fraction", "ratio")
_NEAR_IN_TIME = 62  # days between the dates that the parts of a sum speak of
_TELLING = 3  # significant digits with which a figure isn't the product of two others by chance


def states_arithmetic(claim: Claim) -> bool:
    """Whether a claim follows by arithmetic, by its verification or by the table's words for its origin.

    "Derived from imagery" is a way of seeing and no sum.
    """
    return claim.derived or _SUM_IN_WORDS.search(claim.extra.get(ORIGIN_AS_STATED, "")) is not None


def worked_out(eligible: Sequence[Claim], links: Iterable[Link], case: Case) -> dict[str, tuple[str, ...]]:
    """Claims whose figure is arithmetic on others that could condition, with the ids of those.

    What a capacity is linked to is the count of loads that it is compared beside, so a capacity isn't
    worked out from it. Of figures that are worked out from each other, one stays.
    """
    known = {claim.id for claim in eligible}
    inputs: dict[str, set[str]] = {}
    for link in links:
        if link.relation == "derived_from":
            inputs.setdefault(link.a, set()).add(link.b)
    found: dict[str, tuple[str, ...]] = {}
    for claim in sorted(eligible, key=lambda claim: claim.id):
        if claim.qualifier == CAPACITY:
            continue
        linked = inputs.get(claim.id, set())
        rests_on = linked if linked <= known else set()
        if not linked:
            rests_on = set(inputs_of(claim, eligible, case))
        if rests_on and not _is_behind(claim.id, rests_on, found):
            found[claim.id] = tuple(sorted(rests_on))
    return found


def _is_behind(name: str, rests_on: Iterable[str], found: Mapping[str, Sequence[str]]) -> bool:
    """Whether one of these is itself worked out from the figure named."""
    todo, seen = list(rests_on), set()
    while todo:
        other = todo.pop()
        if other == name:
            return True
        if other not in seen:
            seen.add(other)
            todo.extend(found.get(other, ()))
    return False


def inputs_of(claim: Claim, others: Sequence[Claim], case: Case) -> tuple[str, ...]:
    """Ids of two earlier figures of which a claim's is the product, sum or ratio; empty if there are none.

    The units must fit: parts of a sum have one unit and one group of quantities, a factor is a count or
    a share, a ratio has parts of one unit. The parts speak of other quantities than the claim and of
    dates near its own. What the report says must name each of the two, by its number or its source,
    unless the figure is an amount with three significant digits or more, which no chance product has.
    """
    value = claim.value
    if value is None or claim.proposition or claim.near or value == 0.0:
        return ()
    earlier = [other for other in others if _may_be_part(other, claim)]
    telling = claim.unit not in _PURE and significant_digits(value) >= _TELLING
    for a, b in combinations(sorted(earlier, key=lambda other: other.id), 2):
        if any(same_but_for_rounding(result, value) for result in _results(a, b, claim, case)) and (
            telling or all(_names(claim, part, case) for part in (a, b))
        ):
            return a.id, b.id
    return ()


def _may_be_part(other: Claim, claim: Claim) -> bool:
    if other.id == claim.id or other.value is None or other.proposition or not other.value:
        return False
    if other.quantity == claim.quantity or other.qualifier == CAPACITY or states_arithmetic(other):
        return False
    if other.published is None or claim.published is None or other.published.start > claim.published.end:
        return False
    if other.event is None or claim.event is None:
        return False
    days_between = (other.event.start - claim.event.end).days, (claim.event.start - other.event.end).days
    return max(days_between) <= _NEAR_IN_TIME


def _results(a: Claim, b: Claim, claim: Claim, case: Case) -> Iterator[float]:
    """What two figures give by each operation that their units and the claim's allow."""
    assert a.value is not None
    assert b.value is not None
    groups = {case.quantities[c.quantity].group for c in (a, b, claim)}
    if a.unit == b.unit == claim.unit and len(groups) == 1 and a.quantity != b.quantity:
        yield a.value + b.value
    for factor, other in ((a, b), (b, a)):
        if other.unit == claim.unit and _is_factor(factor) and factor.unit != claim.unit:
            yield a.value * b.value
    if a.unit == b.unit and claim.unit in _PURE and a.unit not in _PURE:
        yield a.value / b.value
        yield b.value / a.value


def _is_factor(claim: Claim) -> bool:
    """Whether a figure may multiply another: a share or a count of things, but not one, which changes nothing."""
    return claim.value != 1.0 and (claim.unit in _PURE or "/" not in claim.unit)


def same_but_for_rounding(result: float, value: float) -> bool:
    """Whether a result, rounded to the digits of the figure, is the figure.

    One that misses a figure printed to more digits isn't what it was worked out from: 82.8% of $235,568,400
    is $60,000 short of $195,110,800, so the share follows from the two amounts and neither of these from it.
    """
    digits = max(significant_digits(value), 2)
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    return abs(result - value) <= 0.5 * unit * (1.0 + 1e-9)


def _names(claim: Claim, part: Claim, case: Case) -> bool:
    """Whether the words behind a claim state the number of a part, or name its source beside their own."""
    texts = [f"{claim.paraphrase} {claim.note}", *(seen.sentence.quote for seen in claim.appearances)]
    if _states(texts, part):
        return True
    source = case.source_of(part.origin)
    names = (part.origin, *((source.name, *source.aliases) if source else ()))
    own = _spaced(" ".join((claim.speaker, claim.origin, claim.extra.get(ORIGIN_AS_STATED, ""))))
    others = [spaced for name in names if (spaced := _spaced(name)).strip() and spaced not in own]
    return claim.origin != part.origin and any(name in _spaced(text) for name in others for text in texts)


def _spaced(text: str) -> str:
    """The words of a text with a space on each side of every one."""
    return f" {' '.join(word_keys(text))} "


def _states(texts: Iterable[str], part: Claim) -> bool:
    assert part.value is not None
    for text in texts:
        for number in quantities(text):
            stated = number.value / 100.0 if number.value is not None and part.unit in _PURE else number.value
            if any(
                one is not None and abs(one - part.value) <= SAME_NUMBER * abs(part.value)
                for one in (number.value, stated)
            ):
                return True
    return False
