"""Small functions that several mechanisms share: ramps, integrals, gates. All are elementwise."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

__all__ = [
    "accumulate",
    "constant",
    "earlier",
    "earlier_at",
    "eroding",
    "expm1_over",
    "gains",
    "past_start",
    "ramp",
    "ramp_days",
    "running",
    "saturating",
]


def ramp(days: Array, start: Array, length: Array) -> Array:
    """Share done of something that runs from `start` for `length` days: 0 before, 1 after, smooth."""
    x = jnp.clip((days - start) / length, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def ramp_days(days: Array, start: Array, length: Array) -> Array:
    """Integral of `ramp` up to `days`, in days: x³ − x⁴/2 of the length, then one a day."""
    x = jnp.clip((days - start) / length, 0.0, 1.0)
    return length * x * x * x * (1.0 - 0.5 * x) + jnp.maximum(days - start - length, 0.0)


def constant(value: Array, days: Array) -> Array:
    """The same value on every day (or month)."""
    return value + jnp.zeros_like(days)


def past_start(days: Array, start: Array) -> Array:
    """Days since `start`; 0 before."""
    return jnp.maximum(days - start, 0.0)


def expm1_over(rate: Array, time: Array) -> Array:
    """Integral of exp(rate·s) over s from 0 to `time`, good also where the rate is near zero."""
    x = rate * time
    small = jnp.abs(x) < 0.05
    safe = jnp.where(small, 1.0, x)
    series = 1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x / 120.0)))
    return time * jnp.where(small, series, (jnp.exp(safe) - 1.0) / safe)


def saturating(amount: Array, scale: Array) -> Array:
    """1 − exp(−amount / scale): diminishing returns between 0 and 1."""
    return 1.0 - jnp.exp(-amount / scale)


def running(steps: Float[Array, "month #world"]) -> Float[Array, "month #world"]:
    """Running total over months."""
    _, totals = jax.lax.scan(lambda t, x: (t + x, t + x), jnp.zeros_like(steps[0]), steps)
    return totals


def gains(totals: Float[Array, "node #world"]) -> Float[Array, "month #world"]:
    """What a running total gains from node to node; never less than nothing, whatever the rounding."""
    return jnp.maximum(jnp.diff(totals, axis=0), 0.0)


def accumulate(
    now: Float[Array, "#world"], steps: Float[Array, "month #world"]
) -> Float[Array, "month #world"]:
    """A running total that starts from its value at the decision date."""
    return now + running(steps)


def eroding(
    now: Float[Array, "#world"],
    inflow: Float[Array, "month #world"],
    loss: Float[Array, "month #world"],
) -> Float[Array, "month #world"]:
    """What a stock loses in each month to the hazard `loss`, with inflow spread over the month.

    stock_m = stock_{m−1}·exp(−loss_m) + inflow_m·(1 − exp(−loss_m))/loss_m; the losses are the rest.
    """
    gone = -jnp.expm1(-loss)
    stay = jnp.minimum(expm1_over(-loss, jnp.ones_like(loss)), 1.0)

    def month(stock: Array, change: tuple[Array, ...]) -> tuple[Array, Array]:
        come, lost, kept = change
        # not stock + come − taken: by rounding that can fall below nothing
        return stock * (1.0 - lost) + come * kept, stock * lost + come * (1.0 - kept)

    shape = jnp.broadcast_shapes(now.shape, inflow.shape[1:], loss.shape[1:])
    changes = tuple(jnp.broadcast_to(a, (len(a), *shape)) for a in (inflow, gone, stay))
    return jax.lax.scan(month, jnp.broadcast_to(now, shape), changes)[1]


def earlier(
    nodes: Float[Array, " node"], known: Float[Array, "node world"], days: Float[Array, "month #world"]
) -> Float[Array, "month world"]:
    """What is known at the nodes, read between them on other days; on days before the first, its value."""
    place = jnp.interp(days, nodes, jnp.arange(len(nodes), dtype=days.dtype))
    node = jnp.minimum(place.astype(jnp.int32), len(nodes) - 2)
    share = place - node
    worlds = jnp.broadcast_to(node, (len(node), known.shape[1]))
    before, after = (jnp.take_along_axis(known, worlds + step, axis=0) for step in (0, 1))
    return before + jnp.broadcast_to(share, before.shape) * (after - before)


def earlier_at(
    nodes: Float[np.ndarray, " node"], known: Float[Array, "node #world"], days: Float[np.ndarray, " month"]
) -> Float[Array, "month #world"]:
    """The same on days that are the same in all worlds."""
    place = np.interp(days, nodes, np.arange(len(nodes)))
    node = np.minimum(place.astype(np.int64), len(nodes) - 2)
    share = jnp.asarray(place - node, known.dtype)[:, None]
    return known[node] + share * (known[node + 1] - known[node])
