"""What a run refuses or reports before it simulates anything."""

from __future__ import annotations

import re
from pathlib import Path

import jax
import numpy as np
import pytest

from quidproquo.evidence.smc.islands import island_layout
from quidproquo.study import BacktestRequest, BriefRequest, back_test, make_brief, read_documents
from quidproquo.study.limits import FEWEST_WORLDS, LARGEST_SEED, MOST_WORLDS
from quidproquo.terms.errors import EvidenceError, InputError

CASE = "dprk-russia"
TOO_FEW = f"option --worlds: number is 10, but it must be at least {FEWEST_WORLDS}; ask for more."


class ReportedError(Exception):
    """Ends a run at its first report."""


def test_a_document_that_is_missing_is_reported_before_anything_is_simulated() -> None:
    def report(problem: str) -> None:
        raise ReportedError(problem)

    request = BriefRequest(CASE, documents=("nowhere.txt",), shipped_documents=False)
    with pytest.raises(ReportedError, match=r"path is 'nowhere\.txt', but it must be an existing file"):
        make_brief(request, on_problem=report)


def test_an_empty_document_that_was_named_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "also.txt").write_text("", encoding="utf-8")
    found = read_documents([str(tmp_path / "empty.txt"), str(tmp_path / "folder")], None)
    assert found.problems == (
        "document 'empty.txt': text is '', but it must be at least one word; check that it is the file you meant.",
    )


def test_too_few_worlds_are_refused_at_once() -> None:
    with pytest.raises(InputError, match=re.escape(TOO_FEW)):
        make_brief(BriefRequest(CASE, worlds=10))
    with pytest.raises(InputError, match=re.escape(TOO_FEW)):
        back_test(BacktestRequest(CASE, ("2024-11",), worlds=10))


def test_too_many_worlds_are_refused_at_once() -> None:
    told = f"number is 100000000, but it must be at most {MOST_WORLDS}; ask for fewer."
    with pytest.raises(InputError, match=re.escape(told)):
        make_brief(BriefRequest(CASE, worlds=100_000_000))


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1, 2**64])
def test_a_seed_that_would_be_another_one_is_refused(seed: int) -> None:
    told = f"option --seed: number is {seed}, but it must be from 0 to {LARGEST_SEED}; choose another seed."
    with pytest.raises(InputError, match=re.escape(told)):
        make_brief(BriefRequest(CASE, seed=seed))
    with pytest.raises(InputError, match=re.escape(told)):
        back_test(BacktestRequest(CASE, ("2024-11",), seed=seed))


def test_the_largest_seed_is_the_last_that_is_one_of_its_own() -> None:
    numbers = [tuple(np.asarray(jax.random.key_data(jax.random.key(seed)))) for seed in (0, LARGEST_SEED)]
    assert numbers[0] != numbers[1]
    assert tuple(np.asarray(jax.random.key_data(jax.random.key(LARGEST_SEED + 1)))) == numbers[0]


def test_the_fewest_worlds_are_those_that_the_sampler_accepts() -> None:
    assert island_layout(FEWEST_WORLDS).islands >= 8
    with pytest.raises(EvidenceError, match="at least"):
        island_layout(FEWEST_WORLDS - 1)
