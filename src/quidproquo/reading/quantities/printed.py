"""Numbers as printed in running text, with their currency or unit; numbers that only name are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quidproquo.reading.quantities.figures import is_grouped, parted
from quidproquo.reading.quantities.identifiers import is_name
from quidproquo.reading.quantities.number_words import ATOM, Core, read_core
from quidproquo.reading.quantities.units import Suffix, currency_before, unit_after

__all__ = ["PrintedNumber", "atom_at", "number_at", "printed_numbers"]

_SIGN = re.compile(
    r"(?:^|[\s(,])(?<!plus or )(?<!plus-or-)(?P<sign>[−–-]|minus[ -]|negative[ ])$", re.IGNORECASE
)
# After "one" where it stands for a noun: no noun follows.
_ONE_NOT = re.compile(
    r"[ ]+(?:of|another|day|night|evening|morning|afternoon|who|whom|whose|that|which|thing|more|way|is|was|"
    r"isn[’']t|wasn[’']t|has|had|can|could|may|might|must|should|would|will|shall|does|did|doesn[’']t|"
    r"didn[’']t|and|or|nor|"
    r"with|without|for|to|on|in|at|by|as|about|across|after|against|along|around|because|before|behind|between|"
    r"but|"
    r"despite|during|from|inside|into|like|near|onto|outside|over|since|than|then|though|through|throughout|"
    r"toward|towards|under|unless|until|upon|when|where|while|within|yet|it|he|she|they|we|you|also|still|ever|"
    r"never|just|only|even|again|today|yet|here|there|being|having|made|named|called|known|side|such|hand|point|"
    r"time|if|needs?|wants?|said|says|reason|step|final|last|big|good|key|day's|person's)\b|[.,;:!?’'”\")-]|\Z|'s",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    r"(?:[ -]in|[ ]out[ ]of(?:[ ]every)?|[ ]of[ ]every|[ -]to|[ ]or)"
    r"[ -](?:\d|two|three|four|five|six|seven|eight|nine|ten)"
)
_ONE_BEFORE = re.compile(
    r"\b(?:no|any|every|each|some|this|that|the|which|another|only|other|his|her|their|my|your|a|not|as|"
    r"good|bad|new|old|big|small|last|same|second|third|fourth|fifth|latter|former|whole|right|wrong|real|better|"
    r"great|nice|easy|tough|hard|different|similar|particular|previous|earlier|younger|older|larger|smaller|"
    r"first|next|number|day|chapter|phase|from|hour|loved|little|air|force|formula)[ -]$",
    re.IGNORECASE,
)
_MINUS = frozenset({"-", "−"})
_BEFORE_DIGITS = frozenset({"-", "−", "–", " "})
# "Phase two", "on day three,": the number names if nothing is counted after it.
_LABEL_WORD = re.compile(
    r"\b(?:day|phase|chapter|act|page|part|round|game|week|season|episode|stage|step|volume|level|section|article|"
    r"group|block|channel|terminal|war|type|category|tier|grade)[ ]$",
    re.IGNORECASE,
)
_COUNTS_ON = re.compile(
    r"[ ](?:or|to)[ ]|[ ](?!is|was|has|this|as\b|its)[a-z]+s\b|[ ](?:people|men|women|percent|per)\b"
)
# "A five-member panel" counts; "a two-way street", "a three-sided deal", "a five-star hotel" only describe.
_DESCRIBES = re.compile(
    r"-(?:way|star|fold|state|wheel|wheeler|figure|digit|tier|track|part|stage|step|time|timer|off|third|thirds|half|"
    r"halves|quarter|quarters|fourth|fourths|fifth|fifths|sixth|tenth|tenths|ply|party|stroke|face|piece|speed|level|"
    r"layer|bit|course|nil|all|love|something|some|odd|to|or|by|and|in|on|of|for|a|an|"
    r"[a-z]+(?:ed|al|ly|ish|ing|ive|ous|st|nd|rd|th)|[A-Z]\w*)\b"
)
_HYPHEN_BEFORE = re.compile(r"[A-Za-z]-$")


@dataclass(frozen=True)
class PrintedNumber:
    """A number with its currency or unit, before comparison and head are read."""

    core: Core
    start: int
    end: int
    suffix: Suffix | None
    money: str = ""
    value: float | None = None


def printed_numbers(text: str, plain: str) -> Iterator[PrintedNumber]:
    """The numbers of a text; `plain` is the text with the codes that touch a number blanked."""
    at = 0
    for atom in _atoms(plain):
        if atom.start() < at:
            continue
        printed = number_at(text, atom)
        if printed is not None:
            at = printed.core.end
            yield printed


def _atoms(plain: str) -> Iterator[re.Match[str]]:
    """The numbers and number words of a text in order; figures after a blank apart where they are two numbers."""
    for atom in ATOM.finditer(plain):
        whole = _whole(plain, atom)
        yield whole
        while whole.end() < atom.end():
            following = ATOM.search(plain, whole.end())
            if following is None or following.start() >= atom.end():
                break
            whole = _whole(plain, following)
            yield whole


def atom_at(plain: str, at: int) -> re.Match[str] | None:
    """The number or number word that begins at a place of a text whose attached codes are blanked."""
    atom = ATOM.match(plain, at)
    return _whole(plain, atom) if atom is not None else None


def _whole(plain: str, atom: re.Match[str]) -> re.Match[str]:
    """An atom without the figures after a blank that are another number."""
    printed = atom["digits"]
    if printed is None or " " not in printed:
        return atom
    start = atom.start()
    count = parted(plain, start, printed)
    return atom if count == len(printed) else ATOM.match(plain, start, start + count) or atom


def number_at(text: str, atom: re.Match[str]) -> PrintedNumber | None:
    """The number at an atom with its currency and unit; None if it counts nothing."""
    money = currency_before(text, atom.start()) if atom["digits"] or atom["alone"] else None
    core = read_core(text, atom, money is not None)
    if core is None or not _counts(text, atom, core, money is not None):
        return None
    start = money[1] if money else core.start
    attached = text[core.end : core.end + 1].isalpha()
    suffix = unit_after(text, core.end, attached)
    if suffix is None and core.vague and text.startswith(" of ", core.end):
        counted = unit_after(text, core.end + 3)
        suffix = counted if counted is not None and counted.kind in {"money", "measure"} else None
    if suffix is not None and suffix.unit == "yd" and _are_shipyards(text, start, suffix.end):
        suffix = None
    value = core.value
    signed = value is not None and core.digits and text[max(0, start - 1) : start] in _BEFORE_DIGITS
    sign = _SIGN.search(text, max(0, start - 17), start) if signed else None
    if value is not None and sign is not None:
        value = -value
        start = sign.start("sign")
    if money is not None:
        if value is not None and text[core.start - 1 : core.start] in _MINUS:
            value = -abs(value)
        keep = suffix if suffix is not None and suffix.kind == "money" else None
        return PrintedNumber(core, start, keep.end if keep else core.end, keep, money[0], value)
    end = suffix.end if suffix else core.end
    return PrintedNumber(core, start, end, suffix, "", value)


# "One of only three yards", "two yards that build boats".
_ONE_OF = re.compile(
    r"\b(?:one|some|any|none|all|each|most|which|both)[ ]of[ ](?:(?:the|these|those|only|just|its|about|"
    r"some)[ ])*\Z"
)
_YARD_DOES = re.compile(
    r"[ ](?:that|which|who|build|builds|built|were|are|have|had|can|will|won|owned|launch|compete|closed|shut|"
    r"received|got|"
    r"took|produce|produced|make|made|in[ ](?:the[ ])?[A-Z])"
)
_SHIPS = re.compile(r"\b(?:ships?\b|shipbuild|naval|navy|dock|hull|vessel|orderbook)", re.IGNORECASE)


def _are_shipyards(text: str, start: int, end: int) -> bool:
    """Whether "yards" are places where ships are built, not a length."""
    if text[end - 1] != "s":
        return False
    if _ONE_OF.search(text, max(0, start - 40), start) or _YARD_DOES.match(text, end):
        return True
    return _SHIPS.search(text, max(0, start - 80), end + 80) is not None


def _counts(text: str, atom: re.Match[str], core: Core, money: bool) -> bool:
    if core.digits:
        printed = atom["digits"]
        plain = not money and core.scale == 1.0 and not (printed and is_grouped(printed))
        value = core.value if core.value is not None else 0.0
        return not is_name(text, core.start, atom.end("digits") if printed else core.end, value, plain)
    word = atom["word"].lower() if atom["word"] else ""
    before = text[max(0, core.start - 24) : core.start]
    after = text[core.end : core.end + 32]
    if word == "one" and core.value == 1.0 and not _ONE_IN.match(after):
        return not (_ONE_NOT.match(after) or _ONE_BEFORE.search(before) or _HYPHEN_BEFORE.search(before))
    if core.times and word.endswith("fold"):
        return True
    if core.times:
        return re.match(
            r"[ ]+(?:the|as(?![ ](?:he|she|it|they|we|the|a|an|[A-Z]\w*)\b)|that|its|his|their|what|a|an|daily|"
            r"weekly|yearly)\b",
            after,
        ) is not None and word in {"twice", "thrice", "double", "triple", "quadruple"}
    if word == "zero":
        return re.match(r"[ ]*(?:[A-Za-z]+s\b|percent|per cent|degrees)", after) is not None or bool(
            re.search(r"\b(?:is|was|to|at|of)[ ]$", before)
        )
    if (
        after[:1] == "-"
        and core.end - core.start <= 9
        and re.match(r"-(?!and-)[a-z]+", after)
        and not _is_unit_word(after)
    ):
        return (
            re.match(r"-(?:strong|odd|plus)", after) is not None
            or core.scale > 1
            or (word != "one" and _DESCRIBES.match(after) is None)
        )
    if _LABEL_WORD.search(before) and not _COUNTS_ON.match(after):
        return False
    return not _HYPHEN_BEFORE.search(before) or before.endswith("mid-")


def _is_unit_word(after: str) -> bool:
    return unit_after(after, 1) is not None
