"""Pictures of the appendix that are drawn by hand: no script and no renderer stands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from markupsafe import Markup

from quidproquo.brief.markup import link
from quidproquo.brief.numerals import date_words
from quidproquo.brief.palette import BAND_PALE, GRID, INK, MUTED
from quidproquo.evidence.checks.binomial import binomial_quantile
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.ranks import RankRecord, RanksOnFile

__all__ = [
    "chance_bars",
    "count_outside",
    "outside_band",
    "pit_picture",
    "prior_bars",
    "rank_kinds",
    "rank_name",
    "rank_picture",
]

_BINS = 10
_NAMED = ("fit", "margin", "prediction")
_WIDTH, _HEIGHT, _START, _FOOT = 430, 170, 30, 28
_MOST = 3.0  # how far the pictures of priors reach, in standard deviations of the prior
_Z90 = 1.645


def pit_picture(pit: Sequence[float]) -> Markup:
    """How many targets fell into each tenth of their forecast, beside what chance allows."""
    counts = [0] * _BINS
    for place in pit:
        counts[min(int(place * _BINS), _BINS - 1)] += 1
    low, high = (float(binomial_quantile(level, len(pit), 1.0 / _BINS)) for level in (0.025, 0.975))
    top = max(*counts, high, 1.0)
    ground = _HEIGHT - _FOOT
    step = (_WIDTH - _START) / _BINS

    def y(count: float) -> float:
        return ground - (ground - 8) * count / top

    band = f'y="{y(high):.1f}" height="{y(low) - y(high):.1f}"'
    parts = [f'<rect x="{_START}" width="{_WIDTH - _START}" {band} fill="{GRID}"/>']
    for place, count in enumerate(counts):
        x = _START + place * step
        parts.append(
            f'<rect x="{x + 3:.1f}" y="{y(count):.1f}" width="{step - 6:.1f}" '
            f'height="{ground - y(count):.1f}" fill="{BAND_PALE}"/>'
            f'<text x="{x + step / 2:.1f}" y="{ground - 5}" text-anchor="middle" fill="{INK}">{count}</text>'
        )
    even = y(len(pit) / _BINS)
    parts.append(f'<path d="M{_START} {even:.1f}H{_WIDTH}" stroke="{MUTED}" stroke-dasharray="4 3"/>')
    return _picture(parts, "lowest tenth", "highest tenth")


def _picture(parts: Sequence[str], low: str, high: str) -> Markup:
    """A picture with a word below each end."""
    words = "".join(
        f'<text x="{x}" y="{_HEIGHT - 8}" text-anchor="{side}" fill="{MUTED}">{text}</text>'
        for text, x, side in ((low, _START, "start"), (high, _WIDTH, "end"))
    )
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-size="12" font-family="system-ui, sans-serif"'
    body = "".join(parts) + words
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{body}</svg>')


def prior_bars(place: tuple[float, float, float]) -> Markup:
    """A prior's 90% interval over that of the worlds, on the parameter's coordinate; ticks at medians."""

    def x(z: float) -> float:
        return 60.0 + 19.0 * max(-_MOST, min(_MOST, z))

    low, middle, high = place
    beyond = "".join(
        f'<path class="tip" d="M{at} 12l{step} -3v6z"/>'
        for at, step, out in ((0, 4, low < -_MOST), (120, -4, high > _MOST))
        if out
    )
    return _bars((x(-_Z90), x(_Z90)), (x(low), x(high)), f"M60 2v6M{x(middle):.0f} 9v6", beyond)


def chance_bars(before: float, after: float) -> Markup:
    """A chance before over the one after, on a line from nothing to all."""
    return _bars((3.0, 3.0 + 114.0 * before), (3.0, 3.0 + 114.0 * after), "M3 1v15M117 1v15", "")


def _bars(before: tuple[float, float], after: tuple[float, float], ticks: str, more: str) -> Markup:
    return Markup(
        f'<svg class="pb" viewBox="0 0 120 17" aria-hidden="true"><path d="M{before[0]:.0f} 5H{before[1]:.0f}"/>'
        f'<path class="now" d="M{after[0]:.0f} 12H{max(after[1], after[0] + 1):.0f}"/>'
        f'<path class="tick" d="{ticks}"/>{more}</svg>'
    )


def _excess(counts: Sequence[int], places: int, replicates: int) -> list[float]:
    """How many more ranks lie below each place but the first than even ones would."""
    return [count - replicates * (at + 1) / places for at, count in enumerate(counts)]


def _below(record: RankRecord) -> list[int]:
    return list(accumulate(record.counts))[:-1]


def outside_band(ranks: RanksOnFile, record: RankRecord) -> bool:
    """Whether the ranks of a quantity leave the band anywhere."""
    below = _below(record)
    return any(not a <= count <= b for a, count, b in zip(ranks.low, below, ranks.high, strict=True))


def count_outside(ranks: RanksOnFile, names: Sequence[str]) -> int:
    """How many of some quantities leave the band."""
    return sum(outside_band(ranks, ranks.quantities[name]) for name in names)


def rank_kinds(ranks: RanksOnFile) -> dict[str, list[str]]:
    """Kind → names of its quantities, the least even first."""
    found: dict[str, list[str]] = {}
    for name, record in sorted(ranks.quantities.items(), key=lambda item: item[1].p):
        found.setdefault(record.kind, []).append(name)
    return dict(sorted(found.items()))


def rank_name(brief: Brief, name: str) -> Markup:
    """What a rank is of, by its title: a prior, an answer, how an origin errs, or a figure on a day."""
    if name in brief.assumptions:
        return link("prior", name, brief.assumptions[name].title)
    kind, _, rest = name.partition(".")
    if kind == "hypothesis" and rest in brief.hypotheses:
        return Markup("{}").format(brief.hypotheses[rest].title)
    if kind == "bias":
        origin, _, about = rest.partition(".")[2].partition("|")
        on = f" on {_quantity_title(brief, about)}" if about else ""
        return Markup("{}").format(f"the common error of {origin}{on}")
    quantity, _, day = name.partition("@")
    on = f", {date_words(day)}" if day else ""
    return Markup("{}").format(_quantity_title(brief, quantity) + on)


def _quantity_title(brief: Brief, name: str) -> str:
    """The title of a quantity, of an estimate or of claims on it; else its name."""
    if name in brief.estimates:
        return brief.estimates[name].title
    titles = (claim.title for claim in brief.claims if claim.quantity == name and claim.title)
    return next(titles, name.replace("_", " "))


def rank_picture(ranks: RanksOnFile) -> Markup:
    """Every quantity's surplus of low ranks, in the band that even ranks keep to.

    The difference of distribution functions with simultaneous bands: Säilynoja, Bürkner & Vehtari
    (2022), Statistics and Computing 32:32.
    """
    places = len(ranks.low) + 1
    n = ranks.replicates
    low, high = (_excess(side, places, n) for side in (ranks.low, ranks.high))
    lines = {name: _excess(_below(record), places, n) for name, record in ranks.quantities.items()}
    top = max([abs(value) for line in (low, high, *lines.values()) for value in line] or [1.0])
    middle = (_HEIGHT - _FOOT) / 2.0

    def points(values: Sequence[float]) -> list[str]:
        step = (_WIDTH - _START) / places
        return [
            f"{_START + step * (at + 1):.0f} {middle - (middle - 4.0) * value / top:.0f}"
            for at, value in enumerate(values)
        ]

    band = "L".join([*points(low), *reversed(points(high))])
    parts = [f'<path d="M{band}z" fill="{GRID}"/>']
    named = {name for name, record in ranks.quantities.items() if record.kind in _NAMED}
    for name in sorted(lines, key=lambda name: name in named):
        colour, width = (INK, 1.1) if name in named else (BAND_PALE, 0.6)
        path = "L".join(points(lines[name]))
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
    return _picture(parts, "low ranks", "high ranks")
