"""The way of an option through the code: `python benchmarks/option_path.py [CHECKOUT …]`.

From the comparison of options to the written brief, which rooms does the code go through, and how often does it
come back to a room that it has left? Nothing is run: the call graph is read from the source of each checkout
(this one by default), so the answer is the same each time, and old checkouts need not be installed.

- The walk starts where `decisions.compare.compare` is first called on the way from `study.run.make_brief`, follows
  calls in the order in which they are written, into each function once and back to its caller, and ends with
  `brief.page.write_html`.
- A *stop* is a function that handles options: one of its parameters, or what it returns, is annotated with a
  class that carries them, or it is a method of such a class. A class carries options if one of its fields says
  so by name (option, preferred, regret, leverage, weighting) or holds such a class. The case and its `Option`,
  which the analyst writes, and the `Ensemble`, which evidence hands over, don't count.
- Neighbouring stops in one room are one; a *return* is a stop in a room that was left before.

What a function does with plain arrays is no stop: sums, sorting and quantiles are tools, wherever they stand. A
method is found where annotations tell the class of what it is called on.
Target: 5 returns at most.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

TARGET = 5
START, MADE, WRITTEN = "decisions.compare:compare", "study.run:make_brief", "brief.page:write_html"
NAMES = ("option", "preferred", "regret", "leverage", "weighting")
INPUTS = {"Case", "Option", "Ensemble"}


@dataclass
class Module:
    """What one file defines and imports: functions by qualified name, classes, and names of other files."""

    name: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)  # local name → module or module:name


def read(package: Path) -> dict[str, Module]:
    """Every module of the package, by its dotted name without the package's."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        module = found[name] = Module(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package.name):
                base = (node.module or "").removeprefix(package.name).lstrip(".")
                for alias in node.names:
                    module.imports[alias.asname or alias.name] = f"{base}:{alias.name}"
            elif isinstance(node, ast.ClassDef):
                module.classes[node.name] = node
                for one in node.body:
                    if isinstance(one, ast.FunctionDef):
                        module.functions[f"{node.name}.{one.name}"] = one
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.FunctionDef):
                module.functions[one.name] = one
    return found


def _words(node: ast.AST | None) -> set[str]:
    """Names in an annotation, in quotes too."""
    if node is None:
        return set()
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.isidentifier():
            found.add(one.value)
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST | None]]:
    """Fields of a class with their annotations: those declared, and parameters of `__init__`."""
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            yield one.target.id, one.annotation
        elif isinstance(one, ast.FunctionDef) and one.name == "__init__":
            for argument in one.args.args[1:] + one.args.kwonlyargs:
                yield argument.arg, argument.annotation


def carriers(modules: dict[str, Module]) -> set[str]:
    """Names of the classes that carry options."""
    classes = {
        name: list(_fields(node)) for module in modules.values() for name, node in module.classes.items()
    }
    found = {
        name
        for name, fields in classes.items()
        if name not in INPUTS and any(word in key.lower() for key, _ in fields for word in NAMES)
    }
    while True:
        more = {
            name
            for name, fields in classes.items()
            if name not in INPUTS | found and any(_words(annotation) & found for _, annotation in fields)
        }
        if not more:
            return found
        found |= more


class Walk:
    """Follows calls through the modules, into each function once, and notes the way back to the caller."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self.modules = modules
        self.carriers = carriers(modules)
        self.seen: set[str] = set()
        self.tour: list[str] = []
        self.fields: dict[str, dict[str, str]] = {}  # class → field or property → class
        for module in modules.values():
            for name, node in module.classes.items():
                self.fields[f"{module.name}:{name}"] = self._typed_fields(module, node)

    def follow(self, place: str) -> None:
        """Into a function, then into what it calls, and back to it after each call."""
        found = self._function(place)
        if found is None or found[0] in self.seen:
            return
        place, node = found
        self.seen.add(place)
        self.tour.append(place)
        for target in _Calls(self, self.modules[place.partition(":")[0]], place, node).targets():
            length = len(self.tour)
            self.follow(target)
            if len(self.tour) > length:
                self.tour.append(place)

    def resolve(self, module: Module, name: str) -> str:
        """Where a name of a module is defined; empty if not in the package."""
        for _ in range(5):
            if name in module.functions or name in module.classes:
                return f"{module.name}:{name}"
            base, _, name = module.imports.get(name, "").partition(":")
            if not name or base not in self.modules:
                return ""
            module = self.modules[base]
        return ""

    def class_of(self, module: Module, annotation: ast.AST | None) -> str:
        """The class of the package that an annotation names, if it names just one."""
        found = {self.resolve(module, word) for word in _words(annotation)}
        classes = {place for place in found if place and self._is_class(place)}
        return classes.pop() if len(classes) == 1 else ""

    def returned(self, place: str) -> str:
        """The class of what a function returns, or that is made by calling it."""
        if self._is_class(place):
            return place
        module, _, name = place.partition(":")
        node = self.modules[module].functions.get(name)
        return self.class_of(self.modules[module], node.returns) if node else ""

    def is_stop(self, place: str) -> bool:
        """Whether a function handles options."""
        module, _, name = place.partition(":")
        if name.partition(".")[0] in self.carriers and "." in name:
            return True
        node = self.modules[module].functions[name]
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        words = set().union(*(_words(argument.annotation) for argument in arguments), _words(node.returns))
        return bool(words & self.carriers)

    def _is_class(self, place: str) -> bool:
        module, _, name = place.partition(":")
        return name in self.modules[module].classes

    def _function(self, place: str) -> tuple[str, ast.FunctionDef] | None:
        """The function of this name, or how a class of this name is made."""
        module, _, name = place.partition(":")
        functions = self.modules[module].functions
        for own in (name, f"{name}.__init__", f"{name}.__post_init__"):
            if own in functions:
                return f"{module}:{own}", functions[own]
        return None

    def _typed_fields(self, module: Module, node: ast.ClassDef) -> dict[str, str]:
        found = {name: self.class_of(module, annotation) for name, annotation in _fields(node)}
        for one in ast.walk(node):
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Attribute):
                found[one.target.attr] = self.class_of(module, one.annotation)
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and any(
                "property" in ast.unparse(d) for d in one.decorator_list
            ):
                found[one.name] = self.class_of(module, one.returns)
        return {name: place for name, place in found.items() if place}


class _Calls:
    """What one function calls, as far as annotations tell which class a name is of."""

    def __init__(self, walk: Walk, module: Module, place: str, node: ast.FunctionDef) -> None:
        self.walk, self.module, self.node = walk, module, node
        self.types: dict[str, str] = {}
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        for argument in arguments:
            self.types[argument.arg] = walk.class_of(module, argument.annotation)
        owner = place.rpartition(".")[0]
        if arguments and arguments[0].arg == "self" and ":" in owner:
            self.types["self"] = owner
        self.found: list[str] = []

    def targets(self) -> list[str]:
        """In the order of the source, arguments before the call."""
        for statement in self.node.body:
            self._visit(statement)
        return self.found

    def _visit(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self._visit(child)
        if isinstance(node, ast.Call):
            # a function that is handed on is called by whoever takes it
            for one in (*node.args, *(word.value for word in node.keywords), node.func):
                if isinstance(one, ast.Name):
                    self._add(self.walk.resolve(self.module, one.id))
        elif isinstance(node, ast.Attribute):
            self._add(self._member(node))
        elif (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            self.types[node.targets[0].id] = self._type(node.value)

    def _add(self, place: str) -> None:
        if place:
            self.found.append(place)

    def _member(self, node: ast.Attribute) -> str:
        """The method or property that an attribute names, or the function of a module."""
        if isinstance(node.value, ast.Name):
            whole = self.module.imports.get(node.value.id, "").replace(":", ".").strip(".")
            if whole in self.walk.modules:
                return self.walk.resolve(self.walk.modules[whole], node.attr)
        owner = self._type(node.value)
        module, _, name = owner.partition(":")
        if owner and f"{name}.{node.attr}" in self.walk.modules[module].functions:
            return f"{owner}.{node.attr}"
        return ""

    def _type(self, node: ast.AST) -> str:
        """The class of an expression; empty if that isn't known."""
        if isinstance(node, ast.Name):
            return self.types.get(node.id, "")
        if isinstance(node, ast.Attribute):
            return self.walk.fields.get(self._type(node.value), {}).get(node.attr, "")
        if isinstance(node, ast.Call):
            func = node.func
            place = self.walk.resolve(self.module, func.id) if isinstance(func, ast.Name) else ""
            place = self._member(func) if isinstance(func, ast.Attribute) else place
            return self.walk.returned(place) if place else ""
        return ""


def stops(package: Path) -> list[str]:
    """Functions that handle options, from the comparison to the written brief, in the order of the walk."""
    walk = Walk(read(package))
    for root in (MADE, WRITTEN):
        walk.follow(root)
    begin = walk.tour.index(START)
    return [place for place in walk.tour[begin:] if walk.is_stop(place)]


def rooms(places: list[str]) -> list[str]:
    """Rooms that are gone through, each as often as it is entered."""
    return [room for room, _ in groupby(place.partition(".")[0].partition(":")[0] for place in places)]


def returns(way: list[str]) -> int:
    """How often a room is entered that was left before."""
    return sum(room in way[:place] for place, room in enumerate(way))


def main() -> None:
    checkouts = [Path(name) for name in sys.argv[1:]] or [Path(__file__).parents[1]]
    for checkout in checkouts:
        found = stops(checkout / "src" / "quidproquo")
        way = rooms(found)
        print(
            f"{checkout.resolve().name}: {len(found)} functions, {len(way)} rooms in turn, {returns(way)} returns"
        )
        print(f"  {' → '.join(way)}")
    print(f"target: {TARGET} returns at most")


if __name__ == "__main__":
    main()
