"""The base of a case: the evidence that it started from.

A case that comes with the package is its own base. A copy of it has the claims that it was made with, those
that were read in its documents too, in `base/claims.csv` and `base/links.csv`; they aren't edited. A case
without these files has no base. A brief doesn't say anything by the base: it is only where worlds start from.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from quidproquo.cases.record import Case
from quidproquo.claims import load_claims, load_links, write_claims
from quidproquo.claims.record import Claim, Link
from quidproquo.terms.errors import InputError

__all__ = ["FOLDER", "Base", "base_on_file", "write_base"]

_LOG = logging.getLogger(__name__)
FOLDER = "base"


class Base(NamedTuple):
    """Claims, and how they are linked."""

    claims: Sequence[Claim]
    links: Sequence[Link]


def base_on_file(case: Case) -> Base | None:
    """What the case's folder holds of its base; None where it has none, or one that doesn't fit it any more."""
    folder = case.folder / FOLDER
    if not (folder / "claims.csv").is_file():
        return None
    try:
        claims = list(load_claims(folder / "claims.csv", case))
        links = folder / "links.csv"
        return Base(claims, tuple(load_links(links, claims)) if links.is_file() else ())
    except InputError as error:
        _LOG.info("The base of the case isn't used: %s", error)
        return None


def write_base(folder: Path, base: Base) -> None:
    """Write the base of a case into its folder, in place of one that is there."""
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    write_claims(base.claims, place / "claims.csv")
    (place / "links.csv").unlink(missing_ok=True)
    if (folder / "links.csv").is_file():
        shutil.copyfile(folder / "links.csv", place / "links.csv")
