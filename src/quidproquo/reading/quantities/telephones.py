"""Digits of telephone numbers, which count nothing."""

from __future__ import annotations

import re

__all__ = ["is_of_telephone"]

_PHONE = re.compile(r"-\d{3}-\d{3,4}\b")
_PHONE_BEFORE = re.compile(r"(?:\d-\d{3}-|\b\d{3}-\d{3}-|\(\d{3}\)[ ]|\b0\d+[ ](?:\d{3}[ ])?)$")
_DIALLED_BEFORE = re.compile(r"(?:\+|\(?\b)(?:\(?\d{1,4}\)?[ .-])*\(?\Z")
_DIALLED_AFTER = re.compile(r"\)?(?:[ .-]\(?\d{1,4}\)?)+(?![\d%])")
_AREA = re.compile(r"\(\d{2,4}\)[ ]?\d")
_CALLING = re.compile(
    r"\b(?:phones?|telephone|tel|fax|call(?:ed|ing)?|dial|mobile|whatsapp|hotline|helpline|sms|text)\b[^.;]{0,16}\Z",
    re.IGNORECASE,
)


def is_of_telephone(before: str, printed: str, following: str) -> bool:
    """Whether digits are part of a telephone number, by what stands before and after them."""
    if (following[:1] == "-" and _PHONE.match(following)) or _is_dialled(before, printed, following):
        return True
    if before[-1:] not in {" ", "-"} or not (before[-2:-1].isdigit() or before[-2:-1] == ")"):
        return False
    return _PHONE_BEFORE.search(before) is not None


def _is_dialled(before: str, printed: str, following: str) -> bool:
    """Whether digits belong to a telephone number: after "+" or a word for it, in groups, 7 to 15 in all."""
    if not printed.isdigit() or len(printed) > 11:
        return False
    run = _DIALLED_BEFORE.search(before)
    head = run[0] if run is not None else ""
    tail = _DIALLED_AFTER.match(following)
    whole = head + printed + (tail[0] if tail is not None else "")
    digits = sum(map(str.isdigit, whole))
    if not 7 <= digits <= 15:
        return False
    grouped = whole.strip(" (").startswith("+") or _AREA.match(whole) is not None
    return grouped or _CALLING.search(before[: len(before) - len(head)]) is not None
