"""Claims in a few plain words, for tables and for the reasons that are given."""

from __future__ import annotations

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim

__all__ = ["about", "plain_number", "says"]

_WORDS = {
    "eq": "",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
}
_NEAR = {
    "less_than": "just under ",
    "more_than": "just over ",
    "at_least": "just over ",
    "at_most": "just under ",
}


def plain_number(number: float) -> str:
    """A number with thousands separators and no needless digits.

    >>> plain_number(18000.0), plain_number(0.4)
    ('18,000', '0.4')
    """
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.10g}"


def says(claim: Claim) -> str:
    """What a claim says of its subject, such as "more than 18,000 crates" or "that it is not so"."""
    if claim.proposition:
        return "that it is so" if claim.comparison == "proposition_true" else "that it is not so"
    if claim.comparison == "between":
        number = f"between {_end(claim.low)} and {_end(claim.high)}"
    else:
        words = _NEAR.get(claim.comparison, "nearly ") if claim.near else _WORDS[claim.comparison]
        number = f"{words}{_end(claim.value)}"
    return f"{number} {claim.unit}".strip()


def about(claim: Claim, case: Case) -> str:
    """What a claim is about: the sentence of its proposition, or the title of its quantity."""
    if claim.proposition:
        return case.propositions[claim.proposition].sentence
    title = case.quantities[claim.quantity].title
    return f"{title} ({claim.qualifier.replace('_', ' ')})" if claim.qualifier else title


def _end(number: float | None) -> str:
    return "an unstated number" if number is None else plain_number(number)
