"""The brief as a page, as data and in a few lines for a terminal; all of it drawn from `Brief`.

Its parts are imported when they are first used: a few lines for a terminal don't wait for the page's libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from quidproquo.brief.lint import Fault, lint

if TYPE_CHECKING:
    from quidproquo.brief.backtest import backtest_after, backtest_before, backtest_rows
    from quidproquo.brief.diff import diff_lines
    from quidproquo.brief.ledger import ledger_lines
    from quidproquo.brief.page import render_html, write_html
    from quidproquo.brief.schemas import backtest_schema, diff_schema, json_schema, what_if_schema
    from quidproquo.brief.summary import summary_lines
    from quidproquo.brief.what_if import what_if_lines

__all__ = [
    "Fault",
    "backtest_after",
    "backtest_before",
    "backtest_rows",
    "backtest_schema",
    "diff_lines",
    "diff_schema",
    "json_schema",
    "ledger_lines",
    "lint",
    "render_html",
    "summary_lines",
    "what_if_lines",
    "what_if_schema",
    "write_html",
]

_PARTS = {
    "backtest": ("backtest_after", "backtest_before", "backtest_rows"),
    "diff": ("diff_lines",),
    "ledger": ("ledger_lines",),
    "page": ("render_html", "write_html"),
    "schemas": ("backtest_schema", "diff_schema", "json_schema", "what_if_schema"),
    "summary": ("summary_lines",),
    "what_if": ("what_if_lines",),
}


def __getattr__(name: str) -> object:
    for part, names in _PARTS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{part}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
