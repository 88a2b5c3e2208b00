"""The choice over the set of weightings: what changes it, what ties it, and what couldn't be judged."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from tests.decisions.builders import ensemble
from tests.decisions.test_compare import RULES, WORLDS, all_kinds, choosing

from quidproquo.decisions.compare import compare
from quidproquo.decisions.record import Findings
from quidproquo.decisions.value import ValuedWorlds, valued_worlds
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.record import WeightingSweep
from quidproquo.sensitivity.weightings import sweep_weightings

ORIGINS = [
    WhatIf("origin", "radio", "Radio Freedonia", ("i",)),
    WhatIf("origin", "paper", "The Paper", ("j",)),
]


def shifted(fields: dict[str, object], by: float) -> dict[str, object]:
    """The ensemble that the likelihood `by · level` makes of standard normal levels."""
    level = fields["draws"] + np.array([by, 0.0, 0.0, 0.0])
    outcomes = fields["outcomes"].copy()
    outcomes[:, 0, 0] += 0.1 * by
    likelihood = fields["log_likelihood"].copy()
    likelihood[:, 0] = by * level[:, 0]
    return fields | {"draws": level, "outcomes": outcomes, "log_likelihood": likelihood}


def prepared(worlds: ValuedWorlds) -> PreparedEnsemble:
    return PreparedEnsemble(Reweighter(worlds.ensemble), worlds.option_values, {})


def run(fields: dict[str, object], prior: dict[str, object] | None = None) -> tuple[Findings, WeightingSweep]:
    weighted, exploratory = (valued_worlds(one, RULES) for one in all_kinds(**fields))
    own, before = SensitivityEvaluator(prepared(weighted)), None
    if prior is not None:
        worlds = valued_worlds(ensemble(**(prior | {"kind": "prior"})), RULES)
        before = SensitivityEvaluator(prepared(worlds), original=own)
    found = compare(weighted, exploratory, RULES)
    return found, sweep_weightings(own, before, found, RULES, ORIGINS)


def test_a_choice_that_depends_on_one_origin_says_so():
    prior = choosing(0.4)
    prior["outcomes"][:, 1, 0] = 0.52
    weighted = shifted(prior, 0.4)
    found, sweep = run(weighted, prior)
    assert found.preferred.options == ("a",)
    assert sweep.range[0] < 0 < sweep.range[1]
    rows = {row.id: row for row in sweep.rows}
    assert rows["origin:radio"].preferred == rows["evidence:0"].preferred == "b"
    assert rows["evidence:1"].preferred == rows["origin:paper"].preferred == "a"
    assert rows["origin:radio"].margin == pytest.approx(rows["evidence:0"].margin, abs=0.02)
    assert rows["origin:paper"].margin == pytest.approx(found.preferred.margin)
    assert rows["evidence:0"].pareto_k == 0.0


def test_a_choice_that_no_report_changes_depends_on_judgements():
    fields = choosing(0.05)
    fields["outcomes"][:, 1, 0] = 0.4
    found, sweep = run(shifted(fields, 0.05), fields)
    assert len(sweep.rows) == 7
    assert all(row.reliable and row.tied == ("a",) for row in sweep.rows)
    assert found.drivers[0].name == "war.end_rate"
    assert found.drivers[0].correlation == pytest.approx(1.0)


def test_a_choice_that_depends_on_a_hypothesis_says_so():
    fields = choosing(0.0, motive=True)
    fields["outcomes"][:, 1, 0] = 0.46
    found, sweep = run(fields)
    assert found.preferred.options == ("a",)
    hypotheses = [row for row in sweep.rows if row.kind == "hypothesis"]
    assert [row.id for row in hypotheses] == ["hypothesis:motive:cash=0.1", "hypothesis:motive:cash=0.9"]
    assert [row.preferred for row in hypotheses] == ["a", "b"]


def test_weightings_that_cannot_be_trusted_are_named_and_left_out_of_the_range():
    fields = choosing(3.0)
    _, sweep = run(shifted(fields, 3.0), None)
    rows = {row.id: row for row in sweep.rows}
    assert not rows["origin:radio"].reliable
    low, high = sweep.range
    assert all(low <= row.margin <= high for row in sweep.rows if row.reliable)


def test_a_state_without_weight_is_reported():
    fields = choosing(0.0)
    fields["states"] = np.zeros((WORLDS, 1), dtype=int)
    _, sweep = run(fields)
    assert "“Cash” has all the weight, so other probabilities couldn't be tried." in sweep.untried


PROGRAM = """
import hashlib
from tests.decisions.test_compare import choosing
from tests.sensitivity import test_weightings as t
fields = choosing(0.3)
found = t.run(t.shifted(fields, 0.3), fields)
print(hashlib.sha256(repr(found).encode()).hexdigest())
"""


def test_the_number_of_threads_does_not_change_a_byte():
    found = set()
    for threads in ("1", "2"):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1
