"""The model in C, compiled on the spot and called through ctypes."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from rivals.common import (
    BLOCK,
    CENTRE,
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

THREADS = 2
_FLAGS = ("-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC")


def missing() -> str:
    """A sentence if there is nothing to compile with."""
    return "" if shutil.which("cc") else "The C rival is skipped: there is no compiler named cc."


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    sizes = {
        "BLOCK": BLOCK, "MONTHS": MONTHS, "OPTIONS": OPTIONS, "PARAMETERS": len(TABLE), "THREADS": THREADS
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.so"
        source = Path(__file__).with_name("model.c")
        defined = [f"-D{name}={size}" for name, size in sizes.items()]
        command = ["cc", *_FLAGS, *defined, "-o", str(path), str(source), "-lm"]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(path))


def _at(array: np.ndarray) -> ctypes.c_void_p:
    assert array.flags.c_contiguous
    assert array.dtype == np.float32
    return ctypes.c_void_p(array.ctypes.data)


def given(draws: Draws, levers: Levers) -> Metrics:
    found = np.empty((len(draws), OPTIONS, METRICS, BLOCK), np.float32)
    arrays = [_at(array) for array in (draws, CENTRE, SCALE, levers, found)]
    _library().given(ctypes.c_long(len(draws)), *arrays)
    return found


def drawn(seed: int, blocks: int, levers: Levers) -> Metrics:
    found = np.empty((blocks, OPTIONS, METRICS, BLOCK), np.float32)
    scratch = np.empty((THREADS, ROWS, BLOCK), np.float32)
    arrays = [_at(array) for array in (CENTRE, SCALE, levers, scratch, found)]
    _library().drawn(ctypes.c_uint32(seed), ctypes.c_long(blocks), *arrays)
    return found
