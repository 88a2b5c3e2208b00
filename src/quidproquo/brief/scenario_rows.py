"""Rows of the tables on boxes, on the tree beside them, and on what was watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import phrase
from quidproquo.brief.numerals import date_words, plain, share
from quidproquo.brief.rows import Tag
from quidproquo.brief.sentences.boxes import box_words
from quidproquo.brief.sentences.scenarios import basis_of, parts
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.scenarios import DiscoveryRecord, RangeRecord

__all__ = ["box_rows", "leaf_rows", "watched_rows"]

_SIGNPOST = Tag("signpost", "good")
_LEAST = 0.001


@dataclass(frozen=True)
class BoxRow:
    """What a box asks of one thing, and what it would be without that; `basis` is the id of what that rests on."""

    basis: str
    box: int
    words: Markup
    coverage: str
    density: str
    quasi_p: str


def box_rows(brief: Brief, found: DiscoveryRecord) -> list[BoxRow]:
    """A row a restriction, after a row on each box itself."""
    rows = []
    for number, box in enumerate(found.boxes, 1):
        coverage, density = share(box.coverage.mean), share(box.density.mean, box.density.mcse)
        rows.append(BoxRow("", number, Markup("All of it"), coverage, density, ""))
        rows += [
            BoxRow(
                basis=basis_of(brief, one.kind, one.id),
                box=number,
                words=phrase("Without {}", box_words(parts(brief, [one]), priors=False)),
                coverage=share(one.coverage_without),
                density=share(one.density_without),
                quasi_p=f"under {_LEAST}" if one.quasi_p < _LEAST else plain(one.quasi_p),
            )
            for one in box.restrictions
        ]
    return rows


@dataclass(frozen=True)
class LeafRow:
    """A leaf of the tree: what leads there, how many worlds it holds, and how often the event happens there."""

    words: Markup
    mass: str
    density: str


def leaf_rows(brief: Brief, found: DiscoveryRecord) -> list[LeafRow]:
    """A row a leaf, the one with most of the event first."""
    leaves = sorted(found.leaves, key=lambda leaf: -leaf.density)
    return [LeafRow(_sentence(brief, leaf.ranges), share(leaf.mass), share(leaf.density)) for leaf in leaves]


def _sentence(brief: Brief, ranges: Sequence[RangeRecord]) -> Markup:
    return box_words(parts(brief, ranges), priors=False)


@dataclass(frozen=True)
class WatchedRow:
    """A quantity that was watched, on the date on which it separates best."""

    id: str
    title: str
    basis: str
    date: str
    separation: str
    tag: Tag | None


def _separation(value: float) -> str:
    """A separation to the hundredth: finer differences are chance."""
    text = f"{value:.2f}"
    return "0" if float(text) == 0.0 else text.replace("-", "−")


def watched_rows(brief: Brief) -> list[WatchedRow]:
    """A row a quantity, the one that separates best first."""
    found = brief.signposts
    if found is None:
        return []
    signs = {sign.id for sign in found.signposts}
    return [
        WatchedRow(
            id=one.id,
            title=one.title,
            basis=basis_of(brief, "quantity", one.id),
            date=date_words(one.date),
            separation=_separation(one.separation.mean),
            tag=_SIGNPOST if one.id in signs else None,
        )
        for one in found.watched
    ]
