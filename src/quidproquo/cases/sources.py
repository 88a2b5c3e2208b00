"""sources.toml: speakers and origins, whom they belong to, and how reliable they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from quidproquo.cases.fields import Problems, Table
from quidproquo.cases.files import read_toml
from quidproquo.cases.record import Source
from quidproquo.terms.grades import RELIABILITIES

__all__ = ["read_sources"]

FILE = "sources.toml"


def read_sources(folder: Path, problems: Problems) -> Mapping[str, Source]:
    """Sources by name; a name or alias may belong to one source only.

    Raises:
        CaseError: if the file is missing or isn't TOML.
    """
    table = Table(read_toml(folder, FILE), FILE, FILE, problems)
    sources: dict[str, Source] = {}
    owner: dict[str, str] = {}
    for row in table.rows("source", "source"):
        source = _source(row)
        if source.name in sources:
            row.wrong("name", source.name, "used once", "merge the two or rename one")
        sources.setdefault(source.name, source)
        _claim_names(row, source, owner)
    table.reject_unknown_keys()
    return sources


def _claim_names(row: Table, source: Source, owner: dict[str, str]) -> None:
    for name in (source.name, *source.aliases):
        key = name.casefold().strip()
        other = owner.setdefault(key, source.name)
        if other != source.name:
            row.wrong("aliases", name, f"free, but it belongs to '{other}'", "remove it from one of them")


def _source(row: Table) -> Source:
    made = Source(
        name=row.text("name"),
        family=row.text("family"),
        affiliation=row.text("affiliation"),
        reliability=row.choice("reliability", tuple(RELIABILITIES)),
        reason=row.text("reason"),
        aliases=row.texts("aliases"),
    )
    row.reject_unknown_keys()
    return made
