"""Finished runs kept on disk, so that the same question is answered at once.

A run is found again by a hash of everything that it depends on: the case's files, the documents' bytes,
the options, the program's text, the libraries and the machine type. So what comes out is a function of the inputs,
whether a run was kept or not. Anything amiss with the folder (unwritable, full, damaged) means that nothing
is found or kept, never that a run fails.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

__all__ = ["BRIEF", "WHAT_IFS", "KeptRun", "KeptRuns", "key_of", "program_hash"]

BRIEF = "brief.json"
"""The file without which a kept run answers nothing."""

WHAT_IFS = "what-ifs.json"
"""What-ifs that were kept under a name, in the folder of a case or of a run."""

_MANIFEST = "manifest.json"
_FORMAT = 1
_LIBRARIES = ("jax", "jaxlib", "numpy", "scipy", "pydantic", "jinja2", "vl-convert-python")


@dataclass(frozen=True)
class KeptRun:
    """The files of a finished run, and the sentences about documents that couldn't be read.

    They are held in memory: another process may replace or drop the run on disk at any time.
    """

    contents: Mapping[str, bytes]
    problems: tuple[str, ...]

    def copy_to(self, directory: Path) -> list[Path]:
        """Copy the files into a folder, each one whole or not at all."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            whole = directory / f".{name}.part"
            whole.write_bytes(content)
            whole.replace(directory / name)
        return [directory / name for name in self.contents]


@dataclass(frozen=True)
class KeptRuns:
    """A folder of finished runs; the ones used longest ago go when there are more than `most`."""

    root: Path
    most: int = 8

    def find(self, key: str) -> KeptRun | None:
        """The run with this key, if it is there and undamaged."""
        folder = self.root / key
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            if manifest["format"] != _FORMAT:
                return None
            found = KeptRun(
                {name: (folder / name).read_bytes() for name in manifest["files"]},
                tuple(manifest["problems"]),
            )
            whole = BRIEF in found.contents and all(
                hashlib.sha256(found.contents[name]).hexdigest() == digest
                for name, digest in manifest["files"].items()
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)
            return None
        _touch(folder / _MANIFEST)
        return found

    def keep(self, key: str, paths: Sequence[Path], problems: Sequence[str]) -> bool:
        """Keep copies of a run's files under a key; False where the folder can't take them."""
        new = None
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(dir=self.root, prefix=".new-"))
            for path in paths:
                shutil.copyfile(path, new / path.name)
            manifest = {
                "format": _FORMAT,
                "files": {path.name: _file_hash(new / path.name) for path in paths},
                "problems": list(problems),
            }
            (new / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
            target = self.root / key
            shutil.rmtree(target, ignore_errors=True)
            if target.is_file():
                target.unlink()
            new.rename(target)
        except OSError:
            if new is not None:
                shutil.rmtree(new, ignore_errors=True)
            return False
        self._drop_oldest()
        return True

    def _drop_oldest(self) -> None:
        try:
            runs = [path for path in self.root.iterdir() if (path / _MANIFEST).is_file()]
            runs.sort(key=lambda path: (path / _MANIFEST).stat().st_mtime, reverse=True)
        except OSError:
            return
        for path in runs[self.most :]:
            shutil.rmtree(path, ignore_errors=True)


def key_of(options: dict[str, object], case: Path, documents: Iterable[tuple[str, Path]]) -> str | None:
    """Hash of everything that a run depends on; None where a file can't be read.

    `documents` are names, as they appear in the results, with the files behind them.
    """
    digest = hashlib.sha256()
    head = {
        "format": _FORMAT,
        "options": options,
        "program": program_hash(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "machine": _machine(),
    }
    digest.update(json.dumps(head, sort_keys=True).encode())
    try:
        for name, path in [*_files_of(case), *documents]:
            digest.update(f"\n{name}\n".encode())
            digest.update(_file_hash(path).encode())
    except OSError:
        return None
    return digest.hexdigest()[:32]


@cache
def _machine() -> list[str]:
    """Asked once: setting up the numerical library adds flags of its own."""
    return [platform.machine(), platform.python_version(), os.environ.get("XLA_FLAGS", "")]


@cache
def program_hash() -> str:
    """Hash of the package's own text: a changed program makes no use of what an earlier one kept."""
    digest = hashlib.sha256()
    root = Path(str(files("quidproquo")))
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".j2", ".css", ".js", ".json"} and path.is_file():
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files that a run may depend on: what-ifs are asked of it afterwards."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path != folder / WHAT_IFS:
            yield f"case/{path.relative_to(folder).as_posix()}", path


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError:
        return
