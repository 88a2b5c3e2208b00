"""Progress: bars on a terminal, plain lines in a log, silence if that is asked for."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest

from quidproquo.study import progress
from quidproquo.study.progress import Bars, Lines, Silent, progress_on


class Terminal:
    """A terminal of 100 columns: `stream` is written to, `shown` gives what a person would have seen."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.stream = os.fdopen(slave, "w", encoding="utf-8")
        os.set_blocking(self._master, False)
        self._seen = b""

    def shown(self) -> str:
        self.stream.flush()
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self._master, 65536):
                self._seen += piece
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._seen.decode())

    def close(self) -> None:
        self.stream.close()
        os.close(self._master)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    terminal = Terminal()
    yield terminal
    terminal.close()


def test_bars_only_on_a_terminal_and_when_wanted(terminal: Terminal, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        assert isinstance(progress_on(file), Lines)
        assert isinstance(progress_on(file, quiet=True), Silent)
    assert isinstance(progress_on(terminal.stream, quiet=True), Silent)
    assert isinstance(progress_on(terminal.stream), Bars)


def test_lines_on_a_terminal_that_cannot_move_its_cursor(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(progress_on(terminal.stream), Lines)


def test_silent_stage_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with Silent().stage("weighing", total=3) as advance:
        advance(1)
    assert capfd.readouterr() == ("", "")


def test_bar_shows_share_and_time_left(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    with progress_on(terminal.stream).stage("weighing", total=4) as advance:
        for _ in range(2):
            time.sleep(0.05)
            advance(1)
        time.sleep(0.3)
    shown = terminal.shown()
    assert "weighing" in shown
    assert "50%" in shown
    assert re.search(r"left 0:00:\d\d", shown)


def test_short_stages_are_not_shown(terminal: Terminal) -> None:
    with progress_on(terminal.stream).stage("loading", total=2) as advance:
        advance(2)
        time.sleep(0.2)
    assert "loading" not in terminal.shown()


def test_stages_nest_and_end_after_an_error(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    bars = progress_on(terminal.stream)
    with pytest.raises(KeyError), bars.stage("outer", total=1), bars.stage("inner") as advance:
        advance(1)
        time.sleep(0.2)
        raise KeyError
    assert "inner" in terminal.shown()
    assert "outer" in terminal.shown()
    with bars.stage("again", total=1) as advance:
        advance(1)
        time.sleep(0.2)
    assert "again" in terminal.shown()


INTERVAL = 0.1


@dataclass
class Log:
    """A file that lines are written to."""

    path: Path
    stream: TextIO

    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def lines(self, count: int) -> list[str]:
        """The log once it has so many lines; a test fails where they don't come."""
        until = time.monotonic() + 20.0
        while self.text().count("\n") < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.text().splitlines()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with (tmp_path / "log").open("w", encoding="utf-8") as stream:
        yield Log(tmp_path / "log", stream)


def test_a_line_of_a_log_tells_stage_share_and_time_left(log: Log) -> None:
    with Lines(log.stream, INTERVAL).stage("simulating", total=4096) as advance:
        advance(1000)
        advance(24)
        first = log.lines(1)[0]
    assert re.fullmatch(r"qpq: simulating: 1,024 of 4,096 \(25%\), about \d+ s left", first)


def test_a_stage_of_unknown_length_tells_what_is_done_and_the_time_so_far(log: Log) -> None:
    with Lines(log.stream, INTERVAL).stage("reading") as advance:
        first = log.lines(1)[0]
        advance(3)
        last = log.lines(3)[-1]
    assert re.fullmatch(r"qpq: reading: \d+ s so far", first)
    assert re.fullmatch(r"qpq: reading: 3 done, \d+ s so far", last)


def test_lines_speak_of_the_innermost_stage_and_end_with_the_last(log: Log) -> None:
    lines = Lines(log.stream, INTERVAL)
    with pytest.raises(KeyError), lines.stage("outer", total=1), lines.stage("inner"):
        assert "inner" in log.lines(1)[0]
        raise KeyError
    time.sleep(2 * INTERVAL)
    before = log.text()
    time.sleep(3 * INTERVAL)
    assert log.text() == before
    with lines.stage("second", total=1):
        assert "second" in log.lines(before.count("\n") + 1)[-1]


def test_a_short_run_leaves_a_log_empty(log: Log) -> None:
    with Lines(log.stream).stage("loading", total=2) as advance:
        advance(2)
    assert log.text() == ""
