"""What the rules and a model found in one document, put together: the rules' reading wins, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quidproquo.reading.record import Appearance, Disagreement, Document, Speaker
from quidproquo.terms.errors import sentence

__all__ = ["combined"]

_Key = tuple[int, int, int, str]
_SHOWN = 80


def combined(
    ruled: Sequence[Appearance], modelled: Sequence[Appearance], document: Document
) -> tuple[tuple[Appearance, ...], tuple[Disagreement, ...]]:
    """Appearances in the order of the text, and where the two readers understand one thing differently.

    What both found stands once, as the rules read it, and its `reader` names both; what one of them found stays
    as it is. Where only the model gave a number its quantity, that is kept instead of the bare number. What it
    says without number and proposition of a sentence that the rules read too adds nothing.
    """
    by_key = {_key(seen): seen for seen in ruled}
    read = {(seen.sentence.start, seen.sentence.end) for seen in ruled}
    both: dict[_Key, str] = {}
    replaced: set[_Key] = set()
    more: list[Appearance] = []
    disagreements: list[Disagreement] = []
    for seen in modelled:
        own = by_key.get(_key(seen))
        if own is None:
            plain = seen.number is None and not seen.proposition
            if not (plain and (seen.sentence.start, seen.sentence.end) in read):
                more.append(seen)
            disagreements += _opposite(by_key, seen, document)
            continue
        if seen.quantity and not own.quantity:
            replaced.add(_key(seen))
            more.append(seen)
            continue
        found = list(_differences(own, seen, document))
        disagreements += found
        if not any(one.field == "quantity" for one in found):
            both[_key(own)] = f"{own.reader} and {seen.reader}"
    kept = [
        replace(seen, reader=both.get(_key(seen), seen.reader))
        for seen in ruled
        if _key(seen) not in replaced
    ]
    return tuple(sorted([*kept, *more], key=_place)), tuple(disagreements)


def _key(seen: Appearance) -> _Key:
    """What makes two appearances one: the number, or else the sentence with the proposition and its sense."""
    if seen.number is not None:
        return seen.number.start, -1, -1, ""
    return -1, seen.sentence.start, seen.sentence.end, f"{seen.proposition} {seen.comparison}"


def _place(seen: Appearance) -> tuple[int, int]:
    return seen.sentence.start, seen.number.start if seen.number is not None else seen.sentence.end


def _differences(own: Appearance, seen: Appearance, document: Document) -> Iterator[Disagreement]:
    if own.quantity != seen.quantity:
        yield _disagreement("quantity", own.quantity or "none", seen.quantity or "none", own, document)
        return
    if own.speakers and seen.speakers and not _same_speaker(own.speakers[-1], seen.speakers[-1]):
        yield _disagreement("speaker", own.speakers[-1].name, seen.speakers[-1].name, own, document)


def _opposite(by_key: dict[_Key, Appearance], seen: Appearance, document: Document) -> Iterator[Disagreement]:
    """Where the rules read the contrary of a proposition in the same sentence: both are kept."""
    if not seen.proposition:
        return
    other = "proposition_false" if seen.comparison == "proposition_true" else "proposition_true"
    place = seen.sentence
    own = by_key.get((-1, place.start, place.end, f"{seen.proposition} {other}"))
    if own is not None:
        yield _disagreement(
            "comparison", other, str(seen.comparison), own, document, "both are kept for review"
        )


def _same_speaker(one: Speaker, other: Speaker) -> bool:
    if one.source or other.source:
        return one.source == other.source
    a, b = set(one.name.casefold().split()), set(other.name.casefold().split())
    return a <= b or b <= a


def _disagreement(
    field: str, rules: str, model: str, own: Appearance, document: Document,
    remedy: str = "the rules' reading is used",
) -> Disagreement:  # fmt: skip
    words = " ".join((own.number.surface if own.number else own.sentence.quote).split())
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    name = f"document '{document.name}': \u201c{shown}\u201d"
    reason = sentence(name, f"the model's {field}", model, f"{rules}, as the rules read it", remedy)
    return Disagreement(document.id, own.sentence.quote, field, rules, model, reason)
