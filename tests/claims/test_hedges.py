from __future__ import annotations

import pytest

from quidproquo.claims.hedges import has_possibility_word, likelihood_of
from quidproquo.claims.tables import LIKELIHOOD_WORDS
from quidproquo.terms.grades import LIKELIHOODS


@pytest.mark.parametrize(
    ("hedge", "interval"),
    [
        ("likely", (0.55, 0.80)),
        ("believes; Probably", (0.55, 0.80)),
        ("highly improbable", (0.05, 0.20)),
        ("very unlikely", (0.05, 0.20)),
        ("almost  certainly", (0.95, 0.99)),
        ("unlikely to exceed", (0.20, 0.45)),
        ("more likely than not", (0.55, 0.80)),
        ("more likely", None),
        ("less likely", None),
        ("unlikelihood", None),
        ("about", None),
        ("", None),
    ],
)
def test_likelihood_words(hedge: str, interval: tuple[float, float] | None) -> None:
    assert likelihood_of(hedge) == interval


def test_every_word_of_the_scale_gives_its_own_row() -> None:
    for row in LIKELIHOODS:
        assert likelihood_of(row.word) == likelihood_of(row.synonym) == (row.low, row.high)
    assert set(LIKELIHOOD_WORDS.values()) == {(row.low, row.high) for row in LIKELIHOODS}


@pytest.mark.parametrize(
    ("hedge", "possible"),
    [("could", True), ("may think; could", True), ("might not", True), ("could; likely", False),
     ("mayor", False), ("I think", False), ("", False)],
)  # fmt: skip
def test_possibility_words(hedge: str, *, possible: bool) -> None:
    assert has_possibility_word(hedge) is possible
