"""Copies of a text are recognised whatever its length, and others are not."""

from __future__ import annotations

import random

import pytest

from quidproquo.reading.duplicates import near_copy, shingles


def text_of(seed: int, words: int) -> list[str]:
    chance = random.Random(seed)
    return [f"w{chance.randrange(20_000)}" for _ in range(words)]


@pytest.mark.parametrize("words", [100, 400, 5_000, 60_000])
def test_copies_with_a_few_changes_are_near(words: int) -> None:
    one = text_of(1, words)
    other = ["Gazette:", *one[: words // 2], "inserted", *one[words // 2 :]]
    assert near_copy(shingles(" ".join(one)), shingles(" ".join(other)))
    assert near_copy(shingles(" ".join(one)), shingles(" ".join(one).upper()))


@pytest.mark.parametrize("words", [100, 400, 5_000, 60_000])
def test_texts_that_share_a_third_are_not(words: int) -> None:
    one, other = text_of(1, words), text_of(2, words)
    mixed = [*one[: words // 3], *other[words // 3 :]]
    assert not near_copy(shingles(" ".join(one)), shingles(" ".join(mixed)))
    assert not near_copy(shingles(" ".join(one)), shingles(" ".join(other)))


def test_order_of_words_counts_and_short_texts_have_no_copies() -> None:
    words = text_of(3, 200)
    assert not near_copy(shingles(" ".join(words)), shingles(" ".join(reversed(words))))
    assert shingles("one two three four") == frozenset()
    assert len(shingles("one two three four five")) == 1
    assert len(shingles(" ".join(text_of(4, 60_000)))) == 400
