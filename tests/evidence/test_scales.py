"""Scales: there and back, order, floors and units, in both libraries."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.evidence.observation.scales import COUNT, IDENTITY, LOG, LOGIT, SCALES, SHARE_FLOOR, Scale
from quidproquo.terms import vocabulary

VALUES = {
    LOG: st.floats(1e-6, 1e15),
    LOGIT: st.floats(SHARE_FLOOR, 1 - SHARE_FLOOR),
    COUNT: st.integers(0, 10**6).map(float),
    IDENTITY: st.floats(-1e6, 1e6),
}


def test_every_scale_of_the_vocabulary_is_one():
    assert tuple(SCALES) == vocabulary.SCALES


@given(data=st.data(), scale=st.sampled_from(list(SCALES.values())))
def test_there_and_back_and_in_order(data: st.DataObject, scale: Scale):
    values = np.array(sorted(data.draw(st.lists(VALUES[scale], min_size=1, max_size=5))))
    places = scale.to(values)
    assert np.all(np.diff(places) >= 0)
    np.testing.assert_allclose(scale.back(places), values, rtol=1e-9, atol=1e-9)
    single = scale.to(jnp.asarray(values, jnp.float32))
    np.testing.assert_allclose(single, places, rtol=1e-4, atol=1e-4)


@given(value=st.floats(0.0, 1e9), offset=st.floats(1e-3, 1e6))
def test_an_offset_is_added_before_the_logarithm(value: float, offset: float):
    for scale in (LOG, COUNT):
        place = scale.to(np.array(value), offset)
        assert place == pytest.approx(np.log(value + offset))
        assert scale.back(place, offset) == pytest.approx(value, abs=1e-9 * (value + offset))


def test_what_has_no_place_is_put_at_an_end():
    assert LOG.to(np.array(-1.0)) == LOG.to(np.array(0.0)) < -600
    assert COUNT.to(np.array(-1.0)) == 0.0
    ends = LOGIT.to(np.array([-0.5, 0.0, SHARE_FLOOR, 1 - SHARE_FLOOR, 1.0, 1.5]))
    assert ends[0] == ends[1] == ends[2] == pytest.approx(-ends[3])
    assert ends[3] == ends[4] == ends[5]


def test_units():
    assert [scale.unit(2.0, 10.0) for scale in (LOG, LOGIT, COUNT, IDENTITY)] == [1.0, 1.2, 1.0, 2.0]
    assert IDENTITY.unit(3.0, 3.0) > 0.0
