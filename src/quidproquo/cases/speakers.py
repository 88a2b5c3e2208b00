"""Whose name a speaker's name is: the sources and the people of a case, found by any of their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, Protocol, TypeVar, runtime_checkable

from quidproquo.terms.names import name_key, office_key

__all__ = ["Names"]


@runtime_checkable
class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


One = TypeVar("One", bound=_Named)


class Names(Generic[One]):
    """Sources or people by their names and aliases, compared as `name_key` has them.

    With the names of actors, a name that is nobody's still stands for the only one whose name or alias names
    the same office of the same actor (see `office_key`).
    """

    def __init__(self, named: Iterable[One], actors: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._actors = actors or {}
        self._by_name: dict[str, One] = {}
        self._by_office: dict[frozenset[str], One | None] = {}
        self._asked: dict[str, One | None] = {}
        for one in named:
            for name in (one.name, *one.aliases):
                self._by_name[name_key(name)] = one
                office = office_key(name, self._actors)
                # an office that two share stands for neither
                self._by_office[office] = one if self._by_office.get(office, one) == one else None
        self._by_office[frozenset()] = None

    def __getitem__(self, name: str) -> One | None:
        if name not in self._asked:
            found = self._by_name.get(name_key(name))
            self._asked[name] = found or self._by_office.get(office_key(name, self._actors))
        return self._asked[name]
