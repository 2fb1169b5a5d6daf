"""Local arrays: which of a function's variables are arrays, and of what shape."""

from __future__ import annotations

import ast

from kit.lang.instructions import WORD
from kit.lang.objects import INTEGER, article
from kit.lang.scope import Function, Scope, Shape, literal, own_nodes
from kit.lang.shapes import constructor, is_array, shape_of
from kit.lang.source import Source

MAX_LOCAL_ARRAY = 500
"""Most words in one array on the stack: a little less than a stack has unless told otherwise."""


def read_local_arrays(source: Source, scope: Scope, function: Function) -> dict[ast.Assign, Shape]:
    """Return the statements of a function that make arrays.

    Raises
    ------
    LanguageError
        Where a variable is an array in one place and something else in another, or an
        array is made where it cannot be.
    """
    found: dict[str, Shape] = {}
    made: dict[ast.Assign, Shape] = {}
    targets: set[ast.expr] = set()
    for node in own_nodes(function.node):
        if isinstance(node, ast.Assign) and is_array(node.value):
            target = _target(source, scope, function, node)
            shape = shape_of(source, node.value, _Lengths(source, scope, function).known)
            _check(source, node, shape)
            before = found.setdefault(target.id, shape)
            if (len(before.elements), before.columns) != (len(shape.elements), shape.columns):
                source.refuse(
                    target,
                    f"'{target.id}' is an array of {_size(before)} and stays one; "
                    "give another array another name",
                )
            made[node] = shape
            targets.add(target)
    for each in own_nodes(function.node):
        stores = isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        if stores and each.id in found and each not in targets:  # type: ignore[attr-defined]
            name = each.id  # type: ignore[attr-defined]
            line = next(n.lineno for n in made if n.targets[0].id == name)  # type: ignore[attr-defined]
            source.refuse(
                each,
                f"'{name}' is an array (line {line}) and stays one; assign {name}[i], "
                "or take another name",
            )
    return made


def _size(shape: Shape) -> str:
    if not shape.columns:
        return f"{len(shape.elements)} words"
    return f"{len(shape.elements) // shape.columns} rows of {shape.columns}"


def _target(source: Source, scope: Scope, function: Function, node: ast.Assign) -> ast.Name:
    """Return the one variable that an array is assigned to, or refuse."""
    target = node.targets[0]
    if len(node.targets) > 1:
        source.refuse(target, "two names for one array; make each on its own line")
    if not isinstance(target, ast.Name):
        source.refuse_unknown(node.value)
    if target.id in function.parameters:
        source.refuse(target, f"'{target.id}' is a parameter; give the array a name of its own")
    if target.id not in function.locals:
        variable = scope.variables.get(target.id)
        if variable is not None and variable.is_array:
            source.refuse(target, f"'{target.id}' is an array and stays one; assign {target.id}[i]")
        source.refuse(target, f"'{target.id}' is a global number; make the array at module level")
    return target


def _check(source: Source, node: ast.Assign, shape: Shape) -> None:
    kind = next(filter(None, map(constructor, shape.elements)), "")
    if kind:
        source.refuse(
            node.value,
            f"{article(kind)} is made at module level; write the array of them above, use it here",
        )
    if len(shape.elements) > MAX_LOCAL_ARRAY:
        source.refuse(
            node.value,
            f"an array of {len(shape.elements)} words on the stack, at most {MAX_LOCAL_ARRAY} fit; "
            "make it at module level, or with alloc",
        )


class _Lengths:
    """Finds out how long arrays are, of which the program must be certain beforehand."""

    def __init__(self, source: Source, scope: Scope, function: Function) -> None:
        self.source, self.scope, self.function = source, scope, function

    def known(self, node: ast.expr) -> int:
        number = literal(node)
        if number is not None:
            return number
        name = node.id if isinstance(node, ast.Name) else ""
        variable = self.scope.variables.get(name)
        changes = name in self.scope.changed
        if changes or name in (*self.function.locals, *self.function.parameters):
            variable = None
        if variable is None or variable.is_array or variable.kind != INTEGER:
            self.source.refuse(
                node,
                "the length of an array is a number that never changes; write [0] * 8, "
                "or ask for memory with alloc(n)",
            )
        return self.scope.data[variable.offset // WORD]
