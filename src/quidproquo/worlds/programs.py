"""Compiled programs, each built once: kept in memory, and in the store between runs.

A program is a function of arrays together with all that it depends on besides them. Its name is the hash
of these contents, of the package's numerical sources and of the versions and flags of the compiler, so a
run that finds a program of that name neither traces nor compiles anything. On disk it is in two parts:
what was traced, as JAX exports it, and what was compiled, in JAX's own cache of executables.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import jax
import numpy as np
from jax import export

from quidproquo.worlds import runtime
from quidproquo.worlds.content import content_hash, sources_hash
from quidproquo.worlds.counting import counting
from quidproquo.worlds.runtime import COMPILER_OPTIONS

Tree: TypeAlias = Any
"""An array, or a tree of them."""

__all__ = ["compiled", "forget", "remembered", "remembered_arrays"]

_LOG = logging.getLogger(__name__)
_FORMAT = 1
_IN_MEMORY = 24  # programs kept by a process

_memory: OrderedDict[str, Future[Callable[..., Any]]] = OrderedDict()
_lock = threading.Lock()


def compiled(
    name: str,
    function: Callable[..., Any],
    depends_on: object,
    arguments: Sequence[Tree],
    returns: Tree,
) -> Callable[..., Any]:
    """The compiled program of a function for arguments of these shapes.

    Args:
        name: what it is called where compilations are logged.
        function: of arrays, or of trees of them; whatever else it depends on must stand in `depends_on`.
        depends_on: plain data, records, arrays and functions (see `content_hash`).
        arguments: arrays or `ShapeDtypeStruct`s of the shapes that it will be called with.
        returns: a tree like the one that it returns, with anything for leaves.
    """
    leaves, structure = jax.tree.flatten(tuple(arguments))
    shapes = [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in leaves]  # type: ignore[no-untyped-call]
    known = content_hash((_FORMAT, name, sources_hash(), _compiler(), depends_on))
    key = hashlib.sha256(f"{known} {structure} {shapes}".encode()).hexdigest()[:32]
    with _lock:
        found = _memory.get(key)
        mine = found is None
        if found is None:
            found = _memory[key] = Future()
            while len(_memory) > _IN_MEMORY:
                _memory.popitem(last=False)
        _memory.move_to_end(key)
    if mine:
        try:
            found.set_result(
                _build(f"{name}_{key}", function, (shapes, structure, jax.tree.structure(returns)))
            )
        except BaseException as error:
            with _lock:
                _memory.pop(key, None)
            found.set_exception(error)
            raise
    return found.result()


def remembered(name: str, depends_on: object, work_out: Callable[[], Tree]) -> Tree:
    """What was worked out for the same contents before, in an earlier run: anything that JSON holds."""
    entry = f"{name}_{content_hash((_FORMAT, name, sources_hash(), depends_on))[:32]}.json"
    store = runtime.store()
    data = None if store is None else store.read(entry)
    if data is not None:
        return json.loads(data)
    found = json.loads(json.dumps(work_out()))
    if store is not None:
        store.write(entry, json.dumps(found).encode())
    return found


def remembered_arrays(
    name: str, depends_on: object, work_out: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Arrays that were worked out for the same contents before, on a machine like this one."""
    known = content_hash((_FORMAT, name, sources_hash(), _compiler(), runtime.machine(), depends_on))
    store, entry = runtime.store(), f"{name}_{known[:32]}.npz"
    data = None if store is None else store.read(entry)
    if data is not None:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {array: file[array] for array in file.files}
    found = work_out()
    if store is not None:
        with io.BytesIO() as file:
            np.savez(file, **found)  # type: ignore[arg-type]
            store.write(entry, file.getvalue())
    return found


def forget() -> None:
    """Forget the programs that this process keeps in memory."""
    with _lock:
        _memory.clear()


def _compiler() -> tuple[object, ...]:
    """What of the compiler a program depends on."""
    flags = os.environ.get("XLA_FLAGS", "")
    names = ("jax_enable_x64", "jax_default_matmul_precision")
    precision = [getattr(jax.config, name) for name in names]
    return jax.__version__, version("jaxlib"), jax.default_backend(), flags, COMPILER_OPTIONS, precision


def _build(name: str, function: Callable[..., Any], how: tuple[list[Any], Any, Any]) -> Callable[..., Any]:
    shapes, structure, returned = how

    def flat(*leaves: Tree) -> list[Tree]:
        found, found_structure = jax.tree.flatten(function(*jax.tree.unflatten(structure, leaves)))
        if found_structure != returned:
            raise TypeError(f"program {name} returns {found_structure}, not {returned}")
        return found

    traced = _traced(name, flat, shapes)

    def program(*leaves: Tree) -> Tree:
        return traced.call(*leaves)  # type: ignore[no-untyped-call]

    program.__name__ = name  # names the executable in the compiler's cache
    executable = _executable(name, jax.jit(program).lower(*shapes))

    def call(*arguments: Tree) -> Tree:
        leaves, own = jax.tree.flatten(arguments)
        if own != structure:
            raise TypeError(f"program {name} takes {structure}, not {own}")
        return jax.tree.unflatten(returned, executable(*leaves))

    return call


def _traced(name: str, flat: Callable[..., Any], shapes: list[Any]) -> export.Exported:
    """What was traced: read if it can be, and else traced and kept."""
    store, entry = runtime.store(), f"{name}.traced"
    data = None if store is None else store.read(entry)
    if data is not None:
        try:
            return export.deserialize(bytearray(data))
        except Exception as error:  # noqa: BLE001 - the library raises whatever a text of another version leads to
            _LOG.info("The kept program %s can't be used, and is traced again: %r", name, error)
    # always through the text that is kept, so that a program is the same whether it was kept or not
    text = export.export(jax.jit(flat))(*shapes).serialize()
    if store is not None:
        store.write(entry, bytes(text))
    return export.deserialize(text)


def _executable(name: str, lowered: jax.stages.Lowered) -> Callable[..., Any]:
    store = runtime.store()
    before = [] if store is None else list(store.folder.glob(f"*/jit_{name}-*"))
    with counting(this_thread=True) as count:
        found = lowered.compile(compiler_options=COMPILER_OPTIONS)
    if count.compiled:
        # an executable that was there and couldn't be used is damaged, and would never be replaced
        for path in before:
            Path(path).unlink(missing_ok=True)
    return found
