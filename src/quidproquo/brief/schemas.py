"""The published schemas of `brief.json`, of a back-test, of a what-if and of a comparison."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from quidproquo.study.schema.backtest import Backtest
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.diff import DiffAnswer
from quidproquo.study.schema.what_if import WhatIfAnswer

__all__ = ["backtest_schema", "diff_schema", "json_schema", "what_if_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `brief.json`."""
    return _schema(Brief, "Brief of Quid Pro Quo")


def backtest_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `backtest --json` prints."""
    return _schema(Backtest, "Back-test of Quid Pro Quo")


def what_if_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `what-if --json` prints."""
    return _schema(WhatIfAnswer, "What-if of Quid Pro Quo")


def diff_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `diff --json` prints."""
    return _schema(DiffAnswer, "Comparison of two runs of Quid Pro Quo")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(mode="serialization")
    return {
        "$schema": _DIALECT,
        "title": title,
        "description": str(model.__doc__).strip(),
        **{key: value for key, value in schema.items() if key not in {"title", "description"}},
    }
