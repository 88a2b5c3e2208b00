"""Gathering: a case, its claims on file, and what its documents say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from quidproquo.cases import is_shipped, load_case
from quidproquo.cases.record import Case
from quidproquo.claims import attach, load_claims, load_links, merge
from quidproquo.claims.journal import JOURNAL, read_present
from quidproquo.claims.load import claims_of_rows, links_of_rows
from quidproquo.claims.record import Claim, Link
from quidproquo.reading import Reader, load, read, rule_reader
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.record import Appearance, Document, Reading
from quidproquo.study.base import Base, base_on_file
from quidproquo.study.progress import Progress
from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["Gathered", "brief_command", "gather", "notes_of", "on_file_of", "problems_of", "read_files"]

_READ = ("read", "partly read", "duplicate")
_FAILED = ("missing", "unreadable", "empty", "other language")
_PARTLY = ("not answered", "partly read")
_MOST_NAMED = 5


@dataclass(frozen=True)
class Gathered:
    """Everything that is known before anything is weighed.

    `problems` holds one sentence for every document that was named and couldn't be read, `notes` one on those
    that were found in folders or inside other files. `base` is the
    evidence that the case started from (see `study.base`), if it has one.
    """

    case: Case
    claims: tuple[Claim, ...]
    links: tuple[Link, ...]
    reading: Reading
    unclassified: tuple[Appearance, ...]
    problems: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    base: Base | None = None


def gather(
    name: str,
    documents: Sequence[str],
    table: str | None,
    *,
    shipped: bool,
    progress: Progress,
) -> Gathered:
    """Load a case, read its documents and those that are named, and merge what they say.

    Raises:
        InputError: if the case or a table of claims is wrong; documents only add to `problems`.
    """
    case = load_case(name)
    on_file, links = on_file_of(case, table)
    paths: list[str | Path] = list(documents)
    folder = case.folder / "documents"
    if shipped and folder.is_dir():
        paths.append(folder)
    reading = read_files(paths, case, rule_reader(case), progress) if paths else Reading((), {}, ())
    placed = attach(on_file, reading.documents, reading.snapshots)
    with progress.stage("merging claims", None):
        merged = merge(placed, reading.appearances, case, _addresses(reading))
    claims = tuple(merged.claims)
    return Gathered(
        case,
        claims,
        links,
        reading,
        tuple(merged.unclassified),
        problems_of(reading.documents),
        notes_of(reading.documents),
        base=_base(case, Base(claims, links), reading, further=bool(documents) or table is not None),
    )


def _base(case: Case, gathered: Base, reading: Reading, *, further: bool) -> Base | None:
    """A shipped case's own claims, with `further` documents or claims or not; else what is on file."""
    if not is_shipped(case.folder):
        on_file = base_on_file(case)
        # a table of claims doesn't say in which sentences they stand
        places = {claim.id: claim.appearances for claim in gathered.claims}
        return on_file and on_file._replace(
            claims=[replace(claim, appearances=places.get(claim.id, ())) for claim in on_file.claims]
        )
    if not further:
        return gathered
    folder = case.folder / "documents"
    own = {path.name for path in folder.rglob("*")} if folder.is_dir() else set()
    documents = [one for one in reading.documents if not one.named and Path(one.name).name in own]
    ids = {document.id for document in documents}
    placed = attach(on_file_of(case)[0], documents, reading.snapshots)
    own_appearances = [seen for seen in reading.appearances if seen.document in ids]
    merged = merge(placed, own_appearances, case, _addresses(reading))
    return Base(tuple(merged.claims), gathered.links)


def _addresses(reading: Reading) -> dict[str, str]:
    """Web addresses of documents by their ids."""
    return {document.id: document.url for document in reading.documents}


def on_file_of(case: Case, table: str | None = None) -> tuple[list[Claim], tuple[Link, ...]]:
    """Claims and links of the case as they were judged, with the claims of a further table.

    Raises:
        ClaimError: if a table or the journal is wrong, or the further table has an id that isn't new.
    """
    if (case.folder / JOURNAL).is_file():
        present = read_present(case.folder)
        claims = claims_of_rows(present.rows("claim"), case)
        links = links_of_rows(present.rows("link"), claims)
    else:
        claims = load_claims(case.folder / "claims.csv", case)
        path = case.folder / "links.csv"
        links = load_links(path, claims) if path.is_file() else []
    if table is None:
        return claims, tuple(links)
    known = {claim.id for claim in claims}
    further = load_claims(Path(table), case)
    for claim in further:
        if claim.id in known:
            raise ClaimError(
                sentence(f"table '{table}'", "id", claim.id, "new to the case", "give the claim another id")
            )
    return claims + further, tuple(links)


def brief_command(name: str, case: Case, claims: Iterable[Claim]) -> str:
    """The command for a brief by which all of the claims count: with a later date where some came out later."""
    days = [claim.published.end for claim in claims if claim.published and claim.state != "rejected"]
    latest = min(max(days, default=case.decision_date), case.horizon)
    later = f" --as-of {latest.isoformat()}" if latest > case.decision_date else ""
    return f"qpq brief {name}{later}"


def read_files(paths: Sequence[str | Path], case: Case, reader: Reader, progress: Progress) -> Reading:
    """Open files and read them, and show how far both are.

    Raises:
        CaseError: if the bibliography of the case is malformed.
    """
    known = bibliography(case.folder)
    with progress.stage("opening documents", None) as advance:
        loaded = load(paths, known=known, language=reader.language, progress=lambda _done, _of: advance(1))
    total = sum(len(loaded.snapshots[document.snapshot].text) for document in loaded.documents)
    with progress.stage("reading documents, in characters", total) as advance:
        done = 0

        def report(now: int, _total: int) -> None:
            nonlocal done
            advance(now - done)
            done = now

        return read(loaded, case, reader=reader, progress=report)


def problems_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """A sentence for each document that was named, or cut, or asked of a model, and couldn't be read whole.

    If no document could be read at all, that is a problem too, though none was named.
    """
    listed = tuple(documents)
    found = tuple(d.reason for d in listed if d.status in _PARTLY or (d.named and d.status in _FAILED))
    return found if found or any(d.status in _READ for d in listed) else notes_of(listed)


def notes_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """One sentence on the documents that were found in folders or inside others and couldn't be read, if any."""
    listed = tuple(documents)
    failed = [d for d in listed if d.status in _FAILED and not d.named]
    if not failed:
        return ()
    named = [f"'{d.name}' ({d.status})" for d in failed[:_MOST_NAMED]]
    if len(failed) > _MOST_NAMED:
        named.append(f"{len(failed) - _MOST_NAMED} more")
    which = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    offered = sum(not document.named for document in listed)
    where = "documents found in folders, those of the case included, or inside others"
    count = (
        f"{len(failed)} of {offered} {where},"
        if offered > 1
        else "The only document in a folder or another one"
    )
    return (f"{count} {'was' if len(failed) == 1 else 'were'} not read: {which}.",)
