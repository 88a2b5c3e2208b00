"""A language model behind an endpoint as reader; all that it offers is checked against the document.

The model proposes quotes, names and classes. Where a quote stands, which number it holds, how that
number is meant and of when it speaks are read again by our own grammars.
"""

from __future__ import annotations

from quidproquo.reading.llm.reader import llm_reader

__all__ = ["llm_reader"]
