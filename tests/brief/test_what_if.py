"""What a terminal prints of a what-if."""

from __future__ import annotations

import pytest

from quidproquo.brief import what_if_lines
from quidproquo.brief.what_if import choice_sentence, moved_rows, still_sentence
from quidproquo.study.schema.what_if import (
    LevelRecord,
    MovementRecord,
    WhatIfAnswer,
    WhatIfOption,
    WhatIfQuestion,
)

LONG = "Crates that were sent over the river in the night between two guarded crossings"


def moved(
    title: str, before: float, after: float, *, unit: str = "crates", moves: bool = True
) -> MovementRecord:
    def level(x: float) -> LevelRecord:
        return LevelRecord(mean=x, q05=0.8 * x, q50=x, q95=1.3 * x)

    return MovementRecord(
        title=title,
        unit=unit,
        before=level(before),
        after=level(after),
        shift=after - before,
        mcse=0.1,
        deviations=1.0,
        moves=moves,
    )


def made(preferred: tuple[list[str], list[str]] = (["wait"], ["wait"]), **other: object) -> WhatIfAnswer:
    def option(title: str, *rank: int) -> WhatIfOption:
        metrics = {"cost": moved("Money spent", 3.1e6, 9e5, unit="USD", moves=title == "Wait")}
        return WhatIfOption(title=title, value=(0.5, 0.5), regret=(0.1, 0.1), rank=rank, metrics=metrics)

    fields: dict[str, object] = {
        "case": "crates",
        "as_of": "2023-06-30",
        "seed": 0,
        "worlds": 4096,
        "run": "abc",
        "title": "without the origin “Port authority” (2 claims)",
        "question": WhatIfQuestion(without=["origin:Port authority"]),
        "method": "weights",
        "reliable": True,
        "reliability": "Judged by re-weighting the run's worlds, which is reliable here.",
        "pareto_k": 0.2,
        "ess": 900.0,
        "claims": ["F1", "F2"],
        "estimates": {
            "sent": moved(LONG, 4800.0, 5300.0),
            "share": moved("Share", 0.41, 0.47, unit="fraction"),
            "still": moved("Still", 1.0, 1.0, moves=False),
        },
        "options": {"wait": option("Wait", 1, 2), "act": option("Act", 2, 1)},
        "hypotheses": {"pay": {"cash": moved("What is paid? “cash”", 0.3, 0.5, unit="probability")}},
        "ranked": True,
        "preferred": preferred,
        "margin": (0.02, 0.01),
        "margin_mcse": 0.001,
    }
    return WhatIfAnswer(**(fields | other))  # type: ignore[arg-type]


def test_lines_fit_a_terminal_and_say_what_moves_and_what_does_not() -> None:
    lines = what_if_lines(made())
    text = "\n".join(lines)
    assert max(map(len, lines)) <= 80
    assert lines[0] == "What if: without the origin “Port authority” (2 claims)."
    assert "      4,800 (3,800 to 6,200) → 5,300 (4,200 to 6,900) crates" in lines
    assert "      41 (33 to 53) → 47 (38 to 61) %" in lines
    assert "  2 → 1  Act" in lines
    assert "Metrics that move, most first, under “Wait” (median and 90% range):" in text
    assert "      3.1 (2.5 to 4) → 0.9 (0.72 to 1.2) million dollars" in lines
    assert "  What is paid? “cash”: 30% → 50%" in lines
    assert lines[-1] == "Not moved by more than chance: one estimate."


def test_the_table_of_the_page_holds_the_same_numbers() -> None:
    rows = moved_rows(made())
    assert [row.title for row in rows] == [LONG, "Share", "Money spent", "What is paid? “cash”"]
    assert rows[0][1:] == ("4,800 (3,800 to 6,200)", "5,300 (4,200 to 6,900)", "crates")


@pytest.mark.parametrize(
    ("preferred", "other", "said"),
    [
        ((["wait"], ["wait"]), {}, "The choice stays: “Wait” leads; the lead of “Wait” goes from 0.02 to 0.01"),
        ((["wait"], ["wait"]), {"margin_mcse": 0.02}, "the lead of “Wait”, 0.02 of value, changes by no"),
        ((["wait"], ["act"]), {}, "The choice changes: before, “Wait” leads; after, “Act” leads."),
        ((["wait"], ["wait", "act"]), {}, "The choice is less clear: besides “Wait”, “Act” can't be told"),
        ((["wait", "act"], ["act"]), {}, "The choice is clearer: “Act” leads; behind now: “Wait”"),
        ((["wait", "act"], ["act", "wait"]), {}, "The choice stays: “Wait” and “Act” are level, in another order"),
        ((["wait"], ["wait"]), {"ranked": False}, "The case weighs no metric, so there is no choice"),
    ],
)  # fmt: skip
def test_the_choice_in_words(
    preferred: tuple[list[str], list[str]], other: dict[str, object], said: str
) -> None:
    assert choice_sentence(made(preferred, **other)).startswith(said) or said in choice_sentence(
        made(preferred, **other)
    )


def test_what_was_not_judged_shows_no_number() -> None:
    lines = what_if_lines(
        made(method="not judged", reliability="None of the run's worlds is as you suppose.")
    )
    assert lines[1:] == ["None of the run's worlds is as you suppose."]


def test_every_number_that_stays_is_counted() -> None:
    still = {"a": moved("A", 1.0, 1.0, moves=False), "b": moved("B", 1.0, 1.0, moves=False)}
    assert still_sentence(made(estimates=still)) == "Not moved by more than chance: two estimates."
