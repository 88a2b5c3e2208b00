"""What the choice depends on, in sentences: weightings that change it, and parameters that drive the lead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quidproquo.cases.record import Case
from quidproquo.decisions.cells import Driver, in_words
from quidproquo.decisions.choose import list_words
from quidproquo.decisions.record import Findings
from quidproquo.sensitivity.record import ALL, HALF, NONE, Weighting

__all__ = ["conditions"]

_WEAK = 0.1
_EXAMPLES = 3


def _depends(row: Weighting, other: str) -> str:
    if row.id == NONE:
        return f"Depends on the evidence: without any the choice is {other}."
    if row.id == HALF:
        return f"Depends on how far the evidence counts: at half its weight the choice is {other}."
    if row.kind == "origin":
        return f"Depends on {row.title}: without its reports the choice is {other}."
    return f"Depends on a hypothesis: with {row.title} the choice is {other}."


def _tied(row: Weighting, other: str) -> str:
    if row.kind == "origin":
        return f"Without the reports of {row.title}, {other} can't be told from it."
    return f"With {row.title}, {other} can't be told from it."


def _judgements(drivers: Sequence[Driver], case: Case) -> str:
    """What the lead depends on where no report does."""
    strong = [driver for driver in drivers if abs(driver.correlation) >= _WEAK]
    if not strong:
        return "No single parameter stands out as what it depends on."
    words = []
    for driver in strong:
        prior = case.priors.get(driver.name)
        note = "a judgement, " if prior is not None and prior.judgement else ""
        figure = f"{driver.correlation:+.2f}".replace("-", "−")
        words.append(f"{in_words(driver.name, {})} ({note}rank correlation {figure})")
    return f"The lead depends most on {list_words(words)}."


@dataclass(frozen=True)
class _Tally:
    """What the set of weightings did to the choice.

    Under those `changed` none of the options preferred before is tied with the best; under those `tied`
    another option has the least regret, but can't be told from one of them.
    """

    changed: list[Weighting]
    tied: list[Weighting]
    unjudged: list[Weighting]
    tried: int


def _tally(rows: Sequence[Weighting], kept: Collection[str]) -> _Tally:
    others = [row for row in rows if row.id != ALL]
    judged = [row for row in others if row.reliable]
    return _Tally(
        changed=[row for row in judged if row.preferred not in kept],
        tied=[row for row in judged if row.preferred in kept and row.least not in kept],
        unjudged=[row for row in others if not row.reliable],
        tried=len(others),
    )


def _unjudged(tally: _Tally) -> str:
    """How many weightings are open, with a few of them by name."""
    titles = [row.title for row in tally.unjudged]
    if len(titles) <= _EXAMPLES:
        which = list_words(titles)
    else:
        which = f"{', '.join(titles[:_EXAMPLES])} and {len(titles) - _EXAMPLES} more"
    return (
        f"{len(titles)} of {tally.tried} weightings couldn't be judged, because too few worlds carry "
        f"the weight: {which}."
    )


def conditions(rows: Sequence[Weighting], findings: Findings, case: Case) -> tuple[str, ...]:
    """Every weighting that changes the choice or ties it, and what the lead depends on else."""
    if not findings.preferred.ranked:
        return ("There is no single ranking without weights of the metrics.",)
    if len(findings.weighted) == 1:
        return ()
    tally = _tally(rows, findings.preferred.options)
    name = {option: case.options[option].title for option in findings.weighted}
    lines = [_depends(row, name[row.preferred]) for row in tally.changed]
    lines += [_tied(row, name[row.least]) for row in tally.tied]
    judged = tally.tried - len(tally.unjudged)
    if tally.tried and not lines and judged:
        count = f"{judged} of {tally.tried}" if tally.unjudged else f"{judged}"
        which = "that could be judged " if tally.unjudged else "tried "
        lines.append(f"Holds under every weighting {which}({count}).")
    if tally.unjudged:
        lines.append(_unjudged(tally))
    # Sentences about reports speak of dropping origins and of the evidence as a whole.
    kinds = {"origin", "evidence"}
    reports = any(row.kind == "origin" and row.reliable for row in rows)
    if reports and not any(row.kind in kinds for row in (*tally.changed, *tally.tied)):
        unsure = any(row.kind in kinds for row in tally.unjudged)
        lines.append(f"No report {'that could be judged ' if unsure else ''}changes the choice.")
    return (*lines, _judgements(findings.drivers, case))
