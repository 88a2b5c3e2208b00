"""sources.toml: speakers and origins, whom they belong to, and how reliable they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from quidproquo.cases.fields import Problems, Table, suggestion
from quidproquo.cases.files import read_toml
from quidproquo.cases.record import Person, Source
from quidproquo.terms.grades import RELIABILITIES
from quidproquo.terms.names import name_key

__all__ = ["FILE", "edited_text", "read_people", "read_sources"]

FILE = "sources.toml"


def read_sources(folder: Path, problems: Problems) -> Mapping[str, Source]:
    """Sources by name; a name or alias may belong to one source only.

    Raises:
        CaseError: if the file is missing or isn't TOML.
    """
    table = _table(folder, problems)
    sources: dict[str, Source] = {}
    owner: dict[str, str] = {}
    for row in table.rows("source", "source"):
        source = _source(row)
        if source.name in sources:
            row.wrong("name", source.name, "used once", "merge the two or rename one")
        sources.setdefault(source.name, source)
        _claim_names(row, source, owner)
    table.raw("person")
    table.reject_unknown_keys()
    return sources


def read_people(folder: Path, sources: Mapping[str, Source], problems: Problems) -> Mapping[str, Person]:
    """People who speak under more than one office, by name; a name belongs to one person only.

    Raises:
        CaseError: if the file is missing or isn't TOML.
    """
    people: dict[str, Person] = {}
    owner: dict[str, str] = {}
    for row in _table(folder, problems).rows("person", "person"):
        person = Person(
            name=row.text("name"),
            offices=row.texts("offices"),
            reason=row.text("reason"),
            aliases=row.texts("aliases"),
        )
        row.reject_unknown_keys()
        for office in person.offices:
            if office not in sources:
                row.wrong("offices", office, "names of sources", suggestion(office, list(sources)))
        if len(person.offices) < 2 or len(set(person.offices)) < len(person.offices):
            found = ", ".join(person.offices) or "missing"
            row.wrong(
                "offices", found, "two or more different sources", "list them, the first in charge first"
            )
        for name in (person.name, *person.aliases):
            other = owner.setdefault(name_key(name), person.name)
            if other != person.name or person.name in people:
                row.wrong("name", name, f"free, but it belongs to '{other}'", "remove it from one of them")
        people.setdefault(person.name, person)
    return people


def edited_text(text: str, name: str, fields: Mapping[str, str | list[str] | date | None] | None) -> str:
    """The text of sources.toml with fields of one source set or (None) removed, or the source added or removed.

    All else stays as it is, comments too.
    """
    import tomlkit

    document = tomlkit.parse(text)
    sources = document.setdefault("source", tomlkit.aot())
    row = next((row for row in sources if row.get("name") == name), None)
    if fields is None:
        if row is not None:
            del sources[[one.get("name") for one in sources].index(name)]
        return tomlkit.dumps(document)
    if row is None:
        row = tomlkit.table()
        row["name"] = name
        sources.append(row)
        row = sources[-1]
    for field, value in fields.items():
        if value is not None:
            row[field] = value
        elif field in row:
            del row[field]
    return tomlkit.dumps(document)


def _table(folder: Path, problems: Problems) -> Table:
    return Table(read_toml(folder, FILE), FILE, FILE, problems)


def _claim_names(row: Table, source: Source, owner: dict[str, str]) -> None:
    for name in (source.name, *source.aliases):
        other = owner.setdefault(name_key(name), source.name)
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
        graded=row.optional_day("graded"),
    )
    row.reject_unknown_keys()
    return made
