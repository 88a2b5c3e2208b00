"""The papers of the project agree with each other and with the program."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import quidproquo
from quidproquo.brief import backtest_schema, diff_schema, json_schema, what_if_schema

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ELSEWHERE = {"out", "build", "dist", "shared"}
TEXTS = {"", ".css", ".csv", ".html", ".j2", ".json", ".jsonl", ".md", ".py", ".sh", ".toml", ".txt", ".yaml"}
# Names under which distributions are imported, where they differ.
IMPORTED_AS = {"python-docx": "docx", "vl-convert-python": "vl_convert"}
# Declared, though no file imports them: module → why.
NOT_IMPORTED = {
    "beartype": "tests/conftest.py names it to the import hook of jaxtyping",
    "flatbuffers": "jax.export writes programs with it but doesn't require it",
    "lxml_html_clean": "trafilatura imports it; older pip misses that extra of lxml",
    "mypy": "a command of `make lint`",
    "pytest_xdist": "a plug-in of pytest",
    "ruff": "a command of `make lint`",
}


def listed() -> list[Path]:
    """All files of the checkout; where git can tell, not those that it ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return sorted(ROOT.rglob("*"))
    return sorted(ROOT / name for name in set(names.split("\0")) if name)


def texts() -> Iterator[Path]:
    """All text files of the checkout, but not what is made from them."""
    for path in listed():
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
        wanted = not hidden and parts[0] not in ELSEWHERE and "__pycache__" not in parts
        if wanted and path.is_file() and path.suffix in TEXTS:
            yield path


def distribution(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def third_party(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return (
        found
        - set(sys.stdlib_module_names)
        - {"quidproquo", "tests", "benchmarks"}
        - {path.stem for path in folder.rglob("*.py")}
    )


def modules(requirements: list[str]) -> set[str]:
    names = {distribution(requirement) for requirement in requirements}
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}


def test_licence_is_apache() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    text = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    assert text.startswith("Apache License Version 2.0, January 2004")
    assert "END OF TERMS AND CONDITIONS" in text


def test_changelog_begins_with_the_version() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == quidproquo.__version__


def test_all_imports_are_declared() -> None:
    required, extras = modules(PROJECT["dependencies"]), PROJECT["optional-dependencies"]
    readers = modules(extras["llm"])
    assert third_party(ROOT / "src") <= required | readers
    # What an extra brings may be missing, so it is imported where it is used.
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not readers & {name.split(".")[0] for name in names}, path
    tested = required | modules(extras["test"])
    assert third_party(ROOT / "tests") <= tested | readers
    assert third_party(ROOT / "benchmarks") <= tested | modules(extras["bench"])


@pytest.mark.parametrize(
    ("group", "folder"), [("", "src"), ("llm", "src"), ("test", "tests"), ("bench", "benchmarks")]
)
def test_everything_declared_is_imported(group: str, folder: str) -> None:
    """A dependency that nothing imports goes, unless `NOT_IMPORTED` says what it is for."""
    declared = PROJECT["optional-dependencies"][group] if group else PROJECT["dependencies"]
    assert modules(declared) - third_party(ROOT / folder) <= set(NOT_IMPORTED)


def test_exceptions_are_declared_and_not_imported() -> None:
    optional = [name for extra in PROJECT["optional-dependencies"].values() for name in extra]
    assert set(NOT_IMPORTED) <= modules([*PROJECT["dependencies"], *optional])
    imported = [third_party(ROOT / folder) for folder in ("src", "tests", "benchmarks")]
    assert not set(NOT_IMPORTED) & set().union(*imported)


def test_constraints_pin_every_dependency_and_hold_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9A-Za-z.]+", line) for line in pins)
    optional = [name for extra in PROJECT["optional-dependencies"].values() for name in extra]
    needed = {distribution(name) for name in (*PROJECT["dependencies"], *optional)}
    assert needed <= {line.split("==")[0] for line in pins}


def test_no_registry_and_no_machine_path() -> None:
    registries = ["py" + "pi.org", "python" + "hosted", "index" + "-url", "find" + "-links"]
    folders = [rf"(?<![\w.])/{name}/" for name in ("work", "tmp", "root", "home")]
    pattern = re.compile("|".join([*map(re.escape, registries), *folders]))
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(pattern.findall(path.read_text(encoding="utf-8"))))
        for path in texts()
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`|^ *make ([a-z-]+)", README, re.MULTILINE))
    commands = {first or second for first, second in named}
    assert {"brief", "test"} <= commands <= targets


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("brief", json_schema),
        ("backtest", backtest_schema),
        ("what_if", what_if_schema),
        ("diff", diff_schema),
    ],
)
def test_schema_is_current(name: str, schema: Callable[[], dict[str, object]]) -> None:
    written = json.loads((ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert written == schema(), "run 'make schema'"


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_documents_are_short_and_their_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target


def test_command_lines_of_the_readme_are_understood() -> None:
    helps = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "golden" / "cli").glob("*.txt")
    }
    lines = re.findall(r"^    qpq (.*?)(?: +#.*)?$", README, re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        command, *words = line.split()
        nested = [name for name in helps if name.startswith(f"{command}-") and name.split("-")[1] in words]
        text = helps[(nested or [command])[0]]
        for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", line):
            assert re.search(rf"(?<!\S){option}\b", text), f"{line}: {option}"


def test_files_that_the_readme_names_exist() -> None:
    for name in set(re.findall(r"`((?:src|docs|tests)/[\w./-]+)`", README)):
        assert (ROOT / name).exists(), name
    package = ROOT / "src" / "quidproquo"
    known = {path.name for path in package.rglob("*") if path.is_file()}
    assert set(re.findall(r"`(\w+\.(?:py|toml))`", README)) <= known
    for name in set(re.findall(r"`([a-z]+/(?:\w+\.py)?)`", README)) - {"src/"}:
        assert (package / name).exists(), name


def test_every_mechanism_is_in_the_readme() -> None:
    mechanisms = (ROOT / "src" / "quidproquo" / "worlds" / "mechanisms").glob("[!_]*.py")
    assert {path.name for path in mechanisms} <= set(re.findall(r"`(\w+\.py)`", README))


def names_of_module(module: str) -> set[str] | None:
    """Names that a module of the package binds, and its submodules; None if there is no such module."""
    path = ROOT / "src" / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.is_file():
        return None
    names = {child.stem for child in path.iterdir()} if path.is_dir() else set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)  # in `__all__`, of a module that loads its parts late
    return names


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").rglob("*.py")), ids=lambda path: path.name)
def test_what_a_benchmark_takes_from_the_package_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("quidproquo"):
            known = names_of_module(str(node.module))
            assert known is not None, node.module
            assert {alias.name for alias in node.names} <= known, node.module
