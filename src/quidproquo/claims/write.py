"""Writing claims as a table that `load_claims` reads back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quidproquo.cases.csv_rows import write_rows
from quidproquo.claims.load import CLAIM_COLUMNS
from quidproquo.claims.origins import ORIGIN_AS_STATED
from quidproquo.claims.record import Claim
from quidproquo.terms.edtf import Interval

__all__ = ["claim_cells", "write_claims"]

_ADDED = ("state", "credibility")


def write_claims(claims: Sequence[Claim], path: Path) -> None:
    """Write a CSV table: the columns of a claim table, state, credibility, then the kept columns.

    Appearances aren't part of a table; everything else is read back as it was.
    """
    others = sorted({name for claim in claims for name in claim.extra if name != ORIGIN_AS_STATED})
    rows = []
    for claim in claims:
        cells = claim_cells(claim) | {name: claim.extra.get(name, "") for name in others}
        rows.append([cells[name] for name in (*CLAIM_COLUMNS, *_ADDED, *others)])
    write_rows(path, (*CLAIM_COLUMNS, *_ADDED, *others), rows)


def claim_cells(claim: Claim) -> dict[str, str]:
    """The cells of a claim by column; an origin stands in the table's own words."""
    plain = {name: str(getattr(claim, name)) for name in (*CLAIM_COLUMNS, "state")}
    return plain | {
        "near": "true" if claim.near else "",
        "value": _number(claim.value),
        "low": _number(claim.low),
        "high": _number(claim.high),
        "since": _date(claim.since),
        "event": _date(claim.event),
        "published": _date(claim.published),
        "origin": claim.extra.get(ORIGIN_AS_STATED, claim.origin),
        "credibility": str(claim.credibility),
    }


def _number(number: float | None) -> str:
    if number is None:
        return ""
    whole = float(number).is_integer() and abs(number) < 2**53
    return str(int(number)) if whole else repr(float(number))


def _date(interval: Interval | None) -> str:
    return interval.edtf if interval else ""
