"""The command `qpq brief`, run whole with few worlds."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest
from tests.test_cli import CASE, qpq, wrong

from quidproquo.brief import json_schema

pytestmark = pytest.mark.slow
SAME = ("--worlds", "2048", "-q")
FEW = (*SAME, "--fresh")  # a run that was kept would make these tests pass by itself


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("brief")
    return qpq("brief", CASE, *FEW, folder=folder), folder / "out"


def test_brief_is_written_and_told(ran: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    run, out = ran
    assert (run.returncode, run.stderr) == (0, "")
    assert "The brief is out/brief.html" in run.stdout
    assert "Smallest run ESS" in run.stdout
    assert {"brief.html", "brief.json", "claims.csv", "run.nc"} <= {path.name for path in out.iterdir()}


def test_the_same_request_again_gives_the_same_bytes_and_says_why_it_was_quick(
    ran: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    again = qpq("brief", CASE, *SAME, folder=tmp_path)

    assert (again.returncode, again.stderr) == (0, "")
    assert "Nothing has changed since the last run" in again.stdout
    assert "Nothing changed" not in ran[0].stdout
    for name in ("brief.json", "brief.html", "claims.csv", "run.nc"):
        assert (tmp_path / "out" / name).read_bytes() == (ran[1] / name).read_bytes(), name


def test_the_page_can_be_left_out(ran: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path) -> None:
    run = qpq("brief", CASE, *SAME, "--no-page", folder=tmp_path)

    assert run.returncode == 0
    assert "The results are in out: brief.json, claims.csv, run.nc." in run.stdout
    assert not (tmp_path / "out" / "brief.html").exists()
    assert "of an earlier run" not in run.stdout
    assert (tmp_path / "out" / "brief.json").read_bytes() == (ran[1] / "brief.json").read_bytes()


def test_brief_follows_its_schema(ran: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    data = json.loads((ran[1] / "brief.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json_schema()).validate(data)
    assert data["seed"] == 0
    assert data["worlds"] == 2048
    with (ran[1] / "claims.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [claim["id"] for claim in data["claims"]]


def test_page_is_self_contained(ran: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    page = (ran[1] / "brief.html").read_text(encoding="utf-8")
    assert "<script src" not in page
    assert "<link " not in page
    assert "@import" not in page


def test_same_seed_gives_the_same_bytes_on_one_core_and_on_many(
    ran: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one core where the system can be asked for that, and with every program compiled anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    try:
        if own:
            os.sched_setaffinity(0, {min(own)})
        again = qpq("brief", CASE, *FEW, "--out", "again", folder=tmp_path)
    finally:
        if own:
            os.sched_setaffinity(0, own)
    assert again.returncode == 0
    for name in ("brief.json", "brief.html", "claims.csv", "run.nc"):
        assert (tmp_path / "again" / name).read_bytes() == (ran[1] / name).read_bytes(), name


def test_a_missing_document_ends_with_1_after_the_brief(tmp_path: Path) -> None:
    run = qpq("brief", CASE, "missing.txt", *FEW, folder=tmp_path)
    assert "missing.txt" in wrong(run)
    assert (tmp_path / "out" / "brief.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--as-of", "someday"],
            "option --as-of: date is 'someday', but it must be a day such as 2024-11-30",
        ),
        (["--as-of", "2024-11"], "option --as-of: date is '2024-11', but it must be a day"),
        (["--as-of", "2024-W48-6"], "but it must be a day"),
        (["--as-of", "2024-02-30"], "but it must be a day"),
        (["--claims", "missing.csv"], "missing.csv"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(arguments: list[str], told: str, tmp_path: Path) -> None:
    assert told in wrong(qpq("brief", CASE, *arguments, *FEW, folder=tmp_path))
