"""Whose the things are that a number counts, and whether they are only meant to be given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from quidproquo.reading.countries import COUNTRIES
from quidproquo.reading.record import Quantified
from quidproquo.reading.sentences import Span
from quidproquo.reading.trie import trie

__all__ = ["OTHER", "Named", "is_ahead", "owners"]

OTHER = "somebody else"
"""The owner where a name that is no actor of the case has, gives or loses what is counted."""

# Verbs by which a subject has, gives, uses or loses what follows.
_HAS = (
    r"(?:(?:still|already|also|now|only|reportedly|may|might|could|will|would|must|can|to|is|are|was|were|has|"
    r"have|had|been|"
    r"plans|planned|wants|intends|promised|pledged|agreed|decided|expects|began|started)[ ]){0,4}"
    r"(?:has|have|had|having|keeps?|kept|keeping|maintains?|fields?|fielded|commands?|holds?|held|los[et]s?|"
    r"losing|sen[dt]s?|"
    r"sending|deploy(?:s|ed|ing)?|dispatch(?:es|ed|ing)?|ship(?:s|ped|ping)?|deliver(?:s|ed|ing)?|suppl(?:y|"
    r"ies|ied|ying)|"
    r"provid(?:es?|ed|ing)|export(?:s|ed|ing)?|transfer(?:s|red|ring)?|giv(?:es?|en|ing)|gave|s(?:ells?|old|"
    r"elling)|"
    r"donat(?:es?|ed|ing)|fir(?:es?|ed|ing)|launch(?:es|ed|ing)?|us(?:es?|ed|ing)|mov(?:es?|ed|ing)|mass(?:es|"
    r"ed|ing)?|"
    r"committed|station(?:s|ed|ing)?|mobili[sz](?:es?|ed|ing)|mak(?:es?|ing)|made|produc(?:es?|ed|ing)|needs?|"
    r"train(?:s|ed|ing)?|recruit(?:s|ed|ing)?|contribut(?:es?|ed|ing))"
)
_TO = (
    r"(?:[ ](?:out|over|up|in|off|a|an|the|its|their|his|some|another|additional|further|more|of|own|to|as|"
    r"[A-Z][\w’'.-]*|"
    r"\d[\d,.]*[ ](?:[a-z]+[ ]){0,2}?[a-z]+,?(?:[ ]and)?)){0,5}"
)
_ASIDE = r"(?:,[^,;]{1,80},)?"
_SUBJECT = re.compile(rf"{_ASIDE}(?:[ ][a-z-]+(?:[’']s?)?){{0,3}}?[ ]{_HAS}{_TO}[ ]\Z")
# "The army’s losses in the region have exceeded", "its casualties of": what an actor has, before the number.
_POSSESSED = re.compile(
    r"(?:[’']s?)?(?:[ ][a-z-]+(?:[’']s?)?){0,3}[ ]?(?:(?<=[’']s[ ])|(?<=[’'][ ])|"
    r"(?:loss(?:es)?|casualt(?:y|ies)|deaths?|toll|force|contingent|army|exports|deliveries|"
    r"shipments)\b[^,;]{0,60})\Z"
)
_FROM = re.compile(r"[ ](?:[a-z]+[ ]){0,3}(?:from|of|by|belonging[ ]to)[ ](?:the[ ])?\Z")
_NAME = re.compile(
    rf"(?:\A|[“\"(]|\b(?:that|while|but|and|said|"
    rf"says)[ ])(?P<name>[A-Z][\w’'.-]+(?:[ ][A-Z][\w’'.-]+){{0,3}})[ ]{_HAS}{_TO}[ ]\Z"
)
_COUNTRY = re.compile(rf"(?<![\w’'-])(?:{trie(COUNTRIES)})(?![\w’'-])")
_NO_NAME = frozenset(
    "The A An It He She They We I You This That These Those There At Some In On Of Its Their".split()
)
_LOOK = 160
_AFTER = 60
# "Plans to send", "would deliver", "agreed to be shipped": what is not yet done.
_AHEAD = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|will|would|intend(?:s|ed)?|promis(?:es|ed)|pledg(?:es|ed)|agree[sd]?|ready|"
    r"prepar(?:es|ed|ing)|"
    r"want(?:s|ed)?|aim(?:s|ed)?|hop(?:es|ed)|offer(?:s|ed)?|vow(?:s|ed)|decid(?:es|ed)|due|set|expected|"
    r"likely|may|might|"
    r"could|can|should|must|ask(?:s|ed)|is|are|was|were|about|poised|request(?:s|ed)|threaten(?:s|ed)|"
    r"consider(?:s|ed|ing)?)"
    r"(?:[ ](?:also|soon|now|still|only|even|not|reportedly|then|possibly))?[ ](?:to[ ]|on[ ])?(?:be[ ])?"
    r"(?P<verb>send|ship|deliver|supply|provide|dispatch|deploy|transfer|export|give|hand|sell|move|sending|"
    r"shipping|delivering|"
    r"supplying|deploying|(?<=be[ ])(?:sent|shipped|delivered|supplied|provided|dispatched|deployed|"
    r"transferred|exported))\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[,;—]|\band\b")
_GOING_ON = re.compile(
    r"\b(?:is|are|was|were)[ ](?:also[ ]|now[ ]|still[ ])?(?:sending|shipping|delivering|supplying|deploying)\Z"
)


@runtime_checkable
class Named(Protocol):
    """An actor of the case where the text names it."""

    @property
    def item(self) -> str:
        """The actor, as "@id"."""

    @property
    def start(self) -> int:
        """Where its name begins."""

    @property
    def end(self) -> int:
        """Where its name ends."""


def owners(
    text: str, span: Span, number: Quantified, actors: Sequence[Named], head: Iterable[str]
) -> frozenset[str]:
    """The actors of the case who have, give or lose what a number counts; empty where the sentence names none.

    `actors` are the names found in the sentence, `head` those in the number's noun phrase ("300 Sylvanian men").
    """
    named = frozenset(item for item in head if item.startswith("@"))
    if named:
        return named
    first = max(span[0], number.start - _LOOK)
    for actor in reversed([one for one in actors if first <= one.start and one.end <= number.start]):
        if _POSSESSED.fullmatch(text, actor.end, number.start) or _SUBJECT.fullmatch(
            text, actor.end, number.start
        ):
            return frozenset({actor.item})
    for actor in actors:
        if number.end <= actor.start <= number.end + _AFTER and _FROM.fullmatch(
            text, number.end, actor.start
        ):
            return frozenset({actor.item})
    for country in reversed(list(_COUNTRY.finditer(text, first, number.start))):
        if _SUBJECT.fullmatch(text, country.end(), number.start):
            return frozenset({OTHER})
    other = _NAME.search(text[first : number.start]) if first == span[0] else None
    if other is None or other["name"].split()[0] in _NO_NAME:
        return frozenset()
    at = first + other.start("name")
    known = [actor.item for actor in actors if at <= actor.start < first + other.end("name")]
    return frozenset(known) or frozenset({OTHER})


def is_ahead(text: str, span: Span, number: Quantified) -> bool:
    """Whether the giving that a number measures lies ahead: "plans to send 3,000 men"."""
    before = list(_AHEAD.finditer(text, max(span[0], number.start - _LOOK), number.start))
    if before and _PARTED.search(text, before[-1].end(), number.start) is None:
        return _GOING_ON.search(text, before[-1].start(), before[-1].end()) is None
    following = _AHEAD.search(text, number.end, min(span[1], number.end + _AFTER))
    return following is not None and _PARTED.search(text, number.end, following.start()) is None
