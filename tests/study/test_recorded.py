"""A back-test on file: small, and held against the case as it is now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import render_html
from quidproquo.cases import copy_case, load_case
from quidproquo.evidence.checks.fingerprint import code_hash, names_hash
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.assemble.recorded import code_fingerprint, on_file, ranks_on_file
from quidproquo.study.schema.backtest import RecordedBacktest
from quidproquo.terms.errors import InputError

CASE = "dprk-russia"
MOST_BYTES = 60_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_case(CASE, tmp_path / "own")


def _make_current(folder: Path) -> RecordedBacktest:
    path = folder / "backtest.json"
    record = RecordedBacktest.model_validate_json(path.read_bytes())
    fresh = record.model_copy(update={"versions": versions(load_case(folder)), "code": code_fingerprint()})
    path.write_text(fresh.model_dump_json(), encoding="utf-8")
    return fresh


def test_the_shipped_record_is_small_and_whole() -> None:
    path = load_case(CASE).folder / "backtest.json"
    record = RecordedBacktest.model_validate_json(path.read_bytes())
    assert path.stat().st_size < MOST_BYTES
    assert len(record.pit) == record.overall.targets
    assert all(0.0 <= place <= 1.0 for place in record.pit)
    assert [one.as_of for one in record.exposure] == record.as_of


def test_a_record_of_the_case_as_it_is_now_is_current(folder: Path) -> None:
    record = _make_current(folder)
    found = on_file(folder, versions(load_case(folder)))
    assert (found.standing, found.changed, found.record) == ("current", [], record)


def test_a_changed_case_puts_its_record_out_of_date(folder: Path) -> None:
    _make_current(folder)
    with (folder / "CLAIMS.md").open("a", encoding="utf-8") as file:
        file.write("\nOne more line.\n")
    found = on_file(folder, versions(load_case(folder)))
    assert (found.standing, found.changed) == ("out of date", ["the files of the case"])


def test_another_program_puts_a_record_out_of_date(folder: Path) -> None:
    fresh = _make_current(folder)
    other = fresh.model_copy(update={"code": "sha256:0"})
    (folder / "backtest.json").write_text(other.model_dump_json(), encoding="utf-8")
    found = on_file(folder, versions(load_case(folder)))
    assert (found.standing, found.changed) == ("out of date", ["the model or its conditioning"])


def test_a_record_does_not_change_the_hash_of_its_case(folder: Path) -> None:
    before = versions(load_case(folder)).case
    (folder / "backtest.json").unlink()
    assert versions(load_case(folder)).case == before
    assert on_file(folder, versions(load_case(folder))).standing == "missing"


def test_a_record_that_is_not_one_is_refused(folder: Path) -> None:
    (folder / "backtest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"backtest\.json"):
        on_file(folder, versions(load_case(folder)))


def test_the_shipped_record_is_current_or_the_brief_says_what_changed() -> None:
    case = load_case(CASE)
    found = on_file(case.folder, versions(case))
    page = render_html(make_brief(claims=12, documents=4, estimates=3, backtest=found))
    text = html.fromstring(page).get_element_by_id("calibration").text_content()
    assert (found.standing == "current") == (found.changed == []) == ("out of date" not in text)
    assert all(what in text for what in found.changed)


RANKS = {
    "format": "1",
    "case": "freedonia",
    "as_of": "2025-02-28",
    "made": "2025-03-01",
    "settings": {
        "replicates": 100,
        "mutant_replicates": 100,
        "islands": 4,
        "particles": 64,
        "draws": 1,
        "sweeps": 2,
        "final_sweeps": 16,
        "seed": 0,
        "claims": 1,
        "predictions": [],
        "margin": "act",
    },
    "level": 0.001,
    "p": 0.6,
    "passed": True,
    "low": [40],
    "high": [60],
    "quantities": {"war.end_rate": {"kind": "parameter", "counts": [52, 48], "p": 0.7, "contraction": 0.1}},
    "mutants": {},
    "fingerprint": {"names": names_hash(["war.end_rate"], ["A001"]), "code": code_hash(), "reference": [1.0]},
}


def test_ranks_on_file_are_read_and_leave_the_hash_of_their_case(folder: Path) -> None:
    path = folder / "calibration.json"
    path.unlink(missing_ok=True)
    now = ["war.end_rate"], ["A001"]
    assert ranks_on_file(folder, *now) is None
    before = versions(load_case(folder)).case
    path.write_text(json.dumps(RANKS), encoding="utf-8")
    found = ranks_on_file(folder, *now)
    assert found is not None
    assert (found.replicates, found.quantities["war.end_rate"].counts) == (100, [52, 48])
    assert found.changed == []
    other = ranks_on_file(folder, now[0], ["A001", "A002"])
    assert other is not None
    assert other.changed == ["the model or the claims that weigh"]
    old = RANKS | {"fingerprint": RANKS["fingerprint"] | {"code": "sha256:0"}}
    path.write_text(json.dumps(old), encoding="utf-8")
    other = ranks_on_file(folder, *now)
    assert other is not None
    assert other.changed == ["the sampler"]
    assert versions(load_case(folder)).case == before


def test_ranks_that_are_none_are_refused(folder: Path) -> None:
    (folder / "calibration.json").write_text('{"made": 3}', encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json.*a record of a simulation-based calibration"):
        ranks_on_file(folder, [], [])
