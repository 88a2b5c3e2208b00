"""`brief.json`, and the published schemas of it and of a back-test."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from quidproquo.study.schema.backtest import Backtest
from quidproquo.study.schema.brief import Brief
from quidproquo.terms.errors import QuidProQuoError, sentence

__all__ = ["backtest_schema", "json_schema", "write_json"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `brief.json`."""
    return _schema(Brief, "Brief of Quid Pro Quo")


def backtest_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `backtest --json` prints."""
    return _schema(Backtest, "Back-test of Quid Pro Quo")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(mode="serialization")
    return {
        "$schema": _DIALECT,
        "title": title,
        "description": str(model.__doc__).strip(),
        **{key: value for key, value in schema.items() if key not in {"title", "description"}},
    }


def write_json(brief: Brief, path: Path | str) -> Path:
    """Write `brief.json`: fields in the model's order, shortest floats, one newline at the end.

    Raises:
        QuidProQuoError: if a number is not finite, naming the field that holds it.
    """
    data = brief.model_dump(mode="python")
    _refuse_infinite(data, "brief")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def _refuse_infinite(value: object, where: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise QuidProQuoError(
            sentence("brief.json", where, value, "a finite number", "mend what computed it")
        )
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_infinite(item, f"{where}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _refuse_infinite(item, f"{where}[{index}]")
