from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.factory import make_claim

from quidproquo.cases.record import Check, CheckInput
from quidproquo.claims import Claim, evaluate
from quidproquo.claims.checks import FROM_DOCUMENT, INDEPENDENT, WORKED_OUT
from quidproquo.study.schema.estimates import CheckInputRecord, CheckRecord
from quidproquo.terms.errors import CaseError


def check(formula: str, *inputs: CheckInput, low: float | None = None, high: float | None = None) -> Check:
    return Check("pay", "Pay", "S3", formula, "USD", inputs, low, high)


def number(name: str, value: float, basis: str = "independent") -> CheckInput:
    return CheckInput(name, basis, value=value)


CLAIMS = {
    claim.id: claim
    for claim in (
        make_claim("C1", value=3000.0),
        make_claim("C2", value=3300.0, comparison="less_than", near=True, derived=True),
        make_claim("C3", comparison="between", value=None, low=2000.0, high=2500.0),
        make_claim("C4", value=50.0, comparison="more_than", near=True),
        make_claim("C5", value=100.0, comparison="about"),
        make_claim("P1", value=None),
    )
}


def claimed(name: str, claim: str, basis: str = "independent") -> CheckInput:
    return CheckInput(name, basis, claim=claim)


@pytest.mark.parametrize(
    ("formula", "value"),
    [("a * b", 12.0), ("a + b * 2", 14.0), ("(a + b) * 2", 16.0), ("-a - -b", 4.0), ("+a / 4", 0.5),
     ("1.5e3", 1500.0), ("12 / a / b", 1.0)],
)  # fmt: skip
def test_arithmetic(formula: str, value: float) -> None:
    result = evaluate(check(formula, number("a", 2.0), number("b", 6.0)), {})
    assert (result.value, result.low, result.high) == (value, value, value)
    assert (result.holds, result.basis) == (None, "independent")


def test_nearly_opens_the_interval_up_to_the_number() -> None:
    result = evaluate(
        check("pay * men", claimed("pay", "C2"), claimed("men", "C1"), low=9e6, high=1e7), CLAIMS
    )
    assert result.value == pytest.approx(9.9e6)
    assert (result.low, result.high) == pytest.approx((0.9 * 9.9e6, 9.9e6))
    assert result.holds is True
    over = evaluate(check("x", claimed("x", "C4")), CLAIMS)
    assert (over.low, over.high) == pytest.approx((50.0, 50.0 / 0.9))


def test_other_words_keep_the_stated_value() -> None:
    result = evaluate(check("x", claimed("x", "C5")), CLAIMS)
    assert (result.value, result.low, result.high) == (100.0, 100.0, 100.0)


def test_a_range_has_ends_and_no_value() -> None:
    result = evaluate(check("10 / x", claimed("x", "C3"), low=0.003, high=0.006), CLAIMS)
    assert result.value is None
    assert (result.low, result.high) == pytest.approx((0.004, 0.005))
    assert result.holds is True
    narrow = check("10 / x", claimed("x", "C3"), low=0.0041)
    assert evaluate(narrow, CLAIMS).holds is False


def test_the_basis_is_the_documents_as_soon_as_one_input_is() -> None:
    stated = evaluate(check("a * b", claimed("a", "C1", "document"), number("b", 2.0)), CLAIMS)
    assert stated.basis == "derived from the document"
    assert [item.basis for item in stated.inputs] == ["derived from the document", "independent"]
    assert evaluate(check("a", claimed("a", "C2", "document")), CLAIMS).basis == "derived from the document"
    assert evaluate(check("a", claimed("a", "C1")), CLAIMS).basis == "independent"


def test_arithmetic_on_other_figures_is_not_independent() -> None:
    assert evaluate(check("a", claimed("a", "C2")), CLAIMS).basis == "worked out from other figures"
    summed = replace(CLAIMS["C1"], extra={"origin as stated": "INSS; 10,000 x 2,000 x 12"})
    seen = replace(CLAIMS["C1"], extra={"origin as stated": "derived from imagery"})
    for claim, basis in ((summed, "worked out from other figures"), (seen, "independent")):
        assert evaluate(check("a", claimed("a", "C1")), {**CLAIMS, "C1": claim}).basis == basis


def test_the_brief_knows_every_basis() -> None:
    """A basis that brief.json doesn't allow would only show at the end of a run."""
    allowed = get_args(CheckRecord.model_fields["basis"].annotation)
    assert set(allowed) == {FROM_DOCUMENT, WORKED_OUT, INDEPENDENT}
    assert get_args(CheckInputRecord.model_fields["basis"].annotation) == allowed


def test_an_input_tells_where_it_comes_from() -> None:
    (item,) = evaluate(check("a", claimed("a", "C1")), CLAIMS).inputs
    assert (item.name, item.value, item.unit, item.claim, item.source) == (
        "a",
        3000.0,
        "crates",
        "C1",
        "Ministry of Trade",
    )


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("a * c", "check 'pay': formula is 'c', but it must be made of the inputs a, b; declare the input"),
        ("a ** 2", r"formula is 'a \*\* 2', but it must be made of input names, numbers"),
        ("a // 2", "formula is 'a // 2'"),
        ("a % 2", "formula is 'a % 2'"),
        ("abs(a)", r"formula is 'abs\(a\)'"),
        ("a if b else 1", "formula is 'a if b else 1'"),
        ("a.real", "formula is 'a.real'"),
        ("True", "formula is 'True'"),
        ("'a'", "formula is "),
        ("~a", "formula is '~a'"),
        ("a < b", "formula is 'a < b'"),
        ("a +", "but it must be an arithmetic expression; correct the formula"),
        ("", "but it must be an arithmetic expression"),
        ("-" * 100_000 + "a", "but it must be an arithmetic expression"),
        ("+".join("a" * 20_000), "but it must be an arithmetic expression"),
        ("a\nb", "but it must be an arithmetic expression"),
        ("a / 0", "formula is 'a division by 0, which can be 0', but it must be without division by zero"),
        ("a / (a - a)", r"a division by a - a, which can be 0"),
        ("1e308 * 1e308", "but it must be a formula with a finite result"),
        ("1e400 - 1e400", "but it must be a formula with a finite result"),
    ],
)
def test_a_formula_that_isnt_arithmetic_is_refused(formula: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        evaluate(check(formula, number("a", 2.0), number("b", 6.0)), {})


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (claimed("a", "C9"), "check 'pay': input 'a' is 'C9', but it must be the id of a claim of the case"),
        (claimed("a", "P1"), "input 'a' is 'P1', but it must be a claim with a number"),
        (
            CheckInput("a", "independent"),
            "input 'a' is 'without a value', but it must be a claim or a finite value",
        ),
        (number("a", float("nan")), "input 'a' is 'without a value'"),
    ],
)
def test_an_input_without_a_number_is_refused(item: CheckInput, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        evaluate(check("a", item), CLAIMS)


def ranged(name: str, ends: list[float]) -> Claim:
    return make_claim(name, comparison="between", value=None, low=min(ends), high=max(ends))


POSITIVE = st.lists(st.floats(0.01, 1e4), min_size=2, max_size=2)


@given(
    a=POSITIVE, b=POSITIVE, s=st.floats(0, 1), t=st.floats(0, 1),
    formula=st.sampled_from(["a + b", "a - b", "a * b", "a / b", "(a - b) * a / b", "-a * (b - 3)"]),
)  # fmt: skip
def test_the_interval_holds_every_value_between_the_ends(
    a: list[float], b: list[float], s: float, t: float, formula: str
) -> None:
    claims = {"A": ranged("A", a), "B": ranged("B", b)}
    whole = evaluate(check(formula, claimed("a", "A"), claimed("b", "B")), claims)
    x, y = (min(e) + u * (max(e) - min(e)) for e, u in ((a, s), (b, t)))
    point = evaluate(check(formula, number("a", x), number("b", y)), {})
    assert point.value is not None
    slack = 1e-9 * max(abs(whole.low), abs(whole.high))
    assert whole.low - slack <= point.value <= whole.high + slack
