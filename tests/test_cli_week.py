"""The analyst's week on the command line: add a document, review, correct, undo, merge."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.core
from typer.testing import CliRunner

from quidproquo.cli import app
from quidproquo.study.gather import gather
from quidproquo.study.progress import Silent

OLD = Path(__file__).parent / "fixtures" / "case_697595c"
SOURCE = Path(__file__).parents[1] / "src"
NOTE = """Freedonia Gazette
Published 12 June 2023

The port authority said on 10 June 2023 that at least 6,000 crates had been sent from Freedonia to Sylvania by
the end of May 2023. The Institute of Trade said on 11 June 2023 that about 900 crates had been sent from Freedonia
to Sylvania by the end of May 2023. There were 12 goats.
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of a case as an earlier version wrote it."""
    return shutil.copytree(OLD, tmp_path / "case")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return path


@pytest.fixture
def noted(case: Path, note: Path) -> Path:
    """The case with a document added."""
    done(qpq("add", case, note))
    return case


@pytest.fixture(autouse=True)
def own_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands get the kind of context that their annotation names, which is checked here."""
    for kind in (typer.core.TyperCommand, typer.core.TyperGroup):
        monkeypatch.setattr(kind, "context_class", typer.Context)


def qpq(*arguments: object, stdin: str = "", by: str = "ana") -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=stdin, env={"QPQ_ANALYST": by})


def done(run: Any) -> str:
    assert run.exit_code == 0, run.stderr
    return run.stdout


def wrong(run: Any) -> str:
    """The one sentence of a run that ended with wrong input: object, field, found, allowed, what to do."""
    assert run.exit_code == 1, (run.stdout, run.exception)
    (line,) = run.stderr.splitlines()
    form = r"qpq: (?:.+?: .+? is .+, but it must be .+|document '.+' can't be read: .+); .+\."
    assert re.fullmatch(form, line), line
    return line.removeprefix("qpq: ")


def unreviewed(case: Path) -> list[dict[str, str]]:
    return [
        json.loads(line) for line in done(qpq("claims", case, "list", "--unreviewed", "--json")).splitlines()
    ]


def read_claim(case: Path, value: str = "6000") -> str:
    (found,) = [row["id"] for row in unreviewed(case) if row["value"] == value]
    return found


def gathered(case: Path) -> dict[str, object]:
    return {claim.id: claim for claim in gather(str(case), (), None, shipped=True, progress=Silent()).claims}


# Adding documents


def test_what_a_document_brings_is_told_and_what_comes_next(case: Path, note: Path) -> None:
    told = done(qpq("add", case, note))
    assert "Added (1):\n  note.txt: published 2023-06-12 (from its dateline)" in told
    assert re.search(
        r"New \(2\):\n  R\w{8}  Crates sent: at least 6,000 crates.*\n  R\w{8}  Crates sent: about 900", told
    )
    assert re.search(r"In conflict \(\d\):\n", told)
    assert (
        "“There were 12 goats.”: about no quantity or proposition that the case's lexicon.toml knows" in told
    )
    then = f"to accept, correct or reject what is new, then 'qpq brief {case}'"
    assert told.endswith(f"Next: 'qpq claims {case} review' {then}.\n")
    (text,) = (case / "snapshots").iterdir()
    assert text.read_text("utf-8") == NOTE


def test_adding_twice_adds_nothing(noted: Path, note: Path, tmp_path: Path) -> None:
    files = {path: path.read_bytes() for path in noted.rglob("*") if path.is_file()}
    copy = tmp_path / "another name.txt"
    copy.write_text(NOTE, encoding="utf-8")
    marked = tmp_path / "note.md"
    marked.write_text(f"---\ntitle: x\n---\n{NOTE}", encoding="utf-8")
    told = done(qpq("add", noted, note, copy, marked))
    assert told.startswith("There already (3):\n  note.txt: the case has it already, as note.txt.")
    assert done(qpq("add", noted, "-", stdin=NOTE)).startswith("There already (1):")
    assert {path: path.read_bytes() for path in noted.rglob("*") if path.is_file()} == files


def test_another_document_of_the_same_name_gets_its_own(noted: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "note.txt"
    other.parent.mkdir()
    other.write_text(
        "The port authority said on 3 July 2023 that about 7,000 crates had been sent from Freedonia.",
        "utf-8",
    )
    assert "Added (1):\n  note-2.txt: no date of publication found" in done(qpq("add", noted, other))
    assert (noted / "documents" / "note.txt").read_text("utf-8") == NOTE


def test_what_a_file_does_not_say_can_be_said(case: Path, tmp_path: Path) -> None:
    undated = tmp_path / "undated.txt"
    undated.write_text(
        "The port authority said that at least 6,000 crates had been sent from Freedonia by the end of May 2023.",
        "utf-8",
    )
    told = done(qpq("add", case, undated))
    assert "undated.txt: no date of publication found; only what says when it was said weighs" in told
    assert [row["published"] for row in unreviewed(case) if row["value"] == "6000"] == [""]
    told = done(qpq("add", case, undated, "--published", "2023-06-12", "--publisher", "Freedonia Gazette"))
    assert "undated.txt: published 2023-06-12 (from its bibliography)" in told
    assert [row["published"] for row in unreviewed(case) if row["value"] == "6000"] == ["2023-06-12"]
    done(qpq("add", case, undated, "--published", "2023-06"))
    (entry,) = tomllib.loads((case / "bibliography.toml").read_text("utf-8"))["document"]
    assert (entry["published"], entry["publisher"]) == ("2023-06", "Freedonia Gazette")


def test_a_claim_on_file_that_is_said_again_is_confirmed(case: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    again.write_text(
        "The port authority said on 10 June 2023 that at least 4,000 crates had been sent from Freedonia "
        "to Sylvania by the end of May 2023.",
        "utf-8",
    )
    assert "Confirmed: on file before, and said here too (1):\n  F2  " in done(qpq("add", case, again))


def test_documents_that_cannot_be_read_are_told_and_the_others_kept(
    case: Path, note: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", "utf-8")
    run = qpq("add", case, tmp_path / "none.txt", empty, note)
    assert run.exit_code == 1
    assert "New (2):" in run.stdout
    sentences = run.stderr.splitlines()
    assert len(sentences) == 2
    assert all(" but it must be " in line for line in sentences)
    assert sorted(path.name for path in (case / "documents").iterdir()) == ["gazette.md", "note.txt"]


# Judging


def test_what_is_accepted_is_what_was_listed_and_is_not_read_again(noted: Path) -> None:
    listed = done(qpq("claims", noted, "list", "--unreviewed", "--text", "6,000 crates", "--json"))
    name = json.loads(listed)["id"]
    told = done(qpq("claims", noted, "accept", "-", "--credibility", 2, "--why", "seen it", stdin=listed))
    assert told.startswith(f"{name}: state: proposed → accepted; credibility: 6 → 2")
    assert "Next: " in told
    after = gathered(noted)
    assert (after[name].state, after[name].credibility) == ("accepted", 2)
    assert [seen.document for seen in after[name].appearances] == ["note.txt"]
    assert len(after) == len({*after}) == 9
    assert [row["value"] for row in unreviewed(noted)] == ["5200", "900"]


def test_a_claim_that_changed_since_it_was_listed_is_not_accepted(noted: Path) -> None:
    listed = done(qpq("claims", noted, "list", "--unreviewed", "--text", "6,000 crates", "--json"))
    name = json.loads(listed)["id"]
    done(qpq("claims", noted, "edit", name, "value=6100", by="ben"))
    told = wrong(qpq("claims", noted, "accept", "-", stdin=listed))
    assert told.startswith(f"claim '{name}': ")
    assert gathered(noted)[name].state == "proposed"


def test_a_corrected_claim_takes_the_place_of_what_was_read(noted: Path) -> None:
    name = read_claim(noted)
    done(
        qpq(
            "claims",
            noted,
            "edit",
            name,
            "value=6500",
            "quantity=bolts_delivered",
            "unit=bolts",
            "--why",
            "misread",
        )
    )
    done(qpq("claims", noted, "accept", name))
    # an alias more changes how the claim would be numbered, not that it was corrected
    sources = noted / "sources.toml"
    sources.write_text(
        sources.read_text("utf-8").replace(
            'name = "Port authority"', 'name = "Port office"\naliases = ["Port authority"]'
        ),
        "utf-8",
    )
    after = gathered(noted)
    assert (after[name].value, after[name].quantity) == (6500.0, "bolts_delivered")
    assert after[name].paraphrase.endswith("at least 6,500 bolts.")
    assert not [claim for claim in after.values() if claim.value == 6000.0]


def test_a_rejected_claim_stays_rejected(noted: Path) -> None:
    name = read_claim(noted, "900")
    done(qpq("claims", noted, "reject", name, "--why", "of another year"))
    assert gathered(noted)[name].state == "rejected"
    assert name not in {row["id"] for row in unreviewed(noted)}


def test_the_credibility_is_asked_for_before_the_reliability_is_shown(noted: Path) -> None:
    name = read_claim(noted)
    told = done(qpq("claims", noted, "grade", name, stdin="9\n3\n"))
    before, after = told.split("Credibility of the claim, whoever says it (1-6): ", 1)
    assert "reliab" not in before
    assert f"{name}: graded C3. Port authority is C, fairly reliable." in after
    assert gathered(noted)[name].credibility == 3


def test_a_claim_of_ones_own_in_another_language(noted: Path) -> None:
    (noted / "documents" / "korean.txt").write_text("항만청은 상자 7천 개를 보냈다고 밝혔다.", "utf-8")
    cells = [
        "quantity=crates_sent", "comparison=about", "value=7000", "event=2023-06-30", "published=2023-07-02",
        "speaker=Port authority", "quote=상자 7천 개를 보냈다고", "document=korean.txt",
        "url=https://example.org/k", "paraphrase=About 7,000 crates had been sent.",
    ]  # fmt: skip
    told = done(qpq("claims", noted, "add", *cells))
    name = re.match(r"Added as (A\w{8})\.", told)[1]
    assert "nothing was added" in done(qpq("claims", noted, "add", *cells))
    claim = gathered(noted)[name]
    assert (claim.state, claim.unit, claim.reliability) == ("accepted", "crates", "C")
    assert [seen.sentence.quote for seen in claim.appearances] == ["상자 7천 개를 보냈다고"]


def test_links_and_their_undoing(noted: Path) -> None:
    done(qpq("claims", noted, "link", "F2", "corroborates", "F1"))
    assert "it was so already" in done(qpq("claims", noted, "link", "F2", "corroborates", "F1"))
    assert {"a": "F2", "relation": "corroborates", "b": "F1"} in links(noted)
    done(qpq("claims", noted, "undo"))
    assert {"a": "F2", "relation": "corroborates", "b": "F1"} not in links(noted)
    done(qpq("claims", noted, "link", "F2", "relays", "F1", "--not"))
    assert len(links(noted)) == 1


def test_proposed_links_are_accepted_or_refused_once(noted: Path) -> None:
    def proposed() -> set[tuple[str, str, str]]:
        lines = done(qpq("claims", noted, "proposals", "--format", "jsonl")).splitlines()
        return {(row["a"], row["relation"], row["b"]) for row in map(json.loads, lines) if row["reason"]}

    at_first = proposed()
    assert len(at_first) >= 2
    yes, no, *_ = sorted(at_first)
    done(qpq("claims", noted, "link", *yes))
    done(qpq("claims", noted, "link", *no, "--not"))
    assert proposed() == at_first - {yes, no}


def links(case: Path) -> list[dict[str, str]]:
    with (case / "links.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_undo_brings_back_what_was_there(noted: Path) -> None:
    name = read_claim(noted)
    before = gathered(noted)
    done(qpq("claims", noted, "accept", name))
    done(qpq("claims", noted, "edit", "F1", "value=1600"))
    history = [
        json.loads(line) for line in done(qpq("claims", noted, "history", "--format", "jsonl")).splitlines()
    ]
    assert [(row["who"], row["act"], row["claim"]) for row in history] == [
        ("ana", "accept", name),
        ("ana", "edit", "F1"),
    ]
    done(qpq("claims", noted, "undo", history[0]["id"]))
    done(qpq("claims", noted, "undo"))
    assert gathered(noted) == before
    assert "reverted" not in done(qpq("claims", noted, "history", "F1"))


def test_what_another_person_judged_is_not_undone_without_a_word(noted: Path) -> None:
    done(qpq("claims", noted, "edit", "F1", "value=1600"))
    done(qpq("claims", noted, "edit", "F1", "value=1700", by="ben"))
    assert "is 'followed by " in wrong(qpq("claims", noted, "undo"))


def test_two_copies_merge_and_the_conflict_is_told(noted: Path, tmp_path: Path) -> None:
    other = shutil.copytree(noted, tmp_path / "other")
    done(qpq("claims", noted, "accept", "F7"))
    done(qpq("claims", other, "reject", "F7", by="ben"))
    done(qpq("claims", other, "edit", "F1", "value=1600", by="ben"))
    run = qpq("claims", noted, "merge", other)
    assert "2 judgements of ben taken in." in done(run)
    assert (
        "claim 'F7': state is \"in dispute: 'accepted' (ana), 'rejected' (ben)\", but it must be"
        in run.stderr
    )
    claims = gathered(noted)
    assert (claims["F7"].state, claims["F1"].value) == ("proposed", 1600.0)
    assert "in dispute" in qpq("check", noted).stderr
    run = qpq("claims", noted, "reject", "F7", by="eva")
    assert done(run)
    assert qpq("claims", noted, "history").stderr == ""


# Exchange


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx", ".parquet", ".ftm.csv"])
def test_claims_go_to_other_programs_and_come_back(noted: Path, tmp_path: Path, ending: str) -> None:
    done(qpq("claims", noted, "accept", read_claim(noted)))
    table = tmp_path / f"t{ending}"
    assert done(qpq("claims", noted, "export", table)).startswith("8 claims are in ")
    assert done(qpq("claims", noted, "import", table)).startswith("0 added, 0 edited, 8 the same on file.")
    other = shutil.copytree(OLD, tmp_path / "other")
    done(qpq("claims", other, "edit", "F1", "value=1600"))
    run = qpq("claims", other, "import", table)
    assert done(run).startswith("1 added, 0 edited, 6 the same on file.")
    assert "differs from what is on file: F1: value '1600' here, '1500' there." in run.stderr
    assert done(qpq("claims", other, "import", table, "--update")).startswith("0 added, 1 edited, 7 the same")
    assert done(qpq("claims", other, "list", "--json")) == done(qpq("claims", noted, "list", "--json"))


# Review


def test_review_goes_through_all_and_goes_on_where_it_stopped(noted: Path) -> None:
    assert len(unreviewed(noted)) == 3
    told = done(qpq("claims", noted, "review", stdin="a\n2\nq\n"))
    assert told.startswith("3 to review.")
    assert ">> The port authority said" in told
    assert "This time: 1 accept. 2 to review." in told
    told = done(qpq("claims", noted, "review", stdin="s\nr\nwrong year\nu\nr\nold\na\n\n"))
    assert told.startswith("2 to review.")
    assert "0 to review." in told
    assert unreviewed(noted) == []
    assert done(qpq("claims", noted, "review")).startswith("Nothing to review.\nNext: ")


def test_the_reliability_is_not_shown_in_a_review_before_the_claim_is_judged(noted: Path) -> None:
    told = done(qpq("claims", noted, "review", stdin="q\n"))
    assert "reliable" not in told
    assert "graded" not in told


def test_a_wrong_answer_in_a_review_is_told_and_the_review_goes_on(noted: Path) -> None:
    run = qpq("claims", noted, "review", stdin="e\nvalue=many\nl\nrelays NOTHERE\nz\na\n3\nq\n")
    told = done(run)
    assert "value is 'many', but it must be a number" in run.stderr
    assert "claim is 'NOTHERE', but it must be the id of one of its claims" in run.stderr
    assert "1 accept" in told


def test_a_document_cannot_steer_the_terminal(case: Path, tmp_path: Path) -> None:
    nasty = tmp_path / "nasty.txt"
    nasty.write_text(
        "The port authority said on 10 June 2023 that at least 6,000 crates had been sent from Freedonia by the "
        "end of May 2023, and \x1b]0;x\x07\u202eno more.",
        "utf-8",
    )
    told = done(qpq("add", case, nasty)) + done(qpq("claims", case, "review", stdin="q\n"))
    told += done(qpq("claims", case, "show", read_claim(case)))
    assert "and \ufffd]0;x\ufffd\ufffdno more" in told
    assert not re.search("[\x1b\x07\u202e]", told)


def test_a_formula_in_a_document_is_none_in_the_table(case: Path) -> None:
    cells = ["quantity=crates_sent", "value=7000", "event=2023", "published=2023", "speaker=Port authority"]
    done(qpq("claims", case, "add", *cells, 'quote==HYPERLINK("x")', "note=-5 to -3"))
    with (case / "claims.csv").open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["value"] == "7000"]
    assert (row["quote"], row["note"]) == ('\'=HYPERLINK("x")', "'-5 to -3")
    claim = gathered(case)[row["id"]]
    assert (claim.extra["quote"], claim.note) == ('=HYPERLINK("x")', "-5 to -3")


DRIVER = """
import os, re, signal, sys, time
from pathlib import Path
from quidproquo.claims.journal import read_present
from quidproquo.cli import app
case = sys.argv[1]
confirmed = set()
for kill in range(50):
    answers, questions = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.dup2(answers[0], 0), os.dup2(questions[1], 1)
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w", buffering=1)
        app(["claims", case, "review"])
        os._exit(1)
    os.close(questions[1])
    told = os.read(questions[0], 1000)
    assert b"to review" in told, told
    os.write(answers[1], b"a\\n3\\n" * 4)
    while kill % 3 and b"graded" not in told and (more := os.read(questions[0], 1000)):
        told += more
    time.sleep(0.002 * (kill % 23))
    os.kill(child, signal.SIGKILL)
    while data := os.read(questions[0], 1 << 16):
        told += data
    os.waitpid(child, 0)
    for handle in (answers[0], answers[1], questions[0]):
        os.close(handle)
    confirmed |= set(re.findall(r"(R\\w{8}): graded \\w3", told.decode()))
    rows = read_present(Path(case)).replay.rows("claim")
    lost = {name for name in confirmed if rows.get(name, {}).get("state") != "accepted"}
    assert not lost, lost
print(len(confirmed))
"""


@pytest.mark.slow
def test_fifty_kills_during_review_lose_no_judgement(noted: Path, tmp_path: Path) -> None:
    """A document of many claims is reviewed by a process that is killed again and again."""
    many = tmp_path / "many.txt"
    told = "The port authority said on 10 June 2023 that at least {} crates were sent from Freedonia by May 2023."
    many.write_text("\n\n".join(told.format(f"{5000 + 71 * n:,}") for n in range(200)), "utf-8")
    done(qpq("add", noted, many, "-q"))
    env = os.environ | {"PYTHONPATH": str(SOURCE), "QPQ_ANALYST": "ana"}
    command = [sys.executable, "-c", DRIVER, str(noted)]
    run = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 20


# Sources


def sources(case: Path) -> dict[str, dict[str, str]]:
    rows = [json.loads(line) for line in done(qpq("sources", case, "list", "--format", "jsonl")).splitlines()]
    return {row["name"]: row for row in rows}


def test_sources_are_changed_by_command_and_comments_stay(case: Path) -> None:
    path = case / "sources.toml"
    text = "# who speaks\n" + path.read_text("utf-8")
    path.write_text(text, "utf-8")
    done(qpq("sources", case, "grade", "Port authority", "D", "--why", "Late again.", "--on", "2025-03-01"))
    done(qpq("sources", case, "alias", "Port authority", "Harbour office"))
    done(qpq("sources", case, "family", "Port authority", "Freedonia"))
    done(
        qpq(
            "sources",
            case,
            "add",
            "Radio",
            "--family",
            "press",
            "--grade",
            "C",
            "--why",
            "Names its sources.",
        )
    )
    assert "it is so already" in done(qpq("sources", case, "alias", "Port authority", "Harbour office"))
    found = sources(case)
    assert found["Port authority"] == {
        "name": "Port authority", "family": "Freedonia", "affiliation": "agency", "reliability": "D",
        "reason": "Late again.", "aliases": "Harbour office", "graded": "2025-03-01",
    }  # fmt: skip
    assert found["Radio"]["reliability"] == "C"
    assert gathered(case)["F1"].reliability == "D"
    assert path.read_text("utf-8").startswith(text.split("Port authority")[0])
    for _ in range(4):
        done(qpq("claims", case, "undo"))
    assert {name: {**row, "aliases": row.get("aliases", "")} for name, row in sources(case).items()} == {
        name: {**row, "aliases": row.get("aliases", "")} for name, row in sources(OLD).items()
    }
    assert path.read_text("utf-8").startswith("# who speaks\n")


def test_a_source_edited_by_hand_is_taken_up_when_it_is_changed_next(case: Path) -> None:
    done(qpq("sources", case, "family", "Port authority", "Freedonia"))
    path = case / "sources.toml"
    path.write_text(path.read_text("utf-8").replace('"It counts, but late."', '"It counts."'), "utf-8")
    done(qpq("sources", case, "alias", "Port authority", "Harbour office"))
    reasons = [
        json.loads(line)["why"]
        for line in done(qpq("claims", case, "history", "--format", "jsonl")).splitlines()
    ]
    assert reasons == ["", "sources.toml was edited by hand", ""]
    assert sources(case)["Port authority"]["reason"] == "It counts."


def test_sources_merge(case: Path, tmp_path: Path) -> None:
    other = shutil.copytree(case, tmp_path / "other")
    done(qpq("sources", other, "alias", "Port authority", "Harbour office", by="ben"))
    done(qpq("claims", case, "merge", other))
    assert sources(case)["Port authority"]["aliases"] == "Harbour office"


# Wrong input: object, field, found, allowed, what to do

WRONG = r"""
add {case} none.txt
add {case} empty.txt
add {case} bad.pdf
add {case} bad.docx
add {case} korean.txt
add {case} note.txt --published yesterday
add {case} note.txt --published 2999-01-01
add {case} note.txt empty.csv --title x
add nowhere note.txt
add dprk-russia note.txt
add {empty} note.txt
claims nowhere
claims {empty}
claims {case} list --role witness
claims {case} list --state open
claims {case} list --quantity crate_sent
claims {case} list --proposition none
claims {case} show F99
claims nowhere history
claims dprk-russia review
claims {empty} review
claims {case} accept F99
claims {case} accept F1 F99
claims {case} accept F1 --credibility 0
claims {case} accept F1 --credibility 7
claims dprk-russia accept S001
claims nowhere accept F1
claims {case} accept - <<< {{"id":
claims {case} accept - <<< {{"value":"1"}}
claims {case} accept - <<< {{"id":"F1","value":"9"}}
claims {case} reject F99
claims dprk-russia reject S001
claims {case} edit F99 value=1
claims {case} edit F1 value
claims {case} edit F1 =1
claims {case} edit F1 value=1 value=2
claims {case} edit F1 id=F9
claims {case} edit F1 valeu=1
claims {case} edit F1 value=many
claims {case} edit F1 value=-1
claims {case} edit F1 value=
claims {case} edit F1 unit=bolts
claims {case} edit F1 quantity=nothing
claims {case} edit F1 role=witness
claims {case} edit F1 comparison=roughly
claims {case} edit F1 comparison=between
claims {case} edit F1 low=1
claims {case} edit F1 event=yesterday
claims {case} edit F1 since=2024
claims {case} edit F1 near=yes
claims {case} edit F1 credibility=9
claims {case} edit F1 state=open
claims {case} edit F1 speaker=
claims {case} edit F1 verification=sure
claims {case} edit F1 proposition=none
claims {case} edit F4 value=2
claims {case} grade F99
claims {case} grade F1 --credibility 8
claims {case} grade F1
claims {case} add value
claims {case} add quantity=crates_sent value=7000 event=2023 published=2023 speaker=Port comparison=between
claims {case} add quantity=crates_sent value=7000 event=2023 published=2023 speaker=Port unit=bolts
claims {case} add quantity=crates_sent
claims {case} add quantity=crate value=3 speaker=x
claims {case} add proposition=nope comparison=proposition_true speaker=x
claims {case} link F1 relays F99
claims {case} link F1 copies F2
claims {case} link F1 relays F1
claims {case} undo
claims {case} undo 0123456789abcdef
claims {case} merge nowhere
claims {case} merge {empty}
claims {case} import none.csv
claims {case} import empty.csv
claims {case} import table.doc
claims {case} import semicolons.csv
claims {case} import wrong.csv
claims {case} import latin.csv
claims {case} export table.doc
claims {case} export nowhere/t.csv
claims nowhere export t.csv
sources nowhere
sources {case} grade Nobody B --why x
sources {case} grade Nobody B --why x
sources {case} grade Port+authority G --why x
sources {case} grade Port+authority B
sources {case} grade Port+authority B --why x --on soon
sources {case} alias Port+authority the+Gazette
sources {case} alias Port+authority Harbour --remove
sources {case} alias Port+authority +
sources {case} grade Port+authority D --why x --on 2999-01-01
sources {case} family Nobody x
sources {case} add Port+authority
sources {case} add Radio --grade Z --why x
sources dprk-russia add Radio
""".strip().splitlines()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(OLD, folder / "case")
    header = "id,role,quantity,proposition,comparison,value,unit,event,published,speaker,verification"
    files: dict[str, bytes] = {
        "note.txt": NOTE.encode(), "empty.txt": b"", "bad.pdf": b"%PDF-1.4 no", "bad.docx": b"PK\x03\x04 no",
        "korean.txt": b"\x00\x01\x02\x03" * 30, "empty.csv": b"", "table.doc": b"x",
        "semicolons.csv": header.replace(",", ";").encode(), "latin.csv": f"{header}\nX1,\xe9".encode("latin-1"),
        "wrong.csv": f"{header}\nX1,observation,crates_sent,,eq,many,crates,2023,2023,Port,unverified".encode(),
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "nothing").mkdir()
    return folder


def test_there_are_at_least_sixty_wrong_inputs() -> None:
    assert len(set(WRONG)) >= 60


@pytest.mark.parametrize("line", WRONG)
def test_wrong_input_is_told_in_one_sentence_and_changes_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(desk)
    case = desk / "case"
    before = {
        path: path.read_bytes() for path in case.rglob("*") if path.is_file() and path.name != "journal.jsonl"
    }
    command, _, stdin = line.format(case="case", empty="nothing").partition(" <<< ")
    run = qpq(*(word.replace("+", " ") for word in command.split()), stdin=stdin)
    sentence = wrong(run)
    assert "Traceback" not in sentence
    after = {
        path: path.read_bytes() for path in case.rglob("*") if path.is_file() and path.name != "journal.jsonl"
    }
    assert after == before
    journal = case / "journal.jsonl"
    assert not journal.exists() or journal.read_bytes() == b""


def test_an_alias_names_its_source(case: Path) -> None:
    done(qpq("sources", case, "alias", "Port authority", "Harbour office"))
    told = done(qpq("sources", case, "grade", "Harbour office", "D", "--why", "Late again."))
    assert told.startswith("Harbour office: reliability: ")
    assert sources(case)["Port authority"]["reliability"] == "D"


def test_what_comes_next_names_the_day_by_which_new_claims_count(case: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.txt"
    later.write_text(NOTE.replace("June 2023", "August 2023"), "utf-8")
    told = done(qpq("add", case, later))
    assert told.endswith(f"then 'qpq brief {case} --as-of 2023-08-11'.\n")
    assert f"'qpq brief {case} --as-of 2023-08-11'" in done(qpq("claims", case, "accept", read_claim(case)))


def test_nothing_read_has_no_next_step_and_no_fit_is_told(case: Path, tmp_path: Path) -> None:
    run = qpq("add", case, tmp_path / "none.txt")
    assert (run.exit_code, run.stdout) == (1, "")
    run = qpq("add", case, "https://example.org/a.html")
    assert "address is 'https://example.org/a.html'" in wrong(run)
    run = qpq("claims", case, "list", "--document", "none.txt")
    assert (run.exit_code, run.stdout, run.stderr) == (0, "", "qpq: no claim matches.\n")
