"""Whether a noun phrase can be somebody who speaks."""

from __future__ import annotations

from quidproquo.reading.attribution.words import PREPOSITIONS, Token, is_number
from quidproquo.reading.sentences import Span

__all__ = ["names_speaker"]


def names_speaker(tokens: list[Token], source: Span) -> bool:
    """Whether a phrase names somebody: no number, no pronoun that stands for a thing."""
    words = [token for token in tokens if source[0] <= token.start < source[1]]
    return bool(words) and not (
        words[0].lower in PREPOSITIONS
        or (len(words) == 1 and (is_number(words[0]) or words[0].lower in _PARTICIPLES))
        or (
            (words[0].lower != "one" or len(words) == 1)
            and any(item.lower in _NOBODY and not item.text.isupper() for item in (words[0], words[-1]))
        )
    )


_PARTICIPLES = frozenset("received reported given seen made found taken used needed".split())
_NOBODY = frozenset(
    "which that there what this these those if whether nobody none one me us him them".split()
)
