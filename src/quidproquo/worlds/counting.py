"""How often programs are traced and compiled: what a cache saves, and what a change would cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from jax import monitoring

__all__ = ["CompileCounts", "counting"]

_ASKED = "/jax/core/compile/backend_compile_duration"
_FOUND = "/jax/compilation_cache/cache_hits"
_TRACED = "/jax/core/compile/jaxpr_trace_duration"


@dataclass
class CompileCounts:
    """Executables asked of the compiler, those of them found in its cache, and what was traced.

    `names` are the functions that were compiled and not found, in this order.
    """

    asked: int = 0
    found: int = 0
    traced: int = 0
    seconds_tracing: float = 0.0
    seconds_compiling: float = 0.0
    names: list[str] = field(default_factory=list)

    @property
    def compiled(self) -> int:
        """Executables that had to be compiled."""
        return self.asked - self.found


@contextmanager
def counting(*, this_thread: bool = False) -> Iterator[CompileCounts]:
    """Count while the context is open, in all threads or in this one alone."""
    counts, own, local = CompileCounts(), threading.get_ident(), threading.local()
    lock = threading.Lock()

    def on_event(event: str, **kwargs: str | int) -> None:
        del kwargs
        if event == _FOUND and (not this_thread or threading.get_ident() == own):
            # the duration of the same executable follows in the same thread
            local.found = True
            with lock:
                counts.found += 1

    def on_duration(event: str, duration_secs: float, **kwargs: str | int) -> None:
        if this_thread and threading.get_ident() != own:
            return
        with lock:
            if event == _TRACED:
                counts.traced += 1
                counts.seconds_tracing += duration_secs
            elif event == _ASKED:
                counts.asked += 1
                counts.seconds_compiling += duration_secs
                if not getattr(local, "found", False):
                    counts.names.append(str(kwargs.get("fun_name", "?")))
                local.found = False

    monitoring.register_event_listener(on_event)
    monitoring.register_event_duration_secs_listener(on_duration)
    try:
        yield counts
    finally:
        monitoring.unregister_event_listener(on_event)
        monitoring.unregister_event_duration_listener(on_duration)
