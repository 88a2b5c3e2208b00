"""Hedging and denying words: how sure a speaker is, and whether a thing is asserted at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.record import Modality, Polarity
from quidproquo.reading.sentences import Span
from quidproquo.terms.grades import LIKELIHOODS

__all__ = ["Hedge", "hedges", "judged", "reach"]


@dataclass(frozen=True)
class Hedge:
    """A hedging or denying cue.

    `modality` is "certain", "probable", "possible" or "unknown"; `likelihood` the ICD 203 interval of
    a likelihood word; `polarity` is "asserted", "denied" or "counterfactual"; `family` tells
    likelihood, modal, evidence, belief, approximation, condition or denial apart.
    """

    start: int
    end: int
    surface: str
    modality: Modality
    polarity: Polarity = "asserted"
    likelihood: tuple[float, float] | None = None
    family: str = "modal"


_ROWS = {row.word: (row.low, row.high) for row in LIKELIHOODS} | {
    row.synonym: (row.low, row.high) for row in LIKELIHOODS
}
_LIKELY = {
    **_ROWS,
    "probably": _ROWS["likely"],
    "more likely than not": _ROWS["likely"],
    "almost certainly": _ROWS["almost certain"],
    "virtually certain": _ROWS["almost certain"],
    "nearly certainly": _ROWS["almost certain"],
    "highly likely": _ROWS["very likely"],
    "very probably": _ROWS["very likely"],
    "most likely": _ROWS["very likely"],
    "highly unlikely": _ROWS["very unlikely"],
    "very improbable": _ROWS["very unlikely"],
    "even chance": _ROWS["roughly even chance"],
    "no chance": _ROWS["almost no chance"],
    "in all likelihood": _ROWS["likely"],
    "in all probability": _ROWS["likely"],
    "presumably": _ROWS["likely"],
    "doubtful": _ROWS["unlikely"],
    "unlikely": _ROWS["unlikely"],
}
_MODAL = (
    "could could_have may might may_not might_not may_have might_have may_think may_seem can can_try "
    "possibly perhaps maybe conceivably potentially possible may_not_be_possible would_have "
    "it_is_possible not_be_ruled_out cannot_be_ruled_out "
)
_EVIDENCE = (
    "reportedly reported allegedly apparently seemingly is_believed_to is_believed_to_be_close_to "
    "are_believed_to is_thought_to are_thought_to is_said_to are_said_to is_reported_to "
    "are_reported_to appears_to appear_to appears seems seem seems_to seem_to suggests suggest "
    "indicates indicate indication indications signs what_they_said_was so-called purportedly "
    "purported supposedly rumoured rumored unconfirmed "
)
_BELIEF = (
    "believes believe believed I_think we_think think thinks we_believe I_believe expects expect "
    "expected suspects suspect assumes assume assessed assess assesses estimates estimate estimated "
    "in_my_view in_our_view in_my_opinion we_assess own_analysis hopes fears anticipates anticipate "
    "reckons obvious never_doubted "
)
_APPROXIMATION = (
    "about around roughly approximately some nearly almost at_least at_most up_to as_many_as "
    "as_much_as more_than less_than fewer_than over under a_little_less_than a_little_more_than "
    "just_under just_over no_more_than no_fewer_than dozens hundreds thousands millions several "
    "in_the_process_of close_to upward_of upwards_of noticeably "
)
_CONDITION = "if unless provided_that assuming in_case "
_UNKNOWN = (
    "unclear unknown not_known cannot_confirm could_not_confirm cannot_be_verified "
    "could_not_be_verified could_not_independently_verify whether no_indications no_indication "
    "no_evidence uncertain "
)
_TABLES: dict[str, tuple[Modality, str]] = {
    "modal": ("possible", _MODAL),
    "evidence": ("probable", _EVIDENCE),
    "belief": ("probable", _BELIEF),
    "approximation": ("certain", _APPROXIMATION),
    "condition": ("possible", _CONDITION),
    "unknown": ("unknown", _UNKNOWN),
}
_DENY = (
    "deny denied denies denying rejected rejects dismissed dismisses refuted refutes disputed disputes "
    "no_truth untrue false baseless"
)
_COUNTER = "would_not_have would_never_have had_not were_it_not if_only failed_to fell_short never_happened"

_CUES: dict[str, Hedge] = {}
for _family, (_modality, _phrases) in _TABLES.items():
    for _phrase in _phrases.split():
        _CUES[_phrase.replace("_", " ").lower()] = Hedge(0, 0, "", _modality, family=_family)
for _phrase, _interval in _LIKELY.items():
    _middle = sum(_interval) / 2
    _modality = "certain" if _middle > 0.95 else "probable" if _middle > 0.5 else "possible"
    _CUES[_phrase] = Hedge(0, 0, "", _modality, likelihood=_interval, family="likelihood")
for _phrase in _DENY.split():
    _CUES[_phrase.replace("_", " ")] = Hedge(0, 0, "", "certain", "denied", family="denial")
for _phrase in _COUNTER.split():
    _CUES[_phrase.replace("_", " ")] = Hedge(0, 0, "", "certain", "counterfactual", family="denial")

_BY_FIRST: dict[str, list[tuple[list[str], Hedge]]] = {}
for _phrase, _hedge in _CUES.items():
    _words = _phrase.split()
    _BY_FIRST.setdefault(_words[0], []).append((_words, _hedge))
for _list in _BY_FIRST.values():
    _list.sort(key=lambda item: -len(item[0]))
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")


def _tree(words: list[str]) -> str:
    """A pattern of words that shares their beginnings, so that a search tries each letter once."""
    heads = sorted({word[0] for word in words if word})
    parts = [re.escape(head) + _tree([word[1:] for word in words if word[:1] == head]) for head in heads]
    inner = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    if not heads:
        return ""
    return f"(?:{inner})?" if "" in words else inner


_FIRST = re.compile(rf"(?<![a-z'-]){_tree(sorted(_BY_FIRST))}(?![a-z'-])")
_NUMBERISH = re.compile(
    r"[ \n]*(?:[$€£¥₩]?[ ]?\d|half\b|a[ \n]|an[ \n]|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|"
    r"nine\b|ten\b|eleven\b|twelve\b|[a-z]+teen\b|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"[a-z]+ty\b|several|the[ \n]|every[ \n]|dozens|hundreds|thousands|millions|tens)",
    re.IGNORECASE,
)
_NEEDS_NUMBER = frozenset("about around some over under nearly almost close".split())
_CHUNK = 100_000
_ORDER = {"certain": 0, "probable": 1, "possible": 2, "unknown": 3}


def hedges(text: str) -> list[Hedge]:
    """Hedging cues in a text, in order; the longest phrase wins.

    >>> [(h.surface, h.modality) for h in hedges("It might rain.")]
    [('might', 'possible')]
    """
    found: list[Hedge] = []
    start = 0
    while start < len(text):
        end = _chunk_end(text, start)
        _in_chunk(text, start, end, found)
        start = end
    return found


def _chunk_end(text: str, start: int) -> int:
    """Where a stretch of at most 100,000 characters can be cut: at a line end or a blank."""
    end = start + _CHUNK
    if end >= len(text):
        return len(text)
    for sign in ("\n", " "):
        cut = text.rfind(sign, start + 1, end)
        if cut > start:
            return cut
    return end


def _in_chunk(text: str, first: int, last: int, found: list[Hedge]) -> None:
    chunk = text[first:last]
    low = chunk.lower().replace("’", "'")
    if len(low) != len(chunk):
        # A letter whose lower case is longer: letter by letter, so that places stay.
        low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in chunk).replace("’", "'")
    done = 0
    for match in _FIRST.finditer(low):
        if match.start() < done:
            continue
        phrases = _BY_FIRST[match[0]]
        following = _following(low, match, phrases)
        for words, hedge in phrases:
            here = following[: len(words)]
            if [word for word, _ in here] != words:
                continue
            start, end = first + match.start(), first + here[-1][1]
            if _stands(text, words[0], start, end, hedge):
                found.append(_placed(hedge, text, start, end))
                done = here[-1][1]
                break


def _placed(hedge: Hedge, text: str, start: int, end: int) -> Hedge:
    return Hedge(start, end, text[start:end], hedge.modality, hedge.polarity, hedge.likelihood, hedge.family)


def _following(
    low: str, match: re.Match[str], phrases: list[tuple[list[str], Hedge]]
) -> list[tuple[str, int]]:
    """A word and those after it, with their ends: as many as the longest phrase that begins with it."""
    found = [(match[0], match.end())]
    most = len(phrases[0][0])
    while len(found) < most:
        following = _WORD.search(low, found[-1][1])
        if following is None:
            break
        found.append((following[0], following.end()))
    return found


def _stands(text: str, word: str, start: int, end: int, hedge: Hedge) -> bool:
    if hedge.family == "approximation" and word in _NEEDS_NUMBER and not _NUMBERISH.match(text, end):
        return False
    if word == "may" and text[start] == "M" and _is_month(text, start, end):
        return False
    if word == "can" and re.match(r"(?:not\b|'t|’t)", text[end : end + 3]):
        return False
    return not (word == "false" and text[max(0, start - 2) : start].endswith("-"))


# "May be", "May Face Trial" in a headline, "May he rest"; everything else in capitals is the month or a name.
_VERB_AFTER = re.compile(r"[ ](?:be|have|not|also|well|yet|soon|still|never|only|even)\b", re.IGNORECASE)
_WISH_AFTER = re.compile(r"[ ](?:he|she|it|they|we|you|god|the|this|that|his|her|their)\b", re.IGNORECASE)
_HEADLINE_AFTER = re.compile(r"[ ](?!Day\b)[A-Z]")
_HEADLINE_BEFORE = re.compile(r"(?:^|[\s“\"‘])([A-Z][\w’'.-]*)[ ]$")
_OF_MONTH = frozenset(
    "in on since last next this of until till by from during early late mid before after through and or to every "
    "each the between for around about".split()
)


def _is_month(text: str, start: int, end: int) -> bool:
    """Whether "May" with a capital is the month (or a name), not the verb."""
    if _VERB_AFTER.match(text, end):
        return False
    before = _HEADLINE_BEFORE.search(text, max(0, start - 24), start)
    if before is None:
        opens = (
            not text[max(0, start - 24) : start].strip(' “"‘').rstrip()
            or text[max(0, start - 24) : start].rstrip()[-1:] in ".!?"
        )
        return not (opens and _WISH_AFTER.match(text, end))
    return before[1].lower() in _OF_MONTH or _HEADLINE_AFTER.match(text, end) is None


def judged(found: list[Hedge]) -> tuple[Modality, tuple[float, float] | None, Polarity]:
    """Modality, likelihood interval and polarity that a set of cues adds up to."""
    modality: Modality = "certain"
    polarity: Polarity = "asserted"
    likelihood = None
    for hedge in found:
        if hedge.family in {"approximation"}:
            continue
        if _ORDER[hedge.modality] > _ORDER[modality]:
            modality = hedge.modality
        if hedge.likelihood is not None and likelihood is None:
            likelihood = hedge.likelihood
        if hedge.polarity != "asserted":
            polarity = hedge.polarity
    return modality, likelihood, polarity


_PARTING = re.compile(
    r";|,\s*(?:but|while|whereas|though|although)\b|\s(?:while|whereas|although|though)\s|,\s*and\s(?=(?:the|a|an|[A-Z]\w+)\s(?:\w+\s){0,4}?"
    r"(?:said|says|reported|told|claimed|estimated|added|was|were|is|are|has|have|had)\b)",
    re.IGNORECASE,
)
_FAR = 1000


def reach(text: str, span: Span, at: int) -> Span:
    """The main clause around a position: between semicolons, ", but", "while" and the like."""
    start, end = max(span[0], at - _FAR), min(span[1], at + _FAR)
    for mark in _PARTING.finditer(text, start + 1, end):
        if mark.end() <= at:
            start = mark.end()
        elif mark.start() >= at:
            end = mark.start()
            break
    return start, end
