"""Rooms import leftwards only, files and signatures stay small, and nothing but the command prints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "quidproquo"
ROOMS = (
    "terms",
    "cases",
    "reading",
    "claims",
    "worlds",
    "evidence",
    "decisions",
    "sensitivity",
    "study",
    "brief",
)
ALLOWED = {
    **{room: set(ROOMS[: number + 1]) for number, room in enumerate(ROOMS)},
    "worlds": {"terms", "cases", "worlds"},
    # The command catches what is raised on purpose, so it knows the errors; else study and brief.
    "cli": {"terms", "study", "brief", "cli"},
    "__init__": set(),
    "__main__": {"cli"},
}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).as_posix())
MOST_LINES = 500
MOST_PARAMETERS = 8
MOST_FUNCTION_LINES = 80


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> Iterator[str]:
    """Every room that a file imports from, at the top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            whole = node.module == "quidproquo"
            modules = [f"quidproquo.{alias.name}" for alias in node.names] if whole else [str(node.module)]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[0] == "quidproquo" and len(parts) > 1 and not parts[1].startswith("_"):
                yield parts[1]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_file_keeps_the_rules_of_the_house(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    room = room_of(path)
    assert room in ALLOWED, f"{room} isn't a room"

    assert set(imported_rooms(tree)) <= ALLOWED[room]
    assert text.count("\n") <= MOST_LINES
    for function in functions(tree):
        where = f"{function.name} in line {function.lineno}"
        arguments = function.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        if room != "cli":  # there, one parameter is one option
            assert (
                count - (arguments.args[:1] != [] and arguments.args[0].arg in {"self", "cls"})
                <= MOST_PARAMETERS
            ), where
        assert (function.end_lineno or 0) - function.lineno < MOST_FUNCTION_LINES, where
    if room != "cli":
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "print" not in names
        assert not any(f"sys.{stream}.write" in text for stream in ("stdout", "stderr"))


def test_rooms_are_those_of_the_package() -> None:
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()} == {*ROOMS, "cli"}


def test_a_forbidden_import_is_seen() -> None:
    tree = ast.parse("def f():\n    from quidproquo import brief\n    import quidproquo.study.schema.brief\n")
    assert list(imported_rooms(tree)) == ["brief", "study"]
