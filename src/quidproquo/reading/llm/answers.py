"""The text of a model's answer → what it offers; nothing is believed yet."""

from __future__ import annotations

import json
from dataclasses import dataclass

from quidproquo.reading.llm.endpoint import Unusable
from quidproquo.reading.llm.prompt import FIELDS

__all__ = ["Offer", "offers"]


@dataclass(frozen=True)
class Offer:
    """One appearance as the model puts it; see the prompt for the fields. None of it is checked."""

    quote: str
    number: str = ""
    comparison: str = ""
    polarity: str = ""
    speakers: tuple[str, ...] = ()
    cue: str = ""
    role: str = ""
    quantity: str = ""
    proposition: str = ""


def offers(content: str) -> list[Offer | str]:
    """What an answer offers; an entry that has not the form asked for is given as its JSON.

    Raises:
        Unusable: if there is no JSON object with the list asked for.
    """
    entries = _entries(content)
    return [_offer(entry) or _shown(entry) for entry in entries]


def _entries(content: str) -> list[object]:
    decoder = json.JSONDecoder()
    # A model may put its JSON between fences or after a sentence: the first object that has the list counts.
    at = content.find("{")
    for _ in range(20):
        if at < 0:
            break
        try:
            value, _ = decoder.raw_decode(content, at)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and isinstance(value.get("appearances"), list):
            entries: list[object] = value["appearances"]
            return entries
        at = content.find("{", at + 1)
    raise Unusable("the model's answer isn't the JSON asked for")


def _offer(entry: object) -> Offer | None:
    if not isinstance(entry, dict):
        return None
    values: dict[str, str] = {}
    for name in FIELDS:
        value = entry.get(name)
        if name == "speakers":
            continue
        if value is None:
            value = ""
        if name == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return None
        values[name] = value.strip()
    speakers = entry.get("speakers") or []
    if isinstance(speakers, str):
        speakers = [speakers]
    if not isinstance(speakers, list) or not all(isinstance(name, str) for name in speakers):
        return None
    names = tuple(name.strip() for name in speakers)
    return Offer(speakers=tuple(name for name in names if name), **values)


def _shown(entry: object) -> str:
    try:
        return json.dumps(entry)
    except RecursionError:
        return f"a nested {type(entry).__name__}"
