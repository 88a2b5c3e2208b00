"""The model in vectorised NumPy: months one after another, all worlds at once."""

from __future__ import annotations

import numpy as np

from rivals.common import CENTRE, METRICS, MONTHS, SCALE, TABLE, Draws, Levers, Metrics, made_draws


def _ramp(x: np.ndarray) -> np.ndarray:
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def _due(p: dict[str, np.ndarray], month: int) -> np.ndarray:
    since = np.float32(month) - p["middle"]
    early, main, late = (_ramp(x / p["spread"]) for x in (since + p["lead"], since, since - p["later"]))
    return p["size"] * (p["first"] * early + (1 - p["first"]) * main) + p["extra"] * late


def whole(draws: Draws, levers: Levers) -> Metrics:
    """All worlds in one array."""
    count = len(TABLE)
    rows = np.exp(CENTRE[:, None] + SCALE[:, None] * draws[:, :count]).swapaxes(0, 1)
    p = dict(zip(TABLE, rows, strict=True))
    shape = (len(draws), len(levers), draws.shape[2])  # block, option, world
    sent, theatre, total, currency, stay = (np.zeros(shape, np.float32) for _ in range(5))
    effect, dead, labour = (p[name][:, None] for name in ("effect", "dead_share", "labour"))
    before = _due(p, 0)
    for month in range(MONTHS):
        due = _due(p, month + 1)
        flow = (due - before + p["rotation"] * p["size"])[:, None]
        hazard = (p["hazard"] * np.exp(np.float32(0.3) * draws[:, count + month]))[:, None]
        pay = (p["pay"] * p["cash"] * np.exp(np.float32(0.1) * draws[:, count + MONTHS + month]))[:, None]
        send, fight, cut = levers[:, :, month].T[:, None, :, None]
        come = flow * (1 - send * effect)
        sent += come
        theatre += come
        lost = theatre * (1 - np.exp(-hazard * (1 + fight * effect)))
        theatre -= lost
        total += lost
        currency += (pay * (sent - dead * total) + labour) * (1 - cut * effect)
        stay += theatre
        before = due
    return np.stack([total, currency, stay / np.float32(MONTHS)], axis=2)


def cut(draws: Draws, levers: Levers) -> Metrics:
    """One block after another, so that arrays stay in the cache."""
    found = np.empty((len(draws), len(levers), METRICS, draws.shape[2]), np.float32)
    for block in range(len(draws)):
        found[block] = whole(draws[block : block + 1], levers)[0]
    return found


def whole_drawn(seed: int, blocks: int, levers: Levers) -> Metrics:
    return whole(made_draws(seed, blocks), levers)


def cut_drawn(seed: int, blocks: int, levers: Levers) -> Metrics:
    parts = [whole(made_draws(seed + block, 1), levers) for block in range(blocks)]
    return np.concatenate(parts)
