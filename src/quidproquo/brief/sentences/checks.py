"""Checks of arithmetic: what agreement says, and where inputs come from."""

from __future__ import annotations

from quidproquo.study.schema.estimates import CheckRecord

__all__ = ["basis_words", "check_verdict"]

_FROM_DOCUMENT = "derived from the document"


def check_verdict(check: CheckRecord) -> str:
    """Whether a result lies where it was expected; with inputs of the document alone, that is arithmetic only."""
    if check.holds is None:
        return "nothing to compare with"
    own = check.inputs and all(item.basis == _FROM_DOCUMENT for item in check.inputs)
    if check.holds:
        return "the document's arithmetic is right" if own else "agrees with what was expected"
    return "the document's arithmetic is not right" if own else "does not agree with what was expected"


def basis_words(basis: str) -> str:
    """Where a number of a check comes from; that it is independent no test says."""
    return "from other sources" if basis == "independent" else basis
