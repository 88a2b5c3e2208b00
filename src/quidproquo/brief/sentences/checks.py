"""Checks of arithmetic: what agreement says, and where inputs come from."""

from __future__ import annotations

from collections.abc import Mapping

from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import CheckRecord

__all__ = ["basis_words", "check_verdict"]

_FROM_DOCUMENT = "derived from the document"


def check_verdict(check: CheckRecord, claims: Mapping[str, ClaimRecord] | None = None) -> str:
    """Whether a result lies where it was expected; with the document's inputs alone, that is arithmetic.

    An input among `claims` that is itself worked out from the document agrees with it by construction.
    """
    if check.holds is None:
        return "nothing to compare with"
    inputs = [(claims or {}).get(item.claim) for item in check.inputs]
    if check.holds and any(claim is not None and claim.derived for claim in inputs):
        return "agrees by construction: an input is worked out from the document's other figures"
    own = check.inputs and all(item.basis == _FROM_DOCUMENT for item in check.inputs)
    if check.holds:
        return "the document's arithmetic is right" if own else "agrees with what was expected"
    return "the document's arithmetic is not right" if own else "does not agree with what was expected"


def basis_words(basis: str) -> str:
    """Where a number of a check comes from; that it is independent no test says."""
    return "from other sources" if basis == "independent" else basis
