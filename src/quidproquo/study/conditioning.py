"""The posterior of a run: conditioned on the claims, or taken on from that of the case's base.

The base is the evidence that a case started from: its own claims if it comes with the package, else what
`base/claims.csv` holds (see `study.base`). A run whose claims differ from it by a few starts from the base's
posterior, which is kept between runs, and goes from there to the claims (see `smc.bridge`). Whether it does is
decided by the inputs and the seed alone, never by what was kept.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from jaxtyping import Array, Key

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.smc.bridge import BridgeSettings, bridge_to_claims
from quidproquo.evidence.smc.extension import Extension, changes_between, extend, extension_of
from quidproquo.evidence.smc.kept import kept_posterior
from quidproquo.evidence.smc.sample import PosteriorDraws, Settings, condition
from quidproquo.evidence.smc.target import Target, build_target
from quidproquo.evidence.smc.thorough import condition_thoroughly
from quidproquo.study.progress import Progress
from quidproquo.terms.errors import EvidenceError
from quidproquo.worlds.model import Model

__all__ = ["BRIDGE", "Evidence", "Posterior", "claimable", "condition_worlds"]

_LOG = logging.getLogger(__name__)
BRIDGE = BridgeSettings(islands=32, sweeps=1, final_sweeps=10)


class Evidence(NamedTuple):
    """The claims that condition, and those of the base; None where the case has none."""

    table: EvidenceTable
    base: EvidenceTable | None = None


class Posterior(NamedTuple):
    """The posterior, in a form that what-ifs can be asked of, and worlds of it; None where no claim weighs."""

    extension: Extension
    draws: PosteriorDraws | None


def claimable(case: Case) -> tuple[str, ...]:
    """Every observable that a claim can be about."""
    of_quantities = (name for quantity in case.quantities.values() for name in quantity.observes.values())
    of_propositions = (one.observes for one in case.propositions.values() if one.observes)
    return tuple(sorted({*of_quantities, *of_propositions}))


def condition_worlds(
    key: Key[Array, ""],
    case: Case,
    model: Model,
    evidence: Evidence,
    how: tuple[int, bool],
    progress: Progress,
) -> Posterior:
    """Worlds of the posterior; `how` is their number, and whether they are conditioned thoroughly.

    Raises:
        EvidenceError: if the worlds are too few, or none fits the claims.
    """
    (table, base), (worlds, thorough) = evidence, how
    if not len(table):
        return Posterior(extension_of(build_target(model, table)), None)
    if base is not None and not thorough and changes_between(base, table):
        found = _from_base(key, model, Evidence(table, base), claimable(case), worlds, progress)
        if found is not None:
            return found
    target = build_target(model, table)
    return Posterior(extension_of(target), _conditioned(key, target, worlds, thorough, progress))


def _conditioned(
    key: Key[Array, ""], target: Target, worlds: int, thorough: bool, progress: Progress
) -> PosteriorDraws:
    if thorough:
        # how long it takes to forget isn't known before
        with progress.stage("conditioning thoroughly", None) as advance:
            return condition_thoroughly(key, target, worlds, done=advance)
    settings = Settings()
    with progress.stage("conditioning", settings.units(worlds)) as advance:
        return kept_posterior(
            key, target, worlds, settings, lambda: condition(key, target, worlds, settings, advance)
        )


def _from_base(
    key: Key[Array, ""],
    model: Model,
    evidence: Evidence,
    observables: tuple[str, ...],
    worlds: int,
    progress: Progress,
) -> Posterior | None:
    """From the base's posterior; None where the claims are too many or too far from it."""
    assert evidence.base is not None
    extension = extend(model, evidence.base, evidence.table, observables)
    if extension is None:
        _LOG.info("The claims differ from the base by so many that worlds are conditioned from the prior.")
        return None
    start = _conditioned(key, extension.before, worlds, False, progress)
    try:
        with progress.stage("taking in the changed claims", None):
            return Posterior(extension, bridge_to_claims(key, extension, start, worlds, BRIDGE))
    except EvidenceError as error:
        _LOG.info(
            "The claims are too far from the base (%s), so worlds are conditioned from the prior.", error
        )
        return None
