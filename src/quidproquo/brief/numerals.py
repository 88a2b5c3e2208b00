"""Numbers and dates as a reader wants them: few digits, units in words, no false precision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import Estimate
from quidproquo.terms.edtf import Interval, parse
from quidproquo.terms.errors import DateError

__all__ = [
    "amount",
    "claim_amount",
    "date_words",
    "day_words",
    "estimate_error",
    "interval_digits",
    "plain",
    "range_words",
    "row_scale",
    "share",
    "shifted",
    "signed",
    "unit_words",
    "with_error",
]

_GAP = "\u00a0"
_PERCENT = "%"
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_COMPARISONS = {
    "eq": "",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
}
_MIN_DIGITS, _MAX_DIGITS = 1, 3
_NARROW = 0.04
_SMALLEST = 0.1
_NEGLIGIBLE = 0.001  # of the upper end of a range
_PER = {"month": "a month", "year": "a year", "day": "a day", "week": "a week", "person": "a person"}
_SHARES = {"fraction", "probability", "share"}
_INVISIBLE = {"index", "score", "value", "utility", "ratio", "1", ""}
_THOUSAND = 1000.0
_MEASURES = {"days", "weeks", "months", "years", "hours", "tonnes", "barrels", "litres", "points"}
_FEW_THINGS = 10.0
_PART = "under 1"


def interval_digits(low: float, middle: float, high: float) -> int:
    """Significant digits that an interval supports: two, or three where it is narrow.

    >>> interval_digits(3.2e6, 4.9e6, 6.8e6), interval_digits(0.952, 0.96, 0.968)
    (2, 3)
    """
    width = high - low
    if middle == 0.0 or width <= 0.0:
        return 2
    return _MAX_DIGITS if width / abs(middle) < _NARROW else 2


def estimate_error(estimate: Estimate, index: int) -> float:
    """Monte Carlo error of a median, from the deviation of the quantity and the run ESS.

    The error of a sample median is √(π/2) times that of a mean for a normal distribution. It is
    zero where the run ESS is not known.
    """
    if estimate.run_ess <= 0.0:
        return 0.0
    deviation = (estimate.q95[index] - estimate.q05[index]) / 3.29
    return math.sqrt(math.pi / 2.0) * deviation / math.sqrt(estimate.run_ess)


def plain(value: float, error: float = 0.0, digits: int = 2) -> str:
    r"""A number in words and digits, with no digit below its `error` and at most `digits` of them.

    >>> plain(4_912_345.0), plain(11_040.0), plain(0.0123), plain(-3.14159), plain(7.0, 0.4)
    ('4.9\xa0million', '11,000', '0.012', '−3.1', '7')
    """
    value = _rounded(value, error, digits)
    sign = "−" if value < 0.0 else ""
    size = abs(value)
    for scale, word in _SCALES:
        if size >= scale:
            return f"{sign}{_short(size / scale)}{_GAP}{word}"
    return sign + _short(size)


def _rounded(value: float, error: float, digits: int) -> float:
    if value == 0.0 or not math.isfinite(value):
        return 0.0 if value == 0.0 else value
    leading = math.floor(math.log10(abs(value)))
    place = leading - max(_MIN_DIGITS, min(digits, _MAX_DIGITS)) + 1
    if error > 0.0:
        place = max(place, min(math.floor(math.log10(error)), leading))
    return float(round(value, -place))


def _short(size: float) -> str:
    if size >= _THOUSAND:
        return f"{round(size):,}"
    # of what is smaller than a millionth, its first digits are shown too: "0" would be another number
    places = max(6, 2 - math.floor(math.log10(size))) if 0.0 < size < math.inf else 6
    return f"{size:.{places}f}".rstrip("0").rstrip(".")


def share(value: float, error: float = 0.0) -> str:
    r"""A share of one in percent, to the percent or, near the ends, to one decimal.

    >>> share(0.4), share(0.004), share(0.996), share(1.0), share(1e-6)
    ('40%', '0.4%', '99.6%', '100%', 'under 0.1%')
    """
    percent = 100.0 * value
    if 0.0 < percent < _SMALLEST / 2.0:
        return f"under {_SMALLEST}{_PERCENT}"
    if 100.0 - _SMALLEST / 2.0 < percent < 100.0:
        return f"over {100.0 - _SMALLEST}{_PERCENT}"
    near_end = 0.0 < abs(percent) < 1.0 or 99.0 < percent < 100.0
    text = f"{percent:.1f}" if near_end and error < 0.001 else f"{percent:.0f}"
    return text.replace("-", "−") + _PERCENT


def signed(value: float, error: float = 0.0) -> str:
    """A difference with its sign; zero has none."""
    text = plain(value, error)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def _decimals(error: float) -> int:
    """Decimal places of the first digit of an error; 3 where there is none."""
    return 3 if error <= 0.0 else max(0, min(6, -math.floor(math.log10(error))))


def shifted(value: float, error: float) -> str:
    """A difference with its sign, to the digit that its Monte Carlo error touches, and the error.

    >>> shifted(0.0000031, 0.0004), shifted(-0.0161, 0.002), shifted(0.0, 0.0)
    ('+0.0000 ± 0.0004', '−0.016 ± 0.002', '0')
    """
    if error <= 0.0:
        return signed(value)
    text = with_error(value, error)
    return text if text.startswith("−") else f"+{text}"


def with_error(value: float, error: float) -> str:
    """A mean to the digit that its Monte Carlo error touches, and the error.

    >>> with_error(0.42, 0.0021), with_error(1234.4, 35.0)
    ('0.420 ± 0.002', '1,230 ± 40')
    """
    places = _decimals(error)
    shown = _rounded(value, error, 9) if error > 1.0 else value
    shown = 0.0 if round(shown, places) == 0.0 else shown  # no zero has a sign
    return f"{shown:,.{places}f} ± {_short(_rounded(error, 0.0, 1))}".replace("-", "−")


@dataclass(frozen=True)
class RowScale:
    """How a row of numbers of one unit is printed: what they are divided by, and the label."""

    divisor: float
    label: str

    def mean(self, value: float, error: float) -> str:
        """One number of the row, to the digit that its error touches; one without an error as it is."""
        if error <= 0.0:
            return plain(value / self.divisor, digits=3)
        return with_error(value / self.divisor, error / self.divisor).split(" ± ")[0]

    def error(self, error: float) -> str:
        """The error of a number of the row, to one digit."""
        return _short(_rounded(error / self.divisor, 0.0, 1))


def row_scale(unit: str, largest: float) -> RowScale:
    """The scale for a row whose largest number is given.

    >>> row_scale("USD/year", 1.4e9).label, row_scale("fraction", 0.4).label
    ('billion dollars a year', '%')
    """
    base, *per = unit.split("/")
    rest = " ".join(_PER.get(part, f"per {part}") for part in per)
    if base in _SHARES:
        return RowScale(0.01, f"% {rest}".strip())
    word, divisor = next(((w, scale) for scale, w in _SCALES if abs(largest) >= scale), ("", 1.0))
    nouns = {"USD": "dollars", "million USD": "million dollars"}
    noun = nouns.get(base, "" if base in _INVISIBLE else base)
    return RowScale(divisor, " ".join(part for part in (word, noun, rest) if part) or "no unit")


def unit_words(unit: str) -> str:
    """A unit by itself, for an axis or a heading.

    >>> unit_words("USD/month"), unit_words("fraction"), unit_words("persons")
    ('dollars a month', 'per cent', 'persons')
    """
    base, *per = unit.split("/")
    rest = " ".join(_PER.get(part, f"per {part}") for part in per)
    noun = "per cent" if base in _SHARES else {"USD": "dollars"}.get(base, base)
    if base in _INVISIBLE:
        # so many a month is a number of times; without a time there is none
        return f"times {rest}" if rest else "no unit"
    return f"{noun} {rest}".strip()


def amount(value: float, unit: str, error: float = 0.0, digits: int = 2) -> str:
    r"""A number with its unit in words.

    >>> amount(9.9e6, "USD/month"), amount(0.4, "fraction"), amount(11_000.0, "persons")
    ('$9.9\xa0million a month', '40%', '11,000 persons')
    >>> amount(3.1, "persons"), amount(0.016, "persons"), amount(3.1, "persons/day")
    ('3 persons', 'under 1 person', '3.1 persons a day')
    """
    base, *per = unit.split("/")
    rest = " ".join(_PER.get(part, f"per {part}") for part in per)
    if base in _SHARES:
        text = share(value, error)
    elif base == "USD":
        number = plain(value, error, digits)
        text = f"−${number[1:]}" if number.startswith("−") else f"${number}"
    elif base in _INVISIBLE:
        text = plain(value, error, digits)
    else:
        number = _thing(value) if _is_thing(unit) else ""
        number = number or plain(value, error, digits)
        text = f"{number} {_singular(base) if number in ('1', _PART) else base}"
    return f"{text} {rest}".strip()


def _is_thing(unit: str) -> bool:
    """Whether a unit is a plural noun of things that come whole; so many of them a year need not."""
    return unit.isalpha() and unit.endswith("s") and unit not in _MEASURES


def _thing(value: float) -> str:
    """A small number of whole things; empty where digits say it as well."""
    if not 0.0 < value < _FEW_THINGS:
        return ""
    return str(round(value)) if value >= 0.5 else _PART


def _singular(noun: str) -> str:
    """One of something: launches, launch; rounds, round; odds have no singular."""
    if noun.endswith("odds"):
        return noun
    return noun[:-2] if noun.endswith(("ches", "shes", "xes", "sses")) else noun.removesuffix("s")


def range_words(low: float, high: float, unit: str, digits: int = 2, between: str = " to ") -> str:
    r"""Two ends of an interval, the unit said once and a common scale word too; one number if both read alike.

    >>> range_words(3.2e6, 6.8e6, "rounds"), range_words(0.2, 0.5, "fraction"), range_words(1.0, 1.0, "fraction")
    ('3.2 to 6.8\xa0million rounds', '20 to 50%', '100%')
    >>> range_words(0.0001, 440.0, "persons/week")
    'under 1 to 440 persons a week'
    """
    base, *per = unit.split("/")
    last = amount(high, unit, digits=digits)
    if amount(low, unit, digits=digits) == last:
        return last
    if base in _SHARES:
        return f"{share(low).removesuffix(_PERCENT)}{between}{last}"
    first = amount(low, base, digits=digits) if base == "USD" else plain(low, digits=digits)
    if _is_thing(unit):
        first = _thing(low) or first
        first = first.replace("under", "less than") if between == " and " else first
    if 0.0 < low < _NEGLIGIBLE * high:
        # what is next to nothing beside the other end: under a hundredth of that, as a power of ten
        limit = 10.0 ** math.floor(math.log10(high) - 2.0)
        least = amount(limit, base, digits=1) if base == "USD" else plain(limit, digits=1)
        return f"{'less than' if between == ' and ' else 'under'} {least}{between}{last}"
    for _, word in _SCALES:
        if first.endswith(_GAP + word) and _GAP + word in last:
            first = first.removesuffix(_GAP + word)
    del per
    return first + between + last


def exact(value: float) -> str:
    r"""A number as it was said, no digit lost.

    >>> exact(14_983.0), exact(4.8e6), exact(4_812_345.0), exact(0.4)
    ('14,983', '4.8\xa0million', '4,812,345', '0.4')
    """
    sign, size = ("−" if value < 0.0 else ""), abs(value)
    for scale, word in _SCALES:
        if size >= scale and float(f"{size / scale:.3f}") * scale == size:
            return f"{sign}{size / scale:g}{_GAP}{word}"
    return sign + f"{size:,.6f}".rstrip("0").rstrip(".")


def exact_amount(value: float, unit: str) -> str:
    """A number as it was said, with its unit in words.

    >>> exact_amount(1.0, "launches"), exact_amount(1.5, "launches")
    ('1 launch', '1.5 launches')
    """
    base, *per = unit.split("/")
    rest = " ".join(_PER.get(part, f"per {part}") for part in per)
    if base in _SHARES:
        text = exact(float(f"{100.0 * value:.10g}")) + _PERCENT
    elif base == "USD":
        text = f"${exact(value)}"
    else:
        noun = _singular(base) if value == 1.0 else base
        text = exact(value) if base in _INVISIBLE else f"{exact(value)} {noun}"
    return f"{text} {rest}".strip()


def claim_amount(claim: ClaimRecord) -> str:
    """The number of a claim as its speaker put it: comparison word, number, unit."""
    if claim.low is not None and claim.high is not None:
        base = claim.unit.split("/")[0]
        low = exact_amount(claim.low, base).removesuffix(f" {base}").removesuffix(f" {_singular(base)}")
        return f"between {low} and {exact_amount(claim.high, claim.unit)}"
    if claim.value is None:
        return ""
    just = {"less_than": "just under ", "at_most": "nearly "}.get(claim.comparison, "nearly ")
    word = just if claim.near else _COMPARISONS.get(claim.comparison, "")
    if word == _COMPARISONS["less_than"] and _things(claim.unit):
        word = "fewer than "
    return word + exact_amount(claim.value, claim.unit)


def _things(unit: str) -> bool:
    """Whether a unit is of things that are counted, not measured or shared out."""
    base = unit.split("/", maxsplit=1)[0]
    return base not in _SHARES | _INVISIBLE | _MEASURES and "USD" not in base


def date_words(edtf: str) -> str:
    """An EDTF date in words; what isn't one stays as it is.

    >>> date_words("2024-10-23"), date_words("2024-10"), date_words("1964/1965"), date_words("")
    ('23 October 2024', 'October 2024', '1964 to 1965', '')
    """
    if not edtf:
        return ""
    try:
        parse(edtf)
    except DateError:
        return edtf
    return " to ".join(_point_words(part) for part in edtf.split("/"))


def _point_words(text: str) -> str:
    parts = text.strip().split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, _MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def day_words(text: str) -> str:
    """The last day of an EDTF date in words."""
    return _point_words(last_day(text).isoformat())


def last_day(text: str) -> date:
    """The last day of an EDTF date."""
    interval: Interval = parse(text)
    return interval.end
