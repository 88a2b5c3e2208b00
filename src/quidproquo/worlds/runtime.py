"""How the numerical library is set up: blocks of fixed size, each meant for one thread.

Work is cut into fixed blocks, each handed to a thread of its own; how many of them run at once is
bounded by the cores and by the threads that the library is given. Nothing here runs on import.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from quidproquo.worlds.store import Store

__all__ = ["COMPILER_OPTIONS", "compiled_for", "cores", "machine", "parallel_map", "prepare", "store", "trim"]

_FLAGS = "--xla_cpu_multi_thread_eigen=false --xla_cpu_prefer_vector_width=512"
# The compiler cuts loops for as many threads as the library has, and the cuts change last digits: so
# it has as many on every machine. On two cores, sixteen were much slower than two.
_THREADS = "2"
_ARENAS, _MOST_ARENAS = -8, 2  # the first is glibc's M_ARENA_MAX
COMPILER_OPTIONS: dict[str, str | bool] = {"xla_cpu_use_fusion_emitters": False}  # twice as fast to compile
Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_store: Store | None = None


def prepare(cache: Path | None = None) -> None:
    """Set the flags before the first use of JAX, and keep what is traced and compiled in `cache`.

    Where that folder can't be written, a line is logged and nothing is kept.
    """
    global _store  # noqa: PLW0603  one set-up a process, as the library has
    _share_memory()
    os.environ.setdefault("PJRT_NPROC", _THREADS)
    flags = os.environ.get("XLA_FLAGS", "")
    if _FLAGS not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {_FLAGS}".strip()
    import jax

    folder = None if cache is None else cache / "programs"
    if folder is None or (_store is not None and _store.folder == folder):
        return
    _store = Store(folder)
    if _store.usable:
        # executables of one machine may fail on another that shares the folder
        jax.config.update("jax_compilation_cache_dir", str(folder / machine()))  # type: ignore[no-untyped-call]
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)  # type: ignore[no-untyped-call]
        # what can't be read is compiled, and what can't be written isn't kept
        warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation cache")


def compiled_for(program: Callable[..., Result], *shapes: object) -> Callable[..., Result]:
    """Compile a function ahead of its first call, for arrays of these shapes; it is kept nowhere."""
    import jax

    return jax.jit(program).lower(*shapes).compile()


def store() -> Store | None:
    """Where results are kept between runs; None before `prepare` has named a folder that can be used."""
    return _store if _store is not None and _store.usable else None


def machine() -> str:
    """A name for what executables of this machine can count on."""
    about = [platform.system(), platform.machine()]
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        about += sorted({line for line in lines if line.startswith(("flags", "Features", "model name"))})
    except OSError:
        about.append(platform.processor())
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]


def trim() -> None:
    """Hand memory that compiling has used back to the system, where the C library can (glibc)."""
    give = _c_function("malloc_trim")
    if give is not None:
        give(0)


def _share_memory() -> None:
    """Let threads share what others have freed, where the C library can (glibc)."""
    choose = _c_function("mallopt")
    if choose is not None:
        choose(_ARENAS, _MOST_ARENAS)


def _c_function(name: str) -> Callable[..., object] | None:
    """A function of the C library; None where it has none of this name."""
    if os.name != "posix":
        return None
    found: Callable[..., object] | None = getattr(ctypes.CDLL(None), name, None)
    return found


def parallel_map(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    done: Callable[[int], None] | None = None,
) -> list[Result]:
    """Do all tasks, one thread a core; results come back in the order of the tasks."""

    def one(task: Task) -> Result:
        result = work(task)
        if done is not None:
            done(1)
        return result

    with ThreadPoolExecutor(max_workers=cores()) as pool:
        return list(pool.map(one, tasks))
