"""Whether the plain files of each shipped case agree with each other, and with the coded facts."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from quidproquo.cases import list_cases, load_case
from quidproquo.cases.record import Case
from quidproquo.terms.edtf import parse

NAMES = [summary.name for summary in list_cases()]
FIRST = "dprk-russia"
SECOND = "rok-vietnam"
ROWS_WITH_LEXICON = "S012 S013 S021 S040 S048 S050 S059 S060 S072 S074 S075 S078 S082 S083".split()
WITHOUT_SPEAKER = (
    "own ", "derived:", "official statements", "joint statement", "unstated", "testimony",
    "contemporary record",
)  # fmt: skip


@cache
def case_of(name: str) -> Case:
    return load_case(name)


@cache
def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims(case: Case) -> list[dict[str, str]]:
    return table(case.folder / "claims.csv")


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n---\n", 1)[1]


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(request.param)


def test_every_quantity_and_proposition_of_a_claim_is_declared(case: Case) -> None:
    for row in claims(case):
        assert row["quantity"] in case.quantities, row["id"]
        quantity = case.quantities[row["quantity"]]
        if row["proposition"]:
            assert row["proposition"] in case.propositions, row["id"]
            assert quantity.kind == "event", row["id"]
        else:
            assert quantity.unit == row["unit"], row["id"]


def test_numbers_of_claims_lie_in_the_declared_range(case: Case) -> None:
    for row in claims(case):
        quantity = case.quantities[row["quantity"]]
        for column in ("value", "low", "high"):
            if row[column] and quantity.low is not None and quantity.high is not None:
                if quantity.scale == "log" and float(row[column]) == 0.0:
                    continue  # nothing at all lies below any range of amounts
                assert quantity.low <= float(row[column]) <= quantity.high, row["id"]


def test_every_origin_leads_to_a_source(case: Case) -> None:
    for row in claims(case):
        assert case.source_of(row["origin"]) or case.source_of(row["speaker"]), row["id"]
        if row["origin"] and not row["origin"].startswith(WITHOUT_SPEAKER):
            assert case.source_of(row["origin"]), row["id"]
        assert case.source_of(row["speaker"]), row["id"]


def test_every_claim_is_graded_and_accepted(case: Case) -> None:
    for row in claims(case):
        assert row["credibility"] in {"1", "2", "3", "4", "5", "6"}, row["id"]
        assert row["state"] == "accepted", row["id"]
        if row["verification"] == "derived":
            assert row["credibility"] == "6", row["id"]


def test_every_claim_stands_word_for_word_in_its_document(case: Case) -> None:
    for row in claims(case):
        if row["verification"] == "derived":
            assert not row["document"], row["id"]
            continue
        path = case.folder / "documents" / row["document"]
        assert path.is_file(), row["id"]
        assert row["paraphrase"] in body(path), row["id"]


def test_every_document_tells_a_claim_and_has_front_matter(case: Case) -> None:
    told = {row["document"] for row in claims(case)}
    for path in sorted((case.folder / "documents").iterdir()):
        assert path.name in told
        head = path.read_text(encoding="utf-8").split("\n---\n", 1)[0]
        for key in ("title", "publisher", "published"):
            assert re.search(rf"^{key}: \S", head, re.MULTILINE), (path.name, key)
        assert re.search(r"^kind: digest$", head, re.MULTILINE), path.name


def test_documents_are_dated_as_their_claims(case: Case) -> None:
    for row in claims(case):
        if row["document"]:
            assert row["document"].startswith(row["published"][:4] or "undated"), row["id"]


def test_links_join_claims_that_exist(case: Case) -> None:
    path = case.folder / "links.csv"
    if not path.exists():
        return
    ids = {row["id"] for row in claims(case)}
    for link in table(path):
        assert {link["a"], *link["b"].split(" x ")} <= ids


def test_a_claim_that_set_a_prior_is_not_also_weighed(case: Case) -> None:
    set_from = {name for prior in case.priors.values() for name in prior.set_from}
    weighed = {
        row["id"]
        for row in claims(case)
        if not row["proposition"] and row["qualifier"] in case.quantities[row["quantity"]].observes
    }
    assert not set_from & weighed


def test_no_prior_rests_on_what_came_after_the_decision_date(case: Case) -> None:
    for prior in case.priors.values():
        assert prior.known_by is None or prior.known_by <= case.decision_date, prior.name


def test_every_quantity_with_claims_has_words_in_the_lexicon(case: Case) -> None:
    targets = {entry.target for entry in case.lexicon}
    numeric = {row["quantity"] for row in claims(case) if not row["proposition"]}
    assert len(numeric - targets) <= 0.05 * len(numeric), sorted(numeric - targets)


def test_topics_cover_every_quantity(case: Case) -> None:
    in_topics = {name for topic in case.topics.values() for name in topic.quantities}
    assert in_topics <= set(case.quantities)
    assert not {row["quantity"] for row in claims(case)} - in_topics


# --------------------------------------------------------------- the first case


def test_first_case_has_its_dates_and_rows() -> None:
    case = case_of(FIRST)
    assert (case.start, case.decision_date, case.horizon) == (
        date(2022, 1, 1),
        date(2025, 2, 28),
        date(2027, 12, 31),
    )
    assert list(case.topics) == [f"S{number}" for number in range(1, 15)]
    assert sum(row["id"].startswith("S") for row in claims(case)) == 92
    assert sum(row["id"].startswith("A") for row in claims(case)) == 142
    assert sum(row["id"].startswith("B") for row in claims(case)) == len(claims(case)) - 92 - 142 > 50


def test_first_case_reports_something_on_every_topic() -> None:
    case = case_of(FIRST)
    for name in [f"S{number}" for number in (*range(1, 12), 14)]:
        topic = case.topics[name]
        estimates = [
            quantity
            for quantity in topic.quantities
            if case.quantities[quantity].observes and case.quantities[quantity].report
        ]
        assert estimates, name
        assert topic.metrics, name


def test_qualified_figures_have_the_operator_that_is_honest_for_them() -> None:
    quantities = case_of(FIRST).quantities
    rounds = quantities["artillery_rounds_delivered_cumulative"].observes
    assert rounds["capacity"] == "munitions.room"
    assert rounds["weight_equivalent"] == rounds[""] == "munitions.delivered"
    assert quantities["troops_planned"].observes == {"": "deployment.planned"}
    for name in ("pay_per_soldier_usd_per_month", "troop_revenue_usd_per_month"):
        assert "conditional" not in quantities[name].observes
        assert "analogy" not in quantities[name].observes


def value_of(case: Case, item: object) -> float:
    rows = {row["id"]: row for row in claims(case)}
    if item.value is not None:
        return item.value
    row = rows[item.claim]
    value = float(row["value"])
    return 0.95 * value if row["near"] == "true" and row["comparison"] == "less_than" else value


@pytest.mark.parametrize(
    ("check", "low", "high"),
    [
        ("monthly_income", 9.0e6, 1.0e7),
        ("export_share_annualised", 0.37, 0.43),
        ("export_share_literal", 0.028, 0.036),
        ("monthly_income_independent", 5.9e6, 6.1e6),
        ("export_share_independent", 0.23, 0.26),
        ("losses_of_force", 5400, 5600),
        ("days_of_russian_losses", 9.5, 10.5),
        ("shells_per_container_2024_08", 455, 465),
    ],
)
def test_arithmetic_of_the_documents_comes_out(check: str, low: float, high: float) -> None:
    case = case_of(FIRST)
    declared = case.checks[check]
    names = {item.name: value_of(case, item) for item in declared.inputs}
    result = eval(compile(declared.formula, check, "eval"), {"__builtins__": {}}, names)
    assert low <= result <= high


def test_every_declared_expectation_holds(case: Case) -> None:
    for check in case.checks.values():
        if check.low is not None and check.high is not None:
            names = {item.name: value_of(case, item) for item in check.inputs}
            result = eval(compile(check.formula, check.id, "eval"), {"__builtins__": {}}, names)
            assert check.low <= result <= check.high, check.id


def test_rows_that_must_be_read_have_an_entry() -> None:
    case = case_of(FIRST)
    rows = {row["id"]: row for row in claims(case)}
    entries = {(entry.target, entry.qualifier) for entry in case.lexicon}
    for name in ROWS_WITH_LEXICON:
        assert (rows[name]["quantity"], rows[name]["qualifier"]) in entries, name


def test_claims_are_those_of_the_coded_facts(shared: Path) -> None:
    mine = {row["id"]: row for row in claims(case_of(FIRST))}
    for file in ("facts_seeds.csv", "facts_2022_2025.csv"):
        for row in table(shared / "facts" / file):
            kept = mine.pop(row["id"])
            for column in set(row) - {"url", "readable"}:
                assert kept[column] == row[column], (row["id"], column)
    assert all(name.startswith("B") for name in mine)


def test_what_was_added_to_the_coded_facts_has_an_address_and_was_out_by_the_decision_date() -> None:
    case = case_of(FIRST)
    for row in claims(case):
        if row["id"].startswith("B"):
            assert row["url"].startswith("http"), row["id"]
            published = parse(row["published"])
            assert published is not None
            assert published.end <= case.decision_date, row["id"]


def test_no_sentence_of_the_documents_is_copied(shared: Path) -> None:
    originals = " ".join(
        path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("*.txt"))
    )
    words = re.findall(r"[a-z0-9]+", originals.lower())
    runs = {tuple(words[i : i + 9]) for i in range(len(words) - 8)}
    for name in ("2024-10-24-voa-korean.md", "2025-02-rand-commentary.md"):
        told = re.findall(r"[a-z0-9]+", body(case_of(FIRST).folder / "documents" / name).lower())
        shared_runs = [told[i : i + 9] for i in range(len(told) - 8) if tuple(told[i : i + 9]) in runs]
        assert shared_runs == []


def test_files_are_plain_utf8_with_unix_line_ends(case: Case) -> None:
    folder = case.folder
    for path in [*folder.glob("*.*"), *folder.glob("documents/*")]:
        data = path.read_bytes()
        data.decode("utf-8")
        assert b"\r" not in data, path.name
        if path.suffix == ".toml":
            tomllib.loads(data.decode("utf-8"))


# --------------------------------------------------------------- the second case

# quantity and qualifier of the table → the observable that is honest for it
OPERATORS = {
    "rok_troops_in_vietnam": {"": "deployment.standing", "yearly_average": "deployment.standing"},
    "rok_troops_sent_additional": {"": "deployment.sent"},
    "rok_troops_increments_total": {"authorised": "deployment.sent"},
    "rok_troops_rotated_cumulative": {"": "deployment.served"},
    "rok_troops_withdrawn": {"planned": "deployment.withdrawn", "first_wave": None},
    "rok_troops_planned": {"": None},
    "rok_maneuver_battalions_in_vietnam": {"": "deployment.units"},
    "rok_deaths_all": {"": "attrition.dead_all"},
    "rok_killed_in_action": {"": "attrition.dead"},
    "rok_wounded": {"": "attrition.injured", "serious": None},
    "rok_pay_ratio_to_home": {"home_pay": "benefits.pay_ratio"},
    "us_payment_overseas_allowances_usd": {"": "earnings.troops_total"},
    "rok_remittances_usd": {"": "earnings.sent_home"},
    "rok_remittance_share": {"": "earnings.cash"},
    "rok_direct_earnings_usd": {"": "earnings.currency"},
    "rok_share_of_fx_from_vietnam": {"": "benefits.fx_share"},
    "us_military_aid_increase_usd": {"": "aid.delivered"},
    "us_deployment_costs_paid_usd": {"": "benefits.costs"},
    "us_technology_export_support_usd": {"": "know_how.delivered"},
    "rok_total_benefits_usd": {"": "benefits.total"},
    "us_payment_death_benefits_usd": {"": "benefits.compensation"},
    "us_payment_death_benefits_krw": {"": "benefits.compensation_local"},
    "us_cost_per_rok_soldier_usd_per_year": {"": "benefits.per_soldier"},
    "us_cost_per_us_soldier_usd_per_year": {"": None},
    "us_cost_per_philippine_soldier_usd": {"": None},
    "us_loan_commitment_usd": {"programme_loan": None, "development_loan": None},
    "us_assistance_package_usd": {"planned": None},
    "brown_memorandum_points": {"": None},
    "rok_exports_usd": {"": "economy.exports"},
    "rok_gnp_usd": {"": "economy.output"},
    "us_share_of_rok_trade": {"": "economy.partner_share"},
}
RANKS = """
    private private_first_class corporal sergeant staff_sergeant second_lieutenant lieutenant_colonel
    colonel brigadier_general
""".split()


def test_second_case_has_its_dates_and_rows() -> None:
    case = case_of(SECOND)
    assert (case.start, case.decision_date, case.horizon, case.clock) == (
        date(1964, 1, 1),
        date(1967, 12, 31),
        date(1973, 12, 31),
        "event",
    )
    assert len(claims(case)) == 94


def test_each_quantity_and_qualifier_of_the_second_case_has_the_operator_that_is_honest_for_it() -> None:
    case = case_of(SECOND)
    told = {(r["quantity"], r["qualifier"]) for r in claims(case) if not r["proposition"]}
    wanted = {(quantity, q): name for quantity, row in OPERATORS.items() for q, name in row.items()}
    wanted |= {("rok_overseas_allowance_usd_per_month", rank): f"{rank}.pay" for rank in RANKS}
    assert told == set(wanted)
    for (quantity, qualifier), name in wanted.items():
        assert case.quantities[quantity].observes.get(qualifier) == name, (quantity, qualifier)


def test_definitions_of_what_was_earned_do_not_share_an_observable() -> None:
    quantities = case_of(SECOND).quantities.values()
    money = [q.observes[""] for q in quantities if q.group == "rok_vn_money" and "" in q.observes]
    assert len(set(money)) == len(money) > 10


def test_no_prior_of_the_second_case_knows_what_came_after_1967() -> None:
    case = case_of(SECOND)
    rows = {row["id"]: row for row in claims(case)}
    for prior in case.priors.values():
        assert prior.known_by is None or prior.known_by <= case.decision_date, prior.name
        assert all(rows[name]["event"][:4] <= "1967" for name in prior.set_from), prior.name


def test_claims_of_the_second_case_are_those_of_the_coded_facts(shared: Path) -> None:
    mine = {row["id"]: row for row in claims(case_of(SECOND))}
    for row in table(shared / "facts" / "facts_rok_vietnam.csv"):
        kept = mine.pop(row["id"])
        assert {column: kept[column] for column in row} == dict(row)
    assert not mine
