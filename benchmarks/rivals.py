"""How the project compares: `python benchmarks/rivals.py [--quick | --million]`.

One small model is timed as the project writes its own (JAX) and in NumPy, Numba and C, on the same
numbers; the shipped case is timed against EMA Workbench; `--million` streams a million worlds of the
shipped case instead. Rivals take turns, and every figure is the least of several runs of this process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from rivals import common, native, plain
from rivals.common import Drawing, Rival

from quidproquo.worlds.runtime import cores, prepare

WORLDS, EXPERIMENTS, MILLION = 49_152, 2_000, 1_000_000
NUMPY_TARGET, C_TARGET, EMA_TARGET, MEMORY_TARGET, TOLERANCE = 5.0, 3.0, 100.0, 4.0, 1e-3
ENGINE, WHOLE, CUT, NUMBA, C = "the project's engine", "NumPy, whole arrays", "NumPy, in blocks", "Numba", "C"


def gathered() -> dict[str, tuple[Rival, Drawing]]:
    """The rivals that are there; says in one sentence which aren't."""
    from rivals import engine

    found = {
        ENGINE: (engine.given, engine.drawn),
        WHOLE: (plain.whole, plain.whole_drawn),
        CUT: (plain.cut, plain.cut_drawn),
    }
    if importlib.util.find_spec("numba"):
        from rivals import loops

        found[NUMBA] = (loops.given, loops.drawn)
    else:
        print("The Numba rival is skipped: numba is not installed (pip install '.[bench]').")
    if native.missing():
        print(native.missing())
    else:
        found[C] = (native.given, native.drawn)
    return found


def timed(rivals: dict[str, tuple[Rival, Drawing]], blocks: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each rival with the numbers given and with numbers of its own; they take turns."""
    draws, levers = common.made_draws(0, blocks), common.made_levers()
    least = {name: [float("inf"), float("inf")] for name in rivals}
    for _ in range(rounds):
        for name, (given, drawn) in rivals.items():
            start = time.perf_counter()
            given(draws, levers)
            middle = time.perf_counter()
            drawn(1, blocks, levers)
            spent = (middle - start, time.perf_counter() - middle)
            least[name] = [min(old, 1000.0 * new) for old, new in zip(least[name], spent, strict=True)]
    return least


def differences(rivals: dict[str, tuple[Rival, Drawing]]) -> dict[str, float]:
    """Largest relative difference from the plain NumPy results; running once also compiles."""
    draws, levers = common.made_draws(0, 2), common.made_levers()
    expected = plain.whole(draws, levers)
    for _, drawn in rivals.values():
        drawn(1, 2, levers)
    return {name: common.difference(given(draws, levers), expected) for name, (given, _) in rivals.items()}


def verdict(name: str, ratio: float, target: float, most: bool = False) -> bool:
    """Print one target and whether it is met."""
    met = ratio <= target if most else ratio >= target
    bound = "at most" if most else "at least"
    print(f"{name:52}{ratio:9.2f}   {bound} {target:g}: {'met' if met else 'NOT MET'}")
    return met


def small_model(blocks: int, rounds: int) -> tuple[float, bool]:
    """Print the first table; the engine's world-options a second, and whether the rivals agree."""
    rivals = gathered()
    apart = differences(rivals)
    least = timed(rivals, blocks, rounds)
    worlds = blocks * common.BLOCK
    print(
        f"\n{worlds:,} worlds × {common.OPTIONS} options × {common.MONTHS} months, float32, {cores()} cores"
    )
    print(f"{'':24}{'given':>10}{'drawn':>10}{'× engine':>18}{'largest':>14}")
    print(f"{'random numbers':24}{'ms':>10}{'ms':>10}{'given':>9}{'drawn':>9}{'difference':>14}")
    base = least[ENGINE]
    for name, (given, drawn) in least.items():
        ratios = f"{given / base[0]:9.2f}{drawn / base[1]:9.2f}"
        print(f"{name:24}{given:10.1f}{drawn:10.1f}{ratios}{apart[name]:14.1e}")
    print("drawn: with each rival's own generator; NumPy runs on one core, the others on two")
    for name in (WHOLE, CUT):
        verdict(f"engine's speed over {name}", least[name][0] / base[0], NUMPY_TARGET)
    if C in least:
        print(
            f"{'for comparison: speed of C over NumPy, whole arrays':52}{least[WHOLE][0] / least[C][0]:9.2f}"
        )
        verdict("engine's time over C's", base[0] / least[C][0], C_TARGET, most=True)
        verdict("engine's time over C's, numbers drawn", base[1] / least[C][1], C_TARGET, most=True)
    worst = max(apart.values())
    agreed = verdict("largest relative difference, in thousandths", 1e3 * worst, 1e3 * TOLERANCE, most=True)
    return 1e3 * worlds * common.OPTIONS / base[0], agreed


def workbench(worlds: int, experiments: int, small: float) -> None:
    """The shipped case against EMA Workbench; `small` is the engine's rate on the small model."""
    from rivals import shipped

    own, what = shipped.rate(worlds)
    rates = _workbench_rates(experiments)
    own = max(own, shipped.rate(worlds)[0])  # before and after, as the machine may be shared
    along = own * shipped.FUTURES
    light, heavy = f"3 mechanisms, 1 future, {common.MONTHS} months", what.partition(": ")[2]
    rows = {
        f"the project, shipped case: {heavy}": own,
        f"the project's engine, small model: {light}": small,
        f"EMA Workbench, in turn, small model: {light}": rates.get("sequential"),
        f"EMA Workbench, two processes, small model: {light}": rates.get("two processes"),
        f"EMA Workbench, in turn, shipped case: {heavy}": rates.get("shipped"),
    }
    print(f"\n{'':76}world-options a second")
    for label, rate in rows.items():
        if rate is not None:
            print(f"{label:76}{rate:22,.0f}")
    if not rates:
        return
    print("The small model, compiled by Numba, stands in for the shipped case in EMA Workbench's favour:")
    print("it is far less work a world.")
    print("A call of the stand-in runs one world under one option along one future; a world-option of the")
    print(
        f"shipped case runs {shipped.FUTURES} of them, so both are given: each future, and all of them together."
    )
    best = max(rates["sequential"], rates["two processes"])
    verdict("shipped case over EMA Workbench's faster stand-in", along / best, EMA_TARGET)
    print(f"{'… with all futures of a world-option as one':52}{own / best:9.2f}")
    verdict("like for like: small model over small model", small / best, EMA_TARGET)
    verdict("like for like: shipped case over shipped case", own / rates["shipped"], EMA_TARGET)


def _workbench_rates(experiments: int) -> dict[str, float]:
    """What the process beside this one measures; nothing if something is missing."""
    if not (importlib.util.find_spec("ema_workbench") and importlib.util.find_spec("numba")):
        print("EMA Workbench is skipped: it or numba is not installed (pip install '.[bench]').")
        return {}
    command = [sys.executable, "-W", "ignore", "-m", "rivals.workbench", str(experiments)]
    environment = os.environ | {"TQDM_DISABLE": "1"}
    folder = Path(__file__).parent
    ran = subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    rates: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return rates


def million(worlds: int) -> None:
    """Many worlds of the shipped case, of which only the means are kept."""
    from rivals import shipped

    found = shipped.streamed(worlds)
    print(
        f"{worlds:,} worlds × {found.options} options, in slices of {shipped.SLICE:,}; failed: {found.failed}"
    )
    print(f"seconds, draws included                             {found.seconds:9.1f}")
    verdict("peak memory, GiB", found.peak, MEMORY_TARGET, most=True)


def accelerator() -> str:
    """What there is to say of a graphics processor."""
    import jax

    try:
        found = jax.devices("gpu")
    except RuntimeError:
        return "The part on a GPU is skipped: none is at hand."
    return f"A GPU is at hand ({found[0].device_kind}), and JAX's rows run on it where it is the default."


def main() -> None:
    prepare()
    print(accelerator())
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    if "--million" in arguments:
        million(MILLION // 10 if quick else MILLION)
        return
    small, agreed = small_model((WORLDS // 3 if quick else WORLDS) // common.BLOCK, 3 if quick else 9)
    workbench(common.BLOCK * (2 if quick else 4), EXPERIMENTS // 4 if quick else EXPERIMENTS, small)
    if not agreed:
        raise SystemExit("The rivals don't agree.")


if __name__ == "__main__":
    main()
