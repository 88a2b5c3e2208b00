"""Records are held to numbers and not to the text of the program."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.evidence.test_calibrated import claims
from tests.worlds.small import ECONOMY, made_case

import quidproquo
from quidproquo.evidence.checks import fingerprint, seeded
from quidproquo.evidence.checks.fingerprint import inputs_hash, stamp
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms import count, interval
from quidproquo.evidence.smc import kernels
from quidproquo.worlds import programs
from quidproquo.worlds.model import build_model

PACKAGE = Path(quidproquo.__file__).parent
# a flip of one of some 250 accepted moves changes a mean by less; another sampler changes some by far more
NEAR = 0.02
ASK = """
import jax
compiled = []
jax.monitoring.register_event_duration_secs_listener(
    lambda name, seconds, **_: compiled.append(name) if "backend_compile" in name else None
)
from quidproquo.evidence.checks.fingerprint import stamp
print(*stamp(), len(compiled))
"""


@pytest.fixture(autouse=True)
def _uncached():
    stamp.cache_clear()
    yield
    stamp.cache_clear()


def asked(source: Path) -> list[str]:
    """The stamp of a copy of the package, and how many programs were compiled for it."""
    found = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(source)},
    )
    return found.stdout.split()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "dprk-russia", "rok-vietnam")
    shutil.copytree(PACKAGE, tmp_path / "quidproquo", ignore=ignored)
    return tmp_path


def rewrite(path: Path, pattern: str, by: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, by, text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def test_tidying_changes_no_stamp_and_a_number_does(copy: Path):
    own = [*stamp(), "0"]
    folder = copy / "quidproquo" / "evidence"
    for path in folder.rglob("*.py"):
        path.write_text(f"# tidier\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    rewrite(folder / "observation" / "forms" / "two_sided.py", r"\btruth\b", "world")
    rewrite(folder / "smc" / "kernels.py", r'(?s)^# tidier\n""".*?"""', '"""Another docstring."""')
    rewrite(folder / "observation" / "likelihood.py", r"_chained\b", "_summed_in_groups")
    assert asked(copy) == own
    rewrite(folder / "observation" / "tables.py", r'"about": 0\.20', '"about": 0.21')
    other = asked(copy)
    assert other[:2] == own[:2]
    assert other[2] != own[2]


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (tables, "CONTAMINATION_FACTOR", 3.01),
        (tables, "NEGLIGIBLE", 0.051),
        (tables, "BIAS_SD", {"family": 0.21, "origin": 0.20, "pair": 0.25}),
        (interval, "_LEAST_WIDTH", 5.0),
        (count, "MEAN_FLOOR", 3.0),
    ],
)
def test_a_constant_of_the_likelihood_changes_the_stamp(monkeypatch, module, name: str, value: object):
    before = stamp()
    monkeypatch.setattr(module, name, value)
    stamp.cache_clear()
    assert stamp().numbers != before.numbers


def test_versions_and_the_samplers_numbers_are_in_the_stamp(monkeypatch):
    before = stamp()
    for name, value in (("MODEL_VERSION", "0"), ("SAMPLER_VERSION", "0"), ("SAMPLER_NUMBERS", (0.1,))):
        monkeypatch.setattr(fingerprint, name, value)
    stamp.cache_clear()
    assert all(one != other for one, other in zip(before, stamp(), strict=True))


def test_the_samplers_numbers_are_those_that_are_kept():
    found = seeded.sampler_numbers()
    kept = np.array(fingerprint.SAMPLER_NUMBERS)
    rounded = tuple(round(float(number), 3) for number in found)
    remedy = (
        f"raise SAMPLER_VERSION, and put these in its SAMPLER_NUMBERS: {rounded}; then make the records anew"
    )
    assert kept.shape == found.shape, remedy
    assert np.abs(found - kept).max() < NEAR, remedy


def test_a_constant_of_the_kernels_changes_the_samplers_numbers(monkeypatch):
    # programs are known by the package's files, which a patch leaves as they are
    programs.forget()
    monkeypatch.setattr(kernels, "_FRESH", 0.2)
    found = seeded.sampler_numbers()
    programs.forget()
    assert np.abs(found - np.array(fingerprint.SAMPLER_NUMBERS)).max() > 2 * NEAR


def test_inputs_are_names_and_numbers_of_what_is_conditioned():
    model, table = build_model(made_case()), claims()
    own = inputs_hash(model, table)
    assert own == inputs_hash(build_model(made_case()), claims())
    wider = build_model(made_case(priors=ECONOMY | {"economy.output": ("lognormal", 10e9, 41e9)}))
    others = [
        inputs_hash(wider, table),
        inputs_hash(model, table.select(range(5))),
        inputs_hash(model, dataclasses.replace(table, value=1.01 * table.value)),
        inputs_hash(model, dataclasses.replace(table, ids=("new", *table.ids[1:]))),
    ]
    assert len({own, *others}) == 5
