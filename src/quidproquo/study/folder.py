"""The folder for results: usable before the work begins, and filled all at once when it ends."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quidproquo.terms.errors import InputError, sentence

__all__ = ["check_folder", "staged"]

RESULTS = ("brief.html", "brief.json", "claims.csv", "run.nc")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LEAST_ROOM = 20 * 2**20  # bytes: of a brief with its page


def check_folder(folder: Path) -> Path:
    """Make the folder for results before the work, so that a wrong one doesn't cost a run.

    Raises:
        InputError: if it can't be made or written to, or there is hardly any room.
    """
    if folder.exists() and not folder.is_dir():
        remedy = "name another one"
        raise InputError(
            sentence("option --out", "folder", str(folder), "a folder, and this is a file", remedy)
        )
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        room = shutil.disk_usage(folder).free
    except OSError as error:
        raise _unusable(folder, error.strerror or error) from None
    for name in RESULTS:
        if (folder / name).is_dir():
            raise _unusable(folder, f"in it, {name} is itself a folder")
    if room < _LEAST_ROOM:
        if new:
            folder.rmdir()
        raise _unusable(folder, f"{room // 2**20} MiB are free", full=True)
    return folder


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A new folder to write the files of a run to; once all are there, they move into `folder` together.

    What another run writes into the same folder at the same time isn't mixed with them: the last to end
    stays. If anything fails, `folder` is left as it was.

    Raises:
        InputError: if there is no room, or a file can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".qpq-", dir=folder) as name:
            yield Path(name)
            with _alone_in(folder):
                for path in sorted(Path(name).iterdir()):
                    path.replace(folder / path.name)
    except OSError as error:
        raise _unusable(folder, error.strerror or error, full=error.errno in _FULL) from None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs from moving their files into a folder, where the system has locks on folders."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _unusable(folder: Path, reason: object, *, full: bool = False) -> InputError:
    allowed = f"a folder that can be written to ({reason})"
    remedy = "make room, or name another one" if full else "name another one"
    return InputError(sentence("option --out", "folder", str(folder), allowed, remedy))
