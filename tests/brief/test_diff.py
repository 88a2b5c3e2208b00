"""What a terminal prints of a comparison of two runs."""

from __future__ import annotations

import pytest

from quidproquo.brief import diff_lines
from quidproquo.brief.diff import matters_sentence, split_words
from quidproquo.study.schema.diff import DiffAnswer, DiffGroup, DiffSide, PartRecord, SplitRecord


def split(
    title: str, before: float, after: float, *, unit: str = "crates", moves: bool = True
) -> SplitRecord:
    added, removed = 0.75 * (after - before), 0.1 * (after - before)
    parts = {"removed": PartRecord(value=removed, mcse=1.0), "added": PartRecord(value=added, mcse=1.0)}
    return SplitRecord(
        title=title,
        unit=unit,
        before=before,
        after=after,
        mcse=1.0,
        deviations=1.0,
        moves=moves,
        parts=parts,
        remainder=after - before - added - removed,
    )


def made(**other: object) -> DiffAnswer:
    side = DiffSide(name="out/old", case="crates", as_of="2023-06-30", seed=0, worlds=4096, version="0.1.0")
    groups = [
        DiffGroup(id="removed", members=["F2"]),
        DiffGroup(id="added", members=[f"N{i}" for i in range(7)]),
    ]
    fields: dict[str, object] = {
        "old": side,
        "new": side.model_copy(update={"name": "out/new"}),
        "groups": groups,
        "sets": {"removed+added": "weights", "removed": "weights", "added": "weights", "": "weights"},
        "preferred": (["wait"], ["wait"]),
        "ranked": True,
        "estimates": {
            "sent": split("Crates sent", 4836.3, 5503.7),
            "still": split("Still", 1.0, 1.0, moves=False),
        },
        "answers": {"pay=cash": split("What is paid? “cash”", 0.31, 0.52, unit="probability")},
        "metrics": {"wait": {"cost": split("Money spent", 3.1e6, 9e5, unit="USD")}},
        "regrets": {"wait": split("Wait", 0.1, 0.2, unit="value")},
        "ranks": {"act": split("Act", 2.0, 1.0, unit="rank")},
        "titles": {"wait": "Wait", "act": "Act"},
    }
    return DiffAnswer(**(fields | other))  # type: ignore[arg-type]


def test_the_first_line_says_whether_it_matters_and_all_fit_a_terminal() -> None:
    lines = diff_lines(made())
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert text.startswith(
        "It matters to some figures: the choice stays, but one estimate and one answer to a hypothesis move"
    )
    assert "claims added: 7 (N0, N1, N2, N3 and 3 more)" in text
    assert "Crates sent: 4,836 → 5,504 crates" in text
    assert "+668 = claims removed +67, claims added +501, model, versions and seed +100" in text
    assert "Act: 2 → 1" in text
    assert "Money spent: 3.1 → 0.9 million dollars" in text
    assert text.endswith("on worlds of the new run, by weights that can be trusted.")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"preferred": (["wait"], ["act"])}, "It matters: what is best was “Wait” and is “Act” now;"),
        ({"estimates": {}, "answers": {}}, "It doesn't matter: the choice stays, and no estimate and no answer"),
        ({"estimates": {}, "answers": {}, "groups": []}, "Nothing changed in claims or priors, and no figure"),
        ({"ranked": False}, "It matters to some figures: one estimate and one answer to a hypothesis move"),
    ],
)  # fmt: skip
def test_whether_it_matters(other: dict[str, object], said: str) -> None:
    assert matters_sentence(made(**other)).startswith(said)


def test_weights_that_cannot_be_trusted_are_told() -> None:
    text = " ".join(diff_lines(made(sets={"removed": "weights", "": "not reliable"})))
    assert "can't be trusted here: name the case instead of a folder" in " ".join(text.split())


@pytest.mark.parametrize("before", [0.31, 4836.31, 3.1e6, 1e-5, 0.0, 7.0])
@pytest.mark.parametrize("after", [0.52, 5503.7, 9e5, 2e-5, 0.0, 7.0])
def test_parts_add_up_as_they_are_printed(before: float, after: float) -> None:
    _, text = split_words(split("X", before, after))
    whole, parts = text.replace("−", "-").replace(",", "").split(" = ")
    numbers = [float(w) for w in parts.split() if w.lstrip("+-").replace(".", "").isdigit()]
    assert len(numbers) == 3
    assert sum(numbers) == pytest.approx(float(whole), rel=1e-9, abs=1e-9)
