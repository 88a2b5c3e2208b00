"""Which attributions lie around a position or around each other, from the outermost to the innermost."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.sentences import Span

__all__ = ["around", "is_nested", "scope"]


def around(attributions: Sequence[Attribution], at: int) -> list[tuple[int, Attribution]]:
    """The attributions whose content holds a position, with their numbers, outermost first.

    Of two with the same content the first is the outer one: "A, citing B, said …".
    """
    found = [
        (end - start, number, attribution)
        for number, attribution in enumerate(attributions)
        for start, end in attribution.content
        if start <= at < end
    ]
    found.sort(key=lambda item: (-item[0], item[1]))
    return [(number, attribution) for _, number, attribution in found]


def is_nested(inner: Attribution, attributions: Sequence[Attribution]) -> bool:
    """Whether an attribution stands inside the content of another, or shares it with one who cites it."""
    before = True
    for outer in attributions:
        if outer is inner:
            before = False
        elif (before and outer.content == inner.content) or (inner.cue and _within(inner.cue[0], outer)):
            return True
    return False


def scope(inner: Attribution, attributions: Sequence[Attribution], span: Span) -> Span:
    """The smallest content of another attribution around a cue, or the sentence: where its date may stand."""
    if inner.cue is None:
        return span
    parts = [
        part
        for outer in attributions
        if outer is not inner
        for part in outer.content
        if part[0] <= inner.cue[0] < part[1]
    ]
    return min(parts, key=lambda part: part[1] - part[0], default=span)


def _within(at: int, outer: Attribution) -> bool:
    return any(start <= at < end for start, end in outer.content)
