"""Whether a date lies ahead, by the tense of the clause that it stands in."""

from __future__ import annotations

import re

__all__ = ["is_ahead", "opens_ahead"]

_BE_TO = (
    r"(?:is|are|was|were)[ ](?:also[ ]|now[ ]|still[ ])?(?:expected|scheduled|due|set|slated|likely|about|"
    r"to|going[ ]to|"
    r"planning)"
)
# The last of these words before a date tells whether it is ahead.
_TURN = re.compile(
    rf"\b(?:(?P<ahead>will|shall|won['’]t|would|{_BE_TO}|"
    r"is[ ]to|scheduled|due|"
    r"plans?[ ]to|planned|to[ ]be|going[ ]to|upcoming|expires?|expects?|calls?[ ]for|called[ ]for|"
    r"calling[ ]for|vowed[ ]to|"
    r"hopes?[ ]to|intends?[ ]to|ready[ ]to|agreed[ ]to|(?:is|are)[ ](?:meeting|holding|visiting|travelling|"
    r"traveling|arriving|leaving|"
    r"opening|hosting|voting|going|flying|coming|returning))"
    r"|(?P<back>came|went|began|fell|died|happened|arrived|took|broke|said|told|announced|reported|says|wrote|"
    r"added|confirmed|after|since))\b|[;”\"]",
    re.IGNORECASE,
)
_TO_PLACE = r"(?:(?:in|at|for|to)[ ](?:[A-Z]\w+|the[ ][a-z]+)[ ])?"
# "The council meets on Tuesday", "the ban takes effect Friday", "voters go to the polls on Sunday".
_PRESENT = re.compile(
    r"\b(?:meets|opens|begins|starts|ends|arrives|resumes|convenes|leaves|expires|closes|votes|sails|flies|"
    r"takes[ ](?:effect|place|off|over)|goes[ ]to[ ]the[ ]polls|(?<!to[ ])(?<!not[ ])(?<!n[’']t[ ])(?<!did[ ])"
    rf"(?:go[ ]to[ ]the[ ]polls|begin|resume|expire|convene))[ ]{_TO_PLACE}(?:on[ ]|this[ ])?(?:next[ ])?$"
)
_DEADLINE = re.compile(r"\b(?:until|by)[ ](?:the[ ]end[ ]of[ ]|late[ ]|early[ ])?$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?][”\"’]?\s|\n\n")
_SAID = re.compile(r",[^,]{0,40}\b(?:said|says|told)\b", re.IGNORECASE)
_LOOK = 90

# A date that opens its clause: "On Tuesday 140 delegates will meet", "he said that on Tuesday …".
_OPENING = re.compile(
    r"(?:\A|[;:]\s|[“\"(—–]\s?|\b(?P<joined>that|and|but|while)[ ])"
    r"(?:(?:[Oo]n|[Ff]rom|[Bb]y|[Ii]n|[Uu]ntil|[Ss]tarting|[Bb]eginning|[Aa]t|[Oo]ver|[Dd]uring|[Ee]arly|"
    r"[Ll]ate)[ ]){0,2}"
    r"(?:the[ ])?\Z"
)
_ASIDE = re.compile(
    r",[ ](?:who|which|whose|where|when|as|after|before|if|according|like|with|the)\b[^,;.]{0,90},"
)
_COMES = re.compile(
    r"\b(?P<ahead>will|shall|won['’]t|may|might|(?:is|are)[ ](?:expected|scheduled|due|set|slated|likely|"
    r"to|going[ ]to|"
    r"planning|meeting|holding|visiting|travelling|traveling|arriving|leaving|opening|hosting|voting|"
    r"flying|coming|"
    r"returning)|plans?[ ]to|meets?|opens|begins|starts|ends|arrives|resumes|convenes|expires?|"
    r"takes[ ](?:effect|place))\b"
    r"|\b(?P<back>was|were|had|has|have|did|said|says|told|met|came|went|began|fell|saw|sent|left|lost|"
    r"took|broke|struck|"
    r"hit|held|found|brought|got|gave|made|won|flew|shot|drew|fled|sank|rose|ran|wrote|spoke|stood|threw|"
    r"fought|bought|"
    r"sold|kept|paid|led|built|became|grew|would|could|is|are|"
    r"(?<!\d[ ])(?<!the[ ])(?<!an[ ])(?<!a[ ])(?<!some[ ])(?<!more[ ])(?<!of[ ])(?<!and[ ])[a-z]+ed)\b"
)


def is_ahead(text: str, start: int, end: int) -> bool:
    """Whether the words around a weekday at a span speak of the next such day, not of the last."""
    first = _outset(text, start)
    if _DEADLINE.search(text, first, start) or _PRESENT.search(text, first, start):
        return True
    following = opens_ahead(text, start, end)
    if following is not None:
        return following
    ahead = False
    at = 0
    for turn in _TURN.finditer(text, first, start):
        ahead, at = turn["ahead"] is not None, turn.end()
    if not ahead:
        return _goes_on(text, first, start, end)
    # "Will meet, the mayor said Monday": the cue after a comma is the one that the day belongs to.
    return not (at and _SAID.search(text, at, start))


def opens_ahead(text: str, start: int, end: int) -> bool | None:
    """By the first verb of the clause that a date opens: whether it is ahead; None where the date opens none."""
    first = _outset(text, start)
    if _OPENING.search(text[first:start]) is None:
        return None
    stop = _SENTENCE.search(text, end)
    after = text[end : min(end + 160, stop.start() if stop else len(text))]
    verb = _COMES.search(_ASIDE.sub(" ", after))
    return None if verb is None else verb["ahead"] is not None


_DIRECTLY = re.compile(r"[ ](?:will|shall|won['’]t|(?:is|are)[ ](?:to|due|expected|scheduled|set))\b")


def _goes_on(text: str, first: int, start: int, end: int) -> bool:
    """Whether a verb ahead follows straight on: "the council on Tuesday will vote", with no verb before."""
    if _DIRECTLY.match(text, end) is None:
        return False
    verb = _COMES.search(text, first, start)
    return verb is None


def _outset(text: str, start: int) -> int:
    """Where the sentence of a date begins, or the stretch looked at."""
    first = max(0, start - _LOOK)
    for end in _SENTENCE.finditer(text, first, start):
        first = end.end()
    return first
