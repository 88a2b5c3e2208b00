"""Where a run's worlds start from: the prior, or the posterior of the case's base, kept or not."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest
from tests.evidence.levels import level_model, numbered, reported
from tests.worlds.small import made_case

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.smc.islands import PosteriorDraws
from quidproquo.study.conditioning import Evidence, Posterior, condition_worlds
from quidproquo.study.progress import Silent
from quidproquo.worlds import runtime
from quidproquo.worlds.store import Store

MODEL, CASE = level_model(), made_case()
WORLDS = 1024
ROWS = {
    0: reported(60.0, origin="a", family="A"),
    1: reported(75.0, origin="b", family="B", grade="A1"),
    2: reported(40.0, origin="c", family="C", grade="C3"),
}


def table(**further: float) -> EvidenceTable:
    """The rows above, and others by their figures, each of an origin of its own."""
    more = {
        3 + i: reported(value, origin=name, family=name) for i, (name, value) in enumerate(further.items())
    }
    return numbered(ROWS | more)


def run(base: EvidenceTable | None, asked: EvidenceTable, *, thorough: bool = False) -> Posterior:
    evidence = Evidence(asked, base)
    return condition_worlds(jax.random.key(2), CASE, MODEL, evidence, (WORLDS, thorough), Silent())


def draws(found: Posterior) -> PosteriorDraws:
    assert found.draws is not None
    return found.draws


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setattr(runtime, "_store", Store(tmp_path / "kept"))
    return tmp_path / "kept"


def kept(store: Path) -> list[Path]:
    return sorted(store.glob("posterior_*.npz"))


def test_a_run_is_the_same_whether_the_base_was_kept_or_not(store):
    first = draws(run(table(), table(d=90.0)))
    assert len(kept(store)) == 1  # the base; what was taken on from it is not
    second = draws(run(table(), table(d=90.0)))
    kept(store)[0].unlink()
    third = draws(run(table(), table(d=90.0)))
    for other in (second, third):
        for name in ("z", "biases", "island", "temperatures"):
            assert getattr(first, name).tobytes() == getattr(other, name).tobytes(), name
    assert first.changes == 1


def test_a_damaged_or_unwritable_store_changes_nothing(store, monkeypatch):
    want = draws(run(table(), table(d=90.0)))
    path = kept(store)[0]
    path.write_bytes(path.read_bytes()[:-10])
    assert draws(run(table(), table(d=90.0))).z.tobytes() == want.z.tobytes()
    monkeypatch.setattr(runtime, "_store", None)
    assert draws(run(table(), table(d=90.0))).z.tobytes() == want.z.tobytes()


def test_the_claims_of_the_base_are_conditioned_once(store):
    first = draws(run(table(), table()))
    assert first.changes == 0
    assert len(kept(store)) == 1
    again = draws(run(table(), table()))
    alone = draws(run(None, table()))
    assert first.z.tobytes() == again.z.tobytes() == alone.z.tobytes()
    assert len(kept(store)) == 1


@pytest.mark.parametrize("base", [None, EvidenceTable])
def test_without_a_base_worlds_come_from_the_prior(store, base):
    empty = table().select([]) if base else None
    found = draws(run(empty, table(d=90.0)))
    assert found.changes == 0


def test_many_changes_and_what_is_too_far_are_conditioned_from_the_prior(store, caplog, monkeypatch):
    many = {f"o{i}": 40.0 + i for i in range(11)}
    with caplog.at_level(logging.INFO, logger="quidproquo"):
        assert draws(run(table(), table(**many))).changes == 0
    assert (
        "The claims differ from the base by so many that worlds are conditioned from the prior."
        in caplog.text
    )
    from quidproquo.study import conditioning

    monkeypatch.setattr(conditioning, "BRIDGE", replace(conditioning.BRIDGE, most_steps=1))
    far = {f"o{i}": 3.0 for i in range(8)}
    with caplog.at_level(logging.INFO, logger="quidproquo"):
        found = draws(run(table(), table(**far)))
    assert found.changes == 0
    assert "The claims are too far from the base (what-if: steps" in caplog.text
    assert found.z.tobytes() == draws(run(None, table(**far))).z.tobytes()


def test_a_thorough_check_never_starts_from_the_base(store):
    assert draws(run(table(), table(d=90.0), thorough=True)).thorough


def test_without_claims_there_is_nothing_to_condition(store):
    found = run(table(), table().select([]))
    assert found.draws is None
    assert found.extension.target.ids == ()
    assert np.size(found.extension.own) == 0
