"""Who speaks a whole document or a turn of a transcript: its title ("Statement by …") and labels ("MR. LIMA:")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

__all__ = ["Voice", "labels", "voices"]

_LABEL = re.compile(r"^[ \t]*(?P<label>[A-Z][A-Z.'’ -]{1,40}[A-Z.]):[ \t]", re.MULTILINE)
_TURN = re.compile(
    r"^[ \t]*(?:(?P<label>[A-Z][A-Z.'’ -]{1,40}[A-Z.]):[ \t]|(?P<question>Q(?::|[ \t\xa0]{2,}|[.][ \t])))",
    re.MULTILINE,
)
_TITLED = re.compile(
    r"(?:MR|MRS|MS|DR|GEN|GENERAL|ADMIRAL|SECRETARY|PRESIDENT|VICE|PRIME|MINISTER|SENATOR|AMBASSADOR|SENIOR|SPOKES\w+)\b"
)
_OCCASION = re.compile(
    r"(?:(?:Opening|Closing|Joint|Background|Press|Prepared|Full|Video|Written|New|On-the-Record|Daily)[ ])*"
    r"(?:Statement|Statements|Remarks|Briefing|Call|Gaggle|Conference|Address|Speech|Testimony|Comments|Interview|"
    r"Message|Letter)[ ](?:by|from|with|of)[ ](?P<who>[^:;|\n]{3,200})",
)
_CUT = re.compile(
    r"[ ](?:on|at|in|to|regarding|about|before|after|following|during|concerning|upon|marking)[ ]|,|"
    r"[ ]-[ ]|[ ][–—|][ ]"
)
_HOST = re.compile(r"\bPress Secretary\b|\bModerator\b", re.IGNORECASE)
_FAR = 400


@dataclass(frozen=True)
class Voice:
    """From `start` on the document speaks with the voice of `who` ("" for nobody: a question, the reporter)."""

    start: int
    who: str


def labels(text: str) -> frozenset[str]:
    """The labels in capitals that mark turns: those with a title, and those that recur."""
    counted = Counter(match["label"] for match in _LABEL.finditer(text))
    return frozenset(name for name, number in counted.items() if number > 1 or _TITLED.match(name))


def voices(text: str, title: str) -> list[Voice]:
    """The voices of a document, in order of their start; none where its author speaks."""
    top = text[:_FAR].lstrip().partition("\n")[0]
    who = _titled(title) or _titled(top)
    found = [Voice(0, who)] if who else []
    known = labels(text)
    if known:
        found.extend(
            Voice(match.start(), (match["label"] or "").title())
            for match in _TURN.finditer(text)
            if match["question"] or match["label"] in known
        )
    return found


def _titled(title: str) -> str:
    """The one who gives a statement or a briefing, by its title: the guest where a press secretary opens it."""
    match = _OCCASION.match(title.strip())
    if match is None:
        return ""
    who = _CUT.split(match["who"])[0].strip()
    parts = re.split(r"[ ]and[ ](?=[A-Z])", who)
    guests = [part for part in parts if not _HOST.search(part)]
    return (guests or parts)[0].strip() if who[:1].isupper() or who.startswith("the ") else ""
