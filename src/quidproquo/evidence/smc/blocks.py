"""Which coordinates of a world are moved together, and which may be moved at the same time.

A block is what belongs to one mechanism or hypothesis, with the biases that bear on nothing else, or what
else belongs to one family. Blocks that no item depends on together are independent given all others; a
*step* moves a set of such blocks at once, and accepts or rejects each by its own items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int

__all__ = ["Blocks", "build_blocks"]


@dataclass(frozen=True)
class Blocks:
    """`owner` numbers the block of every coordinate; `touches` tells what depends on each block.

    `steps` lists sets of blocks to be moved at once, the one with the block that most items depend on first;
    `order` numbers the steps as a sweep takes them.
    """

    names: tuple[str, ...]
    owner: Int[np.ndarray, " coordinate"]
    touches: Bool[np.ndarray, "block item"]
    steps: Bool[np.ndarray, "step block"]

    @property
    def order(self) -> Int[np.ndarray, " turn"]:
        """Steps of a sweep: the first before and after the second, and then each of the rest in turn.

        A block that many items depend on is accepted least often, and so these two decide how long the
        sampler takes. They must alternate, as what one of them says depends on the other.
        """
        rest = range(2, len(self.steps))
        order = [step for other in rest for step in (0, 1, 0, other)]
        return np.array(order or range(len(self.steps)), dtype=np.int64)

    @cached_property
    def rows(self) -> Int[np.ndarray, "step row"]:
        """The coordinates of every step, filled up with their whole number, which is none of them."""
        every = [np.flatnonzero(step[self.owner]) for step in self.steps]
        rows = np.full((len(every), max(map(len, every), default=0)), len(self.owner))
        for step, own in enumerate(every):
            rows[step, : len(own)] = own
        return rows


def build_blocks(labels: Sequence[str], touches: Bool[np.ndarray, "coordinate item"]) -> Blocks:
    """Put coordinates with one label into one block, and lay out a sweep over the blocks."""
    names = tuple(dict.fromkeys(labels))
    owner = np.array([names.index(label) for label in labels], dtype=np.int64)
    each = [touches[owner == block].any(axis=0) for block in range(len(names))]
    items = np.array(each, dtype=bool).reshape(len(names), touches.shape[1])
    return Blocks(names, owner, items, _steps(items))


def _steps(touches: Bool[np.ndarray, "block item"]) -> Bool[np.ndarray, "step block"]:
    """Sets of independent blocks, greedily: the most entangled first, then what still fits."""
    count = touches.astype(np.int64)
    meets = count @ count.T > 0
    colour = np.full(len(touches), -1)
    for block in np.argsort(-meets.sum(axis=1), kind="stable"):
        taken = set(colour[meets[block]])
        colour[block] = next(c for c in range(len(touches)) if c not in taken)
    sets = [_filled(np.flatnonzero(colour == c), meets) for c in range(colour.max(initial=-1) + 1)]
    hardest = [int(count[chosen].sum(axis=1).max()) for chosen in sets]
    steps = np.zeros((len(sets), len(touches)), dtype=bool)
    for step, place in enumerate(np.argsort(-np.asarray(hardest), kind="stable")):
        steps[step, sets[place]] = True
    return steps


def _filled(chosen: Int[np.ndarray, " _"], meets: Bool[np.ndarray, "block block"]) -> list[int]:
    """The set with every further block that meets none of it, the least entangled first."""
    filled = [int(block) for block in chosen]
    for block in np.argsort(meets.sum(axis=1), kind="stable"):
        if not meets[block, filled].any():
            filled.append(int(block))
    return filled
