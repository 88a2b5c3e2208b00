"""Every printed number leads in one step to sentences of claims or to a judgement by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from tests.brief.factory import make_brief

from quidproquo.brief import render_html
from quidproquo.brief.provenance import bases, choice_basis, metric_basis
from quidproquo.study import read_run
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.influence import InfluenceDiagram, InfluenceEdge, InfluenceNode

FIXTURES = Path(__file__).parents[1] / "fixtures"
SECTIONS = (
    "judgements", "limits", "unchanged", "preferred", "weights", "components", "ledger", "estimates", "options",
    "hypotheses", "leverage", "discovery", "signposts", "checks", "forecasts", "misfit",
)  # fmt: skip
WHERE_FOUND = {"unchanged", "weights", "components", "discovery", "signposts"}
"""Sections that stand only where a run has found something."""
# what says how to read a page, what is somebody's words, and what a basis itself says, is no number to trace
EXEMPT = (
    "contains(concat(' ', @class, ' '), ' note ')",
    "contains(concat(' ', @class, ' '), ' verbatim ')",
    "contains(concat(' ', @class, ' '), ' basis ')",
    "contains(concat(' ', @class, ' '), ' claims-list ')",
    "contains(concat(' ', @class, ' '), ' run ')",
    "contains(concat(' ', @class, ' '), ' key ')",
    "contains(concat(' ', @class, ' '), ' kicker ')",
    "self::svg", "self::style", "self::h2", "self::h3", "self::h4", "self::summary", "self::thead", "self::code",
)  # fmt: skip
NUMBER = re.compile(r"\d")
COUNTS = {
    "weightings-all", "options-all", "claims", "claims-all", "conflicts-all", "leverage-all", "misfit-all",
    "hypotheses", "assumptions", "smallest-set",
}  # fmt: skip
"""Lists of what a number counts: a link to one of them leads to the things themselves."""


def numbers(tree: html.HtmlElement, section: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Each run of text with a digit, and the element that it stands in."""
    assert section in WHERE_FOUND or tree.xpath("//section[@id=$name]", name=section), section
    hidden = " or ".join(EXEMPT)
    for text in tree.xpath(f"//section[@id=$name]//text()[not(ancestor::*[{hidden}])]", name=section):
        if NUMBER.search(text):
            parent = text.getparent()
            yield str(text).strip(), parent.getparent() if text.is_tail else parent


def lead(element: html.HtmlElement) -> str:
    """Where a number leads: by its own link, else by what the nearest element around it rests on."""
    for node in [element, *element.iterancestors()]:
        href = node.get("href")
        if href is not None:
            return str(href).removeprefix("#")
        if node.get("data-basis"):
            return str(node.get("data-basis"))
    return ""


def fault(tree: html.HtmlElement, element: html.HtmlElement) -> str:
    """Why a number leads nowhere; empty where it leads to sentences or to a named judgement."""
    name = lead(element)
    if not name:
        return "no link"
    found = tree.xpath("//*[@id=$name]", name=name)
    if not found:
        return f"nothing is called {name}"
    target = found[0]
    if name in COUNTS:
        return ""
    if target in [element, *element.iterancestors()] and target.tag in (
        "p",
        "article",
        "section",
        "li",
        "td",
    ):
        return f"{name} is its own paragraph"
    told = target.xpath(
        "descendant-or-self::*[contains(concat(' ', @class, ' '), ' verbatim ')"
        " or contains(concat(' ', @class, ' '), ' named ')]"
    )
    if not any(node.text_content().strip() for node in told):
        return f"{name} holds neither a sentence nor a judgement by name"
    return ""


def faults(page: str) -> list[str]:
    tree = html.fromstring(page)
    return [
        f"{section}: {text[:60]!r}: {why}"
        for section in SECTIONS
        for text, element in numbers(tree, section)
        if (why := fault(tree, element))
    ]


def test_every_number_leads_to_sentences_or_a_judgement(page: str) -> None:
    assert faults(page) == []


@pytest.mark.parametrize("run", ["run_697595c", "run_f7fe896"])
def test_every_number_of_an_old_run_does_too(run: str) -> None:
    assert faults(render_html(read_run(FIXTURES / run).brief)) == []


def test_sections_on_the_choice_hold_numbers(page: str) -> None:
    tree = html.fromstring(page)
    assert all(any(numbers(tree, section)) for section in WHERE_FOUND)


def test_the_walk_finds_many_numbers_and_each_kind_of_fault(page: str) -> None:
    tree = html.fromstring(page)
    assert sum(1 for section in SECTIONS for _ in numbers(tree, section)) > 1_000
    planted = {
        "<p>It is 41.</p>": "no link",
        '<p>It is <a href="#gone">41</a>.</p>': "nothing is called gone",
        '<p id="own">It is <a href="#own">41</a>.</p>': "own is its own paragraph",
        '<p>It is <a href="#empty">41</a>.</p><p id="empty">words</p>': "neither a sentence",
    }
    for text, why in planted.items():
        other = html.fromstring(f'<div><section id="s">{text}</section></div>')
        ((_, element),) = numbers(other, "s")
        assert why in fault(other, element)
    good = html.fromstring(
        '<div><section id="s"><a href="#b">41</a></section><div id="b"><p class="verbatim">said</p></div></div>'
    )
    ((_, element),) = numbers(good, "s")
    assert fault(good, element) == ""


def test_what_a_row_rests_on_can_be_followed_by_eye(page: str) -> None:
    """Where numbers of a table share a basis, the table or a place above it shows a link to that."""
    tree = html.fromstring(page)
    for node in tree.xpath("//*[@data-basis]"):
        name = node.get("data-basis")
        shown = node.xpath(".//a[@href=$href]", href=f"#{name}")
        assert shown or node.xpath("descendant-or-self::*[@id=$name]", name=name), name


def test_thresholds_weights_and_costs_are_named_as_judgements(brief: Brief) -> None:
    found = bases(brief)
    for name in brief.metrics:
        words = " ".join(found[f"metric.{name}"].set_by)
        assert "Threshold: " in words
        assert "Weight: " in words
        assert "judgement of the case; no reason is stated" in words
    for name in brief.options:
        assert "judgement of the case" in found[f"cost.{name}"].set_by[0]
    sourced = brief.options["coalition"].model_copy(update={"cost_source": "budget of 2024"})
    planted = brief.model_copy(update={"options": {**brief.options, "coalition": sourced}})
    assert "(budget of 2024)" in bases(planted)["cost.coalition"].set_by[0]


def test_money_is_in_dollars_and_shares_in_percent_wherever_the_case_sets_them(brief: Brief) -> None:
    name = next(iter(brief.metrics))
    money = brief.metrics[name].model_copy(
        update={"unit": "million USD", "worst": 1_000.0, "best": 0.0, "threshold": 600.0}
    )
    dear = brief.options["coalition"].model_copy(update={"cost": {"money": 150.0, "attention": 1.0}})
    planted = brief.model_copy(
        update={"metrics": {**brief.metrics, name: money}, "options": {**brief.options, "coalition": dear}}
    )
    found = bases(planted)
    said = " ".join(found[f"metric.{name}"].set_by).replace("\xa0", " ")
    assert "Threshold: $600 million (" in said
    assert "worst to best: $1 billion to $0 (" in said
    assert (
        found["cost.coalition"].set_by[0].replace("\xa0", " ").startswith("Cost: $150 million; attention 1 (")
    )


def test_only_what_moves_the_margin_beyond_chance_is_said_to(brief: Brief) -> None:
    first = next(item for item in brief.leverage if item.kind == "claim")
    known = [claim.id for claim in brief.claims[:2]]
    rows = [
        first.model_copy(
            update={"id": known[0], "margin_shift": -0.05, "margin_mcse": 0.04, "reliable": True}
        ),
        first.model_copy(
            update={"id": known[1], "margin_shift": 0.01, "margin_mcse": 0.001, "reliable": True}
        ),
    ]
    basis = choice_basis(brief.model_copy(update={"leverage": rows}))
    assert basis.claims == (known[1],)
    none = choice_basis(brief.model_copy(update={"leverage": rows[:1]}))
    assert none.claims == ()
    assert "No single report moves the margin by more than chance would." in none.note


def test_a_metric_rests_on_the_claims_of_what_it_reads_and_on_no_others() -> None:
    brief = make_brief(claims=12, documents=4, estimates=3)
    used = [claim.id for claim in brief.claims if claim.used]
    metric = next(iter(brief.metrics))

    def node(name: str, claims: list[str]) -> InfluenceNode:
        return InfluenceNode(kind="mechanism", name=name, title=name, claims=len(claims), observed=claims)

    def edge(source: str, target: str) -> InfluenceEdge:
        return InfluenceEdge(source=source, target=target, via=["x"], past=True, ahead=True)

    diagram = InfluenceDiagram(
        nodes={
            "mechanism.trade": node("trade", used[:1]),
            "mechanism.game": node("game", used[1:2]),
            "mechanism.opinion": node("opinion", used[2:3]),
            "parameters.trade": InfluenceNode(
                kind="parameters",
                name="trade",
                title="trade",
                members=["trade.parameter_1", "trade.parameter_3"],
            ),
        },
        edges=[edge("mechanism.game", "mechanism.trade"), edge("mechanism.trade", f"metric.{metric}")],
    )
    found = metric_basis(brief.model_copy(update={"influence": diagram}), metric)
    assert found.claims == tuple(used[:2])
    assert [prior.name for prior in found.priors] == ["trade.parameter_1", "trade.parameter_3"]
    assert found.priors[0].grounds == "judgement; the case states no reason"
    assert found.priors[1].grounds == "Osterlich Institute (2023), table 4"
    assert "one of them" not in found.note
    assert "1 of them judgement" in found.note


@pytest.mark.parametrize("name", ["estimate.crates_sent", "hypothesis.paid", "choice"])
def test_a_basis_names_claims_that_weigh_and_priors_with_their_grounds(brief: Brief, name: str) -> None:
    found = bases(brief)[name]
    used = {claim.id for claim in brief.claims if claim.used}
    assert found.claims or found.priors
    if name == "estimate.crates_sent":
        assert set(found.claims) <= used
    assert all(prior.grounds for prior in found.priors)
