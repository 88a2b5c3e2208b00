"""Grouped alternations match what they matched before."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from quidproquo.reading.alternation import alternatives, by_first_letter

WORDS = st.lists(st.text("abcd", min_size=1, max_size=4), min_size=1, max_size=12)


@given(WORDS, st.text("abcd ", max_size=40))
def test_whole_words_are_found_as_before(words: list[str], text: str) -> None:
    plain = "|".join(words)
    one, other = (re.compile(rf"\b(?:{pattern})\b") for pattern in (plain, by_first_letter(plain)))
    assert [found.span() for found in one.finditer(text)] == [found.span() for found in other.finditer(text)]


def test_bars_inside_groups_classes_and_escapes_part_nothing() -> None:
    assert alternatives(r"a(?:b|c)|[d|e]f|g\|h|\(i|j") == ["a(?:b|c)", "[d|e]f", r"g\|h", r"\(i", "j"]


def test_an_optional_first_letter_is_not_taken_out() -> None:
    pattern = by_first_letter(r"a?bc|ad|[Bb]e|[bc]f|\dg|(?:h|i)j")
    for word in ("bc", "abc", "ad", "Be", "be", "bf", "cf", "1g", "hj", "ij"):
        assert re.fullmatch(pattern, word), word
    assert not re.fullmatch(pattern, "d")
