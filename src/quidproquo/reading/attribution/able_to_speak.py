"""Whether a noun phrase can be somebody who speaks."""

from __future__ import annotations

from quidproquo.reading.attribution.words import PREPOSITIONS, Token, is_number
from quidproquo.reading.sentences import Span

__all__ = ["names_speaker"]


def names_speaker(tokens: list[Token], source: Span) -> bool:
    """Whether a phrase names somebody: no share, no number, no pronoun that stands for a thing."""
    words = [token for token in tokens if source[0] <= token.start < source[1]]
    if words and _is_share(words):
        return False
    return bool(words) and not (
        words[0].lower in PREPOSITIONS
        or (len(words) == 1 and (is_number(words[0]) or words[0].lower in _PARTICIPLES))
        or (
            (words[0].lower != "one" or len(words) == 1)
            and any(item.lower in _NOBODY and not item.text.isupper() for item in (words[0], words[-1]))
        )
    )


def _is_share(words: list[Token]) -> bool:
    """Whether a phrase is a share of those who were asked: "47 percent of voters", "less than a third"."""
    near = words[:5]
    if any(is_number(token) and token.text.endswith("%") for token in near) or words[-1].lower in _PERCENT:
        return True
    if any(map(is_number, near)) and any(token.lower in _PERCENT for token in near):
        return True
    part = next((at for at, token in enumerate(near) if token.lower in _PARTS), None)
    return part is not None and (part + 1 == len(words) or words[part + 1].lower == "of")


_PERCENT = frozenset("percent cent pct".split())
_PARTS = frozenset("third half quarter fifth thirds quarters two-thirds three-quarters".split())
_PARTICIPLES = frozenset("received reported given seen made found taken used needed".split())
_NOBODY = frozenset(
    "which that there what this these those if whether nobody none one me us him them".split()
)
