"""The colours of the charts and their common settings.

Families of sources take the qualitative colours of Okabe and Ito (2008), which people with colour
vision deficiencies can tell apart, darkened where contrast on a light ground asks for it.
"""

from __future__ import annotations

from typing import Any

from quidproquo.study.schema.brief import Brief

__all__ = [
    "BAND",
    "BAND_PALE",
    "GRID",
    "INK",
    "LIGHT",
    "MUTED",
    "PAPER",
    "SIDES",
    "config",
    "family_colours",
    "number_axis",
]

PAPER = "#fdfcfa"
INK = "#20262c"
MUTED = "#5c6670"
GRID = "#e6e2da"
BAND = "#2f6690"
BAND_PALE = "#9dbcd4"
LIGHT = "#a9b4bd"
SIDES = ("#2f6690", "#a8632b")
_FAMILIES = ("#0072b2", "#b4530a", "#00785a", "#a3427a", "#7a6a00", "#5b4bb2", "#3f8fb5", "#8c2f2f")
_OTHER = "#6b6f73"
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def family_colours(brief: Brief) -> dict[str, str]:
    """Family → colour, the families with most claims first; those beyond the eighth share a grey."""
    counts: dict[str, int] = {}
    for claim in brief.claims:
        family = claim.family or "unknown"
        counts[family] = counts.get(family, 0) + 1
    ranked = sorted(counts, key=lambda family: (-counts[family], family))
    colours = dict(zip(ranked, _FAMILIES, strict=False))
    return {family: colours.get(family, _OTHER) for family in ranked}


def config() -> dict[str, Any]:
    """Settings shared by all charts: quiet axes, one sans face, text large enough to shrink."""
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "titleColor": MUTED,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": LIGHT,
            "tickColor": LIGHT,
            "titlePadding": 8,
        },
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "title": {"color": INK, "fontWeight": 600, "offset": 8},
        "legend": {"labelFontSize": 12, "labelColor": INK, "titleFontSize": 12},
    }


def number_axis(unit: str) -> dict[str, Any]:
    """How an axis prints numbers of a unit: percent, plain digits, or k, M and bn."""
    if unit in {"fraction", "probability", "share"}:
        return {"format": "~%", "tickCount": 5}
    large = "replace(format(datum.value, '~s'), 'G', 'bn')"
    expression = f"abs(datum.value) < 1000 ? format(datum.value, '~g') : {large}"
    dollar = "'$' + " if unit.startswith("USD") else ""
    return {"labelExpr": f"{dollar}({expression})", "tickCount": 5}
