"""One judgement and its line in the journal.

A line is a JSON object. Its `id` is the start of the SHA-256 of all its other fields, so that a line which was
changed or damaged is seen. `before` and `after` hold the cells that the judgement changes ("" for an empty
one); null means that the claim or link isn't there. Where a claim was read by machine and isn't on file yet,
`before` holds all its cells. `parents` are the judgements on the same thing that its author knew and that none
had followed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from quidproquo.terms.errors import ClaimError, sentence

__all__ = [
    "ACTS",
    "JOURNAL",
    "Act",
    "Cells",
    "Draft",
    "Judgement",
    "Kind",
    "Line",
    "Subject",
    "TablesWritten",
    "parse_line",
]

JOURNAL = "journal.jsonl"

Act = Literal["add", "accept", "reject", "edit", "grade", "link", "unlink", "remove", "undo"]
Kind = Literal["claim", "link", "source"]
Cells: TypeAlias = Mapping[str, str]
Subject: TypeAlias = tuple[Kind, str]

ACTS: tuple[Act, ...] = get_args(Act)
_KINDS: tuple[Kind, ...] = get_args(Kind)
_TABLES = "tables"


@dataclass(frozen=True)
class Draft:
    """A judgement that is to be made: `after` holds the cells to change, or is None to remove the row.

    `base` holds all cells of a claim that isn't on file but was read by machine. `seen` is the row that the
    author judged (None: any); if the present one differs, the judgement is refused.
    """

    act: Act
    subject: Subject
    after: Cells | None
    why: str = ""
    base: Cells | None = None
    seen: Cells | None = None
    undoes: str = ""


@dataclass(frozen=True)
class Judgement:
    """Who judged what, when and why, with the cells before and after."""

    when: str
    who: str
    act: Act
    subject: Subject
    why: str
    before: Cells | None
    after: Cells | None
    parents: tuple[str, ...] = ()
    undoes: str = ""
    id: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", self.id or _checksum(self._fields()))

    def _fields(self) -> dict[str, Any]:
        kind, name = self.subject
        fields: dict[str, Any] = {
            "when": self.when,
            "who": self.who,
            "act": self.act,
            "kind": kind,
            "name": name,
        }
        fields |= {"why": self.why, "before": self.before, "after": self.after, "parents": list(self.parents)}
        return fields | ({"undoes": self.undoes} if self.undoes else {})

    def line(self) -> str:
        """The line of the journal, without its end."""
        return json.dumps({"id": self.id, **self._fields()}, ensure_ascii=False)


@dataclass(frozen=True)
class TablesWritten:
    """The tables of the folder were written as the judgements up to here make them.

    `sha256` holds the hash of each file. The first line of a journal also names, in `copies`, where the tables
    are kept as they were before the first judgement.
    """

    when: str
    sha256: Mapping[str, str]
    copies: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """The line of the journal, without its end."""
        fields: dict[str, Any] = {"when": self.when, "act": _TABLES, "sha256": dict(self.sha256)}
        if self.copies:
            fields["copies"] = dict(self.copies)
        return json.dumps({"id": _checksum(fields), **fields}, ensure_ascii=False)


Line: TypeAlias = Judgement | TablesWritten


def _checksum(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def parse_line(text: bytes, number: int) -> Line:
    """Read one line of a journal; `number` names it in a sentence.

    Raises:
        ClaimError: if it is no such line, or was changed after it was written.
    """
    thing = f"{JOURNAL}: line {number}"
    try:
        fields = json.loads(text)
        stated = fields.pop("id")
        checksum = _checksum(fields)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        allowed = "a JSON object with an id, as qpq writes it"
        raise ClaimError(
            sentence(thing, "text", _shown(text), allowed, "restore the line from a copy of the journal")
        ) from error
    if stated != checksum:
        allowed = f"{checksum!r}, the checksum of the line"
        remedy = "restore the line from a copy of the journal; what was judged is never edited"
        raise ClaimError(sentence(thing, "id", stated, allowed, remedy))
    try:
        if fields.get("act") == _TABLES:
            return TablesWritten(fields["when"], fields["sha256"], fields.get("copies", {}))
        return _judgement(fields, stated, thing)
    except KeyError as error:
        remedy = "install the version of quidproquo that wrote it"
        raise ClaimError(
            sentence(thing, str(error.args[0]), "missing", "a field of the line", remedy)
        ) from error


def _judgement(fields: Mapping[str, Any], name: str, thing: str) -> Judgement:
    for key, words in (("act", ACTS), ("kind", _KINDS)):
        if fields.get(key) not in words:
            allowed = f"one of {', '.join(words)}"
            remedy = "install the version of quidproquo that wrote it"
            raise ClaimError(sentence(thing, key, fields.get(key), allowed, remedy))
    return Judgement(
        when=fields["when"],
        who=fields["who"],
        act=fields["act"],
        subject=(fields["kind"], fields["name"]),
        why=fields["why"],
        before=fields["before"],
        after=fields["after"],
        parents=tuple(fields["parents"]),
        undoes=fields.get("undoes", ""),
        id=name,
    )


def _shown(text: bytes) -> str:
    words = text[:40].decode("utf-8", "replace")
    return f"{words}…" if len(text) > 40 else words
