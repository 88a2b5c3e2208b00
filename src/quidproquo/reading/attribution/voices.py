"""Who speaks a whole document or a turn of a transcript: its title ("Statement by …") and labels ("MR. LIMA:")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from quidproquo.reading.attribution.names import OFFICE

__all__ = ["Voice", "labels", "speakers_in_title", "voices"]

_LABEL = re.compile(r"^[^\S\n]*(?P<label>[A-Z][A-Z.'’ \xa0-]{1,40}[A-Z.]):[^\S\n]", re.MULTILINE)
_TURN = re.compile(
    r"^[^\S\n]*(?:(?P<label>[A-Z][A-Z.'’ \xa0-]{1,40}[A-Z.]):[^\S\n]|(?P<question>Q(?::|[^\S\n]{2,}|[.][^\S\n])))",
    re.MULTILINE,
)
_NAME_LABEL = re.compile(
    r"(?:\A|\n[^\S\n]*\n)[^\S\n]*(?P<label>[A-Z][a-z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}):[^\S\n]"
)
_TITLED = re.compile(
    r"(?:MR|MRS|MS|DR|GEN|GENERAL|ADMIRAL|SECRETARY|PRESIDENT|VICE|PRIME|MINISTER|SENATOR|AMBASSADOR|SENIOR|"
    r"DIRECTOR|COORDINATOR|OFFICIAL|MODERATOR|CHAIR\w*|SPOKES\w+|MAJOR|COLONEL|COL|LIEUTENANT|LT|CAPTAIN|CAPT|"
    r"COMMANDER|BRIGADIER|MARSHAL|SERGEANT|COMMISSIONER|MAYOR|GOVERNOR|REP|SEN|SIR|LORD)\b"
)
# Labels of those who ask.
_ASKING = frozenset("QUESTION REPORTER JOURNALIST PRESS INTERVIEWER".split())
_OCCASION = re.compile(
    r"(?:(?:Opening|Closing|Joint|Background|Press|Prepared|Full|Video|Written|New|On-the-Record|Daily)[ ])*"
    r"(?:Statement|Statements|Remarks|Briefing|Call|Gaggle|Conference|Address|Speech|Testimony|Comments|Interview|"
    r"Message|Letter)[ ](?:by|from|with|of)[ ](?P<who>[^:;|\n]{3,200})",
)
_CUT = re.compile(
    r"[ ](?:on|at|in|to|regarding|about|before|after|following|during|concerning|upon|marking)[ ]|,|"
    r"[ ]-[ ]|[ ][–—|][ ]",
    re.IGNORECASE,
)
# "The Ambassador of Latvia, Ilze Ozola": the name behind the office.
_OFFICE = re.compile(
    r"(?:the |an? |H\.E\. )?[A-Z][\w’'-]+(?: (?:of|for|and|the|to|[A-Z][\w’'-]+)){1,8}, "
    r"(?P<name>[A-Z]\w[\w’'.-]*(?: (?:[A-Z][\w’'.-]*|de|van|von|da|al)){1,3})(?=\s*(?:\Z|,|\n| (?:on|at|"
    r"in|to|before)\b))"
)
_QUESTIONS = re.compile(r"^Q(?::|[^\S\n]{2,})(?s:.*)^(?:A|[A-Z][A-Z.'’ -]{2,40}):", re.MULTILINE)
_HOST = re.compile(r"\bPress Secretary\b|\bModerator\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:We|we|I|our|Our|my|My)\b(?![.])")
_QUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
_EDITORIAL = re.compile(
    r"\b(?:we (?:have|spoke|interviewed|asked|contacted|approached|estimate|identified|verified|counted)|told us|"
    r"our (?:own )?(?:data|analysis|calculations|count|tally|list|reporters?|correspondent))\b",
    re.IGNORECASE,
)
_FAR = 400
_CALLS = re.compile(r"\b(?:Press|Background) (?:Call|Briefing|Gaggle)\b")
_NAMED = r"[A-Z]\w+(?: [A-Z]\w+){0,2}"
_LISTENS = re.compile(
    r"\b(?:told|tells|spoke to|speaking to|spoken to|speaks to|talked to|interview with) "
    rf"(?:the )?(?P<who>{_NAMED})\b"
)
# What only newsrooms do, and what they call their own.
_WORKS = re.compile(
    rf"\b(?P<who>{_NAMED})(?:, [^.\n]{{3,120}},)? (?:has|have|could not|couldn't|was unable to|was not able to) "
    r"(?:not |also |now |since )?(?:been )?(?:able to )?(?:contact\w*|reached out|ask\w*|approached|independently|"
    r"identif\w+|verif\w+|confirm\w*|seen|analy[sz]\w+|learn\w*|count\w+|review\w*|processed|obtained|"
    r"spoken|tracked|tracking|documented|established)\b"
    rf"|\b(?P<owner>{_NAMED})['’]s? (?:own )?(?:calculations|analysis|investigation|tally|count)\b"
)


@dataclass(frozen=True)
class Voice:
    """From `start` on the document speaks with the voice of `who` ("" for nobody: a question, the reporter)."""

    start: int
    who: str


def labels(text: str) -> frozenset[str]:
    """The labels in capitals that mark turns: those with a title, and those that recur."""
    counted = Counter(match["label"] for match in _LABEL.finditer(text))
    asked = bool(counted) and (
        any(name in _ASKING for name in counted) or any(match["question"] for match in _TURN.finditer(text))
    )
    capitals = {name for name, number in counted.items() if number > 1 or asked or _TITLED.match(name)}
    return frozenset(capitals | _interviewed(text))


def _interviewed(text: str) -> set[str]:
    """The labels of an interview that aren't in capitals ("Ana Lima:"): two or more that take turns."""
    counted = Counter(match["label"] for match in _NAME_LABEL.finditer(text))
    found = {name for name, number in counted.items() if number > 1 or OFFICE.search(name)}
    return found if len(found) > 1 else set()


def voices(text: str, title: str) -> list[Voice]:
    """The voices of a document, in order of their start; none where its author speaks."""
    names = speakers_in_title(text, title)
    guests = [name for name in names if not _HOST.search(name)]
    known = labels(text)
    found = [Voice(0, _opening(text, names, known) or (guests or names)[0])] if names else []
    if known or _QUESTIONS.search(text):
        found.extend(
            Voice(match.start(), _of_label(match["label"], names) if match["label"] else "Q")
            for match in _TURN.finditer(text)
            if match["question"] or match["label"] in known
        )
        found.extend(
            Voice(match.start("label"), match["label"])
            for match in _NAME_LABEL.finditer(text)
            if match["label"] in known
        )
        found.sort(key=lambda voice: voice.start)
    return found


def _opening(text: str, names: list[str], known: frozenset[str]) -> str:
    """Who speaks before the first turn: whoever is asked then, not the one who takes it; "" if unknown."""
    turns = [turn for turn in _TURN.finditer(text) if turn["question"] or turn["label"] in known]
    answer = next((_of_label(turn["label"], names) for turn in turns if turn["label"]), "")
    if len(names) < 2 or not answer:
        return ""
    if turns[0]["question"]:
        return answer
    surname = answer.split()[-1].lower()
    others = [name for name in names if name.split()[-1].lower() != surname]
    return others[0] if len(others) == 1 else ""


def speakers_in_title(text: str, title: str) -> list[str]:
    """Those who give a statement or a briefing, by its title or first line; the guests of a press secretary too.

    A text in which nobody says "we" or "I" outside quotation marks is a report on a statement, not the statement.
    """
    top = re.split(r"\n[ \t]*\n", text[:_FAR].lstrip(), maxsplit=1)[0]
    names = _titled(title) or _titled(" ".join(top.split()))
    spoken = _CALLS.search(title) is not None or _FIRST_PERSON.search(_QUOTED.sub(" ", text)) is not None
    return names if spoken else []


def newsroom_in(text: str) -> str:
    """The newsroom that a report names as its own ("told the Gazette", "the Gazette has verified"), or "".

    One mention shows it only where the report says "we" of itself.
    """
    counted = Counter(match["who"] for match in _LISTENS.finditer(text))
    counted.update(match["who"] or match["owner"] for match in _WORKS.finditer(text))
    families = Counter[str]()
    for name, times in counted.items():
        families[name.split()[0]] += times
    for family, times in families.most_common(1):
        if times > 1 or _EDITORIAL.search(_QUOTED.sub(" ", text)) is not None:
            return max((name for name in counted if name.split()[0] == family), key=lambda one: counted[one])
    return ""


def _titled(title: str) -> list[str]:
    match = _OCCASION.match(title.strip())
    if match is None:
        return []
    who = _CUT.split(match["who"])[0].strip()
    office = _OFFICE.match(match["who"])
    if office is not None:
        who = office["name"]
    if not (who[:1].isupper() or who.startswith(("the ", "a ", "an "))):
        return []
    return [part.strip() for part in re.split(r"[ ]and[ ](?=[A-Z])", who)]


def _of_label(label: str, names: list[str]) -> str:
    """The name in a label; of "THE PRESIDENT" the one whom the title names so."""
    if label in _ASKING:
        return "Q"
    name = re.sub(r"\s+", " ", label).title()
    office = name.removeprefix("The ")
    if office == name:
        return name
    return next((one for one in names if one.startswith(office)), name)
