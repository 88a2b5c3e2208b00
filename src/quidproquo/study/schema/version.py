"""What a result was computed with."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Versions"]


class Versions(BaseModel):
    """Of the package, the case's files (a hash) and the tables that turn words into numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quidproquo: str
    case: str
    tables: dict[str, str]
    libraries: dict[str, str]
