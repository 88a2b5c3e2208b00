"""Choices between normal values whose worth of information is known exactly.

An option of value N(m, s²) against one of 0 is worth s·L(|m|/s) more under perfect information, with the unit
normal loss L(u) = φ(u) − u·(1 − Φ(u)) (Raiffa & Schlaifer 1961, *Applied Statistical Decision Theory*, section
5.4). The same holds of any information, with s the standard deviation of what one would expect after it.

The example is that of the R package voi 1.0.3 (Jackson & Heath, vignette "voi for Value of Information
calculation: package overview"): p₁ ~ N(1, 1), p₂ ~ N(0, 2²), and values 0 and p₁ − p₂. `published` draws the very
sample of the vignette, with R's generator from `set.seed(1)`, and `PUBLISHED` is what the vignette prints for it,
as rendered in `doc/voi.html` of github.com/chjackson/voi at commit b43b895.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

ISLANDS = 32

PUBLISHED = {
    "EVPI, exact": 0.4798107,
    "EVPI": 0.4759885,
    "EVPPI of p1": 0.08210074,
    "EVPPI of p2": 0.39029827,
    "EVPPI of p1 and p2": 0.47598851,
    "EVSI of 10 on p1": 0.07078461,
    "EVSI of 100 on p1": 0.08184203,
    "EVSI of 1000 on p1": 0.08177885,
}


def loss(mean: float, sd: float) -> float:
    """What perfect information is worth where an option of value N(mean, sd²) meets one of 0."""
    u = abs(mean) / sd
    return float(sd * (stats.norm.pdf(u) - u * stats.norm.sf(u)))


EXACT = {
    "EVPI": loss(1.0, 5.0**0.5),
    "EVPPI of p1": loss(1.0, 1.0),
    "EVPPI of p2": loss(1.0, 2.0),
    "EVPPI of p1 and p2": loss(1.0, 5.0**0.5),
} | {f"EVSI of {n} on p1": loss(1.0, (1.0 / (1.0 + 1.0 / n)) ** 0.5) for n in (10, 100, 1000)}


def islands(worlds: int, count: int = ISLANDS) -> np.ndarray:
    """Worlds cut into islands of even size."""
    return np.arange(worlds) * count // worlds


def sample(rng: np.random.Generator, worlds: int) -> tuple[np.ndarray, np.ndarray]:
    """The inputs of the example."""
    return rng.normal(1.0, 1.0, worlds), rng.normal(0.0, 2.0, worlds)


def values(p1: np.ndarray, p2: np.ndarray) -> np.ndarray:
    """Its values."""
    return np.column_stack([np.zeros_like(p1), p1 - p2])


def mean_chances(truth: np.ndarray, sd: float, cells: int = 96) -> np.ndarray:
    """Probability in every world that a normal report about its truth falls in each cell."""
    ends = np.linspace(truth.min() - 3.0 * sd, truth.max() + 3.0 * sd, cells - 1)[:, None]
    below = special.ndtr((ends - truth) / sd)
    rows = np.ones((1, truth.size))
    return np.diff(np.concatenate([0.0 * rows, below, rows]), axis=0)


def published() -> tuple[np.ndarray, np.ndarray]:
    """The inputs of the vignette: 10,000 draws of each, by R's `set.seed(1)` and `rnorm`."""
    generator = _r_generator(1)
    return 1.0 + _r_normals(generator, 10_000), 2.0 * _r_normals(generator, 10_000)


def _r_generator(seed: int) -> np.random.RandomState:
    """R's Mersenne Twister: the state is filled by a linear congruential generator, after 50 steps of it."""
    numbers = np.empty(50 + 625, dtype=np.uint64)
    for place in range(numbers.size):
        seed = (69069 * seed + 1) % 2**32
        numbers[place] = seed
    generator = np.random.RandomState()  # its state can be set to R's
    generator.set_state(("MT19937", numbers[51:].astype(np.uint32), 624))
    return generator


def _r_normals(generator: np.random.RandomState, count: int) -> np.ndarray:
    """R's normals by inversion, from two uniforms each."""
    whole = generator.randint(0, 2**32, size=2 * count, dtype=np.uint32) * 2.3283064365386963e-10
    fine = 2.0**27
    return special.ndtri((np.floor(fine * whole[::2]) + whole[1::2]) / fine)
