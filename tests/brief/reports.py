"""Documents and claims for tests, made by formula."""

from __future__ import annotations

import random

from quidproquo.study.schema.claims import AppearanceRecord, ClaimRecord, DocumentRecord

QUANTITIES = [
    ("crates_sent", "Crates sent, cumulative", "crates", "log", "cumulative", 4.9e6),
    ("volunteers_abroad", "Volunteers in Freedonia", "persons", "log", "stock", 11_000.0),
    ("volunteers_lost", "Volunteers killed or wounded, cumulative", "persons", "log", "cumulative", 4_800.0),
    ("fees_per_month", "Fees for the volunteers", "USD/month", "log", "rate", 19.6e6),
    ("fees_total", "Fees received, cumulative", "USD", "log", "cumulative", 2.1e8),
    ("worried_public", "Share of neighbours who feel threatened", "fraction", "logit", "share", 0.71),
    ("machines_pledged", "Machines pledged", "machines", "count", "count", 3.0),
    ("growth", "Growth of Sylvania's economy", "fraction", "identity", "rate", 0.031),
]
FAMILIES = ["Freedonia", "Sylvania", "Osterlich", "Moronica", "Klopstokia", "Assembly", "press"]
COMPARISONS = ["about", "at_least", "at_most", "between", "eq", "more_than", "less_than"]
REASONS = ["no operator", "role is forecast", "derived", "not accepted"]


def make_documents(count: int) -> list[DocumentRecord]:
    records = []
    for n in range(count):
        kind = "original" if n % 2 == 0 else "digest"
        text = (
            f"Report number {n} from Sylvania. "
            "Officials spoke on the border this week. "
            + " ".join(_sentence(n * 3 + k) for k in range(3))
            + " The ministry declined to comment further on any of these matters."
        )
        records.append(
            DocumentRecord(
                id=f"sha256:{n:016x}",
                number=n + 1,
                name=f"report_{n:03d}.txt",
                title=f"What was shipped in week {n}",
                kind=kind,
                publisher="Sylvania Courier" if n % 3 else "Osterlich Institute",
                author="" if n % 3 else "R. T. Firefly",
                published="2024-10" if n % 4 else "2025-02-03",
                url="" if n % 5 else f"https://example.org/report/{n}",
                snapshot=f"sha256:{n:016x}",
                status="read" if n % 19 else "other language",
                reason="" if n % 19 else "The text is not in English.",
                text=text if n % 19 else "",
            )
        )
    return records


def _sentence(n: int) -> str:
    return f"The general staff said that about {n + 2},000 crates had crossed the border by autumn ({n})."


def make_claim(n: int, documents: list[DocumentRecord]) -> ClaimRecord:
    name, _, unit, scale, _, base = QUANTITIES[n % len(QUANTITIES)]
    rng = random.Random(n)
    proposition = n % 9 == 8
    comparison = "proposition_true" if proposition else COMPARISONS[n % len(COMPARISONS)]
    factor = rng.uniform(0.93, 1.05) if scale == "logit" else rng.uniform(0.4, 1.5)
    value = float(f"{base * factor:.3g}")
    between = comparison == "between"
    document = documents[n % len(documents)] if documents else None
    used = n % 3 != 2 and not proposition
    return ClaimRecord(
        id=f"S{n:03d}",
        role="forecast" if n % 17 == 16 else "observation",
        quantity=name,
        proposition=f"proposition_{n}" if proposition else "",
        comparison=comparison,
        near=n % 11 == 0,
        value=None if between or proposition else value,
        low=value * 0.8 if between else None,
        high=value * 1.1 if between else None,
        unit="" if proposition else unit,
        qualifier="planned" if n % 13 == 0 else "",
        since="2023-09" if n % 6 == 0 else "",
        event=["2024-10-18", "2024-10", "2023", "2025-01-11", "2024-06"][n % 5],
        published=["2024-10-21", "2024-11", "2024-01", "2025-02", "2024-07-02"][n % 5],
        speaker=f"spokesman {n % 12} of {FAMILIES[n % 7]}",
        reporting_source="Sylvania Courier",
        origin=f"service of {FAMILIES[n % 7]}" if n % 2 else "",
        family=FAMILIES[n % 7],
        reliability="ABCDEF"[n % 6],
        credibility=n % 6 + 1,
        hedge="about" if comparison == "about" else "",
        paraphrase=f"Claim {n}: some amount of {name.replace('_', ' ')} was reported at the border.",
        url="" if n % 4 else f"https://example.org/claim/{n}",
        verification="page_excerpt",
        note="The figure counts rockets too." if n % 10 == 0 else "",
        state="accepted" if n % 5 else "proposed",
        derived=n % 23 == 22,
        used=used,
        unused_reason="" if used else REASONS[n % 4],
        appearances=_appearances(n, document),
    )


def _appearances(n: int, document: DocumentRecord | None) -> list[AppearanceRecord]:
    if document is None or not document.text:
        return []
    sentences = [_sentence((document.number - 1) * 3 + k) for k in range(3)]
    quote = sentences[n % 3]
    start = document.text.index(quote)
    return [
        AppearanceRecord(
            document=document.id,
            kind=document.kind,
            start=start,
            end=start + len(quote),
            quote=quote,
            speakers=["Sylvania Courier", "the general staff"],
            cue="said",
            hedge="about",
            page=3 if n % 8 == 0 else None,
        )
    ]
