"""The file of the journal: whole lines are read, appended and flushed to the disk; nothing else is touched."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from quidproquo.claims.journal.record import JOURNAL, Line, parse_line
from quidproquo.terms.errors import ClaimError, InputError, sentence

__all__ = ["OpenJournal", "Read", "flush_folder", "open_alone", "read_lines", "replace_file", "unwritable"]

_TORN = "journal.torn"
_LEAST_ROOM = 1 << 20  # bytes: of a thousand judgements


@dataclass(frozen=True)
class Read:
    """Lines from a place in the file on, and where the last of them ends.

    `torn` are the bytes behind that, which an interrupted writer leaves; nobody was told that they were kept.
    `unended` says that the last line is whole but for its end.
    """

    lines: tuple[Line, ...]
    end: int
    torn: bytes = b""
    unended: bool = False


def read_lines(path: Path, start: int = 0, count: int = 0) -> Read:
    """Read the journal from byte `start`, before which there are `count` lines.

    Raises:
        ClaimError: if it can't be read, or a line other than a torn last one is damaged.
    """
    try:
        with path.open("rb", buffering=0) as file:
            os.lseek(file.fileno(), start, 0)
            data = file.read()
    except OSError as error:
        allowed = "a file that can be read"
        remedy = f"check {str(path)!r}"
        raise ClaimError(sentence(JOURNAL, "file", error.strerror or str(error), allowed, remedy)) from error
    *whole, rest = data.split(b"\n")
    lines = [parse_line(text, number) for number, text in enumerate(whole, start=count + 1)]
    if rest:
        with suppress(ClaimError):
            lines.append(parse_line(rest, count + len(whole) + 1))
            return Read(tuple(lines), start + len(data), unended=True)
    return Read(tuple(lines), start + len(data) - len(rest), torn=rest)


@dataclass
class OpenJournal:
    """A journal that nobody else writes to while it is open."""

    path: Path
    handle: int
    size: int

    def append(self, lines: Sequence[Line]) -> None:
        """Add lines and wait until the disk has them; on failure the file is as it was.

        Raises:
            InputError: if the disk doesn't take them.
        """
        data = b"".join(line.line().encode("utf-8", "surrogatepass") + b"\n" for line in lines)
        try:
            self._write(data)
            os.fsync(self.handle)
        except OSError as error:
            # half a line would be taken for a torn one, but whole ones before it for judgements
            with suppress(OSError):
                os.ftruncate(self.handle, self.size)
                os.fsync(self.handle)
            raise unwritable(self.path, error, "nothing was recorded, so make room and repeat it") from error
        self.size += len(data)

    def mend(self, read: Read) -> str:
        """End a last line that lacks only its end, or move a torn one aside; a sentence on what was found."""
        try:
            if read.unended:
                self._write(b"\n")
                os.fsync(self.handle)
                self.size += 1
                return ""
            if not read.torn:
                return ""
            with (self.path.parent / _TORN).open("ab") as file:
                file.write(read.torn + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.ftruncate(self.handle, read.end)
            os.fsync(self.handle)
        except OSError as error:
            raise unwritable(self.path, error, "make room or allow writing, and repeat it") from error
        self.size = read.end
        return torn_note(read.torn)

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.handle, data) :]


def torn_note(torn: bytes) -> str:
    """What to say of a last line that an interrupted writer left."""
    words = torn[:30].decode("utf-8", "replace")
    return sentence(
        JOURNAL, "last line", f"{words}…", "a whole line",
        f"the judgement was never confirmed, so make it again; its bytes go to {_TORN}",
    )  # fmt: skip


@contextmanager
def open_alone(path: Path) -> Iterator[OpenJournal]:
    """Open the journal for appending, and make other writers wait until it is closed.

    Raises:
        InputError: if it can't be written, or the disk has hardly any room.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(path, error, "work in a folder of your own that can be written to") from error
    try:
        try:
            _lock(handle)
            _check_room(path, handle)
            size = os.fstat(handle).st_size
            if not size:
                flush_folder(path.parent)
        except OSError as error:
            raise unwritable(path, error, "work on a disk that can be written to") from error
        yield OpenJournal(path, handle, size)
    finally:
        os.close(handle)


def _check_room(path: Path, handle: int) -> None:
    if not hasattr(os, "fstatvfs"):
        return
    found = os.fstatvfs(handle)
    if found.f_bavail * found.f_frsize < _LEAST_ROOM:
        allowed = "1 MiB or more"
        remedy = "make room before you judge; nothing was recorded"
        room = f"{found.f_bavail * found.f_frsize >> 10} KiB"
        raise InputError(sentence(f"journal '{path}'", "room on the disk", room, allowed, remedy))


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def flush_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(path: Path, error: OSError, remedy: str) -> InputError:
    """The error for a file of a case folder that can't be written."""
    reason = error.strerror or str(error)
    return InputError(
        sentence(f"case file '{path.name}'", "file", reason, "one that can be written to", remedy)
    )


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in the place of another, so that at any moment one of the two is there, whole.

    Raises:
        InputError: if it can't be written; then the other is there.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o777)
        aside.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        remedy = "make room or allow writing; what was judged is in the journal and counts all the same"
        raise unwritable(path, error, remedy) from error
