"""How well quantities, dates and attributions are read in news sentences of our own, `tests/reading/news.psv`.

    python benchmarks/reading_news.py [-v]

A line of the table holds the sentence, its numbers, its dates (EDTF, read on 24 October 2024), and source,
cue and content of its attribution. Prints precision, recall and F1; with `-v` every miss as well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from quidproquo.reading import Quantified, attributions, dates, quantities
from quidproquo.terms.edtf import Interval, parse

TABLE = Path(__file__).resolve().parents[1] / "tests" / "reading" / "news.psv"
ANCHOR = date(2024, 10, 24)
TARGETS = {
    "value": 0.88, "value and comparison": 0.84, "date": 0.93, "date value": 0.80, "attribution": 0.65,
}  # fmt: skip
SIGNS = {">=": "at_least", "<=": "at_most", "=": "eq", "~": "about", ">": "more_than", "<": "less_than"}
_TOKEN = re.compile(r"\w+|[^\w\s]")
_Wanted = TypeVar("_Wanted")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Number:
    """A number that a line of the table states."""

    comparison: str
    low: float
    high: float
    unit: str


@dataclass
class Score:
    """What was found of what was wanted."""

    right: int = 0
    wanted: int = 0
    found: int = 0

    def add(self, right: int, wanted: int, found: int) -> None:
        """Count one more sentence."""
        self.right += right
        self.wanted += wanted
        self.found += found

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what was wanted that was found."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.wanted + self.found) if self.right else 0.0


def number(printed: str) -> Number:
    """Read one number of the table: ">=3000 crates", "40..45 percent"."""
    body, _, unit = printed.strip().partition(" ")
    sign = next((s for s in SIGNS if body.startswith(s)), "")
    body = body[len(sign) :].rstrip("!")
    low, ranged, high = body.partition("..")
    return Number("between" if ranged else SIGNS[sign], float(low), float(high or low), unit)


def matched(
    wanted: Sequence[_Wanted], found: Sequence[_Found], same: Callable[[_Wanted, _Found], bool]
) -> int:
    """How many of the wanted are found, each once, in order."""
    left = list(found)
    count = 0
    for one in wanted:
        hit = next((index for index, other in enumerate(left) if same(one, other)), None)
        if hit is not None:
            del left[hit]
            count += 1
    return count


def same_value(one: Number, other: Quantified) -> bool:
    """Whether value, or low and high, agree to a part in 100,000."""
    low = other.value if other.low is None else other.low
    high = other.value if other.high is None else other.high
    if low is None or high is None or (one.comparison == "between") != (other.value is None):
        return False
    return all(abs(a - b) <= 1e-5 * abs(a) + 1e-8 for a, b in ((one.low, low), (one.high, high)))


def same_comparison(one: Number, other: Quantified) -> bool:
    """Whether value and comparison agree."""
    return same_value(one, other) and one.comparison == other.comparison


def same_unit(one: Number, other: Quantified) -> bool:
    """Whether value and unit agree, plural or not; a line without a unit leaves it open."""
    return same_value(one, other) and (not one.unit or one.unit.rstrip("s") == other.unit.rstrip("s"))


def tokens(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    """Where the words and marks of some spans begin."""
    return {token.start() for start, end in spans for token in _TOKEN.finditer(text, start, end)}


def content_spans(text: str, printed: str) -> list[tuple[int, int]]:
    """Where the parts of a content stand in a sentence."""
    spans: list[tuple[int, int]] = []
    for part in filter(None, printed.split(";")):
        start = text.index(part, spans[-1][1] if spans else 0)
        spans.append((start, start + len(part)))
    return spans


def scores(table: Path = TABLE, *, verbose: bool = False) -> dict[str, Score]:
    """All figures by name."""
    result = {name: Score() for name in (*TARGETS, "value and unit")}
    for line in table.read_text(encoding="utf-8").splitlines():
        text, numbers, days, _, _, content = line.split("|")
        wanted = [number(part) for part in numbers.split(";") if part.strip()]
        found = quantities(text)
        counts = {}
        for name, same in (
            ("value", same_value), ("value and comparison", same_comparison), ("value and unit", same_unit),
        ):  # fmt: skip
            counts[name] = matched(wanted, found, same)
            result[name].add(counts[name], len(wanted), len(found))
        intervals = [parse(day) for day in days.split(";") if day]
        dated = [one for one in dates(text, ANCHOR) if one.interval is not None]
        overlapping = matched(
            intervals, dated, lambda a, b: b.interval is not None and a.overlaps(b.interval)
        )
        equal = matched(intervals, dated, lambda a, b: b.interval is not None and _same_days(a, b.interval))
        result["date"].add(overlapping, len(intervals), len(dated))
        result["date value"].add(equal, len(intervals), len(dated))
        said = tokens(text, content_spans(text, content))
        read = tokens(text, [span for one in attributions(text) for span in one.content])
        result["attribution"].add(len(said & read), len(said), len(read))
        if verbose:
            _tell(text, min(counts.values()) < max(len(wanted), len(found)), f"{numbers} / {_shown(found)}")
            _tell(
                text,
                equal < max(len(intervals), len(dated)),
                f"{days} / {[(d.surface, d.edtf) for d in dated]}",
            )
            _tell(
                text,
                said != read,
                f"{content} / {[text[s:e] for a in attributions(text) for s, e in a.content]}",
            )
    return result


def _same_days(one: Interval, other: Interval) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _shown(found: Sequence[Quantified]) -> str:
    return "; ".join(
        f"{q.comparison} {q.value if q.low is None else (q.low, q.high)} {q.unit}" for q in found
    )


def _tell(text: str, wrong: bool, what: str) -> None:
    if wrong:
        print(f"{text}\n    {what}")


def main() -> int:
    """Print the table; 1 if a target is missed."""
    found = scores(verbose="-v" in sys.argv)
    print(f"{'figure':<22}{'precision':>10}{'recall':>8}{'F1':>8}{'target':>8}")
    for name, score in found.items():
        target = TARGETS.get(name)
        shown = "" if target is None else f"{target:>8.2f}{'' if score.f1 >= target else '  missed'}"
        print(f"{name:<22}{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>8.3f}{shown}")
    return int(any(found[name].f1 < target for name, target in TARGETS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
