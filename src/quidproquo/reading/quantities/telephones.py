"""Digits of telephone numbers, which count nothing."""

from __future__ import annotations

import re

__all__ = ["is_dialled"]

# "Call 555-0143", "+44 20 7946 0958", "(212) 555-0187".
_DIALLED = re.compile(
    r"(?:\b(?:call|phone|tel|telephone|dial|ring|fax|hotline|whatsapp)\b[.:]?[ ](?:(?:us|on|at|or|"
    r"number)[ ])*|\+\d{1,3})"
    r"(?P<more>[\d ()-]*)\Z",
    re.IGNORECASE,
)
_DIALLED_ON = re.compile(r"\)?[ -]\(?\d{2,}")


def is_dialled(before: str, following: str) -> bool:
    """Whether digits are part of a telephone number."""
    if before[-1:] == "(" and re.match(r"\)[ ]?\d{3}[ -]\d{4}", following):
        return True
    if before[-1:] == "+":
        return re.match(r"[ -]\(?\d{2,4}\)?[ -]\d{3,}", following) is not None
    found = _DIALLED.search(before)
    if found is None:
        return False
    more = found["more"]
    return (any(sign.isdigit() for sign in more) and more[-1:] in {" ", "-", "("}) or (
        _DIALLED_ON.match(following) is not None
    )
