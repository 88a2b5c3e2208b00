"""Who a source phrase means: names in full, pronouns, offices, collectives and affiliations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.entities import Entities
from quidproquo.reading.attribution.names import (
    BODY,
    COLLECTIVE,
    NAME,
    NAME_WORD,
    Kind,
    gender_of,
    group_in,
    kind_of,
    office_in,
    people_in,
    thing_in,
)
from quidproquo.reading.record import Speaker

__all__ = ["OWN_PRONOUNS", "KnownSpeakers", "Person"]

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
    r"spokesman|spokeswoman|spokesperson|secretary-general|director-general|vice-president|director|chairman|chairwoman|chair|judge|analyst|expert|adviser|"
    r"advisor|researcher|fellow|commander|"
    r"chief|marshal|pope|sir|lord|mayor|correspondent|reporter|author|head|boss|official|supreme)\b\.?[ ]+",
    re.IGNORECASE,
)
# Pronouns with which a speaker may speak of himself, and the kinds of speakers they fit.
OWN_PRONOUNS: dict[str, frozenset[str]] = {
    "he": frozenset({"person"}),
    "she": frozenset({"person"}),
    "it": frozenset({"thing"}),
    "they": frozenset({"several", "thing"}),
}
_PRONOUNS = {
    "he": "person", "she": "person", "him": "person", "her": "person", "his": "person", "it": "thing",
    "its": "thing", "they": "several", "them": "several", "their": "several", "i": "voice", "we": "voice",
}  # fmt: skip
_AFFILIATION = re.compile(
    r"\b(?:at|with|of|for|from)[ ](?:the[ ])?((?:[A-Z][\w.&’'-]*)(?:[ ](?:[A-Z][\w.&’'-]*|of|for|and|the|on|"
    r"in)(?=[ ,.]|$))*)"
)
_AFFILIATED = re.compile(
    rf"((?:[a-z]+[ ])*(?:{NAME_WORD})[ ](?:{NAME_WORD})(?:[ ](?:{NAME_WORD}))?)"
    r"[ ](of|from|at|with|for|in)[ ]((?:the[ ])?[A-Za-z].*)"
)
# "the port's Ana Lima": whose she is doesn't belong to the name.
_OWNER = re.compile(rf"^.*['’]s (?=(?:{NAME_WORD}) (?:{NAME_WORD})(?: (?:{NAME_WORD}))?$)")
_IN_OFFICE = re.compile(
    r"\b(?:secretary|minister|coordinator|adviser|advisor|ambassador|representative|director|spokes\w+|commissioner|"
    r"envoy|chief|head|general|president|chair\w*|officer|professor|deputy)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[ ]\([A-Z][\w-]+\)$")
_LISTED = re.compile(r"[ ]*[\w’'-]+(?:,[ ][\w’'-]+)*[ ]and[ ][\w’'-]+[ ]*")
_SPACE = re.compile(r"\s+")
_PRONOUN = re.compile(r"(he|she|it|they|we|i)(?:['’](?:ll|d|ve|m|re|s))?(?: .{0,20})?")
_DATED = re.compile(
    r" (?:on|in|from|of|dated|published|released) (?:(?:early|late|mid|last|"
    r"this)[ -])?(?:\d{1,2} )?(?:Mon|Tues|Wednes|Thurs|"
    r"Fri|Satur|Sun|Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|week|month|year|(?:19|20)\d\d).*$"
)
_NOT_BEFORE = frozenset("of for at with from in on and & the to by under as".split())
_COMMON = frozenset(
    "the a an in on at he she it they we i this that these those but and or as if for from by last new "
    "north south east west".split()
)
_REMEMBERED = 8
_LETTER = re.compile(r"[^\W\d_]")
_PRODUCT = (
    r"reports?|survey|poll|polling|study|estimates?|analysis|assessment|research|calculations|"
    r"tally|review|forecast|figures"
)
# "a recent survey from the pollster Delta", "radar estimates from the Weather Service"
MADE = re.compile(
    rf"(?:(?:the|a|an|its|latest|[a-z0-9-]+)\s){{0,4}}?(?P<what>{_PRODUCT})\s(?:for\s[\w\s]{{2,30}}?\s)?(?:by|from)\s"
    r"(?P<who>(?:the\s)?(?:[a-z-]+\s){0,2}(?-i:[A-Z]).*)",
    re.IGNORECASE,
)
OWN_WORK = re.compile(
    r"our (?:own )?(?:[a-z]+ )?(?:data|analysis|calculations?|estimates?|count|tally|figures|model|polling|"
    r"research|findings|reckoning|tracker)\b",
    re.IGNORECASE,
)
# What names somebody again who was named before.
_AGAIN = re.compile(
    r"(?:[Tt]he|a) (?:(?:[A-Z][a-z]+(?:an|ish|ese|ch)|U\.?S\.?|UK) )?(?:[a-z-]+ ){0,2}"
    r"(statement|report|survey|poll|study|analysis|company|firm|group|charity|startup|outlet|maker|manufacturer|"
    r"organi[sz]ation|retailer|giant|airline|carrier|operator|broadcaster|agency|watchdog|institution)"
)
# Verbs of speaking that are a body's rather than a person's.
_OF_BODIES = frozenset("announced claimed denied rejected agreed declined reported".split())
_DOCUMENTS = frozenset("statement report survey poll study analysis".split())
_ACTING = re.compile(
    r"[\s“\"]*(?:[A-Z][a-z]+, )?(?P<who>[A-Z][\w’'-]*[a-z](?: [A-Z][\w’'-]*[a-z]){0,3}) (?:also |later )?"
    r"(?:has |had )?(?P<verb>has|had|plans|wants|makes|runs|sells|built|sold|won|lost|[a-z]{3,}ed)\b"
)


@dataclass(frozen=True)
class Person:
    """Somebody named in full: name and affiliation as printed beside it."""

    name: str
    affiliation: str = ""


@dataclass
class KnownSpeakers:
    """The people and offices of one document, in the order in which they appear.

    `voice` is the one whose statement or turn the text is, "" for its author; `places` are words that name
    no person.
    """

    people: dict[str, Person] = field(default_factory=dict)
    last: Speaker | None = None
    voice: str = ""
    places: frozenset[str] = frozenset()
    newsroom: str = ""
    _recent: dict[Kind, Speaker] = field(default_factory=dict)
    _mentioned: list[list[str]] = field(default_factory=list)
    _makers: dict[str, str] = field(default_factory=dict)
    _body: Speaker | None = None
    _alone: Speaker | None = None
    _entities: Entities = field(default_factory=Entities)

    def speaker(self, phrase: str, cue: str = "") -> Speaker | None:
        """The speaker that a source phrase means; None for a pronoun without anybody before it."""
        printed = _SPACE.sub(" ", re.sub(r"<[^>]*>", " ", phrase)).strip(" ,;:—–“”\"'‘’")
        pronoun = _PRONOUN.fullmatch(printed.lower())
        if pronoun is not None or printed.lower() in _PRONOUNS:
            found = self._antecedent(pronoun[1] if pronoun is not None else printed.lower())
            return replace(found, cue=cue) if found is not None else None
        if printed in {"who", "Who", "which", "Which", "whom", "that"}:
            return None
        meant = self._earlier(printed)
        if meant is not None or OWN_WORK.match(printed):
            return replace(meant, cue=cue) if meant is not None else None
        named = self._entities.again(printed)
        if named is not None:
            name, is_person = named
            person = self._person(name, "", cue) if is_person else None
            return person or self._office(name, cue)
        printed = self._maker(printed)
        main, _, rest = printed.partition(",")
        if _pair(main, rest):
            return Speaker(_LEADING.sub("", _DATED.sub("", printed)).strip(), anonymity="office", cue=cue)
        main = _DATED.sub("", main.strip())
        affiliated = _AFFILIATED.fullmatch(_strip(main))
        if (
            affiliated is not None
            and people_in(affiliated[1], self.places)
            and not BODY.search(affiliated[1])
            and not COLLECTIVE.search(_strip(affiliated[1]))
        ):
            main, rest = affiliated[1], f" {affiliated[2]} {affiliated[3]} {rest}"
        person = self._person(main, rest, cue)
        apposed = rest.strip()
        if person is None and apposed and _is_name(apposed):
            person = self._person(
                apposed, f" at {main.partition(' with ')[2]}" if " with " in main else "", cue
            )
        return person or (self._office(main, cue) if _LETTER.search(main) else None)

    def _earlier(self, printed: str) -> Speaker | None:
        """Who stands behind "our data", or earlier behind "the group" and "the report"."""
        own = OWN_WORK.match(printed)
        if own is not None:
            return self._antecedent("we")
        again = _AGAIN.fullmatch(_DATED.sub("", printed))
        if again is None:
            return None
        what = again[1].lower()
        if what == "statement":
            issuer = self._makers.get(what)
            return self.last or self._body if issuer is None else self.speaker(issuer)
        if not printed.lower().startswith("the "):
            return None
        maker = self._makers.get(what)
        if maker is not None:
            return self._office(maker, "")
        return self._body if what not in _DOCUMENTS else None

    def _maker(self, printed: str) -> str:
        """The one by whom a report or a survey is: "a new report by the Delta Institute"."""
        made = MADE.match(printed)
        if made is None:
            return printed
        self._makers[made["what"].lower()] = made["who"]
        return made["who"]

    def issued(self, name: str) -> None:
        """A statement is somebody's: "the statement added" means the one."""
        self._makers["statement"] = name

    @property
    def _speaking_alone(self) -> bool:
        """Whether one nameless person spoke last, and several people weren't named since: "they" is the one."""
        return self.last is not None and self.last is self._alone

    def said(self, speaker: Speaker) -> None:
        """Somebody has spoken: pronouns that follow may mean the one."""
        self.last = speaker
        kind = self.kind(speaker)
        self._alone = speaker if kind == "person" and speaker.anonymity != "named" else None
        self._recent[kind] = speaker
        if kind == "thing" and (BODY.search(speaker.name) or speaker.name.isupper()):
            self._body = speaker
        if kind == "person":
            self._mentioned.append([speaker.name])
            del self._mentioned[:-_REMEMBERED]

    def kind(self, speaker: Speaker) -> Kind:
        """What sort of thing a speaker of this document is."""
        return kind_of(speaker.name, named=speaker.anonymity == "named" and self._is_person(speaker.name))

    def mention(self, sentence: str) -> None:
        """Note the people that a sentence names, so that "she said" after it may mean one of them."""
        if self.newsroom and self.newsroom.split()[0] in sentence:
            named = re.findall(rf"\b{re.escape(self.newsroom.split()[0])}(?: [A-Z]\w+){{0,3}}\b", sentence)
            self.newsroom = named[-1] if named else self.newsroom
        self._entities.note(sentence)
        names = people_in(sentence, self.places)
        for name in names:
            bare = _strip(name)
            if bare.lower() not in self.people:
                self.remember(Person(bare))
        acting = _ACTING.match(sentence)
        if acting is not None and self._may_be_body(acting["who"], acting["verb"]):
            self._body = Speaker(acting["who"], anonymity="office")
        office = office_in(sentence)
        if office:
            self._mentioned.append([office])
        thing = thing_in(sentence)
        if thing:
            self._recent["thing"] = Speaker(thing, anonymity="office")
        group = group_in(sentence)
        if group:
            self._recent["several"] = Speaker(group, anonymity="collective")
            self._alone = None
        if names:
            self._mentioned.append([self._full(_strip(name)) for name in names])
            del self._mentioned[:-_REMEMBERED]

    def _may_be_body(self, name: str, verb: str) -> bool:
        """Whether a name may be that of a firm or a group: neither a person nor a place that is known."""
        if verb in VERBS and verb not in _OF_BODIES:
            return False
        words = name.lower().split()
        return not (
            words[-1] in self.people
            or words[0] in self.places
            or words[0] in _COMMON
            or words[-1].endswith(("ans", "ese", "ers"))
            or (people_in(f"{name} left", self.places) == [name] and len(words) > 1)
        )

    def _full(self, name: str) -> str:
        known = self.people.get(name.lower())
        return known.name if known is not None else name

    def _is_person(self, name: str) -> bool:
        return name.lower() in self.people

    def _antecedent(self, pronoun: str) -> Speaker | None:
        """Who a pronoun means, by its number and kind."""
        kind = _PRONOUNS[pronoun]
        if kind == "voice":
            if not self.voice:
                return self._office(self.newsroom, "") if self.newsroom else None
            return self._person(self.voice, "", "") or self._office(self.voice, "")
        if kind == "person":
            return self._human("she" if pronoun in {"she", "her"} else "he")
        if kind == "several":
            if self._speaking_alone:
                return self.last
            return self._recent.get("several") or self._recent.get("thing")
        return self._recent.get("thing")

    def _human(self, gender: str) -> Speaker | None:
        """The person named last: of several in one sentence the one whose first name fits."""
        for names in reversed(self._mentioned):
            fitting = [name for name in names if gender_of(name) == gender]
            open_to = [name for name in names if not gender_of(name)]
            for name in (*fitting, *open_to):
                person = self.people.get(name.lower())
                return Speaker(name, anonymity="named" if person else "office",
                               affiliation=person.affiliation if person else "")  # fmt: skip
        return self._recent.get("person")

    def _person(self, main: str, rest: str, cue: str) -> Speaker | None:
        """A person, named in full here or earlier."""
        bare = _OWNER.sub("", _strip(main))
        names = list(NAME.finditer(bare))
        if not names:
            return None
        match = names[-1] if names[-1].end() == len(bare) else None
        if match is None or COLLECTIVE.search(bare) or BODY.search(match[0]):
            return None
        before = bare[: match.start()].split()
        name = match[0].strip()
        parts = name.split()
        if before and before[-1].lower() in _NOT_BEFORE:
            # "Secretary for Harbour Affairs Ana Lima": the name stands last, after the office.
            if len(parts) < 3 or _IN_OFFICE.search(bare[: match.start()]) is None:
                return None
            name, parts = " ".join(parts[-2:]), parts[-2:]
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
            if parts[0].lower() not in _COMMON and len(parts) < 4 and _TITLES.match(f"{parts[1]} ") is None:
                self.people.setdefault(parts[0].lower(), person)

    def _office(self, main: str, cue: str) -> Speaker:
        bare = _ACRONYM.sub("", _LEADING.sub("", main)).strip() or main
        if COLLECTIVE.search(bare) and not re.search(
            r"\b[A-Z]{2,}|\b[A-Z][a-z]+ (?:Department|Ministry|Agency)\b", bare
        ):
            name = re.sub(r"^(?:some|many|several|most|other)[ ]", "", bare, flags=re.IGNORECASE)
            return Speaker(name or bare, anonymity="collective", cue=cue)
        return Speaker(bare, anonymity="office", cue=cue)


def _pair(main: str, rest: str) -> bool:
    """Whether a phrase joins names: "Ana Lima and Ivo Lang", "Lima, Costa and four others"."""
    joined = re.search(r"[ ]and[ ]", main if " and " in main else rest)
    if joined is None:
        return False
    if _LISTED.fullmatch(rest):
        return True
    if " and " not in main:
        return re.search(
            r"^[ ]*(?:[A-Z][\w’'-]*[ ]?){1,3}(?:,[^,]*)*[ ]and[ ]", rest
        ) is not None and not _is_name(rest)
    first, _, second = main.partition(" and ")
    return (
        NAME.search(first.split(",")[-1]) is not None
        and NAME.search(second) is not None
        and not BODY.search(first)
    )


def _is_name(phrase: str) -> bool:
    """Whether a phrase is nothing but a person's name of two words or more."""
    match = NAME.fullmatch(_strip(phrase))
    return match is not None and " " in match[0] and not BODY.search(match[0])


_OF_NATION = re.compile(r"^[A-Z][\w’'-]+[ ](?=[A-Z])")


def _strip(main: str) -> str:
    """A phrase without articles, titles and the nation of an office before a name."""
    bare = _LEADING.sub("", main)
    while True:
        title = _TITLES.match(bare)
        if title is None:
            nation = _OF_NATION.match(bare)
            behind = bare[nation.end() :] if nation is not None else ""
            title = _TITLES.match(behind)
            if title is None:
                return bare.strip()
            bare = behind
        if title.end() >= len(bare):
            return bare.strip()
        bare = bare[title.end() :]
