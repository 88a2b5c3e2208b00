"""Records are copied with other values as `dataclasses.replace` does it."""

from __future__ import annotations

import dataclasses

from quidproquo.reading.lexicon import Hit, SentenceContext
from quidproquo.reading.record import Speaker, replace


def test_a_copy_is_that_of_the_standard_library() -> None:
    speaker = Speaker("Ana Lima", cue="said")
    assert replace(speaker, role="relay") == dataclasses.replace(speaker, role="relay")
    assert speaker == Speaker("Ana Lima", cue="said")


def test_what_a_record_has_worked_out_is_not_copied() -> None:
    one = SentenceContext("Forty crates.", (0, 13), (Hit("crates", 6, 12),))
    assert one.items == {"crates"}
    assert replace(one, hits=()).items == frozenset()
