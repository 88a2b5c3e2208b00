"""The commands that ask something of runs: what is wrong is told in one sentence, before any work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.test_cli import CASE, qpq, wrong

RUN = str(Path(__file__).parent / "fixtures" / "run_697595c")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["what-if", "nowhere", "--without", "origin:x"], "case: name is 'nowhere'"),
        (["what-if", RUN], "what-if: supposition is 'missing', but it must be --without, --reliability"),
        (["what-if", RUN, "--without", "Port"], "--without: value is 'Port', but it must be kind:name"),
        (["what-if", RUN, "--reliability", "port=D"], "--reliability: run is 'one of an earlier version'"),
        (["what-if", CASE, "--without", "origin:x", "--keep", "n"], "option --keep: case is 'dprk-russia'"),
        (["diff", RUN, RUN], "'made by an earlier version', but it must be one that keeps the claims that weigh"),
        (["ledger", "nowhere"], "case: name is 'nowhere'"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_sentence(arguments: list[str], told: str, tmp_path: Path) -> None:
    text = wrong(qpq(*arguments, "-q", folder=tmp_path))
    assert told in text
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_a_folder_answers_by_weights_alone(tmp_path: Path) -> None:
    found = qpq("what-if", RUN, "--without", "origin:port authority", "-q", folder=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    first, *rest = found.stdout.splitlines()
    assert first == "What if: without the origin “Port authority” (2 claims)."
    assert rest
    assert max(map(len, rest)) <= 80


def test_the_ledger_of_a_run_in_a_folder(tmp_path: Path) -> None:
    found = qpq("ledger", RUN, "--by", "object", "-q", folder=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "Crates" in found.stdout
