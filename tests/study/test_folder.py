"""Results appear in their folder together: two runs at once don't mix, and a failure leaves it as it was."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from quidproquo.study import check_folder, staged
from quidproquo.terms.errors import InputError

NAMES = ("brief.html", "brief.json", "claims.csv", "run.nc")


def fill(folder: Path, text: str) -> None:
    for name in NAMES:
        (folder / name).write_text(text)


def texts(folder: Path) -> list[str]:
    return [(folder / name).read_text() for name in NAMES]


def test_files_move_into_the_folder_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with staged(out) as made:
        fill(made, "new")
        assert sorted(path.name for path in out.iterdir() if path != made) == ["notes.txt"]
    assert texts(out) == ["new"] * 4
    assert sorted(path.name for path in out.iterdir()) == sorted([*NAMES, "notes.txt"])


def test_a_failure_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    with staged(tmp_path) as made:
        fill(made, "old")
    with pytest.raises(ZeroDivisionError), staged(tmp_path) as made:
        (made / "brief.json").write_text("half")
        raise ZeroDivisionError
    assert texts(tmp_path) == ["old"] * 4
    assert len(list(tmp_path.iterdir())) == 4


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    start = threading.Barrier(2)

    def run(text: str) -> None:
        for _ in range(100):
            with staged(tmp_path) as made:
                fill(made, text)
                start.wait()
            assert len(set(texts(tmp_path))) <= 2

    threads = [threading.Thread(target=run, args=(text,)) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(tmp_path) in (["one"] * 4, ["two"] * 4)
    assert len(list(tmp_path.iterdir())) == 4


def test_files_that_do_not_fit_are_told_in_one_sentence(tmp_path: Path) -> None:
    fill(tmp_path, "old")
    code = (
        "import resource, sys; from pathlib import Path; from quidproquo.study import staged;"
        "from quidproquo.terms.errors import InputError;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));\n"
        "try:\n with staged(Path(sys.argv[1])) as made: (made / 'run.nc').write_text('x' * 9000)\n"
        "except InputError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert run.stdout == (
        f"option --out: folder is '{tmp_path}', but it must be a folder that can be written to "
        "(File too large); make room, or name another one.\n"
    )
    assert texts(tmp_path) == ["old"] * 4
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_is_checked_before_the_work(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "a" / "b").is_dir()
    assert list((tmp_path / "a" / "b").iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="must be a folder, and this is a file; name another one"):
        check_folder(tmp_path / "file")
    with pytest.raises(InputError, match=r"written to \(Not a directory\)"):
        check_folder(tmp_path / "file" / "below")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_the_place_of_a_result_is_refused_before_the_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(InputError, match=rf"in it, {name} is itself a folder"):
        check_folder(tmp_path)


def test_a_folder_without_rights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o500)
    if os.geteuid() == 0:  # the superuser may write anywhere, so the system's refusal is put in by hand

        def refuse(**_: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        check_folder(tmp_path)


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quidproquo.study.folder._LEAST_ROOM", 2**80)
    with pytest.raises(InputError, match=r"\(\d+ MiB are free\); make room, or name another one\.$"):
        check_folder(tmp_path)
