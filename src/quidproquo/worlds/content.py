"""A name for what plain data and functions hold: equal contents have equal names, in every process.

It says what a program depends on without tracing it. Names of things are left in: two mechanisms of one
equation under two names have two contents.
"""

from __future__ import annotations

import hashlib
import inspect
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np

__all__ = ["Contents", "content_hash", "sources_hash"]

_PACKAGE = Path(__file__).parents[1]
_PLAIN = (type(None), type(Ellipsis), bool, int, float, complex, str, bytes, date)


class Contents:
    """Something whose hash is worked out once, when it is first asked for: it mustn't change."""

    def __init__(self, value: object) -> None:
        self.value = value

    @cached_property
    def hash(self) -> str:
        """The hash of its contents."""
        return content_hash(self.value)


def content_hash(value: object) -> str:
    """Hash of plain data, arrays, records and functions.

    A function stands for its code, what it closes over, and the text of the file that it comes from
    unless that is part of this package (see `sources_hash`).

    Raises:
        TypeError: if something in it is none of these, such as an open file.
    """
    digest = hashlib.sha256()
    for piece in _pieces(value):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Hash of the package's files from which programs are built: those of its numerical rooms."""
    digest = hashlib.sha256()
    for room in ("terms", "worlds", "evidence"):
        for path in sorted((_PACKAGE / room).rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _pieces(value: object) -> Iterator[bytes]:  # noqa: PLR0912  one branch a kind
    """The contents of a value, each kind under its own mark so that no two kinds are confused."""
    if isinstance(value, (*_PLAIN, Enum)):
        yield f"{type(value).__qualname__}:{value!r}".encode()
    elif isinstance(value, np.ndarray | np.generic):
        array = np.ascontiguousarray(value)
        yield f"array:{array.dtype.str}:{np.shape(value)}".encode()
        yield array.tobytes() if array.dtype != object else content_hash(array.tolist()).encode()
    elif isinstance(value, type):
        yield f"class:{value.__module__}.{value.__qualname__}".encode()
        if value.__module__ != "builtins":
            yield from _outside(inspect.getfile(value))
    elif isinstance(value, Contents):
        yield value.hash.encode()
    elif isinstance(value, partial):
        yield b"partial"
        yield from _pieces((value.func, value.args, value.keywords))
    elif isinstance(value, types.FunctionType):
        yield from _function(value)
    elif isinstance(value, types.MethodType):
        yield from _pieces((value.__func__, value.__self__))
    elif isinstance(value, Mapping):
        yield f"mapping:{len(value)}".encode()
        for key, item in sorted(value.items(), key=lambda entry: content_hash(entry[0])):
            yield from _pieces(key)
            yield from _pieces(item)
    elif isinstance(value, set | frozenset):
        yield f"set:{len(value)}".encode()
        yield from sorted(content_hash(item).encode() for item in value)
    elif isinstance(value, tuple | list):
        yield f"{type(value).__qualname__}:{len(value)}".encode()
        for item in value:
            yield from _pieces(item)
    elif is_dataclass(value):
        yield f"record:{type(value).__module__}.{type(value).__qualname__}".encode()
        for field in fields(value):
            yield field.name.encode()
            yield from _pieces(getattr(value, field.name))
    else:
        raise TypeError(f"the contents of {type(value).__qualname__} can't be named")


def _function(function: types.FunctionType) -> Iterator[bytes]:
    # where annotations are checked at run time, the function itself is wrapped
    function = inspect.unwrap(function)
    yield f"function:{function.__module__}.{function.__qualname__}".encode()
    yield from _pieces(function.__defaults__)
    yield from _pieces(tuple(cell.cell_contents for cell in function.__closure__ or ()))
    yield from _code(function.__code__)


def _code(code: types.CodeType) -> Iterator[bytes]:
    yield from _outside(code.co_filename)
    yield code.co_code
    yield repr(code.co_names).encode()
    for constant in code.co_consts:
        yield from _code(constant) if isinstance(constant, types.CodeType) else _pieces(constant)


def _outside(name: str) -> Iterator[bytes]:
    """The text of a file outside the package: its functions call others there."""
    path = Path(name)
    if _PACKAGE not in path.parents and path.is_file():
        yield hashlib.sha256(path.read_bytes()).digest()
