"""An appearance as a plain row, for whoever prints it."""

from __future__ import annotations

from collections.abc import Mapping

from quidproquo.reading.record import Appearance

__all__ = ["appearance_row"]


def appearance_row(seen: Appearance, names: Mapping[str, str]) -> dict[str, object]:
    """Everything about a place where a claim stands; `names` are those of documents by id."""
    number = seen.number
    return {
        "document": names.get(seen.document, seen.document),
        "kind": seen.kind,
        "start": seen.sentence.start,
        "end": seen.sentence.end,
        "quote": seen.sentence.quote,
        "speakers": [speaker.name for speaker in seen.speakers],
        "cue": seen.speakers[-1].cue if seen.speakers else "",
        "role": seen.role,
        "quantity": seen.quantity,
        "proposition": seen.proposition,
        "comparison": seen.comparison or (number.comparison if number else ""),
        "near": seen.near,
        "value": seen.value if seen.quantity or number is None else number.value,
        "low": seen.low if seen.quantity or number is None else number.low,
        "high": seen.high if seen.quantity or number is None else number.high,
        "unit": seen.unit or (number.unit if number else ""),
        "qualifier": seen.qualifier,
        "stage": seen.stage,
        "since": seen.since.edtf if seen.since else "",
        "event": seen.event.edtf if seen.event else "",
        "published": seen.published.edtf if seen.published else "",
        "hedge": seen.hedge,
        "modality": seen.modality,
        "polarity": seen.polarity,
        "number_start": number.start if number else None,
        "number_end": number.end if number else None,
        "reader": seen.reader,
        "unchecked": list(seen.unchecked),
    }
