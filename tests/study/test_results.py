"""What the command writes and says of a folder that holds results already."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import write_html
from quidproquo.cli.run import _write
from quidproquo.study.answer import Answer
from quidproquo.study.progress import Silent


def test_a_page_of_an_earlier_run_is_named_where_no_page_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write(folder: Path) -> list[Path]:
        (folder / "brief.json").write_text("new")
        return [folder / "brief.json"]

    answer = Answer(make_brief(), (), kept=False, write=write, keep=lambda _: None)
    _write(answer, tmp_path, Silent(), page=False)
    assert "of an earlier run" not in capsys.readouterr().out

    (tmp_path / "brief.html").write_text("old")
    _write(answer, tmp_path, Silent(), page=False)
    assert "The page brief.html in it is of an earlier run." in capsys.readouterr().out
    assert (tmp_path / "brief.html").read_text() == "old"


def test_a_hostile_title_neither_turns_the_page_nor_runs_in_it(tmp_path: Path) -> None:
    brief = make_brief()
    title = "<script>alert(1)</script>\x1b[31m\u202eon"
    hostile = brief.model_copy(update={"about": brief.about.model_copy(update={"title": title})})
    page = write_html(hostile, tmp_path / "brief.html").read_text(encoding="utf-8")
    assert not {"\x1b", "\u202e"} & set(page)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\ufffd[31m\ufffdon" in page
