"""Who is named again by an office or a class: "the general", "the agency", "the company"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quidproquo.reading.attribution.names import NAME_WORD

__all__ = ["Entities"]

_SHORT = {
    "gen": "general", "col": "colonel", "lt": "lieutenant", "sen": "senator", "gov": "governor",
    "prof": "professor",
    "rep": "representative", "adm": "admiral", "capt": "captain", "maj": "major", "amb": "ambassador",
}  # fmt: skip
_OFFICES = (
    "general colonel lieutenant senator governor professor representative admiral captain major ambassador "
    "minister president secretary mayor spokesman spokeswoman spokesperson chairman chairwoman chair director "
    "commander chief envoy premier chancellor lawmaker analyst economist researcher adviser advisor commissioner "
    "coordinator judge prosecutor lawyer activist historian journalist editor scientist doctor pilot congressman "
    "congresswoman inspector farmer trader banker executive engineer diplomat deputy teacher driver "
    "resident worker"
).split()
_OFFICE = "|".join([*_OFFICES, *_SHORT])
_PERSON = rf"(?:{NAME_WORD})(?: (?:{NAME_WORD})){{1,3}}"
_IN_OFFICE = re.compile(rf"\b(?i:(?P<office>{_OFFICE}))\.? (?P<name>{_PERSON})")
_TITLE = re.compile(rf"(?i:{_OFFICE})\.? ")
_PERSON_OFFICE = re.compile(
    rf"(?P<name>{_PERSON}), (?:(?:an?|the|its|their|his|her) )?(?:[\w’'-]+ ){{0,5}}?(?P<office>{_OFFICE})"
    r"(?=,|\.| (?:at|of|for|with|in|from|who|on|to)\b)"
)
# Which class a word in a body's own name tells, and those that name it by another word.
_CLASSES = {
    "agency": ("agency",), "service": ("service", "agency"), "ministry": ("ministry",),
    "department": ("department",),
    "institute": ("institute", "think tank"), "council": ("council",), "bank": ("bank",), "union": ("union",),
    "commission": ("commission",), "committee": ("committee",), "fund": ("fund",), "company": ("company", "firm"),
    "corp": ("company", "firm"), "inc": ("company", "firm"), "ltd": ("company", "firm"),
    "airlines": ("airline", "company"), "office": ("office",), "bureau": ("bureau", "agency"),
    "organization": ("organization",), "organisation": ("organisation",), "foundation": ("foundation",),
    "association": ("association",), "group": ("group",), "party": ("party",), "court": ("court",),
    "army": ("army",), "navy": ("navy",), "university": ("university",), "authority": ("authority",),
    "administration": ("administration",), "center": ("center", "think tank"), "centre": ("centre", "think tank"),
}  # fmt: skip
_PLAIN = (
    "agency company firm group charity startup outlet organization organisation newspaper broadcaster channel "
    "website regulator watchdog operator airline carrier manufacturer militia publication network ministry bank "
    "union body regulator consultancy"
).split()
_CLASS = "|".join([*_PLAIN, "think tank", "think-tank"])
_WORD = r"[A-Z][\w&’'-]*"
_BODY = rf"{_WORD}(?: {_WORD})*(?: (?:of|for|on)(?: the)?(?: {_WORD})+(?:,? and {_WORD})*)?"
_APPOSED = re.compile(
    rf"(?P<name>{_BODY})(?: \([^)]{{2,40}}\))?, (?:an?|the) (?:[\w’'-]+ ){{0,4}}?(?P<kind>{_CLASS})(?=,|\.| )"
)
_CALLED = re.compile(rf"\b(?P<kind>{_CLASS}) (?P<name>{_WORD}(?: {_WORD})*)")
_NAMED = re.compile(_BODY)
_AGAIN = re.compile(rf"the (?:same )?(?P<what>{_OFFICE}|{_CLASS}|{'|'.join(_CLASSES)})", re.IGNORECASE)
_COMMON = frozenset("the a an in on at as but and for from with under".split())


@dataclass
class Entities:
    """The people in office and the bodies of one document, by what names them again.

    `people` are by office, `bodies` by class; the last one named of each counts.
    """

    people: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    _noted: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Keep a stretch of text; who is named in it is looked up once somebody is named again."""
        self._noted.append(text)

    def _learn(self, text: str) -> None:
        """Learn the people in office and the bodies that a stretch of text names."""
        for pattern in (_IN_OFFICE, _PERSON_OFFICE):
            for match in pattern.finditer(text):
                office, name = match["office"].lower(), match["name"]
                self.people[_SHORT.get(office, office)] = name
                title = _TITLE.match(name)
                if title is not None and " " in name[title.end() :]:  # "commander Gen Ana Lima"
                    office = title[0].strip(" .").lower()
                    self.people[_SHORT.get(office, office)] = name[title.end() :]
        for match in _NAMED.finditer(text):
            name = match[0]
            while name.split()[0].lower() in _COMMON and " " in name:
                name = name.partition(" ")[2]
            head = re.split(r" (?:of|for|on)\b", name)[0].split()[-1].lower()
            for kind in _CLASSES.get(head, ()):
                if " " in name:
                    self.bodies[kind] = name
        for pattern in (_APPOSED, _CALLED):
            for match in pattern.finditer(text):
                if match["name"].split()[0].lower() not in _COMMON:
                    self.bodies[match["kind"].replace("-", " ")] = match["name"]

    def again(self, phrase: str) -> tuple[str, bool] | None:
        """Who "the general" or "the agency" is, and whether a person; None for anybody not named yet."""
        match = _AGAIN.fullmatch(phrase)
        if match is None:
            return None
        for text in self._noted:
            self._learn(text)
        self._noted.clear()
        what = match["what"].lower().replace("-", " ")
        person = self.people.get(_SHORT.get(what, what))
        if person is not None:
            return person, True
        body = self.bodies.get(what)
        return (body, False) if body is not None else None
