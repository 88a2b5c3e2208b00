"""The command as a whole: how it starts, and how what goes wrong becomes an exit status and a sentence.

Exit status: 0 done, 1 wrong input (one sentence on standard error), 2 wrong usage, 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quidproquo import __version__
from quidproquo.cli.usage import UsageError, usage_sentence
from quidproquo.terms.errors import QuidProQuoError, Words, sentence
from quidproquo.terms.printable import printable

if TYPE_CHECKING:
    from quidproquo.study.progress import Progress

__all__ = ["WRONG_INPUT", "app", "exit_with", "main", "print_error", "print_text", "progress_for"]

WRONG_INPUT = 1
_WRONG_USAGE = 2
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_INTERRUPTED = 130
_TERMINATED = 143


class _Terminated(BaseException):
    """Somebody asked this process to end; what it has half written goes as it does."""


class _Reported(TyperGroup):
    """Turns what can go wrong into an exit status and one sentence, for every command at once."""

    def make_context(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - classes that Typer keeps to itself
        try:
            return super().make_context(*args, **more)
        except UsageError as error:
            raise _wrong_usage(error) from None

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except QuidProQuoError as error:
            print_error(str(error))
            raise typer.Exit(WRONG_INPUT) from None
        except UsageError as error:
            raise _wrong_usage(error) from None
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        except _Terminated:
            raise typer.Exit(_TERMINATED) from None
        except BrokenPipeError:
            # Whoever reads our output has seen enough; what Python still holds must go nowhere.
            _print_no_more()
            raise typer.Exit from None
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _print_no_more()
            allowed = "enough for all that is written or printed"
            print_error(sentence("disk", "room", Words(f"used up ({error.strerror})"), allowed, "make room"))
            raise typer.Exit(WRONG_INPUT) from None
        return result


def _print_no_more() -> None:
    """What Python still holds of the output goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _wrong_usage(error: Any) -> Any:  # noqa: ANN401
    """The end of a command that was written wrongly; one without any argument shows its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error
    print_error(usage_sentence(error))
    return typer.Exit(_WRONG_USAGE)


app = typer.Typer(
    name="qpq",
    cls=_Reported,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: to load what draws boxes takes as long as all the rest
    help="From reading to robust options: what documents say about a military partnership, "
    "how sure one can be, which option holds up, and what that depends on.",
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Options of the command as a whole."""
    if version:
        typer.echo(f"qpq {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; the entry point of `qpq`."""
    # nearly all that a command makes stays until it ends, so there is little to look for
    gc.set_threshold(100_000, 50, 100)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
    app(prog_name="qpq")


def _terminate(_signal: int, _frame: object) -> None:
    """End once, in order; a second request ends at once."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise _Terminated


def progress_for(quiet: bool) -> Progress:
    """Progress on standard error, unless it is to be quiet."""
    from quidproquo.study.progress import progress_on

    return progress_on(quiet=quiet)


def print_text(text: str, *, err: bool = False) -> None:
    """Print text that may hold anyone's words, so that it can't command the terminal."""
    typer.echo(printable(text), err=err)


def print_error(text: str) -> None:
    """Print one sentence on standard error."""
    print_text(f"qpq: {text}", err=True)


def exit_with(problems: Sequence[str]) -> None:
    """Print what is wrong, and end with the status that says so; do nothing if nothing is."""
    for problem in problems:
        print_error(problem)
    if problems:
        raise typer.Exit(WRONG_INPUT)
