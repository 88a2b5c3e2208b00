"""What a case knows of documents whose files don't say it: title, author, publisher, date, address."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from quidproquo.terms.errors import CaseError, sentence

__all__ = ["FILE", "bibliography", "with_entry"]

FILE = "bibliography.toml"
_FIELDS = ("title", "author", "publisher", "published", "url", "kind")


def bibliography(folder: Path) -> dict[str, dict[str, str]]:
    """Metadata by the SHA-256 of a file's bytes, from `bibliography.toml` of a case; empty without it.

    Raises:
        CaseError: if the file is malformed.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("document", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(sentence(FILE, "text", str(error), "TOML in UTF-8", "correct the file")) from error
    found: dict[str, dict[str, str]] = {}
    for number, table in enumerate(tables, start=1):
        key = str(table.get("sha256", ""))
        if len(key) != 64:
            raise CaseError(
                sentence(
                    f"{FILE}, document {number}",
                    "sha256",
                    key,
                    "64 hexadecimal digits",
                    "give the hash of the file's bytes",
                )
            )
        found[key.lower()] = {field: str(table[field]) for field in _FIELDS if field in table}
    return found


def with_entry(text: str, sha256: str, fields: Mapping[str, str]) -> str:
    """The text of a bibliography with fields of one document set; all else stays as it is, comments too."""
    import tomlkit

    bibliography = tomlkit.parse(text)
    documents = bibliography.setdefault("document", tomlkit.aot())
    entry = next((one for one in documents if str(one.get("sha256", "")).lower() == sha256), None)
    if entry is None:
        entry = tomlkit.table()
        entry["sha256"] = sha256
        documents.append(entry)
        entry = documents[-1]
    for field, value in fields.items():
        entry[field] = value
    return tomlkit.dumps(bibliography)
