"""Rows of the tables on boxes, on the tree beside them, and on what was watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quidproquo.brief.numerals import date_words, plain, share
from quidproquo.brief.rows import Tag
from quidproquo.brief.sentences.boxes import box_words
from quidproquo.brief.sentences.scenarios import parts
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.scenarios import DiscoveryRecord, RangeRecord

__all__ = ["box_rows", "leaf_rows", "watched_rows"]

_SIGNPOST = Tag("signpost", "good")
_LEAST = 0.001


@dataclass(frozen=True)
class BoxRow:
    """What a box asks of one thing, and what the box would be without that."""

    basis: str
    box: int
    words: str
    coverage: str
    density: str
    quasi_p: str


def box_rows(brief: Brief, found: DiscoveryRecord) -> list[BoxRow]:
    """A row a restriction, after a row on each box itself."""
    rows = []
    for number, box in enumerate(found.boxes, 1):
        coverage, density = share(box.coverage.mean), share(box.density.mean, box.density.mcse)
        rows.append(BoxRow("choice", number, "All of it", coverage, density, ""))
        rows += [
            BoxRow(
                basis=_basis(brief, one),
                box=number,
                words=f"Without {box_words(parts(brief, [one]))}",
                coverage=share(one.coverage_without),
                density=share(one.density_without),
                quasi_p=f"under {_LEAST}" if one.quasi_p < _LEAST else plain(one.quasi_p),
            )
            for one in box.restrictions
        ]
    return rows


def _basis(brief: Brief, one: RangeRecord) -> str:
    if one.kind == "quantity" and one.id in brief.estimates:
        return f"estimate.{one.id}"
    return f"hypothesis.{one.id}" if one.kind == "hypothesis" else "choice"


@dataclass(frozen=True)
class LeafRow:
    """A leaf of the tree: what leads there, how many worlds it holds, and how often the event happens there."""

    words: str
    mass: str
    density: str


def leaf_rows(brief: Brief, found: DiscoveryRecord) -> list[LeafRow]:
    """A row a leaf, the one with most of the event first."""
    leaves = sorted(found.leaves, key=lambda leaf: -leaf.density)
    return [LeafRow(_sentence(brief, leaf.ranges), share(leaf.mass), share(leaf.density)) for leaf in leaves]


def _sentence(brief: Brief, ranges: Sequence[RangeRecord]) -> str:
    return box_words(parts(brief, ranges))


@dataclass(frozen=True)
class WatchedRow:
    """A quantity that was watched, on the date on which it separates best."""

    id: str
    title: str
    date: str
    separation: str
    tag: Tag | None


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
            date=date_words(one.date),
            separation=plain(one.separation.mean, one.separation.mcse),
            tag=_SIGNPOST if one.id in signs else None,
        )
        for one in found.watched
    ]
