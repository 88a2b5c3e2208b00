"""What every output is by its declared kind, in every world, and that nothing jumps on the decision date.

The worlds of both cases are drawn up to two and a half times as far out as their priors say, under levers drawn
at random, along random futures.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds.whole import CASES, Found, unchanged, whole

from quidproquo.cases.record import BEARS
from quidproquo.worlds.mechanisms import MECHANISMS

FLOAT = 2.0**-15  # float32 after some hundred operations on numbers of one size
SEEDS = (0, 1, 2)

everywhere = pytest.mark.parametrize("name", CASES)
anywhere = given(seed=st.integers(0, 2**32 - 1), spread=st.floats(0.5, 2.5))
often = settings(max_examples=12)


# ---------------------------------------------------------------- declarations and kinds


def test_what_is_written_is_declared_and_what_is_declared_is_written_somewhere() -> None:
    written: dict[str, set[str]] = {}
    for name in CASES:
        found = whole(name).random(0)
        for part in found.model.parts:
            own = {n.partition(".")[2] for n in found.names if n.partition(".")[0] == part.name}
            declared = [output.name for output in part.mechanism.outputs]
            assert len(set(declared)) == len(declared), part.name
            assert own <= set(declared), part.name
            written.setdefault(part.mechanism.id, set()).update(own)
    written.pop(BEARS)  # made for each case from its propositions
    assert written.keys() == MECHANISMS.keys()
    for key, mechanism in MECHANISMS.items():
        assert {output.name for output in mechanism.outputs} == written[key], key


def check_kind(found: Found, name: str) -> None:
    """An output is what its declaration says: finite, within its bounds; a running total never falls."""
    output = found.model.output(name)
    path = found.path(name)
    assert np.isfinite(path).all(), name
    low, high = output.bounds
    assert path.min() >= low, f"{name} is {path.min()}"
    assert path.max() <= high, f"{name} is {path.max()}"
    if output.kind == "cumulative":
        assert np.all(np.diff(path, axis=0) >= -4 * FLOAT * path[-1]), f"{name} falls"


@everywhere
@often
@anywhere
def test_kinds_hold_for_every_output_in_every_world(name: str, seed: int, spread: float) -> None:
    """Before the decision date, after it, and across it."""
    found = whole(name).random(seed, spread)
    for output in found.names:
        check_kind(found, output)


# ---------------------------------------------------------------- across the decision date


def seam_gap(name: str, output: str) -> float:
    """The jump on the day after the decision date beyond two days' change, over the output's own size."""
    worst = 0.0
    for seed in SEEDS:
        found = unchanged(name, seed)
        before, now, after = found.past[output][found.now - 1 : found.now + 2]
        day = np.maximum(np.abs(after - now), np.abs(now - before))
        size = np.maximum(np.abs(found.path(output)).max(axis=0), 1e-6)
        jump = np.abs(found.ahead[output][0] - now) - 2.0 * day
        worst = max(worst, float((jump / size).max()))
    return worst


@everywhere
def test_what_the_past_says_of_the_decision_date_is_where_the_months_ahead_begin(name: str) -> None:
    """For every output that has both halves, where nobody does anything and the war goes on."""
    found = unchanged(name, 0)
    both = sorted(found.past.keys() & found.ahead.keys())
    assert len(both) > 60
    gaps = {output: seam_gap(name, output) for output in both}
    assert {output: gap for output, gap in gaps.items() if gap > 0.03} == {}
