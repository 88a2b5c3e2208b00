"""The worlds of a run, and how they weigh once only some of the changes have happened."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.rule import OptionValues, decide
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighted
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.sensitivity.shapley import Measured, measured_means
from quidproquo.study.diff.changes import PRIORS, REGRADED, Changes
from quidproquo.study.diff.densities import log_density
from quidproquo.study.schema.brief import Brief
from quidproquo.study.what_if.basis import Basis

__all__ = ["DiffWorlds", "measure", "option_rows"]

_LOWEST = -1e9


@dataclass(frozen=True)
class DiffWorlds:
    """The worlds of the new run, with what they predict for its claims and for those of the old one.

    `earlier` maps a claim of the old run to what the worlds say of it, where that isn't what they say of the new
    run's claim of the same id.
    """

    basis: Basis
    changes: Changes
    old: Brief
    earlier: Mapping[str, Float[np.ndarray, " world"]]

    def weights(self, happened: frozenset[str]) -> Reweighted:
        """The weights once some of the changes have happened, with their verdict.

        Raises:
            EvidenceError: if no world is left.
        """
        every = frozenset(self.changes.groups)
        reweighter = self.basis.evaluator.reweighter
        if happened == every:
            return reweighter.reweight(Change())
        ratio = self._log_likelihood(happened) - self._log_likelihood(every)
        if PRIORS in every - happened:
            ratio = ratio + self._prior_ratio()
        return reweighter.reweight(Change(log_factor=ratio))

    def _log_likelihood(self, happened: frozenset[str]) -> Float[np.ndarray, " world"]:
        """Log-likelihood of the claims that there are once some changes have happened, in every world.

        A bias that the new run integrates out, because one claim alone had it, is drawn from its prior here:
        weights stay right on average.
        """
        evidence = self.basis.evidence
        assert evidence is not None
        table, worlds = self.changes.table(happened), len(self.basis.ensemble.log_weight)
        if not len(table):
            return np.zeros(worlds)
        likelihood = build_likelihood(table, evidence.bias_names)
        known = dict(zip(evidence.bias_names, evidence.biases.T, strict=True))
        biases = [known[n] if n in known else _drawn(n, worlds) for n in likelihood.bias.names]
        predicted = np.stack([self._predicted(item, happened) for item in table.ids])
        about = np.stack(biases) if biases else np.zeros((0, worlds))
        found = likelihood.evaluate_items(predicted.astype(np.float64), about.astype(np.float64))[0]
        return np.asarray(np.where(np.isfinite(found), found, _LOWEST).sum(axis=0))

    def _predicted(self, item: str, happened: frozenset[str]) -> Float[np.ndarray, " world"]:
        changes = self.changes
        former = item in changes.removed or (item in changes.regraded and REGRADED not in happened)
        if former and item in self.earlier:
            return self.earlier[item]
        return self.basis.ensemble.predicted[:, self.basis.ensemble.items.index(item)]

    def _prior_ratio(self) -> Float[np.ndarray, " world"]:
        """Log density by the old priors over that by the new ones."""
        ensemble, new, old = self.basis.ensemble, self.basis.brief, self.old
        ratio = np.zeros(len(ensemble.log_weight))
        for name in self.changes.priors:
            if name in ensemble.parameters:
                values = ensemble.draws[:, ensemble.parameters.index(name)].astype(np.float64)
                ratio += log_density(old.assumptions[name], values) - log_density(
                    new.assumptions[name], values
                )
            else:
                states = ensemble.states[:, ensemble.hypotheses.index(name)]
                chances = [
                    np.array([state.prior for state in brief.hypotheses[name].states.values()])
                    for brief in (old, new)
                ]
                with np.errstate(divide="ignore"):
                    ratio += np.log(chances[0][states]) - np.log(chances[1][states])
        return np.where(np.isnan(ratio), -np.inf, ratio)


def _drawn(name: str, worlds: int) -> Float[np.ndarray, " world"]:
    """A bias by its prior; the same for the same name."""
    return np.random.default_rng(zlib.crc32(name.encode())).normal(size=worlds)


def option_rows(options: Sequence[str]) -> list[str]:
    """Names of what `measure` adds for options: the regret at the 95% quantile, and the rank."""
    return [f"{what}:{option}" for what in ("regret", "rank") for option in options]


def measure(
    prepared: PreparedEnsemble, ensemble: Ensemble, log_weight: Float[np.ndarray, " world"], source: str
) -> Measured:
    """Means of every number, then regrets and ranks of the options, under weights; `source` names the worlds."""
    rows = np.stack(list(prepared.estimates.values()), axis=1)
    means = measured_means(rows, log_weight, ensemble.island, source)
    values: OptionValues = prepared.option_values
    estimate = values.estimate(np.exp(log_weight - np.log(np.exp(log_weight).sum())))
    order = decide(estimate, values.delta).order
    ranks = np.empty(len(order))
    ranks[list(order)] = np.arange(1.0, len(order) + 1.0)
    count, size = rows.shape[1], len(order)
    replicates = {
        name: np.concatenate([own, np.zeros((len(own), 2 * size))], axis=1)
        for name, own in means.replicates.items()
    }
    for own in estimate.regret.replicates:
        padded = np.zeros((len(own), count + 2 * size))
        padded[:, count : count + size] = own
        replicates[f"{source}, regret"] = padded
    return Measured(np.concatenate([means.value, estimate.q95, ranks]), replicates)
