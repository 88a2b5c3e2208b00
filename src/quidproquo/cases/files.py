"""The files of a case folder: which there must be, and TOML with its parts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quidproquo.cases.csv_rows import read_rows
from quidproquo.cases.fields import Problems, Table
from quidproquo.terms.errors import CaseError, Words, sentence

__all__ = ["FORMAT", "REQUIRED", "case_table", "claim_ids", "read_toml"]

FORMAT = 1
"""Of the files of a case, `format` in case.toml; one that names none has the first format."""

REQUIRED = ("case.toml", "priors.toml", "sources.toml", "lexicon.toml", "claims.csv")


def read_toml(folder: Path, name: str) -> Mapping[str, Any]:
    """One TOML file of a case folder.

    Raises:
        CaseError: if the file is missing, isn't UTF-8 or isn't TOML.
    """
    path = folder / name
    thing = f"case '{folder.name}'"
    if not path.is_file():
        raise CaseError(sentence(thing, name, "missing", f"a file of the folder {folder}", "add the file"))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CaseError(
            sentence(thing, name, "not UTF-8", "a text file in UTF-8", "save it in that encoding")
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise CaseError(_not_toml(thing, name, str(error))) from error


def _not_toml(thing: str, name: str, error: str) -> str:
    """Where a file can't be read, and what to do there."""
    what, _, place = error.removesuffix(")").partition(" (at ")
    unclosed = what.startswith("Illegal character '\\n'")
    remedy = "close the quotation mark in that line" if unclosed else "correct that place"
    at = f" from {place} on" if place else ""
    found = Words(f"not readable{at} ({what[:1].lower()}{what[1:]})")
    return sentence(thing, name, found, "a valid TOML file", remedy)


def case_table(folder: Path, problems: Problems) -> Table:
    """case.toml with the parts that it includes.

    `include = ["quantities.toml"]` names files of the same folder that hold further arrays of
    tables; their rows are put behind those of case.toml.

    Raises:
        CaseError: as `read_toml` does, and for a format that is newer than this version's.
    """
    data = dict(read_toml(folder, "case.toml"))
    table = Table(data, "case.toml", "case.toml", problems)
    _check_format(folder, table)
    for part in table.texts("include"):
        for key, rows in read_toml(folder, part).items():
            mine = data.get(key, [])
            if isinstance(rows, list) and isinstance(mine, list):
                data[key] = mine + rows
            else:
                allowed = f"an array of tables [[{key}]]"
                problems.add(part, part, key, rows, allowed, "move it to case.toml")
    return table


def _check_format(folder: Path, table: Table) -> None:
    written = table.positive_integer("format") if table.has("format") else FORMAT
    if written > FORMAT:
        allowed = f"at most {FORMAT}, which this version reads"
        remedy = "install a newer version of quidproquo"
        raise CaseError(sentence(f"case '{folder.name}'", "format", written, allowed, remedy))


def claim_ids(folder: Path) -> frozenset[str]:
    """Ids of the rows of claims.csv; what else stands there is for `claims` to judge.

    Raises:
        ClaimError: if it is no table with a column `id`.
    """
    return frozenset(row.cells["id"] for row in read_rows(folder / "claims.csv", ("id",), "claim table"))
