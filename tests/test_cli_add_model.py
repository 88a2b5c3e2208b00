"""`qpq add --reader llm`: what a model alone finds comes in as proposals, and stays without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.reading.llm.chat import Chat, offering, serving
from tests.test_cli_week import case, done, gathered, own_context, qpq, unreviewed, wrong

__all__ = ["case", "own_context"]

WORDS = "Портовое управление сообщило 10 июня, что не менее 7 000 ящиков отправлены в Сильванию."
DENIED = "Агентство не сообщало об отправке 5 000 ящиков."
NOTE = f"{WORDS} {DENIED}\n"
CRATES = {
    "quote": WORDS, "number": "7 000", "comparison": "at_least", "polarity": "asserted",
    "speakers": ["Портовое управление"], "cue": "сообщило", "role": "observation", "quantity": "crates_sent",
}  # fmt: skip
LIES = [
    CRATES | {"comparison": "at_most"},
    CRATES | {"quote": DENIED, "number": "5 000", "comparison": "eq", "speakers": []},
    CRATES | {"number": "70 000"},
]


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    with serving(lambda _: offering(*LIES, CRATES)) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_what_a_model_alone_finds_is_a_proposal_that_stays(case: Path, note: Path, chat: Chat) -> None:
    told = done(qpq("add", case, note, "--reader", "llm", "--published", "2023-06-12"))
    assert "New (1):\n" in told
    assert "Crates sent: at least 7,000 crates" in told
    assert "read by llm tiny; not reviewed" in told
    assert "Refused: the text doesn't bear out what the model offered (3):\n" in told
    assert (
        f"Next: 'qpq claims {case} review' to accept, correct or reject what is new, then 'qpq brief" in told
    )
    chat.behave = lambda _: pytest.fail("a later run asks the model")
    (row,) = [row for row in unreviewed(case) if row.get("quote") == WORDS]
    assert (row["value"], row["comparison"], row["credibility"]) == ("7000", "at_least", "6")
    assert "7 000" in done(qpq("claims", case, "review", stdin="q\n"))
    history = done(qpq("claims", case, "history", row["id"], "--format", "jsonl"))
    (made,) = map(json.loads, history.splitlines())
    assert (made["who"], made["act"], made["claim"]) == ("llm tiny", "add", row["id"])


def test_a_proposal_whose_polarity_is_unchecked_weighs_once_accepted(
    case: Path, note: Path, chat: Chat
) -> None:
    done(qpq("add", case, note, "--reader", "llm", "--published", "2023-06-12"))
    (row,) = [row for row in unreviewed(case) if row.get("quote") == WORDS]
    listed = (case / "claims.csv").read_text("utf-8")
    assert "polarity" in listed
    from quidproquo.claims import evidence_table
    from quidproquo.study.gather import gather
    from quidproquo.study.progress import Silent

    def reason() -> str:
        found = gather(str(case), (), None, shipped=True, progress=Silent())
        table = evidence_table(
            found.claims, found.case, as_of=found.case.as_of, reviewed_only=False, links=found.links
        )
        return next((one.reason for one in table.unused if one.claim == row["id"]), "")

    assert reason() == "not reviewed"
    done(qpq("claims", case, "accept", row["id"], "--credibility", 3))
    assert reason() != "not reviewed"
    (line,) = [line for line in (case / "claims.csv").read_text("utf-8").splitlines() if WORDS in line]
    assert "read by llm tiny," in line


def test_adding_again_asks_again_and_adds_nothing(case: Path, note: Path, chat: Chat) -> None:
    done(qpq("add", case, note, "--reader", "llm", "--published", "2023-06-12"))
    before = (case / "claims.csv").read_bytes()
    asked = len(chat.asked)
    told = done(qpq("add", case, note, "--reader", "llm"))
    assert "There already (1):" in told
    assert "New" not in told
    assert len(chat.asked) == 2 * asked
    assert (case / "claims.csv").read_bytes() == before


def test_a_wrong_setting_is_told_before_anything_is_kept(
    case: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QPQ_LLM_URL", "nowhere")
    told = wrong(qpq("add", case, note, "--reader", "llm"))
    assert told.startswith("option --reader llm: QPQ_LLM_URL is 'nowhere'")
    assert not (case / "documents" / "note.txt").exists()


def test_an_endpoint_that_does_not_answer_loses_nothing(case: Path, note: Path, chat: Chat) -> None:
    chat.behave = lambda _: (401, b"")
    run = qpq("add", case, note, "--reader", "llm", "--published", "2023-06-12")
    assert run.exit_code == 1
    assert "answered 401 Unauthorized" in run.stderr
    assert "secret" not in run.stdout + run.stderr
    assert (case / "documents" / "note.txt").exists()
    assert gathered(case)
    chat.behave = lambda _: offering(CRATES)
    assert "New (1):" in done(qpq("add", case, note, "--reader", "llm"))


def test_reading_shows_and_counts_refusals_and_disagreements(case: Path, tmp_path: Path, chat: Chat) -> None:
    words = "The port authority said on 10 June 2023 that at least 6,000 crates had been sent from Freedonia."
    english = tmp_path / "note.md"
    english.write_text(f"{words} Ana Lima told the port so, and the port was glad of it.\n", encoding="utf-8")
    entry = {"quote": words, "number": "6,000", "comparison": "at_least", "quantity": "crates_sent"}
    chat.behave = lambda _: offering(entry | {"comparison": "eq"}, entry | {"speakers": ["Ana Lima"]})
    run = qpq("read", english, "--case", case, "--reader", "llm", "--quiet")
    rows = [json.loads(line) for line in done(run).splitlines()]
    [row] = [row for row in rows if row["value"] == 6000]
    assert (row["reader"], row["comparison"], row["unchecked"]) == ("rules 1 and llm tiny", "at_least", [])
    told = run.stderr.splitlines()
    assert len(told) == 4
    assert told[0].endswith("comparison is 'eq', but it must be at_least, as the text has it; it isn't used.")
    assert "the model's speaker is 'Ana Lima', but it must be port authority, as the rules read it" in told[1]
    assert told[2].endswith("Refused, because the text doesn't bear out what the model offered: 1.")
    assert told[3].endswith("Disagreements of the rules and the model: 1.")
    assert "secret" not in run.stdout + run.stderr
