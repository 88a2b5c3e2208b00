"""A back-test as a few lines and a table for a terminal; all of it from `Backtest`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from quidproquo.brief.numerals import date_words, plain, share, signed
from quidproquo.brief.sentences.calibration import backtest_sentences, exposure_words
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.backtest import AgainstBaseline, Backtest, Exposure, Figures

__all__ = ["backtest_after", "backtest_before", "backtest_rows"]

_BASELINES = {"persistence": "the last value reported", "trend": "the linear trend"}
_NOTHING = "–"


def backtest_before(result: Backtest) -> list[str]:
    """What was tested, and the verdict: what stands above the table."""
    days = ", ".join(date_words(day) for day in result.as_of)
    known = "published" if result.clock == "published" else "about events"
    size = f"{result.worlds:,} worlds, seed {result.seed}"
    lines = [
        f"Back-test of {result.case}: conditioned on what was {known} by {days} ({size})",
        *backtest_sentences(result),
    ]
    return _clean([*lines, *_coverage(result), *(_against(*pair) for pair in result.overall.against.items())])


def backtest_rows(result: Backtest) -> list[dict[str, str]]:
    """The table: one row a quantity, and all of them together."""
    rows = [_row(one.title, one) for one in result.quantities.values()]
    return [*rows, _row("All", result.overall)] if rows else []


def backtest_after(result: Backtest) -> list[str]:
    """Bounds, what could not be scored, and how prospective each date is: what stands below."""
    bounds = result.bounds
    gain = "gain in log score over the last value reported and over the trend, where there is one"
    lines = [f"CRPS: smaller is better, in units of the scale. On last, on trend: {gain}."]
    if bounds.targets:
        text = (
            f"Bounds ({number_words(bounds.targets, 'target')}, apart from the rest): "
            f"Brier score {_number(bounds.brier_all)}, log score {_number(bounds.log_score_all)}"
        )
        if bounds.compared:
            text += (
                f"; over {bounds.compared} that can be compared {_number(bounds.brier)} against "
                f"{_number(bounds.brier_persistence)} (last value) and {_number(bounds.brier_trend)} (trend)"
            )
        lines.append(text)
    counted = Counter(one.reason for one in result.unscorable)
    if counted:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(counted.items(), key=_rank))
        lines.append(f"Not scored: {listed}")
    return _clean([*lines, *(_exposure(one) for one in result.exposure)])


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _coverage(result: Backtest) -> Iterable[str]:
    overall = result.overall
    for name, found, band in (
        ("50%", overall.coverage50, overall.band50),
        ("90%", overall.coverage90, overall.band90),
    ):
        if found is not None and band is not None:
            allowed = f"chance allows {share(band[0])} to {share(band[1])}"
            targets = number_words(overall.targets, "target")
            yield f"Intervals of {name} took in {share(found)} of {targets}: {allowed}"


def _against(name: str, found: AgainstBaseline) -> str:
    quantities = number_words(found.quantities, "quantity", "quantities")
    over = f"{number_words(found.targets, 'target')} on {quantities}"
    return (
        f"Against {_BASELINES.get(name, name)} ({over}): skill {plain(found.skill)}{_bound(found.skill_bound)}, "
        f"log score {signed(found.log_score_difference)}{_bound(found.log_score_difference_bound)}"
    )


def _bound(value: float | None) -> str:
    return "" if value is None else f" (at least {plain(value)} with 90% confidence)"


def _row(title: str, one: Figures) -> dict[str, str]:
    return {
        "quantity": title,
        "targets": f"{one.targets}",
        "in 50%": _share(one.coverage50),
        "in 90%": _share(one.coverage90),
        "CRPS": _number(one.crps_all),
        "compared": f"{one.compared}",
        "on last": _gain(one.log_score, one.log_score_persistence),
        "on trend": _gain(one.log_score, one.log_score_trend),
    }


def _gain(own: float | None, other: float | None) -> str:
    return _NOTHING if own is None or other is None else signed(own - other)


def _exposure(one: Exposure) -> str:
    text = (
        f"{date_words(one.as_of)}: {_early(one)}; {number_words(one.conditioned, 'claim')} conditioned, "
        f"{number_words(one.targets, 'target')} in {number_words(one.reports, 'report')}"
    )
    if one.undated_claims:
        text += f"; {number_words(one.undated_claims, 'claim')} without a date left out"
    return f"{text}; the course of the war up to {date_words(one.given_until)} is given"


def _early(one: Exposure) -> str:
    """What may have been known too early, as plain text."""
    return str(exposure_words(one))


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.2f}".replace("-", "−")


def _share(value: float | None) -> str:
    return _NOTHING if value is None else share(value)


def _clean(lines: Iterable[str]) -> list[str]:
    return [line.replace("\u00a0", " ") for line in lines]
