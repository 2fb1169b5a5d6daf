"""Pieces of C text, and what one function's translation shares while it is made."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from kit.host.c.prelude import NAMES as HELPERS
from kit.host.c.reserved import PREFIXES, is_reserved
from kit.host.errors import HostError
from kit.lang.image import Variable
from kit.lang.scope import Function, Scope
from kit.lang.source import Source

NOTHING, READS, ACTS = range(3)
"""What computing an expression has to do with other threads or calls: nothing; it reads what others
may change; it may change something itself."""


class Code(NamedTuple):
    """An expression in C.

    Attributes
    ----------
    text : str
    is_compound : bool
        Whether it needs brackets inside another one.
    effect : int
        `NOTHING`, `READS` or `ACTS`.
    is_int : bool
        Whether it is of C's type int, as comparisons are.
    """

    text: str
    is_compound: bool = False
    effect: int = NOTHING
    is_int: bool = False

    @property
    def inner(self) -> str:
        """The text as a part of another expression."""
        return f"({self.text})" if self.is_compound else self.text


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines as they are in a block."""
    return [f"    {line}" for line in lines]


class Line(NamedTuple):
    """A line of C, how far it is indented, and the line of the lesson that it comes from."""

    indent: int
    text: str
    origin: int | None = None


def _loaded(function: Function) -> Iterator[str]:
    """Yield the names whose values a function uses, in C: not what is only assigned or measured."""
    waiting: list[ast.AST] = [*function.node.body]
    while waiting:
        node = waiting.pop()
        parts = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "len":
            continue
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            inner = node.value
            while isinstance(inner, ast.Subscript):
                waiting.append(inner.slice)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in function.arrays:
                parts = [node.slice]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        waiting += parts


def is_taken(name: str) -> bool:
    """Tell whether a name means something in C, or in what a translation adds."""
    return name != "main" and (is_reserved(name) or name in HELPERS)


def is_file_name(name: str) -> bool:
    """Tell whether a text can name a file in a folder, and nothing outside it."""
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


class Names:
    """Gives each name of a program one that C allows, and makes new ones.

    Parameters
    ----------
    used : iterable of str
        All names in the program.
    """

    def __init__(self, used: Iterable[str]) -> None:
        self.used = set(used)
        self._given: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return what a name of the program is called in C."""
        if name not in self._given:
            free = name
            while is_taken(free) or (free != name and free in self.used):
                free = f"my_{free}" if PREFIXES.match(free) else f"{free}_"
            self.used.add(free)
            self._given[name] = free
        return self._given[name]

    def new(self, stem: str) -> str:
        """Return a name that is nowhere used yet."""
        number = 1
        while (name := f"{stem}{number}") in self.used or is_reserved(name):
            number += 1
        self.used.add(name)
        return name


@dataclass
class Unit:
    """What the translation of one program shares.

    Attributes
    ----------
    source : Source
    scope : Scope
    names : Names
    helpers : set of str
        Those of `kit.host.c.prelude` that are used.
    spawned : dict of str to None
        Functions that threads are started in, in the order in which they are first met.
    """

    source: Source
    scope: Scope
    names: Names
    helpers: set[str] = field(default_factory=set)
    spawned: dict[str, None] = field(default_factory=dict)

    def use(self, helper: str) -> str:
        """Note that a helper is used; return its name."""
        self.helpers.add(helper)
        return helper

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Raise `HostError` at a node of the syntax tree."""
        line = getattr(node, "lineno", 1)
        column = getattr(node, "col_offset", 0) + 1
        raise HostError(f"{self.source.file}:{line}:{column}: {message}")


class Context:
    """What the translation of one function shares.

    Parameters
    ----------
    unit : Unit
    function : Function

    Attributes
    ----------
    lines : list of Line
        What has been written of its body.
    before : list of str
        Lines that have to come before the statement that is being translated.
    origin : int or None
        The line of the lesson that is being translated.
    loaded : set of str
        Names whose values the function uses.
    """

    def __init__(self, unit: Unit, function: Function) -> None:
        self.unit, self.function = unit, function
        self.lines: list[Line] = []
        self.before: list[str] = []
        self.indent = 1
        self.origin: int | None = None
        self.loaded = set(_loaded(function))

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Raise `HostError` at a node of the syntax tree."""
        self.unit.refuse(node, message)

    def is_own(self, name: str) -> bool:
        """Tell whether a name is a parameter or local of the function."""
        return name in self.function.parameters or name in self.function.locals

    def variable(self, name: str) -> Variable | None:
        """Return the global of a name, unless the function has its own of that name."""
        return None if self.is_own(name) else self.unit.scope.variables.get(name)

    def name(self, name: str) -> str:
        """Return what a name is called in C."""
        return self.unit.names.of(name)

    def new(self, stem: str) -> str:
        """Return a new name."""
        return self.unit.names.new(stem)

    def write(self, text: str) -> None:
        """Write a line, after those that have to come before it."""
        for line in self.before:
            self._line(line)
        self.before.clear()
        self._line(text)

    def _line(self, text: str) -> None:
        self.lines.append(Line(self.indent, text, self.origin))

    @contextmanager
    def block(self, opening: str = "{", closing: str = "}") -> Iterator[None]:
        """Write what is written meanwhile between braces."""
        self.write(opening)
        self.indent += 1
        yield
        self.indent -= 1
        self.write(closing)

    @contextmanager
    def aside(self, found: list[str]) -> Iterator[None]:
        """Collect apart what has to come before what is translated meanwhile."""
        outer, self.before = self.before, found
        yield
        self.before = outer

    def keep(self, code: Code, stem: str = "value") -> Code:
        """Compute an expression now, and return what it is kept in."""
        name = self.new(stem)
        self.before.append(f"word {name} = {code.text};")
        return Code(name)

    def ordered(
        self, nodes: Iterable[ast.expr], translate: Callable[[ast.expr], Code]
    ) -> list[Code]:
        """Translate expressions that have to be computed from left to right.

        C leaves that order open. So where one of them acts, the others that could notice are
        computed before the statement, one after the other.
        """
        codes: list[Code] = []
        ends: list[int] = []
        acts: list[int] = []
        for number, node in enumerate(nodes):
            before = len(self.before)
            code = translate(node)
            if code.effect == ACTS or len(self.before) > before:
                acts.append(number)
            codes.append(code)
            ends.append(len(self.before))
        if not acts:
            return codes
        noticing = [number for number, code in enumerate(codes) if code.effect != NOTHING]
        if not [number for number in noticing if number != acts[-1]] and len(acts) == 1:
            return codes
        last = acts[-1] if noticing and noticing[-1] > acts[-1] else acts[-1] - 1
        for number in reversed(noticing):
            if number <= last:
                name = self.new("value")
                self.before.insert(ends[number], f"word {name} = {codes[number].text};")
                codes[number] = Code(name)
        return codes
