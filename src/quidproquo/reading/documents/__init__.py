"""From files to documents: one module for each format."""

from __future__ import annotations

from quidproquo.reading.documents.loading import Loaded, load

__all__ = ["Loaded", "load"]
