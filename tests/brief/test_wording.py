from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from tests.brief.factory import make_brief

from quidproquo.brief import lint
from quidproquo.brief.judgements import Judgement, cautions, key_judgements, weighting_outcomes
from quidproquo.brief.sentences.estimates import estimate_numbers, estimate_sentence
from quidproquo.brief.wording import contrast, ess_sentence, likelihood, likelihood_over
from quidproquo.study.schema.brief import Brief


def text(judgement: Judgement) -> str:
    return unescape(re.sub(r"<[^>]+>", "", str(judgement.statement))).replace("\xa0", " ")


@given(st.floats(0.0, 1.0))
def test_a_word_and_its_number_always_fit(probability: float) -> None:
    assert lint(f"It is {likelihood(probability)} that it happened.") == []


def test_a_figure_rests_only_on_claims_that_weigh() -> None:
    brief = make_brief()
    used = {claim.id for claim in brief.claims if claim.used}
    listed = [judgement for judgement in key_judgements(brief) if judgement.basis]
    assert listed
    for judgement in listed:
        assert {unescape(re.sub(r"<[^>]+>", "", str(one))) for one in judgement.basis} <= used
    none = [claim.model_copy(update={"used": False}) for claim in brief.claims]
    found = [text(judgement) for judgement in key_judgements(brief.model_copy(update={"claims": none}))]
    assert not any("true figure" in sentence for sentence in found)
    assert not any(judgement.basis for judgement in key_judgements(brief.model_copy(update={"claims": none})))


def test_one_word_for_a_set_or_none() -> None:
    assert likelihood_over([0.56, 0.79]) == "likely"
    assert likelihood_over([0.5, 0.6]) is None


def test_a_word_is_printed_only_where_the_whole_set_stays_in_its_range(brief: Brief) -> None:
    best = brief.options["all_together"]
    steady = brief.model_copy(
        update={
            "options": {
                **brief.options,
                "all_together": best.model_copy(
                    update={
                        "weighted": best.weighted.model_copy(update={"best_share": 0.7}),
                        "exploratory": best.exploratory.model_copy(update={"best_share": 0.6}),
                    }
                ),
            },
            "weightings": [w.model_copy(update={"preferred": "all_together"}) for w in brief.weightings],
        }
    )
    assert weighting_outcomes(steady).changed == ()
    assert "It is likely (70%) that “All measures together” is the best" in text(key_judgements(steady)[2])
    assert "likely (" not in text(key_judgements(brief)[2])
    assert "depends on the weighting" in text(key_judgements(brief)[2])


def test_an_estimate_in_a_sentence(brief: Brief) -> None:
    sentence = estimate_sentence(brief, "crates_sent")
    assert isinstance(sentence, Markup)
    bare = re.sub(r"<[^>]+>", "", str(sentence)).replace("\xa0", " ")
    assert bare == (
        "By 28 May 2025: about 4.9 million crates. It is very likely (90%) that the true figure lies "
        "between 3.7 and 6.5 million crates."
    )


def test_an_interval_of_one_number_is_no_interval(brief: Brief) -> None:
    estimate = brief.estimates["crates_sent"]
    months = len(estimate.dates)
    same = {name: [1.0] * months for name in ("q05", "q25", "q50", "q75", "q95")}
    certain = estimate.model_copy(update={**same, "unit": "fraction", "prior_q05": 1.0, "prior_q95": 1.0})
    whole = brief.model_copy(update={"estimates": {**brief.estimates, "crates_sent": certain}})
    bare = re.sub(r"<[^>]+>", "", str(estimate_sentence(whole, "crates_sent"))).replace("\xa0", " ")
    assert bare.endswith(": 100% in at least nine worlds of ten, as rounded.")
    assert "true figure" not in bare
    assert estimate_numbers(certain).prior == "100%"


def test_a_narrow_interval_is_not_rounded_away(brief: Brief) -> None:
    estimate = brief.estimates["crates_sent"]
    i = estimate.as_of_index
    update = {}
    for key, value in {"q05": 4.91e6, "q50": 4.93e6, "q95": 4.95e6}.items():
        series = list(getattr(estimate, key))
        series[i] = value
        update[key] = series
    numbers = estimate_numbers(estimate.model_copy(update=update))
    assert numbers.interval.replace("\xa0", " ") == "4.91 to 4.95 million crates"


def test_options_that_differ_by_less_than_their_error_are_not_told_apart(brief: Brief) -> None:
    same = contrast(brief, "coalition", "coalition")
    assert (same.better, same.worse) == ((), ())
    assert len(same.tied) == len(brief.metrics)
    there, back = contrast(brief, "all_together", "weaken"), contrast(brief, "weaken", "all_together")
    assert len(there.better) == len(back.worse) > 0
    assert len(there.worse) == len(back.better)


def test_a_weighting_changes_the_choice_only_where_the_rule_says_so(brief: Brief) -> None:
    kept = brief.preferred.options[0]

    def sort(preferred: str, least: str, *, reliable: bool = True) -> tuple[int, int, int]:
        regrets = {option: float(option != least) for option in brief.options}
        update = {"preferred": preferred, "q95_regret": regrets, "reliable": reliable}
        row = brief.weightings[0].model_copy(update=update)
        found = weighting_outcomes(brief.model_copy(update={"weightings": [row]}))
        return len(found.changed), len(found.tied), len(found.unjudged)

    other = next(option for option in brief.options if option not in brief.preferred.options)
    assert sort(other, other) == (1, 0, 0)
    assert sort(kept, other) == (0, 1, 0)
    assert sort(kept, kept) == (0, 0, 0)
    assert sort(other, other, reliable=False) == (0, 0, 1)


@pytest.mark.parametrize(
    ("ess", "words"), [(2_000.0, "is as exact as"), (40.0, "Do not read small differences")]
)
def test_effective_sample_size_in_plain_words(ess: float, words: str) -> None:
    assert words in ess_sentence(ess)


def far(brief: Brief, count: int) -> Brief:
    """The same brief with so many claims of those judged beyond the 99% point."""
    rows = [
        row.model_copy(update={"below": 0.999 if n < count else 0.5})
        for n, row in enumerate(brief.misfit.claims)
    ]
    return brief.model_copy(update={"misfit": brief.misfit.model_copy(update={"claims": rows})})


def test_a_model_that_fits_poorly_is_told_before_anything_else(brief: Brief) -> None:
    poor = far(brief, 5)
    first = text(key_judgements(poor)[0])
    assert re.match(r"[2-5] of 5 claims lie outside the central 98%", first)
    assert "does not agree with the history" in first
    assert cautions(poor)[0] == first
    good = far(brief, 0)
    assert not any("more than a tenth" in caution for caution in cautions(good))


def test_what_a_reader_must_keep_in_mind(brief: Brief) -> None:
    found = brief.diagnostics.model_copy(update={"run_ess_min": 400.0, "accepted_only_margin": -0.1})
    told = " ".join(cautions(brief.model_copy(update={"diagnostics": found})))
    assert "no more than 400 independent draws would: small differences are noise." in told
    assert "With accepted claims only, another option leads." in told
    assert "two priors rest on what became known after" in told
    assert "never best in any world" in told


def test_an_unknown_run_ess_rounds_nothing_away(brief: Brief) -> None:
    estimate = brief.estimates["crates_sent"]
    unknown = estimate_numbers(estimate.model_copy(update={"run_ess": 0.0}))
    assert unknown.middle == estimate_numbers(estimate).middle
