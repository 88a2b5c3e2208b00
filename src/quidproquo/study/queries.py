"""Questions about a case that need no simulation: what is read, how old claims are, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

from quidproquo import cases
from quidproquo.cases.fields import suggestion
from quidproquo.cases.record import Case
from quidproquo.claims import Age, ages
from quidproquo.claims.journal import dispute_sentence, read_present
from quidproquo.claims.linking import rings
from quidproquo.claims.load import check_claim_rows, links_of_rows
from quidproquo.reading import Reader, llm_reader, rule_reader
from quidproquo.study.gather import notes_of, on_file_of, problems_of, read_files
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.rows import appearance_row
from quidproquo.terms.errors import InputError, sentence

__all__ = ["Rows", "check_case", "claim_ages", "effects", "read_documents"]

_NINETY = NormalDist().inv_cdf(0.95)
_READERS: dict[str, Callable[[Case], Reader]] = {"rules": rule_reader, "llm": llm_reader}


class Rows(NamedTuple):
    """Appearances as rows; sentences on documents that were named and weren't read, on others, on refusals.

    `disagreements` are sentences on what the rules and a model understand differently.
    """

    rows: list[dict[str, object]]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    refused: tuple[str, ...]
    disagreements: tuple[str, ...]


def read_documents(
    documents: Sequence[str], case: str | None, reader: str = "rules", progress: Progress | None = None
) -> Rows:
    """Appearances in documents, found by the reader "rules" or "llm".

    Raises:
        InputError: if the case is wrong, or a setting of the reader is.
    """
    loaded = cases.load_case(case) if case else _plain_case()
    reading = read_files(list(documents), loaded, _READERS[reader](loaded), progress or Silent())
    names = {document.id: document.name for document in reading.documents}
    problems = problems_of(reading.documents)
    return Rows(
        [appearance_row(seen, names) for seen in reading.appearances],
        problems,
        tuple(note for note in notes_of(reading.documents) if note not in problems),
        tuple(refused.reason for refused in reading.refused),
        tuple(one.reason for one in reading.disagreements),
    )


def _plain_case() -> Case:
    """No case: numbers are found and left unclassified."""
    never = date(1, 1, 1)
    return Case(
        name="",
        title="",
        question="",
        start=never,
        decision_date=never,
        horizon=never,
        delta=0.0,
        folder=Path(),
        ledger=(),
        hypotheses={},
        mechanisms=(),
        priors={},
        sources={},
        lexicon=(),
        actors={},
        quantities={},
        propositions={},
        options={},
        metrics={},
        topics={},
        checks={},
    )


def check_case(case: str) -> list[str]:
    """Everything that is wrong with the files of a case, one sentence each."""
    problems = [problem.sentence for problem in cases.check_case(case)]
    if problems:
        return problems
    loaded = cases.load_case(case)
    return _check_tables(loaded) + _check_model(loaded)


def claim_ages(case: str) -> list[str]:
    """How long before the decision date the newest claim on each quantity ends, the longest first.

    Raises:
        InputError: if the case or one of its tables is wrong.
    """
    loaded = cases.load_case(case)
    return [_age(age) for age in ages(loaded, *on_file_of(loaded))]


def _age(age: Age) -> str:
    """Days from the end of what the newest claim speaks of to the decision date.

    Of a span, the claim knows no more than up to its own publication.
    """
    if age.days is None or age.last is None:
        return f"{age.quantity}: no claim conditions it"
    last = age.last.isoformat()
    of = last if age.event == last else f"{age.event}, known up to {last}"
    days = f"{age.days} day" if age.days == 1 else f"{age.days} days"
    return f"{age.quantity}: {days} before the decision date (claim {age.claim}, on {of})"


def effects(case: str) -> list[str]:
    """Which way every prior leans that may have either sign, one line each, as a case's author wrote it.

    Raises:
        InputError: if the case is wrong.
    """
    lines = []
    for prior in cases.load_case(case).priors.values():
        if prior.distribution != "normal":
            continue
        middle, sd = 0.5 * (prior.low + prior.high), (prior.high - prior.low) / (2.0 * _NINETY)
        above = 100.0 * (1.0 - NormalDist(middle, sd).cdf(0.0))
        lines.append(f"{prior.name}: {above:.0f}% above 0 ({prior.source})")
    return lines


def _check_tables(case: Case) -> list[str]:
    try:
        present = read_present(case.folder)
    except InputError as error:
        return [str(error)]
    claims, errors = check_claim_rows(present.rows("claim"), case)
    sentences = [*present.notes, *(str(error) for error in errors), *map(dispute_sentence, present.disputes)]
    if not sentences:
        try:
            links = links_of_rows(present.rows("link"), claims)
        except InputError as error:
            return [str(error)]
        for relation, *ring in rings(links):
            found = " \u2192 ".join(ring)
            sentences.append(
                sentence("links.csv", relation, found, "free of rings", "remove one of these links")
            )
    return sentences


def _check_model(case: Case) -> list[str]:
    from quidproquo.study.request import cache
    from quidproquo.worlds.runtime import prepare

    prepare(cache())
    import jax

    from quidproquo.worlds.interventions import disagreements
    from quidproquo.worlds.model import build_model
    from quidproquo.worlds.simulate import plan

    try:
        model = build_model(case)
    except InputError as error:
        return [str(error)]
    problems = _check_levers(case, model.levers)
    observables = [name for quantity in case.quantities.values() for name in quantity.observes.values()]
    observables += [p.operator for p in case.propositions.values() if p.operator]
    for name in dict.fromkeys(observables):
        try:
            model.output(name)
        except InputError as error:
            problems.append(str(error))
    if problems:
        return problems
    try:
        plan(model, case, ())
        return disagreements(case, model, jax.random.key(0))
    except InputError as error:
        return [str(error)]


def _check_levers(case: Case, levers: Sequence[str]) -> list[str]:
    return [
        sentence(
            f"option '{option.id}'", "lever", name, f"one of {', '.join(levers)}", suggestion(name, levers)
        )
        for option in case.options.values()
        for name in option.levers
        if name not in levers
    ]
