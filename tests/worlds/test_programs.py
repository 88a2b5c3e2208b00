"""Compiled programs: built once for what they depend on, kept between processes, and lost without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.worlds import programs
from quidproquo.worlds.counting import counting

ROOT = Path(__file__).parents[2]

# what a process does: simulate a few worlds of a small case, so many, and say what that took
SCRIPT = """
import hashlib, json, logging, sys
from pathlib import Path
logging.basicConfig(stream=sys.stderr, format="%(message)s")
from quidproquo.worlds.runtime import prepare
prepare(Path(sys.argv[1]) if sys.argv[1] else None)
import jax
from quidproquo.worlds.counting import counting
from quidproquo.worlds.simulate import futures, simulate
from quidproquo.worlds.streams import normals
from tests.worlds.test_simulate import made_plan
count = int(sys.argv[2])
with counting() as counts:
    model, layout = made_plan({}, "economy.exports@end")
    key = jax.random.key(0)
    run = simulate(model, layout, normals(key, model.coordinates, count), futures(key, model, count))
digest = hashlib.sha256(run.metrics[:100].tobytes() + run.series[:, :100].tobytes()).hexdigest()
print(json.dumps([digest, counts.compiled, counts.asked, counts.traced, counts.seconds_tracing]))
"""


def start(cache: Path | None, worlds: int = 100) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    # without the cache that tests share
    own = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(cache or ""), str(worlds)],
        env={**own, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, int, str]:
    """Digest of the results, how many programs were compiled, and what was said on standard error."""
    out, said = process.communicate()
    assert process.returncode == 0, said
    digest, compiled, asked, *_ = json.loads(out)
    assert asked > 0
    return digest, compiled, said


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    cache = tmp_path_factory.mktemp("cache")
    digest, compiled, said = ended(start(cache))
    assert compiled > 0
    assert said == ""
    return cache, digest


@pytest.mark.slow
def test_a_second_run_compiles_nothing_and_gives_the_same_bytes(cold: tuple[Path, str]) -> None:
    cache, digest = cold
    assert ended(start(cache)) == (digest, 0, "")
    # nor does another number of worlds
    assert ended(start(cache, 1300)) == (digest, 0, "")
    # and a run that keeps nothing is the same
    found, compiled, said = ended(start(None))
    assert (found, said) == (digest, "")
    assert compiled > 0


@pytest.mark.slow
def test_damaged_entries_are_built_again(cold: tuple[Path, str]) -> None:
    cache, digest = cold
    for path in cache.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found, compiled, said = ended(start(cache))
    assert (found, said) == (digest, "")
    assert compiled > 0
    # those of the programs mend themselves
    ended(start(cache))
    assert list((cache / "programs").glob("*/jit_simulate_*"))
    assert ended(start(cache))[0] == digest


@pytest.mark.slow
def test_two_processes_at_once_share_an_empty_cache(tmp_path: Path, cold: tuple[Path, str]) -> None:
    both = [start(tmp_path / "shared") for _ in range(2)]
    assert {ended(process)[0] for process in both} == {cold[1]}
    assert ended(start(tmp_path / "shared"))[:2] == (cold[1], 0)


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_costs_a_line(tmp_path: Path, cold: tuple[Path, str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    found, compiled, said = ended(start(tmp_path / "file"))
    assert found == cold[1]
    assert compiled > 0
    assert said.count("\n") == 1
    assert str(tmp_path / "file" / "programs") in said


def test_a_program_is_built_once_for_what_it_depends_on() -> None:
    built: list[int] = []

    def made(factor: int, length: int = 3):
        def function(x: jax.Array) -> dict[str, jax.Array]:
            built.append(factor)
            return {"scaled": factor * x}

        return programs.compiled("scale", function, factor, (jnp.zeros(length),), {"scaled": 0})

    assert made(2)(jnp.arange(3.0))["scaled"].tolist() == [0.0, 2.0, 4.0]
    assert made(2)(np.ones(3, np.float32))["scaled"].tolist() == [2.0, 2.0, 2.0]
    assert made(3)(jnp.ones(3))["scaled"].tolist() == [3.0, 3.0, 3.0]
    assert made(2, 4)(jnp.ones(4))["scaled"].tolist() == [2.0] * 4
    assert built == [2, 3, 2]


def test_threads_that_ask_at_once_wait_for_one_build() -> None:
    built, found = [], []

    def function(x: jax.Array) -> jax.Array:
        built.append(1)
        return x + 1.0

    def ask() -> None:
        found.append(programs.compiled("wait", function, "threads", (jnp.zeros(2),), 0)(jnp.zeros(2)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.tolist() for one in found] == [[1.0, 1.0]] * 4
    assert built == [1]


def test_other_arguments_and_results_than_it_was_made_for_are_refused() -> None:
    one = programs.compiled("pair", lambda x, y: (x, y), "pair", (jnp.zeros(2), jnp.zeros(3)), (0, 0))
    with pytest.raises(TypeError, match="pair"):
        one(jnp.zeros(2))
    with pytest.raises(TypeError):
        one(jnp.zeros(2), jnp.zeros(4))
    with pytest.raises(TypeError, match="returns"):
        programs.compiled("single", lambda x: x, "single", (jnp.zeros(2),), (0, 0))


def test_a_build_that_fails_fails_again_and_is_not_kept() -> None:
    def function(x: jax.Array) -> jax.Array:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            programs.compiled("fails", function, "fails", (jnp.zeros(2),), 0)


def test_compilations_are_counted_while_asked_for() -> None:
    # never seen before, so that no cache has it
    new = float(np.random.default_rng().uniform())
    with counting() as counts:
        jax.jit(lambda x: x * new + 1.0)(jnp.ones(7))
    before = counts.compiled
    assert before >= 1
    assert any("lambda" in name for name in counts.names)
    assert counts.seconds_compiling > 0.0
    jax.jit(lambda x: x * 4.25 + 1.0)(jnp.ones(7))
    assert counts.compiled == before
    other: list[int] = []
    with counting(this_thread=True) as own:
        thread = threading.Thread(
            target=lambda: other.append(int(jax.jit(lambda x: x * 5.25)(jnp.ones(7))[0]))
        )
        thread.start()
        thread.join()
    assert other == [5]
    assert own.asked == 0


def test_what_was_worked_out_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from quidproquo.worlds import runtime
    from quidproquo.worlds.store import Store

    store = Store(tmp_path)
    monkeypatch.setattr(runtime, "store", lambda: store)
    asked: list[int] = []

    def work_out() -> dict[str, list[int]]:
        asked.append(1)
        return {"found": [1, 2]}

    for _ in range(2):
        assert programs.remembered("some", ("a", 1), work_out) == {"found": [1, 2]}
    assert asked == [1]
    programs.remembered("some", ("a", 2), work_out)
    assert asked == [1, 1]
