"""One word for one thing: names of the code are those of the glossary and of the literature.

`docs/words.md` explains the words that people read. This file lists names that the code had before and
that must not come back, with the new name beside each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "quidproquo"


@dataclass(frozen=True)
class Former:
    """A former name: a pattern of a whole word of an identifier, what to write instead, and where it is barred.

    `inside` and `outside` are rooms; without either, the word is barred everywhere. `whole` bars identifiers
    of exactly this name, in this case, and no others that hold the word.
    """

    pattern: str
    instead: str
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    whole: bool = False

    def bars(self, room: str, name: str) -> bool:
        if (self.inside and room not in self.inside) or room in self.outside:
            return False
        if self.whole:
            return re.fullmatch(f"_*(?:{self.pattern})", name) is not None
        return any(re.fullmatch(self.pattern, word) for word in words_of(name))


NUMERICAL = ("worlds", "evidence", "decisions", "sensitivity", "study")
FORMER = (
    Former("letters?", "reliability grade", outside=("reading",)),
    Former("digit", "credibility grade", outside=("reading", "brief")),
    Former("luck", "fast_random, draws or chances"),
    Former("held", "materialize; fixed, changed or kept"),
    Former("glides?|gliding|slowest", "slow directions"),
    Former("leaps?|leaping", "mode jumps"),
    Former("seek", "fit_jumps"),
    Former("stretch", "log_det", outside=("reading",)),
    Former("routes?|learnt", "LearnedProposals, fit"),
    Former("Reports", "ObservedInputs", whole=True),
    Former("Cell", "ItemGroup", inside=("evidence",), whole=True),
    Former("terms", "item_log_lik", whole=True),
    Former("crowd", "prior_pool"),
    Former("enter|climb|climbs|climber|climbing", "first_step, temper", inside=("evidence", "study")),
    Former("pace|effort", "CompileOptions, SweepCounts"),
    Former("abreast", "islands_per_batch"),
    Former("joined|gathered", "stack, collect_draws", inside=("evidence",)),
    Former("apart", "split_islands, separate, TotalsHoldout"),
    Former("forgotten", "mixing_check"),
    Former("left", "max_rank_correlation, remaining, low"),
    Former("anew", "bridge_to_powers, rerun"),
    Former("Conditioned", "PosteriorDraws", whole=True),
    Former("boards?|glances?", "SensitivityEvaluator, QuickVerdict"),
    Former("beside", "ControlVariate, adjust"),
    Former("told", "adjusted; said, reported, stated"),
    Former("ItemSet|item_sets?", "WhatIf, leave_outs", whole=True),
    Former("Again|again", "RerunEvaluator", inside=NUMERICAL, whole=True),
    Former("nearest", "closest", inside=("sensitivity",)),
    Former("foretold|foresee|foreseen|foresight", "ReportPredictive, predict, predicted"),
    Former("Mark|marks?", "ScoreRow", inside=("evidence", "study")),
    Former("lean", "MeanPit, mean_pit"),
    Former("rivals?|rivalry", "BASELINES, baseline"),
    Former("spreads?", "sd, width, range, parallel_map"),
    Former("hopeless", "LOG_ZERO"),
    Former("Weighed", "RunResult", whole=True),
    Former("take_away", "leave_out", whole=True),
    Former("Half", "HalfEvidence", whole=True),
    Former("shelf|shelves", "case_library"),
    Former("outline", "sections"),
    Former("registers?", "records"),
    Former("suppositions?|supposed?|supposing", "assumption", outside=("reading",)),
    Former(
        "Reading",
        "Interpretation (of a total), ReadEdge (of a model)",
        outside=("reading", "study"),
        whole=True,
    ),
    Former("readings", "interpretations, read_edges", inside=("cases", "worlds"), whole=True),
)
# Names that hold a barred word and are the field's own, or another library's.
EXCEPTIONS = {
    "left_out",
    "bisect_left",
    "register_event_listener",
    "register_event_duration_secs_listener",
}
# Rooms that still hold former names, while they are being worked on. Only take away from it.
UNFINISHED: set[str] = set()


def words_of(name: str) -> Iterator[str]:
    """The words of an identifier, in lower case: of `_SlowMoves_2d` slow, moves and 2d."""
    for part in re.split(r"_+", name):
        yield from (word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", part))


def names_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name of our own making in a file, with its line: of things, fields, arguments and modules."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Name):
            yield node.id, line
        elif isinstance(node, ast.Attribute):
            yield node.attr, line
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield node.arg, line
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, line
        elif isinstance(node, ast.ImportFrom):
            ours = (node.module or "").split(".")
            if ours[0] == "quidproquo":
                # the room `terms` is no former name
                yield from ((part, line) for part in ours[2:])
                yield from ((alias.name, line) for alias in node.names if ours != ["quidproquo"])
            yield from ((alias.asname, line) for alias in node.names if alias.asname)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname, line) for alias in node.names if alias.asname)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def former_names(path: Path, text: str) -> dict[str, str]:
    """Former names in a file and its own name → where, and what to write instead."""
    room = room_of(path)
    found = {}
    for name, line in [(path.stem, 0), *names_in(ast.parse(text))]:
        for former in FORMER:
            if name not in EXCEPTIONS and former.bars(room, name):
                found.setdefault(name, f"line {line}: {former.instead}")
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_name_is_a_former_one(path: Path) -> None:
    found = former_names(path, path.read_text(encoding="utf-8"))
    assert room_of(path) in UNFINISHED or found == {}


def test_a_former_name_is_seen() -> None:
    text = "def told(self, crowd): self.apart = Mark(luck=1)\nfrom quidproquo.study.shelf import things\n"
    found = former_names(PACKAGE / "evidence" / "outline.py", text)
    assert set(found) == {"outline", "told", "crowd", "apart", "Mark", "luck", "shelf"}
    assert former_names(PACKAGE / "reading" / "x.py", "stretch = letters = mark = 1\n") == {}
    assert former_names(PACKAGE / "claims" / "x.py", "from quidproquo.terms.edtf import Interval\n") == {}
    assert former_names(PACKAGE / "worlds" / "x.py", "from scipy import stats as spread\n") == {
        "spread": "line 1: sd, width, range, parallel_map"
    }


PROSE = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "tests" / "golden" / "cli").glob("*.txt")),
]
# How people don't write: pattern → what they write.
UNWRITTEN = {
    r"\d %": "5%, without a space",
    r"\b[Ww]ho \w+s [^.;:]* (?:asks|finds) ": "to …, …",
    r"\bsuppositions?\b": "assumption",
}


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_prose_is_written_as_people_write(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {pattern: re.findall(pattern, text) for pattern in UNWRITTEN}
    assert {UNWRITTEN[pattern]: hits for pattern, hits in found.items() if hits} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_texts_of_the_code_have_no_space_before_a_percent_sign(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert re.search(r"\d %(?![\w(])", node.value) is None, f"line {node.lineno}"
