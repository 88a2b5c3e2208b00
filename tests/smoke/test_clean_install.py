"""What a user gets: installed from the checkout without any test tool, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("altair", "jax", "numpy", "pandas", "pydantic", "scipy", "trafilatura", "xarray")
TEST_TOOLS = ("pytest", "hypothesis", "beartype", "mypy")
NO_NETWORK = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError("the command opened a network connection")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = refuse
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of commands of a fresh environment with the package in it, not editable."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    install = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*install, "--constraint", ROOT / "constraints.txt", ROOT], check=True, env=environment())
    (folder / "offline").mkdir()
    (folder / "offline" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    yield folder
    shutil.rmtree(folder)  # a gigabyte


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def call(installed: Path, command: str, *arguments: str | Path) -> str:
    """Run a command of the environment, away from the checkout and cut off from the network."""
    run = subprocess.run(
        [installed / "env" / "bin" / command, *arguments],
        cwd=installed,
        env=environment() | {"PYTHONPATH": str(installed / "offline")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_commands_answer(installed: Path) -> None:
    assert "brief" in call(installed, "qpq", "--help")
    assert "dprk-russia" in call(installed, "qpq", "cases")
    assert "no problems found" in call(installed, "qpq", "check", "dprk-russia")


def test_import_loads_nothing_heavy_and_needs_no_test_tool(installed: Path) -> None:
    code = (
        "import importlib.util, json, sys, quidproquo, quidproquo.cli;"
        f"print(json.dumps([[m for m in {HEAVY!r} if m in sys.modules],"
        f"[m for m in {TEST_TOOLS!r} if importlib.util.find_spec(m)], quidproquo.__file__]))"
    )
    loaded, tools, place = json.loads(call(installed, "python", "-c", code))
    assert loaded == []
    assert tools == []
    assert Path(place).is_relative_to(installed)


def test_brief_is_written_offline(installed: Path) -> None:
    out = installed / "out"
    said = call(installed, "qpq", "brief", "dprk-russia", "--worlds", "2048", "-q", "--out", out)
    assert "brief.html" in said
    written = {path.name for path in out.iterdir()}
    assert {"brief.html", "brief.json", "claims.csv", "run.nc"} <= written
    assert all(path.stat().st_size > 0 for path in out.iterdir())
    brief = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    assert brief["case"] == "dprk-russia"
    assert brief["estimates"]
    assert brief["options"]
    assert str(installed) not in (out / "brief.json").read_text(encoding="utf-8")
