"""Opening the folder of an earlier run, also one that an earlier version has written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quidproquo.study.run_file import StoredWorlds, Worlds, read_worlds
from quidproquo.study.schema.brief import FORMAT, Brief
from quidproquo.terms.errors import InputError, sentence

__all__ = ["StoredRun", "read_run"]

_NO_BOUND = 9.0  # what the first format wrote for a Pareto k without bound
_NEWER = "install a newer version of quidproquo"


@dataclass(frozen=True)
class StoredRun:
    """The folder of a run, with its brief brought to the present format; `format` is that of the file."""

    folder: Path
    brief: Brief
    format: str

    def worlds(self) -> Mapping[str, Worlds]:
        """Ensembles by kind (weighted, prior, exploratory), read from `run.nc`.

        Raises:
            InputError: if the file is missing, isn't one of a run, or is of a newer format.
        """
        path = self.folder / "run.nc"
        try:
            found: StoredWorlds = read_worlds(path)
        except (OSError, KeyError) as error:
            state = "missing" if not path.is_file() else f"not readable ({error})"
            raise _wrong(
                self.folder, path.name, state, "the worlds of a run", "make the brief anew"
            ) from None
        _check_format(self.folder, path.name, found.format)
        return found.sets


def read_run(folder: Path | str) -> StoredRun:
    """Open the folder of a run.

    Raises:
        InputError: if there is no `brief.json`, it can't be read, or it is of a newer format.
    """
    folder = Path(folder)
    path = folder / "brief.json"
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        state = "missing" if not path.is_file() else f"not readable ({error.strerror})"
        raise _wrong(folder, path.name, state, "the brief of a run", "name the folder of one") from None
    except ValueError:
        raise _wrong(folder, path.name, "not JSON", "the brief of a run", "make the brief anew") from None
    written = str(data.get("format", "1")) if isinstance(data, dict) else "none"
    _check_format(folder, path.name, written)
    for step in range(int(written), int(FORMAT)):
        _MIGRATIONS[step](data)
    try:
        brief = Brief.model_validate(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        allowed = f"as format {written} has it"
        raise _wrong(
            folder, f"{path.name}, {where}", "not as expected", allowed, "make the brief anew"
        ) from None
    return StoredRun(folder, brief, written)


def _check_format(folder: Path, name: str, written: str) -> None:
    if not written.isdecimal() or int(written) < 1:
        raise _wrong(
            folder, f"format of {name}", written, f"a number from 1 to {FORMAT}", "make the brief anew"
        )
    if int(written) > int(FORMAT):
        raise _wrong(
            folder, f"format of {name}", written, f"at most {FORMAT}, which this version reads", _NEWER
        )


def _wrong(folder: Path, name: str, found: str, allowed: str, remedy: str) -> InputError:
    return InputError(sentence(f"run '{folder}'", name, found, allowed, remedy))


def _from_1(data: dict[str, Any]) -> None:
    """The first format.

    9.0 stood for a Pareto k without bound, a reliability grade was a letter, interpretations of a total were
    readings, and the reason of a judgement had no field.
    """
    for row in data["leverage"]:
        row["kind"] = {"letter": "reliability"}.get(row["kind"], row["kind"])
    for row in [*data["leverage"], *data["weightings"]]:
        if row["pareto_k"] == _NO_BOUND:
            row["pareto_k"] = None
    for prior in data["assumptions"].values():
        source = prior["source"]
        prior["grounds"] = source.partition(":")[2].strip() if prior["judgement"] else source
    for total in data["totals"].values():
        total["interpretations"] = total.pop("readings")
    if data["backtest"].get("record") is not None:
        # what it belongs to loads the libraries that simulate
        from quidproquo.study.assemble.recorded import migrate_backtest

        migrate_backtest(data["backtest"]["record"])
    data["format"] = "2"


def _from_2(data: dict[str, Any]) -> None:
    """The second format.

    The probability of a forecast was the middle of what the speaker's likelihood word stands for, and its date
    could be the day on which it was made. Of misfit, a verdict was written in words; so were the reason for the
    choice and what it depends on.
    """
    published = {claim["id"]: claim["published"] for claim in data["claims"]}
    for forecast in data["forecasts"]:
        forecast.pop("probability")
        if forecast["due"] <= published.get(forecast["claim"], ""):
            forecast |= {"due": "", "note": "no date"}
    data["misfit"]["verdict"] = ""
    for written in ("conditions", "reason"):
        data["preferred"].pop(written)
    data["preferred"]["ranked"] = not data["preferred"]["rule"].startswith("none:")
    data["format"] = "3"


_MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], None]] = {1: _from_1, 2: _from_2}
"""Format → what brings the data of a brief to the next one, in place."""
