"""Conditions: what has to hold of a program's globals, as a text that a teacher writes.

The text is an expression of Python over globals, such as ``0 <= used <= 2``. It is never given to
Python: what it may hold is turned into functions here.
"""

from __future__ import annotations

import ast
import operator
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from kit.errors import ArgumentError, nearest

LONGEST_RANGE = 10_000
"""Numbers of one `range`."""

Value = Any
Test = Callable[[Mapping[str, Value]], Value]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
}


def _range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > LONGEST_RANGE:
        raise ValueError(f"a range has {len(made):,} numbers, and {LONGEST_RANGE:,} is the most")
    return made


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "len": len,
    "max": max,
    "min": min,
    "range": _range,
    "sorted": sorted,
    "sum": sum,
}


def _listed(*values: Value) -> list[Value]:
    return list(values)


def _call(node: ast.expr) -> tuple[Callable[..., Any] | None, list[ast.expr]]:
    """Return what an operation computes, and of what; None for one that is not possible."""
    match node:
        case ast.UnaryOp(op=sign, operand=one):
            return _UNARY.get(type(sign)), [one]
        case ast.BinOp(op=sign, left=one, right=other):
            return _BINARY.get(type(sign)), [one, other]
        case ast.Subscript(value=array, slice=index):
            return operator.getitem, [array, index]
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            return _FUNCTIONS.get(name), given
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return _listed, parts
    return None, []


def _constant(value: int, _values: Mapping[str, Value]) -> int:
    return value


def _applied(function: Callable[..., Any], *parts: Test) -> Test:
    return lambda values: function(*(part(values) for part in parts))


def _joined(all_of_them: bool, parts: list[Test]) -> Test:
    every = all if all_of_them else any
    return lambda values: every(part(values) for part in parts)


class _Inside(Mapping[str, Value]):
    """What is known inside a comprehension: its variable, and all that is known around it."""

    def __init__(self, around: Mapping[str, Value], name: str) -> None:
        self.around, self.name = around, name

    def __contains__(self, name: object) -> bool:
        return name == self.name or name in self.around

    def __getitem__(self, name: str) -> Value:
        return None if name == self.name else self.around[name]

    def __iter__(self) -> Iterator[str]:
        yield from (self.name, *self.around)

    def __len__(self) -> int:
        return 1 + len(self.around)


class Invariant:
    """A condition on globals.

    Parameters
    ----------
    text : str
        Names, numbers, ``+ - * // %``, comparisons, ``and or not``, elements of arrays, lists,
        comprehensions, and the functions abs, all, any, len, max, min, range, sorted, sum.
    known : iterable of str
        The globals that there are.
    label : str
        What it is called where something is wrong with it.

    Raises
    ------
    ArgumentError
        If it is something else.
    """

    def __init__(self, text: str, known: Mapping[str, Value], *, label: str = "invariant") -> None:
        self.text, self.label = text, label
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError) as error:
            why = error.msg if isinstance(error, SyntaxError) else error
            raise ArgumentError(
                f"{label} {text!r}: this is no expression ({why}); write one like 'x == 6'"
            ) from None
        self._test = self._made(tree.body, known)

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Tell whether it holds.

        Parameters
        ----------
        values : mapping of str to int or tuple of int
            The globals.

        Raises
        ------
        ArgumentError
            If it cannot be computed, as after a division by zero.
        """
        try:
            return bool(self._test(values))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ArgumentError(
                f"{self.label} {self.text!r}: it cannot be computed: {error}; mend it"
            ) from None

    def _made(self, node: ast.expr, known: Mapping[str, Value]) -> Test:
        def make(inner: ast.expr) -> Test:
            return self._made(inner, known)

        match node:
            case ast.Constant(value=bool() | int() as value):
                return partial(_constant, value)
            case ast.Name(id=name):
                return self._name(name, known)
            case ast.BoolOp(op=sign, values=parts):
                return _joined(isinstance(sign, ast.And), [make(part) for part in parts])
            case ast.Compare():
                return self._compared(node, make)
            case ast.GeneratorExp() | ast.ListComp():
                return self._comprehended(node, known)
        function, parts = _call(node)
        if function is None:
            raise ArgumentError(
                f"{self.label} {self.text!r}: {ast.unparse(node)!r} is not possible here; use "
                "globals, numbers, + - * // %, comparisons, and, or, not, lists, comprehensions, "
                f"{', '.join(_FUNCTIONS)}"
            )
        return _applied(function, *map(make, parts))

    def _comprehended(
        self, node: ast.GeneratorExp | ast.ListComp, known: Mapping[str, Value]
    ) -> Test:
        """Return a comprehension, whose loops are from the outermost to the innermost."""
        loops: list[tuple[str, Test, list[Test]]] = []
        for loop in node.generators:
            if not isinstance(loop.target, ast.Name):
                raise ArgumentError(
                    f"{self.label} {self.text!r}: {ast.unparse(loop.target)!r} is not possible "
                    "here; let a comprehension go through one name, as in 'for x in log'"
                )
            source, known = self._made(loop.iter, known), _Inside(known, loop.target.id)
            loops.append((loop.target.id, source, [self._made(one, known) for one in loop.ifs]))
        element = self._made(node.elt, known)

        def run(values: Mapping[str, Value], depth: int) -> Iterator[Value]:
            if depth == len(loops):
                yield element(values)
                return
            name, source, conditions = loops[depth]
            for item in source(values):
                inside = ChainMap({name: item}, values)  # type: ignore[arg-type]
                if all(condition(inside) for condition in conditions):
                    yield from run(inside, depth + 1)

        return lambda values: list(run(values, 0))

    def _name(self, name: str, known: Mapping[str, Value]) -> Test:
        if name not in known:
            raise ArgumentError(
                f"{self.label} {self.text!r}: there is no global '{name}'; {nearest(name, known)}"
            )
        return lambda values: values[name]

    @staticmethod
    def _compared(node: ast.Compare, make: Callable[[ast.expr], Test]) -> Test:
        signs = [_COMPARE.get(type(sign)) for sign in node.ops]
        if None in signs:
            raise ArgumentError(
                f"invariant: {ast.unparse(node)!r} is not possible here; compare with "
                "==, !=, <, <=, > or >="
            )
        parts = [make(part) for part in (node.left, *node.comparators)]

        def test(values: Mapping[str, Value]) -> bool:
            found = [part(values) for part in parts]
            return all(
                sign(left, right)
                for sign, left, right in zip(signs, found, found[1:], strict=False)
                if sign is not None
            )

        return test


class _Anything(dict[str, Value]):
    """Holds every name, and notes which were looked for."""

    def __contains__(self, name: object) -> bool:
        self.setdefault(str(name), None)
        return True


def names_in(text: str, *, label: str = "invariant") -> tuple[str, ...]:
    """Return the globals that an invariant speaks of, in order.

    Parameters
    ----------
    text : str
    label : str
        What it is called where something is wrong with it.

    Raises
    ------
    ArgumentError
        If it is no invariant.
    """
    seen = _Anything()
    Invariant(text, seen, label=label)
    return tuple(seen)
