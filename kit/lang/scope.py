"""What the names of a program mean: globals, functions, parameters and locals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.errors import plural
from kit.lang.image import Variable
from kit.lang.instructions import (
    IMMEDIATE_MAX,
    IMMEDIATE_MIN,
    INTEGER_MAX,
    INTEGER_MIN,
    REGISTER_NAMES,
)
from kit.lang.objects import OBJECTS
from kit.lang.source import Source
from kit.lang.system_calls import CALLABLE

SEVERAL = (ast.Tuple, ast.List)
"""Targets, or values, of an assignment to several variables at once."""


@dataclass(frozen=True)
class Shape:
    """An array as it is written.

    Attributes
    ----------
    elements : list of ast.expr
        What each word starts as; the same node where it is computed once.
    columns : int
        Elements of a row; 0 if there are no rows.
    """

    elements: list[ast.expr]
    columns: int = 0


@dataclass
class Function:
    """A function of the program before it is compiled.

    Attributes
    ----------
    node : ast.FunctionDef
    parameters : tuple of str
    globals : frozenset of str
        What it declares so.
    locals : tuple of str
        What it assigns besides.
    returns_value : bool
    defaults : dict of str to int
        Of parameters that may be left out.
    made : dict of ast.Assign to Shape
        The statements that make local arrays.
    kinds : dict of str to str
        Parameters and locals that stand for an object, and its kind.
    """

    node: ast.FunctionDef
    parameters: tuple[str, ...]
    globals: frozenset[str]
    locals: tuple[str, ...]
    returns_value: bool
    defaults: dict[str, int] = field(default_factory=dict)
    made: dict[ast.Assign, Shape] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def arrays(self) -> dict[str, Shape]:
        """Locals that are arrays."""
        return {
            target.id: shape
            for node, shape in self.made.items()
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    @property
    def signature(self) -> str:
        """The parameters, as in the text of the program."""
        return ", ".join(
            f"{name}={self.defaults[name]}" if name in self.defaults else name
            for name in self.parameters
        )


@dataclass
class Scope:
    """Everything defined at module level, in order of the text.

    Attributes
    ----------
    variables : dict of str to Variable
    functions : dict of str to Function
    data : list of int
        What the words of the variables start as.
    changed : set of str
        Globals that some function assigns.
    """

    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    data: list[int] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)


def own_nodes(block: ast.FunctionDef | ast.For) -> Iterator[ast.AST]:
    """Yield every node of a function's or loop's body, in the order of the text."""
    waiting: list[ast.AST] = list(reversed(block.body))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def is_text(node: ast.AST) -> bool:
    """Tell whether a statement is a documentation string."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def check_new(source: Source, scope: Scope, node: ast.AST, name: str) -> None:
    """Refuse a name at module level that already means something.

    Parameters
    ----------
    source : Source
    scope : Scope
    node : ast.AST
    name : str
    """
    if name in CALLABLE or name in OBJECTS or name in ("range", "True", "False"):
        source.refuse(node, f"'{name}' is built in; choose another name")
    if name in REGISTER_NAMES:
        source.refuse(node, f"'{name}' is the name of a register; choose another name")
    if name in scope.functions or name in scope.variables:
        source.refuse(node, f"'{name}' is already defined; choose another name")


def immediate(node: ast.expr) -> int | None:
    """Return the number that `node` is, if it fits into an instruction, else None."""
    number = literal(node)
    return number if number is not None and IMMEDIATE_MIN <= number <= IMMEDIATE_MAX else None


def check_range(source: Source, node: ast.AST, value: int) -> None:
    """Refuse a number that does not fit into 64 bits."""
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        source.refuse(node, "the number does not fit into 64 bits; use a smaller one")


def literal(node: ast.expr) -> int | None:
    """Return the value of an integer, truth value or negated integer, else None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return int(node.value)
    return None


def matched(source: Source, node: ast.Assign) -> list[ast.expr]:
    """Return the values of an assignment to several variables, one for each of them, or refuse."""
    names = next(target for target in node.targets if isinstance(target, SEVERAL))
    count, values = len(names.elts), node.value
    if not isinstance(values, SEVERAL):
        source.refuse(
            values, f"one value for {plural(count, 'variable')}; write as many, as in a, b = b, a"
        )
    for target in node.targets:
        if not isinstance(target, SEVERAL):
            source.refuse_unknown(values)
        if len(target.elts) != len(values.elts):
            source.refuse(
                target,
                f"{plural(len(values.elts), 'value')} for "
                f"{plural(len(target.elts), 'variable')}; write one for each",
            )
        for element in target.elts:
            if not isinstance(element, (ast.Name, ast.Subscript)):
                source.refuse_unknown(element)
    return values.elts
