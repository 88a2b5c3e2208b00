"""What moves the conclusion: which rows are shown of each kind, and how the others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from quidproquo.study.schema.assumptions import PowerRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import LeverageRecord

__all__ = ["Levers", "beyond_error", "decided", "levers", "stated", "supposed", "turned_by"]

_EACH = 10
_ERRORS = 3.0  # of some hundreds of priors, one or two lie beyond by chance
_DECIDED = {
    "the claims decide": "the claims decide {n}",
    "the prior decides": "the prior decides {n}",
    "both decide": "both decide {n}",
    "prior and claims disagree": "they disagree on {n}",
    "neither moves it": "neither moves {n}",
}
_SUPPOSED = {"letter": "Letter moved", "prior": "Prior moved", "structure": "Answer taken for certain"}


@dataclass(frozen=True)
class Levers:
    """The rows of one kind that are shown, and how many others there are.

    Of priors, `level` move the margin by less than three Monte Carlo errors, and `unjudged` can't be trusted.
    """

    kind: str
    shown: tuple[LeverageRecord, ...]
    total: int
    level: int = 0
    unjudged: int = 0

    @property
    def heading(self) -> str:
        """Of the first column."""
        return _SUPPOSED.get(self.kind, "Taken away")


def supposed(item: LeverageRecord) -> bool:
    """Whether a row supposes something, where others take something away."""
    return item.kind in _SUPPOSED


def turned_by(brief: Brief) -> list[LeverageRecord]:
    """What is supposed and, alone, turns the choice, the farthest first."""
    kept = {*brief.preferred.options, brief.preferred.option, ""}
    found = [item for item in brief.leverage if supposed(item) and item.reliable]
    found = [item for item in found if item.preferred not in kept]
    return sorted(found, key=lambda item: -abs(item.margin_shift))


def beyond_error(item: LeverageRecord) -> bool:
    """Whether the margin moves by more than chance can make it move."""
    return item.reliable and abs(item.margin_shift) > _ERRORS * item.margin_mcse


def levers(brief: Brief) -> list[Levers]:
    """The strongest levers of each kind, by what they do to the margin, and all that turn the choice.

    Of priors, which are many, only those that move the margin by more than chance does; of letters those
    that move some estimate most.
    """
    kept = {*brief.preferred.options, ""}
    found = []
    for kind in dict.fromkeys(item.kind for item in brief.leverage):
        every = [item for item in brief.leverage if item.kind == kind]
        # a letter hardly ever moves the margin, but some estimates: they come in that order
        items = every if kind == "letter" else sorted(every, key=lambda item: -abs(item.margin_shift))
        level, unjudged = 0, 0
        if kind == "prior":
            items = [i for i in items if beyond_error(i) or (i.reliable and i.preferred not in kept)]
            unjudged = sum(not item.reliable for item in every)
            level = len(every) - len(items) - unjudged
        turning = [item for item in items[_EACH:] if item.preferred not in kept]
        found.append(Levers(kind, tuple(items[:_EACH] + turning), len(every), level, unjudged))
    return found


def stated(item: LeverageRecord, brief: Brief) -> tuple[float, float, str] | None:
    """Where a moved prior lies, and where it lay, in its unit; None of any other row."""
    name, _, end = item.id.partition("=")
    record = brief.assumptions.get(name) if item.kind == "prior" else None
    if record is None or end not in {"q05", "q95"}:
        return None
    return (record.prior_q05 if end == "q05" else record.prior_q95), record.prior_q50, record.unit


def decided(records: Iterable[PowerRecord | None]) -> str:
    """How many things prior and claims each decide, in words; empty where none was judged."""
    counts: Counter[str] = Counter(record.decides for record in records if record is not None)
    return ", ".join(words.format(n=counts[name]) for name, words in _DECIDED.items() if counts[name])
