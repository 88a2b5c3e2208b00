"""Two runs between which claims were removed, graded otherwise and added, and a prior moved."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import pytest
from tests.study.what_if.conftest import FIXTURES, WORLDS, cache, case, own_cache, run  # noqa: F401

from quidproquo.brief import diff_lines
from quidproquo.study import BriefRequest, DiffAnswer, compare_runs
from quidproquo.study.answer import answer
from quidproquo.terms.errors import InputError

pytestmark = pytest.mark.slow
OPTIONS = BriefRequest("", worlds=WORLDS)


def rewritten(folder: Path) -> None:
    """F2 goes, F3 is graded otherwise, F8 comes, and the prior of a cost moves."""
    path = folder / "claims.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] != "F2"]
    for row in rows:
        if row["id"] == "F3":
            row["credibility"] = "5"
    later = {"event": "2023-06-20", "published": "2023-06-25", "value": "6500", "document": ""}
    rows.append(
        rows[0] | later | {"id": "F8", "speaker": "Institute of Trade", "origin": "Institute of Trade"}
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    priors = folder / "priors.toml"
    text = priors.read_text(encoding="utf-8")
    priors.write_text(text.replace("low = 0.6\nhigh = 2.5", "low = 0.7\nhigh = 2.8"), encoding="utf-8")


@pytest.fixture(scope="session")
def changed(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:  # noqa: F811
    """A case with these changes, and the folder of its run, which is kept too."""
    folder = tmp_path_factory.mktemp("changed") / "mine"
    shutil.copytree(FIXTURES / "case_697595c", folder)
    rewritten(folder)
    out = tmp_path_factory.mktemp("later")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        found = answer(BriefRequest(str(folder), worlds=WORLDS))
        found.keep(found.write(out))
    return folder, out


@pytest.fixture(scope="session")
def split(run: Path, changed: tuple[Path, Path], cache: Path) -> DiffAnswer:  # noqa: F811
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        return compare_runs(str(run), str(changed[0]), OPTIONS)


def test_what_changed_is_found(split: DiffAnswer) -> None:
    assert {group.id: group.members for group in split.groups} == {
        "removed": ["F2"],
        "regraded": ["F3"],
        "added": ["F8"],
        "priors": ["attention.overrun"],
    }
    assert len(split.sets) == 16


def test_parts_and_remainder_add_up(split: DiffAnswer) -> None:
    records = [*split.estimates.values(), *split.regrets.values(), *split.ranks.values()]
    records += [record for of in split.metrics.values() for record in of.values()]
    for record in records:
        whole = math.fsum([*(part.value for part in record.parts.values()), record.remainder])
        assert whole == pytest.approx(
            record.after - record.before, rel=1e-12, abs=1e-12 * abs(record.after) + 1e-15
        )


def test_the_remainder_of_one_model_and_seed_is_chance(split: DiffAnswer) -> None:
    """The old run was conditioned on its own: bridged worlds must find the same without having seen it."""
    for record in split.estimates.values():
        error = math.hypot(record.mcse, *(part.mcse for part in record.parts.values()))
        assert abs(record.remainder) <= 4.0 * error, record.title


def test_a_prior_of_what_options_cost_moves_no_estimate(split: DiffAnswer) -> None:
    for record in split.estimates.values():
        part = record.parts["priors"]
        assert abs(part.value) <= 4.0 * part.mcse + 1e-9, record.title


def test_removing_and_adding_reports_move_what_they_are_about(split: DiffAnswer) -> None:
    """F2 said at least 4000 and F8 says about 6500, where the others give about 4800."""
    parts = split.estimates["crates_sent"].parts
    assert parts["added"].value > 3.0 * parts["added"].mcse
    assert parts["removed"].value < 0.0


def test_the_same_run_twice_has_nothing_to_split(run: Path) -> None:  # noqa: F811
    found = compare_runs(str(run), str(run), OPTIONS)
    assert found.groups == []
    assert all(record.after == record.before for record in found.estimates.values())
    assert all(record.remainder == 0.0 for record in found.estimates.values())
    lines = diff_lines(found)
    assert lines[0].startswith("Nothing changed in claims or priors")
    assert max(map(len, lines)) <= 80


def test_lines_add_up_as_they_are_printed(split: DiffAnswer) -> None:
    from quidproquo.brief.diff import split_words

    for record in [*split.estimates.values(), *split.ranks.values()]:
        _, text = split_words(record)
        whole, parts = text.replace("−", "-").replace(",", "").split(" = ")
        numbers = [float(word) for word in parts.split() if word.lstrip("+-").replace(".", "").isdigit()]
        assert math.fsum(numbers) == pytest.approx(float(whole), abs=1e-9)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("nowhere", "RUN", "case: name is 'nowhere'"),
        ("@2023-01-01", "RUN", "run is '@2023-01-01', but it must be a folder of a run, a case, or CASE@DATE"),
        (str(FIXTURES / "run_697595c"), "RUN", "'made by an earlier version', but it must be one that keeps"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(run: Path, old: str, new: str, told: str) -> None:  # noqa: F811
    with pytest.raises(InputError) as caught:
        compare_runs(old, new.replace("RUN", str(run)), OPTIONS)
    assert told in str(caught.value)


def test_a_run_of_an_unknown_case_needs_its_name(run: Path, changed: tuple[Path, Path]) -> None:  # noqa: F811
    with pytest.raises(InputError, match="name it with --case"):
        compare_runs(str(run), str(changed[1]), OPTIONS)
