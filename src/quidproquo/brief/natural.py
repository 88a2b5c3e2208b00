"""Differences in natural units: points of a share, dollars, months."""

from __future__ import annotations

import math

from quidproquo.brief.numerals import amount, plain
from quidproquo.study.schema.decisions import Mean

__all__ = ["cost_words", "difference_words", "lead_words", "mean_words", "metric_words", "percent"]

_SHARES = {"fraction", "probability", "share"}
_MILLION = "million "


def difference_words(
    value: float, unit: str, error: float = 0.0, *, signed: bool = True, digits: int = 2
) -> str:
    r"""A difference of a metric: of a share in points, of money in dollars.

    >>> difference_words(-0.0178, "probability"), difference_words(213.3, "million USD")
    ('−1.8 points', '+$210\xa0million')
    >>> difference_words(1.0, "months", signed=False)
    '1 month'
    """
    if unit in _SHARES:
        size = plain(100.0 * abs(value), 100.0 * error, digits)
        text = f"{size} point{'' if size == '1' else 's'}"
    elif unit.startswith(_MILLION):
        text = amount(1e6 * abs(value), unit.removeprefix(_MILLION), 1e6 * error, digits)
    else:
        text = amount(abs(value), unit, error, digits)
    if not signed or plain(abs(value)) == "0":
        return text
    return f"{'−' if value < 0.0 else '+'}{text}"


def percent(value: float) -> str:
    """A share to a tenth of a percent, for one that changes by little.

    >>> percent(0.05587), percent(0.05)
    ('5.6%', '5%')
    """
    return f"{100.0 * value:.1f}".removesuffix(".0") + "%"


def lead_words(value: float, error: float) -> str:
    """A difference in value with its Monte Carlo error, to the digit that the error touches.

    >>> lead_words(0.0121, 0.0019), lead_words(-0.004, 0.0)
    ('0.012 ± 0.002', '−0.004')
    """
    if error <= 0.0 or not math.isfinite(error):
        return plain(value)
    places = min(6, max(0, -math.floor(math.log10(error))))
    return f"{value:.{places}f} ± {plain(error, digits=1)}".replace("-", "−")


def mean_words(mean: Mean) -> str:
    """A mean difference in value with its error."""
    return lead_words(mean.mean, mean.mcse)


def cost_words(name: str, value: float) -> str:
    r"""One kind of cost of an option: money, which cases state in millions, in dollars.

    >>> cost_words("money", 150.0), cost_words("attention", 3.1)
    ('$150\xa0million', 'attention 3.1')
    """
    if name == "money":
        return difference_words(value, "million USD", signed=False, digits=3)
    return f"{name.replace('_', ' ')} {plain(value)}"


def metric_words(value: float, unit: str, error: float = 0.0) -> str:
    r"""A level of a metric, exact enough to tell two options apart: money in dollars, a share to its error.

    >>> metric_words(0.0258, "probability", 0.0008), metric_words(400.0, "million USD")
    ('2.58%', '$400\xa0million')
    """
    if unit.startswith(_MILLION):
        return amount(1e6 * value, unit.removeprefix(_MILLION), 1e6 * error, 3)
    if unit in _SHARES:
        return f"{plain(100.0 * value, 100.0 * error, 3)}%"
    return amount(value, unit, error, 3)
