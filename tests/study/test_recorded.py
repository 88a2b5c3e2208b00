"""A back-test on file: small, and held against the case as it is now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from tests.brief.factory import make_brief
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.brief import render_html
from quidproquo.cases import copy_case, load_case
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.fingerprint import inputs_hash, stamp
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.assemble.recorded import migrate_backtest, on_file, ranks_on_file
from quidproquo.study.schema.backtest import RecordedBacktest, Stamp
from quidproquo.terms.errors import InputError
from quidproquo.worlds.model import build_model

CASE = "dprk-russia"
MOST_BYTES = 60_000
MODEL = build_model(made_case())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_case(CASE, tmp_path / "own")


def _make_current(folder: Path) -> RecordedBacktest:
    path = folder / "backtest.json"
    data = json.loads(path.read_bytes())
    migrate_backtest(data)
    record = RecordedBacktest.model_validate(data)
    now = Stamp(**stamp()._asdict())
    fresh = record.model_copy(update={"versions": versions(load_case(folder)), "stamp": now})
    path.write_text(fresh.model_dump_json(), encoding="utf-8")
    return fresh


def test_the_shipped_record_is_small_and_whole() -> None:
    path = load_case(CASE).folder / "backtest.json"
    record = on_file(path.parent, versions(load_case(CASE))).record
    assert record is not None
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


@pytest.mark.parametrize(
    ("field", "words"),
    [("model", "the model"), ("sampler", "the sampler"), ("numbers", "the numbers of a seeded run")],
)
def test_another_program_puts_a_record_out_of_date(folder: Path, field: str, words: str) -> None:
    fresh = _make_current(folder)
    other = fresh.model_copy(update={"stamp": fresh.stamp.model_copy(update={field: "other"})})
    (folder / "backtest.json").write_text(other.model_dump_json(), encoding="utf-8")
    found = on_file(folder, versions(load_case(folder)))
    assert (found.standing, found.changed) == ("out of date", [words])


def test_a_release_of_the_package_leaves_a_record_current(folder: Path) -> None:
    _make_current(folder)
    now = versions(load_case(folder)).model_copy(update={"quidproquo": "99.0"})
    assert on_file(folder, now).standing == "current"


def test_a_record_of_the_first_format_is_read_and_out_of_date(folder: Path) -> None:
    data = json.loads(_make_current(folder).model_dump_json())
    data["overall"]["lean"] = data["overall"].pop("mean_pit_interval")
    old = data | {"format": "1", "code": "sha256:0"}
    old.pop("stamp")
    (folder / "backtest.json").write_text(json.dumps(old), encoding="utf-8")
    found = on_file(folder, versions(load_case(folder)))
    assert found.changed == ["the model", "the sampler", "the numbers of a seeded run"]
    assert found.record is not None
    assert found.record.format == "2"


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
    "format": "2",
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
}


def fingerprint(table: EvidenceTable) -> dict[str, object]:
    return stamp()._asdict() | {"inputs": inputs_hash(MODEL, table), "reference": [1.0]}


def test_ranks_on_file_are_read_and_leave_the_hash_of_their_case(folder: Path) -> None:
    path = folder / "calibration.json"
    path.unlink(missing_ok=True)
    one, two = evidence_table(Row(value=1e10)), evidence_table(Row(value=1e10), Row(value=2e10))
    assert ranks_on_file(folder, MODEL, one) is None
    before = versions(load_case(folder)).case
    path.write_text(json.dumps(RANKS | {"fingerprint": fingerprint(one)}), encoding="utf-8")
    found = ranks_on_file(folder, MODEL, one)
    assert found is not None
    assert (found.replicates, found.quantities["war.end_rate"].counts) == (100, [52, 48])
    assert found.changed == []
    other = ranks_on_file(folder, MODEL, two)
    assert other is not None
    assert other.changed == ["the priors or the claims that weigh"]
    old = fingerprint(one) | {"numbers": "sha256:0"}
    path.write_text(json.dumps(RANKS | {"fingerprint": old}), encoding="utf-8")
    other = ranks_on_file(folder, MODEL, one)
    assert other is not None
    assert other.changed == ["the numbers of a seeded run"]
    assert versions(load_case(folder)).case == before


def test_ranks_of_the_first_format_are_read_and_out_of_date(folder: Path) -> None:
    old = {"names": "sha256:0", "code": "sha256:0", "reference": [1.0]}
    path = folder / "calibration.json"
    path.write_text(json.dumps(RANKS | {"format": "1", "fingerprint": old}), encoding="utf-8")
    found = ranks_on_file(folder, MODEL, evidence_table(Row(value=1e10)))
    assert found is not None
    assert len(found.changed) == 4


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "1"}', '{"made": 3}'])
def test_ranks_that_are_none_are_refused(folder: Path, text: str) -> None:
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json.*a record of a simulation-based calibration"):
        ranks_on_file(folder, MODEL, evidence_table(Row(value=1e10)))
