"""To whom a thing that a number counts is given: "12,000 crates to Sylvania", "sent Sylvania 40 lorries"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from quidproquo.cases.record import Case
from quidproquo.reading.countries import COUNTRIES
from quidproquo.reading.owners import OTHER, Named
from quidproquo.reading.record import Quantified
from quidproquo.reading.sentences import Span

__all__ = ["flows", "recipients"]

_NAME = r"(?:the[ ])?(?P<name>[A-Z][\w’'.-]*(?:[ ][A-Z][\w’'.-]*){0,2})"
_TO = re.compile(
    rf"[^,;:.()]{{0,80}}?(?<!according)(?<!compared)(?<!next)(?<!close)(?<!thanks)(?<!due)"
    rf"(?<!loyal)[ ]to[ ]{_NAME}"
)
_SIZED = (
    r"(?:(?:about|around|some|nearly|almost|over|roughly|at|least|more|than|up|to|an|estimated|another|a|total|"
    r"of)[ ])*"
)
_GIVEN = re.compile(
    r"\b(?:sen[dt]s?|sending|g[ai]ven?|gives|shipp?(?:ed|s|ing)?|suppl(?:y|ies|ied|ying)|s(?:old|ells?|"
    r"elling)|lent|lends?|"
    r"offer(?:s|ed|ing)?|deliver(?:s|ed|ing)?|hand(?:s|ed)|provid(?:es?|ed)|export(?:s|ed)?|donat(?:es?|"
    r"ed))[ ](?:to[ ])?"
    rf"{_NAME}[ ]{_SIZED}\Z"
)
_RECEIVED = re.compile(
    rf"{_NAME}[ ](?:(?:has|have|had|also|already|reportedly|then|may|might)[ ]|have[ ])*(?:receiv(?:es?|"
    rf"ed)|got|gets|"
    r"import(?:s|ed)|b(?:ought|uys)|obtain(?:s|ed)|acquir(?:es|ed)|purchas(?:es|ed)|took[ ]delivery[ ]of|"
    r"(?:was|were|been)[ ]"
    rf"(?:sent|given|sold|promised))[ ]{_SIZED}\Z"
)
_LOOK = 160


def flows(case: Case) -> Mapping[str, tuple[str, str]]:
    """Giver and receiver, as "@id", of the ledger's quantities; none unless one actor is sender, one receiver."""
    ends = [
        [actor.id for actor in case.actors.values() if actor.role == role] for role in ("sender", "receiver")
    ]
    if any(len(found) != 1 for found in ends):
        return {}
    sender, receiver = (f"@{found[0]}" for found in ends)
    sides: dict[str, set[str]] = {}
    for line in case.ledger:
        sides.setdefault(line.quantity, set()).add(line.side)
    return {
        quantity: (sender, receiver) if side == {"gives"} else (receiver, sender)
        for quantity, side in sides.items()
        if len(side) == 1
    }


def recipients(text: str, span: Span, number: Quantified, actors: Sequence[Named]) -> frozenset[str]:
    """The actor or country that what a number counts is given to; empty where none is named.

    `actors` are the names of actors found in the sentence; another country is `OTHER`. Towns name nobody.
    """
    first = max(span[0], number.start - _LOOK)
    before = text[first : number.start]
    for pattern in (_GIVEN, _RECEIVED):
        found = pattern.search(before)
        if found is not None:
            return _who(found["name"], first + found.start("name"), actors)
    following = _TO.match(text, number.end, span[1])
    return _who(following["name"], following.start("name"), actors) if following is not None else frozenset()


def _who(name: str, at: int, actors: Sequence[Named]) -> frozenset[str]:
    known = frozenset(actor.item for actor in actors if at <= actor.start < at + len(name))
    if known:
        return known
    words = name.rstrip(".").removesuffix("'s").removesuffix("’s").split(" ")
    whole = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return frozenset({OTHER}) if any(part in COUNTRIES for part in whole) else frozenset()
