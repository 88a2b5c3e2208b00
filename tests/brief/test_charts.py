from __future__ import annotations

import re

import altair
import pytest
from tests.brief.factory import make_brief

from quidproquo.brief import charts
from quidproquo.brief.fan import drawn_claims, off_chart
from quidproquo.study.schema.brief import Brief
from quidproquo.terms.errors import InputError

SUBJECTS = {"estimate": "crates_sent", "metric": "spill_over"}


@pytest.mark.parametrize("kind", list(charts.KINDS))
def test_each_kind_is_drawn_and_gives_the_same_bytes_again(brief: Brief, kind: str) -> None:
    spec = charts.draw(brief, kind, SUBJECTS.get(kind, ""))
    first, second = charts.svg(spec, "one"), charts.svg(spec, "one")
    assert first == second
    assert first.startswith("<svg")
    assert "NaN" not in first
    assert all(name.startswith("one-") for name in re.findall(r'\bid="([^"]+)"', first))


@pytest.mark.parametrize("kind", list(charts.KINDS))
def test_each_kind_is_a_valid_altair_chart(brief: Brief, kind: str) -> None:
    chart = altair.Chart.from_dict(charts.draw(brief, kind, SUBJECTS.get(kind, "")))
    assert chart.to_dict()["$schema"].endswith("v6.json")


def test_an_unknown_kind_is_refused(brief: Brief) -> None:
    with pytest.raises(InputError, match="chart is 'pie', but it must be one of estimate, metric"):
        charts.draw(brief, "pie", "x")


def test_a_claim_is_drawn_or_told_to_lie_off_the_chart(brief: Brief) -> None:
    spec = charts.draw(brief, "estimate", "crates_sent")
    drawn = sum(
        len(layer["data"]["values"])
        for layer in spec["layer"]
        if "data" in layer
        if layer["mark"].get("shape")
        or ("y2" in layer.get("encoding", {}) and layer["mark"]["type"] == "rule")
    )
    assert drawn + len(off_chart(brief, "crates_sent")) == len(drawn_claims(brief, "crates_sent"))
    assert drawn > 5


def test_a_far_claim_that_does_not_weigh_is_told_of() -> None:
    brief = make_brief(claims=9, documents=0, estimates=1)
    first = drawn_claims(brief, "crates_sent")[0]
    far = first.model_copy(
        update={"value": 9e12, "low": None, "high": None, "used": False, "comparison": "eq"}
    )
    changed = brief.model_copy(update={"claims": [far if c.id == far.id else c for c in brief.claims]})
    assert off_chart(changed, "crates_sent") == [far.id]


def test_rejected_claims_are_not_drawn() -> None:
    brief = make_brief(claims=9, documents=0, estimates=1)
    claims = [claim.model_copy(update={"state": "rejected"}) for claim in brief.claims]
    assert drawn_claims(brief.model_copy(update={"claims": claims}), "crates_sent") == []


def test_a_wide_span_of_amounts_gets_a_logarithmic_axis() -> None:
    brief = make_brief(claims=9, documents=0, estimates=1)
    estimate = brief.estimates["crates_sent"]
    wide = estimate.model_copy(update={"q05": [v / 500.0 for v in estimate.q05]})
    spec = charts.draw(
        brief.model_copy(update={"estimates": {"crates_sent": wide}}), "estimate", "crates_sent"
    )
    scale = spec["layer"][0]["encoding"]["y"]["scale"]
    assert scale["type"] == "log"
    assert scale["domain"][0] > 0
    assert "NaN" not in charts.svg(spec)


def test_an_empty_ledger_is_drawn_as_such(brief: Brief) -> None:
    picture = charts.svg(charts.draw(brief.model_copy(update={"ledger": []}), "ledger"))
    assert "Nothing is reported." in picture


@pytest.mark.parametrize("subject", ["gives", "gets", "line-3"])
def test_the_ledger_is_drawn_by_side_or_line(brief: Brief, subject: str) -> None:
    spec = charts.draw(brief, "ledger", subject)
    drawn = [row for panel in spec["vconcat"] for row in panel["data"]["values"]]
    assert len(drawn) == sum(subject in {line.side, line.id} for line in brief.ledger)


def test_long_names_of_levers_take_two_lines_and_are_not_cut(brief: Brief) -> None:
    long = "what signalling commitment together with partners does to the belief that it will be kept"
    rows = [brief.leverage[0].model_copy(update={"title": title}) for title in (long, "short")]
    spec = charts.draw(brief.model_copy(update={"leverage": rows}), "leverage", "")
    titles = [row["title"].split("\n") for row in spec["data"]["values"]]
    assert all(len(lines) == 2 and max(map(len, lines)) <= 52 for lines in titles)
    assert any(" ".join(lines).startswith(long[:70]) for lines in titles)
    assert any(lines[0] == "" and lines[1].startswith("short") for lines in titles)


def test_names_of_options_and_answers_end_at_a_word_and_no_chance_is_rounded_to_none(brief: Brief) -> None:
    long = "Five parts: commitment, partners, reassurance, intelligence and Council"
    name, option = next(iter(brief.options.items()))
    options = brief.options | {name: option.model_copy(update={"title": long})}
    spec = charts.draw(brief.model_copy(update={"options": options}), "options")
    assert "Five parts: commitment, partners, reassurance…" in {
        row["option"] for row in spec["data"]["values"]
    }
    record = brief.hypotheses["paid"]
    rare = record.states["cover"].model_copy(update={"posterior": 0.0044, "title": long})
    hypotheses = {"paid": record.model_copy(update={"states": record.states | {"cover": rare}})}
    (panel,) = charts.draw(brief.model_copy(update={"hypotheses": hypotheses}), "hypotheses")["vconcat"]
    row = panel["data"]["values"][-1]
    assert (row["posterior_label"], row["state"]) == (
        "0.4%",
        "Five parts: commitment, partners, reassurance…",
    )
