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


def _tied(rows: Sequence[Weighting], other: str) -> str:
    """Under which weightings one other option can't be told from those preferred."""
    if len(rows) > _EXAMPLES:
        named = ", ".join(_under(row) for row in rows[:_EXAMPLES])
        return f"Under {len(rows)} weightings {other} can't be told from it: {named} and more."
    if len(rows) == 1 and rows[0].kind == "origin":
        return f"Without the reports of {rows[0].title}, {other} can't be told from it."
    return f"With {list_words([_under(row) for row in rows])}, {other} can't be told from it."


def _under(row: Weighting) -> str:
    return f"the reports of {row.title} left out" if row.kind == "origin" else row.title


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

    Under those `changed` none of the options preferred before is tied with the best; `tied` are those
    under which one of them is, but so is another option, by that option.
    """

    changed: list[Weighting]
    tied: dict[str, list[Weighting]]
    unjudged: list[Weighting]
    tried: int


def _tally(rows: Sequence[Weighting], kept: Collection[str]) -> _Tally:
    others = [row for row in rows if row.id != ALL]
    judged = [row for row in others if row.reliable]
    tied: dict[str, list[Weighting]] = {}
    for row in judged:
        if row.preferred in kept:
            for option in (*row.tied, row.least):
                if option not in kept and row not in tied.setdefault(option, []):
                    tied[option].append(row)
    return _Tally(
        changed=[row for row in judged if row.preferred not in kept],
        tied=dict(sorted(tied.items(), key=lambda item: -len(item[1]))),
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
    lines += [_tied(some, name[option]) for option, some in tally.tied.items()]
    judged = tally.tried - len(tally.unjudged)
    if tally.tried and not lines and judged:
        count = f"{judged} of {tally.tried}" if tally.unjudged else f"{judged}"
        which = "that could be judged " if tally.unjudged else "tried "
        lines.append(f"Holds under every weighting of the evidence {which}({count}).")
    if tally.unjudged:
        lines.append(_unjudged(tally))
    # Sentences about reports speak of dropping origins and of the evidence as a whole.
    kinds = {"origin", "evidence"}
    reports = any(row.kind == "origin" and row.reliable for row in rows)
    moved = [*tally.changed, *(row for some in tally.tied.values() for row in some)]
    if reports and not any(row.kind in kinds for row in moved):
        unsure = any(row.kind in kinds for row in tally.unjudged)
        lines.append(f"No report {'that could be judged ' if unsure else ''}changes the choice.")
    return (*lines, _judgements(findings.drivers, case))
