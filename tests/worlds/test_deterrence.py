"""The game of challenge and response against Gambit, which traces quantal responses without our closed form."""

from __future__ import annotations

import io

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidproquo.cases import load_case
from quidproquo.worlds.mechanisms.deterrence import equilibrium
from quidproquo.worlds.model import build_model
from quidproquo.worlds.streams import normals

# One may leave things as they are or challenge; then the other responds or yields. In Gambit's own format,
# which is older and steadier than its functions.
GAME = """EFG 2 R "challenge and response" {{ "challenger" "defender" }}
p "" 1 1 "" {{ "challenge" "leave" }} 0
p "" 2 1 "" {{ "respond" "yield" }} 0
t "" 1 "answered" {{ {answered!r}, {resolve!r} }}
t "" 2 "unanswered" {{ {gain!r}, 0 }}
t "" 3 "status quo" {{ 0, 0 }}
"""


def gambit(precision: float, resolve: float, gain: float, cost: float) -> tuple[float, float]:
    """Chances of a challenge and of a response in the logit agent quantal response equilibrium."""
    import pygambit

    text = GAME.format(answered=-float(cost), resolve=float(resolve), gain=float(gain))
    game = pygambit.read_efg(io.BytesIO(text.encode()))
    (found,) = pygambit.qre.logit_solve_lambda(game, [float(precision)])
    chances = (
        next(chance for _, chance in next(iter(found.profile[player]))[1])
        for player in ("challenger", "defender")
    )
    challenge, respond = (float(chance) for chance in chances)
    return challenge, respond


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), span=st.floats(0.1, 5.0))
def test_the_closed_form_is_gambits_equilibrium(seed: int, span: float) -> None:
    """A whole batch at once, `[month, world]`, against one game after another."""
    rng = np.random.default_rng(seed)
    shape = (3, 8)
    precision = rng.uniform(0.0, 6.0, shape).astype(np.float32)
    payoffs = (span * rng.normal(size=(3, *shape))).astype(np.float32)
    found = np.asarray(equilibrium(jnp.asarray(precision), *map(jnp.asarray, payoffs)))
    want = np.vectorize(gambit)(precision, *payoffs)
    # a chance moves by a quarter of its exponent at most, and the second exponent holds the first chance
    exponent = precision * np.abs(payoffs).sum(axis=0)
    error = 2.0**-22 * (1.0 + exponent + exponent**2 / 16.0)
    assert np.all(np.abs(found - np.stack(want)) <= error)


@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_challenges_come_as_often_as_the_game_of_each_world_says(name: str) -> None:
    model = build_model(load_case(name))
    z = jnp.asarray(normals(jax.random.key(4), model.coordinates, 40).T)
    pressed = any(part.name == "pressure" for part in model.parts)
    wanted = ["deterrence.challenge", "experience.index"] + ["pressure.index"] * pressed
    day = jnp.full((1, 1), float(model.nodes[0]))
    past = {key: np.asarray(rows[0]) for key, rows in model.past(z, dict.fromkeys(wanted, day)).items()}
    values = {key: np.asarray(value) for key, value in model.values(z).items()}
    own = {key: values[f"deterrence.{key}"] for key in ("opportunity", "precision", "resolve", "cost")}
    bold = past["experience.index"]
    if pressed:
        bold = 0.5 * (bold + 1.0 - past["pressure.index"])
    gain = values["deterrence.gain"] + values["deterrence.embolden"] * bold
    challenge = np.vectorize(gambit)(own["precision"], own["resolve"], gain, own["cost"])[0]
    np.testing.assert_allclose(past["deterrence.challenge"], own["opportunity"] * challenge / 12, rtol=1e-4)
