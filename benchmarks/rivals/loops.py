"""The model as compiled Python loops: Numba, blocks shared out over threads, one world at a time."""

from __future__ import annotations

import numba
import numpy as np
from numba import njit, prange

from rivals.common import (
    BLOCK,
    CENTRE,
    LEVERS,
    METRICS,
    MONTHS,
    OPTIONS,
    ROWS,
    SCALE,
    TABLE,
    Draws,
    Levers,
    Metrics,
)

COUNT = len(TABLE)
ONE, TWO, THREE, ZERO = np.float32(1), np.float32(2), np.float32(3), np.float32(0)
SOME, LITTLE, ALL_MONTHS = np.float32(0.3), np.float32(0.1), np.float32(MONTHS)
numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))


@njit(fastmath=True, inline="always")
def _ramp(x: np.float32) -> np.float32:
    x = min(max(x, ZERO), ONE)
    return x * x * (THREE - TWO * x)


@njit(fastmath=True)
def _due(p: np.ndarray, month: np.float32) -> np.float32:
    middle, size, first, lead, width, extra, later = p[0], p[1], p[2], p[3], p[4], p[5], p[6]
    since, each = month - middle, ONE / width
    early, late = _ramp((since + lead) * each), _ramp((since - later) * each)
    return size * (first * early + (ONE - first) * _ramp(since * each)) + extra * late


@njit(fastmath=True)
def shared(p: np.ndarray, shocks: np.ndarray, months: np.ndarray) -> None:
    """What all options share of one world: flow, hazard and pay, in the rows of `months`."""
    before = _due(p, ZERO)
    for m in range(MONTHS):
        due = _due(p, np.float32(m + 1))
        months[0, m] = due - before + p[7] * p[1]
        months[1, m] = p[8] * np.exp(SOME * shocks[m])
        months[2, m] = p[10] * p[11] * np.exp(LITTLE * shocks[MONTHS + m])
        before = due


@njit(fastmath=True)
def ahead(p: np.ndarray, months: np.ndarray, lever: np.ndarray) -> tuple[np.float32, np.float32, np.float32]:
    """Total, currency and mean of theatre of one world under one option."""
    sent = theatre = total = currency = stay = ZERO
    dead, labour, effect = p[9], p[12], p[13]
    for m in range(MONTHS):
        come = months[0, m] * (ONE - lever[0, m] * effect)
        there = theatre + come
        lost = there * (ONE - np.exp(-months[1, m] * (ONE + lever[1, m] * effect)))
        sent += come
        theatre = there - lost
        total += lost
        currency += (months[2, m] * (sent - dead * total) + labour) * (ONE - lever[2, m] * effect)
        stay += theatre
    return total, currency, stay / ALL_MONTHS


@njit(fastmath=True)
def _block(draws: np.ndarray, levers: np.ndarray, out: np.ndarray) -> None:
    months, p, row = np.empty((LEVERS, MONTHS), np.float32), np.empty(COUNT, np.float32), ROWS - COUNT
    shocks = np.empty(row, np.float32)
    for w in range(BLOCK):
        for i in range(COUNT):
            p[i] = np.exp(CENTRE[i] + SCALE[i] * draws[i, w])
        for i in range(row):
            shocks[i] = draws[COUNT + i, w]
        shared(p, shocks, months)
        for o in range(OPTIONS):
            out[o, 0, w], out[o, 1, w], out[o, 2, w] = ahead(p, months, levers[o])


@njit(parallel=True, fastmath=True)
def _given(draws: np.ndarray, levers: np.ndarray, out: np.ndarray) -> None:
    for block in prange(len(draws)):
        _block(draws[block], levers, out[block])


@njit(parallel=True, fastmath=True)
def _drawn(seed: int, levers: np.ndarray, out: np.ndarray) -> None:
    for block in prange(len(out)):
        np.random.seed(seed + block)  # noqa: NPY002 - the generator that Numba compiles
        draws = np.empty((ROWS, BLOCK), np.float32)
        for i in range(ROWS):
            for w in range(BLOCK):
                draws[i, w] = np.random.standard_normal()  # noqa: NPY002
        _block(draws, levers, out[block])


def given(draws: Draws, levers: Levers) -> Metrics:
    found = np.empty((len(draws), OPTIONS, METRICS, BLOCK), np.float32)
    _given(draws, levers, found)
    return found


def drawn(seed: int, blocks: int, levers: Levers) -> Metrics:
    found = np.empty((blocks, OPTIONS, METRICS, BLOCK), np.float32)
    _drawn(seed, levers, found)
    return found
