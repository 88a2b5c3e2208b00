"""Finished runs on disk: found again by everything they depend on, never trusted when damaged."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from quidproquo.study.kept_runs import KeptRuns, key_of


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.toml").write_text("title = 'x'\n", encoding="utf-8")
    (folder / "claims.csv").write_text("id\nA1\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("brief.json", "claims.csv", "run.nc")]
    for path in paths:
        path.write_bytes(path.name.encode() * 100)
    return paths


def test_a_kept_run_comes_back_byte_for_byte(tmp_path: Path, run: list[Path]) -> None:
    kept = KeptRuns(tmp_path / "runs")
    assert kept.find("k") is None
    assert kept.keep("k", run, ["page.pdf can't be read"])

    found = kept.find("k")

    assert found is not None
    assert found.problems == ("page.pdf can't be read",)
    shutil.rmtree(tmp_path / "runs")  # another process may do that at any time
    written = found.copy_to(tmp_path / "out")
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in run]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in run)


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest", "other format", "not a mapping", "no brief"])
def test_a_damaged_run_is_dropped(tmp_path: Path, run: list[Path], damage: str) -> None:
    kept = KeptRuns(tmp_path / "runs")
    kept.keep("k", run, [])
    folder = tmp_path / "runs" / "k"
    if damage == "cut":
        (folder / "run.nc").write_bytes(b"run")
    elif damage == "gone":
        (folder / "run.nc").unlink()
    else:
        text = {"manifest": "{", "other format": '{"format": 99}', "not a mapping": "[]"} | {
            "no brief": '{"format": 1, "files": {}, "problems": []}'
        }
        text = text[damage]
        (folder / "manifest.json").write_text(text, encoding="utf-8")

    assert kept.find("k") is None
    assert kept.keep("k", run, [])
    assert kept.find("k") is not None


def test_a_file_in_the_place_of_a_run_gives_way(tmp_path: Path, run: list[Path]) -> None:
    runs = KeptRuns(tmp_path / "runs")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "key").write_text("no folder")
    assert runs.find("key") is None
    assert runs.keep("key", run, [])
    assert runs.find("key") is not None


def test_the_ones_used_longest_ago_go(tmp_path: Path, run: list[Path]) -> None:
    kept = KeptRuns(tmp_path / "runs", most=2)
    for age, key in enumerate("abc"):
        kept.keep(key, run, [])
        os.utime(tmp_path / "runs" / key / "manifest.json", (1000.0 + age, 1000.0 + age))
    kept.keep("d", run, [])

    assert [key for key in "abcd" if kept.find(key) is not None] == ["c", "d"]


def test_a_folder_that_takes_nothing_is_no_error(tmp_path: Path, run: list[Path]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = KeptRuns(tmp_path / "file" / "runs")

    assert not kept.keep("k", run, [])
    assert kept.find("k") is None


def test_the_key_changes_with_everything_a_run_depends_on(tmp_path: Path, case: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("3,000 soldiers", encoding="utf-8")
    options = {"worlds": 2048, "seed": 0}

    def key(options: dict[str, object], *documents: tuple[str, Path]) -> str | None:
        return key_of(options, case, documents)

    first = key(options, ("page.txt", page))
    keys = [
        first,
        key(options),
        key(options | {"seed": 1}, ("page.txt", page)),
        key(options, ("other", page)),
    ]
    page.write_text("3,001 soldiers", encoding="utf-8")
    keys.append(key(options, ("page.txt", page)))
    page.write_text("3,000 soldiers", encoding="utf-8")
    assert key(options, ("page.txt", page)) == first
    (case / "claims.csv").write_text("id\nA2\n", encoding="utf-8")
    keys.append(key(options, ("page.txt", page)))
    (case / "note.txt").write_text("", encoding="utf-8")
    keys.append(key(options, ("page.txt", page)))

    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_the_key_does_not_depend_on_where_the_case_lies(tmp_path: Path, case: Path) -> None:
    shutil.copytree(case, tmp_path / "elsewhere")
    assert key_of({}, case, []) == key_of({}, tmp_path / "elsewhere", [])


def test_what_cannot_be_read_has_no_key(tmp_path: Path, case: Path) -> None:
    assert key_of({}, case, [("gone.txt", tmp_path / "gone.txt")]) is None
