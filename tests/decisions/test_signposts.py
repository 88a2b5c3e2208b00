"""Signposts on planted futures: thresholds, errors, lead times, and none where nothing says anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quidproquo.decisions.signposts import ErrorCosts, WatchedFutures, signposts
from quidproquo.terms.errors import EvidenceError

WORLDS, ISLANDS, DATES = 20_000, 16, 6
HORIZON = 600.0
DAYS = np.arange(1, DATES + 1) * 30.0


def futures(values: np.ndarray, weights: np.ndarray | None = None, **fields: object) -> WatchedFutures:
    count = len(values)
    base = {
        "observables": tuple(f"o{place}" for place in range(values.shape[2])),
        "days": DAYS[: values.shape[1]],
        "values": values,
        "weights": np.ones(count) if weights is None else weights,
        "island": np.arange(count) * ISLANDS // count,
        "horizon": HORIZON,
    }
    return WatchedFutures(**(base | fields))


def planted(wrong: float = 0.0, seed: int = 1) -> tuple[WatchedFutures, np.ndarray]:
    """The option loses where x > 0.6, which the first observable shows from the third date on; others never."""
    random = np.random.default_rng(seed)
    x = random.random(WORLDS)
    values = random.random((WORLDS, DATES, 4))
    values[:, 2:, 0] = x[:, None]
    loses = (x > 0.6) ^ (random.random(WORLDS) < wrong)
    return futures(values, random.gamma(0.7, size=WORLDS)), ~loses


def share(of: np.ndarray, part: np.ndarray, weights: np.ndarray) -> float:
    return float(weights[of & part].sum() / weights[of].sum())


@pytest.mark.parametrize("wrong", [0.0, 0.1])
def test_the_planted_signpost_is_found_and_no_other(wrong: float):
    watched, wins = planted(wrong)
    found = signposts(watched, wins)
    assert found.why_none is None
    assert len(found.signposts) == 1
    sign = found.signposts[0]
    assert (sign.observable, sign.side, sign.day) == ("o0", "above", 90.0)
    assert sign.threshold == pytest.approx(0.6, abs=0.03)
    assert sign.lead == HORIZON - 90.0
    high = watched.values[:, 2, 0] > 0.6
    detection, false = share(~wins, high, watched.weights), share(wins, high, watched.weights)
    assert sign.detection.mean == pytest.approx(detection, abs=0.01)
    assert sign.false_alarms.mean == pytest.approx(false, abs=0.01)
    assert sign.separation.mean == pytest.approx(sign.detection.mean - sign.false_alarms.mean)
    # before it shows, it separates nothing
    assert (np.abs(found.separations[0, :2]) < 4.0 * found.separation_errors[0, :2] + 0.02).all()
    assert found.separations[0, 2:] == pytest.approx(sign.separation.mean)
    assert found.separations[1:].max() < 0.1


@pytest.mark.parametrize("seed", range(8))
def test_noise_gives_no_signpost(seed: int):
    random = np.random.default_rng(seed)
    watched = futures(random.random((4000, DATES, 10)), random.gamma(0.7, size=4000))
    found = signposts(watched, random.random(4000) < 0.5)
    assert found.signposts == ()
    assert found.why_none == "nothing separates"


def test_a_threshold_is_not_praised_on_the_worlds_it_was_chosen_on():
    """The best threshold in noise looks good on its own few worlds; on others, it is worth nothing."""
    praised, honest = [], []
    for seed in range(40):
        random = np.random.default_rng(seed)
        x, wins = random.random(64), random.random(64) < 0.5
        even = np.ones(64)
        praised.append(
            max(abs(share(~wins, x > value, even) - share(wins, x > value, even)) for value in x[x < x.max()])
        )
        honest.append(signposts(futures(x[:, None, None]), wins).separations[0, 0])
    assert np.mean(praised) > 0.15
    assert np.mean(honest) < 4.0 * np.std(honest) / np.sqrt(40)


def test_the_error_is_that_of_repeated_runs():
    """The Monte Carlo error matches how far detection and false alarms scatter over fresh worlds."""
    found = [signposts(*planted(0.1, seed=seed)).signposts[0] for seed in range(12)]
    for name in ("detection", "false_alarms", "separation"):
        means = [getattr(one, name).mean for one in found]
        errors = [getattr(one, name).mcse for one in found]
        # a standard deviation of 12 values is within a factor of two, with room to spare
        assert 0.5 < np.std(means, ddof=1) / np.mean(errors) < 2.0


def test_an_observable_that_warns_when_low():
    watched, wins = planted()
    sign = signposts(replace(watched, values=-watched.values), wins).signposts[0]
    assert sign.side == "below"
    assert sign.threshold == pytest.approx(-0.6, abs=0.03)


def test_weights_decide_which_worlds_count():
    """Among the worlds with weight, another observable tells them apart."""
    random = np.random.default_rng(3)
    values = random.random((8000, 2, 2))
    heavy = np.arange(8000) % 2 == 0
    loses = np.where(heavy, values[:, 1, 1] > 0.5, values[:, 1, 0] > 0.5)
    one = signposts(futures(values, np.where(heavy, 1.0, 0.0)), ~loses)
    two = signposts(futures(values, np.where(heavy, 0.0, 1.0)), ~loses)
    assert [sign.observable for sign in one.signposts] == ["o1"]
    assert [sign.observable for sign in two.signposts] == ["o0"]
    again = signposts(futures(values, np.where(heavy, 7.0, 0.0)), ~loses)
    assert again.signposts[0].threshold == one.signposts[0].threshold


def test_costs_move_the_threshold_and_say_what_is_saved():
    """The chance of losing is the observable itself: warn where it is above the ratio of costs."""
    random = np.random.default_rng(4)
    chance = random.random(WORLDS)
    values = np.repeat(chance[:, None, None], 2, axis=1)
    wins = random.random(WORLDS) > chance
    watched = futures(values)
    for costs in (ErrorCosts(4.0, 1.0), ErrorCosts(1.0, 4.0)):
        sign = signposts(watched, wins, costs).signposts[0]
        limit = costs.false_alarm / (costs.missed + costs.false_alarm)
        assert sign.threshold == pytest.approx(limit, abs=0.06)
        # loss with the rule and of the better constant, integrated over chances that are even
        miss, false = costs.missed, costs.false_alarm
        rule = miss * limit**2 / 2.0 + false * (1.0 - limit) ** 2 / 2.0
        saved = min(miss, false) / 2.0 - rule
        assert sign.saving is not None
        assert sign.saving.mean == pytest.approx(saved, abs=4.0 * sign.saving.mcse + 0.005)


def test_the_earliest_date_that_is_as_good_is_named():
    """The observable sharpens until the fourth date: earlier ones are worse, and later ones no better."""
    random = np.random.default_rng(5)
    x = random.random(WORLDS)
    noise = np.array([0.5, 0.3, 0.1, 0.0, 0.0, 0.0])
    values = (x[:, None] + noise * random.normal(size=(WORLDS, DATES)))[:, :, None]
    found = signposts(futures(values), x <= 0.6)
    assert found.signposts[0].day == 120.0
    assert (np.diff(found.separations[0, :4]) > 0.0).all()


def test_the_lead_is_to_the_day_of_the_loss_where_that_is_known():
    watched, wins = planted()
    lost_on = np.where(watched.values[:, 2, 0] > 0.8, 190.0, 390.0)  # half of the losses early, half late
    weights = np.where(watched.values[:, 2, 0] > 0.8, 2.0, 1.0)
    sign = signposts(replace(watched, lost_on=lost_on, weights=weights), wins).signposts[0]
    assert sign.lead == 100.0


def test_an_observable_alike_in_all_worlds_says_nothing():
    watched, wins = planted()
    values = watched.values.copy()
    values[:, :, 1:] = 3.0
    found = signposts(replace(watched, values=values), wins)
    assert [sign.observable for sign in found.signposts] == ["o0"]
    values[:, :, 0] = 1.0
    assert signposts(replace(watched, values=values), wins).why_none == "nothing separates"


@pytest.mark.parametrize(("wins", "why"), [(True, "never loses"), (False, "always loses")])
def test_where_the_option_never_or_always_loses_there_is_nothing_to_tell_apart(wins: bool, why: str):
    watched, _ = planted()
    found = signposts(watched, np.full(WORLDS, wins))
    assert (found.signposts, found.why_none, found.losing.mean) == ((), why, float(not wins))


def test_what_is_wrong_is_said_in_a_sentence():
    watched, wins = planted()
    values = watched.values.copy()
    values[7, 3, 2] = np.inf
    with pytest.raises(EvidenceError) as caught:
        signposts(replace(watched, values=values), wins)
    assert str(caught.value) == (
        "observable 'o2': value is 'not a number', but it must be finite; give failed worlds the weight 0."
    )
    with pytest.raises(EvidenceError) as caught:
        signposts(watched, wins, ErrorCosts(1.0, 0.0))
    assert str(caught.value) == (
        "costs of signposts: false_alarm is 0.0, but it must be above 0; state what it costs."
    )
    with pytest.raises(EvidenceError, match="number of islands with weight is 3, but it must be at least 8"):
        signposts(replace(watched, island=np.arange(WORLDS) % 3), wins)
    with pytest.raises(EvidenceError, match=r"weight is -1\.0, but it must be a number from 0 up"):
        signposts(replace(watched, weights=-np.ones(WORLDS)), wins)
