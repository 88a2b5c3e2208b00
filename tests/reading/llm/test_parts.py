"""The parts of the reader behind a chat endpoint: numbers, settings, places, passages, and any answer at all."""

from __future__ import annotations

import functools
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reading.llm.chat import FIRST, TEXT
from tests.reading.small import small_case

from quidproquo.cases.record import Case
from quidproquo.reading import Appearance, Document, Refused, Snapshot, load, quantities
from quidproquo.reading.llm.answers import Offer, offers
from quidproquo.reading.llm.endpoint import Endpoint, Unanswered, settings_from
from quidproquo.reading.llm.grounding import Ground
from quidproquo.reading.llm.locate import locate
from quidproquo.reading.llm.numerals import numbers_in
from quidproquo.reading.llm.passages import passages
from quidproquo.reading.llm.reader import llm_reader
from quidproquo.reading.reader import RuleReader
from quidproquo.terms.errors import InputError


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("ko", "포탄 1만2천 발과 800만 발", [12e3, 8e6]),
        ("ko", "병력 3,000명, 10.5%", [3e3, 10.5]),
        ("ru", "около 12 тысяч солдат и 5,5 млрд долларов", [12e3, 5.5e9]),
        ("ru", "3–5 тыс. человек; 1 200 орудий; 1.500 тонн", [(3e3, 5e3), 1200, 1500]),
        ("uk", "до 11 тис. військових, 2 мільйони снарядів", [11e3, 2e6]),
        ("de", "rund 1,5 Millionen Euro und 12.000 Soldaten", [1.5e6, 12e3]),
        ("fr", "3,5 milliards d'euros et 40 %", [3.5e9, 40]),
        ("es", "3 mil millones de dólares", [3e9]),
        ("zh", "约1.2万名士兵，30万吨", [12e3, 3e5]),
        ("ja", "1億2000万円", [1.2e8]),
        ("sv", "3 tusen", []),
    ],
)
def test_numbers_of_other_languages(language: str, text: str, wanted: list[object]) -> None:
    found = numbers_in(text, (0, len(text)), language)
    assert all(text[one.start : one.end] == one.surface for one in found)
    assert [(one.low, one.high) if one.value is None else one.value for one in found] == wanted


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"QPQ_LLM_URL": ""}, "QPQ_LLM_URL is ''"),
        ({"QPQ_LLM_URL": "localhost:8000"}, "QPQ_LLM_URL is 'localhost:8000'"),
        ({"QPQ_LLM_URL": "http://[1"}, "QPQ_LLM_URL is 'http://[1'"),
        ({"QPQ_LLM_MODEL": " "}, "QPQ_LLM_MODEL is ''"),
        ({"QPQ_LLM_TIMEOUT": "soon"}, "QPQ_LLM_TIMEOUT is 'soon'"),
        ({"QPQ_LLM_TIMEOUT": "0"}, "QPQ_LLM_TIMEOUT is '0'"),
        ({"QPQ_LLM_KEY": "sécret"}, "QPQ_LLM_KEY is 'not shown'"),
    ],
)
def test_settings_that_are_wrong(environment: dict[str, str], told: str) -> None:
    good = {"QPQ_LLM_URL": "http://localhost:1/v1", "QPQ_LLM_MODEL": "tiny"}
    with pytest.raises(InputError) as error:
        llm_reader(small_case(), good | environment)
    assert str(error.value).startswith(f"option --reader llm: {told}, but it must be ")


def test_the_address_is_shown_without_its_password() -> None:
    environment = {
        "QPQ_LLM_URL": "http://me:word@localhost:1/v1/",
        "QPQ_LLM_MODEL": "tiny",
        "QPQ_LLM_KEY": "k",
    }
    settings_ = settings_from(environment)
    assert settings_.address == "http://localhost:1/v1/chat/completions"
    assert "key" not in repr(settings_)
    with pytest.raises(Unanswered, match="localhost:1/v1") as error:
        Endpoint(settings_, wait=lambda _: None).ask([])
    assert "word" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("at least 3,000 crates", "3,000", "3,000"),
        ("at least 13,000 crates", "3,000", None),
        ("at least 3,000 crates", "000 crates", None),
        ("3.5 percent", "3", None),
        ("in 3. Then", "3", "3"),
        ("“No,”  he\nsaid", '"No," he said', "“No,”  he\nsaid"),
        ("the crates", "crate", None),
        ("3,000명이", "3,000", "3,000"),
        ("김용현은 말했다", "김용현", "김용현"),
        ("Путина нет", "Путин", None),
        ("a a a b", "a b", "a b"),
        ("nothing", "", None),
        ("x", "x" * 500, None),
    ],
)
def test_printed_words_are_found(text: str, printed: str, wanted: str | None) -> None:
    found = locate(text, printed, (0, len(text)))
    assert (text[slice(*found)] if found else None) == wanted


texts = st.lists(
    st.sampled_from([*TEXT.split(), "\n\n", "“", "1,234", "．", "김", "\ud800", "a" * 50, ". The"]),
    max_size=200,
).map(" ".join)


@given(texts, st.integers(20, 200))
def test_passages_hold_every_sentence_once(text: str, most: int) -> None:
    spans = passages(text, most)
    assert all(0 < end - start <= most for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


# Whatever a model answers: random JSON, JSON of the right form with random words, words of the document.
_words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [*TEXT.split(), TEXT, FIRST, "3,000", "000", "0", "$10", "million", "said", "he", " ", "", "\ud800"]
    ),
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 80)).map(lambda at: TEXT[at[0] : at[0] + at[1]]),
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=10,
)
_classes = st.fixed_dictionaries(
    {},
    optional={
        "cue": _words,
        "role": _words,
        "proposition": st.sampled_from(["", "bridge_open", "x"]),
        "quantity": st.sampled_from(["", "crates_sent", "income", "trade_share", "x"]),
        "comparison": st.sampled_from(["", "eq", "at_least", "between", "proposition_true", "x"]),
    },
)
_wild = st.tuples(
    _classes, st.fixed_dictionaries({"quote": _words | _json, "number": _words | _json, "speakers": _json})
).map(lambda parts: parts[0] | parts[1])
# Nearly right: words of the document as quote, one or two of them as number, and a name.
_body = TEXT.split("---")[2].split()
_names = st.sampled_from(["the harbour office", "Ana Lima", "Gazette", "Lima", "Boris", "he", "office said"])


def _near(first: int, count: int, at: int, wide: int) -> dict[str, object]:
    quote = _body[first : first + count]
    at = at % len(quote)
    return {"quote": " ".join(quote), "number": " ".join(quote[at : at + wide])}


_nearly = st.tuples(
    st.builds(
        _near, st.integers(0, len(_body) - 1), st.integers(1, 20), st.integers(0, 19), st.integers(0, 3)
    ),
    _classes,
    st.fixed_dictionaries({}, optional={"speakers": st.lists(_names, max_size=2)}),
).map(lambda parts: parts[0] | parts[1] | parts[2])


def _answer(entries: list[object]) -> str:
    return json.dumps({"appearances": entries})


_answers = {
    "rubbish": st.text() | _json.map(json.dumps) | st.lists(_json, max_size=3).map(_answer),
    "wild": st.lists(_wild, max_size=4).map(_answer),
    "nearly right": st.lists(_nearly, max_size=6).map(_answer),
}


@pytest.mark.parametrize("kind", _answers)
@given(data=st.data())
@settings(max_examples=150)
def test_no_answer_gets_past_the_document(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    content = data.draw(_answers[kind])
    document, snapshot, ground = _grounded(tmp_path_factory)
    try:
        given_ = offers(content)
    except Unanswered:
        return
    whole = (0, len(snapshot.text))
    stated = {(one.value, one.low, one.high) for one in quantities(snapshot.text)}
    for offer in given_:
        judged = ground.judge(offer, whole)
        if isinstance(judged, Refused):
            assert judged.document == document.id
            continue
        place = judged.sentence
        assert isinstance(offer, Offer)
        assert snapshot.text[place.start : place.end] == place.quote != ""
        for speaker in judged.speakers:
            assert (
                speaker.name in {"Gazette"}
                or speaker.name.casefold() in " ".join(snapshot.text.split()).casefold()
            )
        if judged.number is not None:
            assert (judged.number.value, judged.number.low, judged.number.high) in stated
            assert snapshot.text[judged.number.start : judged.number.end] == judged.number.surface
        else:
            assert (judged.value, judged.low, judged.high) == (None, None, None)


@functools.cache
def _read_once(folder: Path) -> tuple[Case, Document, Snapshot, tuple[Appearance, ...]]:
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(TEXT, encoding="utf-8")
    case = small_case(folder)
    loaded = load([folder / "a.md"])
    [document] = loaded.documents
    snapshot = loaded.snapshots[document.snapshot]
    return case, document, snapshot, RuleReader(case)(document, snapshot).appearances


def _grounded(factory: pytest.TempPathFactory) -> tuple[Document, Snapshot, Ground]:
    case, document, snapshot, ruled = _read_once(factory.getbasetemp() / "grounded")
    return document, snapshot, Ground(document, snapshot, case, ruled, "llm tiny")
