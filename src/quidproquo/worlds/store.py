"""Files that save time: what was worked out once is kept for the next run, and lost without harm.

An entry is named by the hash of all that it depends on, and carries a hash of its own contents: one that
was cut off or damaged counts as missing. It is written beside its place and then moved there, so that
two processes never read half of each other's. Where the folder can't be written, one line says so and
nothing is kept.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

__all__ = ["Store"]

_LOG = logging.getLogger(__name__)
_HASH = hashlib.sha256().digest_size
_MOST_BYTES = 500_000_000  # in a folder; the entries that weren't used for longest go first


class Store:
    """A folder of entries.

    Whoever can write there can make this process run what they like, so the folder is the user's own: it
    is made with access for nobody else.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._usable = True
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            self._give_up(error)

    @property
    def usable(self) -> bool:
        """Whether anything is kept."""
        return self._usable

    def read(self, name: str) -> bytes | None:
        """An entry; None where there is none, or a damaged one."""
        if not self._usable:
            return None
        path = self.folder / name
        try:
            data = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)  # used today
        contents = data[_HASH:]
        return contents if hashlib.sha256(contents).digest() == data[:_HASH] else None

    def write(self, name: str, contents: bytes) -> None:
        """Keep an entry, in place of one with its name; nothing if it can't be written."""
        if not self._usable:
            return
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                try:
                    file.write(hashlib.sha256(contents).digest() + contents)
                    file.close()
                    Path(file.name).replace(self.folder / name)
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            self.prune()
        except OSError as error:
            self._give_up(error)

    def discard(self, pattern: str) -> None:
        """Remove entries by the pattern of their names."""
        for path in self.folder.glob(pattern):
            path.unlink(missing_ok=True)

    def prune(self, most: int = _MOST_BYTES) -> None:
        """Remove the entries that weren't used for longest until all together are no larger than `most`."""
        entries = []
        for path in self.folder.rglob("*"):
            try:
                found = path.stat()
            except OSError:  # another process has removed it
                continue
            if path.is_file():
                entries.append((found.st_mtime, found.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= most:
                return
            path.unlink(missing_ok=True)
            total -= size

    def _give_up(self, error: OSError) -> None:
        with self._lock:
            if self._usable:
                reason = error.strerror or str(error)
                _LOG.warning(
                    "Nothing is kept for the next run in %s (%s): each run compiles anew.",
                    self.folder,
                    reason,
                )
            self._usable = False
