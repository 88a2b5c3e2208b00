from __future__ import annotations

import json
import math
import re

import jsonschema
import pytest
from pydantic import ValidationError
from tests.brief.factory import make_brief

from quidproquo.brief import json_schema, summary_lines
from quidproquo.study.brief_text import brief_json
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.estimates import Estimate


def test_the_file_fits_its_published_schema(brief: Brief) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(brief_json(brief))
    jsonschema.validate(data, schema)
    assert schema["title"]
    assert schema["$defs"]["ClaimRecord"]["description"]
    with pytest.raises(jsonschema.ValidationError, match="'seed' is a required property"):
        jsonschema.validate({key: value for key, value in data.items() if key != "seed"}, schema)


def test_the_file_gives_the_brief_back(brief: Brief) -> None:
    text = brief_json(brief)
    assert Brief.model_validate_json(text) == brief
    assert list(json.loads(text)) == list(Brief.model_fields)


def test_same_brief_same_text(brief: Brief) -> None:
    first = brief_json(brief)
    assert first == brief_json(make_brief())
    assert first.endswith("}\n")
    assert "\r" not in first


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(bad: float) -> None:
    estimate = make_brief(claims=1, documents=0, estimates=1).estimates["crates_sent"]
    with pytest.raises(ValidationError, match=r"q50\.1\s+Input should be a finite number"):
        Estimate.of(estimate, q50=[1.0, bad])


def test_the_summary_is_eight_to_fourteen_lines(brief: Brief) -> None:
    lines = summary_lines(brief)
    assert 8 <= len(lines) <= 14
    text = "\n".join(lines)
    assert "Preferred: “All measures together”" in text
    assert "Smallest run ESS 1,312" in text
    assert "100 of 150 weigh" in text
    assert "Warning: " in text
    assert "\xa0" not in text


def test_the_summary_tells_a_tie_and_counts_warnings() -> None:
    whole = make_brief(claims=9, documents=3, estimates=3)
    tied = whole.preferred.model_copy(update={"option": "", "options": ["coalition", "all_together"]})
    many = whole.diagnostics.model_copy(update={"warnings": [f"warning {n}" for n in range(9)]})
    lines = summary_lines(whole.model_copy(update={"preferred": tied, "diagnostics": many}))
    said = next(
        line for line in lines if line.startswith("Not settled: under all the evidence “All measures")
    )
    assert "is ahead (margin" in said
    assert "; under some other weighting as good: “Act with a regional coalition”; behind under all" in said
    assert said.count("“All measures together”") == 1
    assert re.search(r"^Warning: .* \(\d+ more in the brief\)$", lines[-1])
    assert len(lines) <= 14
