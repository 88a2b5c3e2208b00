"""What the search for speakers hands on."""

from __future__ import annotations

from dataclasses import dataclass

from quidproquo.reading.sentences import Span

__all__ = ["Attribution", "Frame"]

# Source, cue, contents and the class of the cue.
Frame = tuple[Span, Span, tuple[Span, ...], str]


@dataclass(frozen=True)
class Attribution:
    """Somebody's words, or thoughts, in a text: spans of source, cue and content.

    `source` is None where nobody is named, `cue` where a quotation goes on without one. `kind` is
    "direct", "indirect", "mixed" or "document"; `sort` the class of the cue ("say", "think", "want",
    "show", "deny", "according"); `sentence` the span of the sentence that carries it. In a quotation of
    several sentences source and cue may stand in another sentence.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str = "indirect"
    sort: str = "say"
    sentence: Span = (0, 0)
