"""Nouns that attribute: "the port's claim that …", "forecasts by brokers of …", "polls have it at …"."""

from __future__ import annotations

from quidproquo.reading.attribution.record import Frame
from quidproquo.reading.attribution.words import (
    AUX,
    BREAKS,
    CONJUNCTIONS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    TIMES,
    Token,
    is_finite,
    is_number,
)
from quidproquo.reading.sentences import Span

__all__ = ["GIVING", "MAKERS", "NOUNS", "noun_cues", "reckoned", "takes_its_object", "uncovers"]

_CLAIMS = frozenset(
    "claim claims assertion assertions allegation allegations statement announcement admission confirmation "
    "warning warnings prediction predictions acknowledgement suggestion assurance assurances boast".split()
)
_FIGURES = frozenset(
    "estimate estimates forecast forecasts projection projections prediction predictions expectation expectations "
    "calculation calculations claim claims tally toll count pledge promise offer".split()
)
NOUNS = _CLAIMS | _FIGURES
_STOPS = BREAKS | {QUOTED, "."}
_MOST = 14
# Documents that give figures, and the verbs with which they do.
MAKERS = frozenset(
    "estimate estimates poll polls survey surveys forecast forecasts projection projections tally tallies count "
    "counts figures data statistics ranking rankings index calculation calculations analysis study report "
    "reports".split()
)
GIVING = frozenset(
    "have has had put puts peg pegs pegged place places placed list lists listed value values valued".split()
)


def noun_cues(tokens: list[Token]) -> list[Frame]:
    """The sources, cues and contents of nouns that attribute, each with what follows it."""
    found: list[Frame] = []
    for at, token in enumerate(tokens):
        if token.lower not in NOUNS or at + 2 >= len(tokens):
            continue
        owner = _owner(tokens, at)
        stop = at + 1
        maker: Span | None = None
        if tokens[stop].lower in {"by", "from"}:
            last = _end_of_name(tokens, stop + 1)
            maker, stop = (tokens[stop + 1].start, tokens[last - 1].end) if last > stop + 1 else None, last
        source = owner or maker
        content = _content(tokens, at, stop) if stop + 1 < len(tokens) else None
        if content is None:
            continue
        if source is None:
            source = _maker_behind(tokens, content)
        if source is not None:
            found.append((source, (token.start, token.end), (content,), "according"))
    return found


def _owner(tokens: list[Token], at: int) -> Span | None:
    """As in "the port's latest claim", "analysts' expectations"."""
    for back in range(at - 1, max(-1, at - 4), -1):
        word = tokens[back].lower
        plural = word in {"'", "’"} and back > 0 and tokens[back - 1].lower.endswith("s")
        if plural or word.endswith(("'s", "’s")):
            first = back - plural
            while first > 0 and _in_name(tokens, first - 1):
                first -= 1
            return tokens[first].start, tokens[back].start if plural else tokens[back].end - 2
        if not tokens[back].text.isalpha() or word in PREPOSITIONS or is_finite(tokens, back):
            return None
    return None


_NO_NAME = PREPOSITIONS | CONJUNCTIONS | PRONOUNS | AUX | {"of", "than", "to"}


def _in_name(tokens: list[Token], at: int) -> bool:
    word = tokens[at].lower
    if word in _NO_NAME or not tokens[at].text[0].isalpha():
        return False
    return tokens[at].text[0].isupper() or (tokens[at].text.isalpha() and not is_finite(tokens, at))


def _end_of_name(tokens: list[Token], first: int) -> int:
    last = first
    while last < len(tokens) and last - first < _MOST:
        token = tokens[last]
        if (
            token.text in _STOPS
            or token.lower in {"that", "of", "for", *CONJUNCTIONS}
            or is_finite(tokens, last)
        ):
            break
        last += 1
    return last


def _content(tokens: list[Token], noun: int, at: int) -> Span | None:
    """What is claimed or reckoned: the clause after "that", the figure after "of", "for" or "at"."""
    sign = tokens[at].lower
    if sign == "that" and tokens[noun].lower in _CLAIMS | _FIGURES:
        last = _end_of_clause(tokens, at + 1)
        return (tokens[at + 1].start, tokens[last - 1].end) if last > at + 1 else None
    if sign not in {"of", "for"} or tokens[noun].lower not in _FIGURES:
        return None
    last = at + 1
    while last < len(tokens) and last - at < _MOST:
        token = tokens[last]
        if (
            token.text in _STOPS
            or token.lower in CONJUNCTIONS
            or token.lower in {"by", "from"}
            or is_finite(tokens, last)
        ):
            break
        last += 1
    between = tokens[at + 1 : last]
    return (between[0].start, between[-1].end) if any(map(is_number, between)) else None


def _end_of_clause(tokens: list[Token], first: int) -> int:
    """Where a clause after "that" ends: at a mark, or at the verb of the sentence, the second one."""
    verbs = 0
    last = first
    while last < len(tokens) and tokens[last].text not in _STOPS:
        if is_finite(tokens, last) and not (last > first and tokens[last - 1].lower in AUX):
            verbs += 1
            if verbs > 1 and tokens[last].lower in AUX:
                break
        last += 1
    return last


def _maker_behind(tokens: list[Token], content: Span) -> Span | None:
    """As in "an estimate of 40 by the port": who follows the figure."""
    at = next((n for n, token in enumerate(tokens) if token.start >= content[1]), len(tokens))
    if at + 1 >= len(tokens) or tokens[at].lower not in {"by", "from"} or tokens[at + 1].lower in TIMES:
        return None
    last = _end_of_name(tokens, at + 1)
    return (tokens[at + 1].start, tokens[last - 1].end) if last > at + 1 else None


_PLACES = frozenset(
    "at by closer nearer higher lower leading ahead above between around near over under below as".split()
)


def reckoned(tokens: list[Token], index: int) -> bool:
    """Whether a verb such as "have" or "puts" gives a figure: "polls have him at 40 percent"."""
    if tokens[index].lower not in GIVING or index + 1 >= len(tokens) or is_number(tokens[index + 1]):
        return False
    for at in range(index + 2, min(len(tokens) - 1, index + 26)):
        if tokens[at].text in {";", ":", QUOTED, "."}:
            return False
        if tokens[at].lower in _PLACES:
            return any(map(is_number, tokens[at + 1 : at + 4]))
    return False


# Nouns far more often than verbs, unless a clause follows.
_WITH_THAT = frozenset("project projects rules calculates".split())


def takes_its_object(tokens: list[Token], index: int) -> bool:
    """Whether the verb has what it needs to attribute: "puts the dead at 40", "projects that …"."""
    word, following = tokens[index].lower, tokens[index + 1 : index + 2]
    if word in {"put", "puts"}:
        return reckoned(tokens, index)
    return word not in _WITH_THAT or not following or following[0].lower == "that"


# Work whose finding is its statement: "an analysis by the Gazette found 40 tankers".
_WORKS = frozenset(
    "analysis investigation study review survey audit inquiry inspection probe examination".split()
)
_FINDING = frozenset("found identified uncovered counted documented discovered".split())


def uncovers(tokens: list[Token], index: int, source: Span) -> bool:
    """Whether a study or an inquiry is said to have found a number of things."""
    if tokens[index].lower not in _FINDING or index + 1 >= len(tokens) or not is_number(tokens[index + 1]):
        return False
    return any(token.lower in _WORKS for token in tokens if source[0] <= token.start < source[1])
