"""Threads, compiled programs and memory: what every room above leans on."""

from __future__ import annotations

import ctypes
import os
import threading
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import pytest

from quidproquo.worlds.runtime import compiled_for, parallel_map, prepare, trim


def test_results_come_back_in_the_order_of_the_tasks_whichever_ends_first() -> None:
    last_is_done = threading.Event()

    def work(task: int) -> int:
        # on one core the first task would wait for ever for the second
        if task == 0:
            last_is_done.wait(timeout=0.2)
        if task == 1:
            last_is_done.set()
        return 10 * task

    told: list[int] = []
    assert parallel_map(work, range(5), told.append) == [0, 10, 20, 30, 40]
    assert told == [1] * 5


def test_a_task_that_fails_is_not_swallowed() -> None:
    def work(task: int) -> float:
        return 1 / task

    with pytest.raises(ZeroDivisionError):
        parallel_map(work, [1, 0, 2])


def test_a_program_is_compiled_for_its_shapes_and_refuses_others() -> None:
    double = compiled_for(lambda x: 2 * x, jnp.zeros(3))
    assert double(jnp.arange(3.0)).tolist() == [0.0, 2.0, 4.0]
    with pytest.raises(TypeError):
        double(jnp.zeros(4))
    assert isinstance(double(jnp.ones(3)), jax.Array)


@pytest.mark.parametrize(("system", "asked"), [("posix", [0]), ("nt", [])])
def test_memory_is_given_back_where_the_system_knows_how(monkeypatch, system: str, asked: list[int]) -> None:
    given: list[int] = []
    library = SimpleNamespace(malloc_trim=given.append)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    monkeypatch.setattr("quidproquo.worlds.runtime.os", SimpleNamespace(name=system))
    trim()
    assert given == asked


@pytest.mark.parametrize(("system", "asked"), [("posix", [(-8, 2)]), ("nt", [])])
def test_threads_share_memory_where_the_system_knows_how(
    monkeypatch, system: str, asked: list[tuple[int, int]]
) -> None:
    chosen: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda what, value: chosen.append((what, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    named = SimpleNamespace(name=system, environ=os.environ)
    monkeypatch.setattr("quidproquo.worlds.runtime.os", named)
    prepare()
    assert chosen == asked


def test_a_c_library_that_cannot_give_memory_back_is_left_alone(monkeypatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda name: looked.append(name) or SimpleNamespace())
    trim()
    assert looked == [None]
