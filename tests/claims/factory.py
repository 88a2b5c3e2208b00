"""A small case in neutral names, and short ways to write claims and appearances in tests."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from quidproquo.cases.record import Case, Prior, Proposition, Quantity, Source
from quidproquo.claims import CLAIM_COLUMNS, Claim
from quidproquo.reading.record import Appearance, Locator, Speaker
from quidproquo.terms.edtf import Interval, parse

ROW = {
    "id": "C1",
    "role": "observation",
    "quantity": "crates_sent",
    "comparison": "more_than",
    "value": "18000",
    "unit": "crates",
    "event": "2024-10-24",
    "published": "2024-10-24",
    "speaker": "Ministry of Trade",
    "reporting_source": "Daily Gazette",
    "paraphrase": "Over 18,000 crates went to Sylvania.",
    "verification": "page_excerpt",
}


def make_case(folder: Path = Path(), priors: tuple[Prior, ...] = (), **changes: object) -> Case:
    """Freedonia sends crates and workers to Sylvania."""
    quantities = [
        Quantity(
            "crates_sent", "Crates sent", "crates", "cumulative", "log", "so far", "",
            {"": "crates.sent", "capacity": "crates.room"}, 1.0, 1e6,
        ),
        Quantity(
            "lorries_sent", "Lorries sent", "lorries", "cumulative", "log", "so far", "",
            {"": "crates.loads"}, 1.0, 1e5,
        ),
        Quantity(
            "workers_abroad", "Workers abroad", "persons", "stock", "log", "there", "",
            {"": "workers.present"}, 1.0, 1e5,
        ),
        Quantity(
            "faulty_share", "Faulty share", "fraction", "share", "logit", "of all", "", {"": "crates.faulty"},
        ),
        Quantity("growth", "Growth", "fraction", "rate", "identity", "a year", "", {}),
        Quantity(
            "launches", "Launches", "launches", "count", "count", "in the period", "",
            {"": "launches.tried"}, 0.0, 20.0,
        ),
        Quantity("treaty", "Treaty", "", "event", "identity", "whether there is one"),
    ]  # fmt: skip
    propositions = [
        Proposition(
            "treaty_signed", "Freedonia and Sylvania have signed a treaty.", "event:treaty", "treaty.signed"
        ),
        Proposition("trade_helps", "The trade helps Freedonia.", "none"),
    ]
    sources = [
        Source(
            "Ministry of Trade",
            "Freedonia",
            "government",
            "B",
            "keeps records",
            ("Trade Ministry", "the ministry"),
        ),
        Source(
            "Border Office", "Sylvania", "government", "C", "counts lorries", ("Sylvanian Border Office",)
        ),
        Source("Daily Gazette", "press", "newspaper", "C", "named sources", ("Gazette",)),
    ]
    day = date(2025, 2, 28)
    fields: dict[str, object] = {
        "name": "freedonia", "title": "Freedonia and Sylvania", "question": "?", "start": date(2022, 1, 1),
        "decision_date": day, "horizon": date(2027, 1, 1), "delta": 0.01, "folder": folder, "actors": {},
        "quantities": {q.id: q for q in quantities}, "propositions": {p.id: p for p in propositions},
        "options": {}, "metrics": {}, "topics": {}, "ledger": (), "checks": {}, "hypotheses": {},
        "mechanisms": (), "priors": {p.name: p for p in priors}, "sources": {s.name: s for s in sources},
        "lexicon": (),
    }  # fmt: skip
    return Case(**(fields | changes))  # type: ignore[arg-type]


def write_table(path: Path, *rows: dict[str, str], header: tuple[str, ...] = CLAIM_COLUMNS) -> Path:
    """Write rows as a table; columns beyond the header are added to it."""
    names = list(header) + sorted({name for row in rows for name in row} - set(header))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def when(text: str) -> Interval | None:
    return parse(text) if text else None


def make_claim(name: str = "C1", **changes: object) -> Claim:
    """A claim of the ministry on crates; dates may be given as text."""
    fields: dict[str, object] = {
        "id": name, "role": "observation", "quantity": "crates_sent", "proposition": "", "comparison": "eq",
        "near": False, "value": 1000.0, "low": None, "high": None, "unit": "crates", "qualifier": "",
        "since": None, "event": parse("2024-10-24"), "published": parse("2024-10-25"),
        "speaker": "Ministry of Trade", "reporting_source": "Daily Gazette", "origin": "Ministry of Trade",
        "family": "Freedonia", "reliability": "B", "credibility": 2, "hedge": "", "paraphrase": "",
        "url": "", "verification": "page_excerpt", "note": "",
    }  # fmt: skip
    for key in ("since", "event", "published"):
        if isinstance(changes.get(key), str):
            changes[key] = when(str(changes[key]))
    return Claim(**(fields | changes))  # type: ignore[arg-type]


def make_proposition(name: str = "P1", **changes: object) -> Claim:
    """The ministry says that the treaty is signed."""
    fields: dict[str, object] = {
        "quantity": "treaty", "proposition": "treaty_signed", "comparison": "proposition_true",
        "value": None, "unit": "",
    }  # fmt: skip
    return make_claim(name, **(fields | changes))


def seen(
    speaker: str = "Ministry of Trade", document: str = "d1", start: int = 0, **changes: object
) -> Appearance:
    """An appearance of 1,000 crates in one document."""
    speakers = tuple(Speaker(name) for name in speaker.split(" <- "))
    fields: dict[str, object] = {
        "document": document, "kind": "original",
        "sentence": Locator(f"sha256:{document}", start, start + 40, "They sent 1,000 crates by then, it said."),
        "speakers": speakers, "role": "observation", "quantity": "crates_sent", "comparison": "eq",
        "value": 1000.0, "unit": "crates", "event": parse("2024-10-24"), "published": parse("2024-10-25"),
        "reader": "rules",
    }  # fmt: skip
    for key in ("since", "event", "published"):
        if isinstance(changes.get(key), str):
            changes[key] = when(str(changes[key]))
    return Appearance(**(fields | changes))  # type: ignore[arg-type]
