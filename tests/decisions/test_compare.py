"""Findings on planted options: who dominates, who is tied, where an option is worst."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from scipy.stats import spearmanr
from tests.decisions.builders import case, ensemble, hypothesis, metric

from quidproquo.cases.record import Case, Prior
from quidproquo.decisions.cells import drivers, rank_correlation, worst_cells
from quidproquo.decisions.compare import compare
from quidproquo.decisions.dominance import dominance, pareto_front, rank_acceptability
from quidproquo.decisions.record import Findings
from quidproquo.decisions.rule import RULE
from quidproquo.decisions.value import valued_worlds
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.terms.errors import EvidenceError

WORLDS = 16_000
TWO = (metric("gain"), metric("pain", "lower"))


def draws(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(WORLDS, 4))


def all_kinds(outcomes: np.ndarray, **fields: object) -> tuple[Ensemble, Ensemble]:
    return ensemble(outcomes, **fields), ensemble(outcomes, **(fields | {"kind": "exploratory"}))


def found_in(ensembles: tuple[Ensemble, Ensemble], rules: Case) -> Findings:
    weighted, exploratory = (valued_worlds(one, rules) for one in ensembles)
    return compare(weighted, exploratory, rules)


def planted(shift: float = 0.0) -> np.ndarray:
    """Option a beats b on both metrics in every world; c is better on gain and worse on pain."""
    noise = 0.02 * draws()
    a = np.stack([0.6 + noise[:, 0], 0.3 + noise[:, 1]], axis=1)
    b = a + np.array([-0.1, 0.1])
    c = a + np.array([0.2 + shift, 0.3])
    return np.stack([a, b, c], axis=1)


def test_an_option_that_dominates_is_found():
    found = found_in(all_kinds(planted()), case("abc", TWO))
    assert found.dominated == {"b": ("a",)}
    assert found.pareto_front == ("a", "c")
    assert found.preferred.options == ("a",)
    assert found.preferred.rule == RULE
    assert found.preferred.margin == pytest.approx(0.05, abs=1e-9)
    assert found.weighted["a"].best_share == pytest.approx(1.0)
    assert found.weighted["b"].regret["gain"].mean == pytest.approx(0.3)
    assert found.weighted["b"].value_regret.cvar95 == pytest.approx(0.1)
    assert (
        "“Option a” is never beaten in the weighted ensemble: look at the model and its costs."
        in found.warnings
    )
    assert "“Option b” is never best in any world of the exploratory ensemble." in found.warnings
    assert found.rank_acceptability["a"] == pytest.approx((1.0, 0.0, 0.0))


def test_a_lead_within_the_noise_does_not_dominate():
    noise = draws()
    outcomes = np.stack([0.5 + 0.1 * noise[:, :2], 0.5 + 0.1 * noise[:, 2:]], axis=1)
    worlds = valued_worlds(ensemble(outcomes), case("ab", TWO))
    table = dominance(worlds, np.zeros(WORLDS))
    assert not table.any()
    assert pareto_front(table).all()


def test_equal_options_are_tied_and_share_what_they_win():
    outcomes = np.repeat(0.5 + 0.1 * draws()[:, :1, None], 2, axis=1)
    found = found_in(all_kinds(outcomes), case(delta=0.01))
    assert found.preferred.options == ("a", "b")
    assert found.preferred.margin == 0.0
    assert found.weighted["a"].best_share == pytest.approx(0.5)


def test_a_margin_under_two_errors_is_a_tie():
    noise = draws(5)
    outcomes = (0.5 + 0.1 * noise[:, :2])[:, :, None]
    found = found_in(all_kinds(outcomes), case())
    assert found.preferred.options in (("a", "b"), ("b", "a"))
    assert found.preferred.margin < 2 * found.preferred.mcse


def test_the_error_of_the_margin_covers():
    """The margin's z-score over independent ensembles looks like Student's t with 7 degrees."""
    scores = []
    for seed in range(60):
        noise = np.random.default_rng(seed).normal(size=(1600, 2))
        outcomes = (0.5 + np.array([0.1, 0.2]) * noise)[:, :, None]
        values = valued_worlds(ensemble(outcomes), case()).option_values
        estimate = values.estimate(np.full(1600, 1 / 1600))
        # By symmetry both give up the same: the true margin is zero.
        scores.append((estimate.q95[1] - estimate.q95[0]) / estimate.errors(0)[1])
    assert np.mean(np.abs(scores) < 2.365) > 0.85
    assert np.std(scores) > 0.5


def choosing(ll_strength: float, motive: bool = False) -> dict[str, object]:
    """Option a is good where the first parameter is high; one origin says that it is."""
    level = draws(7)
    states = (np.random.default_rng(8).random((WORLDS, 1)) < 0.5).astype(int)
    good = 0.5 + 0.1 * level[:, 0] + (0.2 * (states[:, 0] - 0.5) if motive else 0.0)
    outcomes = np.stack([good, np.full(WORLDS, 0.5)], axis=1)[:, :, None]
    likelihood = np.stack([ll_strength * level[:, 0], 0.0 * level[:, 1]], axis=1)
    return {
        "outcomes": outcomes,
        "parameters": ("war.end_rate", "b", "c", "d"),
        "draws": level,
        "hypotheses": ("motive",),
        "states": states,
        "items": ("i", "j"),
        "log_likelihood": likelihood,
    }


RULES = case(
    "ab",
    hypotheses=(hypothesis(),),
    priors=(Prior("war.end_rate", "normal", 0.0, 1.0, "", "judgement: a guess"),),
    delta=0.005,
)


def test_without_weights_there_is_no_ranking():
    metrics = tuple(dataclasses.replace(one, weight=0.0) for one in TWO)
    found = found_in(all_kinds(planted()), case("abc", metrics))
    assert found.preferred.options == ("a", "c")
    assert found.preferred.rule.startswith("none")
    assert np.isnan(found.weighted["a"].value.mean)
    shares = [found.weighted[option].best_share for option in "abc"]
    assert sum(shares) == pytest.approx(1.0)
    # c gains 0.2 and pays 0.3: it is first where gain weighs over 0.6.
    assert shares[2] == pytest.approx(0.4, abs=0.03)


def test_rank_acceptability_counts_ranks_and_shares_level_ones():
    outcomes = np.tile(np.array([[[0.3], [0.3], [0.1]], [[0.1], [0.2], [0.9]]]), (8, 1, 1))
    worlds = valued_worlds(ensemble(outcomes), case("abc"))
    table = rank_acceptability(worlds, np.zeros(16))
    assert table == pytest.approx(np.array([[0.25, 0.25, 0.5], [0.25, 0.75, 0.0], [0.5, 0.0, 0.5]]))


def test_rank_correlation_is_spearmans():
    rng = np.random.default_rng(3)
    column = rng.normal(size=3000)
    target = np.exp(column) + 0.1 * rng.normal(size=3000)
    got = rank_correlation(np.stack([column, np.ones(3000)], axis=1), target, np.ones(3000))
    assert got[0] == pytest.approx(spearmanr(column, target).statistic)
    assert got[1] == 0.0


def test_the_worst_cell_is_where_it_was_planted():
    fields = choosing(0.0, motive=True)
    made = ensemble(**fields)
    worlds = valued_worlds(made, RULES)
    chosen = drivers(worlds, made.log_weight, (0, 1))
    assert chosen[0].name == "war.end_rate"
    worst = worst_cells(worlds, made.log_weight, RULES, chosen, {"war.end_rate": "how soon it ends"})
    assert worst[0].cell == "Cash; how soon it ends in its lowest third"
    assert worst[1].cell == "Goods; how soon it ends in its highest third"
    low = made.draws[:, 0] <= np.quantile(made.draws[:, 0], 1 / 3, method="inverted_cdf")
    inside = low & (made.states[:, 0] == 0)
    assert worst[0].regret == pytest.approx(worlds.regrets[inside, 0].mean())
    assert worst[0].regret > worlds.regrets[:, 0].mean()


def test_a_cell_of_few_worlds_does_not_count():
    fields = choosing(0.0)
    states = np.zeros((WORLDS, 1), dtype=int)
    states[:20] = 1
    made = ensemble(**(fields | {"states": states}))
    worlds = valued_worlds(made, RULES)
    worst = worst_cells(worlds, made.log_weight, RULES, drivers(worlds, made.log_weight, (0, 1)), {})
    assert all("Goods" not in one.cell for one in worst)


def test_failed_and_clipped_worlds_are_told():
    outcomes = planted()
    outcomes[:, :, 0] *= 10.0
    outcomes[:16] = np.nan
    status = (np.arange(WORLDS) < 16).astype(int)
    found = found_in(all_kinds(outcomes, status=status), case("abc", TWO))
    assert f"16 of {WORLDS} worlds of the weighted ensemble failed and weigh nothing." in found.warnings
    # one warning a metric, though it is so in both ensembles
    (line,) = (line for line in found.warnings if line.startswith("“Metric gain” lies far beyond"))
    assert re.search(
        r"in \d+% of the weighted ensemble and \d+% of the exploratory ensemble, and is valued", line
    )


def test_a_metric_that_is_clipped_in_one_ensemble_names_that_one():
    plain, wide = planted(), planted()
    wide[:, :, 0] *= 10.0
    kinds = all_kinds(plain)[0], all_kinds(wide)[1]
    (line,) = (line for line in found_in(kinds, case("abc", TWO)).warnings if "far beyond" in line)
    assert "of the exploratory ensemble, and is" in line
    assert "weighted" not in line


def test_a_lone_option_is_chosen():
    found = found_in(all_kinds(planted()[:, :1]), case("a", TWO))
    assert found.preferred.options == ("a",)
    assert found.preferred.ranked


def test_ensembles_of_other_options_are_refused():
    weighted, exploratory = all_kinds(planted())
    other = dataclasses.replace(exploratory, options=("a", "c", "b"))
    with pytest.raises(EvidenceError, match="exploratory ensemble: options is 'a, c, b'"):
        found_in((weighted, other), case("abc", TWO))


def test_the_order_of_worlds_within_islands_does_not_matter():
    fields = choosing(0.1)
    made = ensemble(**fields)
    order = np.concatenate(
        [np.random.default_rng(9).permutation(np.flatnonzero(made.island == one)) for one in range(8)]
    )
    names = ("draws", "log_weight", "island", "status", "states", "log_likelihood", "predicted", "outcomes")
    other = dataclasses.replace(made, **{name: getattr(made, name)[order] for name in names})
    one, two = (found_in((each, each), RULES) for each in (made, other))
    assert one.preferred.options == two.preferred.options
    assert one.preferred.margin == pytest.approx(two.preferred.margin, abs=1e-12)
    assert one.weighted["a"].value_regret.q95 == two.weighted["a"].value_regret.q95
