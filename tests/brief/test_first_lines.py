"""What a terminal prints before what-ifs are tested."""

from __future__ import annotations

from dataclasses import replace

from quidproquo.brief.summary import first_lines
from quidproquo.study.first import FirstEstimate, FirstFigures, FirstOption

FIGURES = FirstFigures(
    estimates=tuple(FirstEstimate(f"Quantity {n}", "persons", 9_000.0, 11_000.0, 14_000.0) for n in range(7)),
    options=(FirstOption("Press", 0.6, 0.044), FirstOption("Wait", 0.5, 0.085)),
    preferred=("Press",),
    margin=0.0412,
    mcse=0.0031,
)


def test_choice_options_and_five_estimates_are_printed():
    lines = first_lines(FIGURES)
    assert lines[0] == (
        "Ahead under all the evidence, before it is weighed otherwise: “Press” (margin 0.041 ± 0.003 of value)"
    )
    assert lines[1] == "Value given up at the 95% quantile: Press 0.044; Wait 0.085"
    assert lines[2] == "Quantity 0: 11,000 persons (9,000 to 14,000 persons)"
    assert len(lines) == 8
    assert lines[-1] == "What-ifs are tested next."
    assert not any("\u00a0" in line for line in lines)


def test_tied_options_are_called_so_and_without_weights_there_is_no_choice():
    assert first_lines(replace(FIGURES, preferred=("Press", "Wait")))[0].startswith(
        "Level under all the evidence, before it is weighed otherwise: “Press” and “Wait” (margin"
    )
    assert first_lines(replace(FIGURES, preferred=(), options=()))[0].startswith("Quantity 0:")
