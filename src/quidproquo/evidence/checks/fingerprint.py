"""What a recorded calibration holds for: numbers that change with model and likelihood, and the sampler's code."""

from __future__ import annotations

import hashlib
import inspect
import io
import re
import tokenize
from collections.abc import Iterable
from types import ModuleType

import jax
import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.evidence.checks import planted, sbc
from quidproquo.evidence.observation import replicate
from quidproquo.evidence.smc import (
    blocks,
    compiled,
    fast_random,
    islands,
    kernels,
    mode_jumps,
    proposals,
    sample,
    slow_directions,
    target,
    tempering,
)
from quidproquo.evidence.smc.evaluate import evaluate_items
from quidproquo.evidence.smc.target import Target

__all__ = ["code_hash", "names_hash", "reference"]

_WORLDS = 8
_LAYOUT = frozenset(
    (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
)


def reference(key: Key[Array, ""], target: Target) -> Float[np.ndarray, " number"]:
    """Joint log-likelihood of a few prior worlds, given the claims and given what each would report."""
    points, predicted = planted.plant(key, target, _WORLDS)
    given_claims = evaluate_items(target, points.z, points.biases)[0].sum(axis=1)
    given_own = []
    for world in range(_WORLDS):
        one = slice(world, world + 1)
        own = jax.random.fold_in(key, world)
        reports = planted.planted_reports(own, target, predicted[world], points.biases[world])
        given_own.append(evaluate_items(target, points.z[one], points.biases[one], reports)[0].sum())
    return np.concatenate([given_claims, given_own])


def names_hash(coordinates: Iterable[str], items: Iterable[str]) -> str:
    """Hash of the names of a model's coordinates and of the claims that condition."""
    return _hash("\n".join([*coordinates, "", *items]))


def code_hash(
    modules: Iterable[ModuleType] = (
        blocks,
        compiled,
        fast_random,
        islands,
        kernels,
        mode_jumps,
        planted,
        proposals,
        replicate,
        sample,
        sbc,
        slow_directions,
        target,
        tempering,
    ),
) -> str:
    """Hash of the code of the sampler and of the test itself, whatever its comments and layout."""
    return _hash("".join(_bare(inspect.getsource(module)) for module in modules))


def _bare(source: str) -> str:
    """Source without comments, docstrings, white space and last commas."""
    kept: list[str] = []
    begins = True  # whether a statement begins here: a string there is a docstring
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _LAYOUT:
            begins = begins or token.type == tokenize.NEWLINE
            continue
        if not (begins and token.type == tokenize.STRING):
            kept.append(token.string)
        begins = False
    return re.sub(r",([)\]}])", r"\1", "".join("".join(kept).split()))


def _hash(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
