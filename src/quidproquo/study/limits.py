"""How many worlds a run needs and takes, known without loading what simulates."""

from __future__ import annotations

from quidproquo.terms.errors import InputError, sentence

__all__ = ["DEFAULT_WORLDS", "FEWEST_WORLDS", "check_worlds"]

DEFAULT_WORLDS = 4_096

FEWEST_WORLDS = 256
"""What the fewest islands of the sampler need, with the fewest worlds that one of them may have."""


def check_worlds(worlds: int | None) -> None:
    """Refuse too few worlds before any work is done.

    Raises:
        InputError: if there are fewer than `FEWEST_WORLDS`.
    """
    if worlds is not None and worlds < FEWEST_WORLDS:
        raise InputError(
            sentence("option --worlds", "number", worlds, f"at least {FEWEST_WORLDS}", "ask for more")
        )
