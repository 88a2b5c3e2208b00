"""Quantities in running text: values, ranges, comparisons, units and what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quidproquo.reading.quantities import comparisons
from quidproquo.reading.quantities.articles import with_articles
from quidproquo.reading.quantities.changes import with_changes, with_conversions
from quidproquo.reading.quantities.noun_phrases import head_after, plural
from quidproquo.reading.quantities.number_words import ATOM, SCALES, read_core
from quidproquo.reading.quantities.printed import PrintedNumber, atom_at, number_at, printed_numbers
from quidproquo.reading.quantities.special import with_uncounted
from quidproquo.reading.quantities.units import (
    ATTACHED_CODE,
    Suffix,
    rate_after,
    rate_before,
    unit_after,
    without_attached_codes,
)
from quidproquo.reading.record import NumberKind, Quantified
from quidproquo.reading.wrapping import Unwrapped, unwrapped
from quidproquo.terms.vocabulary import NumericComparison

__all__ = ["quantities"]

_SHARED = re.compile(
    r"[ \u00a0]*(?P<link>-[ ](?:to|or)\b|-|–|—|\bto\b|\bor\b|\band\b|\bthrough\b|-to-)[ \u00a0]*"
    r"(?P<money>(?:(?:US|A|C|HK|S|NZ)[ ]?\$|\$(?!US)|[€£¥₩₽₴₹])[ ]?)?",
    re.I,
)
_FROM_CHANGE = re.compile(
    r"\b(?:rise|rose|risen|rising|fell|fall|fallen|falling|grew|grow|grown|growing|increas\w+|decreas\w+|"
    r"climb\w*|drop\w*|jump\w*|"
    r"went|gone|go|declin\w+|cut|cutting|rais\w+|reduc\w+|expand\w*|up|down|widen\w*|narrow\w*|slip\w*|"
    r"surg\w+|soar\w*|"
    r"shrank|shrunk|shr[iu]nk\w*|lower\w*|boost\w*|mov\w+|chang\w+|upgrad\w+|doubl\w+|tripl\w+|edged|ticked|"
    r"plung\w+|tumbl\w+|advanc\w+|gain\w*|swell\w*|swelled|slid|revis\w+)\b"
    r"[^.;]{0,60}\bfrom[ ][^.;]{0,12}$",
    re.IGNORECASE,
)
# "Down from the 89 to 93 billion that was forecast": the article makes a range of it.
_FROM_THE = re.compile(r"\bfrom[ ](?:the|its|their)[ ]$", re.IGNORECASE)
_RATIO = re.compile(
    r"[ -](?:in[ ]every|in|out[ ]of[ ]every|out[ ]of|of[ ]every|of)[ -](?P<under>\w+)(?=\b)", re.IGNORECASE
)
_HYPHENATED = re.compile(r"-[A-Za-z]")
_BETWEEN = re.compile(r"\bbetween[ ](?:about[ ]|around[ ]|roughly[ ]|some[ ])?$", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:\b(?:between|from|anywhere from|somewhere between|anywhere between)[ ])(?:(?:about|around|"
    r"roughly|some|approximately|an estimated)[ ])?$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"-(?!strong|odd|plus|some|ish|fold)([a-z]{3,})\b")
_PLACED = re.compile(r"(?:(?:well|far)[ ])?(?:over|under|below|above|beyond)\b", re.IGNORECASE)
_STEP = re.compile(
    r"\b(?:rose|rise|fell|fall|gained|gain|surged|dropped|drop|added|lost|climbed|jumped|slipped|slid|up|down|off|"
    r"declined|advanced|increased|decreased|plunged|tumbled|soared|edged (?:up|down)|shed|grew|grow|rising|"
    r"falling)[ ](?:by[ ])?$",
    re.IGNORECASE,
)
_ABOUT_RATE = re.compile(r"^\s*(?:about|roughly|around|approximately)\b", re.IGNORECASE)


def quantities(text: str) -> list[Quantified]:
    """Quantities in a text, in order; spans cover comparison words, number and unit.

    Line ends inside a paragraph count as blanks, so a text reads the same however it is wrapped.

    Numbers that only name something (model numbers, resolutions, calibres, dates) are left out.
    A change "from 3 to 10" is one range with its two numbers in `levels`.
    Ages have the kind "age", in years, and one out of a group ("one of the crates") the kind "member".

    >>> [(q.comparison, q.value, q.unit) for q in quantities("at least 3,000 crates")]
    [('at_least', 3000.0, 'crates')]
    """
    flow = unwrapped(text)
    found = _read(flow.text)
    return found if flow.text is text else [_printed(text, flow, one) for one in found]


def _printed(text: str, flow: Unwrapped, found: Quantified) -> Quantified:
    """A quantity of the unwrapped text at its place in the printed text."""
    if not flow.kept and text.find("\n", found.start, found.end) < 0:
        return found
    start, end = flow.printed(found.start, found.end)
    levels = tuple(_printed(text, flow, level) for level in found.levels)
    return replace(found, start=start, end=end, surface=text[start:end], levels=levels)


def _read(text: str) -> list[Quantified]:
    found: list[Quantified] = []
    last = 0
    plain = without_attached_codes(text)
    for printed in printed_numbers(text, plain):
        if printed.start < last:
            continue
        ranged = _range(text, plain, printed)
        if ranged is not None:
            found.append(ranged)
        else:
            ratio = _in_every(text, printed)
            found.append(ratio or _single(text, printed))
        last = found[-1].end
    found = with_conversions(text, with_changes(text, _inherit(text, found)))
    return with_articles(text, with_uncounted(text, found))


def _single(text: str, printed: PrintedNumber) -> Quantified:
    comparison, near, start = comparisons.before(text, printed.start)
    if (
        text[printed.core.end : printed.core.end + 1] == "-"
        and _HYPHENATED.match(text, printed.core.end)
        and _PLACED.match(text, start)
    ):
        comparison, near, start = "eq", False, printed.start
    stronger, also_near, end = comparisons.after(
        text, printed.core.end if printed.suffix is None else printed.end
    )
    if stronger == "eq" and printed.suffix is not None:
        inner = comparisons.after(text, printed.core.end)
        if inner[0] != "eq" and inner[2] <= printed.suffix.end:
            stronger, also_near, end = inner[0], inner[1], max(printed.end, inner[2])
    if stronger != "eq" and comparison in {"eq", "about"}:
        comparison, near = stronger, also_near
    else:
        end = max(printed.end, printed.end if stronger == "eq" else end)
    core = printed.core
    low, high = core.low, core.high
    if core.vague and comparison in {"eq", "about"}:
        comparison = "between"
    if printed.suffix is not None and printed.suffix.kind == "time":
        comparison, near, start = _span_of_time(text, printed, (comparison, near, start))
    return _finish(text, printed, _Bounds(comparison, near, printed.value, low, high, start, end))


def _span_of_time(text: str, printed: PrintedNumber, compared: comparisons.Compared) -> comparisons.Compared:
    """As in "over three months" states a period, "for over three months" a bound."""
    word = text[compared[2] : printed.start].strip().lower()
    if word in {"over", "within"}:
        before = text[max(0, compared[2] - 12) : compared[2]].lower().split()
        if not before or before[-1] not in {
            "for",
            "well",
            "just",
            "been",
            "of",
            "took",
            "lasted",
            "spent",
            "after",
            "is",
            "was",
        }:
            return "eq", False, printed.start
    return compared


@dataclass(frozen=True)
class _Bounds:
    comparison: NumericComparison
    near: bool
    value: float | None
    low: float | None
    high: float | None
    start: int
    end: int


def _finish(text: str, printed: PrintedNumber, bounds: _Bounds) -> Quantified:
    """Add unit, rate, head and base, and build the record."""
    kind, unit, end = _kind(printed)
    end = max(end, bounds.end)
    head, head_end, base = ("", end, "")
    rate = None if kind in {"time", "part"} else rate_after(text, end)
    # "Five grand a month": no noun stands between a number and its rate.
    bare = kind == "count" and rate is not None and not printed.core.part
    if (kind in {"count", "ratio"} and not bare) or printed.core.part:
        head, head_end, noun, base = head_after(text, end, kind)
        if kind == "count" and not printed.core.part:
            # "a 150-seat chamber" counts seats.
            hyphenated = _ADJECTIVE.match(text, end)
            unit = plural(hyphenated[1]) if hyphenated is not None and not noun else noun
    elif kind in {"share", "money", "measure"}:
        _, head_end, _, base = head_after(text, end, kind)
        head = base if kind != "money" else ""
    if rate is None and kind not in {"time", "part"}:
        rate = rate_after(text, head_end)
    per, per_count = "", 1.0
    if rate is None and kind in {"money", "measure", "count"} and (each := rate_before(text, bounds.start)):
        rate = each, 1.0, end
    if rate is not None and not (
        kind == "share" and rate[0] not in {"day", "week", "month", "quarter", "year"}
    ):
        per, per_count, rate_end = rate
        end = rate_end if rate_end > end else end
        if kind in {"count", "money", "measure", "share"}:
            unit = f"{unit or 'count'}/{per}"
        if bounds.comparison == "eq" and _ABOUT_RATE.search(text[head_end:end]):
            bounds = replace(bounds, comparison="about")
    number = bounds.value
    return Quantified(
        bounds.start, end, text[bounds.start : end], bounds.comparison, bounds.near, number, bounds.low,
        bounds.high,
        unit, head, printed.core.vague, kind, per, per_count, base,
    )  # fmt: skip


def _kind(printed: PrintedNumber) -> tuple[NumberKind, str, int]:
    if printed.money:
        unit = printed.money
        if printed.suffix is not None and len(printed.suffix.unit) == 3:
            unit = (
                printed.suffix.unit
                if printed.money == "USD" and printed.suffix.unit != "USD"
                else printed.money
            )
        return "money", unit, printed.end
    if printed.suffix is not None:
        return printed.suffix.kind, printed.suffix.unit, printed.end
    if printed.core.part:
        return "part", "fraction", printed.core.end
    if printed.core.times:
        return "ratio", "times", printed.core.end
    return "count", "", printed.core.end


def _range(text: str, plain: str, first: PrintedNumber) -> Quantified | None:
    """A range that begins with a number: "10–11,000", "between 1.7 and 5.5 billion", "two or three"."""
    if first.value is None or first.core.times:
        return None
    at = first.end if first.suffix is not None or first.money else first.core.end
    link = _SHARED.match(text, at)
    if link is None:
        return None
    code = ATTACHED_CODE.match(text, link.end())
    atom = atom_at(plain, code.end() if code else link.end())
    second = number_at(text, atom) if atom is not None else None
    if second is None or second.value is None:
        return None
    if second.core.times and not text[second.core.start : second.core.end].lower().endswith("fold"):
        return None
    word = link["link"].lower().removeprefix("- ")
    before = text[max(0, first.start - 90) : first.start]
    if word == "and" and _BETWEEN.search(before) is None:
        return None
    if word in {"to", "through"} and _changes(before, first, second):
        return None
    return _ranged(text, first, second, word, before)


def _changes(before: str, first: PrintedNumber, second: PrintedNumber) -> bool:
    """Whether two numbers are the ends of a change, not of a range: "rose from 6 to 8", "rose 6 to 388"."""
    if _FROM_THE.search(before):
        return False
    return ("rom " in before and _FROM_CHANGE.search(before) is not None) or _steps(before, first, second)


def _steps(before: str, first: PrintedNumber, second: PrintedNumber) -> bool:
    """Whether "rose 6 to 388" states a step and a level, not a range: not if the unit comes last for both."""
    shared = (first.suffix is None and not first.money) and (
        second.suffix is not None or second.money != "" or second.core.times
    )
    return not shared and _STEP.search(before) is not None


def _ranged(
    text: str, first: PrintedNumber, second: PrintedNumber, word: str, before: str
) -> Quantified | None:
    low, high = first.value or 0.0, second.value or 0.0
    if not _same_unit(first, second):
        return None
    if first.core.scale == 1.0 and second.core.scale > 1.0 and low < high / second.core.scale:
        low *= second.core.scale
    elif (
        first.core.scale == 1.0
        and "," in text[second.core.start : second.core.end]
        and low < 1000 <= high
        and low * 1000 < high
    ):
        low *= 1000.0
    if low >= high or (word == "or" and (first.core.digits or not _neighbours(low, high))):
        return None
    opening = _OPENING.search(before, max(0, len(before) - 48))
    start = first.start - (len(before) - opening.start()) if opening else first.start
    if opening is None:
        start = comparisons.before(text, first.start)[2]
    merged = replace(second, money=second.money or first.money, suffix=second.suffix or first.suffix)
    if second.suffix is None and first.suffix is not None and not second.money and not first.money:
        merged = replace(second, suffix=Suffix(first.suffix.unit, first.suffix.kind, second.end))
    return _finish(text, merged, _Bounds("between", False, None, low, high, start, second.end))


def _neighbours(low: float, high: float) -> bool:
    """Whether "10 or 15" gives a range; "25 or 40" are two numbers to choose from."""
    step = high - low
    return step <= 1.5 or (high <= 1.5 * low and low % step == 0.0)


def _same_unit(first: PrintedNumber, second: PrintedNumber) -> bool:
    if first.money and second.money:
        return first.money == second.money
    if second.money and not first.money:
        return False
    if first.suffix is not None and second.suffix is not None:
        return first.suffix.unit == second.suffix.unit
    return not (
        first.suffix is not None and first.suffix.kind != "share" and not second.suffix and not first.money
    )


def _in_every(text: str, printed: PrintedNumber) -> Quantified | None:
    """As in "one in three", "seven out of ten" as fractions."""
    if printed.value is None or printed.suffix is not None or printed.money or printed.value > 99:
        return None
    found = _RATIO.match(text, printed.core.end)
    atom = ATOM.match(text, found.start("under")) if found else None
    if found is None or atom is None:
        return None
    under = read_core(text, atom)
    spelled = found[0].lower()
    if (
        under is None
        or under.value is None
        or under.part
        or under.value <= printed.value
        or under.scale > 100
    ):
        return None
    polled = under.value in {10.0, 100.0}
    if re.match(r"[ -]of[ ]", spelled) and not polled and not re.match(r"[ -]of[ -]every", spelled):
        return None
    if re.match(r"[ -]in[ -]", spelled) and (
        (under.digits and not printed.core.digits and not polled) or _names_time(text, under.end)
    ):
        return None
    comparison, near, start = comparisons.before(text, printed.start)
    head, _, _, base = head_after(text, under.end, "part")
    return Quantified(
        start, under.end, text[start : under.end], comparison, near, printed.value / under.value, None, None,
        "fraction", head, False, "part", "", 1.0, base,
    )  # fmt: skip


def _names_time(text: str, end: int) -> bool:
    suffix = unit_after(text, end)
    return suffix is not None and suffix.kind in {"time", "measure"}


_LIST_GAP = re.compile(r"[ ]*(?:,|,?[ ]+and|,?[ ]+or|,?[ ]+to|versus|vs\.?)[ ]+$", re.IGNORECASE)


_UP_TO = re.compile(r"[ ]to[ ]+(?:US\$|[$€£¥])?", re.IGNORECASE)
_SCALE_WORD = re.compile(r"[\d.,]+[ ](thousand|million|billion|trillion)\b", re.IGNORECASE)


def _same_scale(text: str, here: Quantified, following: Quantified) -> Quantified:
    """In "from 1.2 to 1.4 million" both are millions: two numbers of like size, the scale word at the last."""
    if here.value is None or not following.value or not _UP_TO.fullmatch(text, here.end, following.start):
        return here
    scale = _SCALE_WORD.search(text, following.start, following.end)
    if scale is None or text[max(0, here.start - 5) : here.start].lower() != "from ":
        return here
    factor = SCALES[scale[1].lower()]
    if not 0.1 < here.value * factor / following.value < 10:
        return here
    return replace(here, value=float(f"{here.value * factor:.14g}"), unit=here.unit or following.unit)


def _inherit(text: str, found: list[Quantified]) -> list[Quantified]:
    """Give a bare number in a list the unit of the next one ("2, 3 and 4 percent")."""
    done = list(found)
    for index in range(len(done) - 2, -1, -1):
        here, following = _same_scale(text, done[index], done[index + 1]), done[index + 1]
        done[index] = here
        if (
            here.kind != "count"
            or here.unit
            or here.head
            or following.kind not in {"share", "money", "measure"}
        ):
            continue
        begins = text[following.start : following.start + 1]
        if _LIST_GAP.fullmatch(text, here.end, following.start) and begins.isalnum():
            done[index] = replace(
                here, kind=following.kind, unit=following.unit.split("/")[0], base=following.base
            )
    return done
