"""A small neutral case, and the tables of sentences, for the tests of the reading room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from quidproquo.cases.record import Actor, Case, LexiconEntry, Proposition, Quantity, Source

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    """The lines of a table with bars between the columns, such as `dates/dates`."""
    return [
        line.split("|") for line in (HERE / f"{name}.psv").read_text(encoding="utf-8").splitlines() if line
    ]


def quantity(name: str, unit: str, kind: str = "cumulative", scale: str = "log") -> Quantity:
    return Quantity(name, name.title(), unit, kind, scale, f"What {name} counts")


def small_case(folder: Path = HERE, lexicon: tuple[LexiconEntry, ...] | None = None) -> Case:
    """Freedonia sends crates and workers to Sylvania."""
    quantities = [
        quantity("crates_sent", "crates"),
        quantity("crates_planned", "crates"),
        quantity("workers_lost", "persons/day", "rate"),
        quantity("income", "USD/month", "rate"),
        quantity("trade_share", "fraction", "share", "logit"),
    ]
    entries = (
        lexicon
        if lexicon is not None
        else (
            LexiconEntry(
                "crates_sent",
                "quantity",
                heads=("crate*",),
                all_of=(("sent", "ship*", "exported"),),
                stage="sent",
            ),
            LexiconEntry(
                "crates_planned",
                "quantity",
                heads=("crate*",),
                near=(("plan*", "intend*"),),
                stage="promised",
            ),
            LexiconEntry("workers_lost", "quantity", heads=("worker*",), near=(("losing", "lost"),)),
            LexiconEntry("income", "quantity", all_of=(("earn*", "income"),)),
            LexiconEntry("trade_share", "quantity", all_of=(("trade",), ("@sylvania",))),
            LexiconEntry("bridge_open", "proposition", all_of=(("bridge",), ("open*",)), none_of=("closed",)),
            LexiconEntry("2021-05-03", "date", heads=("the flood",)),
        )
    )
    office = Source("Harbour Office", "Sylvania", "port", "B", "counts", ("the harbour office",))
    return Case(
        name="small",
        title="Small",
        question="?",
        start=date(2020, 1, 1),
        decision_date=date(2024, 12, 31),
        horizon=date(2026, 12, 31),
        delta=0.02,
        folder=folder,
        actors={
            "freedonia": Actor("freedonia", "Freedonia", "sender", ("Freedonian",)),
            "sylvania": Actor("sylvania", "Sylvania", "receiver", ("Sylvanian",)),
        },
        quantities={item.id: item for item in quantities},
        propositions={"bridge_open": Proposition("bridge_open", "The bridge is open.", "none")},
        options={},
        metrics={},
        topics={},
        ledger=(),
        checks={},
        hypotheses={},
        mechanisms=(),
        priors={},
        sources={office.name: office},
        lexicon=entries,
    )
