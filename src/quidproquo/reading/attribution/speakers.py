"""Who a source phrase means: names in full, pronouns, offices, collectives and affiliations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from quidproquo.reading.record import Speaker

__all__ = ["KnownSpeakers", "Person"]

_NAME_WORD = r"[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]\."
_NAME = re.compile(rf"(?<![\w.])(?:{_NAME_WORD})(?:[ ](?:{_NAME_WORD}|de|al|bin|van|von|der)){{0,4}}")
_LEADING = re.compile(
    r"^(?:(?:the|a|an|its|their|his|her|our|both|even|but|and|while|when|as|then|meanwhile|however|still|"
    r"also|for|in|on|with|yet|so)\b[ ,]*)+",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"^(?:(?:former|retired|acting|then|outgoing|incoming|deputy|vice|assistant|senior|chief|prime|foreign|"
    r"defen[cs]e|interior|finance|state|"
    r"U\.?S\.?|U\.?N\.?|first|lead|national|security|press|public|military|army|navy|air|force|four-star|"
    r"intelligence)[ ])*"
    r"(?:mr|mrs|ms|dr|prof|professor|president|minister|secretary|senator|sen|rep|representative|"
    r"congressman|congresswoman|lawmaker|general|gen|"
    r"lt|lieutenant|colonel|col|major|maj|captain|capt|admiral|adm|ambassador|envoy|chancellor|premier|"
    r"governor|gov|king|queen|prince|leader|"
    r"spokesman|spokeswoman|spokesperson|director|chairman|chairwoman|chair|judge|analyst|expert|adviser|"
    r"advisor|researcher|fellow|commander|"
    r"chief|marshal|pope|sir|lord|mayor|correspondent|reporter|author|head|boss|official|supreme)\b\.?[ ]+",
    re.IGNORECASE,
)
_PRONOUNS = frozenset("he she they it i we him her them".split())
_COLLECTIVE = re.compile(
    r"\b(?:officials?|experts?|analysts?|studies|reports?|sources?|observers?|critics?|lawmakers?|states|"
    r"diplomats?|researchers?|people|public|"
    r"participants?|residents?|witnesses|members|governments?|media|outlets|authorities|scholars?|some|many|"
    r"others|estimates|polls?|surveys?|"
    r"documents?|scientists|economists|historians|respondents|voters|soldiers|defectors|activists|"
    r"leaders)\b",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"\b(?:at|with|of|for|from)[ ](?:the[ ])?((?:[A-Z][\w.&’'-]*)(?:[ ](?:[A-Z][\w.&’'-]*|of|for|and|the|on|"
    r"in)(?=[ ,.]|$))*)"
)
_BODY = re.compile(
    r"\b(?:Department|Ministry|Agency|Institute|Council|University|Corps|Committee|Center|Centre|Office|"
    r"Army|Navy|Government|Commission|Group|Bank|Party|House|Union|"
    r"Nations|Service|Bureau|Organi[sz]ation|Association|Foundation|Company|Corporation|Court|Senate|"
    r"Congress|Parliament|Assembly|Times|Post|Journal|News|Agency|"
    r"States|Team|Command|Forces|Force|Administration|Secretariat|Fund|Federation|Republic|Kingdom|Corp|Inc|"
    r"Ltd|Herald|Telegraph|Guardian|Directorate|Staff)\b"
)
_AFFILIATED = re.compile(
    rf"((?:[a-z]+[ ])*(?:{_NAME_WORD})[ ](?:{_NAME_WORD})(?:[ ](?:{_NAME_WORD}))?)[ ](?:of|from)[ ]((?:the[ "
    rf"])?[A-Z].*)"
)
_SPACE = re.compile(r"\s+")
_COMMON = frozenset(
    "the a an in on at he she it they we i this that these those but and or as if for from by last new "
    "north south east west".split()
)


@dataclass(frozen=True)
class Person:
    """Somebody named in full: name and affiliation as printed beside it."""

    name: str
    affiliation: str = ""


@dataclass
class KnownSpeakers:
    """The people and offices of one document, in the order in which they appear."""

    people: dict[str, Person] = field(default_factory=dict)
    last: Speaker | None = None

    def speaker(self, phrase: str, cue: str = "") -> Speaker | None:
        """The speaker that a source phrase means; None for a pronoun without anybody before it."""
        printed = _SPACE.sub(" ", re.sub(r"<[^>]*>", " ", phrase)).strip(" ,;:—–“”\"'‘’")
        lower = printed.lower()
        if lower in _PRONOUNS or re.fullmatch(r"(?:he|she|it|they|we|i)(?: .{0,20})?", lower):
            return replace(self.last, cue=cue) if self.last is not None else None
        main, _, rest = printed.partition(",")
        affiliated = _AFFILIATED.fullmatch(main.strip())
        if (
            affiliated is not None
            and not _BODY.search(affiliated[1])
            and not _COLLECTIVE.search(affiliated[1])
        ):
            main, rest = affiliated[1], f" of {affiliated[2]} {rest}"
        return self._person(main.strip(), rest, cue) or self._office(main.strip(), cue)

    def _person(self, main: str, rest: str, cue: str) -> Speaker | None:
        """A person, named in full here or earlier."""
        bare = _strip(main)
        names = list(_NAME.finditer(bare))
        if not names:
            return None
        match = names[-1] if names[-1].end() == len(bare) else None
        if match is None or _COLLECTIVE.search(bare) or _BODY.search(match[0]):
            return None
        name = match[0].strip()
        parts = name.split()
        key = parts[-1].lower().rstrip("’'")
        known = self.people.get(name.lower()) or (self.people.get(key) if len(parts) == 1 else None)
        if known is None and len(parts) == 1:
            return None
        affiliation = ""
        found = _AFFILIATION.search(rest)
        if found is not None:
            affiliation = found[1].strip(" ,.")
        person = known or Person(name, affiliation)
        if affiliation and not person.affiliation:
            person = replace(person, affiliation=affiliation)
        if match.start() > 0 and known is None and not _TITLES.match(bare):
            lead = bare[: match.start()].strip()
            if lead and not lead[0].isupper() and len(lead.split()) > 6:
                return None
        self.remember(person)
        return Speaker(person.name, cue=cue, affiliation=person.affiliation)

    def remember(self, person: Person) -> None:
        """Keep a person under the full name, the last word and the first (family names may lead)."""
        parts = person.name.split()
        self.people[person.name.lower()] = person
        if len(parts) > 1:
            self.people[parts[-1].lower()] = person
            if parts[0].lower() not in _COMMON:
                self.people.setdefault(parts[0].lower(), person)

    def _office(self, main: str, cue: str) -> Speaker:
        bare = _LEADING.sub("", main).strip() or main
        if _COLLECTIVE.search(bare) and not re.search(
            r"\b[A-Z]{2,}|\b[A-Z][a-z]+ (?:Department|Ministry|Agency)\b", bare
        ):
            name = re.sub(r"^(?:some|many|several|most|other)[ ]", "", bare, flags=re.IGNORECASE)
            return Speaker(name or bare, anonymity="collective", cue=cue)
        return Speaker(bare, anonymity="office", cue=cue)


def _strip(main: str) -> str:
    """A phrase without articles and titles before a name."""
    bare = _LEADING.sub("", main)
    while True:
        title = _TITLES.match(bare)
        if title is None or title.end() >= len(bare):
            return bare.strip()
        bare = bare[title.end() :]
