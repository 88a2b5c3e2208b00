"""Loading a table of claims, and refusing in one sentence what breaks the vocabulary or a rule."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quidproquo.cases.csv_rows import Row, read_rows
from quidproquo.cases.record import Case, Quantity
from quidproquo.claims.hedges import likelihood_of
from quidproquo.claims.origins import ORIGIN_AS_STATED, find_origin
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.tables import UNREVIEWED_CREDIBILITY
from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import ClaimError, DateError, sentence
from quidproquo.terms.grades import CREDIBILITIES
from quidproquo.terms.vocabulary import (
    COMPARISONS,
    NUMERIC_COMPARISONS,
    PROPOSITION_COMPARISONS,
    RELATIONS,
    ROLES,
    STATES,
    VERIFICATIONS,
    Word,
    unit_range,
    word_of,
)

__all__ = [
    "CLAIM_COLUMNS",
    "check_claim_rows",
    "check_claims",
    "claims_of_rows",
    "links_of_rows",
    "load_claims",
    "load_links",
]

CLAIM_COLUMNS = (
    "id", "role", "quantity", "proposition", "comparison", "near", "value", "low", "high", "unit",
    "qualifier", "since", "event", "published", "speaker", "reporting_source", "origin", "hedge",
    "paraphrase", "url", "verification", "note",
)  # fmt: skip
_OPTIONAL = ("state", "credibility")
_NUMBERS = ("value", "low", "high")


def load_claims(path: Path, case: Case) -> list[Claim]:
    """Read a table of claims with the columns of `CLAIM_COLUMNS`, in the table's order.

    `state` (empty: accepted) and `credibility` (empty: 6, cannot be judged) are optional columns;
    all others are kept in `extra`.

    Raises:
        ClaimError: at the first thing that is wrong, in one sentence.
    """
    claims, problems = check_claims(path, case)
    if problems:
        raise problems[0]
    return claims


def check_claims(path: Path, case: Case) -> tuple[list[Claim], list[ClaimError]]:
    """Read a table of claims and gather one error for each row that is wrong.

    Raises:
        ClaimError: if it isn't a table with the needed columns at all.
    """
    return check_claim_rows(read_rows(path, CLAIM_COLUMNS, "claim table"), case, path.name)


def claims_of_rows(rows: Iterable[Row], case: Case, file: str = "claims.csv") -> list[Claim]:
    """Claims of rows that are read already; columns that they lack are empty.

    Raises:
        ClaimError: at the first thing that is wrong, in one sentence.
    """
    claims, problems = check_claim_rows(rows, case, file)
    if problems:
        raise problems[0]
    return claims


def check_claim_rows(
    rows: Iterable[Row], case: Case, file: str = "claims.csv"
) -> tuple[list[Claim], list[ClaimError]]:
    """Claims of rows that are read already, and one error for each row that is wrong."""
    claims, problems = [], []
    seen: set[str] = set()
    for row in rows:
        try:
            claims.append(_Reader(file, row, case).claim(seen))
        except ClaimError as error:
            problems.append(error)
    return claims, problems


@dataclass(frozen=True)
class _Reader:
    """One row on its way to a claim; `fail` knows how the row is called in a sentence."""

    file: str
    row: Row
    case: Case

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def fail(self, field: str, allowed: str, remedy: str, found: object = None) -> ClaimError:
        name = f"claim '{self.cell('id')}'" if self.cell("id") else f"row {self.row.number}"
        shown = self.cell(field) if found is None else found
        return ClaimError(sentence(f"{self.file}: {name}", field, shown, allowed, remedy))

    def claim(self, seen: set[str]) -> Claim:
        self._check_id(seen)
        quantity = self._quantity()
        numeric = not self.cell("proposition")
        comparison = self._among("comparison", NUMERIC_COMPARISONS if numeric else PROPOSITION_COMPARISONS)
        numbers = self._numbers(quantity) if numeric and quantity else self._no_numbers()
        origin = find_origin(self._given("speaker"), self.cell("origin"), self.case)
        since, event, published = self._dates()
        verification = self._among("verification", VERIFICATIONS)
        return Claim(
            id=self.cell("id"),
            role=self._among("role", ROLES),
            quantity=self.cell("quantity"),
            proposition=self.cell("proposition"),
            comparison=comparison,
            near=self._near(),
            value=numbers["value"],
            low=numbers["low"],
            high=numbers["high"],
            unit=self.cell("unit"),
            qualifier=self.cell("qualifier"),
            since=since,
            event=event,
            published=published,
            speaker=self.cell("speaker"),
            reporting_source=self.cell("reporting_source"),
            origin=origin.name,
            family=origin.family,
            reliability=origin.reliability,
            credibility=self._credibility(),
            hedge=self.cell("hedge"),
            paraphrase=self.cell("paraphrase"),
            url=self.cell("url"),
            verification=verification,
            note=self.cell("note"),
            state=self._among("state", STATES) if self.cell("state") else "accepted",
            derived=verification == "derived",
            likelihood=likelihood_of(self.cell("hedge")),
            extra=self._extra(origin.name),
        )

    def _check_id(self, seen: set[str]) -> None:
        name = self.cell("id")
        if not name:
            raise self.fail("id", "a name that no other row has", "give the row one")
        if name in seen:
            raise self.fail("id", "a name that no other row has", "rename one of the two rows")
        seen.add(name)

    def _given(self, column: str) -> str:
        if not self.cell(column):
            raise self.fail(column, "a name", "say who makes the claim")
        return self.cell(column)

    def _among(self, column: str, words: Sequence[Word]) -> Word:
        found = self.cell(column)
        word = word_of(found, words)
        if word is None:
            raise self.fail(
                column, f"one of {', '.join(words)}", _suggestion(found, words, "choose one of them")
            )
        return word

    def _quantity(self) -> Quantity | None:
        self._among("comparison", COMPARISONS)
        name, proposition = self.cell("quantity"), self.cell("proposition")
        if proposition and proposition not in self.case.propositions:
            remedy = _suggestion(proposition, self.case.propositions, "declare it in the case or correct it")
            raise self.fail("proposition", f"a proposition of case '{self.case.name}'", remedy)
        if proposition and not name:
            return None
        quantity = self.case.quantities.get(name)
        if quantity is None:
            remedy = _suggestion(name, self.case.quantities, "declare it in the case or correct it")
            raise self.fail("quantity", f"a quantity in the vocabulary of case '{self.case.name}'", remedy)
        if not proposition and quantity.kind == "event":
            allowed = f"a quantity with numbers, for '{name}' is an event"
            raise self.fail("quantity", allowed, "name the proposition that is asserted or denied")
        if proposition and quantity.kind != "event":
            allowed = f"a quantity of kind event, for '{name}' is counted in numbers"
            raise self.fail("quantity", allowed, "give the number instead of a proposition, or name an event")
        return quantity

    def _near(self) -> bool:
        found = self.cell("near")
        if found not in ("", "true"):
            raise self.fail("near", "'true' or empty", "write true or leave it empty")
        if found and self.cell("comparison") == "between":
            raise self.fail(
                "near", "empty beside the comparison between", "leave it empty or give a single value"
            )
        return bool(found)

    def _no_numbers(self) -> dict[str, float | None]:
        for column in (*_NUMBERS, "unit", "qualifier", "near"):
            if self.cell(column):
                allowed = "empty in a row with a proposition"
                raise self.fail(column, allowed, "leave it empty, or take the proposition away")
        return dict.fromkeys(_NUMBERS)

    def _numbers(self, quantity: Quantity) -> dict[str, float | None]:
        if self.cell("unit") != quantity.unit:
            allowed = f"{quantity.unit!r}, the unit of quantity '{quantity.id}'"
            raise self.fail("unit", allowed, "convert the number and write that unit")
        between = self.cell("comparison") == "between"
        wanted, barred = (("low", "high"), ("value",)) if between else (("value",), ("low", "high"))
        for column in barred:
            if self.cell(column):
                allowed = f"empty beside the comparison {self.cell('comparison')}"
                raise self.fail(column, allowed, f"leave it empty and fill {' and '.join(wanted)}")
        numbers: dict[str, float | None] = dict.fromkeys(_NUMBERS) | {
            column: self._number(column, quantity) for column in wanted
        }
        low, high = numbers["low"], numbers["high"]
        if low is not None and high is not None and low > high:
            raise self.fail("low", f"no more than high, {high:g}", "swap the two", found=f"{low:g}")
        return numbers

    def _number(self, column: str, quantity: Quantity) -> float:
        found = self.cell(column)
        needed = f"a number beside the comparison {self.cell('comparison')}"
        if not found:
            raise self.fail(column, needed, "fill it in")
        try:
            number = float(found.replace("_", "?"))
        except ValueError as error:
            raise self.fail(column, needed, "write digits with a decimal point and no separators") from error
        allowed = unit_range(quantity.unit, quantity.scale)
        if not (math.isfinite(number) and allowed.holds(number)):
            where = f"{allowed}, the range of unit '{quantity.unit}' of quantity '{quantity.id}'"
            raise self.fail(column, where, "correct the number or its unit")
        return number

    def _dates(self) -> tuple[Interval | None, Interval | None, Interval | None]:
        since, event, published = (self._date(column) for column in ("since", "event", "published"))
        if since is not None and event is not None and since.start > event.end:
            allowed = f"no later than the event date, {event.edtf}"
            raise self.fail("since", allowed, "correct one of the two dates")
        return since, event, published

    def _date(self, column: str) -> Interval | None:
        if not self.cell(column):
            return None
        try:
            return parse(self.cell(column))
        except DateError as error:
            allowed = "an EDTF date such as 2024, 2024-10, 2024-10-23 or 1964/1965"
            raise self.fail(column, allowed, "write the date in that form") from error

    def _credibility(self) -> int:
        found = self.cell("credibility")
        if not found:
            return UNREVIEWED_CREDIBILITY
        if found not in {str(grade) for grade in CREDIBILITIES}:
            raise self.fail("credibility", "a whole number from 1 to 6", "grade the claim with one of these")
        return int(found)

    def _extra(self, origin: str) -> Mapping[str, str]:
        known = {*CLAIM_COLUMNS, *_OPTIONAL}
        extra = {name: cell for name, cell in self.row.cells.items() if name not in known and cell}
        if self.cell("origin") not in ("", origin):
            extra[ORIGIN_AS_STATED] = self.cell("origin")
        return extra


def _suggestion(found: str, allowed: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(found, list(allowed), n=1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def load_links(path: Path, claims: Iterable[Claim]) -> list[Link]:
    """Read a table of links with the columns a, relation, b; "x x y" in b becomes two links.

    Links to a claim that isn't among `claims` are kept: a table may speak about more claims than
    a run has loaded.

    Raises:
        ClaimError: for an unknown relation, an empty end, or a claim that is linked to itself.
    """
    return links_of_rows(read_rows(path, ("a", "relation", "b"), "link table"), claims, path.name)


def links_of_rows(rows: Iterable[Row], claims: Iterable[Claim], file: str = "links.csv") -> list[Link]:
    """Links of rows that are read already; see `load_links`.

    Raises:
        ClaimError: as `load_links` does.
    """
    known = {claim.id for claim in claims}
    links: dict[Link, None] = {}
    for row in rows:
        a, relation, b = (row.cells.get(name, "") for name in ("a", "relation", "b"))
        thing = f"{file}: row {row.number}"
        kind = word_of(relation, RELATIONS)
        if kind is None:
            remedy = _suggestion(relation, RELATIONS, "choose one of them")
            raise ClaimError(sentence(thing, "relation", relation, f"one of {', '.join(RELATIONS)}", remedy))
        ends = [a, *b.split(" x ")] if b not in known else [a, b]
        for column, end in zip(("a", "b", "b"), ends, strict=False):
            if not end:
                raise ClaimError(
                    sentence(thing, column, end, "the id of a claim", "fill it in or drop the row")
                )
        for end in ends[1:]:
            if a == end.strip():
                raise ClaimError(sentence(thing, "b", end, "another claim than a", "correct one of the two"))
            links[Link(a, kind, end.strip())] = None
    return list(links)
