"""Bundles by their components: what is generated, what each part adds, and that the menu stays as it was."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.decisions.builders import case, ensemble, metric, option

from quidproquo.cases import load_case
from quidproquo.cases.record import Case, Option
from quidproquo.decisions.compare import compare
from quidproquo.decisions.components import BundleFinding, bundle_findings, generated_options
from quidproquo.decisions.value import valued_worlds

WORLDS = 8_000


def doing(ident: str, money: float, **levers: float) -> Option:
    return dataclasses.replace(option(ident), levers=levers, cost={"money": money})


def made_case(*options: Option, delta: float = 0.01) -> Case:
    rules = case("a", (metric("gain"), metric("cost", "lower", worst=100.0)), delta=delta)
    return dataclasses.replace(rules, options=rules.options | {one.id: one for one in options})


MENU = (
    doing("talk", 10.0, talk=1.0),
    doing("press", 20.0, press=1.0),
    doing("all", 36.0, talk=1.0, press=1.0, pray=1.0),
)


def test_a_bundle_is_generated_without_each_of_its_levers():
    found = generated_options(made_case(*MENU))
    assert {name: dict(one.levers) for name, one in found.items()} == {
        "all-talk": {"press": 1.0, "pray": 1.0},
        "all-press": {"talk": 1.0, "pray": 1.0},
        "all-pray": {"talk": 1.0, "press": 1.0},
    }
    # at the bundle's cost less that of the option which consists of the lever alone
    assert found["all-talk"].cost == {"money": 26.0}
    assert found["all-press"].cost == {"money": 16.0}
    # where there is none, less the lever's share
    assert found["all-pray"].cost == {"money": pytest.approx(24.0)}
    assert found["all-pray"].title == "Option all, without pray"
    assert not any(one.baseline for one in found.values())


def test_what_the_menu_has_is_not_generated_and_nothing_is_twice():
    pair = doing("pair", 30.0, talk=1.0, press=1.0)
    both = generated_options(made_case(*MENU, pair))
    # of the pair, each half is an option of the menu
    assert set(both) == {"all-talk", "all-press"}
    twin = doing("twin", 40.0, press=1.0, pray=1.0, dance=1.0)
    found = generated_options(made_case(*MENU, twin))
    assert [one.levers for one in found.values()].count({"press": 1.0, "pray": 1.0}) == 1
    later = dataclasses.replace(pair, months=6)
    assert "all-pray" in generated_options(made_case(*MENU, later))
    stronger = dataclasses.replace(pair, levers={"talk": 2.0, "press": 1.0})
    assert "all-pray" in generated_options(made_case(*MENU, stronger))


def test_single_levers_make_no_bundle():
    assert generated_options(made_case(*MENU[:2])) == {}
    assert generated_options(made_case(doing("still", 0.0, talk=1.0, press=0.0))) == {}


def planted(effects: dict[str, float], rules: Case, crowding: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of the menu and of what is generated: gains add up, less what a bundle loses by crowding."""
    noise = np.random.default_rng(2).normal(size=(WORLDS, len(effects)))
    spread = dict(zip(effects, noise.T, strict=True))

    def outcome(one: Option) -> np.ndarray:
        strength = max(len(one.levers), 1) ** -crowding
        gain = 0.3 + sum(
            (strength * (effects[name] + 0.02 * spread[name]) for name in one.levers), np.zeros(WORLDS)
        )
        return np.stack([gain, np.full(WORLDS, one.cost.get("money", 0.0))], axis=1)

    menu = np.stack([outcome(one) for one in rules.options.values()], axis=1)
    return menu, np.stack([outcome(one) for one in generated_options(rules).values()], axis=1)


def found_in(effects: dict[str, float], *more: Option, delta: float = 0.01) -> BundleFinding:
    rules = made_case(*MENU, *more, delta=delta)
    menu, variants = planted(effects, rules)
    fields = {"options": tuple(rules.options), "metrics": ("gain", "cost")}
    made = ensemble(menu, **fields, variants=tuple(generated_options(rules)), variant_outcomes=variants)
    return bundle_findings(valued_worlds(made, rules), rules)["all"]


def test_a_lever_that_is_no_option_alone_is_called_part_of_the_smallest_that_has_it():
    pair = doing("pair", 20.0, talk=1.0, pray=1.0)
    titles = {
        one.lever: one.title for one in found_in({"talk": 0.3, "press": 0.25, "pray": 0.1}, pair).components
    }
    assert titles == {"talk": "Option talk", "press": "Option press", "pray": "Option pair (its part pray)"}


def test_a_lever_that_is_no_option_alone_is_called_by_the_title_that_the_case_gives_it():
    pair = doing("pair", 20.0, talk=1.0, pray=1.0)
    named = dataclasses.replace(pair, parts={"pray": "Pray in public", "talk": "Talk first"})
    made = generated_options(made_case(*MENU, named))
    titles = {option.title for option in made.values()}
    assert "Option all, without Pray in public" in titles
    # what is an option by itself is called by its own title
    assert not any("Talk first" in title for title in titles)


def test_a_component_that_harms_is_named_and_the_bundle_without_it_offered():
    found = found_in({"talk": 0.3, "press": 0.25, "pray": -0.1})
    by_lever = {one.lever: one for one in found.components}
    # half of the value is gain; the other half is money, of which each saves its share
    assert by_lever["talk"].value.mean == pytest.approx((0.3 - 0.10) / 2, abs=3 * by_lever["talk"].value.mcse)
    assert by_lever["talk"].metrics["gain"].mean == pytest.approx(0.3, abs=1e-3)
    assert by_lever["talk"].metrics["cost"].mean == pytest.approx(10.0)
    assert [one.adds for one in found.components] == ["adds", "adds", "harms"]
    assert by_lever["pray"].better < 0.01
    assert found.smaller is not None
    assert found.smaller.titles == ("Option talk", "Option press")
    assert found.smaller.generated
    assert found.smaller.value.mean == pytest.approx((0.1 + 0.12) / 2, abs=1e-3)
    assert found.smaller.metrics["cost"].mean == pytest.approx(-12.0)


def test_a_component_that_adds_nothing_is_named():
    found = found_in({"talk": 0.3, "press": 0.25, "pray": 0.121})
    assert [one.adds for one in found.components] == ["adds", "adds", "nothing"]
    assert found.smaller is not None
    assert found.smaller.titles == ("Option talk", "Option press")


def test_a_bundle_whose_parts_all_add_is_offered_whole():
    found = found_in({"talk": 0.3, "press": 0.25, "pray": 0.3})
    assert [one.adds for one in found.components] == ["adds", "adds", "adds"]
    assert found.smaller is None


def test_the_smallest_part_that_does_as_well_is_offered():
    found = found_in({"talk": 0.5, "press": 0.17, "pray": 0.12}, delta=0.05)
    assert [one.adds for one in found.components] == ["adds", "nothing", "nothing"]
    assert found.smaller is not None
    assert (found.smaller.option, found.smaller.generated) == ("talk", False)
    assert found.smaller.titles == ("Option talk",)


def test_a_failure_of_a_generated_bundle_counts_in_no_other():
    rules = made_case(*MENU)
    menu, variants = planted({"talk": 0.3, "press": 0.25, "pray": -0.1}, rules)
    variants[::7, 0] = np.nan
    fields = {"options": tuple(rules.options), "metrics": ("gain", "cost")}
    made = ensemble(menu, **fields, variants=tuple(generated_options(rules)), variant_outcomes=variants)
    worlds = valued_worlds(made, rules)
    assert worlds.failed == 0
    first, second, _ = bundle_findings(worlds, rules)["all"].components
    assert first.value.mean == pytest.approx(0.1, abs=0.002)
    assert second.value.mean == pytest.approx(0.025, abs=0.002)


def test_generated_bundles_enter_no_comparison():
    rules = made_case(*MENU)
    menu, variants = planted({"talk": 0.3, "press": 0.25, "pray": -0.1}, rules)
    fields = {"options": tuple(rules.options), "metrics": ("gain", "cost")}
    alone = valued_worlds(ensemble(menu, **fields), rules)
    beside = valued_worlds(
        ensemble(menu, **fields, variants=tuple(generated_options(rules)), variant_outcomes=variants), rules
    )
    one, other = compare(alone, alone, rules), compare(beside, alone, rules)
    assert one.components == {}
    assert set(other.components) == {"all"}
    assert dataclasses.replace(other, components={}) == one


def test_a_dominated_option_changes_no_figure_of_the_others():
    rules = made_case(*MENU)
    menu, _ = planted({"talk": 0.3, "press": 0.25, "pray": -0.1}, rules)
    fields = {"options": tuple(rules.options), "metrics": ("gain", "cost")}
    more = made_case(*MENU, doing("worse", 21.0, press=0.5))
    worse = menu[:, [2]] - [0.05, -1.0]
    one, other = (
        compare(worlds, worlds, some)
        for some, worlds in (
            (rules, valued_worlds(ensemble(menu, **fields), rules)),
            (
                more,
                valued_worlds(
                    ensemble(
                        np.concatenate([menu, worse], axis=1),
                        options=tuple(more.options),
                        metrics=("gain", "cost"),
                    ),
                    more,
                ),
            ),
        )
    )
    assert other.dominated["worse"]
    assert one.preferred == other.preferred
    for name in rules.options:
        assert one.weighted[name] == other.weighted[name]
        assert one.exploratory[name] == other.exploratory[name]


@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_no_part_of_a_shipped_bundle_is_called_by_the_name_of_its_lever(name: str):
    shipped = load_case(name)
    titles = [option.title for option in generated_options(shipped).values()]
    assert titles
    assert not [title for title in titles if "(its part " in title]
    levers = {lever.replace("_", " ") for option in shipped.options.values() for lever in option.levers}
    assert not [title for title in titles if title.rpartition(", without ")[2] in levers]
