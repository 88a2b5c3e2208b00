"""What a case has on file: a back-test, held against the case as it is now, and ranks of planted truths."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from quidproquo.evidence.checks import fingerprint
from quidproquo.study.schema.backtest import Backtest, BacktestOnFile, RecordedBacktest
from quidproquo.study.schema.calibration import Calibration
from quidproquo.study.schema.diagnostics import Versions
from quidproquo.study.schema.ranks import RanksOnFile, RankTest
from quidproquo.terms.errors import InputError, sentence

__all__ = [
    "CALIBRATION",
    "RECORDS",
    "code_fingerprint",
    "on_file",
    "ranks_on_file",
    "read_calibration",
    "recorded",
    "write_record",
]

_BACKTEST, CALIBRATION = "backtest.json", "calibration.json"
# what is worked out from a case isn't part of it
RECORDS = (_BACKTEST, CALIBRATION)
_ROOMS = ("terms", "cases", "claims", "worlds", "evidence")
_ALSO = ("study/backtest.py", "study/backtest_targets.py")
_Kind = TypeVar("_Kind", bound=BaseModel)


@cache
def code_fingerprint() -> str:
    """Hash of the program text that a back-test's figures come from."""
    root = Path(str(files("quidproquo")))
    paths = [path for room in _ROOMS for path in (root / room).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted([*paths, *(root / name for name in _ALSO)]):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()[:16]}"


def recorded(result: Backtest, code: str | None = None) -> RecordedBacktest:
    """A back-test without its reports; `code` None: made by the program as it is."""
    targets: dict[tuple[str, str, str], list[float]] = {}
    for report in result.reports:
        if report.pit is not None:
            key = (report.quantity, report.as_of, report.origin)
            targets.setdefault(key, []).append(0.5 * sum(report.pit))
    kept = result.model_dump(exclude={"reports", "unscorable"})
    return RecordedBacktest.model_validate(
        kept
        | {
            "code": code_fingerprint() if code is None else code,
            "unscorable": dict(sorted(Counter(one.reason for one in result.unscorable).items())),
            "pit": [round(float(np.mean(targets[key])), 6) for key in sorted(targets)],
        }
    )


def write_record(result: Backtest, path: Path) -> Path:
    """Write the record of a back-test.

    Raises:
        InputError: if the file can't be written.
    """
    try:
        path.write_text(recorded(result).model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        fault = error.strerror or "not writable"
        raise InputError(
            sentence(
                "option --record", "file", f"{path} ({fault})", "a file that can be written", "name another"
            )
        ) from None
    return path


def on_file(folder: Path, now: Versions) -> BacktestOnFile:
    """The back-test of a case's folder, and what has changed since it was made.

    Raises:
        InputError: if there is a record that can't be read.
    """
    record = _read(RecordedBacktest, folder / _BACKTEST, "a back-test")
    if record is None:
        return BacktestOnFile(standing="missing")
    then = record.versions
    pairs = {
        "the files of the case": (then.case, now.case),
        "the version of the package": (then.quidproquo, now.quidproquo),
        "the tables": (then.tables, now.tables),
        "the model or its conditioning": (record.code, code_fingerprint()),
    }
    changed = [name for name, (old, new) in pairs.items() if old != new]
    return BacktestOnFile(standing="out of date" if changed else "current", changed=changed, record=record)


def read_calibration(folder: Path) -> Calibration | None:
    """The simulation-based calibration of a case's folder; None if there is none.

    Raises:
        InputError: if there is a record that can't be read.
    """
    return _read(Calibration, folder / CALIBRATION, "a simulation-based calibration")


def ranks_on_file(folder: Path, coordinates: Iterable[str], items: Iterable[str]) -> RanksOnFile | None:
    """The simulation-based calibration of a case's folder, and what has changed; None if there is none.

    `coordinates` are those of the model now, and `items` the claims that condition. Numbers that have
    changed under the same names are told by `study.calibrate.is_current`, which takes longer.

    Raises:
        InputError: if there is a record that can't be read.
    """
    record = read_calibration(folder)
    if record is None:
        return None
    pairs = {
        "the model or the claims that weigh": (
            record.fingerprint.names,
            fingerprint.names_hash(coordinates, items),
        ),
        "the sampler": (record.fingerprint.code, fingerprint.code_hash()),
    }
    changed = [name for name, (old, new) in pairs.items() if old != new]
    shown = record.model_dump(include=set(RankTest.model_fields))
    return RanksOnFile(**shown, replicates=record.settings.replicates, changed=changed)


def _read(kind: type[_Kind], path: Path, name: str) -> _Kind | None:
    if not path.is_file():
        return None
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "content"
        allowed = f"a record of {name}"
        remedy = "make it anew, or remove it"
        raise InputError(sentence(f"file '{path.name}'", where, "not as expected", allowed, remedy)) from None
