"""lexicon.toml: the words by which the reader knows the quantities and propositions of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from quidproquo.cases.fields import Problems, Table
from quidproquo.cases.files import read_toml
from quidproquo.cases.record import EntryKind, LexiconEntry
from quidproquo.terms.vocabulary import PROPOSITION_COMPARISONS, ROLES, STAGES

__all__ = ["read_lexicon"]

FILE = "lexicon.toml"
_NONE: Literal[""] = ""
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)


def read_lexicon(folder: Path, problems: Problems) -> tuple[LexiconEntry, ...]:
    """The entries in their order in the file.

    Raises:
        CaseError: if the file is missing or isn't TOML.
    """
    table = Table(read_toml(folder, FILE), FILE, FILE, problems)
    entries = tuple(_entry(row) for row in table.rows("entry", "lexicon entry for"))
    table.reject_unknown_keys()
    return entries


def _entry(row: Table) -> LexiconEntry:
    kind = row.choice("kind", ENTRY_KINDS)
    made = LexiconEntry(
        target=row.text("target") if kind == "date" else row.identifier("target"),
        kind=kind,
        heads=row.texts("heads"),
        all_of=row.groups("all_of"),
        none_of=row.texts("none_of"),
        units=row.texts("units"),
        stage=row.optional_choice("stage", STAGES, _NONE),
        qualifier=row.text("qualifier", default=""),
        polarity=row.optional_choice("polarity", PROPOSITION_COMPARISONS, PROPOSITION_COMPARISONS[0]),
        near=row.groups("near"),
        not_near=row.texts("not_near"),
        context=row.groups("context"),
        owner=row.texts("owner"),
        role=row.optional_choice("role", ROLES, _NONE),
    )
    row.reject_unknown_keys()
    if not row.problems.is_valid(row.thing):
        return made
    if made.kind == "proposition" and not made.all_of:
        row.wrong("all_of", "missing", "given for a proposition", "add groups of words")
    elif made.kind == "quantity" and not (made.heads or made.all_of or made.near):
        row.wrong("heads", "missing", "given, or all_of or near, for a quantity", "add words")
    return made
