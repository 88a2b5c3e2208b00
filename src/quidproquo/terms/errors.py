"""Every error that Quid Pro Quo raises on purpose.

    QuidProQuoError                  root; also a ValueError
    ├── InputError                   something the user handed in is wrong: exit 1
    │   ├── DocumentError            a document can't be found, read or decoded
    │   ├── CaseError                a file of a case is missing, malformed or inconsistent
    │   ├── ClaimError               a row of a claim table breaks the vocabulary, a unit or a rule
    │   ├── PriorError               a prior is impossible, unknown, missing or used twice
    │   └── DateError                a text is not a date in the Extended Date/Time Format
    └── EvidenceError                conditioning can't give a usable result

A message is one sentence: object, field, what was found, what is allowed, what to do.
"""

from __future__ import annotations

__all__ = [
    "CaseError",
    "ClaimError",
    "DateError",
    "DocumentError",
    "EvidenceError",
    "InputError",
    "PriorError",
    "QuidProQuoError",
    "Words",
    "sentence",
]


class QuidProQuoError(ValueError):
    """Root of all errors raised on purpose."""


class InputError(QuidProQuoError):
    """Something that the user handed in is wrong."""


class DocumentError(InputError):
    """A document can't be found, read or decoded."""


class CaseError(InputError):
    """A file of a case is missing, malformed or inconsistent."""


class ClaimError(InputError):
    """A row of a claim table breaks the vocabulary, a unit or a rule."""


class PriorError(InputError):
    """A prior is impossible, unknown, missing or used twice."""


class DateError(InputError):
    """A text is not a date in the Extended Date/Time Format."""


class EvidenceError(QuidProQuoError):
    """Conditioning can't give a usable result."""


class Words(str):
    """What was found, in words of ours: a sentence prints it without quotation marks."""

    __slots__ = ()


def sentence(thing: str, field: str, found: object, allowed: str, remedy: str) -> str:
    """Write an error message in the one voice that all of them share.

    >>> sentence("prior 'war.end_rate'", "low", 3, "a number below high, 2", "swap the two")
    "prior 'war.end_rate': low is 3, but it must be a number below high, 2; swap the two."
    """
    shown = repr(found) if isinstance(found, str) and not isinstance(found, Words) else str(found)
    return f"{thing}: {field} is {shown}, but it must be {allowed}; {remedy}."
