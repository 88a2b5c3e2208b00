"""Anyone's words are shown without commanding the terminal or turning the text round."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from quidproquo.terms.printable import printable

OVERRIDES = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@given(st.text())
def test_only_controls_and_overrides_change_and_each_is_one_character(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        harmful = (unicodedata.category(before) == "Cc" and before not in "\t\n") or (
            unicodedata.bidirectional(before) in OVERRIDES
        )
        assert after == ("\ufffd" if harmful else before)


def test_marks_of_right_to_left_scripts_stay() -> None:
    text = "\u200f\u0645\u0631\u062d\u0628\u0627\u200e\u200d"
    assert printable(text) == text
