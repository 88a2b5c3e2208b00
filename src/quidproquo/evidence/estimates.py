"""What an ensemble says of the quantities that a case reports, on its decision date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, Quantity
from quidproquo.evidence.weights.record import Ensemble

__all__ = ["estimates_now", "moving", "now", "reported"]


def reported(case: Case) -> tuple[Quantity, ...]:
    """Quantities that the case reports and the model observes."""
    return tuple(q for q in case.quantities.values() if q.report and q.observes.get(""))


def moving(case: Case, ensemble: Ensemble) -> tuple[Quantity, ...]:
    """Reported quantities that differ between worlds at the decision date."""
    return tuple(q for q in reported(case) if _moves(case, ensemble, q))


def estimates_now(
    case: Case, ensemble: Ensemble, quantities: Sequence[Quantity]
) -> dict[str, Float[np.ndarray, " world"]]:
    """Quantity → its value in every world at the decision date."""
    return {q.id: now(case, ensemble, q).astype(np.float64) for q in quantities}


def now(case: Case, ensemble: Ensemble, quantity: Quantity) -> Float[np.ndarray, " world"]:
    """A quantity in every world at the decision date."""
    place = int(np.searchsorted(ensemble.series_days, case.decision_date.toordinal()))
    return np.asarray(ensemble.series[quantity.observes[""]][:, place])


def _moves(case: Case, ensemble: Ensemble, quantity: Quantity) -> bool:
    values = now(case, ensemble, quantity)
    return bool(np.isfinite(values).all() and np.ptp(values) > 0)
