"""From a folder of files to a Case; everything that is wrong is found in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from quidproquo.cases.checks import check_fit
from quidproquo.cases.choices import metric, option
from quidproquo.cases.fields import Problem, Problems, Table
from quidproquo.cases.files import REQUIRED, case_table, claim_ids
from quidproquo.cases.lexicon import read_lexicon
from quidproquo.cases.priors import read_priors
from quidproquo.cases.quantities import actor, proposition, quantity
from quidproquo.cases.record import Case, MechanismUse
from quidproquo.cases.sections import check, ledger_line, topic
from quidproquo.cases.shipped import find_case
from quidproquo.cases.sources import read_people, read_sources
from quidproquo.cases.structure import hypothesis, intervention, mechanisms
from quidproquo.cases.totals import programme, total
from quidproquo.terms.errors import CaseError, ClaimError, PriorError, sentence
from quidproquo.terms.vocabulary import CLOCKS

__all__ = ["DEFAULT_DELTA", "check_case", "load_case"]

DEFAULT_DELTA = 0.01
"""The least difference in value that counts, where a case states none."""

_CLAIMS = "claims.csv"
_ERRORS = {"priors.toml": PriorError, _CLAIMS: ClaimError}


@runtime_checkable
class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def load_case(name_or_folder: str | Path) -> Case:
    """Load a case by its shipped name or its folder.

    A bare name that is shipped means the shipped case; a folder of that name is `./name`.

    Raises:
        CaseError: if there is no such case, or a file of it is missing, malformed or inconsistent.
        PriorError: if a prior is impossible.
        ClaimError: if its table of claims is no such table.
    """
    case, problems = _read(find_case(name_or_folder))
    if problems:
        first = problems[0]
        kind = _ERRORS.get(first.file, CaseError)
        text = first.sentence if first.file == _CLAIMS else str(first)
        if len(problems) > 1:
            more = f"{len(problems) - 1} more problem{'s' if len(problems) > 2 else ''}"
            text = f"{text.removesuffix('.')}; 'qpq check' lists {more}."
        raise kind(text)
    return case


def check_case(case_or_folder: str | Path | Case) -> list[Problem]:
    """Everything that is wrong with a case, each in one sentence; empty if nothing is.

    Raises:
        CaseError: if there is no such case.
    """
    folder = case_or_folder.folder if isinstance(case_or_folder, Case) else find_case(case_or_folder)
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        thing = f"case '{folder.name}'"
        allowed = "a file of the folder"
        return [Problem(name, sentence(thing, name, "missing", allowed, "add it")) for name in missing]
    try:
        return _read(folder)[1]
    except CaseError as error:
        return [Problem(folder.name, str(error))]


def _read(folder: Path) -> tuple[Case, list[Problem]]:
    problems = Problems()
    table = case_table(folder, problems)
    claims_file = folder / "claims.csv"
    if not claims_file.is_file():
        message = sentence(
            f"case '{folder.name}'", "claims.csv", "missing", f"a file of the folder {folder}", "add the file"
        )
        raise CaseError(message)
    case = Case(
        name=folder.name,
        title=table.text("title"),
        question=table.text("question"),
        start=table.day("start"),
        decision_date=table.day("decision_date"),
        horizon=table.day("horizon"),
        delta=_delta(table),
        folder=folder,
        actors=_by_id(table, "actor", actor),
        quantities=_by_id(table, "quantity", quantity),
        propositions=_by_id(table, "proposition", proposition),
        options=_by_id(table, "option", option),
        metrics=_by_id(table, "metric", metric),
        topics=_by_id(table, "topic", topic),
        ledger=tuple(_by_id(table, "ledger", ledger_line, "ledger line").values()),
        checks=_by_id(table, "check", check),
        hypotheses=_by_id(table, "hypothesis", hypothesis),
        mechanisms=_model(table),
        priors=read_priors(folder, problems),
        sources=(sources := read_sources(folder, problems)),
        people=read_people(folder, sources, problems),
        lexicon=read_lexicon(folder, problems),
        totals=_by_id(table, "total", total),
        programmes=_by_id(table, "programme", programme),
        clock=table.optional_choice("clock", CLOCKS, CLOCKS[0]),
        interventions=_by_id(table, "intervention", intervention),
    )
    table.reject_unknown_keys()
    try:
        claims = claim_ids(folder)
    except ClaimError as error:
        problems.found.append(Problem(_CLAIMS, str(error)))
        claims = None
    check_fit(case, claims, problems)
    return case, problems.found


def _delta(table: Table) -> float:
    value = table.number("delta", DEFAULT_DELTA)
    if value < 0.0:
        table.wrong("delta", value, "0 or more", "correct it")
    return value


def _model(table: Table) -> tuple[MechanismUse, ...]:
    model = table.raw("model")
    if not isinstance(model, dict):
        found = "missing" if model is None else model
        table.wrong("model", found, "a table [model] with mechanisms", "add it")
        return ()
    return mechanisms(model, table)


def _by_id(table: Table, key: str, read: Callable[[Table], T], noun: str = "") -> Mapping[str, T]:
    """Rows of an array of tables by id; an id may be used once."""
    made: dict[str, T] = {}
    for row in table.rows(key, noun or key):
        item = read(row)
        if item.id in made:
            row.wrong("id", item.id, f"used once among the [[{key}]]", "rename one")
        made.setdefault(item.id, item)
    return made
