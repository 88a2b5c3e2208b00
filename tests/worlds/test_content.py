"""Names of contents: equal for equal things in every process, and different for different ones."""

from __future__ import annotations

import dataclasses
import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.worlds.small import FLOW, made_case

from quidproquo.cases import load_case
from quidproquo.worlds.content import Contents, content_hash, sources_hash
from quidproquo.worlds.model import build_model

SHIPPED = ("dprk-russia", "rok-vietnam")


def scaled(factor: float) -> Callable[[float], float]:
    return lambda x: factor * x


def one_more(x: float) -> float:
    return x + 1.0


THINGS = {
    "none": None,
    "zero": 0,
    "no": False,
    "nought": 0.0,
    "minus nought": -0.0,
    "text": "0",
    "bytes": b"0",
    "list": [0],
    "tuple": (0,),
    "nested": ((0,),),
    "pair": ("a", "bc"),
    "other pair": ("ab", "c"),
    "set": frozenset({"a", "b"}),
    "mapping": {"a": 1, "b": 2},
    "other mapping": {"a": 2, "b": 1},
    "array": np.zeros(2),
    "longer": np.zeros(3),
    "column": np.zeros((2, 1)),
    "single": np.zeros(2, np.float32),
    "twice": scaled(2.0),
    "thrice": scaled(3.0),
    "function": one_more,
    "partial": partial(one_more, 1.0),
    "lambda": lambda x: x + 2.0,
    "class": Path,
    "contents": Contents("0"),
}


def test_different_things_have_different_names() -> None:
    names = {name: content_hash(thing) for name, thing in THINGS.items()}
    assert len(set(names.values())) == len(names)


def test_equal_things_have_one_name_whatever_their_order() -> None:
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash(frozenset("abc")) == content_hash(frozenset("cba"))
    assert content_hash(np.arange(6).reshape(2, 3).T) == content_hash(np.array([[0, 3], [1, 4], [2, 5]]))
    assert content_hash(scaled(2.0)) == content_hash(scaled(2.0))


def test_what_has_no_contents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="StringIO"):
        content_hash({"a": [io.StringIO()]})


def test_a_name_is_the_same_in_another_process() -> None:
    script = (
        "from tests.worlds.test_content import names\n"
        "from quidproquo.worlds.content import sources_hash\n"
        "print(sources_hash(), *names())"
    )
    root = Path(__file__).parents[2]
    for seed in ("1", "2"):
        path = os.pathsep.join([str(root / "src"), str(root)])
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed}
        found = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert found.stdout.split() == [sources_hash(), *names()]


def names() -> list[str]:
    """Of what the shipped cases' programs depend on."""
    return [build_model(load_case(case)).structure.hash for case in SHIPPED]


def test_a_model_s_structure_tells_all_but_its_numbers() -> None:
    case = made_case(("war", "flow"), FLOW)
    name = build_model(case).structure.hash
    assert build_model(case).structure.hash == name
    wider = {key: dataclasses.replace(prior, high=1.1 * prior.high) for key, prior in case.priors.items()}
    assert build_model(dataclasses.replace(case, priors=wider)).structure.hash == name
    uniform = {key: dataclasses.replace(prior, distribution="uniform") for key, prior in case.priors.items()}
    others = [
        dataclasses.replace(case, priors=uniform),
        dataclasses.replace(case, horizon=case.horizon - timedelta(days=40)),
        dataclasses.replace(
            case,
            mechanisms=tuple(
                dataclasses.replace(use, settings={**use.settings, "note": 1}) for use in case.mechanisms
            ),
        ),
    ]
    assert len({name, *(build_model(other).structure.hash for other in others)}) == 1 + len(others)
