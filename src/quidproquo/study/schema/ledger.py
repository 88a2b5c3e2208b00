"""The ledger as rows: who gives what to whom, by when, and on whose word."""

from __future__ import annotations

from quidproquo.study.schema.record import Record

__all__ = ["LedgerRow"]


class LedgerRow(Record):
    """One object on one day: 5, 50 and 95% quantiles in `unit`, and what they rest on.

    `period` is the day up to which it counts. `origins` are those of the claims that weigh, of which so many are
    `independent` once relays are traced back; `claims` are all on it. `dissent` says which claims contradict
    each other.
    """

    giver: str
    receiver: str
    object: str
    stage: str
    period: str
    unit: str
    low: float
    best: float
    high: float
    origins: list[str]
    independent: int
    claims: list[str]
    dissent: list[str]
