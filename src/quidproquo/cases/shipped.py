"""Finding the cases that come with the package, and making one's own copy of one."""

from __future__ import annotations

import os
import shutil
import stat
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from quidproquo.terms.errors import CaseError, sentence

__all__ = ["CaseSummary", "copy_case", "find_case", "is_shipped", "list_cases"]

_MAIN = "case.toml"


@dataclass(frozen=True)
class CaseSummary:
    """A shipped case: the name to load it by, and its title."""

    name: str
    title: str


def list_cases() -> list[CaseSummary]:
    """The shipped cases by name."""
    return [CaseSummary(name, _title(folder)) for name, folder in sorted(_shipped().items())]


def is_shipped(folder: Path) -> bool:
    """Whether a folder is that of a case that comes with the package."""
    return folder.resolve() in {known.resolve() for known in _shipped().values()}


def find_case(name_or_folder: str | Path) -> Path:
    """The folder of a case: a shipped name, or a folder that has a case.toml.

    Raises:
        CaseError: if it is neither.
    """
    shipped = _shipped()
    if isinstance(name_or_folder, str) and name_or_folder in shipped:
        return shipped[name_or_folder]
    folder = Path(name_or_folder)
    if not folder.is_dir():
        allowed = f"a folder or one of the shipped cases {', '.join(sorted(shipped))}"
        raise CaseError(sentence("case", "name", str(name_or_folder), allowed, "see 'qpq cases list'"))
    if not (folder / _MAIN).is_file():
        thing = f"case '{folder.resolve().name}'"
        raise CaseError(sentence(thing, _MAIN, "missing", f"a file of the folder {folder}", "add the file"))
    return folder.resolve()


def copy_case(name: str | Path, directory: str | Path) -> Path:
    """Copy a case into a folder of one's own, writable, and give that folder back.

    The folder is there as a whole or not at all.

    Raises:
        CaseError: if there is no such case, the target exists and isn't an empty folder, or can't be written.
    """
    source = find_case(name)
    target = Path(directory)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        allowed = "a new or empty folder"
        raise CaseError(sentence("copy of a case", "folder", str(target), allowed, "choose another one"))
    whole = target.resolve()
    new = whole.with_name(f".{whole.name}.new-{os.getpid()}")
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, new, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (new, *new.rglob("*")):
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
        if target.is_dir():
            for path in sorted(new.iterdir()):
                path.rename(whole / path.name)
            new.rmdir()
        else:
            new.rename(whole)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        # of a copy the system tells what went wrong file by file
        words = error.strerror or str(error.args[0][0][2] if isinstance(error, shutil.Error) else error)
        reason = words.partition("] ")[2].partition(":")[0] or words
        allowed = f"a folder that can be written to ({reason})"
        remedy = "make room, or choose another one"
        raise CaseError(sentence("copy of a case", "folder", str(target), allowed, remedy)) from None
    return target


def _shipped() -> dict[str, Path]:
    root = Path(str(files("quidproquo.cases")))
    return {path.name: path for path in root.iterdir() if (path / _MAIN).is_file()}


def _title(folder: Path) -> str:
    with (folder / _MAIN).open("rb") as file:
        return str(tomllib.load(file)["title"])
