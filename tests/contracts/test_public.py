"""The front door: one public list, a light import, and the errors as they are drawn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import quidproquo
from quidproquo.terms import errors

ROOT = Path(__file__).parents[2]
PUBLIC = {
    "Backtest", "BacktestRequest", "Brief", "BriefRequest", "__version__", "back_test", "copy_case", "errors",
    "list_cases", "load_case", "make_brief", "read",
}  # fmt: skip
HEAVY = (
    "altair", "arviz_base", "arviz_stats", "h5netcdf", "jax", "jinja2", "lxml", "numpy", "pandas",
    "pydantic", "rich.progress", "scipy", "trafilatura", "vl_convert", "xarray",
)  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """The heavy modules that a fresh Python has loaded after a statement."""
    code = f"import json, sys; {statement}; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    path = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_public_list() -> None:
    assert set(quidproquo.__all__) == PUBLIC == set(dir(quidproquo))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_name_is_there(name: str) -> None:
    assert getattr(quidproquo, name) is not None


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        quidproquo.nothing  # noqa: B018


@pytest.mark.parametrize("statement", ["import quidproquo", "import quidproquo.cli"])
def test_import_is_light(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_pages_are_drawn_without_what_simulates() -> None:
    room = ROOT / "src/quidproquo/brief"
    modules = [f"quidproquo.brief.{file.stem}" for file in sorted(room.glob("[a-z]*.py"))]
    assert len(modules) > 10
    assert not loaded_by(f"import {', '.join(modules)}") & {"jax"}


def test_heavy_modules_are_noticed() -> None:
    assert loaded_by("import numpy") == {"numpy"}


def tree_of(root: type, prefix: str = "") -> list[str]:
    """The classes under `root`, drawn as in the documentation."""
    lines = []
    below = [kind for kind in root.__subclasses__() if kind.__module__ == errors.__name__]
    for number, kind in enumerate(below, start=1):
        last = number == len(below)
        lines.append(f"{prefix}{'└── ' if last else '├── '}{kind.__name__}")
        lines += tree_of(kind, prefix + ("    " if last else "│   "))
    return lines


def drawn_in(text: str) -> list[str]:
    lines = [line.strip(" ") if "QuidProQuoError" in line else line for line in text.splitlines()]
    return [line[: line.index("Error") + 5].strip(" ") for line in lines if "── " in line]


@pytest.mark.parametrize("place", ["terms/errors.py", "docs/errors.md"])
def test_errors_are_drawn_as_they_are(place: str) -> None:
    text = errors.__doc__ if place.endswith(".py") else (ROOT / place).read_text(encoding="utf-8")
    assert drawn_in(str(text)) == [line.strip() for line in tree_of(errors.QuidProQuoError)]


def test_all_errors_are_public() -> None:
    kinds = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert kinds | {"sentence"} == set(errors.__all__)
    assert issubclass(errors.QuidProQuoError, ValueError)
