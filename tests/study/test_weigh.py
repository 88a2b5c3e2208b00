"""How worlds are conditioned for a brief: by the sampler, or at length where that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import jax
import numpy as np
import pytest
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.evidence.smc.target import build_target
from quidproquo.study.conditioning import _conditioned
from quidproquo.study.progress import Advance
from quidproquo.worlds.model import build_model


@dataclass
class Noted:
    """Notes each stage: its name, how much of it there is, and how far it has come."""

    stages: list[tuple[str, int | None]] = field(default_factory=list)
    come: int = 0

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        def advance(units: int) -> None:
            self.come += units

        self.stages.append((name, total))
        yield advance


@pytest.mark.parametrize(
    ("thorough", "stage"), [(False, ("conditioning", 32)), (True, ("conditioning thoroughly", None))]
)
def test_the_way_that_was_asked_for_is_taken(thorough, stage):
    target = build_target(build_model(made_case()), evidence_table(Row(value=25e9), Row(value=32e9)))
    noted = Noted()
    found = _conditioned(jax.random.key(0), target, 1024, thorough, noted)
    assert found.thorough is thorough
    assert noted.stages == [stage]
    assert noted.come >= (found.temperatures[0] if thorough else 16)
    assert np.isfinite(found.z).all()
    assert found.z.shape == (1024, len(target.model.coordinates))
