"""The cases that come with the package: listed, and copied to change them."""

from __future__ import annotations

import shutil
from pathlib import Path

from quidproquo import cases
from quidproquo.study.base import Base, write_base
from quidproquo.study.gather import gather
from quidproquo.study.progress import Silent
from quidproquo.terms.errors import CaseError, InputError, sentence

__all__ = ["copy_case", "list_cases"]


def list_cases() -> list[dict[str, object]]:
    """The cases that come with the package."""
    return [{"name": summary.name, "title": summary.title} for summary in cases.list_cases()]


def copy_case(name: str | Path, directory: str | Path) -> Path:
    """Copy a case into a new folder, with the evidence that it has now as the copy's base.

    Raises:
        CaseError: if there is no such case, the target exists and isn't an empty folder, or can't be written.
    """
    folder = cases.copy_case(name, directory)
    try:
        gathered = gather(str(folder), (), None, shipped=True, progress=Silent())
    except InputError:
        # a case may be copied to be mended
        return folder
    try:
        write_base(folder, Base(gathered.claims, gathered.links))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        allowed = f"a folder that can be written to ({error.strerror or error})"
        remedy = "make room, or choose another one"
        raise CaseError(sentence("copy of a case", "folder", str(folder), allowed, remedy)) from None
    return folder
