from __future__ import annotations

import pytest

from quidproquo.brief import lint
from quidproquo.terms.grades import LIKELIHOODS


def rules(text: str) -> list[str]:
    return [fault.rule for fault in lint(text)]


@pytest.mark.parametrize(
    "text",
    [
        "It is likely that crates were sent. Confidence is moderate.",
        "It is very likely (90%) that the figure lies between 3 and 4.",
        "It is almost certain (0.97). It is unlikely (30%).",
        "Confidence is low, because nothing is known.",
        "It has roughly even chance (50%).",
        "",
    ],
)
def test_sound_sentences_pass(text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The choice hangs on one prior.",
        "Without what is Taken away it would change.",
        "One supposition turns it.",
        "Worlds were conditioned anew.",
    ],
)
def test_old_phrases_have_a_plainer_form(text: str) -> None:
    assert rules(text) == ["phrase with a plainer form"]
    assert rules(f"<p>Before.</p><blockquote>{text}</blockquote>") == [], "what documents say is theirs"


def test_a_percent_sign_follows_its_number() -> None:
    assert rules("About 5 % of worlds.") == ["space before a percent sign"]
    assert rules("About 5\u00a0% of worlds.") == ["space before a percent sign"]
    assert rules("About 5% of worlds.") == []


@pytest.mark.parametrize(
    "text",
    [
        "We have high confidence that it is likely.",
        "It is unlikely, and our confidence is low.",
        "With moderate analytic confidence, it is almost certain.",
        "Confidence that this is very likely (90%) is high.",
    ],
)
def test_likelihood_and_confidence_share_no_sentence(text: str) -> None:
    assert "likelihood with confidence" in rules(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It is likely (90%).", True),
        ("It is likely (0.9).", True),
        ("It is unlikely (60 percent) that it happened.", True),
        ("It is very likely (94%) and unlikely (50%).", True),
        ("It is almost certain (99.8%).", False),
        ("It is almost no chance (0.2%).", False),
        ("It is likely (55%).", False),
    ],
)
def test_the_number_beside_a_word_lies_in_its_interval(text: str, wrong: bool) -> None:
    assert ("likelihood word outside its interval" in rules(text)) is wrong


@pytest.mark.parametrize("row", LIKELIHOODS, ids=lambda row: row.word)
def test_every_row_of_the_scale_is_known(row: object) -> None:
    word, synonym = row.word, row.synonym  # type: ignore[attr-defined]
    middle = (row.low + row.high) / 2  # type: ignore[attr-defined]
    assert lint(f"It is {word} ({middle:.3f}).") == []
    assert lint(f"It is {synonym} ({middle:.3f}).") == []
    assert rules(f"It is {word} ({1 - middle if abs(middle - 0.5) > 0.06 else 0.9:.3f}).") == [
        "likelihood word outside its interval"
    ]


def test_a_sentence_does_not_slide_between_rows() -> None:
    assert rules("It is likely or very likely.") == ["two rows of the scale in one sentence"]
    assert rules("It is unlikely (30%), if not very unlikely.") == ["two rows of the scale in one sentence"]
    assert rules("It is likely (60%) that A came and unlikely (30%) that B did.") == []


def test_the_two_sets_of_words_are_not_mixed() -> None:
    assert rules("It is likely. It is highly improbable.") == ["two sets of likelihood words"]
    assert rules("<p>It is likely.</p><p>It is remote.</p>") == ["two sets of likelihood words"]
    assert rules("It is probable. It is highly improbable.") == []


def test_a_digest_stands_in_no_quotation_marks() -> None:
    assert rules('<p class="digest">They said “many” crates.</p>') == ["digest in quotation marks"]
    assert rules("<p>They said “many” crates.</p>") == []


def test_numbers_in_judgements_are_links() -> None:
    assert rules('<li class="judgement">About 11,000 crates.</li>') == ["number without a link"]
    assert rules('<li class="judgement">About <a href="#c">11,000 crates</a>.</li>') == []
    assert rules("<p>About 11,000 crates.</p>") == []


def test_what_documents_say_is_theirs() -> None:
    assert rules("<p>It is likely.</p><blockquote>highly improbable</blockquote>") == []
    assert rules("<p>It is likely.</p><script>improbable</script>") == []


def test_sentences_do_not_run_over_blocks() -> None:
    assert rules("<ul><li>It is likely</li><li>Confidence is low</li></ul>") == []
