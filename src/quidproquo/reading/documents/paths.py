"""What the user names on the command line: files, folders, patterns and standard input."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quidproquo.reading.documents.formats import KNOWN
from quidproquo.terms.errors import sentence

__all__ = ["STDIN", "Named", "expand", "is_address"]

STDIN = "-"
_PATTERN = frozenset("*?[")
_ADDRESS = re.compile(r"(?:https?|ftp|file)://|www\.\w+\.", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A file to read; `named` says that the user named it, rather than a folder or a pattern.

    `problem` says in one sentence why there is nothing to open.
    """

    path: Path
    name: str
    named: bool
    problem: str = ""


def expand(paths: Iterable[str | Path]) -> list[Named]:
    """Files for paths, folders and patterns, in a fixed order, each once.

    A path that doesn't exist stays in the list: its document gets the status "missing".
    """
    found: dict[str, Named] = {}
    for given in paths:
        for item in _expand_one(str(given)):
            known = found.get(str(item.path))
            if known is None or (item.named and not known.named):
                found[str(item.path)] = item
    return list(found.values())


def _expand_one(given: str) -> list[Named]:
    path = Path(given)
    if given == STDIN:
        return [Named(path, "standard input", named=True)]
    try:
        if path.is_dir():
            files = [Named(file, file.relative_to(path).as_posix(), named=False) for file in _files(path)]
            return files or [Named(path, given, named=True, problem=_without_documents(given))]
        if not path.exists() and any(sign in given for sign in _PATTERN):
            matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207 - the pattern may be absolute
            found = [Named(match, match.name, named=False) for match in matches if match.is_file()]
            if found:
                return found
    except (OSError, ValueError):
        return [Named(path, given, named=True)]
    name = path.name if path.exists() and path.name else given
    return [Named(path, name, named=True)]


def is_address(given: str) -> bool:
    """Whether a name is a web address rather than a path."""
    return _ADDRESS.match(given) is not None


def _without_documents(folder: str) -> str:
    return sentence(
        f"folder '{folder}'", "number of documents", 0, "at least one in a known format", "name the files"
    )


def _files(folder: Path) -> list[Path]:
    """Files of a folder and those below it, without hidden ones and without other formats."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix.lower() in KNOWN
        and not any(_is_aside(part) for part in file.relative_to(folder).parts)
    )


def _is_aside(part: str) -> bool:
    """Whether a file or folder is hidden, or holds the pictures of a page that a browser has saved."""
    return part.startswith(".") or part.endswith(("_files", ".files"))
