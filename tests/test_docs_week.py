"""The commands of docs/week.md run, in their order, as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "week.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}(qpq .*)$", PAGE, re.MULTILINE)


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) > 10


@pytest.mark.slow
def test_commands_run_as_written(tmp_path: Path) -> None:
    (text,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "QPQ_ANALYST": "ana"}
    for command in COMMANDS:
        if command.startswith("qpq brief"):  # tests/test_cli_brief.py makes some
            continue
        line = re.sub(r"\bqpq ", f"{sys.executable} -m quidproquo ", command)
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            input="",
            capture_output=True,
            text=True,
            env=env,
            cwd=tmp_path,
            check=False,
        )
        assert run.returncode == 0, (command, run.stderr)
        assert run.stderr == "", command
