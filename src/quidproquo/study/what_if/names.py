"""Finding what somebody means by a name: an origin, a source, a document, a prior, an answer.

Ids, names and aliases all do, whatever their case, apostrophes or spelling; a unique part of a name does, too.
What is unknown is one sentence with what is allowed, the nearest names first.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quidproquo.cases.record import Case
from quidproquo.claims import sources_of
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.terms.errors import InputError, sentence
from quidproquo.terms.names import name_key

__all__ = ["KINDS", "Group", "Named", "find_name", "groups_of"]

KINDS = ("claim", "origin", "source", "family", "document")
_SHOWN = 6
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Group:
    """Claims that are left out together: their kind, id, title, and the ids of those that weigh."""

    kind: str
    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """Things of one kind by id, each with further names that it goes by."""

    kind: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def find_name(option: str, named: Named, text: str, alias: str | None = None) -> str:
    """The id of what `text` means; `alias` is a name that the case knows it by.

    Raises:
        InputError: if nothing, or more than one thing, goes by that name.
    """
    wanted = [text, *([alias] if alias else [])]
    for one in wanted:
        if one in named.names:
            return one
    keys = {name_key(one) for one in wanted}
    exact = [id_ for id_, others in named.names.items() if keys & set(map(name_key, (id_, *others)))]
    if len(exact) == 1:
        return exact[0]
    words = _words(text)
    partly = [
        id_
        for id_, others in named.names.items()
        if words and any(words <= _words(one) for one in (id_, *others))
    ]
    if not exact and len(partly) == 1:
        return partly[0]
    several = exact or partly
    raise InputError(_unknown(option, named, text, several))


def _words(name: str) -> set[str]:
    """The words of a name, and of an id that joins them by dots or dashes."""
    return set(_WORD.findall(name_key(name)))


def _unknown(option: str, named: Named, text: str, several: Sequence[str]) -> str:
    """What is allowed: those that the text may mean, else the nearest, else the first few."""
    field_ = named.kind
    if several:
        allowed = f"one thing only, and it fits {_listed(several)}"
        return sentence(option, field_, text, allowed, "write one of them in full")
    by_key = {name_key(one): id_ for id_, others in named.names.items() for one in (id_, *others)}
    near = [by_key[key] for key in difflib.get_close_matches(name_key(text), list(by_key), n=3)]
    near = list(dict.fromkeys(near))
    if not named.names:
        return sentence(option, field_, text, "one that the run knows, and it knows none", "leave it out")
    ordered = near + [id_ for id_ in named.names if id_ not in near]
    remedy = f"write {near[0]!r} if you mean that" if near else "write one of them"
    return sentence(option, field_, text, f"one of {_listed(ordered)}", remedy)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    rest = len(names) - _SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


def groups_of(brief: Brief, case: Case | None) -> dict[str, dict[str, Group]]:
    """All that can be left out of a run, by kind and id: what its claims that weigh come from."""
    members: dict[str, dict[str, list[str]]] = {kind: {} for kind in KINDS}
    titles = {document.id: document.title or document.name for document in brief.documents}
    for claim in brief.claims:
        if not claim.used:
            continue
        labels: dict[str, Sequence[str]] = {
            "claim": [claim.id],
            "origin": [claim.origin],
            "source": _sources(claim, case),
            "family": [claim.family],
            "document": sorted({seen.document for seen in claim.appearances}),
        }
        for kind, own in labels.items():
            for label in own:
                members[kind].setdefault(label, []).append(claim.id)
        titles[claim.id] = claim.paraphrase
    return {
        kind: {id_: Group(kind, id_, titles.get(id_, id_), tuple(items)) for id_, items in own.items()}
        for kind, own in members.items()
    }


def _sources(claim: ClaimRecord, case: Case | None) -> Sequence[str]:
    """Every source that a claim comes through, as the case names them, or as they stand."""
    if case is not None:
        return sources_of(claim, case)
    return tuple(
        dict.fromkeys(name for name in (claim.speaker, claim.reporting_source, claim.origin) if name)
    )
