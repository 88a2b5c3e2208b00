"""Countries and some territories, by the names that newspapers use."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["COUNTRIES"]

COUNTRIES = frozenset(
    (files("quidproquo.reading") / "countries.txt").read_text(encoding="utf-8").splitlines()
)
