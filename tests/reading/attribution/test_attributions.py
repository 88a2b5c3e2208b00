from __future__ import annotations

import pytest
from tests.reading.small import rows

from quidproquo.reading import attributions, hedges, sentences
from quidproquo.reading.attribution.hedges import judged
from quidproquo.reading.attribution.quotes import quotations
from quidproquo.reading.attribution.speakers import KnownSpeakers


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [pytest.param(*row, id=row[0][:40]) for row in rows("attribution/attributions")],
)
def test_every_sentence_gives_source_cue_and_content(text: str, source: str, cue: str, content: str) -> None:
    found = attributions(text)
    if not cue:
        assert found == []
        return
    first = found[0]
    assert first.source is not None
    assert first.cue is not None
    assert text[slice(*first.source)] == source
    assert text[slice(*first.cue)] == cue
    assert ";".join(text[slice(*part)] for part in first.content) == content


@pytest.mark.parametrize(
    ("text", "surfaces", "modality", "likelihood"),
    [pytest.param(*row, id=row[0][:40]) for row in rows("attribution/hedges")],
)
def test_every_sentence_gives_its_hedges(text: str, surfaces: str, modality: str, likelihood: str) -> None:
    found = hedges(text)
    assert "; ".join(hedge.surface for hedge in found) == surfaces
    level, interval, _ = judged(found)
    assert level == modality
    assert ("-".join(f"{end:g}" for end in interval) if interval else "") == likelihood


def test_a_denial_and_a_failure_have_their_polarity() -> None:
    assert judged(hedges("The office denied it."))[2] == "denied"
    assert judged(hedges("It failed to open."))[2] == "counterfactual"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The U.S. team met Gen. Lee at 5 p.m. on Monday. It left.", 2),
        ("“It broke,” he said. “We saw it.” They left.", 3),
        ("It rose 3.5 percent. No. 5 was closed.", 2),
        ("J. R. Smith came. He sat.", 2),
        ("He lives in the U.S. The house is old.", 2),
        ("What? Yes! Fine…", 3),
        ("He asked “why?” and left.", 1),
        ("First line\nof one sentence. Second one.", 2),
        ("Heading\n\nA sentence.", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_sentence_broken_by_a_foreign_paragraph_covers_it() -> None:
    text = (
        "The new harbour is useful for the old companies of this whole town\n\nAna Lima is an analyst.\n\n"
        "and helps the others too. It is large."
    )
    spans = sentences(text)
    assert text[slice(*spans[0])].startswith("The new harbour")
    assert text[slice(*spans[0])].endswith("others too.")
    assert text[slice(*spans[1])] == "Ana Lima is an analyst."


def test_quotations_nest_and_close_with_their_paragraph() -> None:
    text = "“He said ‘no’ and “never” to us.” Then “it began\n\n“and went on.”"
    found = quotations(text)
    assert next(text[q.start : q.end] for q in found) == "“He said ‘no’ and “never” to us.”"
    assert [q.closed for q in found] == [True, False, True]


def test_short_names_and_pronouns_mean_the_person_named_before() -> None:
    cast = KnownSpeakers()
    first = cast.speaker("Troy Stang, director of policy at Wilson Center")
    assert first is not None
    assert (first.name, first.affiliation) == ("Troy Stang", "Wilson Center")
    cast.said(first)
    short, pronoun, office = cast.speaker("Stang"), cast.speaker("he"), cast.speaker("the Harbour Office")
    assert short is not None
    assert pronoun is not None
    assert office is not None
    assert (short.name, pronoun.name, office.name) == ("Troy Stang", "Troy Stang", "Harbour Office")
    assert (office.anonymity, short.anonymity) == ("office", "named")
    assert KnownSpeakers().speaker("he") is None
    collective = cast.speaker("some officials")
    assert collective is not None
    assert collective.anonymity == "collective"
