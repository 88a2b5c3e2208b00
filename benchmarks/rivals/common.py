"""What all rivals compute: three mechanisms, month by month, under eight options.

Worlds are the last axis of every array and come in blocks: `draws[block, row, world]` holds standard
normal numbers, first one a parameter, then two a month. Every parameter is log-normal. With R the
smooth step from 0 to 1, t = 1, 2, … months and e, f the two numbers of a month:

    due      = Σ_k n_k · R((t − t_k)/spread)          n = size·first, size·(1 − first), extra
    flow     = Δdue + rotation·size                   t_2 = middle, t_1 = t_2 − lead, t_3 = t_2 + later
    hazard_t = hazard · exp(0.3·e),  pay_t = pay · exp(0.1·f)

and under an option, whose levers are send, fight and cut in the month:

    come     = flow · (1 − send·effect)               sent += come
    lost     = (theatre + come) · (1 − exp(−hazard_t · (1 + fight·effect)))
    theatre += come − lost,  total += lost
    currency += (pay_t · cash · (sent − dead_share·total) + labour) · (1 − cut·effect)

Three figures come out a world and option: total, currency, and the mean of theatre.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Draws: TypeAlias = np.ndarray
Levers: TypeAlias = np.ndarray
Metrics: TypeAlias = np.ndarray
Rival: TypeAlias = Callable[[Draws, Levers], Metrics]
Drawing: TypeAlias = Callable[[int, int, Levers], Metrics]  # seed, blocks, levers

MONTHS, BLOCK, OPTIONS, LEVERS, METRICS = 36, 2048, 8, 3, 3
TABLE = {  # median and standard deviation of the logarithm
    "middle": (6.0, 0.5),
    "size": (10_000.0, 0.3),
    "first": (0.4, 0.15),
    "lead": (1.0, 0.4),
    "spread": (1.5, 0.3),
    "extra": (3_000.0, 0.5),
    "later": (4.0, 0.4),
    "rotation": (0.03, 0.5),
    "hazard": (0.06, 0.5),
    "dead_share": (0.3, 0.2),
    "pay": (2_000.0, 0.2),
    "cash": (0.6, 0.15),
    "labour": (2e6, 0.4),
    "effect": (0.3, 0.3),
}
CENTRE = np.log([centre for centre, _ in TABLE.values()]).astype(np.float32)
SCALE = np.array([scale for _, scale in TABLE.values()], np.float32)
ROWS = len(TABLE) + 2 * MONTHS


def made_draws(seed: int, blocks: int) -> Draws:
    return np.random.default_rng(seed).standard_normal((blocks, ROWS, BLOCK), np.float32)


def made_levers() -> Levers:
    """Intensities `[option, lever, month]`: option 0 does nothing, the others begin at different times."""
    levers = np.zeros((OPTIONS, LEVERS, MONTHS), np.float32)
    for option in range(1, OPTIONS):
        for lever in range(LEVERS):
            if option >> lever & 1:
                levers[option, lever, 2 * option :] = 0.1 * (lever + 1) + 0.02 * option
    return levers


def difference(found: Metrics, expected: Metrics) -> float:
    """Largest relative difference; what is small beside the metric's mean counts as that."""
    floor = 1e-3 * np.abs(expected).mean(axis=(0, 1, 3), keepdims=True)
    if not np.isfinite(found).all():
        return float("inf")
    return float(np.max(np.abs(found - expected) / np.maximum(np.abs(expected), floor)))
