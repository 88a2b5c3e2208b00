"""What-ifs that are kept under a name, and the briefs that show them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.study.what_if.conftest import WORLDS

from quidproquo.brief import render_html
from quidproquo.study import (
    BriefRequest,
    WhatIfAnswer,
    WhatIfRequest,
    answer_what_if,
    check_keep,
    keep_what_if,
)
from quidproquo.study.answer import answer
from quidproquo.study.kept_runs import WHAT_IFS
from quidproquo.study.what_if.kept import kept_what_ifs
from quidproquo.terms.errors import InputError

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(run: Path) -> WhatIfAnswer:
    request = WhatIfRequest(BriefRequest(str(run), worlds=WORLDS), without=("origin:Port authority",))
    return answer_what_if(request)


@pytest.fixture
def kept(case: Path, asked: WhatIfAnswer) -> Path:
    path = case / WHAT_IFS
    keep_what_if(check_keep(str(case), "No port"), asked)
    yield path
    path.unlink()


def test_what_is_kept_comes_back_and_the_same_name_replaces_it(
    case: Path, kept: Path, asked: WhatIfAnswer
) -> None:
    assert [one.name for one in kept_what_ifs(kept)] == ["No port"]
    keep_what_if(check_keep(str(case), " No  port "), asked)
    keep_what_if(check_keep(str(case), "Another"), asked)
    names = [one.name for one in kept_what_ifs(kept)]
    assert names == ["No port", "Another"]
    assert kept_what_ifs(kept)[0].model_copy(update={"name": ""}) == asked
    assert [path.name for path in case.iterdir() if path.name.startswith(".qpq-")] == []


def test_the_next_brief_shows_it_and_nothing_is_run_for_that(
    case: Path, run: Path, kept: Path, own_cache: None, tmp_path: Path
) -> None:
    found = answer(BriefRequest(str(case), worlds=WORLDS))
    assert found.kept
    (one,) = found.brief.what_ifs
    assert (one.name, one.method) == ("No port", "weights")
    page = render_html(found.brief)
    assert 'id="what-ifs"' in page
    assert "Without the port" not in page
    assert "without the origin “Port authority” (2 claims)" in page

    names = {path.name for path in found.write(tmp_path)}
    assert names == {"brief.json", "claims.csv", "run.nc"}
    assert json.loads((tmp_path / "brief.json").read_text())["what_ifs"][0]["name"] == "No port"
    for name in ("claims.csv", "run.nc"):
        assert (tmp_path / name).read_bytes() == (run / name).read_bytes()


def test_asked_of_another_run_it_has_that_runs_figures(case: Path, kept: Path, own_cache: None) -> None:
    data = json.loads(kept.read_text())
    data[0]["run"] = "another"
    data[0]["margin"] = [9.0, 9.0]
    kept.write_text(json.dumps(data))
    (one,) = answer(BriefRequest(str(case), worlds=WORLDS)).brief.what_ifs
    assert one.name == "No port"
    assert one.margin[0] < 1.0


def test_a_question_about_what_is_gone_says_so(case: Path, kept: Path, own_cache: None) -> None:
    data = json.loads(kept.read_text())
    data[0] |= {"run": "another", "question": {"without": ["origin:Gone"]}}
    kept.write_text(json.dumps(data))
    (one,) = answer(BriefRequest(str(case), worlds=WORLDS)).brief.what_ifs
    assert (one.method, one.reliable) == ("not judged", False)
    assert one.reliability.startswith("Not asked of this run: --without: origin is 'Gone'")


def test_without_what_ifs_the_brief_is_what_it_was(
    case: Path, run: Path, own_cache: None, tmp_path: Path
) -> None:
    answer(BriefRequest(str(case), worlds=WORLDS)).write(tmp_path)
    assert (tmp_path / "brief.json").read_bytes() == (run / "brief.json").read_bytes()
    assert "what-ifs" not in render_html(answer(BriefRequest(str(case), worlds=WORLDS)).brief)


@pytest.mark.parametrize(
    ("case_name", "name", "told"),
    [
        ("dprk-russia", "x", "option --keep: case is 'dprk-russia', but it must be a folder of one's own"),
        ("nowhere", "x", "case: name is 'nowhere'"),
        ("dprk-russia", "  ", "option --keep: name is '  ', but it must be of 1 to 60 letters"),
        ("dprk-russia", "a" * 61, "but it must be of 1 to 60 letters"),
        ("dprk-russia", "a\x1bb", "but it must be of 1 to 60 letters"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_kept_is_told_before_any_work(case_name: str, name: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        check_keep(case_name, name)
    assert told in str(caught.value)


def test_a_damaged_file_is_told(case: Path) -> None:
    path = case / WHAT_IFS
    path.write_text('{"no": "list"}')
    try:
        with pytest.raises(InputError, match="a list of what-ifs, as 'qpq what-if --keep' writes it"):
            check_keep(str(case), "x")
    finally:
        path.unlink()
