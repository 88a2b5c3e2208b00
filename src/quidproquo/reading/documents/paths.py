"""What the user names on the command line: files, folders, patterns and standard input."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["STDIN", "Named", "expand"]

STDIN = "-"
SUFFIXES = frozenset(
    ".txt .text .md .markdown .htm .html .xhtml .mht .mhtml .pdf .docx .rss .atom .xml".split()
)
_PATTERN = frozenset("*?[")


@dataclass(frozen=True)
class Named:
    """A file to read; `named` says that the user named it, rather than a folder or a pattern."""

    path: Path
    name: str
    named: bool


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
            return [Named(file, file.relative_to(path).as_posix(), named=False) for file in _files(path)]
        if not path.exists() and any(sign in given for sign in _PATTERN):
            matches = [Path(match) for match in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207 - the pattern may be absolute
            files = [match for match in matches if match.is_file()]
            if files:
                return [Named(match, match.name, named=False) for match in files]
    except (OSError, ValueError):
        return [Named(path, given, named=True)]
    return [Named(path, path.name, named=True)]


def _files(folder: Path) -> list[Path]:
    """Files of a folder and those below it, without hidden ones and without other formats."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
