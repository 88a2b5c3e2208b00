"""A page reads the same in one line and wrapped at any width."""

from __future__ import annotations

import importlib.util
import textwrap
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quidproquo
from quidproquo.cases import Case, load_case
from quidproquo.reading import dates, quantities, read, sentences
from quidproquo.reading.wrapping import unwrapped

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "reading_wrapped.py"
CASES = Path(quidproquo.__file__).parent / "cases"
TABLES = ("news.psv", "quantities/quantities.psv", "dates/dates.psv", "attribution/attributions.psv")


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reading_wrapped", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages() -> list[str]:
    """The documents of the shipped cases, and pages made of the sentences of the tables, ten to a paragraph."""
    listed = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*/documents/*.md"))]
    for name in TABLES:
        lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
        texts = [line.split("|")[0] for line in lines if line and line.split("|")[0].endswith((".", "”"))]
        listed.append("\n\n".join(" ".join(texts[at : at + 10]) for at in range(0, len(texts), 10)))
    return listed


def test_wrapping_changes_no_number_date_sentence_hedge_or_source(benchmark: ModuleType) -> None:
    listed = pages()
    assert len(listed) > 100
    assert [found for page in listed if (found := benchmark.differences(page))] == []


def test_wrapping_changes_nothing_in_the_seeds(benchmark: ModuleType, shared: Path) -> None:
    listed = sorted((shared / "seeds").glob("*.txt"))
    assert listed
    assert [
        found for path in listed if (found := benchmark.differences(path.read_text(encoding="utf-8")))
    ] == []


@pytest.fixture(scope="module")
def first_case() -> Case:
    return load_case("dprk-russia")


def test_wrapping_changes_no_claim(benchmark: ModuleType, first_case: Case, tmp_path: Path) -> None:
    plain = "\n\n".join(benchmark.unwrapped(page) for page in pages()[-len(TABLES) :])
    found = []
    for name, text in (
        ("one", plain),
        *((str(width), benchmark.wrapped(plain, width)) for width in (60, 72, 84)),
    ):
        (tmp_path / name).mkdir()
        page = tmp_path / name / "page.txt"
        page.write_text(f"Published: October 24, 2024\n\n{text}\n", encoding="utf-8")
        found.append(
            [
                (
                    one.speakers,
                    one.quantity,
                    one.comparison,
                    one.value,
                    one.low,
                    one.unit,
                    one.event,
                    one.modality,
                )
                for one in read([page], first_case).appearances
            ]
        )
    assert len(found[0]) > 300
    assert found[1:] == [found[0]] * 3


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Losses in May\nThe port was shut for 5 days.", 1),
        ("- Crates: 12\n- Boats: 500", 1),
        ("12\n500\n340", 2),
        ("One\n\n\nTwo", 3),
        ("| 12 | 500 |\n| 3 | 4 |", 1),
        ("between 300 and\n400 tonnes", 0),
        ("It ended on 12\nMarch 2023 after talks in the harbour.", 0),
        ("It was shut in the year\n2023.", 0),
    ],
)
def test_line_ends_that_part_something_stay(text: str, kept: int) -> None:
    assert unwrapped(text).text.count("\n") == kept


words = st.sampled_from(
    ["crates", "of", "300", "The", "May", "5,000", "and", "said", "2024,", "men.", "-", "12"]
)


@given(
    st.lists(st.lists(words, min_size=1, max_size=30), min_size=1, max_size=4),
    st.sampled_from(["", " ", "  ", "\t"]),
)
def test_every_character_leads_back_to_its_place(paragraphs: list[list[str]], blank: str) -> None:
    text = "\n\n".join(textwrap.fill(" ".join(part), 24) for part in paragraphs).replace(
        "\n", f"{blank}\n{blank}"
    )
    flow = unwrapped(text)
    for at, sign in enumerate(flow.text):
        start, end = flow.printed(at, at + 1)
        assert text[start:end] == sign or (sign == " " and text[start:end].isspace())


@given(st.lists(words, min_size=1, max_size=40), st.integers(30, 90))
def test_spans_are_places_in_the_wrapped_text(printed: list[str], width: int) -> None:
    text = textwrap.fill(" ".join(printed), width)
    for one in (*quantities(text), *dates(text)):
        assert text[one.start : one.end] == one.surface


def test_a_heading_above_a_paragraph_stays_apart() -> None:
    text = "A heading above\nThe port was shut for five days because of ice on the river, it said."
    assert [text[start:end] for start, end in sentences(text)] == text.split("\n")
