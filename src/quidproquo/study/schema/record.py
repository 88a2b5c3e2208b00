"""What every record of a result shares: its rules, how it is copied from an object, and common fields."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from quidproquo.terms.edtf import Interval

__all__ = ["Day", "Distribution", "Edtf", "FiniteOrNone", "Quantiles", "Record", "Reliability", "Side"]

Reliability = Literal["A", "B", "C", "D", "E", "F", ""]
Side = Literal["gives", "gets"]
_Kind = TypeVar("_Kind", bound="Record")


def _edtf(value: object) -> object:
    if value is None:
        return ""
    return value.edtf if isinstance(value, Interval) else value


def _day(value: object) -> object:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


Edtf = Annotated[str, BeforeValidator(_edtf)]
"""A date in the Extended Date/Time Format; empty where none is known."""

Day = Annotated[str, BeforeValidator(_day)]
"""A day as YYYY-MM-DD; empty where none is known."""

FiniteOrNone = Annotated[float | None, BeforeValidator(_finite)]
"""A number; null where it is infinite or can't be given."""


class Record(BaseModel):
    """A frozen record: no field but its own, and no number that isn't finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True, allow_inf_nan=False)

    @classmethod
    def of(cls: type[_Kind], source: object, **other: object) -> _Kind:
        """A copy of the attributes that an object has under the names of the fields.

        `other` gives fields that the object lacks, or holds in another form; objects inside are copied
        likewise.

        Raises:
            pydantic.ValidationError: if a field is missing or has a value that its type doesn't allow.
        """
        own = {
            name: getattr(source, name)
            for name in cls.model_fields
            if name not in other and hasattr(source, name)
        }
        return cls.model_validate(own | other)


class Quantiles(Record):
    """5, 50 and 95% quantiles over worlds."""

    q05: float
    q50: float
    q95: float


class Distribution(Record):
    """A distribution over worlds; `mcse` is the Monte Carlo error of the mean."""

    mean: float
    mcse: float
    q05: float
    q50: float
    q95: float
