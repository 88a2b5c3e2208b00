"""Who a claim goes back to: origin, family and reliability, from the case's sources."""

from __future__ import annotations

from dataclasses import dataclass

from quidproquo.cases.record import Case

__all__ = ["ORIGIN_AS_STATED", "Origin", "find_origin"]

# Key in `Claim.extra` of the table's own words for an origin, where a source has another name.
ORIGIN_AS_STATED = "origin as stated"

_UNJUDGED = "F"
# "own analysis" and "derived: a x b" name no one beside the speaker
_SPEAKER_HIMSELF = ("own ", "derived:")


@dataclass(frozen=True)
class Origin:
    """An origin's name, the state or alliance behind it, and its Admiralty letter."""

    name: str
    family: str
    reliability: str


def find_origin(speaker: str, origin: str, case: Case) -> Origin:
    """Resolve what a table says about speaker and origin to a source of the case.

    The origin counts if it is a source; else the speaker; else the origin stands for itself, as
    its own family with a reliability that cannot be judged. An origin such as "own analysis" is
    the speaker.
    """
    named = origin.strip()
    if named.casefold().startswith(_SPEAKER_HIMSELF):
        named = ""
    for name in (named, speaker):
        source = case.source_of(name) if name else None
        if source is not None:
            return Origin(source.name, source.family, source.reliability)
    name = named or speaker.strip()
    return Origin(name, name, _UNJUDGED)
