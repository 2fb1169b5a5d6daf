"""Globals: their names and the words that they start as."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from kit.errors import plural
from kit.lang.image import Variable, locks_of_conditions
from kit.lang.instructions import WORD
from kit.lang.objects import INTEGER, OBJECTS, article
from kit.lang.scope import SEVERAL, Scope, check_new, check_range, literal, matched
from kit.lang.shapes import constructor, is_array, shape_of
from kit.lang.source import Source
from kit.lang.system_calls import TAKES_TEXTS


def read_global(source: Source, scope: Scope, node: ast.Assign) -> None:
    """Define what an assignment at module level names."""
    several = any(isinstance(target, SEVERAL) for target in node.targets)
    written = matched(source, node) if several else [node.value]
    values = [_initial(source, scope, value) for value in written]
    for target in node.targets:
        targets = target.elts if isinstance(target, SEVERAL) else [target]
        for name, initial in zip(targets, values, strict=True):
            if not isinstance(name, ast.Name):
                source.refuse_unknown(name)
            if (initial.is_array or initial.kind != INTEGER) and len(node.targets) > 1:
                what = "array" if initial.is_array else initial.kind
                source.refuse(name, f"two names for one {what}; define each on its own line")
            check_new(source, scope, name, name.id)
            scope.variables[name.id] = Variable(
                name.id,
                len(scope.data) * WORD,
                len(initial.words),
                initial.is_array,
                initial.kind,
                initial.columns,
                _is_volatile(source, node, initial),
                locks_of_conditions(initial.locks, len(scope.data) * WORD),
            )
            scope.data.extend(initial.words)


def lay_out(scope: Scope) -> None:
    """Put the globals that start as zeros behind all others, so that a file need not hold them."""
    variables = scope.variables
    initial = {name: variable.words_in(scope.data) for name, variable in variables.items()}
    ordered = sorted(variables, key=lambda name: not any(initial[name]))
    data = [word for name in ordered for word in initial[name]]
    starts = accumulate((len(initial[name]) * WORD for name in ordered), initial=0)
    offsets = dict(zip(ordered, starts, strict=False))
    moved = {
        variable.offset + byte: offsets[name] + byte
        for name, variable in variables.items()
        if variable.kind != INTEGER
        for byte in range(0, variable.length * WORD, WORD)
    }
    for name, variable in variables.items():
        locks = tuple(moved[lock] for lock in variable.locks)
        variables[name] = replace(variable, offset=offsets[name], locks=locks)
    scope.data[:] = data


def _is_volatile(source: Source, node: ast.Assign, initial: Initial) -> bool:
    if node in source.volatile and initial.kind != INTEGER:
        source.refuse(node, f"'volatile' marks numbers; leave it out for {article(initial.kind)}")
    return source.volatile.pop(node, None) is not None


class Initial(NamedTuple):
    """What a global starts as.

    Attributes
    ----------
    words : list of int
    is_array : bool
    kind : str
    columns : int
        Words of a row; 0 if there are no rows.
    locks : list of int or None
        Of conditions: the offset of the lock that each was made with; None for its own.
    """

    words: list[int]
    is_array: bool = False
    kind: str = INTEGER
    columns: int = 0
    locks: Sequence[int | None] = ()


def _initial(source: Source, scope: Scope, node: ast.expr) -> Initial:
    kind = constructor(node)
    if kind:
        return Initial(
            _object_words(source, scope, node),
            False,
            kind,
            locks=_given_locks(source, scope, [node]),
        )
    if not is_array(node):
        return Initial([constant(source, scope, node)])
    shape = shape_of(source, node, lambda length: constant(source, scope, length))
    kind = constructor(shape.elements[0])
    if kind or any(map(constructor, shape.elements)):
        for element in shape.elements:
            if constructor(element) != kind or not kind:
                source.refuse(element, "an array holds one kind of thing; write [Lock(), Lock()]")
        if shape.columns:
            source.refuse(node, f"{kind}s cannot be in rows; make an array of them for each row")
        objects = (_object_words(source, scope, element) for element in shape.elements)
        locks = _given_locks(source, scope, shape.elements)
        return Initial([word for words in objects for word in words], True, kind, locks=locks)
    values = {
        element: constant(source, scope, element) for element in dict.fromkeys(shape.elements)
    }
    words = [values[element] for element in shape.elements]
    return Initial(words, True, INTEGER, shape.columns)


def _object_words(source: Source, scope: Scope, node: ast.expr) -> list[int]:
    """Return the initial words of one object."""
    assert isinstance(node, ast.Call), "the callers have checked it"
    name = constructor(node)
    kind = OBJECTS[name]
    if name == "Condition":
        return [0] * len(kind.parts)
    most = 0 if kind.least is None else 1
    least = most if kind.usual is None else 0
    if node.keywords or not least <= len(node.args) <= most:
        hint = f"{name}()" if not most else f"{name}({max(kind.least or 0, 1)})"
        source.refuse(
            node, f"{name} takes {'one number' if most else 'no arguments'}; write {hint}"
        )
    number = 0
    if kind.least is not None:
        number = constant(source, scope, node.args[0]) if node.args else kind.usual or 0
        if number < kind.least:
            source.refuse(node, f"{name} of {number}; give {kind.least} or more")
    return [number] + [0] * (len(kind.parts) - 1)


def _given_locks(source: Source, scope: Scope, nodes: Sequence[ast.expr]) -> list[int | None]:
    """Return for each condition the offset of the lock that it is made with; else nothing."""
    if constructor(nodes[0]) != "Condition":
        return []
    known = {node: _given_lock(source, scope, node) for node in dict.fromkeys(nodes)}
    return [known[node] for node in nodes]


def _given_lock(source: Source, scope: Scope, node: ast.expr) -> int | None:
    assert isinstance(node, ast.Call), "the caller has checked it"
    if node.keywords or len(node.args) > 1:
        source.refuse(node, "Condition takes one lock or nothing; write Condition(lock)")
    if not node.args:
        return None
    given = node.args[0]
    name = given.value if isinstance(given, ast.Subscript) else given
    variable = scope.variables.get(name.id) if isinstance(name, ast.Name) else None
    if variable is None or variable.kind != "Lock":
        source.refuse(
            given,
            "a condition is made with a Lock that has a name and is defined above it; write "
            "Condition(lock), or Condition() for one with a lock of its own",
        )
    if not isinstance(given, ast.Subscript):
        if variable.is_array:
            source.refuse(given, f"'{variable.name}' is an array of Locks; take {variable.name}[0]")
        return variable.offset
    if not variable.is_array:
        source.refuse(given, f"'{variable.name}' is one Lock; drop the index")
    index = constant(source, scope, given.slice)
    if not -variable.count <= index < variable.count:
        source.refuse(
            given,
            f"'{variable.name}' has {plural(variable.count, 'Lock')}, and none has index {index}",
        )
    return variable.offset + index % variable.count * WORD


def constant(source: Source, scope: Scope, node: ast.expr) -> int:
    """Return the number that an expression at module level is, or refuse."""
    if isinstance(node, ast.Name) and node.id in scope.variables:
        variable = scope.variables[node.id]
        if not variable.is_array and variable.kind == INTEGER:
            return scope.data[variable.offset // WORD]
    value = literal(node)
    if value is None:
        if isinstance(node, ast.Name) and node.id in OBJECTS:
            source.refuse(node, f"'{node.id}' makes something when called; write {node.id}(…)")
        if isinstance(node, ast.Constant):
            source.refuse(
                node,
                f"a global cannot be {node.value!r}; values are whole numbers, texts "
                f"are allowed only in {TAKES_TEXTS}",
            )
        if type(node) in (ast.Name, ast.BinOp, ast.UnaryOp, ast.Call):
            source.refuse(
                node, "a global starts as a whole number or an array; compute the rest in main()"
            )
        source.refuse_unknown(node)
    check_range(source, node, value)
    return value
