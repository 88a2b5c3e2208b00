"""What moves the conclusion: which rows are shown of each kind, and how the others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from quidproquo.brief.numerals import amount
from quidproquo.brief.sentences.decisions import leading
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.assumptions import PowerRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import ROUNDING, LeverageRecord

__all__ = [
    "LeverageTable",
    "beyond_error",
    "changes_choice",
    "decided_words",
    "is_assumption",
    "leverage_tables",
    "prior_moved",
]

_EACH = 10
_ERRORS = 4.0  # of some hundreds of rows, one or two lie beyond three by chance
_DECIDED = {
    "the claims decide": "the claims decide {n}",
    "the prior decides": "the prior decides {n}",
    "both decide": "both decide {n}",
    "prior and claims disagree": "they disagree on {n}",
    "neither moves it": "neither moves {n}",
}
_HEADINGS = {"reliability": "Grade moved", "prior": "Prior moved", "structure": "Answer taken for certain"}
_NOUNS = {
    **{kind: (kind,) for kind in ("claim", "origin", "source", "document", "prior")},
    "family": ("family", "families"),
    "reliability": ("grade",),
    "structure": ("answer",),
}
_WEIGHTS_ALONE = "The claims weigh as before. Weights alone judge these: worlds aren't conditioned again."
_NOTES = {
    "prior": "The prior of one parameter moves, as wide as before, so that its middle lies at its 5% or 95% "
    f"point. {_WEIGHTS_ALONE}",
    "reliability": "The reliability of one origin is graded one step better or worse, from A to E. An origin "
    "that could not be judged (F) is graded C. The grade says how far reports scatter and err together. "
    f"{_WEIGHTS_ALONE}",
    "structure": "One answer to a hypothesis is taken for certain. The claims weigh as before. Where weights "
    "can't be trusted, worlds are conditioned again so that half of them hold this answer.",
}
_PROVISIONAL = (
    "Provisional rows rest on weights that can't be trusted, or an error, of the lead or of other options, is too "
    "large to say what becomes of the choice: the option --rerun-all judges more of them, and more exactly."
)


@dataclass(frozen=True)
class LeverageTable:
    """The rows of one kind that are shown, and how many others there are.

    Of all, `within_error` move the margin by no more than four Monte Carlo errors, and `unjudged` can't be
    trusted; of those shown, `moving` move the margin by more, or change the choice.
    """

    kind: str
    shown: tuple[LeverageRecord, ...]
    total: int
    within_error: int = 0
    unjudged: int = 0
    moving: int = 0

    @property
    def heading(self) -> str:
        """Of the first column."""
        return _HEADINGS.get(self.kind, "Left out")

    @property
    def note(self) -> str:
        """What is changed, how that is judged, and how to settle what is provisional."""
        if self.narrows and not all(item.judged for item in self.shown):
            return _PROVISIONAL
        return _NOTES.get(self.kind, "")

    @property
    def narrows(self) -> bool:
        """Whether rows say what they narrow: only what is there narrows anything."""
        return self.kind not in _HEADINGS

    @property
    def caption(self) -> str:
        """Which rows stand in the table."""
        what = "the margin" if self.moving else "some estimate"
        if 0 < self.moving < len(self.shown):
            what = "the margin or some estimate"
        of = f", of {self.total}" if self.total > len(self.shown) else ""
        shown = number_words(len(self.shown), *_NOUNS[self.kind])
        verb = "moves" if len(self.shown) == 1 else "move"
        return f"The {shown} that {verb} {what} most{of}."

    @property
    def still(self) -> str:
        """That nothing of this kind moves the margin by more than its error; empty where something does."""
        if self.moving or not self.total:
            return ""
        noun = _NOUNS[self.kind][0]
        could = " that can be judged" if self.unjudged else ""
        return f"No {noun}{could} moves the margin by more than four of its Monte Carlo errors."

    @property
    def others(self) -> str:
        """How many rows say nothing of the margin, and why; empty where that needs no word."""
        parts = []
        if self.within_error and self.moving:
            parts.append(
                f"{self.within_error:,} of {self.total} move the margin by no more than four Monte Carlo errors"
            )
        if self.unjudged:
            parts.append(f"{self.unjudged} of {self.total} can't be judged, because too few worlds lie there")
        return "; ".join(parts)


def is_assumption(item: LeverageRecord) -> bool:
    """Whether a row changes an assumption, where others leave a report out."""
    return item.kind in _HEADINGS


def changes_choice(brief: Brief) -> list[LeverageRecord]:
    """Assumptions that put another option first, ahead by more than counts, each alone, the farthest first.

    By the rule the first option stays where it is tied, so another one is ahead of it by more than δ and than two
    errors. One that is tied with the first under all the evidence is another, too.
    """
    kept = {*leading(brief)[:1], brief.preferred.option, ""}
    found = [item for item in brief.leverage if is_assumption(item) and item.judged]
    found = [item for item in found if item.preferred not in kept]
    return sorted(found, key=lambda item: -abs(item.margin_shift))


def beyond_error(item: LeverageRecord) -> bool:
    """Whether the margin moves by more than chance and rounding can make it move; an error of 0 tells nothing."""
    return (
        item.reliable
        and item.margin_mcse > 0.0
        and abs(item.margin_shift) > max(ROUNDING, _ERRORS * item.margin_mcse)
    )


def leverage_tables(brief: Brief) -> list[LeverageTable]:
    """The rows of each kind that move the margin by more than chance does, and all that change the choice.

    After them stand those that move some estimate most, but for priors, which are many.
    """
    kept, changing = {*leading(brief), ""}, {id(item) for item in changes_choice(brief)}
    found = []
    for kind in dict.fromkeys(item.kind for item in brief.leverage):
        every = [item for item in brief.leverage if item.kind == kind]
        turning = [i for i in every if id(i) in changing or (i.judged and i.preferred not in kept)]
        moving = [item for item in every if beyond_error(item) or item in turning]
        moving.sort(key=lambda item: -abs(item.margin_shift))
        rest = [] if kind == "prior" else [item for item in every if item not in moving and _tells(item)]
        first = [*moving, *rest][:_EACH]
        shown = (*first, *(item for item in moving[_EACH:] if item in turning))
        unjudged = sum(not item.reliable for item in every)
        within_error = sum(item.reliable for item in every) - sum(item.reliable for item in moving)
        moved = sum(item in moving for item in shown)
        found.append(LeverageTable(kind, shown, len(every), within_error, unjudged, moved))
    return found


def _tells(item: LeverageRecord) -> bool:
    """Whether a row says more than that the margin stays: it moves an estimate, or is one of the few answers."""
    return bool(item.shift or item.worth) or item.kind == "structure"


def prior_moved(item: LeverageRecord, brief: Brief) -> str:
    """Where the middle of a moved prior lies, and where it lay, in its unit; empty for any other row."""
    name, _, end = item.id.partition("=")
    record = brief.assumptions.get(name) if item.kind == "prior" else None
    if record is None or end not in {"q05", "q95"}:
        return ""
    moved = record.prior_q05 if end == "q05" else record.prior_q95
    return f"{amount(moved, record.unit)} instead of {amount(record.prior_q50, record.unit)}"


def decided_words(records: Iterable[PowerRecord | None]) -> str:
    """How many parameters prior and claims each decide, in words; empty where none was judged."""
    counts: Counter[str] = Counter(record.decides for record in records if record is not None)
    return ", ".join(words.format(n=counts[name]) for name, words in _DECIDED.items() if counts[name])
