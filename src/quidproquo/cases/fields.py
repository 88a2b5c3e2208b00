"""Reading one table of a TOML file field by field, keeping a sentence for everything that is wrong.

A field that is missing or malformed gives a placeholder of its type, so that one reading finds all
problems of a file; whoever reads a case refuses it when there is any.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from quidproquo.terms.errors import sentence
from quidproquo.terms.vocabulary import Word, word_of

__all__ = ["NO_DATE", "Problem", "Problems", "Table", "suggestion"]

NO_DATE = date(1, 1, 1)
Default = TypeVar("Default", bound=str)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a case: the file it stands in, and one sentence."""

    file: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}: {self.sentence}"


@dataclass
class Problems:
    """What has been found wrong so far; `faulty` are things whose own fields can't be trusted."""

    found: list[Problem] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)

    def add(self, file: str, thing: str, name: str, found: object, allowed: str, remedy: str) -> None:
        """Keep a problem, in the voice of all errors."""
        self.found.append(Problem(file, sentence(thing, name, found, allowed, remedy)))
        self.faulty.add(thing)

    def is_valid(self, thing: str) -> bool:
        """Whether nothing was wrong with the fields of a thing."""
        return thing not in self.faulty


def suggestion(name: str, allowed: Sequence[str]) -> str:
    """What to do about a name that isn't allowed: write the one that was probably meant.

    >>> nearest("titel", ["title", "unit"])
    "write 'title' instead"
    """
    close = difflib.get_close_matches(name, allowed, n=3)
    if not close:
        return "correct or remove it"
    ratios = {other: difflib.SequenceMatcher(None, other, name).ratio() for other in close}
    best = max(close, key=lambda other: (ratios[other], other[0] == name[0]))
    return f"write {best!r} instead"


class Table:
    """One table of a TOML file; `thing` names it in sentences, such as "quantity 'crates'"."""

    def __init__(self, data: Mapping[str, Any], thing: str, file: str, problems: Problems) -> None:
        self._data = data
        self._read: set[str] = set()
        self.thing = thing
        self.file = file
        self.problems = problems

    def wrong(self, name: str, found: object, allowed: str, remedy: str) -> None:
        """Keep a problem of this table."""
        self.problems.add(self.file, self.thing, name, found, allowed, remedy)

    def has(self, name: str) -> bool:
        """Whether a field is given."""
        return name in self._data

    def raw(self, name: str) -> Any:  # noqa: ANN401 - TOML holds anything
        """A field as it stands, or None."""
        self._read.add(name)
        return self._data.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required if there is no default."""
        value = self._field(name, default, "text")
        if not isinstance(value, str):
            if value is not None:
                self.wrong(name, value, "text", "put it in quotation marks")
            return ""
        if default is None and not value.strip():
            self.wrong(name, value, "a text that isn't empty", "fill it in")
        return value

    def choice(self, name: str, among: Sequence[Word]) -> Word:
        """One word of a closed list; the first word stands for one that is wrong or missing."""
        value = self.text(name)
        if value and value not in among:
            self.wrong(name, value, f"one of {', '.join(among)}", suggestion(value, among))
        return word_of(value, among) or among[0]

    def optional_choice(self, name: str, among: Sequence[Word], default: Default) -> Word | Default:
        """One word of a closed list, or the default if it is left out."""
        if self._data.get(name, default) == default:
            self._read.add(name)
            return default
        return self.choice(name, among)

    def identifier(self, name: str = "id") -> str:
        """A text that can serve as an id."""
        value = self.text(name)
        if value and not _ID.fullmatch(value):
            self.wrong(name, value, "letters, digits, dots and underscores", "rename it")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number; required if there is no default. TOML dates become day ordinals."""
        value = self._field(name, default, "a number")
        if isinstance(value, date) and not isinstance(value, datetime):
            return float(value.toordinal())
        if isinstance(value, bool) or not isinstance(value, int | float):
            if value is not None:
                self.wrong(name, value, "a number", "write it without quotation marks")
            return math.nan
        if not math.isfinite(value):
            self.wrong(name, value, "a finite number", "change it")
        return float(value)

    def optional_number(self, name: str) -> float | None:
        """A number that may be left out."""
        return self.number(name) if self.has(name) else self.raw(name)

    def positive_integer(self, name: str) -> int:
        """A whole number from 1 up."""
        value = self._field(name, None, "a whole number")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            if value is not None:
                self.wrong(name, value, "a whole number from 1 up", "change it")
            return 1
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._field(name, default, "true or false")
        if not isinstance(value, bool):
            self.wrong(name, value, "true or false", "write it without quotation marks")
            return default
        return value

    def day(self, name: str) -> date:
        """A day, written as a TOML date."""
        return self._day(name, self._field(name, None, "a day"))

    def optional_day(self, name: str) -> date | None:
        """A day that may be left out."""
        return self.day(name) if self.has(name) else self.raw(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty if left out."""
        return self._texts(name, self._field(name, [], "a list of texts"))

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; a bare text stands for a list of one."""
        value = self._field(name, [], "a list of lists of texts")
        if not isinstance(value, list):
            self.wrong(name, value, "a list of lists of texts", "put it in square brackets")
            return ()
        return tuple(self._texts(name, [item] if isinstance(item, str) else item) for item in value)

    def numbers(self, name: str) -> dict[str, float]:
        """A table of numbers by name; empty if left out."""
        value = self._field(name, {}, "a table of numbers")
        if not isinstance(value, dict):
            self.wrong(name, value, "a table of numbers", "write it as { name = number }")
            return {}
        inner = Table(value, f"{self.thing}, {name}", self.file, self.problems)
        return {key: inner.number(key) for key in value}

    def titles(self, name: str) -> dict[str, str]:
        """A table of texts by name; empty if left out."""
        value = self._field(name, {}, "a table of texts")
        if not isinstance(value, dict):
            self.wrong(name, value, "a table of texts", 'write it as { name = "text" }')
            return {}
        inner = Table(value, f"{self.thing}, {name}", self.file, self.problems)
        return {key: inner.text(key) for key in value}

    def rows(self, name: str, noun: str) -> list[Table]:
        """The tables of an array of tables, each named by its id."""
        value = self._field(name, [], "an array of tables")
        if not isinstance(value, list):
            self.wrong(name, value, f"an array of tables [[{name}]]", "double the square brackets")
            return []
        tables = []
        for number, row in enumerate(value, start=1):
            if not isinstance(row, dict):
                self.wrong(name, row, f"an array of tables [[{name}]]", "double the square brackets")
                continue
            label = row.get("id", row.get("name", row.get("target", "")))
            thing = f"{noun} '{label}'" if isinstance(label, str) and label else f"{noun} number {number}"
            tables.append(Table(row, thing, self.file, self.problems))
        return tables

    def reject_unknown_keys(self) -> None:
        """Keep a problem for every key that nobody asked for."""
        for key in self._data:
            if key not in self._read:
                known = sorted(self._read)
                self.wrong("key", key, f"one of {', '.join(known)}", suggestion(key, known))

    def _field(self, name: str, default: Any, kind: str) -> Any:  # noqa: ANN401 - TOML holds anything
        self._read.add(name)
        if name in self._data:
            return self._data[name]
        if default is None:
            self.wrong(name, "missing", kind, "add it")
        return default

    def _day(self, name: str, value: object) -> date:
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.wrong(name, value, "a day such as 2024-10-23", "write the date in that form")
        return NO_DATE

    def _texts(self, name: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self.wrong(name, value, "a list of texts", "put texts in quotation marks and square brackets")
        return ()
