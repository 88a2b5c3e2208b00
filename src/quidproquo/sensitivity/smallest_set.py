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

from quidproquo.evidence.weights.rerun import Rerun, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import Choice, QuickVerdict, SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.rerun_evaluators import Boards

__all__ = ["SmallestSet", "smallest_set"]

_MOST_PAIRS = 5_000
_CONFIRMED = 3  # sets of one size, at most, for which worlds are conditioned anew
_EXHAUSTED = 2
_FURTHER = 4  # ensembles conditioned anew to judge more sets, half of them for pairs
_EACH_STEP = 2  # at most, at each step beyond pairs
_NEAREST = 3  # ensembles that are asked about a set

Members = tuple[int, ...]


@dataclass(frozen=True)
class SmallestSet:
    """What was found, and how far was searched.

    `origins` is the set found, empty if there is none; without it the choice is `preferred`, and it is
    `confirmed` by worlds conditioned anew. `nearest` is the set that brings the choice nearest to turning
    (the one found, if there is one), `lead` the lead of the option preferred under all the evidence
    without that set, `mcse` its Monte Carlo error. `searched` and `unjudged` map a size to the number of
    sets that were judged, and that couldn't be, because no ensemble's weights can be trusted there;
    `possible` to all sets of that size. `unconfirmed` sets turn the choice by weights, but worlds of their
    own didn't say so; of one size three at most are asked.
    """

    origins: tuple[str, ...]
    preferred: str
    confirmed: bool
    nearest: tuple[str, ...]
    lead: float
    mcse: float
    possible: Mapping[int, int]
    searched: Mapping[int, int]
    unjudged: Mapping[int, int]
    unconfirmed: int


def smallest_set(
    reweighter: Reweighter,
    origins: Sequence[WhatIf],
    choice: Choice,
    kept: Collection[str] = (),
    reruns: Reruns | None = None,
    every: bool = False,
) -> SmallestSet:
    """Search for the smallest set of origins whose removal changes the choice.

    Parameters
    ----------
    reweighter : the ensemble with all the evidence.
    origins : one set of items per origin.
    choice : the options and their value in each world.
    kept : further options that don't count as another choice, such as those tied with the first.
    reruns : conditions worlds anew; without it a set found is told by weights alone, unconfirmed.
    every : condition worlds anew for every pair that weights can't judge, and without limit beyond pairs;
        else four times at most, besides confirming, for those that promise most.
    """
    board = SensitivityEvaluator(reweighter, {}, choice)
    search = _Search(board, origins, {board.options[board.first], *kept}, reruns, every)
    found = search.run()
    nearest = found or search.nearest()
    glance = search.seen[nearest] if nearest else None
    return SmallestSet(
        origins=search.names(found),
        preferred=glance.preferred if found and glance else board.options[board.first],
        confirmed=bool(found) and reruns is not None,
        nearest=search.names(nearest),
        lead=glance.lead if glance else board.margin,
        mcse=glance.mcse if glance else 0.0,
        possible={size: math.comb(len(origins), size) for size in search.sizes()},
        searched=search.tally(judged=True),
        unjudged=search.tally(judged=False),
        unconfirmed=search.unconfirmed,
    )


class _Search:
    """Sets seen so far; of those that can't be judged, None."""

    def __init__(
        self,
        board: SensitivityEvaluator,
        origins: Sequence[WhatIf],
        kept: Collection[str],
        reruns: Reruns | None,
        every: bool,
    ) -> None:
        self.board = board
        self.origins = origins
        self.kept = kept
        self.reruns = reruns
        self.every = every
        self.budget = 0.0 if reruns is None else math.inf if every else float(_FURTHER)
        self.seen: dict[Members, QuickVerdict | None] = {}
        self.unconfirmed = 0
        self.boards = None if reruns is None else Boards(board, reruns)

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
        found = [len(members) for members, glance in self.seen.items() if (glance is not None) == judged]
        return {size: found.count(size) for size in self.sizes() if size in found}

    def nearest(self, among: Collection[Members] | None = None) -> Members:
        """The set that brings the choice nearest to turning, chance aside; empty if none was judged."""
        known = [
            (glance.bound, len(members), members)
            for members, glance in self.seen.items()
            if glance is not None and (among is None or members in among)
        ]
        return min(known)[2] if known else ()

    def _pairs(self) -> list[Members]:
        """All pairs; of too many those of the origins that bring the choice nearest, or can't be judged."""
        count = len(self.origins)
        if math.comb(count, _EXHAUSTED) > _MOST_PAIRS:
            count = (1 + math.isqrt(1 + 8 * _MOST_PAIRS)) // 2
        glances = [self.seen[place,] for place in range(len(self.origins))]
        bounds = [-math.inf if glance is None else glance.bound for glance in glances]
        ranked = sorted(range(len(bounds)), key=lambda place: (bounds[place], place))
        return sorted(combinations(sorted(ranked[:count]), _EXHAUSTED))

    def _walk(self) -> Members:
        """Beyond pairs, one origin more at a time, while most of what comes next can be judged."""
        now = self.nearest([members for members in self.seen if len(members) == _EXHAUSTED])
        while now and len(now) < len(self.origins):
            more = [tuple(sorted((*now, place))) for place in range(len(self.origins)) if place not in now]
            self._judge(more)
            if any(self.seen[members] is None for members in more) and self._own(now):
                self._judge(more)
            self._run_for(more, _EACH_STEP)
            found = self._turning(more)
            if found:
                return self._thinned(found)
            if 2 * sum(self.seen[members] is None for members in more) > len(more):
                return ()
            now = self.nearest(more)
        return ()

    def _run_for(self, sets: Sequence[Members], most: float) -> None:
        """Worlds of their own for so many of the sets that are left, the most promising first."""
        left = sorted((self._promise(members), members) for members in sets if self.seen[members] is None)
        for place, (_, members) in enumerate(left):
            if place >= most or self.budget <= 0:
                return
            self._own(members)

    def _promise(self, members: Members) -> float:
        """How low the lead may lie without a set, by what each origin does alone, were effects to add up."""
        alone = [self.seen[place,] for place in members]
        if any(glance is None for glance in alone):
            return -math.inf
        shifts = [(glance.lead - self.board.margin, glance.mcse) for glance in alone if glance is not None]
        return self.board.margin + sum(shift - 2.0 * error for shift, error in shifts)

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
        turning = [(glance.bound, members) for members in sets if (glance := self.seen[members]) is not None]
        turning = [(bound, members) for bound, members in sorted(turning) if self._turns(members)]
        if self.reruns is None:
            return turning[0][1] if turning else ()
        for _, members in turning[:_CONFIRMED]:
            if self._own(members, confirming=True) and self._turns(members):
                return members
        self.unconfirmed += len(turning)
        return ()

    def _turns(self, members: Members) -> bool:
        glance = self.seen[members]
        return glance is not None and glance.preferred not in self.kept

    def _judge(self, sets: Sequence[Members]) -> None:
        """From the original ensemble by weights; else from the nearest ones that were run again."""
        self._from(self.board, [members for members in sets if members not in self.seen])
        left = [members for members in sets if self.seen[members] is None]
        if self.reruns is None or not left:
            return
        near = {members: self.reruns.near(self._change(members))[:_NEAREST] for members in left}
        for rank in range(max(map(len, near.values()))):
            nth: dict[int, tuple[Rerun, list[Members]]] = {}
            for members in left:
                if self.seen[members] is None and rank < len(near[members]):
                    run = near[members][rank]
                    nth.setdefault(id(run), (run, []))[1].append(members)
            for run, chosen in nth.values():
                self._from(self._board(run), chosen)

    def _own(self, members: Members, confirming: bool = False) -> bool:
        """From worlds of its own; whether there are any. Those not run before cost of the budget."""
        change = self._change(members)
        if self.reruns is None or not (confirming or self.budget > 0 or self.reruns.holds(change)):
            return False
        if not confirming and not self.reruns.holds(change):
            self.budget -= 1
        answer = self.reruns.own(change)
        if answer is None:
            return False
        self._from(self._board(answer.run), [members])
        return True

    def _from(self, board: SensitivityEvaluator, sets: Sequence[Members]) -> None:
        found = board.glance([WhatIf("set", "", "", self._items(members)) for members in sets])
        for members, glance in zip(sets, found, strict=True):
            self.seen[members] = glance

    def _board(self, run: Rerun) -> SensitivityEvaluator:
        assert self.boards is not None
        return self.boards.of(run)

    def _change(self, members: Members) -> Change:
        return Change(drop=self._items(members))

    def _items(self, members: Members) -> tuple[str, ...]:
        return tuple(item for place in members for item in self.origins[place].items)
