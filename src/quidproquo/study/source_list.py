"""The sources of a case of one's own: aliases, families, and reliability grades with reason and date.

`sources.toml` is what counts; its comments stay. Every change by command is a judgement in the journal as well,
and what was edited by hand is taken up there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from quidproquo import cases
from quidproquo.cases.fields import suggestion
from quidproquo.cases.record import Source
from quidproquo.cases.sources import FILE, edited_text
from quidproquo.claims.journal import Act, Draft, Judgement, replace_file
from quidproquo.study.judging import CaseReview
from quidproquo.terms.errors import CaseError, DateError, InputError, sentence
from quidproquo.terms.grades import RELIABILITIES

__all__ = ["SourceChange", "change_source", "list_sources", "merged_sources"]

_BETWEEN = " | "


@dataclass(frozen=True)
class SourceChange:
    """What to change of a source; None: leave it. `new` says that the case doesn't have it yet."""

    name: str
    alias: str | None = None
    remove_alias: str | None = None
    family: str | None = None
    affiliation: str | None = None
    reliability: str | None = None
    graded: str | None = None
    new: bool = False
    why: str = ""


def list_sources(case: str) -> list[dict[str, str]]:
    """The sources of a case, one row each.

    Raises:
        InputError: if the case is wrong.
    """
    return [{"name": one.name, **_cells(one)} for one in cases.load_case(case).sources.values()]


def change_source(case: str, change: SourceChange, who: str | None) -> Judgement | None:
    """Change or add a source; None if it is so already.

    Raises:
        CaseError: if there is no such source, a name belongs to another one, or a field is wrong.
        InputError: if the case is wrong, or a file can't be written.
    """
    review = CaseReview(case, who)
    source = review.case.sources.get(change.name)
    if source is None and not change.new and (known := review.case.source_of(change.name)) is not None:
        change, source = replace(change, name=known.name), known
    if source is None and not change.new:
        names = list(review.case.sources)
        remedy = suggestion(change.name, names).replace("correct or remove it", f"see 'qpq sources {case}'")
        raise CaseError(
            sentence(f"case '{case}'", "source", change.name, "the name of one of its sources", remedy)
        )
    if source is not None and change.new:
        remedy = "change it with 'grade', 'family' or 'alias'"
        raise CaseError(sentence(f"case '{case}'", "source", change.name, "one that it doesn't have", remedy))
    fields = _fields(change, source)
    old = None if source is None else _cells(source)
    if source is not None and not fields:
        return None
    _take_up(review, change.name, old)
    path = review.case.folder / FILE
    before = path.read_bytes()
    try:
        replace_file(path, edited_text(before.decode("utf-8"), change.name, fields).encode("utf-8"))
        new = _cells(cases.load_case(case).sources[change.name])
        act: Act = "add" if source is None else "grade" if "reliability" in fields else "edit"
        after = {name: cell for name, cell in new.items() if cell != (old or {}).get(name, "")}
        (made,) = review.journal.judge([Draft(act, ("source", change.name), after, change.why, base=old)])
    except BaseException:
        replace_file(path, before)
        raise
    return made


def _take_up(review: CaseReview, name: str, cells: Mapping[str, str] | None) -> None:
    """Record what was edited in the file since the last judgement on a source."""
    there = review.journal.present.replay.present(("source", name))
    if there is not None and there != cells:
        after = None if cells is None else {column: cells.get(column, "") for column in {*there, *cells}}
        draft = Draft("edit" if cells else "remove", ("source", name), after, f"{FILE} was edited by hand")
        review.journal.judge([draft])


def _cells(source: Source) -> dict[str, str]:
    cells = {
        "family": source.family,
        "affiliation": source.affiliation,
        "reliability": source.reliability,
        "reason": source.reason,
        "aliases": _BETWEEN.join(source.aliases),
        "graded": source.graded.isoformat() if source.graded else "",
    }
    return {name: cell for name, cell in cells.items() if cell}


def _fields(change: SourceChange, source: Source | None) -> dict[str, str | list[str] | date]:
    """The fields of sources.toml to set."""
    fields: dict[str, str | list[str] | date] = {}
    if source is None:
        fields = {
            "family": change.name,
            "affiliation": "not stated",
            "reliability": "F",
            "reason": "Not judged yet.",
        }
    for name, value in (("family", change.family), ("affiliation", change.affiliation)):
        if value is not None and (source is None or getattr(source, name) != value):
            fields[name] = value
    if change.reliability is not None:
        fields |= _grade(change, source)
    aliases = list(source.aliases) if source else []
    if change.alias is not None and not change.alias.strip():
        remedy = "write the alias"
        raise CaseError(sentence(f"source '{change.name}'", "alias", change.alias, "a name", remedy))
    if change.alias is not None and change.alias not in aliases:
        fields["aliases"] = [*aliases, change.alias]
    if change.remove_alias is not None:
        if change.remove_alias not in aliases:
            allowed = f"one of {', '.join(aliases)}" if aliases else "an alias of it, and it has none"
            remedy = suggestion(change.remove_alias, aliases)
            raise CaseError(
                sentence(f"source '{change.name}'", "alias", change.remove_alias, allowed, remedy)
            )
        fields["aliases"] = [alias for alias in aliases if alias != change.remove_alias]
    return fields


def _grade(change: SourceChange, source: Source | None) -> dict[str, str | list[str] | date]:
    thing, grade = f"source '{change.name}'", str(change.reliability)
    if grade not in RELIABILITIES:
        allowed = f"one of {', '.join(f'{one} ({words})' for one, words in RELIABILITIES.items())}"
        raise CaseError(sentence(thing, "reliability", grade, allowed, "choose one"))
    if not change.why.strip():
        remedy = "give it with --why"
        raise CaseError(sentence(thing, "reason", change.why, "why it is graded so", remedy))
    today = datetime.now(UTC).date()
    try:
        day = date.fromisoformat(change.graded) if change.graded else today
    except ValueError:
        day = date.max
    if day > today + timedelta(days=1):
        allowed, remedy = "a day such as 2025-03-01, and not in the future", "write when it was judged"
        raise DateError(sentence(thing, "graded", str(change.graded), allowed, remedy))
    if (
        source is not None
        and (source.reliability, source.reason) == (grade, change.why)
        and not change.graded
    ):
        return {}
    return {"reliability": grade, "reason": change.why, "graded": day}


def merged_sources(review: CaseReview, judgements: tuple[Judgement, ...]) -> None:
    """Set sources in the file as another person's judgements, which were merged, make them.

    Raises:
        InputError: if the file can't be written, or the case would be wrong.
    """
    path = Path(review.case.folder / FILE)
    before = path.read_bytes()
    text = before.decode("utf-8")
    for _, name in dict.fromkeys(one.subject for one in judgements if one.subject[0] == "source"):
        cells = review.journal.present.replay.present(("source", name))
        if cells is None:
            text = edited_text(text, name, None)
            continue
        fields: dict[str, str | list[str] | date | None] = {**cells, "aliases": None, "graded": None}
        if "aliases" in cells:
            fields["aliases"] = cells["aliases"].split(_BETWEEN)
        if "graded" in cells:
            fields["graded"] = date.fromisoformat(cells["graded"])
        text = edited_text(text, name, fields)
    if text.encode("utf-8") == before:
        return
    replace_file(path, text.encode("utf-8"))
    try:
        cases.load_case(review.case.folder)
    except InputError:
        replace_file(path, before)
        raise
