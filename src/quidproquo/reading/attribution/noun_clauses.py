"""Clauses that belong to a noun: "the driver who fled", "doctors we spoke to", "people briefed on it"."""

from __future__ import annotations

from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.words import (
    AUX,
    BREAKS,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    RELATIVES,
    TIMES,
    Token,
    is_adverb,
    is_finite,
    is_number,
    is_past,
)

__all__ = ["antecedent_end", "with_clause"]

# A clause of a noun is shorter than this; looking no further keeps reading linear.
_MOST = 24
_STOPS = BREAKS | {QUOTED, "."}
_PERSONAL = PRONOUNS - {"who"}
_NO_NOUNS = (
    CONJUNCTIONS
    | PREPOSITIONS
    | DETERMINERS
    | PRONOUNS
    | AUX
    | RELATIVES
    | TIMES
    | {"of", "than", "to", "or"}
)
_PARTICIPLE_OF = frozenset("by of in on at for with from as to".split())
_STRANDED = frozenset("to with for from by about at of on".split())


def antecedent_end(tokens: list[Token], last: int) -> int | None:
    """The noun to which the clause that ends at a token belongs, None where no such clause ends there."""
    found = with_clause(tokens, last)
    return found[0] if found is not None else None


def with_clause(tokens: list[Token], last: int) -> tuple[int, int] | None:
    """The noun to which the clause that ends at a token belongs, and the end of its name.

    A verb that follows is that of the noun: "the driver who fled the port in May said". A participle belongs to
    the name: "photographs reviewed by the port".
    """
    for at in range(last, max(0, last - _MOST), -1):
        token = tokens[at]
        if token.text in _STOPS or token.lower in {"and", "but", "or"}:
            return None
        if token.lower in RELATIVES:
            complete = _is_noun(tokens, at - 1) and _is_complete(tokens, at, last)
            return (at - 1, at - 1) if complete else None
        if is_past(token.lower) and token.text.islower():
            noun = _of_contact(tokens, at, last)
            if noun is not None:
                return noun, noun
            if _is_participle(tokens, at, last):
                return at - 1, last
    return None


def _is_noun(tokens: list[Token], at: int) -> bool:
    return (
        at >= 0
        and tokens[at].text[0].isalpha()
        and tokens[at].lower not in _NO_NOUNS
        and not is_adverb(tokens[at].lower)
        and tokens[at].text != QUOTED
    )


def _is_complete(tokens: list[Token], relative: int, last: int) -> bool:
    """Whether a clause from "who" to a token has its verb, so that the next verb isn't its own."""
    first = relative + 1
    if first > last:
        return False
    if tokens[relative].lower == "that" and not (
        is_finite(tokens, first) or (first < last and tokens[first].lower.endswith("s"))
    ):
        return False
    if any(is_finite(tokens, at) for at in range(first, last + 1)):
        return not (first == last and tokens[first].lower in AUX)
    opens = tokens[first].lower in DETERMINERS | PRONOUNS or tokens[first].text[0].isupper()
    return last > first and not opens and not is_adverb(tokens[first].lower) and tokens[first].text.islower()


def _of_contact(tokens: list[Token], verb: int, last: int) -> int | None:
    """The noun in "doctors we spoke to", "officials the Gazette has interviewed"."""
    if last > verb + 1 or (last == verb + 1 and tokens[last].lower not in _STRANDED):
        return None
    at = verb - 1
    while at > 0 and (tokens[at].lower in AUX or is_adverb(tokens[at].lower)):
        at -= 1
    if at < 1:
        return None
    if tokens[at].lower in _PERSONAL:
        at -= 1
    else:
        end = at
        while at > 0 and tokens[at].text[0].isupper():
            at -= 1
        if at == end:
            return None
        at -= tokens[at].lower == "the"
    return at if at >= 0 and (at == 0 or tokens[at].text.islower()) and _is_noun(tokens, at) else None


def _is_participle(tokens: list[Token], at: int, last: int) -> bool:
    """Whether a past form belongs to the noun before it, as in "people briefed on the matter"."""
    if not _is_noun(tokens, at - 1) or is_number(tokens[at - 1]) or is_finite(tokens, at - 1):
        return False
    if tokens[at - 1].text[0].isupper() and at - 1 > 0 and tokens[at].lower in VERBS:
        return False
    if at < last and tokens[last].lower in PREPOSITIONS | {"to", "of"}:
        return False
    following = tokens[at + 1].lower if at < last else ""
    return not following or following in _PARTICIPLE_OF or following in TIMES
