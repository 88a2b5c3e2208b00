"""The brief as a page, as data and in a few lines for a terminal; all of it drawn from `Brief`."""

from __future__ import annotations

from quidproquo.brief.backtest import backtest_after, backtest_before, backtest_rows
from quidproquo.brief.files import backtest_schema, json_schema, write_json
from quidproquo.brief.lint import Fault, lint
from quidproquo.brief.page import render_html, write_html
from quidproquo.brief.summary import summary_lines

__all__ = [
    "Fault",
    "backtest_after",
    "backtest_before",
    "backtest_rows",
    "backtest_schema",
    "json_schema",
    "lint",
    "render_html",
    "summary_lines",
    "write_html",
    "write_json",
]
