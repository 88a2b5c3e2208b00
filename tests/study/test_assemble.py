"""Assembling: a record copies what its source has, in the form that a file can hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pytest
from pydantic import ValidationError
from tests.brief.factory import make_brief

from quidproquo.study.assemble import brief as assembling
from quidproquo.study.schema.estimates import Estimate
from quidproquo.study.schema.record import Day, Distribution, Edtf, FiniteOrNone, Record
from quidproquo.terms.edtf import parse
from quidproquo.terms.errors import QuidProQuoError


class Inner(Record):
    k: FiniteOrNone


class Outer(Record):
    day: Day
    event: Edtf
    parts: dict[str, Inner]
    rows: list[Inner]
    number: float
    extra: str


@dataclass(frozen=True)
class Part:
    k: float


@dataclass(frozen=True)
class Source:
    day: object
    event: object
    parts: object
    rows: object
    number: object
    unrelated: str = "not copied"


SOURCE = Source(
    date(2024, 10, 3),
    parse("2024-10"),
    MappingProxyType({"a": Part(math.inf)}),
    (Part(0.5),),
    np.float32(2.0),
)


def test_a_record_copies_the_fields_it_has() -> None:
    found = Outer.of(SOURCE, extra="given")
    assert found.model_dump() == {
        "day": "2024-10-03",
        "event": "2024-10",
        "parts": {"a": {"k": None}},
        "rows": [{"k": 0.5}],
        "number": 2.0,
        "extra": "given",
    }
    assert Outer.of(found) == found


def test_dates_that_are_not_known_are_empty() -> None:
    source = Source(None, None, {}, [], 1.0)
    assert (Outer.of(source, extra="").day, Outer.of(source, extra="").event) == ("", "")


def test_what_is_given_goes_before_what_the_source_has() -> None:
    assert Outer.of(SOURCE, extra="", number=7.0).number == 7.0


@pytest.mark.parametrize("other", [{}, {"extra": "", "unknown": 1}, {"extra": "", "number": math.nan}])
def test_a_missing_unknown_or_infinite_field_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Outer.of(SOURCE, **other)


def test_records_are_frozen() -> None:
    found = Distribution(mean=1.0, mcse=0.1, q05=0.0, q50=1.0, q95=2.0)
    with pytest.raises(ValidationError, match="frozen"):
        found.mean = 2.0  # type: ignore[misc]


def test_a_fault_of_the_program_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    estimate = make_brief(claims=1, documents=0, estimates=1).estimates["crates_sent"]
    monkeypatch.setattr(assembling, "_assembled", lambda *_: Estimate.of(estimate, q50=[1.0, math.nan]))
    with pytest.raises(QuidProQuoError) as told:
        assembling.assemble.__wrapped__(None, None, seed=0, as_of=date(2024, 1, 1), reviewed_only=False)
    assert str(told.value) == (
        "brief.json: Estimate.q50.1 is nan, but it must be a finite number; report it: this is a fault of the "
        "program."
    )
