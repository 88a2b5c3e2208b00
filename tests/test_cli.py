"""The command: help, usage, exit status, and one sentence for what is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.reading.llm.chat import offering, passage_of, serving

GOLDEN = Path(__file__).parent / "golden" / "cli"
SOURCE = Path(__file__).parents[1] / "src"
HELPS = {
    "qpq": [],
    "brief": ["brief"],
    "backtest": ["backtest"],
    "what-if": ["what-if"],
    "diff": ["diff"],
    "ledger": ["ledger"],
    "read": ["read"],
    "claims": ["claims"],
    "claims-list": ["claims", "CASE", "list"],
    "claims-show": ["claims", "CASE", "show"],
    "claims-history": ["claims", "CASE", "history"],
    "claims-review": ["claims", "CASE", "review"],
    "claims-accept": ["claims", "CASE", "accept"],
    "claims-reject": ["claims", "CASE", "reject"],
    "claims-edit": ["claims", "CASE", "edit"],
    "claims-grade": ["claims", "CASE", "grade"],
    "claims-add": ["claims", "CASE", "add"],
    "claims-link": ["claims", "CASE", "link"],
    "claims-undo": ["claims", "CASE", "undo"],
    "claims-import": ["claims", "CASE", "import"],
    "claims-export": ["claims", "CASE", "export"],
    "claims-proposals": ["claims", "CASE", "proposals"],
    "claims-merge": ["claims", "CASE", "merge"],
    "add": ["add"],
    "sources": ["sources"],
    "sources-alias": ["sources", "CASE", "alias"],
    "sources-family": ["sources", "CASE", "family"],
    "sources-grade": ["sources", "CASE", "grade"],
    "sources-add": ["sources", "CASE", "add"],
    "cases": ["cases"],
    "cases-copy": ["cases", "copy"],
    "check": ["check"],
}
CASE = "dprk-russia"


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(SOURCE), "COLUMNS": "100"} | more


def qpq(
    *arguments: str, stdin: str = "", folder: Path | None = None, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    code = "from quidproquo.cli import main; main()"
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    env = environment(**(settings or {}))
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, env=env, cwd=folder, timeout=300
    )


def wrong(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a run that ended with wrong input."""
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    line, *others = run.stderr.splitlines()
    assert others == []
    assert line.startswith("qpq: ")
    assert line.endswith(".")
    return line.removeprefix("qpq: ")


@pytest.mark.parametrize("name", HELPS)
def test_help_is_as_recorded(name: str) -> None:
    run = qpq(*HELPS[name], "--help")
    assert run.returncode == 0
    file = GOLDEN / f"{name}.txt"
    if "QPQ_RECORD" in os.environ:
        file.write_text(run.stdout, encoding="utf-8")
    assert run.stdout == file.read_text(encoding="utf-8")


def test_version() -> None:
    assert qpq("--version").stdout == "qpq 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "command 'qpq': subcommand is 'nothing', but it must be one of brief, "),
        (["breif"], "; write brief."),
        (
            ["claims", CASE, "lsit"],
            "command 'qpq claims': subcommand is 'lsit', but it must be one of list, ",
        ),
        (["brief"], "argument CASE: value is missing, but it must be given; see 'qpq brief --help'."),
        (
            ["brief", CASE, "--worlds", "many"],
            "option --worlds: value is 'many', but it must be a whole number from 256 to 1000000; see 'qpq brief",
        ),
        (
            ["brief", CASE, "--worlds", "10"],
            "value is '10', but it must be a whole number from 256 to 1000000",
        ),
        (["brief", CASE, "--worlds", "100000000"], "from 256 to 1000000"),
        (
            ["brief", CASE, "--worlds"],
            "option --worlds: value is missing, but it must be given; write it after the option.",
        ),
        (
            ["brief", CASE, "--seed", "-1"],
            "option --seed: value is '-1', but it must be a whole number from 0 to",
        ),
        (["brief", CASE, "--seed", "4294967296"], "from 0 to 4294967295"),
        (["backtest", CASE, "--as-of", "2024-11-01", "--worlds", "10"], "from 256 to 1000000"),
        (
            ["brief", CASE, "--no-such-option"],
            "command 'qpq brief': option is '--no-such-option', but it must be one that the command has; see 'qpq",
        ),
        (
            ["brief", CASE, "--wrlds", "300"],
            "option is '--wrlds', but it must be one that the command has; write --worlds.",
        ),
        (["read", "x", "--foo"], "command 'qpq read': option is '--foo', but"),
        (["--foo"], "command 'qpq': option is '--foo', but"),
        (["read"], "argument DOCUMENT: value is missing, but it must be given"),
        (
            ["read", "x", "--reader", "magic"],
            "option --reader: value is 'magic', but it must be one of rules, llm",
        ),
        (["cases", "copy", CASE], "argument DIR: value is missing"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    run = qpq(*arguments, folder=tmp_path)
    assert run.returncode == 2
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1
    for word in ("Error", "Input should", "Possible", "Invalid value", "Usage"):
        assert word not in run.stderr
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_results_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("taken")
    told = wrong(qpq("brief", CASE, "--out", "file", folder=tmp_path))
    assert (
        told
        == "option --out: folder is 'file', but it must be a folder, and this is a file; name another one."
    )


def test_cases_are_listed() -> None:
    listed = list(csv.DictReader(io.StringIO(qpq("cases").stdout)))
    assert CASE in [row["name"] for row in listed]
    assert qpq("cases", "list").stdout == qpq("cases").stdout


def test_case_is_copied_once(tmp_path: Path) -> None:
    run = qpq("cases", "copy", CASE, "mine", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "mine" / "case.toml").is_file()
    assert "a new or empty folder" in wrong(qpq("cases", "copy", CASE, "mine", folder=tmp_path))
    assert qpq("check", "mine", folder=tmp_path).returncode == 0


def test_check_of_a_shipped_case() -> None:
    run = qpq("check", CASE)
    assert (run.returncode, run.stderr) == (0, "")
    verdict, *rest = run.stdout.splitlines()
    assert verdict == f"Case {CASE}: no problems found."
    newest = rest[: rest.index("Priors that may have either sign:")]
    age = (
        r"  \w+: \d+ days? before the decision date \(claim \w+, on [\d/-]+(, known up to \d{4}-\d\d-\d\d)?\)"
    )
    assert any(re.fullmatch(age, line) for line in newest)
    assert any(re.match(r"  deterrence\.provoke: \d+% above 0 \(judgement", line) for line in rest)
    assert qpq("check", CASE, "-q").stdout == f"{verdict}\n"


@pytest.mark.parametrize("command", ["brief", "check", "claims"])
def test_unknown_case(command: str, tmp_path: Path) -> None:
    told = wrong(qpq(command, "nowhere", folder=tmp_path))
    assert "'nowhere'" in told
    assert CASE in told


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    assert qpq("cases", "copy", CASE, "mine", folder=tmp_path).returncode == 0
    (tmp_path / "mine" / "priors.toml").unlink()
    run = qpq("check", "mine", folder=tmp_path)
    assert run.returncode == 1
    assert "priors.toml" in run.stderr
    assert all(line.startswith("qpq: ") for line in run.stderr.splitlines())


def test_check_names_unknown_levers_and_rings_of_relays(tmp_path: Path) -> None:
    assert qpq("cases", "copy", CASE, "mine", folder=tmp_path).returncode == 0
    file = tmp_path / "mine" / "case.toml"
    text = file.read_text(encoding="utf-8")
    assert "commitment = " in text
    file.write_text(text.replace("commitment = ", "comitment = ", 1), encoding="utf-8")
    with (tmp_path / "mine" / "links.csv").open("a", encoding="utf-8") as links:
        links.write("A086,relays,S013\n")
    run = qpq("check", "mine", folder=tmp_path)
    assert run.returncode == 1
    ring, lever = run.stderr.splitlines()
    assert ring == (
        "qpq: links.csv: relays is 'A086 \u2192 S013 \u2192 A086', but it must be free of rings; "
        "remove one of these links."
    )
    assert re.fullmatch(
        r"qpq: option '\w+': lever is 'comitment', but it must be one of .*; write 'commitment' instead\.",
        lever,
    )


def test_check_tells_where_the_model_disagrees_with_a_sign(tmp_path: Path) -> None:
    assert qpq("cases", "copy", CASE, "mine", folder=tmp_path).returncode == 0
    file = tmp_path / "mine" / "case.toml"
    right = '{ metric = "supply", sign = "-", reason = "nothing is delivered" }'
    text = file.read_text(encoding="utf-8")
    assert text.count(right) == 1
    file.write_text(text.replace(right, right.replace('"-"', '"+"')), encoding="utf-8")
    told = wrong(qpq("check", "mine", folder=tmp_path))
    assert told.startswith("intervention 'no_munitions': change of metric 'supply' is '-")
    assert told.endswith("but it must be above 0 by four errors; mend the model or the sign.")


def test_claims_are_listed_and_shown() -> None:
    rows = list(csv.DictReader(io.StringIO(qpq("claims", CASE).stdout)))
    assert len(rows) > 20
    assert {"id", "role", "quantity", "state"} <= set(rows[0])
    lines = qpq("claims", CASE, "list", "--role", "forecast", "--format", "jsonl").stdout.splitlines()
    forecasts = [json.loads(line) for line in lines]
    assert {row["role"] for row in forecasts} == {"forecast"}
    assert [row["id"] for row in forecasts] == [row["id"] for row in rows if row["role"] == "forecast"]

    record = json.loads(qpq("claims", CASE, "show", rows[0]["id"], "--json").stdout)
    assert record["id"] == rows[0]["id"]
    assert f"id: {rows[0]['id']}" in qpq("claims", CASE, "show", rows[0]["id"]).stdout


def test_unknown_claim() -> None:
    assert "'NOTHERE'" in wrong(qpq("claims", CASE, "show", "NOTHERE"))


TEXT = "Freedonia has sent at least 3,000 crates, an official said on Friday.\n"


def test_reading_gives_rows_with_spans(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    rows = [json.loads(line) for line in qpq("read", "note.txt", folder=tmp_path).stdout.splitlines()]
    assert any(row["value"] == 3000 and row["comparison"] == "at_least" for row in rows)
    table = csv.DictReader(io.StringIO(qpq("read", "note.txt", "--format", "csv", folder=tmp_path).stdout))
    assert [row["comparison"] for row in table] == [row["comparison"] for row in rows]


def test_reading_from_standard_input_gives_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    piped = [json.loads(line) for line in qpq("read", "-", stdin=TEXT).stdout.splitlines()]
    read = [json.loads(line) for line in qpq("read", "note.txt", folder=tmp_path).stdout.splitlines()]
    assert [(row["start"], row["end"], row["value"]) for row in piped] == [
        (row["start"], row["end"], row["value"]) for row in read
    ]


def test_a_missing_document_ends_with_1_after_the_rest(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    run = qpq("read", "missing.txt", "note.txt", folder=tmp_path)
    assert "missing.txt" in wrong(run)
    assert run.stdout == qpq("read", "note.txt", folder=tmp_path).stdout != ""


SAYS = {"quote": "Freedonia has sent at least 3,000 crates, an official said on Friday.", "number": "3,000",
        "speakers": ["an official"], "cue": "said"}  # fmt: skip


def test_a_model_reads_and_what_is_refused_is_shown(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "notiz.txt").write_text(
        "Das ist nicht, was der Hafen mit den 40 Kisten will.", encoding="utf-8"
    )
    with serving(lambda _: offering(SAYS, SAYS | {"number": "\x1b[31m9,000"})) as chat:
        run = qpq(
            "read", "note.txt", "notiz.txt", "--reader", "llm", folder=tmp_path, settings=chat.environment()
        )
    assert (run.returncode, len(chat.asked)) == (0, 2)
    [row] = [json.loads(line) for line in run.stdout.splitlines()]
    assert (row["document"], row["value"], row["comparison"]) == ("note.txt", 3000, "at_least")
    told = run.stderr.splitlines()
    assert "document 'note.txt': the model's number is '\\x1b[31m9,000', but" in told[0]
    assert told[-1] == "qpq: Refused, because the text doesn't bear out what the model offered: 3."
    assert len(told) == 4


def test_a_model_that_fails_on_one_document_ends_with_1_after_the_rest(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("The mayor counted 77 boats in the harbour.\n", encoding="utf-8")
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    with serving(lambda asked: (404, b"") if "77" in passage_of(asked) else offering(SAYS)) as chat:
        run = qpq(
            "read", "bad.txt", "note.txt", "--reader", "llm", folder=tmp_path, settings=chat.environment()
        )
    assert wrong(run).startswith("document 'bad.txt': the model's answer to 1 of 1 passages is ")
    assert "404 Not Found" in run.stderr
    assert [json.loads(line)["value"] for line in run.stdout.splitlines()] == [
        77,
        3000,
    ]  # the rules read both


def test_a_model_without_an_address_is_wrong_input() -> None:
    run = qpq("read", "x.txt", "--reader", "llm", settings={"QPQ_LLM_URL": ""})
    assert wrong(run).startswith(
        "option --reader llm: QPQ_LLM_URL is '', but it must be the address of a chat"
    )


def test_a_reader_that_stops_early_is_no_error() -> None:
    code = "from quidproquo.cli import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", code, "claims", CASE],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert run.stdout
    assert run.stderr
    run.stdout.close()
    told = run.stderr.read()
    run.stderr.close()
    assert (run.wait(timeout=60), told) == (0, "")


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
def test_interruption_is_quiet_and_leaves_nothing_half_written(
    request_to_end: signal.Signals, tmp_path: Path
) -> None:
    code = (
        "import quidproquo.study, os, pathlib, signal\n"
        # a shell that starts the tests in the background has told them to ignore interruptions
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def end():\n"
        "    with quidproquo.study.staged(pathlib.Path('.')) as made:\n"
        "        (made / 'brief.json').write_text('half')\n"
        f"        os.kill(os.getpid(), {int(request_to_end)})\n"
        "quidproquo.study.list_cases = end\n"
        "from quidproquo.cli import main; main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "cases"], capture_output=True, text=True, env=environment(), cwd=tmp_path
    )
    assert (run.returncode, run.stdout, run.stderr) == (128 + request_to_end, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_claim_commands_no_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    assert qpq("cases", "copy", CASE, str(folder)).returncode == 0
    table = folder / "claims.csv"
    name = "K\x1b[31m\u202e1"
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    rows[0] |= {"id": name, "paraphrase": "Said\x1b[2J\x9b31m\u202eso."}
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for run in (
        qpq("claims", str(folder), "show", name),
        qpq("claims", str(folder), "list", "--format", "table"),
        qpq("claims", str(folder), "show", "\x1b[2J\u202e"),
    ):
        assert not {"\x1b", "\x9b", "\u202e"} & set(run.stdout + run.stderr)
        assert run.stdout or run.returncode == 1


def test_an_address_without_its_beginning_is_taken_for_one(tmp_path: Path) -> None:
    told = wrong(qpq("read", "example.org/a.html", folder=tmp_path))
    assert told.endswith(
        "correct the path, or save the page and name its file if it is an address of the web."
    )
    assert wrong(qpq("read", "sub/a.html", folder=tmp_path)).endswith("pattern; correct the path.")


def test_documents_in_folders_are_counted_apart_from_named_ones(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "empty.txt").write_text("")
    (tmp_path / "sub" / "other.txt").write_text("Moscow received 200 shells in March 2024, Kyiv said.")
    (tmp_path / "named.txt").write_text("Moscow received 300 shells in May 2024, Kyiv said.")
    told = qpq("read", "named.txt", "sub", folder=tmp_path).stderr
    assert (
        "1 of 2 documents found in folders, those of the case included, or inside others, was not read"
        in told
    )


CALL = [sys.executable, "-W", "error", "-c", "from quidproquo.cli import main; main()"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_finds_no_room_is_told_in_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*CALL, "cases"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment()
        )
    assert run.returncode == 1
    assert run.stderr == (
        "qpq: disk: room is used up (No space left on device), but it must be enough for all that is written or "
        "printed; make room.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_a_copy_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); {CALL[-1]}"
    run = subprocess.run(
        [*CALL[:-1], code, "cases", "copy", CASE, "mine"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        cwd=tmp_path,
    )
    told = wrong(run)
    assert told.startswith(
        "copy of a case: folder is 'mine', but it must be a folder that can be written to ("
    )
    assert told.endswith("; make room, or choose another one.")
    assert list(tmp_path.iterdir()) == []


def test_a_case_is_copied_into_the_folder_one_stands_in(tmp_path: Path) -> None:
    assert qpq("cases", "copy", "rok-vietnam", ".", folder=tmp_path).returncode == 0
    assert (tmp_path / "case.toml").is_file()
    assert (tmp_path / "base" / "claims.csv").is_file()
