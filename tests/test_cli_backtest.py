"""The command `qpq backtest`, run whole with few worlds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.test_cli import CASE, qpq, wrong

from quidproquo.brief import backtest_after, backtest_before, backtest_rows, backtest_schema
from quidproquo.brief.sentences.calibration import coverage_sentence
from quidproquo.claims import CLAIM_COLUMNS
from quidproquo.study import Backtest
from quidproquo.terms.edtf import parse

FEW = ("--worlds", "1024", "-q")
DATES = ("--as-of", "2024-10-25", "--as-of", "2024-06-30")
FACT = {
    "id": "F1", "role": "observation", "quantity": "troops_sent_cumulative", "comparison": "about",
    "value": "14000", "unit": "persons", "event": "2025-04-30", "published": "2025-05-02",
    "speaker": "Ministry of Defence", "paraphrase": "14,000 have gone.", "verification": "page_excerpt",
}  # fmt: skip
BOUND = FACT | {"id": "F2", "comparison": "more_than", "value": "12000"}
EARLY = FACT | {"id": "F3", "event": "2024-06-01", "published": "2024-06-02"}


def write(path: Path, *rows: dict[str, str]) -> None:
    lines = [",".join(CLAIM_COLUMNS)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in CLAIM_COLUMNS) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def printed() -> str:
    run = qpq("backtest", CASE, *DATES, *FEW, "--json")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@pytest.fixture(scope="module")
def data(printed: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(printed)
    return loaded


@pytest.mark.slow
def test_json_follows_its_schema(data: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(backtest_schema()).validate(data)
    assert {
        "targets", "coverage50", "coverage90", "crps", "crps_persistence", "crps_trend", "log_score",
        "log_score_persistence", "log_score_trend",
    } <= set(data["overall"])  # fmt: skip
    assert data["as_of"] == ["2024-06-30", "2024-10-25"]
    assert (data["seed"], data["worlds"], data["outcomes"], data["clock"]) == (0, 1024, "claims", "published")


@pytest.mark.slow
def test_pooled_figures_are_those_of_the_reports(data: dict[str, Any]) -> None:
    """Targets, means and coverage counted anew from the single reports."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for report in data["reports"]:
        if not report["bound"]:
            groups.setdefault((report["quantity"], report["as_of"], report["origin"]), []).append(report)
    assert len(groups) == data["overall"]["targets"] == sum(q["targets"] for q in data["quantities"].values())
    crps = [sum(r["crps"]["model"] for r in rows) / len(rows) for rows in groups.values()]
    assert data["overall"]["crps_all"] == pytest.approx(sum(crps) / len(crps))
    same = {key: [r for r in rows if "trend" in r["crps"]] for key, rows in groups.items()}
    same = {key: rows for key, rows in same.items() if rows}
    assert len(same) == data["overall"]["compared"] > 0
    theirs = [sum(r["crps"]["trend"] for r in rows) / len(rows) for rows in same.values()]
    assert data["overall"]["crps_trend"] == pytest.approx(sum(theirs) / len(theirs))
    ours = [sum(r["crps"]["model"] for r in rows) / len(rows) for rows in same.values()]
    assert data["overall"]["against"]["trend"]["skill"] == pytest.approx(1 - sum(ours) / sum(theirs))
    bounds = {(r["quantity"], r["as_of"], r["origin"]) for r in data["reports"] if r["bound"]}
    assert len(bounds) == data["bounds"]["targets"]


@pytest.mark.slow
def test_every_report_came_later_and_none_is_missing(data: dict[str, Any]) -> None:
    claims = {
        row["id"]: row
        for row in map(json.loads, qpq("claims", CASE, "list", "--format", "jsonl").stdout.splitlines())
    }
    for report in data["reports"]:
        assert parse(claims[report["id"]]["published"]).end.isoformat() > report["as_of"]
    last = data["as_of"][-1]
    later = {name for name, row in claims.items() if row["published"] > last}
    told = {r["id"] for r in data["reports"] if r["as_of"] == last}
    assert later <= told | {one["id"] for one in data["unscorable"]}
    assert [one["as_of"] for one in data["exposure"]] == data["as_of"]
    counts = [one["conditioned"] for one in data["exposure"]]
    assert counts == sorted(counts)


@pytest.mark.slow
def test_same_seed_gives_the_same_bytes_in_any_order_of_dates(printed: str) -> None:
    assert qpq("backtest", CASE, *DATES[2:], *DATES[:2], *FEW, "--json").stdout == printed


@pytest.mark.slow
def test_what_the_terminal_shows(data: dict[str, Any]) -> None:
    result = Backtest.model_validate(data)
    above, rows, below = backtest_before(result), backtest_rows(result), backtest_after(result)
    assert above[1] == coverage_sentence(result.overall)
    assert rows[-1]["quantity"] == "All"
    assert len(rows) == len(result.quantities) + 1
    assert any(line.startswith("Bounds (") for line in below)
    assert sum("course of the war up to 28 February 2025 is given" in line for line in below) == 2
    assert not any("None" in line or "nan" in line for line in above + below)


@pytest.mark.slow
def test_later_facts_from_a_table_run_beyond_the_decision_date(tmp_path: Path) -> None:
    write(tmp_path / "later.csv", FACT, BOUND, EARLY)
    arguments = ("backtest", CASE, "--as-of", "2025-02-28", "--outcomes", "later.csv", *FEW)
    run = qpq(*arguments, "--json", folder=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    found = json.loads(run.stdout)
    assert found["outcomes"] == "file"
    assert [report["id"] for report in found["reports"]] == ["F1", "F2"]
    assert found["unscorable"] == [{"id": "F3", "reason": "known by the as-of date"}]
    assert (found["overall"]["targets"], found["bounds"]["targets"]) == (1, 1)
    assert found["overall"]["against"]["trend"]["skill_bound"] is None
    # the same table as the case's own, and words instead of JSON
    assert qpq("cases", "copy", CASE, "mine", folder=tmp_path).returncode == 0
    write(tmp_path / "mine" / "outcomes.csv", FACT, BOUND, EARLY)
    told = qpq("backtest", "mine", "--as-of", "2025-02-28", *FEW, folder=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Intervals of 90%" in told.stdout
    assert "Soldiers sent" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--as-of", "gestern"],
            "option --as-of: date is 'gestern', but it must be a day such as 2024-11-30; write",
        ),
        (
            ["--as-of", "2024-10-25", "--as-of", "2024-11"],
            "option --as-of: date is '2024-11', but it must be a day",
        ),
        (["--as-of", "1999-01-01"], "option --as-of: date is '1999-01-01'"),
        (["--as-of", "2024-10-25", "--outcomes", "missing.csv"], "missing.csv"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(arguments: list[str], told: str, tmp_path: Path) -> None:
    assert told in wrong(qpq("backtest", CASE, *arguments, folder=tmp_path))


def test_a_fact_with_the_id_of_a_claim(tmp_path: Path) -> None:
    write(tmp_path / "later.csv", FACT | {"id": "S012"})
    run = qpq("backtest", CASE, "--as-of", "2024-10-25", "--outcomes", "later.csv", folder=tmp_path)
    assert wrong(run) == (
        "table 'later.csv': id is 'S012', but it must be new to the case; give the fact another id."
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "option --as-of: value is missing"),
        (["--as-of", "2024-10-25", "--clock", "wall"], "'wall', but it must be one of published, event"),
    ],
)
def test_wrong_usage(arguments: list[str], told: str, tmp_path: Path) -> None:
    run = qpq("backtest", CASE, *arguments, folder=tmp_path)
    assert run.returncode == 2
    assert told in run.stderr
