"""The parts of a sentence that attribute by themselves."""

from __future__ import annotations

from itertools import pairwise

from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.noun_cues import reckoned
from quidproquo.reading.attribution.subjects import is_verb, subject_of
from quidproquo.reading.attribution.words import QUOTED, Token, lower_of

__all__ = ["segments"]

_OTHERS = frozenset({"another", "others"})
_PARTING = frozenset({";", ":", "while", "whereas", *_OTHERS})


def segments(tokens: list[Token]) -> list[list[Token]]:
    """The parts of a sentence that attribute by themselves: between semicolons, ": according to", "while"."""
    if _PARTING.isdisjoint(map(lower_of, tokens)):
        return [tokens]
    cuts = [0]
    for at in range(2, len(tokens) - 2):
        token = tokens[at]
        if token.text == ";":
            parts = _has_cue(tokens, at + 1, len(tokens)) and _has_cue(tokens, cuts[-1], at)
        elif token.text == ",":
            parts = tokens[at + 1].lower in _OTHERS and _turns(tokens, at, cuts[-1])
        elif token.text == ":":
            parts = tokens[at + 1].lower == "according to"
        else:
            parts = token.lower in {"while", "whereas"} and _turns(tokens, at, cuts[-1])
        if parts:
            cuts.append(at + 1)
    cuts.append(len(tokens) + 1)
    return [tokens[a : max(a, b - 1)] for a, b in pairwise(cuts)]


def _has_cue(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a stretch has a source and a cue of its own."""
    for at in range(first, last):
        if tokens[at].lower == "according to" or (at > first and reckoned(tokens, at)):
            return True
        if tokens[at].lower in VERBS and is_verb(tokens, at) and tokens[at - 1].text != "," and at > first:
            return True
    return False


def _turns(tokens: list[Token], at: int, first: int) -> bool:
    """Whether "while" parts two clauses each of which has a speaker at once: "A says …, while B speaks of …"."""
    return _has_cue(tokens, first, at) and _early_cue(tokens, at + 1)


def _early_cue(tokens: list[Token], first: int) -> bool:
    for at in range(first + 1, min(len(tokens) - 1, first + 12)):
        if tokens[at].text in {",", QUOTED}:
            return False
        if tokens[at].lower in VERBS and is_verb(tokens, at):
            begin, source = subject_of(tokens, at)
            return source is not None and begin <= first
    return False
