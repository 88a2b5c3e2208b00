"""The command `qpq`: thin, so that everything it does can be had from `study` and `brief` as well.

A module registers its commands when it is imported; `--help` lists them in that order.
"""

from __future__ import annotations

# isort: off
from quidproquo.cli.app import app, main
from quidproquo.cli import run, what_if, diff, ledger, documents, cases, claims, review, judge, sources
# isort: on

__all__ = [
    "app",
    "cases",
    "claims",
    "diff",
    "documents",
    "judge",
    "ledger",
    "main",
    "review",
    "run",
    "sources",
    "what_if",
]
