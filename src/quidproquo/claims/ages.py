"""How old the newest claim is of every quantity that claims condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.selection import evidence_table

__all__ = ["Age", "ages"]


@dataclass(frozen=True)
class Age:
    """A quantity with an operator, and its newest claim that conditions.

    `event` is what the claim speaks of, `last` the last day of that which it can know of, and `days` are those
    from there to the decision date. `claim` is empty, and `last` and `days` None, where no claim conditions the
    quantity.
    """

    quantity: str
    claim: str
    event: str
    last: date | None
    days: int | None


def ages(case: Case, claims: Iterable[Claim], links: Iterable[Link] = ()) -> list[Age]:
    """Ages on the case's decision date, the oldest first, and quantities without a claim at the end.

    A claim counts by the last day that it speaks of, never later than the decision date. Quantities that
    the case doesn't report, or that nobody counts and no claim conditions, are left out.

    Raises:
        PriorError, CaseError: as `evidence_table` does.
    """
    known = {claim.id: claim for claim in claims}
    table = evidence_table(known.values(), case, as_of=case.as_of, reviewed_only=False, links=links)
    newest: dict[str, tuple[int, str]] = {}
    for name, subject, end in zip(table.ids, table.quantity, table.event_end, strict=True):
        last = min(int(end), case.decision_date.toordinal())
        newest[subject] = max(newest.get(subject, (0, "")), (last, name))
    spoken_of = {claim.quantity for claim in known.values() if not claim.proposition}
    found = []
    for quantity in case.quantities.values():
        if not (quantity.report and quantity.observes.get("") and quantity.id in spoken_of):
            continue
        last, name = newest.get(quantity.id, (0, ""))
        event = known[name].event if name else None
        days = case.decision_date.toordinal() - last if name else None
        day = date.fromordinal(last) if name else None
        found.append(Age(quantity.id, name, event.edtf if event else "", day, days))
    return sorted(found, key=lambda age: (age.days is None, -(age.days or 0), age.quantity))
