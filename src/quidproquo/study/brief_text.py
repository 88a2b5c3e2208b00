"""The text of `brief.json`."""

from __future__ import annotations

from quidproquo.study.schema.brief import Brief

__all__ = ["brief_json"]


def brief_json(brief: Brief) -> str:
    """The brief as JSON text: fields in the model's order, one space of indent."""
    return brief.model_dump_json(indent=1) + "\n"
