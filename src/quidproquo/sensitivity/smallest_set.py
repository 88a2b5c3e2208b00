"""The smallest set of origins found whose removal changes the choice.

Every origin and every pair is tried; beyond, one origin more at a time, whichever brings the choice
nearest to turning. Sets are judged by weights, from the nearest ensemble that can; one that turns the
choice is confirmed by worlds conditioned anew without it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from quidproquo.decisions.rule import TIE_ERRORS
from quidproquo.evidence.weights.rerun import Rerun
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.evaluator import QuickVerdict, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator

__all__ = ["SET_RERUNS", "SmallestSet", "smallest_set"]

SET_RERUNS = 3  # ensembles conditioned anew to judge and confirm sets, to be kept in reserve for them

_MOST_PAIRS = 5_000
_CONFIRMED = 3  # sets of one size, at most, for which worlds are conditioned anew
_EXHAUSTED = 2
_FURTHER = 2  # ensembles conditioned anew to judge more sets, half of them for pairs
_EACH_STEP = 2  # at most, at each step beyond pairs
_CLOSEST = 3  # ensembles that are asked about a set

Members = tuple[int, ...]


@dataclass(frozen=True)
class SmallestSet:
    """What was found, and how far was searched.

    `origins` is the set found, empty if there is none; without it the choice is `preferred`, and it is
    `confirmed` by worlds conditioned anew. `closest` is the set that brings the choice nearest to turning
    (the one found, if there is one), `lead` the lead of the option preferred under all the evidence
    without that set, `mcse` its Monte Carlo error. `searched` and `unjudged` map a size to the number of
    sets that were judged, and that couldn't be, because no ensemble's weights can be trusted there;
    `possible` to all sets of that size. `unconfirmed` sets turn the choice by weights, but worlds of their
    own didn't say so; of one size three at most are asked.
    """

    origins: tuple[str, ...]
    preferred: str
    confirmed: bool
    closest: tuple[str, ...]
    lead: float
    mcse: float
    possible: Mapping[int, int]
    searched: Mapping[int, int]
    unjudged: Mapping[int, int]
    unconfirmed: int


def smallest_set(
    evaluator: SensitivityEvaluator,
    origins: Sequence[WhatIf],
    reruns: RerunEvaluator | None = None,
    every: bool = False,
) -> SmallestSet:
    """Search for the smallest set of origins whose removal changes the choice.

    Parameters
    ----------
    evaluator : of the ensemble with all the evidence.
    origins : one set of items per origin.
    reruns : conditions worlds anew; without it a set found is judged by weights alone, unconfirmed.
    every : condition worlds anew for every pair that weights can't judge, and without limit beyond pairs;
        else twice at most, besides confirming, for those that promise most.
    """
    search = _Search(evaluator, origins, reruns, every)
    found = search.run()
    closest = found or search.closest()
    verdict = search.seen[closest] if closest else None
    return SmallestSet(
        origins=search.names(found),
        preferred=verdict.preferred if found and verdict else evaluator.options[evaluator.first],
        confirmed=bool(found) and reruns is not None,
        closest=search.names(closest),
        lead=verdict.lead if verdict else evaluator.margin,
        mcse=verdict.mcse if verdict else 0.0,
        possible={size: math.comb(len(origins), size) for size in search.sizes()},
        searched=search.tally(judged=True),
        unjudged=search.tally(judged=False),
        unconfirmed=search.unconfirmed,
    )


class _Search:
    """Sets seen so far; of those that can't be judged, None."""

    def __init__(
        self,
        evaluator: SensitivityEvaluator,
        origins: Sequence[WhatIf],
        reruns: RerunEvaluator | None,
        every: bool,
    ) -> None:
        self.evaluator = evaluator
        self.origins = origins
        self.kept = {evaluator.options[place] for place in evaluator.base.tied}
        self.reruns = reruns
        self.every = every
        self.budget = 0.0 if reruns is None else math.inf if every else min(_FURTHER, reruns.reruns.remaining)
        self.seen: dict[Members, QuickVerdict | None] = {}
        self.unconfirmed = 0

    def run(self) -> Members:
        """The smallest set found that turns the choice; empty if none is."""
        singles = [(place,) for place in range(len(self.origins))]
        self._judge(singles)
        if self.every:
            self._run_for(singles, math.inf)
        found = self._turning(singles)
        if found:
            return found
        pairs = self._pairs()
        self._judge(pairs)
        self._run_for(pairs, math.inf if self.every else _FURTHER / 2)
        return self._turning(pairs) or self._walk()

    def names(self, members: Members) -> tuple[str, ...]:
        """The ids of the origins."""
        return tuple(self.origins[place].id for place in members)

    def sizes(self) -> list[int]:
        """Of the sets seen."""
        return sorted({len(members) for members in self.seen})

    def tally(self, judged: bool) -> dict[int, int]:
        """How many sets of each size were judged, or couldn't be."""
        found = [len(members) for members, verdict in self.seen.items() if (verdict is not None) == judged]
        return {size: found.count(size) for size in self.sizes() if size in found}

    def closest(self, among: Collection[Members] | None = None) -> Members:
        """The set that brings the choice nearest to turning, chance aside; empty if none was judged."""
        known = [
            (verdict.bound, len(members), members)
            for members, verdict in self.seen.items()
            if verdict is not None and (among is None or members in among)
        ]
        return min(known)[2] if known else ()

    def _pairs(self) -> list[Members]:
        """All pairs; of too many those of the origins that bring the choice nearest, or can't be judged."""
        count = len(self.origins)
        if math.comb(count, _EXHAUSTED) > _MOST_PAIRS:
            count = (1 + math.isqrt(1 + 8 * _MOST_PAIRS)) // 2
        verdicts = [self.seen[place,] for place in range(len(self.origins))]
        bounds = [-math.inf if verdict is None else verdict.bound for verdict in verdicts]
        ranked = sorted(range(len(bounds)), key=lambda place: (bounds[place], place))
        return sorted(combinations(sorted(ranked[:count]), _EXHAUSTED))

    def _walk(self) -> Members:
        """Beyond pairs, one origin more at a time, while most of what comes next can be judged."""
        now = self.closest([members for members in self.seen if len(members) == _EXHAUSTED])
        while now and len(now) < len(self.origins):
            more = [tuple(sorted((*now, place))) for place in range(len(self.origins)) if place not in now]
            self._judge(more)
            if any(self.seen[members] is None for members in more) and self._exact(now):
                self._judge(more)
            self._run_for(more, _EACH_STEP)
            found = self._turning(more)
            if found:
                return self._thinned(found)
            if 2 * sum(self.seen[members] is None for members in more) > len(more):
                return ()
            now = self.closest(more)
        return ()

    def _run_for(self, sets: Sequence[Members], most: float) -> None:
        """Worlds of their own for so many of the sets that aren't judged yet, the most promising first."""
        open_ = sorted((self._promise(members), members) for members in sets if self.seen[members] is None)
        for place, (_, members) in enumerate(open_):
            if place >= most or self.budget <= 0:
                return
            self._exact(members)

    def _promise(self, members: Members) -> float:
        """How low the lead may lie without a set, by what each origin does alone, were effects to add up."""
        alone = [self.seen[place,] for place in members]
        if any(verdict is None for verdict in alone):
            return -math.inf
        margin = self.evaluator.margin
        shifts = [(verdict.lead - margin, verdict.mcse) for verdict in alone if verdict is not None]
        return margin + sum(shift - TIE_ERRORS * error for shift, error in shifts)

    def _thinned(self, members: Members) -> Members:
        """Whether fewer of them do; pairs were all tried."""
        while len(members) > _EXHAUSTED + 1:
            fewer = list(combinations(members, len(members) - 1))
            self._judge(fewer)
            self._run_for(fewer, _EACH_STEP)
            found = self._turning(fewer)
            if not found:
                break
            members = found
        return members

    def _turning(self, sets: Sequence[Members]) -> Members:
        """Of these sets, which were judged, one that turns the choice, confirmed; empty if none does."""
        turning = [
            (verdict.bound, members) for members in sets if (verdict := self.seen[members]) is not None
        ]
        turning = [(bound, members) for bound, members in sorted(turning) if self._turns(members)]
        if self.reruns is None:
            return turning[0][1] if turning else ()
        for _, members in turning[:_CONFIRMED]:
            if self._exact(members, confirming=True) and self._turns(members):
                return members
        self.unconfirmed += len(turning)
        return ()

    def _turns(self, members: Members) -> bool:
        verdict = self.seen[members]
        return verdict is not None and verdict.preferred not in self.kept

    def _judge(self, sets: Sequence[Members]) -> None:
        """From the original ensemble by weights; else from the closest ones that were re-run."""
        self._judge_from(self.evaluator, [members for members in sets if members not in self.seen])
        unjudged = [members for members in sets if self.seen[members] is None]
        if self.reruns is None or not unjudged:
            return
        close = {
            members: self.reruns.reruns.by_distance(self._change(members))[:_CLOSEST] for members in unjudged
        }
        for rank in range(max(map(len, close.values()))):
            nth: dict[int, tuple[Rerun, list[Members]]] = {}
            for members in unjudged:
                if self.seen[members] is None and rank < len(close[members]):
                    run = close[members][rank]
                    nth.setdefault(id(run), (run, []))[1].append(members)
            for run, chosen in nth.values():
                self._judge_from(self.reruns.of(run), chosen)

    def _exact(self, members: Members, confirming: bool = False) -> bool:
        """From worlds of its own; whether there are any. Those not run before count against the budget."""
        change = self._change(members)
        if self.reruns is None:
            return False
        known = self.reruns.reruns.has_exact(change)
        if not (confirming or self.budget > 0 or known):
            return False
        if not confirming and not known:
            self.budget -= 1
        answer = self.reruns.exact(change)
        if answer is None:
            return False
        self._judge_from(answer[0], [members])
        return True

    def _judge_from(self, evaluator: SensitivityEvaluator, sets: Sequence[Members]) -> None:
        found = evaluator.verdicts([WhatIf("set", "", "", self._items(members)) for members in sets])
        for members, verdict in zip(sets, found, strict=True):
            self.seen[members] = verdict

    def _change(self, members: Members) -> Change:
        return Change(drop=self._items(members))

    def _items(self, members: Members) -> tuple[str, ...]:
        return tuple(item for place in members for item in self.origins[place].items)
