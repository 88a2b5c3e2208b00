"""All mechanisms of the package, one file each."""

from __future__ import annotations

from quidproquo.worlds.mechanism import Mechanism
from quidproquo.worlds.mechanisms import (
    assistance,
    attention,
    attrition,
    bargain,
    benefits,
    coalition,
    cover,
    deployment,
    deterrence,
    earnings,
    economy,
    experience,
    flow,
    grade,
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
    bargain,
    deployment,
    attrition,
    experience,
    flow,
    economy,
    earnings,
    grade,
    benefits,
    assistance,
    programme,
    programmes,
    intelligence,
    deterrence,
    treaty,
    reassurance,
)

MECHANISMS: dict[str, Mechanism] = {module.MECHANISM.id: module.MECHANISM for module in _MODULES}
