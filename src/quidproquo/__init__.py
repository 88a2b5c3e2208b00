"""Quid Pro Quo: from documents about a military partnership to options that hold up.

    study = make_brief(BriefRequest(case="NAME"))     the whole path; `study.brief` is a `Brief`
    back_test(BacktestRequest(case="NAME", as_of=("2024-10-25",)))   the case against what came later
    load_case("NAME"), list_cases(), copy_case("NAME", "folder")
    read("report.html")                               what a document says, with spans

Importing this package loads none of its rooms; a room is loaded when one of its names is used.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Backtest": "quidproquo.study.schema.backtest",
    "BacktestRequest": "quidproquo.study",
    "Brief": "quidproquo.study.schema.brief",
    "BriefRequest": "quidproquo.study",
    "back_test": "quidproquo.study",
    "copy_case": "quidproquo.study",
    "errors": "quidproquo.terms.errors",
    "list_cases": "quidproquo.cases",
    "load_case": "quidproquo.cases",
    "make_brief": "quidproquo.study",
    "read": "quidproquo.reading",
}

__all__ = [
    "Backtest",
    "BacktestRequest",
    "Brief",
    "BriefRequest",
    "__version__",
    "back_test",
    "copy_case",
    "errors",
    "list_cases",
    "load_case",
    "make_brief",
    "read",
]


def __getattr__(name: str) -> object:
    """Load the room that a public name lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'quidproquo' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    return home if home.__name__.endswith(f".{name}") else getattr(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
