"""A run that what-ifs are asked of, as its files hold it: nothing is simulated and no case is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.rule import OptionValues
from quidproquo.decisions.value import Scale, sound_worlds
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.study.evidence_file import StoredEvidence
from quidproquo.study.run_file import StoredWorlds, read_worlds
from quidproquo.study.schema.brief import Brief
from quidproquo.terms.errors import InputError, sentence

__all__ = ["Basis", "answer_row", "basis_of", "estimate_row", "metric_row", "read_basis", "rows_of"]


def estimate_row(quantity: str) -> str:
    """The name of a quantity among all numbers of a world."""
    return f"estimate:{quantity}"


def metric_row(option: str, metric: str) -> str:
    """The name of a metric under an option among all numbers of a world."""
    return f"metric:{option}:{metric}"


def answer_row(hypothesis: str, state: str) -> str:
    """The name of an answer to a hypothesis among all numbers of a world."""
    return f"answer:{hypothesis}:{state}"


@dataclass(frozen=True)
class Basis:
    """The weighted worlds of a run that ran, with its brief.

    `evidence` is what conditioned them, with the biases of the same worlds; None in runs of earlier versions.
    """

    brief: Brief
    ensemble: Ensemble
    estimates: Mapping[str, Float[np.ndarray, " world"]]
    evidence: StoredEvidence | None

    @cached_property
    def scale(self) -> Scale:
        """The value function of the run."""
        metrics = [self.brief.metrics[name] for name in self.ensemble.metrics]
        weight = np.array([metric.weight for metric in metrics], dtype=np.float64)
        total = weight.sum()
        return Scale(
            metrics=self.ensemble.metrics,
            worst=np.array([metric.worst for metric in metrics], dtype=np.float64),
            best=np.array([metric.best for metric in metrics], dtype=np.float64),
            weight=weight / total if total > 0.0 else weight,
            threshold=np.array([metric.threshold for metric in metrics], dtype=np.float64),
            sign=np.array([1.0 if metric.direction == "higher" else -1.0 for metric in metrics]),
        )

    @cached_property
    def evaluator(self) -> SensitivityEvaluator:
        """Judges what-ifs by other weights on these worlds."""
        return SensitivityEvaluator(self.prepared(self.ensemble, self.estimates))

    def prepared(
        self, ensemble: Ensemble, estimates: Mapping[str, Float[np.ndarray, " world"]]
    ) -> PreparedEnsemble:
        """Worlds of the same case, valued as this run values them; none of them failed."""
        values = self.scale.values(np.asarray(ensemble.outcomes, dtype=np.float64))
        delta = self.brief.preferred.delta
        return PreparedEnsemble(
            Reweighter(ensemble),
            OptionValues(ensemble.options, values, ensemble.island, delta),
            rows_of(self.brief, ensemble, estimates),
        )

    @cached_property
    def run(self) -> str:
        """What tells this run from others: a hash of its brief."""
        text = self.brief.model_copy(update={"what_ifs": []}).model_dump_json()
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def rows_of(
    brief: Brief, ensemble: Ensemble, estimates: Mapping[str, Float[np.ndarray, " world"]]
) -> dict[str, Float[np.ndarray, " world"]]:
    """Every number of every world: estimates, metrics under each option, and answers to hypotheses (0 or 1)."""
    rows = {estimate_row(name): np.asarray(row, dtype=np.float64) for name, row in estimates.items()}
    for i, option in enumerate(ensemble.options):
        for j, metric in enumerate(ensemble.metrics):
            rows[metric_row(option, metric)] = ensemble.outcomes[:, i, j].astype(np.float64)
    for place, hypothesis in enumerate(ensemble.hypotheses):
        for index, state in enumerate(brief.hypotheses[hypothesis].states):
            rows[answer_row(hypothesis, state)] = (ensemble.states[:, place] == index).astype(np.float64)
    return rows


def basis_of(brief: Brief, stored: StoredWorlds) -> Basis:
    """Keep the worlds that ran, in the order of their islands."""
    worlds = stored.sets["weighted"]
    sound, kept = sound_worlds(worlds.ensemble)
    evidence = stored.evidence
    if evidence is not None:
        evidence = replace(evidence, biases=evidence.biases[kept])
    return Basis(brief, sound, {name: row[kept] for name, row in worlds.estimates.items()}, evidence)


def read_basis(brief: Brief, path: Path) -> Basis:
    """Read the worlds of a run beside its brief.

    Raises:
        InputError: if the file is missing or isn't that of a run.
    """
    try:
        return basis_of(brief, read_worlds(path, ("weighted",)))
    except (OSError, KeyError) as error:
        state = "missing" if not path.is_file() else f"not readable ({error})"
        allowed, remedy = "the worlds of a run", "make the brief anew"
        raise InputError(sentence(f"run '{path.parent}'", path.name, state, allowed, remedy)) from None
