"""What a what-if is asked with: plain texts, as they stand on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from quidproquo.study.request import BriefRequest

__all__ = ["WhatIfRequest"]


@dataclass(frozen=True)
class WhatIfRequest:
    """A what-if of the run that a request for a brief describes; its case may be the folder of a run, too.

    `without` are texts kind:name, `reliability` source=grade, `priors` parameter=q05 (or q95, or a value),
    `hypotheses` question=answer. With `rerun`, worlds are conditioned again even where weights would do, and
    with `weights_only` they never are.
    """

    brief: BriefRequest
    without: tuple[str, ...] = ()
    reliability: tuple[str, ...] = ()
    priors: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = field(default=())
    rerun: bool = False
    weights_only: bool = False
