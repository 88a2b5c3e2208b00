"""How many worlds a run needs and takes, known without loading what simulates."""

from __future__ import annotations

import re
from datetime import date

from quidproquo.terms.errors import InputError, sentence

__all__ = [
    "DEFAULT_WORLDS",
    "FEWEST_WORLDS",
    "LARGEST_SEED",
    "MOST_WORLDS",
    "check_day",
    "check_seed",
    "check_worlds",
]

DEFAULT_WORLDS = 4_096
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

FEWEST_WORLDS = 256
"""What the fewest islands of the sampler need, with the fewest worlds that one of them may have."""

MOST_WORLDS = 1_000_000
"""Fifty times what a publication needs; far more don't fit into memory, and a run would only end by that."""

LARGEST_SEED = 2**32 - 1
"""The random numbers use 32 bits of a seed, so a larger one would silently be another seed."""


def check_worlds(worlds: int | None) -> None:
    """Refuse too few or too many worlds before any work is done.

    Raises:
        InputError: if there are fewer than `FEWEST_WORLDS` or more than `MOST_WORLDS`.
    """
    if worlds is not None and worlds > MOST_WORLDS:
        raise InputError(
            sentence("option --worlds", "number", worlds, f"at most {MOST_WORLDS}", "ask for fewer")
        )
    if worlds is not None and worlds < FEWEST_WORLDS:
        raise InputError(
            sentence("option --worlds", "number", worlds, f"at least {FEWEST_WORLDS}", "ask for more")
        )


def check_seed(seed: int) -> None:
    """Refuse a seed that the random numbers can't tell from another one.

    Raises:
        InputError: if it is negative or larger than `LARGEST_SEED`.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(
            sentence("option --seed", "number", seed, f"from 0 to {LARGEST_SEED}", "choose another seed")
        )


def check_day(text: str, thing: str = "option --as-of") -> date:
    """The day that `thing` names; refuse what isn't one before any work is done.

    Raises:
        InputError: if it isn't a day that exists, as YYYY-MM-DD.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(sentence(thing, "date", text, "a day such as 2024-11-30", "write year, month and day"))
