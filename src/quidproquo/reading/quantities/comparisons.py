"""Words around a number that say how it is meant: about, at least, just under, or more."""

from __future__ import annotations

import re

from quidproquo.reading.quantities.prepositions import compares
from quidproquo.terms.vocabulary import NumericComparison

__all__ = ["Compared", "after", "before"]

Compared = tuple[NumericComparison, bool, int]

_WORDS: dict[NumericComparison, str] = {
    "about": "about around some roughly approximately approx approx. circa ca. ca c. c estimated "
    "an_estimated estimated_at in_the_region_of in_the_neighborhood_of in_the_neighbourhood_of "
    "in_the_vicinity_of on_the_order_of in_the_order_of something_like more_or_less "
    "an_approximate a_rough an_average_of_about perhaps maybe broadly give_or_take "
    "as_much_as_about in_the_ballpark_of very_roughly equivalent_to_about ~ ≈ "
    "an_estimated_total_of an_approximated or_so_to_speak",
    "at_least": "a_good at_least no_fewer_than no_less_than not_less_than not_fewer_than a_minimum_of minimum_of "
    "as_few_as as_little_as at_the_least at_a_minimum a_minimum ≥ minimum at_the_very_least",
    "at_most": "at_most up_to as_many_as as_much_as no_more_than not_more_than a_maximum_of maximum_of "
    "a_total_of_up_to at_the_most ≤ as_high_as maximum not_exceeding as_long_as "
    "capped_at limited_to anything_up_to not_over not_to_exceed",
    "more_than": "more_than over above exceeding exceed exceeds exceeded in_excess_of upward_of upwards_of "
    "greater_than north_of beyond surpass surpassing surpasses surpassed topped topping tops top "
    "better_than well_over well_above far_more_than higher_than larger_than much_more_than "
    "considerably_more_than well_in_excess_of > far_above way_over way_more_than significantly_more_than "
    "longer_than older_than bigger_than over_than not_less_and_more_than at_over faster_than outnumbering "
    "upwards_of_some",
    "less_than": "less_than fewer_than under below lower_than short_of smaller_than well_under well_below "
    "far_less_than far_fewer_than < much_less_than shy_of beneath south_of younger_than shorter_than "
    "far_below significantly_less_than well_short_of at_under nowhere_near not_even failed_to_reach not_reach "
    "not_reached yet_to_reach never_reached not_as_many_as not_as_much_as",
    "eq": "exactly precisely a_total_of just only a_mere merely a_full fully all_told",
}
_NEAR: dict[NumericComparison, str] = {
    "about": "nearly almost barely close_to nearly_as_much_as virtually practically approaching nearing "
    "verging_on closer_to nigh_on",
    "less_than": "just_under just_below a_little_less_than slightly_less_than a_little_under slightly_under "
    "slightly_below not_quite just_short_of just_shy_of a_bit_less_than a_bit_under a_little_fewer_than "
    "slightly_fewer_than a_little_below fractionally_below marginally_below a_touch_under somewhat_less_than "
    "a_shade_under little_less_than just_less_than a_little_short_of",
    "more_than": "just_over just_above a_little_more_than slightly_more_than a_little_over slightly_over "
    "slightly_above a_bit_more_than a_bit_over a_little_above little_more_than fractionally_above "
    "marginally_above somewhat_more_than a_shade_over a_touch_over just_more_than",
}
_TABLE: dict[str, tuple[NumericComparison, bool]] = {}
for _near, _tables in ((False, _WORDS), (True, _NEAR)):
    for _comparison, _phrases in _tables.items():
        for _phrase in _phrases.split():
            _TABLE[_phrase.replace("_", " ")] = (_comparison, _near)

_LONGEST = max(phrase.count(" ") + 1 for phrase in _TABLE)
_TOKENS = re.compile(r"[A-Za-z.’']+|[$€£%]?\d[\d.,]*|[~≈<>≤≥]|[,;:()\[\]\"“”—–]")
_SKIP = frozenset(
    {"the", "a", "an", "its", "their", "his", "her", "another", "further", "additional", "other"}
)
# What the nearest word before a number can be if there is a comparison; a longer word can't.
_ENDS = _SKIP | {phrase.rpartition(" ")[2] for phrase in _TABLE}
# After these a number is compared by no word.
_PARTS = frozenset("[(])|/,;:")
_LONGEST_WORD = max(map(len, _ENDS)) + 2
# "Below the 4.3 percent that was forecast" states 4.3 percent; "below the 4 percent mark" bounds, and so
# does "fewer than the three promised", which counts what came.
_BOUNDS = ("fewer than", "far fewer than")
_MARK = re.compile(
    r"[$€£]?[\d.,]*\w+(?:[ -]\w+)?[ -](?:mark|threshold|barrier|level|limit|line|milestone|target|ceiling|floor)\b"
)
_LOOK_BACK = 64
_AFTER = re.compile(
    r"[ \u00a0]*(?:,[ ]?)?(?:(?P<about>or so|or thereabouts|more or less|give or take|-odd|-some(?=[ ])|"
    r"approximately|-ish)"
    r"|(?P<least>or more|or higher|or above|or greater|or longer|or older|or better|and above|and over|and "
    r"up|and more|"
    r"and counting|and rising|if not more|at least|upward|upwards|-plus|plus|\+|at a minimum|at the least|minimum)"
    r"|(?P<most>or less|or fewer|or lower|or below|or under|at most|at the most|or younger|maximum|"
    r"tops))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_STRENGTH: dict[NumericComparison, int] = {
    "eq": 0,
    "about": 1,
    "at_least": 2,
    "at_most": 2,
    "more_than": 2,
    "less_than": 2,
}


def before(text: str, start: int) -> Compared:
    """The comparison in the words before a position, whether it is near, and where they start.

    Words further left win over words nearer to the number only where they bound it ("up to about").
    """
    found: Compared = ("eq", False, start)
    nearest = text[max(0, start - _LONGEST_WORD) : start].rstrip().rpartition(" ")
    last = nearest[2][-1:]
    if (last.isalnum() or last in _PARTS) and (
        not last.isalpha() or (nearest[1] and nearest[2].isalpha() and nearest[2].lower() not in _ENDS)
    ):
        return found
    words = [
        (match[0].lower().replace("’", "'"), match.start(), match.end())
        for match in _TOKENS.finditer(text, max(0, start - _LOOK_BACK), start)
    ]
    definite = False
    while words:
        taken = 0
        for length in range(min(_LONGEST, len(words)), 0, -1):
            phrase = " ".join(word for word, _, _ in words[-length:])
            hit = _TABLE.get(phrase)
            if hit is not None and _compares(text, words, length, phrase):
                hit = _turned(words, length, hit)
                stated = hit[0] in {"more_than", "less_than"} and phrase not in _BOUNDS
                if definite and stated and not _MARK.match(text, start):
                    return found
                if _STRENGTH[hit[0]] > _STRENGTH[found[0]] or found[2] == start:
                    near = hit[1] or (found[1] and hit[0] == found[0])
                    found = (hit[0], near, words[-length][1])
                else:
                    found = (found[0], found[1], words[-length][1])
                taken = length
                break
        if taken == 0:
            if found[2] == start and words[-1][0] in _SKIP and len(words) > 1:
                taken = 1
                definite = definite or words[-1][0] in {"the", "its", "their", "his", "her"}
            else:
                break
        words = words[:-taken]
    return found


_NEGATIONS = frozenset({"not", "never", "without", "nor"})
_NEGATED: dict[NumericComparison, NumericComparison] = {"more_than": "at_most", "less_than": "at_least"}
_BETWEEN = frozenset(
    "have has yet ever been be go gone went fall fallen fell falls dropped dips dipped rose risen".split()
)


def _turned(
    words: list[tuple[str, int, int]], length: int, hit: tuple[NumericComparison, bool]
) -> tuple[NumericComparison, bool]:
    """The comparison of "did not exceed" and "never fell below", turned about by the negation."""
    if hit[0] not in _NEGATED:
        return hit
    for word, _, _ in reversed(words[-length - 3 : -length]):
        if word in _NEGATIONS or word.endswith("n't"):
            return _NEGATED[hit[0]], False
        if word not in _BETWEEN:
            break
    return hit


def _compares(text: str, words: list[tuple[str, int, int]], length: int, phrase: str) -> bool:
    """Whether a phrase compares here; some words have other uses."""
    previous = words[-length - 1][0] if len(words) > length else ""
    if phrase in {"c", "ca"}:
        return False
    if phrase == "top":
        return previous in {"to", "could", "would", "will", "may", "might", "can"}
    if phrase not in _PREPOSITIONS:
        return True
    return compares(text, phrase, words[-length][1], _number_start(text, words[-1][2]))


_PREPOSITIONS = frozenset({"over", "above", "under", "about", "close to", "up to"})
_TO_NUMBER = re.compile(r"[ \n]*(?:(?:the|an?|another|some)[ ])?")


def _number_start(text: str, end: int) -> int:
    found = _TO_NUMBER.match(text, end)
    return found.end() if found is not None else end


def after(text: str, end: int) -> Compared:
    """The comparison in the words straight after a number, whether it is near, and where they end."""
    found = _AFTER.match(text, end)
    if found is None:
        return "eq", False, end
    if found["about"]:
        return "about", False, found.end()
    return ("at_least" if found["least"] else "at_most"), False, found.end()
