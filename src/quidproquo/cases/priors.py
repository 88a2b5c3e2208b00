"""priors.toml: what is believed of each parameter before the claims."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from quidproquo.cases.fields import Problems, Table
from quidproquo.cases.files import read_toml
from quidproquo.cases.record import Prior
from quidproquo.terms.vocabulary import DISTRIBUTIONS

__all__ = ["read_priors"]

_POSITIVE = ("lognormal", "loguniform")
_SHARE = "logitnormal"
_FIXED = "fixed"


def read_priors(folder: Path, problems: Problems) -> Mapping[str, Prior]:
    """Priors by parameter; each is a table under the parameter's quoted name.

    Raises:
        CaseError: if the file is missing or isn't TOML.
    """
    priors = {}
    for name, data in read_toml(folder, "priors.toml").items():
        if not isinstance(data, dict):
            allowed = f'a table ["{name}"]'
            problems.add("priors.toml", "priors.toml", name, data, allowed, "write it as a table")
        elif "." not in name:
            example = f'["{name}.{next(iter(data), "parameter")}"]'
            thing = f"prior '{name}'"
            allowed = f"the quoted name of a mechanism and its parameter, such as {example}"
            problems.add("priors.toml", thing, "name", name, allowed, "put it in quotation marks")
        else:
            priors[name] = _prior(name, Table(data, f"prior '{name}'", "priors.toml", problems))
    return priors


def _prior(name: str, row: Table) -> Prior:
    made = Prior(
        name=name,
        distribution=row.choice("distribution", DISTRIBUTIONS),
        low=row.number("low"),
        high=row.number("high"),
        unit=row.text("unit"),
        source=row.text("source"),
        known_by=row.optional_day("known_by"),
        set_from=row.texts("set_from"),
        before=_before(row),
    )
    row.reject_unknown_keys()
    if row.problems.is_valid(row.thing):
        _check_interval(row, made.distribution, "", made.low, made.high)
        if made.before is not None:
            _check_interval(row, made.distribution, "before.", *made.before)
            if made.known_by is None:
                row.wrong("known_by", "missing", "given where there is a form before it", "add the day")
    return made


def _before(row: Table) -> tuple[float, float] | None:
    value = row.raw("before")
    if value is None:
        return None
    if not isinstance(value, dict):
        row.wrong("before", value, "a table { low = …, high = … }", "write it in that form")
        return None
    inner = Table(value, f"{row.thing}, before", row.file, row.problems)
    ends = inner.number("low"), inner.number("high")
    inner.reject_unknown_keys()
    return ends if row.problems.is_valid(inner.thing) else None


def _check_interval(row: Table, distribution: str, where: str, low: float, high: float) -> None:
    if low > high:
        row.wrong(f"{where}low", low, f"no greater than high, {high:g}", "swap the two")
    elif low == high and distribution != _FIXED:
        allowed = f"below high, {high:g}, unless the distribution is fixed"
        row.wrong(f"{where}low", low, allowed, "widen the interval")
    elif low < high and distribution == _FIXED:
        row.wrong(f"{where}high", high, f"equal to low, {low:g}, for a fixed value", "set them equal")
    elif distribution in _POSITIVE and low <= 0.0:
        row.wrong(f"{where}low", low, f"above 0 for a {distribution}", "raise it")
    elif distribution == _SHARE and not (low > 0.0 and high < 1.0):
        end, field = (low, "low") if low <= 0.0 else (high, "high")
        row.wrong(f"{where}{field}", end, "strictly between 0 and 1 for a logitnormal", "correct it")
