"""All mechanisms of the package, one file each."""

from __future__ import annotations

from quidproquo.worlds.mechanism import Mechanism
from quidproquo.worlds.mechanisms import (
    assistance,
    attention,
    attrition,
    coalition,
    cover,
    deployment,
    deterrence,
    earnings,
    economy,
    experience,
    flow,
    intelligence,
    pressure,
    programme,
    programmes,
    reassurance,
    treaty,
    war,
)

__all__ = ["MECHANISMS"]

_MODULES = (
    war,
    attention,
    cover,
    coalition,
    pressure,
    deployment,
    attrition,
    experience,
    flow,
    economy,
    earnings,
    assistance,
    programme,
    programmes,
    intelligence,
    deterrence,
    treaty,
    reassurance,
)

MECHANISMS: dict[str, Mechanism] = {module.MECHANISM.id: module.MECHANISM for module in _MODULES}
