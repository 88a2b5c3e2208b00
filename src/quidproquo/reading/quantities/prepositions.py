"""Prepositions before a number that don't compare it: "under two contracts", "a book about two wars"."""

from __future__ import annotations

import re

__all__ = ["compares"]

_SMALL = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[1-9])\b(?![,.]\d)", re.IGNORECASE
)
# What stands before "over" where it tells what something is about, or what lies below.
_ABOUT_OVER = re.compile(
    r"\b(?:disputes?|disputed|rows?|feud\w*|quarrel\w*|argu(?:e|es|ed|ing|ments?)|clash(?:es|ed)?|wrangl\w+|"
    r"stand-?offs?|conflicts?|sovereignty|jurisdiction|supremacy|superiority|dominance|victory|victories|"
    r"concerns?|"
    r"concerned|worr(?:y|ies|ied)|fears|anger|angry|outrage|fury|protest(?:s|ed|ing)?|critici[sz](?:ed|m)|"
    r"negotiat(?:ed|ing|ions?)|talks|tensions?|fl(?:ew|y|ies|ying|own)|hover(?:s|ed|ing)?|circl(?:ed|es|ing)|"
    r"presid(?:es?|ed|ing)|lawsuits?|sued|arrested|jailed|questioned|apologi[sz]\w+|hand(?:ed|s|ing)?|"
    r"turn(?:ed|s|ing)|(?:its|their|the|his|her|full|gained|lost|took|seized|of|in|has|have)[ ](?:control|"
    r"power|authority)|"
    r"(?:spread|split|divided|distributed|scattered|staggered|phased|spaced|dispersed)(?:[ ]out)?)[ ]\Z",
    re.IGNORECASE,
)
_TAKE_OVER = re.compile(
    r"\b(?:t(?:ake|akes|ook|aken|aking)|w(?:ar|ars)|battles?|fight(?:s|ing)?)[ ]\Z", re.IGNORECASE
)
# "Took over 130 machines" leads them from then on; "took over 130 days" and "over 9 lorries to do" bound.
_TAKEN = re.compile(r"\bt(?:ake|akes|ook|aken|aking)[ ]\Z", re.IGNORECASE)
_THINGS = re.compile(
    r"[\d,.]+[ ](?:(?:more|other|small|big|large|local|foreign|old|new|rival|"
    r"state)[ ])?(?P<noun>[a-z]+s)\b(?![ ]to[ ][a-z])"
)
_NOT_TAKEN = re.compile(
    r"(?:second|minute|hour|day|night|week|month|quarter|year|decade|metre|meter|mile|kilometre|kilometer|"
    r"tonne|ton|dollar|"
    r"euro|pound|ruble|photo|photograph|picture|image|sample|measurement|shot|vote|seat|point|trip|flight|"
    r"call|pill|step|"
    r"live|hostage|captive|prisoner|casualt(?:ie)|loss(?:e)|attempt|tr(?:ie)|wicket|lesson|bribe|loan|percent|"
    r"[a-z]*(?:people|men|women|children|ees|ists|ians|ants|workers|soldiers|officers|fighters|volunteers|"
    r"passengers))s?\Z"
)
# "Were moved over 49 trips": the trips are the way, where the verb is a passive.
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be)[ ](?:[a-z]+ly[ ])?[a-z]+(?:ed|wn|nt|en|ht|ld|de|id)(?:[ ]out)?[ ]\Z"
)
_OCCASIONS = re.compile(
    r"[\w,.]+[ ](?:[a-z-]+[ ]){0,2}(?:trips?|voyages|flights|sorties|visits|meetings|sessions|stages|phases|"
    r"instal?ments|occasions|seasons|episodes|matches|legs|journeys|runs|deliveries|consignments|convoys|nights|"
    r"chapters|pages|volumes|rounds[ ]of)\b",
    re.IGNORECASE,
)
# "From 450,000 for the first over 200,000 for the second to 11,500".
_FROM = re.compile(r"\bfrom[ ][^.;]{0,60}\d[^.;]{0,60}(?<!\bto)[ ]\Z", re.IGNORECASE)
_TO = re.compile(
    r"[^.;]{1,60}?(?<!\d)[ ]to[ ](?:about[ ]|around[ ]|nearly[ ]|just[ ]|only[ ])?[$€£¥]?\d", re.IGNORECASE
)
# What acts, pays or sails under something.
_RULES = re.compile(
    r"[\w,.]+[ ](?:[a-z-]+[ ]){0,2}(?:orders|contracts?|agreements?|deals?|accords?|treat(?:y|ies)|pacts?|"
    r"program(?:me)?s?|"
    r"presidents?|ministers?|leaders|kings|governments|administrations|regimes|commanders|generals|laws|acts|"
    r"resolutions?|conditions?|names?|aliases|flags?|headings?|charters?|licen[cs]es?|mandates?|articles|clauses|"
    r"provisions|counts|schemes?|plans|leases?|roofs?|umbrellas?|rulers|owners|managers|scenarios|assumptions|"
    r"statutes|"
    r"frameworks?|initiatives?|arrangements?|warrants?|tenders?|headlines)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:are|were|is|was|has|have|had|signed|won|of|to|with|for|by|from|at)[ ]\Z", re.IGNORECASE
)
_BURIED = re.compile(
    r"\b(?:buried|trapped|hidden|crushed|pinned|lies|lay|lying|sank|submerged|found)[ ]\Z", re.IGNORECASE
)
_COVER = re.compile(
    r"[\w,.]+[ ][a-z]+[ ]of[ ](?:[a-z]+[ ])?(?:water|earth|snow|rubble|debris|concrete|ice|rock|mud|sand|soil|"
    r"ash|stone)\b"
)
_TOPIC = re.compile(
    r"\b(?:talk(?:s|ed|ing)?|concerns?|concerned|information|worr(?:y|ies|ied)|books?|stor(?:y|ies)|films?|"
    r"movies?|"
    r"articles?|songs?|questions?|nothing|something|anything|complaints?|rumou?rs?|discussions?|debates?|"
    r"doubts?|jokes?|"
    r"dreams?|novels?|documentary|documentaries)[ ]\Z",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"\b(?:ask(?:s|ed)?|knows?|knew|complain(?:s|ed)?|lied|wr(?:ote|ites?|itten)|warn(?:s|ed|ing)?|think(?:s|"
    r"ing)?|"
    r"spoke|speaks?|speaking|learn(?:ed|t)?|hear|heard|read|told|reports?|announcements?|decisions?)[ ]\Z",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\b(?:located|based|lives?|lived|living|situated|stationed|stands?|stood|lies|lay|lying|sits?|deployed|built|"
    r"camps?|sites?|base)[ ]\Z",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|lead(?:s|ing)?|led|run-?up|running|amount(?:s|ed|ing)?)[ ]\Z", re.IGNORECASE
)
_LOOK = 150


def compares(text: str, phrase: str, at: int, number: int) -> bool:
    """Whether a phrase that can compare, which starts at `at` before the number at `number`, compares here."""
    word = phrase.rpartition(" ")[2]
    if phrase in {"over", "above"}:
        return not _is_over(text, at, number)
    if phrase == "under":
        return not _is_under(text, at, number)
    if phrase == "about":
        short = max(0, at - 24)
        if _TOPIC.search(text, short, at):
            return False
        return not (_SPEECH.search(text, short, at) and _SMALL.match(text, number))
    if phrase == "close to":
        return not (_SITE.search(text, max(0, at - 16), at) and _SMALL.match(text, number))
    if word == "to" and phrase == "up to":
        return _ADDS.search(text, max(0, at - 12), at) is None
    return True


def _is_over(text: str, at: int, number: int) -> bool:
    if _ABOUT_OVER.search(text, max(0, at - 28), at):
        return True
    if _TAKE_OVER.search(text, max(0, at - 12), at):
        return _SMALL.match(text, number) is not None or _takes_over(text, at, number)
    if _OCCASIONS.match(text, number) and _PASSIVE.search(text, max(0, at - 40), at):
        return True
    return _FROM.search(text, max(0, at - _LOOK), at) is not None and _TO.match(text, number) is not None


def _takes_over(text: str, at: int, number: int) -> bool:
    if _TAKEN.search(text, max(0, at - 12), at) is None:
        return False
    things = _THINGS.match(text, number)
    return things is not None and _NOT_TAKEN.match(things["noun"]) is None


def _is_under(text: str, at: int, number: int) -> bool:
    if _BURIED.search(text, max(0, at - 14), at) and _COVER.match(text, number):
        return True
    return (
        _SMALL.match(text, number) is not None
        and _RULES.match(text, number) is not None
        and _COUNTED.search(text, max(0, at - 10), at) is None
    )
