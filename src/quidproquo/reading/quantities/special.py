"""Numbers that are read but weigh for no claim: ages, and the one out of a group."""

from __future__ import annotations

import re
from collections.abc import Iterable

from quidproquo.reading.quantities import comparisons
from quidproquo.reading.quantities.noun_phrases import head_after
from quidproquo.reading.record import Quantified
from quidproquo.terms.vocabulary import NumericComparison

__all__ = ["countable", "with_free", "with_uncounted"]

# The kinds that no claim takes up: "aged 34" is an amount of nothing, and "one of the trucks" tells of one
# truck, not how many there are.
_UNCOUNTED = frozenset({"age", "member"})

_TO = r"(?:-to-|[ ]to[ ]|[-–])"
# All begin with letters that are sought fast; what stands before is looked at afterwards.
_YEARS_OLD = re.compile(r"year(?:s?[ -]olds?|[ ]old)\b")
_OLD_BEFORE = re.compile(rf"(?<![\w.,–-])(?:(?P<low>\d{{1,3}}){_TO})?(?P<high>\d{{1,3}})[ -]$")
_AGED = re.compile(
    rf"age(?:s|d)?(?P<of>[ ]of)?[ ](?P<low>\d{{1,3}})(?:{_TO}(?P<high>\d{{1,3}}))?\b(?![-–,.]\d|[ ]and[ ]\d)"
)
_BOUND = re.compile(
    r"\b(?:(?P<less>under|below|younger than)|over|above|older than)[ ]the[ ]$", re.IGNORECASE
)
# "One of the most important allies" ranks and counts nobody.
_RANKS = r"(?:very )?(?:most|least|worst|few|top|main|major|key|leading|chief|foremost|[a-z]+(?<!\bfor)est)\b"
_MEMBER = re.compile(
    rf"ne of (?!(?:the|these|those|this|his|her|its|their|our|my|your|"
    rf"(?:[A-Z][\w.]*[ ]){{0,2}}[A-Z]\w*[’']s?) {_RANKS})"
    r"(?=(?:the|these|those|this|his|her|its|their|our|my|your)\b(?! (?:few|several|two|three|\d))"
    r"|[A-Z][\w.]*(?: [A-Z]\w*){0,2}[’']?s? [a-z])"
)

_STARTS_ONE = re.compile(r"(?:^|[^\w])?[Oo]ne\b")


def countable(found: Iterable[Quantified]) -> list[Quantified]:
    """The numbers that claims may take up: no ages and members, and a change as the two numbers it names."""
    return [level for one in found for level in one.levels or (one,) if level.kind not in _UNCOUNTED]


def with_uncounted(text: str, found: list[Quantified]) -> list[Quantified]:
    """Add ages ("a 42-year-old", "ages 18 to 24") and members ("one of the crates") where nothing else is read."""
    more: list[Quantified] = []
    for old in _YEARS_OLD.finditer(text):
        before = _OLD_BEFORE.search(text, max(0, old.start() - 12), old.start())
        if before is not None:
            more.append(_age(text, (before.start(), old.end()), before))
    more.extend(
        _age(text, aged.span(), aged)
        for aged in _AGED.finditer(text)
        if not text[max(0, aged.start() - 1) : aged.start()].isalnum()
    )
    more.extend(
        _member(text, one.start() - 1)
        for one in _MEMBER.finditer(text)
        if _STARTS_ONE.match(text, max(0, one.start() - 2))
    )
    return with_free(found, more)


def with_free(found: list[Quantified], more: list[Quantified]) -> list[Quantified]:
    """The numbers found and those of the further ones that overlap none of them, in order."""
    taken = _free(more, found) if more else []
    return sorted([*found, *taken], key=lambda quantity: quantity.start) if taken else found


def _free(more: list[Quantified], found: list[Quantified]) -> list[Quantified]:
    """Those of the further numbers that overlap none of those found, both in order of their start."""
    free: list[Quantified] = []
    at = 0
    for one in sorted(more, key=lambda quantity: quantity.start):
        while at < len(found) and found[at].end <= one.start:
            at += 1
        clear = at == len(found) or found[at].start >= one.end
        if clear and (not free or free[-1].end <= one.start):
            free.append(one)
    return free


def _age(text: str, span: tuple[int, int], printed: re.Match[str]) -> Quantified:
    """An age, or a range of ages, from its printed numbers."""
    low, high = printed["low"], printed["high"]
    start = span[0]
    comparison: NumericComparison = "eq"
    if printed.re is _AGED and printed["of"]:
        bound = _BOUND.search(text, max(0, start - 16), start)
        if bound is not None:
            start, comparison = bound.start(), "less_than" if bound["less"] else "more_than"
    ends = (float(low), float(high)) if low and high and float(low) < float(high) else None
    return Quantified(
        start, span[1], text[start : span[1]], "between" if ends else comparison, False,
        None if ends else float(high or low), ends[0] if ends else None, ends[1] if ends else None,
        "years", "", False, "age", "", 1.0, "",
    )  # fmt: skip


def _member(text: str, at: int) -> Quantified:
    """The "one" at a place, of the group that follows."""
    comparison, near, start = comparisons.before(text, at)
    end = at + 3
    head, _, noun, _ = head_after(text, end, "count")
    return Quantified(
        start, end, text[start:end], comparison, near, 1.0, None, None, noun, head, False, "member", "", 1.0, "",
    )  # fmt: skip
