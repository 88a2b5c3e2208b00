"""Which claims condition the worlds, and why the others don't."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from quidproquo.cases.record import Case, Quantity
from quidproquo.claims.arithmetic import states_arithmetic, worked_out
from quidproquo.claims.hedges import has_possibility_word
from quidproquo.claims.linking import repeats
from quidproquo.claims.matching import UNCHECKED
from quidproquo.claims.pages import same_sentence
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable, Unused, UnusedReason
from quidproquo.claims.tables import (
    CAPACITY,
    DEFAULT_LIKELIHOOD,
    MEAN_QUALIFIERS,
    MODAL_QUALIFIERS,
    UNREVIEWED_CREDIBILITY,
)
from quidproquo.terms.edtf import Interval
from quidproquo.terms.errors import CaseError, PriorError, sentence
from quidproquo.terms.grades import RELIABILITY_GRADES
from quidproquo.terms.vocabulary import Clock

__all__ = ["UNUSED_REASONS", "evidence_table", "judged_table", "rests_on", "unused_counts"]

UNUSED_REASONS: tuple[UnusedReason, ...] = get_args(UnusedReason)
(
    _REJECTED,
    _DERIVED,
    _FORECAST,
    _RECOMMENDATION,
    _CONTEXT,
    _NOT_REVIEWED,
    _NO_EVENT,
    _NO_OPERATOR,
    _UNPUBLISHED,
    _LATER,
    _UNDATED,
    _FUTURE,
    _POSSIBILITY,
    _UNJUDGED,
    _RELAY,
    _WORKED_OUT,
    _UNCOUNTED,
    _WITHDRAWN,
) = UNUSED_REASONS

_EVEN = 0.5
_NUMBERS = ("eq", "about")
_UPWARD = ("at_least", "more_than")
# What a model alone says of these could turn a figure into its contrary.
_DECISIVE = ("comparison", "polarity")
_MONTH = 31.0  # days


def evidence_table(
    claims: Iterable[Claim], case: Case, *, as_of: Interval, reviewed_only: bool, links: Iterable[Link] = ()
) -> EvidenceTable:
    """Lay out the claims that condition, one row each; all others are `unused` with a reason.

    Rows of one scale and kind of comparison stand together, by id: they are worked out together.

    A claim conditions if it is an observation (or an assessment of a proposition), was published
    wholly by `as_of` (by the clock `event`: speaks of nothing after it), and the case has an
    operator for its quantity and qualifier or for its proposition. Of several that repeat one
    report, or relay it by a link, the one with the most precise date stays, and of a sentence that a reviewer
    has coded, what he coded; of what an origin says more than once of something lasting, what implies the
    rest; a figure worked out from others that condition adds nothing (`claims.arithmetic`). A capacity is a
    figure on a count of loads: it takes the count that it is linked to, or else the one reported nearest to it
    in time, and doesn't condition where there is none within a month. Claims that nobody has reviewed weigh
    with credibility 6; those whose comparison or polarity is a model's word alone don't, nor does what a
    `retracts` link takes back. In the rows of propositions `quantity` holds the proposition's id, and
    `likelihood_low` and `_high` the chance that the speaker gives to what he asserts or denies.

    Raises:
        PriorError: if a claim that conditions is one that a prior was set from.
        CaseError: if a quantity that claims condition on has no declared range.
    """
    standing = sorted(claims, key=lambda claim: claim.id)
    reasons = {claim.id: _why_not(claim, case, as_of, reviewed_only=reviewed_only) for claim in standing}
    known_links = sorted(links, key=lambda link: (link.a, link.b))
    reasons |= {
        name: _WITHDRAWN
        for name in _taken_back(standing, known_links, as_of, case.clock)
        if not reasons[name]
    }
    eligible = [claim for claim in standing if not reasons[claim.id]]
    _check_priors(eligible, case)
    reasons |= dict.fromkeys(worked_out(eligible, known_links, case), _WORKED_OUT)
    reasons |= dict.fromkeys(_relays(eligible, known_links, case), _RELAY)
    loads = {c.id: _loads(c, eligible, case, known_links) for c in eligible if c.qualifier == CAPACITY}
    reasons |= dict.fromkeys(
        (name for name, count in loads.items() if count is None and not reasons[name]), _UNCOUNTED
    )
    unused = tuple(Unused(claim.id, reason) for claim in standing if (reason := reasons[claim.id]))
    kept = sorted(
        (claim for claim in standing if not reasons[claim.id]), key=lambda claim: _alike(claim, case)
    )
    return _layout(kept, case, as_of, unused, {name: count for name, count in loads.items() if count})


def _taken_back(standing: Sequence[Claim], links: Sequence[Link], as_of: Interval, clock: Clock) -> set[str]:
    """Ids of the claims that another one takes back by the as-of date; a rejected one takes nothing back."""
    known = {claim.id for claim in standing}
    counts = {c.id for c in standing if c.state != "rejected" and not _wrong_time(c, as_of, clock)}
    return {link.b for link in links if link.relation == "retracts" and link.a in counts and link.b in known}


def _alike(claim: Claim, case: Case) -> tuple[str, ...]:
    """Scale, kind of comparison and id."""
    if claim.proposition:
        return "", "", claim.id
    scale = case.quantities[claim.quantity].scale
    if claim.comparison == "between" or (claim.near and scale != "count"):
        return scale, "interval", claim.id
    if claim.comparison in _NUMBERS:
        return scale, "number", claim.id
    # which side a bound is on makes a difference to counts alone
    return scale, f"bound {claim.comparison in _UPWARD}" if scale == "count" else "bound", claim.id


def judged_table(claims: Sequence[Claim], case: Case, as_of: Interval) -> EvidenceTable:
    """Claims laid out as if they conditioned, whatever their role: for judging how they fit, no more.

    Raises:
        CaseError: if the quantity of one has no declared range.
    """
    return _layout(claims, case, as_of, (), {})


def rests_on(claim: str, links: Iterable[Link]) -> frozenset[str]:
    """The claim and all that it relays or was worked out from, near or far."""
    onward: dict[str, list[str]] = {}
    for link in links:
        if link.relation in ("relays", "derived_from"):
            onward.setdefault(link.a, []).append(link.b)
    return frozenset({claim} | _reached(claim, onward))


def unused_counts(table: EvidenceTable) -> dict[str, int]:
    """How many claims don't condition, by reason, in the order of `UNUSED_REASONS`."""
    counts = Counter(unused.reason for unused in table.unused)
    return {reason: counts[reason] for reason in UNUSED_REASONS if counts[reason]}


def _why_not(claim: Claim, case: Case, as_of: Interval, *, reviewed_only: bool) -> UnusedReason | Literal[""]:
    if claim.state == "rejected":
        return _REJECTED
    if states_arithmetic(claim):
        return _DERIVED
    if claim.role in (_FORECAST, _RECOMMENDATION, _CONTEXT):
        return claim.role
    if claim.state == "proposed" and any(word in claim.extra.get(UNCHECKED, "") for word in _DECISIVE):
        return _NOT_REVIEWED
    if reviewed_only and claim.state != "accepted":
        return _NOT_REVIEWED
    if not _observable(claim, case):
        return _NO_EVENT if claim.role == "assessment" else _NO_OPERATOR
    return _wrong_time(claim, as_of, case.clock) or _too_weak(claim)


def _observable(claim: Claim, case: Case) -> str:
    """Name of the observable of the model that a claim is compared with, or ''."""
    if claim.proposition:
        return case.propositions[claim.proposition].operator
    if claim.role == "assessment":
        return ""
    return case.quantities[claim.quantity].observes.get(claim.qualifier, "")


def _wrong_time(claim: Claim, as_of: Interval, clock: Clock) -> UnusedReason | Literal[""]:
    if clock == "event":
        if claim.event is None:
            return _UNDATED
        return _FUTURE if claim.event.end > as_of.end else ""
    if claim.published is None:
        return _UNPUBLISHED
    if claim.published.end > as_of.end:
        return _LATER
    if claim.event is None:
        return _UNDATED
    return _FUTURE if claim.event.start > as_of.end else ""


def _too_weak(claim: Claim) -> UnusedReason | Literal[""]:
    if claim.qualifier not in MODAL_QUALIFIERS and has_possibility_word(claim.hedge):
        return _POSSIBILITY
    return _UNJUDGED if claim.proposition and _credibility_grade(claim) == UNREVIEWED_CREDIBILITY else ""


def _credibility_grade(claim: Claim) -> int:
    return claim.credibility if claim.state == "accepted" else UNREVIEWED_CREDIBILITY


def _check_priors(eligible: Sequence[Claim], case: Case) -> None:
    conditioning = {claim.id for claim in eligible}
    for prior in case.priors.values():
        twice = [name for name in prior.set_from if name in conditioning]
        if twice:
            remedy = f"remove '{twice[0]}' from set_from or reject the claim"
            raise PriorError(
                sentence(
                    f"prior '{prior.name}'",
                    "set_from",
                    twice[0],
                    "a claim that doesn't also condition",
                    remedy,
                )
            )


def _relays(eligible: Sequence[Claim], links: Iterable[Link], case: Case) -> set[str]:
    """Ids of the claims that bring no second witness, given the others that could condition.

    A link counts between claims of one subject: a count of attempts doesn't repeat a count of successes,
    though both go back to one announcement.
    """
    onward: dict[str, list[str]] = {}
    for link in links:
        if link.relation == "relays":
            onward.setdefault(link.a, []).append(link.b)
    subject = {claim.id: claim.proposition or claim.quantity for claim in eligible}
    dropped: set[str] = set()
    for claim in eligible:
        behind = _reached(claim.id, onward) - dropped - {claim.id}
        if any(subject.get(name) == subject[claim.id] for name in behind):
            dropped.add(claim.id)
    kept: dict[tuple[str, str], list[Claim]] = {}
    for claim in sorted((c for c in eligible if c.id not in dropped), key=lambda c: _preference(c, case)):
        same = kept.setdefault((claim.origin, subject[claim.id]), [])
        if any(
            repeats(claim, other) or _follows(claim, other, case) or _in_its_sentence(claim, other)
            for other in same
        ):
            dropped.add(claim.id)
        else:
            same.append(claim)
    return dropped


def _follows(claim: Claim, other: Claim, case: Case) -> bool:
    """Whether one origin says again of what lasts what it has said of a date that implies it."""
    lasting = bool(claim.proposition) and case.propositions[claim.proposition].lasting
    return lasting and claim.comparison == other.comparison


def _in_its_sentence(claim: Claim, other: Claim) -> bool:
    """Whether a reviewer has coded the sentence on this subject and left this figure of it out.

    "Room for three million crates of one kind or half a million of another" is one report.
    """
    return (claim.state, other.state) == ("proposed", "accepted") and any(
        same_sentence(one.sentence, another.sentence)
        for one in claim.appearances
        for another in other.appearances
    )


def _preference(claim: Claim, case: Case) -> tuple[bool, int, int, str]:
    """Reviewed claims first, then the date that implies the others, the most precise date, and the id.

    That something lasting is so on a day implies that it is so later, and that it isn't, that it wasn't
    before.
    """
    implied = 0
    if claim.proposition and case.propositions[claim.proposition].lasting and claim.event:
        day = claim.event.end.toordinal()
        implied = day if claim.comparison == "proposition_true" else -day
    return (claim.state != "accepted", implied, claim.event.days if claim.event else 0, claim.id)


def _reached(start: str, onward: Mapping[str, Sequence[str]]) -> set[str]:
    reached: set[str] = set()
    todo = list(onward.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo.extend(onward.get(name, ()))
    return reached


def _loads(claim: Claim, eligible: Sequence[Claim], case: Case, links: Iterable[Link]) -> float | None:
    """The reported number of loads that a capacity speaks of."""
    counted = f"{_observable(claim, case).partition('.')[0]}.loads"
    counts = [c for c in eligible if _observable(c, case) == counted and _figure(c) is not None]
    linked = {link.b for link in links if link.a == claim.id and link.relation == "derived_from"}
    near = [c for c in counts if c.id in linked] or [c for c in counts if _days_between(c, claim) <= _MONTH]
    if not near:
        return None
    return _figure(min(near, key=lambda c: (_days_between(c, claim), c.origin != claim.origin, c.id)))


def _figure(claim: Claim) -> float | None:
    """One number for what is stated: the middle of an interval."""
    if claim.value is None and claim.low is not None and claim.high is not None:
        return 0.5 * (claim.low + claim.high)
    return claim.value


def _days_between(one: Claim, other: Claim) -> float:
    if one.event is None or other.event is None:
        return math.inf
    return float(abs((one.event.end - other.event.end).days))


def _layout(
    kept: Sequence[Claim],
    case: Case,
    as_of: Interval,
    unused: tuple[Unused, ...],
    loads: Mapping[str, float],
) -> EvidenceTable:
    subjects = tuple(claim.proposition or claim.quantity for claim in kept)
    periods = [_period(claim, case, as_of) for claim in kept]
    ranges = [_range(claim, case) for claim in kept]
    chances = [_chance(claim) for claim in kept]
    groups: dict[tuple[object, ...], int] = {}
    keys = [(c.origin, subject, _days(c.event)) for c, subject in zip(kept, subjects, strict=True)]
    return EvidenceTable(
        ids=tuple(claim.id for claim in kept),
        quantity=subjects,
        observable=tuple(_observable(claim, case) for claim in kept),
        scale=tuple("identity" if c.proposition else case.quantities[c.quantity].scale for c in kept),
        comparison=tuple(claim.comparison for claim in kept),
        qualifier=tuple(claim.qualifier for claim in kept),
        origin=tuple(claim.origin for claim in kept),
        family=tuple(claim.family for claim in kept),
        near=np.array([claim.near for claim in kept], dtype=np.bool_),
        value=_floats(claim.value for claim in kept),
        low=_floats(claim.low for claim in kept),
        high=_floats(claim.high for claim in kept),
        since_start=_floats(since[0] for since, _ in periods),
        since_end=_floats(since[1] for since, _ in periods),
        event_start=_floats(event[0] for _, event in periods),
        event_end=_floats(event[1] for _, event in periods),
        range_low=_floats(low for low, _ in ranges),
        range_high=_floats(high for _, high in ranges),
        likelihood_low=_floats(low for low, _ in chances),
        likelihood_high=_floats(high for _, high in chances),
        reliability=np.array([RELIABILITY_GRADES.index(claim.reliability) for claim in kept], dtype=np.int64),
        credibility=np.array([_credibility_grade(claim) for claim in kept], dtype=np.int64),
        group=np.array([groups.setdefault(key, len(groups)) for key in keys], dtype=np.int64),
        loads=np.array([loads.get(claim.id, 1.0) for claim in kept], dtype=np.float64),
        unused=unused,
    )


def _floats(numbers: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)


def _days(interval: Interval | None) -> tuple[float | None, float | None]:
    if interval is None:
        return None, None
    return float(interval.start.toordinal()), float(interval.end.toordinal())


_Ends: TypeAlias = tuple[float | None, float | None]


def _period(claim: Claim, case: Case, as_of: Interval) -> tuple[_Ends, _Ends]:
    """Ends of `since` and of the event date, as the claim is compared.

    A mean over a period is taken from `since` to the event; what an interval holds is the change
    from the day before it to its last day.
    """
    since, event = _days(claim.since), _event_days(claim, as_of)
    if claim.qualifier in MEAN_QUALIFIERS and since[0] is not None:
        return (None, None), (since[0], event[1])
    if claim.quantity and not claim.proposition and case.quantities[claim.quantity].per_event:
        before = event[0] - 1.0 if since[0] is None else since[0]
        return (before, before), (event[1], event[1])
    return since, event


def _event_days(claim: Claim, as_of: Interval) -> tuple[float, float]:
    """Ends of the event date; a period under way when it was spoken of ends on that day."""
    event, published = claim.event, claim.published
    if event is None:
        message = f"claim '{claim.id}' reached the table of evidence without an event date"
        raise AssertionError(message)
    end = event.end
    begun = max(event.start, claim.since.start) if claim.since else event.start
    for day in (published.end, as_of.end) if published else (as_of.end,):
        if begun <= day < end:
            end = day
    return float(event.start.toordinal()), float(end.toordinal())


def _range(claim: Claim, case: Case) -> tuple[float, float]:
    if claim.proposition:
        return 0.0, 1.0
    quantity = case.quantities[claim.quantity]
    low, high = _declared(quantity)
    return low, high


def _declared(quantity: Quantity) -> tuple[float, float]:
    low, high = quantity.low, quantity.high
    if quantity.scale == "logit":
        low, high = (0.0 if low is None else low), (1.0 if high is None else high)
    if low is None or high is None:
        field = "low" if low is None else "high"
        allowed = "a number, because claims on it condition and a wrong report is drawn from its range"
        raise CaseError(
            sentence(f"quantity '{quantity.id}'", field, "missing", allowed, "declare low and high")
        )
    return low, high


def _chance(claim: Claim) -> tuple[float | None, float | None]:
    """Chance that the speaker gives to his own assertion or denial; none for numbers."""
    if not claim.proposition:
        return None, None
    low, high = claim.likelihood or DEFAULT_LIKELIHOOD[claim.role]
    # "unlikely" in a denial is said of the proposition, so the denial has the chance that remains
    if claim.likelihood and claim.comparison == "proposition_false" and high < _EVEN:
        return 1.0 - high, 1.0 - low
    return low, high
