"""What a name stands for, a person, a place, a body or several, as far as its words tell."""

from __future__ import annotations

import re
from typing import Literal

__all__ = [
    "BODY",
    "COLLECTIVE",
    "NAME",
    "NAME_WORD",
    "OFFICE",
    "Kind",
    "gender_of",
    "group_in",
    "kind_of",
    "leading",
    "office_in",
    "people_in",
    "thing_in",
]

Kind = Literal["person", "several", "thing"]

NAME_WORD = r"[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]\."
NAME = re.compile(
    rf"(?<![\w.])(?:{NAME_WORD})(?:[ ](?:(?:de|al|bin|van|von|der)[ ]){{0,2}}(?:{NAME_WORD})){{0,4}}"
)
COLLECTIVE = re.compile(
    r"\b(?:officials?|experts?|analysts?|studies|reports?|sources?|observers?|critics?|lawmakers?|states|"
    r"diplomats?|researchers?|people|public|"
    r"participants?|residents?|witnesses|members|governments?|media|outlets|authorities|scholars?|some|many|"
    r"others|estimates|polls?|surveys?|"
    r"documents?|scientists|economists|historians|respondents|voters|soldiers|defectors|activists|"
    r"leaders)\b",
    re.IGNORECASE,
)
BODY = re.compile(
    r"\b(?:Department|Ministry|Agency|Institute|Council|University|Corps|Committee|Center|Centre|Office|"
    r"Army|Navy|Government|Commission|Group|Cabinet|Embassy|Headquarters|Chiefs|Bank|Party|House|Union|"
    r"Nations|Service|Bureau|Organi[sz]ation|Association|Foundation|Company|Corporation|Court|Senate|"
    r"Congress|Parliament|Assembly|Times|Post|Journal|News|Agency|"
    r"States|Team|Command|Forces|Force|Administration|Secretariat|Fund|Federation|Republic|Kingdom|Corp|Inc|"
    r"Ltd|Herald|Telegraph|Guardian|Directorate|Staff|Programme|Program|Project|Endowment|Observatory|Chamber|"
    r"Police|Cross|Crescent|Brigade|Division|Regiment|Battalion|Authority|Mission|Network|Alliance|Movement|"
    r"Academy|School|College|Hospital|Museum|Society|League|Board|Panel|Security|Treaty|Act|Operation|Agreement|"
    r"Initiative|Summit|Conference|Press|Street|Journal|Gazette|Tribune|Daily|Radio|Television|Airlines?|Group)\b"
)
_PLACE = frozenset(
    "north south east west northern southern eastern western central new united saudi sea river ocean gulf strait "
    "island islands mount lake region province oblast peninsula city valley bay cape port red black middle far "
    "hong sri costa sierra burkina ivory el san los las pacific atlantic baltic arctic bank strip desert".split()
)
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter".split()
)
_COMMON = frozenset(
    "the a an in on at he she it they we i this that these those but and or as if for from by last new his her "
    "its their our your my there here what when where while who why how after before since some many most both "
    "all each every no not so yet then now still also another other such one two three four five six seven eight "
    "nine ten hundreds thousands dozens officials analysts experts nobody everyone meanwhile however since under "
    "over about around nearly more less at than with without between among during until like unlike "
    "congress parliament".split()
)
_MEMBER = re.compile(
    r"\b(?:spokes(?:man|woman|person)|official|lawmaker|minister|president|general|colonel|major|captain|admiral|"
    r"analyst|expert|mayor|envoy|ambassador|secretary|chief|head|leader|director|professor|commander|governor|"
    r"senator|chair(?:man|woman)?|adviser|advisor|officer|source|witness|resident|researcher|diplomat|soldier|"
    r"prisoner|defector|farmer|worker|doctor|lawyer|judge|king|queen|prince|pope|premier|chancellor|author|editor|"
    r"reporter|correspondent|economist|scientist|historian|activist|fighter|representative|master|boss|man|woman)$",
    re.IGNORECASE,
)
_FEMALE = frozenset(
    "karine kristine christine anne jane marie elizabeth margaret ruth susan helen ellen karen sharon alice joan "
    "jennifer rachel sarah rosemary hannah carol emily catherine katherine janet mary betty lucy amy "
    "angelique yulia".split()
)
_MALE = frozenset(
    "luca joshua nikita ilya sasha misha kostya petya vanya mustafa yahya andrea".split()
) | frozenset(
    "john james robert michael david joe donald vladimir volodymyr sergei dmitry antony lloyd jake oleg ivan ivo "
    "kim mark peter paul tom thomas george henry daniel andrii oleksiy mykhailo kyrylo dmytro emmanuel olaf ali "
    "mohammed muhammad ahmed hassan adnan boris rishi keir viktor alexander andrew william bill richard".split()
)


OFFICE = _MEMBER


def leading(phrase: str) -> str:
    """The part of a phrase before its first preposition or comma: its head stands at the end."""
    return re.split(
        r",| (?:of|in|for|at|with|from|on|to|near|who|which|familiar|close)\b", phrase, maxsplit=1
    )[0].strip()


def kind_of(name: str, *, named: bool = False) -> Kind:
    """What sort of thing a speaker is: "he" or "she", "they", or "it" refers to it.

    >>> kind_of("Harbour Office"), kind_of("two officials"), kind_of("the mayor")
    ('thing', 'several', 'person')
    """
    head = leading(name)
    words = head.split()
    if named and not BODY.search(name) and words and not _is_place(words):
        return "person"
    if " and " in head or re.search(r"[a-rt-z]s$|people$|police$|media$", head):
        return "thing" if BODY.search(head) or (words and words[0].lower() in {"united"}) else "several"
    return "person" if _MEMBER.search(head) else "thing"


def _is_place(words: list[str]) -> bool:
    return any(word.lower() in _PLACE for word in words)


def gender_of(name: str) -> str:
    """Which pronoun fits a first name: "she", "he", or "" where the name doesn't tell."""
    words = name.lower().split()
    if not words:
        return ""
    first = words[0]
    if first in _FEMALE:
        return "she"
    if first in _MALE:
        return "he"
    return "she" if len(words) > 1 and first.endswith("a") and len(first) > 2 else ""


_SUBJECT = re.compile(
    r"[\s“\"]*(?:[A-Z][a-z]+ed [^,]{3,60}, )?(?P<name>[A-Z][a-z’'-]+[a-z]) (?:also |later |"
    r"then )?(?:shrugged|nodded|smiled|"
    r"laughed|declined|replied|left|went|came|met|told|said|"
    r"says|spoke|wrote|knew|felt|"
    r"thought|fled|married|visited|arrived|returned|served|worked|lived|joined|argued|added|studied|"
    r"grew up|resigned)\b"
)
_GROUP = re.compile(
    r"[\s“\"]*(?:The|Some|Several|Many|Two|Three|Both|"
    r"Senior)? ?(?P<who>(?:[\w’'-]+ ){0,2}?(?:officials|lawmakers|officers|experts|"
    r"analysts|diplomats|researchers|witnesses|residents|soldiers|ministers|leaders|investigators|fighters|prisoner\w*|workers|"
    r"commanders|generals|envoys|sources|scientists|authorities|inspectors|police|allies|"
    r"rebels))\s(?:[a-z]+ly )?(?:[a-z]+ed|were|are|"
    r"had|have|met|went|came|saw|told|took)\b",
    re.IGNORECASE,
)


_OFFICE = re.compile(
    r"[\s“\"]*(?:The|A|An|One) (?P<who>(?:[\w’'-]+ ){0,3}?(?:spokes(?:man|woman|person)|official|"
    r"lawmaker|minister|president|"
    r"general|colonel|captain|admiral|analyst|expert|mayor|envoy|ambassador|secretary|chief|leader|director|professor|"
    r"commander|governor|senator|adviser|advisor|officer|diplomat|soldier|prisoner|defector|judge|premier|chancellor))\s"
    r"(?:[a-z]+ly )?(?:[a-z]+ed|was|is|had|has|met|went|came|saw|told|took|left|spoke|gave)\b"
)


_THING = re.compile(
    r"[\s“\"]*(?:The|A|An|Its|Their) (?P<who>(?:[\w’'-]+ ){0,4}?(?:company|firm|ministry|agency|office|"
    r"bank|union|army|navy|"
    r"court|party|group|committee|council|institute|report|study|survey|statement|government|commission|department|"
    r"militia|team|organi[sz]ation|newspaper|paper|website|channel|article|document|embassy|force|service|bureau|mission|"
    r"authority|fund|foundation|association|administration|parliament|regulator|watchdog|airline|operator|port))\s"
    r"(?:[a-z]+ly )?(?:[a-z]+ed|was|is|had|has|met|came|saw|took|gave|runs?|made|began)\b"
)


def thing_in(text: str) -> str:
    """The body or document that is the subject of a sentence ("The company opened"), or ""."""
    match = _THING.match(text)
    return match["who"].strip() if match is not None else ""


def office_in(text: str) -> str:
    """The one in office that is the subject of a sentence ("The mayor nodded"); "" where there is none."""
    match = _OFFICE.match(text)
    return match["who"].strip() if match is not None else ""


def group_in(text: str) -> str:
    """The people that are the subject of a sentence ("The officials wavered"); "" where there are none."""
    match = _GROUP.match(text)
    return match["who"].strip() if match is not None else ""


def people_in(text: str, places: frozenset[str] = frozenset()) -> list[str]:
    """Names of people in a sentence: names of two or more words, and a single name that is the subject.

    `places` are words, in lower case, that name no person: the actors of a case.
    """
    found: list[str] = []
    for match in NAME.finditer(text):
        words = match[0].split()
        while words and (words[0].lower() in _COMMON or words[0].lower() in _CALENDAR):
            words = words[1:]
        if words and words[0].endswith("ing"):
            words = words[1:]
        words = words[-2:] if len(words) > 3 else words
        if len(words) < 2 or _is_place(words) or BODY.search(match[0]) or words[0].lower() in places:
            continue
        if any(word.lower() in _CALENDAR or word.lower().endswith(("’s", "'s")) for word in words):
            continue
        found.append(" ".join(words))
    subject = _SUBJECT.match(text)
    if subject is not None:
        name = subject["name"]
        bare = name.lower()
        if (
            bare not in _COMMON | _PLACE | _CALENDAR | places
            and not bare.endswith(("ans", "ese", "ers", "s"))
            and not BODY.search(name)
        ):
            found.insert(0, name)
    return found
