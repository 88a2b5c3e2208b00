"""What hedging words say about the chance that a claim's speaker gives it."""

from __future__ import annotations

import re

from quidproquo.claims.tables import LIKELIHOOD_WORDS, POSSIBILITY_WORDS

__all__ = ["has_possibility_word", "likelihood_of"]

# A comparative ranks two things and gives no chance to either.
_COMPARATIVE = re.compile(r"\b(?:more|less)\s+(?:un)?(?:likely|probabl[ey])\b(?!\s+than\s+not)")
_LIKELIHOOD = re.compile(
    r"\b(?:" + "|".join(re.escape(word) for word in sorted(LIKELIHOOD_WORDS, key=len, reverse=True)) + r")\b"
)
_POSSIBILITY = re.compile(r"\b(?:" + "|".join(POSSIBILITY_WORDS) + r")\b")


def likelihood_of(hedge: str) -> tuple[float, float] | None:
    """The ICD 203 interval of the first likelihood word in a hedge, or None if there is none.

    The longest word at a place counts, so "very unlikely" isn't read as "unlikely" or "likely".

    >>> likelihood_of("believes; likely")
    (0.55, 0.8)
    """
    text = _COMPARATIVE.sub(" ", " ".join(hedge.casefold().split()))
    match = _LIKELIHOOD.search(text)
    return LIKELIHOOD_WORDS[match[0]] if match else None


def has_possibility_word(hedge: str) -> bool:
    """Whether a hedge only says that something is possible: such a claim favours no world.

    A likelihood word beside it ("could well, and probably will") takes precedence.

    >>> has_possibility_word("may think; could")
    True
    """
    return likelihood_of(hedge) is None and _POSSIBILITY.search(hedge.casefold()) is not None
