"""Reading: from documents to appearances of claims, by rules or by a language model."""

from __future__ import annotations

from quidproquo.reading.attribution.find import Attribution, attributions
from quidproquo.reading.attribution.hedges import Hedge, hedges
from quidproquo.reading.dates.find import Dated, dates
from quidproquo.reading.documents import Loaded, load
from quidproquo.reading.llm import llm_reader
from quidproquo.reading.quantities.find import quantities
from quidproquo.reading.reader import Reader, read, rule_reader
from quidproquo.reading.record import (
    Appearance,
    Document,
    Locator,
    Outcome,
    Quantified,
    Reading,
    Refused,
    Snapshot,
    Speaker,
)
from quidproquo.reading.sentences import sentences

__all__ = [
    "Appearance",
    "Attribution",
    "Dated",
    "Document",
    "Hedge",
    "Loaded",
    "Locator",
    "Outcome",
    "Quantified",
    "Reader",
    "Reading",
    "Refused",
    "Snapshot",
    "Speaker",
    "attributions",
    "dates",
    "hedges",
    "llm_reader",
    "load",
    "quantities",
    "read",
    "rule_reader",
    "sentences",
]
