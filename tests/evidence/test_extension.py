"""Claims added, changed and left out: worlds taken on from those of other claims, against a quadrature."""

from __future__ import annotations

from datetime import date

import jax
import numpy as np
import pytest
from tests.evidence.levels import Quadrature, level_model, numbered, reported
from tests.worlds.small import Row

from quidproquo.evidence.smc.bridge import (
    BridgeSettings,
    bridge_to_claims,
    bridge_to_powers,
    bridge_to_state,
)
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.extension import Extension, changes_between, extend, extension_of
from quidproquo.evidence.smc.islands import PosteriorDraws
from quidproquo.evidence.smc.sample import Settings, condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.counting import counting

MODEL = level_model()
NAMES = ("levels.level",)
DAY = (date(2022, 3, 31), date(2022, 3, 31))
BASE = (
    reported(60.0, origin="a", family="A"),
    reported(75.0, origin="b", family="B", grade="A1"),
    reported(40.0, origin="c", family="C", grade="C3"),
    reported(55.0, origin="d", family="D", event=DAY, grade="C2"),
    reported(50.0, origin="d", family="D", grade="C2"),
)
# name → the rows that are asked for, and the items that the program doesn't know
CHANGES: dict[str, tuple[dict[int, Row | None], tuple[str, ...]]] = {
    "added, of a new origin": ({5: reported(90.0, origin="e", family="E")}, ("c5",)),
    "added, of a known family": ({5: reported(90.0, origin="e", family="D")}, ("c5",)),
    "added, of an origin with one report": (
        {5: reported(35.0, origin="a", family="A", event=DAY)},
        ("c0", "c5"),
    ),
    "added, sharing the chance of being wrong": (
        {5: reported(65.0, origin="b", family="B", grade="A1", group=1)},
        ("c1", "c5"),
    ),
    "added, of a new form": ({5: reported(70.0, comparison="at_least", origin="e", family="E")}, ("c5",)),
    "left out": ({1: None}, ()),
    "left out, of an origin with two": ({4: None}, ()),
    "graded otherwise": ({2: reported(40.0, origin="c", family="C", grade="A1")}, ()),
    "another figure": ({1: reported(30.0, origin="b", family="B", grade="A1")}, ()),
    "another origin": ({2: reported(40.0, origin="e", family="E", grade="C3")}, ()),
    "another family": ({2: reported(40.0, origin="c", family="D", grade="C3")}, ()),
    "three at once": (
        {
            0: None,
            2: reported(40.0, origin="c", family="C", grade="B2"),
            5: reported(80.0, origin="e", family="E"),
        },
        ("c5",),
    ),
}


def changed(change: dict[int, Row | None]) -> dict[int, Row]:
    rows = dict(enumerate(BASE)) | change
    return {number: row for number, row in sorted(rows.items()) if row is not None}


@pytest.fixture(scope="module")
def base() -> PosteriorDraws:
    target = build_target(MODEL, numbered(dict(enumerate(BASE))))
    return condition(jax.random.key(3), target, 4096, Settings(islands=32))


def extended(name: str) -> tuple[Extension, dict[int, Row]]:
    rows = changed(CHANGES[name][0])
    found = extend(MODEL, numbered(dict(enumerate(BASE))), numbered(rows), NAMES)
    assert found is not None
    return found, rows


def check(found: PosteriorDraws, known: Quadrature) -> None:
    """Mean, variance and shares of the states, within what islands say of the error."""
    model, (mean, sd) = MODEL, known.moments()
    z = found.z[:, model.coordinates.index("levels.base")].astype(np.float64)
    states = model.states_of(found.z)[:, 0]
    columns = {"mean": (z, mean), "square": (z**2, sd**2 + mean**2)}
    columns |= {f"state {i}": ((states == i).astype(float), share) for i, share in enumerate(known.shares)}
    for name, (values, want) in columns.items():
        of_islands = np.array([values[found.island == one].mean() for one in np.unique(found.island)])
        error = of_islands.std(ddof=1) / np.sqrt(len(of_islands))
        if name.startswith("state"):  # few islands show a rare state, and know little of their error
            error = max(error, np.sqrt(want * (1.0 - want) / len(z)))
        assert error < 0.12, name
        assert abs(of_islands.mean() - want) < 4.5 * error + 0.003, name


@pytest.mark.parametrize("name", CHANGES)
def test_worlds_are_taken_on_to_other_claims(base, name):
    extension, rows = extended(name)
    assert tuple(extension.target.ids[i] for i in extension.added) == CHANGES[name][1]
    found = bridge_to_claims(jax.random.key(5), extension, base, 4096)
    assert found.z.shape == base.z.shape
    assert found.biases.shape[1] == len(extension.target.likelihood.bias.names)
    assert found.changes == len(CHANGES[name][0])
    check(found, Quadrature(tuple(rows.values())))


@pytest.mark.parametrize(
    "name", ["added, of an origin with one report", "three at once", "added, of a new form"]
)
def test_what_if_questions_are_answered_from_there(base, name):
    """Items left out, known to the program or not, and a state of the hypothesis."""
    extension, rows = extended(name)
    drawn = bridge_to_claims(jax.random.key(5), extension, base, 4096)
    settings = BridgeSettings(islands=16)
    for out in (0, len(rows) - 1):
        powers = np.array([float(i != out) for i in range(len(rows))])
        found = bridge_to_powers(jax.random.key(6), extension, drawn, powers, settings)
        check(found, Quadrature([row for i, row in enumerate(rows.values()) if i != out]))
    found = bridge_to_state(jax.random.key(7), extension, drawn, ("depth", 1), settings)
    inside = MODEL.states_of(found.z)[:, 0] == 1
    assert 0.4 < inside.mean() < 0.6
    z = found.z[inside, MODEL.coordinates.index("levels.base")]
    assert z.mean() == pytest.approx(Quadrature(tuple(rows.values())).moments(1)[0], abs=0.15)


@pytest.mark.parametrize("name", CHANGES)
def test_items_are_evaluated_as_a_program_of_their_own_does(name):
    """Log-likelihoods, chances of being wrong and predictions, known to the program or not."""
    extension, _ = extended(name)
    target, rng = extension.target, np.random.default_rng(1)
    z = rng.normal(size=(50, len(MODEL.coordinates))).astype(np.float32)
    biases = rng.normal(size=(50, len(target.likelihood.bias.names))).astype(np.float32)
    want, found = evaluate_items(target, z, biases), extension.evaluate_items(z, biases)
    for one, other in zip(want, found, strict=True):
        np.testing.assert_allclose(other, one, rtol=2e-3, atol=2e-3)


def test_a_posterior_with_a_program_of_its_own_has_nothing_to_add(base):
    target = build_target(MODEL, numbered(dict(enumerate(BASE))))
    extension = extension_of(target)
    assert extension.extras == ()
    counts, moves = extension.powers(np.array([1.0, 0.5, 0.0, 1.0, 1.0]))
    np.testing.assert_array_equal(counts, moves)
    for one, other in zip(
        evaluate_items(target, base.z, base.biases),
        extension.evaluate_items(base.z, base.biases),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_changes_are_counted_and_too_many_are_refused():
    table = numbered(dict(enumerate(BASE)))
    rows = changed(CHANGES["three at once"][0])
    assert changes_between(table, numbered(rows)) == ("c0", "c2", "c5")
    assert changes_between(table, table) == ()
    many = {n: reported(50.0 + n, origin=f"o{n}", family=f"F{n}") for n in range(5, 16)}
    assert extend(MODEL, table, numbered(changed(many)), NAMES) is None
    few = {n: row for n, row in many.items() if n < 15}
    assert extend(MODEL, table, numbered(changed(few)), NAMES) is not None


def test_nothing_is_compiled_for_a_second_change(base):
    extension, _ = extended("added, of a new origin")
    bridge_to_claims(jax.random.key(5), extension, base, 2048)
    with counting() as count:
        other, _ = extended("added, of a new form")
        bridge_to_claims(jax.random.key(5), other, base, 2048)
    assert [
        name for name in count.names if any(own in name for own in ("temper", "evaluate", "observe"))
    ] == []


def test_what_is_too_far_is_refused(base):
    many = {n: reported(5.0, origin=f"o{n}", family=f"F{n}", grade="A1") for n in range(5, 10)}
    extension = extend(MODEL, numbered(dict(enumerate(BASE))), numbered(changed(many)), NAMES)
    assert extension is not None
    with pytest.raises(EvidenceError, match=r"what-if: steps from the claims' posterior is 'more than 1'"):
        bridge_to_claims(jax.random.key(5), extension, base, 2048, BridgeSettings(most_steps=1))


def test_sure_claims_that_are_left_out_hold_nothing_any_more():
    """Eight sure reports of a level are gone; what remains is a vague one of another level."""
    sure = {n: reported(100.0, origin=f"o{n}", family=f"F{n}", grade="A1") for n in range(1, 9)}
    rows = {0: reported(60.0, origin="a", family="A", grade="C3")}
    table = numbered(rows | sure)
    drawn = condition(jax.random.key(1), build_target(MODEL, table), 4096, Settings(islands=32))
    extension = extend(MODEL, table, numbered(rows), NAMES)
    assert extension is not None
    known, found = Quadrature(tuple(rows.values())), []
    for seed in range(2):
        taken = bridge_to_claims(jax.random.key(seed), extension, drawn, 4096)
        z, flat = taken.z[:, MODEL.coordinates.index("levels.base")], MODEL.states_of(taken.z)[:, 0] == 0
        found.append((z.std(), flat.mean()))
    sd, share = np.mean(found, axis=0)
    assert abs(sd - known.moments()[1]) < 0.04
    assert abs(share - known.shares[0]) < 0.04


def test_a_bias_of_claims_that_are_left_out_goes_back_to_its_prior(base):
    extension = extension_of(build_target(MODEL, numbered(dict(enumerate(BASE)))))
    found = bridge_to_powers(jax.random.key(1), extension, base, np.array([1.0, 1.0, 1.0, 0.0, 0.0]))
    bias = found.biases[:, extension.target.likelihood.bias.names.index("bias.origin.d")]
    assert abs(bias.mean()) < 0.2
    assert abs(bias.std() - 1.0) < 0.15
