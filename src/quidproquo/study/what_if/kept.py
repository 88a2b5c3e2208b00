"""What-ifs that are kept under a name: one file beside a case or a run, which the next brief of the case shows."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from quidproquo.cases import is_shipped
from quidproquo.cases.shipped import find_case
from quidproquo.study.kept_runs import WHAT_IFS
from quidproquo.study.request import BriefRequest
from quidproquo.study.schema.what_if import WhatIfAnswer
from quidproquo.study.what_if.request import WhatIfRequest
from quidproquo.terms.errors import InputError, sentence

__all__ = ["Target", "check_keep", "keep_what_if", "kept_what_ifs", "request_of"]

_LONGEST = 60


class Target(NamedTuple):
    """Where a what-if is kept, under which name, and what will show it."""

    path: Path
    name: str
    shown: str


def check_keep(case: str, name: str) -> Target:
    """Where a what-if can be kept, before any work is done for it.

    Raises:
        InputError: if the name is empty or too long, or the case comes with the package, which is read-only.
    """
    wanted = " ".join(name.split())
    if not 0 < len(wanted) <= _LONGEST or not wanted.isprintable():
        allowed = f"of 1 to {_LONGEST} letters"
        raise InputError(sentence("option --keep", "name", name, allowed, "choose another name"))
    folder = Path(case)
    if (folder / "brief.json").is_file() and not (folder / "case.toml").is_file():
        return _writable(Target(folder / WHAT_IFS, wanted, "it stays beside that run"))
    found = find_case(case)
    if is_shipped(found):
        allowed = "a folder of one's own, or that of a run"
        remedy = f"copy it with 'qpq cases copy {case} DIR', or name the folder of a run"
        raise InputError(sentence("option --keep", "case", case, allowed, remedy))
    return _writable(Target(found / WHAT_IFS, wanted, "the next brief of the case shows it"))


def _writable(target: Target) -> Target:
    if not os.access(target.path.parent, os.W_OK):
        allowed = "a folder that can be written to"
        remedy = "change its permissions, or leave out --keep"
        raise InputError(sentence("option --keep", "folder", str(target.path.parent), allowed, remedy))
    kept_what_ifs(target.path)
    return target


def keep_what_if(target: Target, answer: WhatIfAnswer) -> WhatIfAnswer:
    """Write an answer under its name, in place of one that had it; the file is replaced whole or not at all.

    Raises:
        InputError: if the file can't be written.
    """
    named = answer.model_copy(update={"name": target.name})
    others = [one for one in kept_what_ifs(target.path) if one.name != target.name]
    text = json.dumps([one.model_dump(mode="json") for one in [*others, named]], ensure_ascii=False, indent=1)
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=target.path.parent, prefix=".qpq-", delete=False, encoding="utf-8"
        ) as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(target.path)
    except OSError as error:
        allowed, remedy = f"a file that can be written ({error.strerror})", "make room, or leave out --keep"
        raise InputError(sentence("option --keep", "file", str(target.path), allowed, remedy)) from None
    return named


def kept_what_ifs(path: Path) -> Sequence[WhatIfAnswer]:
    """The what-ifs in a file, in the order in which they were kept; none where there is no file.

    Raises:
        InputError: if the file isn't one of what-ifs.
    """
    if not path.is_file():
        return ()
    try:
        return tuple(WhatIfAnswer.model_validate(one) for one in json.loads(path.read_bytes()))
    except (ValueError, ValidationError, TypeError) as error:
        where = str(error).splitlines()[0]
        allowed = "a list of what-ifs, as 'qpq what-if --keep' writes it"
        raise InputError(sentence(f"file '{path}'", "content", where, allowed, "mend or remove it")) from None


def request_of(answer: WhatIfAnswer, brief: BriefRequest) -> WhatIfRequest:
    """The same question, asked of another run."""
    asked = answer.question
    return WhatIfRequest(
        brief=brief,
        without=tuple(asked.without),
        reliability=tuple(f"{name}={grade}" for name, grade in asked.reliability.items()),
        priors=tuple(f"{name}={end}" for name, end in asked.priors.items()),
        hypotheses=tuple(f"{name}={state}" for name, state in asked.hypotheses.items()),
        weights_only=True,
    )
