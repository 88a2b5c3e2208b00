"""Who a claim comes from: its sources, its origin with family and reliability, as the case knows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from quidproquo.cases.record import Case, Source
from quidproquo.terms.grades import ReliabilityGrade

__all__ = ["ORIGIN_AS_STATED", "Attributed", "Origin", "find_origin", "sources_of"]

# Key in `Claim.extra` of the table's own words for an origin, where a source has another name.
ORIGIN_AS_STATED = "origin as stated"

_UNJUDGED: ReliabilityGrade = "F"
# "own analysis" and "derived: a x b" name no one beside the speaker
_SPEAKER_HIMSELF = ("own ", "derived:")
_VIA = re.compile(r"\s+via\s+")
_COPY = re.compile(r"(.+?)\s+(?:copy\s+\(([^()]+)\)|\(([^()]+)\s+copy\))")


@dataclass(frozen=True)
class Origin:
    """An origin's name, the state or alliance behind it, and its reliability grade."""

    name: str
    family: str
    reliability: ReliabilityGrade


@runtime_checkable
class Attributed(Protocol):
    """Whatever says who speaks, who reports it, and on whom the speaker relies: a claim, or its record."""

    @property
    def speaker(self) -> str:
        """Who speaks."""

    @property
    def reporting_source(self) -> str:
        """Who reports it."""

    @property
    def origin(self) -> str:
        """On whom the speaker relies."""


def find_origin(speaker: str, origin: str, case: Case) -> Origin:
    """Resolve what a table says about speaker and origin to a source of the case.

    The origin counts if it is a source; else the speaker; else the origin stands for itself, as
    its own family with a reliability that cannot be judged. An origin such as "own analysis" is
    the speaker. Who speaks under several offices is one origin: the first of them.
    """
    named = origin.strip()
    if named.casefold().startswith(_SPEAKER_HIMSELF):
        named = ""
    for name in (named, speaker):
        source = case.source_of(name) if name else None
        if source is not None:
            source = _person_behind(speaker, source, case)
            return Origin(source.name, source.family, source.reliability)
    name = named or speaker.strip()
    return Origin(name, name, _UNJUDGED)


def _person_behind(speaker: str, source: Source, case: Case) -> Source:
    person = case.person_of(speaker)
    if person is None or source.name not in person.offices:
        return source
    return case.sources[person.offices[0]]


def sources_of(claim: Attributed, case: Case) -> tuple[str, ...]:
    """Every source that a claim comes through: who speaks, who reports it, and its origin.

    A reporting source such as "A via B", "A copy (B)" or "A (B copy)" names two. Names are those of
    the case's sources where it has them, else as they stand.
    """
    names = [claim.speaker]
    for part in _VIA.split(claim.reporting_source):
        copied = _COPY.fullmatch(part)
        names += [part] if copied is None else [name for name in copied.groups() if name]
    known = (case.source_of(name) for name in names)
    found = [
        name.strip() if source is None else source.name for name, source in zip(names, known, strict=True)
    ]
    return tuple(dict.fromkeys(name for name in [*found, claim.origin] if name))
