"""The scale of a quantity, and numbers without digits that no one can use."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

__all__ = ["on_scale", "significant"]

_FLOOR = 0.03  # of the middle, below which a logarithm separates nothing


def on_scale(values: Float[np.ndarray, " world"], scale: str, middle: float) -> Float[np.ndarray, " world"]:
    """Values on the scale of a quantity; on the logarithmic one, near zero counts as near zero."""
    if scale != "log":
        return values
    return np.asarray(np.log(np.maximum(values, 0.0) + _FLOOR * max(middle, 1e-12)))


def significant(x: float, digits: int = 3) -> float:
    """A number with so many significant digits."""
    return float(f"{x:.{digits}g}")
