"""A posterior taken on from the base's against one conditioned from the prior, over single changed claims.

    python benchmarks/bridged.py [--case NAME] [--changes N] [--first N] [--worlds N] [--full N]

A third of the changes adds a claim (one like another, of a new origin, with another figure), a third leaves
one out, and a third grades one otherwise. For each, the means of all reported quantities at the decision date
are compared: z is the difference over the Monte Carlo error of both sides, taken between islands. Prints the
root mean square of z, the share beyond two and three, the run ESS of what was taken on, and the CPU seconds
of each way. With `--first`, changes before that number are skipped, so that a long run can be cut.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import jax
import numpy as np
from opened import opened
from quantities import Quantities

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.smc.bridge import bridge_to_claims
from quidproquo.evidence.smc.extension import extend
from quidproquo.evidence.smc.kept import kept_posterior
from quidproquo.evidence.smc.sample import PosteriorDraws, Settings, condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.evidence.weights.estimators import mcse, run_ess
from quidproquo.study.conditioning import BRIDGE, claimable
from quidproquo.study.limits import DEFAULT_WORLDS
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.streams import Stream, stream_key

MOST_RMS, LEAST_ESS = 1.15, 500.0
FIGURE = 1.25  # of an added claim, times that of the claim it is like


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="dprk-russia")
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--worlds", type=int, default=DEFAULT_WORLDS, help="of the base and taken on")
    parser.add_argument("--full", type=int, default=2048, help="worlds of each full run")
    return parser.parse_args()


def changed_tables(base: EvidenceTable, count: int) -> Iterator[tuple[str, EvidenceTable, int | None]]:
    """So many tables that differ from the base by one claim, taken evenly, and the item that one leaves out."""
    numbers = [i for i in range(len(base)) if base.value[i] > 0.0]
    for n in range(count):
        place = (2 * n + 1) / (2 * count)
        item = int(place * len(base))
        if n % 3 == 0:
            like = numbers[int(place * len(numbers))]
            yield f"added, like {base.ids[like]}", with_copy(base, like), None
        elif n % 3 == 1:
            others = [i for i in range(len(base)) if i != item]
            yield f"without {base.ids[item]}", base.select(others), item
        else:
            credibility = base.credibility.copy()
            credibility[item] = 6 if credibility[item] < 4 else 2
            yield f"{base.ids[item]} graded otherwise", replace(base, credibility=credibility), None


def with_copy(base: EvidenceTable, like: int) -> EvidenceTable:
    """The table with one claim more: like one of its own, with another figure, of a new origin."""
    one = replace(
        base.select([like]),
        ids=("new",),
        origin=("a new origin",),
        value=FIGURE * base.value[[like]],
        group=np.array([base.group.max() + 1]),
    )
    columns = {}
    for field in fields(base):
        own, other = getattr(base, field.name), getattr(one, field.name)
        if field.name != "unused":
            columns[field.name] = own + other if isinstance(own, tuple) else np.concatenate([own, other])
    return replace(base, **columns)


@dataclass(frozen=True)
class Side:
    """Means of the quantities, their errors, and what they took."""

    values: np.ndarray
    island: np.ndarray
    seconds: float

    @property
    def mean(self) -> np.ndarray:
        return self.values.mean(axis=0)

    @property
    def error(self) -> np.ndarray:
        return mcse(self.values, np.zeros(len(self.values)), self.island)


def side(quantities: Quantities, drawn: PosteriorDraws, begun: float) -> Side:
    return Side(quantities.of(drawn), drawn.island, time.process_time() - begun)


def main() -> None:
    options = arguments()
    prepare(Path.home() / ".cache" / "quidproquo")
    found = opened(options.case)
    quantities, key = Quantities(found.model, found.case), jax.random.key(0)
    own = stream_key(key, Stream.CONDITIONING)
    target, settings = build_target(found.model, found.table), Settings()

    def from_prior() -> PosteriorDraws:
        return condition(own, target, options.worlds, settings)

    base = kept_posterior(own, target, options.worlds, settings, from_prior)
    scores, ess, taken, whole = [], [], [], []
    for n, (name, table, gone) in enumerate(changed_tables(found.table, options.changes)):
        if n < options.first:
            continue
        begun = time.process_time()
        extension = extend(found.model, found.table, table, claimable(found.case))
        assert extension is not None
        bridged = side(quantities, bridge_to_claims(own, extension, base, options.worlds, BRIDGE), begun)
        begun = time.process_time()
        check = jax.random.fold_in(stream_key(key, Stream.RERUN_CHECK), n)
        # the base's program leaves a claim out by a power of 0
        asked = build_target(found.model, table) if gone is None else target
        powers = np.array([float(i != gone) for i in range(len(asked.ids))])
        full = side(quantities, condition(check, asked, options.full, settings, powers=powers), begun)
        moving = bridged.values.std(axis=0) > 1e-9
        z = (bridged.mean - full.mean)[moving] / np.hypot(bridged.error[moving], full.error[moving])
        exact = run_ess(bridged.values[:, moving], np.zeros(len(bridged.values)), bridged.island)
        scores.append(z)
        ess.append(exact)
        taken.append(bridged.seconds)
        whole.append(full.seconds)
        print(
            f"{n:3d} {name:36s} rms z {np.sqrt(np.mean(z**2)):5.2f}, largest {np.abs(z).max():5.2f}; run ESS "
            f"smallest {exact.min():6.0f}, median {np.median(exact):6.0f}; CPU s {bridged.seconds:5.1f}, "
            f"from the prior {full.seconds:5.1f}",
            flush=True,
        )
    z, exact = np.concatenate(scores), np.concatenate(ess)
    print(f"{len(scores)} changes, {z.size} means")
    print(f"rms of z {np.sqrt(np.mean(z**2)):.2f} (target at most {MOST_RMS})")
    print(f"beyond 2: {np.mean(np.abs(z) > 2):.1%} (5%), beyond 3: {np.mean(np.abs(z) > 3):.1%} (0.4%)")
    print(
        f"median run ESS {np.median(exact):.0f} (target at least {LEAST_ESS:.0f}), smallest {exact.min():.0f}"
    )
    print(f"CPU seconds: {np.mean(taken):.1f} from the base, {np.mean(whole):.1f} from the prior")


if __name__ == "__main__":
    main()
