"""What is asked for: a plain record that imports nothing heavy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BriefRequest", "cache"]


@dataclass(frozen=True)
class BriefRequest:
    """What to make a brief of. `worlds` and `as_of` empty: the default, and the case's own date."""

    case: str
    documents: tuple[str, ...] = ()
    claims: str | None = None
    worlds: int | None = None
    seed: int = 0
    as_of: str | None = None
    reviewed_only: bool = False
    rerun_all: bool = False
    thorough: bool = False
    shipped_documents: bool = True


def cache() -> Path:
    """The folder in which compiled programs and finished runs are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "quidproquo"
