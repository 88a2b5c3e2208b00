"""Adding documents to a case of one's own: they are kept in its folder, and what they bring is told.

The file goes to `documents/`, where every later run reads it; the text that was read in it goes to
`snapshots/`, named by its hash, so that what was judged can be compared with its words when a reader changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from quidproquo import cases
from quidproquo.cases import is_shipped
from quidproquo.cases.record import Case
from quidproquo.claims import evidence_table, merge
from quidproquo.claims.journal import JOURNAL, open_alone, replace_file
from quidproquo.claims.linking import conflicts_of
from quidproquo.claims.record import Claim
from quidproquo.reading import llm_reader, load
from quidproquo.reading.documents.bibliography import FILE as BIBLIOGRAPHY
from quidproquo.reading.documents.bibliography import bibliography, with_entry
from quidproquo.reading.documents.formats import KNOWN, READ
from quidproquo.reading.documents.paths import STDIN, expand, is_address
from quidproquo.reading.llm.reader import LlmReader
from quidproquo.reading.record import Appearance, Document, Snapshot
from quidproquo.study.claim_queries import summary
from quidproquo.study.gather import Gathered, brief_command, gather, notes_of, problems_of, read_files
from quidproquo.study.judging import CaseReview, place_of
from quidproquo.study.progress import Progress, Silent
from quidproquo.terms.edtf import parse
from quidproquo.terms.errors import CaseError, DateError, InputError, sentence

__all__ = ["Added", "add_documents"]

_DOCUMENTS, _SNAPSHOTS = "documents", "snapshots"
_LONGEST = 140  # characters of a sentence that is told of
_KEPT = ("read", "duplicate", "other language", "not answered", "partly read")
_ENDINGS = {form: suffix for suffix, form in reversed(READ.items())}  # the first suffix of each format


@dataclass
class Added:
    """What documents brought, one sentence or line for each thing.

    `documents` are those that were kept, `known` those that the case had; `new` are claims that it had not,
    `confirmed` those that it had, `conflicts` what can't both be right, `unused` what was read and doesn't
    weigh, with the reason, `problems` what was named and couldn't be read, `notes` what wasn't named.
    `brief` is the command for a brief by which all of it counts.
    `refused` is what a model offered and the text doesn't bear out, `disagreements` what it understands otherwise
    than the rules.
    """

    documents: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    brief: str = ""


def add_documents(
    case: str,
    documents: Sequence[str],
    details: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    reader: str = "rules",
) -> Added:
    """Keep documents in the folder of a case, and compare what they say with what the case has.

    A document whose file or text the case has already is left alone. One that can't be read isn't kept.
    `details` is what its file doesn't say of a document: "published", "publisher", "title", "url". With the
    `reader` "llm" a model reads them too, also those that the case has; what it alone finds is put on file as
    proposals, since later runs don't ask it.

    Raises:
        CaseError: if the case comes with the package.
        InputError: if its files are wrong, or a detail is, a setting of the model, or a document can't be written.
    """
    given = {field: value for field, value in (details or {}).items() if value}
    _check_details(given, len(expand(documents)))
    loaded = cases.load_case(case)
    if is_shipped(loaded.folder):
        allowed = "a copy of your own"
        remedy = f"copy it with 'qpq cases copy {loaded.name} DIR', and add to DIR"
        raise CaseError(sentence(f"case '{loaded.name}'", "folder", "that of the package", allowed, remedy))
    model = llm_reader(loaded) if reader == "llm" else None
    language = "" if model is not None else "en"
    shown = progress or Silent()
    before = gather(case, (), None, shipped=True, progress=shown)
    added = Added()
    with open_alone(loaded.folder / JOURNAL):  # so that two people don't choose one name
        kept = dict(_keep(loaded, documents, given, before, added, language))
    names, after = {name for name, new in kept.items() if new}, before
    if names:
        after = gather(case, (), None, shipped=True, progress=shown)
        _compare(after, before, names, added, any_language=model is not None)
    added.brief = brief_command(case, loaded, after.claims)
    if model is not None:
        _ask(CaseReview(case, model.name), model, after, sorted(kept), added, shown)
    return added


def _ask(
    review: CaseReview, model: LlmReader, found: Gathered, names: Sequence[str], added: Added, shown: Progress
) -> None:
    """Have a model read documents of the case; what it alone finds becomes a proposal on file."""
    folder = review.case.folder / _DOCUMENTS
    reading = read_files([folder / name for name in names], review.case, model, shown)
    added.problems += problems_of(reading.documents)
    added.refused += [one.reason for one in reading.refused]
    added.disagreements += [one.reason for one in reading.disagreements]
    alone = [seen for seen in reading.appearances if seen.reader == model.name]
    addresses = {document.id: document.url for document in reading.documents}
    merged = merge(found.claims, alone, review.case, addresses)
    new = {claim.id: claim for claim in merged.claims if claim.id in merged.new}
    made, problems = review.propose(new.values(), model.name)
    for one in made:
        claim = new[one.subject[1]]
        added.new.append(f"{claim.id}  {summary(claim, review.case)}; {claim.note}")
        found_conflicts = conflicts_of(claim, merged.claims, review.case)
        added.conflicts += [f"{other.a} and {other.b}: {other.reason}" for other in found_conflicts]
    added.unused += problems
    added.unused += [
        f"“{_short(seen)}”: {_why_unclassified(seen, review.case)}" for seen in merged.unclassified
    ]


def _check_details(details: Mapping[str, str], documents: int) -> None:
    if details and documents != 1:
        field = next(iter(details))
        remedy = "add the documents one by one"
        raise InputError(sentence(f"option --{field}", "number of documents", documents, "1", remedy))
    if "published" in details:
        try:
            known = parse(details["published"]).start <= date.today() + timedelta(days=1)  # noqa: DTZ011
        except DateError:
            known = False
        if not known:
            allowed = "a day such as 2024-10-24, a month or a year, and not in the future"
            raise InputError(
                sentence("option --published", "date", details["published"], allowed, "correct the date")
            )


def _keep(
    case: Case,
    documents: Sequence[str],
    details: Mapping[str, str],
    before: Gathered,
    added: Added,
    language: str,
) -> Iterator[tuple[str, bool]]:
    """Write what is new of documents and their details; names of files in `documents/`, and whether it is new."""
    folder = case.folder / _DOCUMENTS
    files = {_hash(path.read_bytes()): path.name for path in folder.rglob("*") if path.is_file()}
    texts = {document.snapshot: document.name for document in before.reading.documents}
    known = bibliography(case.folder)
    for item in expand(documents):
        # a path has lost one of the strokes of an address
        loaded = load([item.name if is_address(item.name) else item.path], known=known, language=language)
        kept = [part for part in loaded.documents if part.status in _KEPT]
        problems = problems_of(loaded.documents)
        added.problems += problems
        added.notes += [note for note in notes_of(loaded.documents) if note not in problems]
        if not kept:
            continue
        same = [texts[part.snapshot] for part in kept if part.snapshot in texts]
        if str(item.path) == STDIN:
            data = loaded.snapshots[kept[0].snapshot].text.encode("utf-8", "surrogatepass")
        else:
            data = item.path.read_bytes()
        if details:
            _write_details(case, _hash(data), details)
        if _hash(data) in files or len(same) == len(kept):
            there = files.get(_hash(data)) or same[0]
            if details and _hash(data) in files:
                yield there, True
                continue
            yield there.partition("#")[0], False
            added.known.append(f"{item.name}: the case has it already, as {there}.")
            continue
        name = _free_name(folder, item.name, kept[0].format)
        for part in kept:
            _keep_text(case, loaded.snapshots[part.snapshot])
            texts[part.snapshot] = name
        _write(folder / name, data)
        files[_hash(data)] = name
        yield name, True


def _write_details(case: Case, sha256: str, details: Mapping[str, str]) -> None:
    path = case.folder / BIBLIOGRAPHY
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    _write(path, with_entry(text, sha256, details).encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _free_name(folder: Path, name: str, form: str) -> str:
    """A name in the folder that no file has, with an ending that the reader of folders knows."""
    path = Path(Path(name.replace("\\", "/")).name.lstrip(".") or "document")
    if path.suffix.lower() not in KNOWN:
        path = Path(f"{path.name}{_ENDINGS.get(form, '.txt')}".replace(" ", "-"))
    number = 1
    free = path
    while (folder / free).exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free.name


def _keep_text(case: Case, snapshot: Snapshot) -> None:
    name = snapshot.id.replace(":", "-")
    path = case.folder / _SNAPSHOTS / f"{name}.txt"
    if not path.exists():
        _write(path, snapshot.text.encode("utf-8", "surrogatepass"))


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        found = error.strerror or str(error)
        remedy = "allow writing to the folder of the case"
        raise InputError(sentence(f"folder '{path.parent}'", "folder", found, "writable", remedy)) from error
    replace_file(path, data)


def _compare(after: Gathered, before: Gathered, names: set[str], added: Added, *, any_language: bool) -> None:
    """Tell what the documents with these names bring."""
    mine = {one.id: one for one in after.reading.documents if one.name.partition("#")[0] in names}
    added.documents += [_document_line(document, any_language=any_language) for document in mine.values()]
    was = {claim.id for claim in before.claims}
    touched = [claim for claim in after.claims if any(seen.document in mine for seen in claim.appearances)]
    for claim in sorted(touched, key=place_of):
        line = f"{claim.id}  {summary(claim, after.case)}"
        (added.confirmed if claim.id in was else added.new).append(line)
    found = (conflict for claim in touched for conflict in conflicts_of(claim, after.claims, after.case))
    added.conflicts = list(dict.fromkeys(f"{one.a} and {one.b}: {one.reason}" for one in found))
    added.unused += _not_weighing(after, {claim.id: claim for claim in touched})
    places = [seen for seen in after.unclassified if seen.document in mine]
    added.unused += [f"\u201c{_short(seen)}\u201d: {_why_unclassified(seen, after.case)}" for seen in places]


def _document_line(document: Document, *, any_language: bool) -> str:
    undated = "no date of publication found; only what says when it was said weighs; give it with --published"
    when = f"published {document.published.edtf}" if document.published else undated
    source = f" (from its {document.published_from})" if document.published_from else ""
    fine = ("read", "other language") if any_language else ("read",)
    why = f"; {document.reason}" if document.status not in fine else ""
    return f"{document.name}: {when}{source}{why}"


def _not_weighing(found: Gathered, touched: Mapping[str, Claim]) -> list[str]:
    case = found.case
    try:
        table = evidence_table(found.claims, case, as_of=case.as_of, reviewed_only=False, links=found.links)
    except InputError as error:
        return [f"What weighs can't be told yet: {error}"]
    return [
        f"{one.claim}  {summary(touched[one.claim], case)}: {one.reason}"
        for one in table.unused
        if one.claim in touched
    ]


def _why_unclassified(seen: Appearance, case: Case) -> str:
    if not seen.quantity and not seen.proposition:
        return "about no quantity or proposition that the case's lexicon.toml knows"
    if seen.since is not None and seen.event is not None and seen.since.start > seen.event.end:
        return "its dates are the wrong way round"
    quantity = case.quantities.get(seen.quantity)
    unit = f", {quantity.unit}" if quantity else ""
    return f"its number or unit doesn't fit {seen.quantity or seen.proposition}{unit}"


def _short(seen: Appearance) -> str:
    words = " ".join(seen.sentence.quote.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}\u2026"
