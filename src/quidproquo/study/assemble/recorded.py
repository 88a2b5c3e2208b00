"""What a case has on file: a back-test and a calibration, and what has changed since they were made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks import fingerprint
from quidproquo.study.schema.backtest import Backtest, BacktestOnFile, RecordedBacktest, Stamp
from quidproquo.study.schema.calibration import Calibration
from quidproquo.study.schema.diagnostics import Versions
from quidproquo.study.schema.ranks import RanksOnFile, RankTest
from quidproquo.terms.errors import InputError, sentence
from quidproquo.worlds.model import Model

__all__ = [
    "CALIBRATION",
    "RECORDS",
    "migrate_backtest",
    "on_file",
    "ranks_on_file",
    "read_calibration",
    "recorded",
    "write_record",
]

_BACKTEST, CALIBRATION = "backtest.json", "calibration.json"
# what is worked out from a case isn't part of it
RECORDS = (_BACKTEST, CALIBRATION)
_Kind = TypeVar("_Kind", bound=BaseModel)
_UNKNOWN = {"model": "", "sampler": "", "numbers": ""}


def recorded(result: Backtest) -> RecordedBacktest:
    """A back-test without its reports, stamped as made by the program as it is."""
    targets: dict[tuple[str, str, str], list[float]] = {}
    for report in result.reports:
        if report.pit is not None:
            key = (report.quantity, report.as_of, report.origin)
            targets.setdefault(key, []).append(0.5 * sum(report.pit))
    kept = result.model_dump(exclude={"reports", "unscorable"})
    return RecordedBacktest.model_validate(
        kept
        | {
            "stamp": fingerprint.stamp()._asdict(),
            "unscorable": dict(sorted(Counter(one.reason for one in result.unscorable).items())),
            "pit": [round(float(np.mean(targets[key])), 6) for key in sorted(targets)],
        }
    )


def write_record(result: Backtest, path: Path) -> Path:
    """Write the record of a back-test, whole or not at all.

    Raises:
        InputError: if the file can't be written.
    """
    whole = path.with_name(f".{path.name}.part")
    try:
        whole.write_text(recorded(result).model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
        whole.replace(path)
    except OSError as error:
        whole.unlink(missing_ok=True)
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
    record = _read(RecordedBacktest, folder / _BACKTEST, "a back-test", migrate_backtest)
    if record is None:
        return BacktestOnFile(standing="missing")
    then = record.versions
    pairs = {"the files of the case": (then.case, now.case), "the tables": (then.tables, now.tables)}
    changed = [name for name, (old, new) in pairs.items() if old != new]
    changed += _changed_program(record.stamp)
    return BacktestOnFile(standing="out of date" if changed else "current", changed=changed, record=record)


def read_calibration(folder: Path) -> Calibration | None:
    """The simulation-based calibration of a case's folder; None if there is none.

    Raises:
        InputError: if there is a record that can't be read.
    """
    path = folder / CALIBRATION
    return _read(Calibration, path, "a simulation-based calibration", _migrate_calibration)


def ranks_on_file(folder: Path, model: Model, table: EvidenceTable) -> RanksOnFile | None:
    """The simulation-based calibration of a case's folder, and what has changed; None if there is none.

    `table` holds the claims that condition. Whether the model still gives the numbers of the record is for
    `study.calibrate.is_current` to say, which takes longer.

    Raises:
        InputError: if there is a record that can't be read.
    """
    record = read_calibration(folder)
    if record is None:
        return None
    same = record.fingerprint.inputs == fingerprint.inputs_hash(model, table)
    changed = [] if same else ["the priors or the claims that weigh"]
    changed += _changed_program(record.fingerprint)
    shown = record.model_dump(include=set(RankTest.model_fields))
    return RanksOnFile(**shown, replicates=record.settings.replicates, changed=changed)


def _changed_program(then: Stamp) -> list[str]:
    """What of the program has changed since a record was made."""
    now = fingerprint.stamp()
    pairs = {
        "the model": (then.model, now.model),
        "the sampler": (then.sampler, now.sampler),
        "the numbers of a seeded run": (then.numbers, now.numbers),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def migrate_backtest(data: dict[str, Any]) -> None:
    """Bring the record of a back-test to the present format, in place.

    The first was stamped with a hash of source text, which says nothing about numbers.
    """
    if data.get("format") == "1":
        data.pop("code", None)
        data["overall"]["mean_pit_interval"] = data["overall"].pop("lean")
        data |= {"format": "2", "stamp": dict(_UNKNOWN)}


def _migrate_calibration(data: dict[str, Any]) -> None:
    if data.get("format") == "1":
        reference = data["fingerprint"]["reference"]
        data |= {"format": "2", "fingerprint": _UNKNOWN | {"inputs": "", "reference": reference}}


def _read(
    kind: type[_Kind], path: Path, name: str, migrate: Callable[[dict[str, Any]], None]
) -> _Kind | None:
    if not path.is_file():
        return None
    where = "content"
    try:
        data = json.loads(path.read_bytes())
        migrate(data)
        return kind.model_validate(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or where
    except (ValueError, KeyError, AttributeError, TypeError):
        pass  # no JSON, or none that an earlier version wrote
    allowed = f"a record of {name}"
    remedy = "record it again, or remove it"
    raise InputError(sentence(f"file '{path.name}'", where, "not as expected", allowed, remedy))
