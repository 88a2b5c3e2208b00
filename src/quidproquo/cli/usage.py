"""Wrong usage in one sentence: what was written, what is allowed there, and where to look."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import typer

from quidproquo.terms.errors import Words, sentence

__all__ = ["UsageError", "a_day", "days", "usage_sentence"]

UsageError: Any = typer.BadParameter.__base__
"""Whatever Typer refuses in how a command was written; Typer keeps its name to itself."""

_ALIKE = 0.7
_UNKNOWN = re.compile(r"No such command '(?P<name>.*?)'(?:[.]|$)")


def usage_sentence(error: Any) -> str:  # noqa: ANN401 - a class that Typer keeps to itself
    """What is wrong with how a command was written."""
    path, command = (error.ctx.command_path, error.ctx.command) if error.ctx is not None else ("qpq", None)
    see = f"see '{path} --help'"
    parameter = getattr(error, "param", None)
    if parameter is not None:
        cause = error.__cause__
        found: object = Words("missing") if cause is None else cause.errors()[0]["input"]
        if cause is None and error.message:
            return f"{_name(parameter)}: {error.message}"
        return sentence(_name(parameter), "value", found, _allowed(parameter), see)
    if getattr(error, "possibilities", None) is not None or hasattr(error, "option_name"):
        return _option(error, path, command)
    unknown = _UNKNOWN.match(error.format_message())
    if unknown is not None and command is not None:
        names = command.commands
        remedy = _nearest(unknown["name"], names) or see
        return sentence(
            f"command '{path}'", "subcommand", unknown["name"], f"one of {', '.join(names)}", remedy
        )
    return f"command '{path}': {error.format_message().rstrip('.')}; {see}."


def _option(error: Any, path: str, command: Any) -> str:  # noqa: ANN401
    """An option that the command lacks, or that lacks its value."""
    known = [] if command is None else [name for one in command.params for name in one.opts]
    if not hasattr(error, "possibilities"):
        takes = [
            _allowed(one)
            for one in ([] if command is None else command.params)
            if error.option_name in one.opts
        ]
        remedy = "write it after the option"
        return sentence(
            f"option {error.option_name}", "value", Words("missing"), (*takes, "given")[0], remedy
        )
    options = [name for name in known if name.startswith("-")]
    remedy = _nearest(error.option_name, options) or f"see '{path} --help'"
    return sentence(f"command '{path}'", "option", error.option_name, "one that the command has", remedy)


def _nearest(name: str, known: Iterable[str]) -> str:
    """The remedy where a name is nearly one that is known; else empty."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=_ALIKE)
    return f"write {near[0]}" if near else ""


def _name(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "option":
        return f"option {max(parameter.opts, key=len)}"
    return f"argument {(parameter.metavar or parameter.name).upper()}"


def _allowed(parameter: Any) -> str:  # noqa: ANN401
    """What an option or an argument takes, in words."""
    choices = parameter.type_descriptor.choices
    if choices is not None:
        return f"one of {', '.join(str(getattr(one, 'value', one)) for one in choices)}"
    kind = {int: "a whole number", float: "a number"}.get(parameter.type_descriptor.annotation, "given")
    if parameter.min is not None and parameter.max is not None:
        return f"{kind} from {parameter.min} to {parameter.max}"
    if parameter.min is not None:
        return f"{kind} of {parameter.min} or more"
    return kind


def a_day(value: str | None) -> str | None:
    """An option that is a day, refused at once if it is none."""
    from quidproquo.study.limits import check_day

    if value is not None:
        check_day(value)
    return value


def days(values: list[str]) -> list[str]:
    """Several of them."""
    for value in values:
        a_day(value)
    return values
