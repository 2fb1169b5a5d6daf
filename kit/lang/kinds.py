"""Which parameters and locals stand for a lock or its kin.

Values have no types here, and a method of a lock is another system call than one of a
semaphore. So the compiler finds out what is passed where: from the calls of a function, from
assignments, from loops over arrays of locks, and from annotations such as ``lock: Lock``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from kit.lang.objects import INTEGER, OBJECTS, article
from kit.lang.scope import SEVERAL, Function, Scope, own_nodes
from kit.lang.source import Source


class _Flow(NamedTuple):
    """That a variable gets the value of an expression.

    Attributes
    ----------
    into : str
        The function whose variable it is.
    name : str
    value : ast.expr
    origin : str
        The function in which the expression stands.
    is_element : bool
        Whether it gets an element of what the expression names.
    is_argument : bool
        Whether it is passed in a call.
    """

    into: str
    name: str
    value: ast.expr
    origin: str
    is_element: bool = False
    is_argument: bool = False


def find_kinds(source: Source, scope: Scope) -> None:
    """Fill in the `kinds` of all functions.

    Raises
    ------
    LanguageError
        Where a variable would stand for a lock here and for something else there.
    """
    for function in scope.functions.values():
        function.kinds = {
            argument.arg: source.kinds[argument]
            for argument in function.node.args.args
            if argument in source.kinds
        }
    flows = [flow for name in scope.functions for flow in _flows(scope, name)]
    _follow(scope, flows)
    for function in scope.functions.values():
        function.kinds = {**_guessed(function), **function.kinds}
    _follow(scope, flows)
    for flow in flows:
        _check(source, scope, flow)


def _follow(scope: Scope, flows: list[_Flow]) -> None:
    """Let kinds flow from variable to variable until nothing new is found."""
    changed = True
    while changed:
        changed = False
        for flow in flows:
            kind = _kind(scope, flow)
            known = scope.functions[flow.into].kinds
            if kind and flow.name not in known:
                known[flow.name] = kind
                changed = True


def _guessed(function: Function) -> dict[str, str]:
    """Return what parameters must be by what is done with them, though nobody passes anything."""
    used: dict[str, set[str]] = {}
    for node in own_nodes(function.node):
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Name):
            used.setdefault(node.context_expr.id, set()).add("acquire")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    fitting = {
        name: next(
            (k for k, kind in OBJECTS.items() if methods <= {*kind.methods, *kind.blocks}), ""
        )
        for name, methods in used.items()
        if name in function.parameters
    }
    return {name: kind for name, kind in fitting.items() if kind}


def _check(source: Source, scope: Scope, flow: _Flow) -> None:
    function = scope.functions[flow.into]
    meant, found = function.kinds.get(flow.name, ""), _kind(scope, flow)
    if meant == found:
        return
    if flow.is_argument:
        source.refuse(
            flow.value,
            f"'{flow.into}' takes {_article(meant)} as '{flow.name}', and this is "
            f"{_article(found)}; pass the same kind everywhere",
        )
    source.refuse(
        flow.value,
        f"'{flow.name}' is {_article(meant)} elsewhere, and this is {_article(found)}; "
        "take another name",
    )


def _article(kind: str) -> str:
    return article(kind or "number")


def _flows(scope: Scope, origin: str) -> Iterator[_Flow]:
    """Yield what variables get in one function, its own and those of functions it calls."""
    function = scope.functions[origin]
    for node in own_nodes(function.node):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    if _is_own(function, name):
                        yield _Flow(origin, name, value, origin)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            if _is_own(function, node.target.id):
                yield _Flow(origin, node.target.id, node.iter, origin, is_element=True)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _passed(scope, origin, node.func.id, node)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, SEVERAL) and isinstance(value, SEVERAL):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)
    elif isinstance(target, ast.Name):
        yield target.id, value


def _passed(scope: Scope, origin: str, called: str, node: ast.Call) -> Iterator[_Flow]:
    arguments = node.args
    if called == "spawn" and arguments and isinstance(arguments[0], ast.Name):
        called, arguments = arguments[0].id, arguments[1:]
    if called not in scope.functions:
        return
    parameters = scope.functions[called].parameters
    for name, value in zip(parameters, arguments, strict=False):
        yield _Flow(called, name, value, origin, is_argument=True)
    for keyword in node.keywords:
        if keyword.arg in parameters:
            yield _Flow(called, str(keyword.arg), keyword.value, origin, is_argument=True)


def _kind(scope: Scope, flow: _Flow) -> str:
    function = scope.functions[flow.origin]
    if not flow.is_element:
        return kind_of(scope, function, flow.value)
    name = flow.value.id if isinstance(flow.value, ast.Name) else ""
    variable = None if _is_own(function, name) else scope.variables.get(name)
    if variable is None or variable.kind == INTEGER or not variable.is_array:
        return ""
    return variable.kind


def _is_own(function: Function, name: str) -> bool:
    return name in function.locals or name in function.parameters


def kind_of(scope: Scope, function: Function, node: ast.expr) -> str:
    """Return the kind of object that an expression in a function names, "" for a number."""
    if isinstance(node, ast.IfExp):
        return kind_of(scope, function, node.body) or kind_of(scope, function, node.orelse)
    name = node.value if isinstance(node, ast.Subscript) else node
    if not isinstance(name, ast.Name):
        return ""
    if _is_own(function, name.id):
        return function.kinds.get(name.id, "") if isinstance(node, ast.Name) else ""
    variable = scope.variables.get(name.id)
    if variable is None or variable.kind not in OBJECTS:
        return ""
    return variable.kind if variable.is_array == isinstance(node, ast.Subscript) else ""
