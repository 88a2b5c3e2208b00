"""What is kept between runs: found again, and lost without harm."""

from __future__ import annotations

import errno
import logging
import os
import threading
from pathlib import Path

import pytest

from quidproquo.worlds.store import Store


def test_an_entry_comes_back_until_it_is_damaged_or_discarded(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "cache")
    assert store.read("a") is None
    store.write("a", b"one")
    store.write("a", b"two")
    assert Store(store.folder).read("a") == b"two"
    assert not [path.name for path in store.folder.iterdir() if path.name != "a"]
    path = store.folder / "a"
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[:10], b"", whole[:-1] + b"x"):
        path.write_bytes(damaged)
        assert store.read("a") is None
    path.write_bytes(whole)
    assert store.read("a") == b"two"
    store.discard("b*")
    assert store.read("a") == b"two"
    store.discard("a*")
    assert store.read("a") is None


@pytest.mark.skipif(os.name != "posix", reason="access is told by bits")
def test_the_folder_is_the_users_own(tmp_path: Path) -> None:
    Store(tmp_path / "cache")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_kept_one_line_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        store = Store(tmp_path / "file" / "cache")
        store.write("a", b"one")
    assert store.read("a") is None
    assert not store.usable
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]
    assert str(store.folder) in caplog.messages[0]
    assert "compiles anew" in caplog.messages[0]


def test_a_full_disk_ends_the_keeping_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    store.write("a", b"one")

    def full(_path: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        store.write("b", b"two")
        store.write("c", b"three")
    assert len(caplog.messages) == 1
    assert os.strerror(errno.ENOSPC) in caplog.messages[0]
    assert not store.usable
    # nothing half-written is left, and what was kept before serves the next run
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert Store(tmp_path).read("a") == b"one"


def test_two_writers_at_once_leave_one_whole_entry(tmp_path: Path) -> None:
    contents = [bytes([value]) * 100_000 for value in range(4)]

    def write(own: bytes) -> None:
        store = Store(tmp_path)
        for _ in range(20):
            store.write("a", own)
            assert store.read("a") in contents

    threads = [threading.Thread(target=write, args=(own,)) for own in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Store(tmp_path).read("a") in contents
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for age, name in enumerate("abc"):
        store.write(name, bytes(1000))
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert store.read("c") is not None  # used today
    store.prune(most=2100)
    assert store.read("b") is None
    assert store.read("a") is not None
    assert store.read("c") is not None
