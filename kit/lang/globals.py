"""Globals: their names and the words that they start as."""

from __future__ import annotations

import ast

from kit.lang.image import Variable
from kit.lang.instructions import WORD
from kit.lang.objects import INTEGER, OBJECTS
from kit.lang.scope import SEVERAL, Scope, check_new, check_range, literal, matched
from kit.lang.source import Source
from kit.lang.system_calls import TAKES_TEXTS

MAX_ARRAY = 1 << 16
"""Most words in one array."""


def read_global(source: Source, scope: Scope, node: ast.Assign) -> None:
    """Define what an assignment at module level names."""
    several = any(isinstance(target, SEVERAL) for target in node.targets)
    written = matched(source, node) if several else [node.value]
    values = [_initial_words(source, scope, value) for value in written]
    for target in node.targets:
        targets = target.elts if isinstance(target, SEVERAL) else [target]
        for name, (words, is_array, kind) in zip(targets, values, strict=True):
            if not isinstance(name, ast.Name):
                source.refuse_unknown(name)
            if (is_array or kind != INTEGER) and len(node.targets) > 1:
                what = "array" if is_array else kind
                source.refuse(name, f"two names for one {what}; define each on its own line")
            check_new(source, scope, name, name.id)
            scope.variables[name.id] = Variable(
                name.id, len(scope.data) * WORD, len(words), is_array, kind
            )
            scope.data.extend(words)


def _initial_words(source: Source, scope: Scope, node: ast.expr) -> tuple[list[int], bool, str]:
    kind = constructor(node)
    if kind:
        return _object_words(source, scope, node), False, kind
    if isinstance(node, ast.List) and any(constructor(element) for element in node.elts):
        return _object_array(source, scope, node)
    if isinstance(node, ast.List):
        values = [_constant(source, scope, element) for element in node.elts]
    elif (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult)
        and isinstance(node.left, ast.List)
        and len(node.left.elts) == 1
    ):
        length = _constant(source, scope, node.right)
        if not 1 <= length <= MAX_ARRAY:
            source.refuse(node, f"an array of {length} words; give a length of 1 to {MAX_ARRAY}")
        if constructor(node.left.elts[0]):
            one = constructor(node.left.elts[0])
            source.refuse(
                node,
                f"in Python this is one {one}, {length} times; for two write [{one}(), {one}()]",
            )
        values = [_constant(source, scope, node.left.elts[0])] * length
    else:
        return [_constant(source, scope, node)], False, INTEGER
    if not values:
        source.refuse(node, "an array without words; write log = [0] * 8")
    return values, True, INTEGER


def constructor(node: ast.AST) -> str:
    """Return the kind of object that an expression makes, "" if it makes none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OBJECTS:
        return node.func.id
    return ""


def _object_array(source: Source, scope: Scope, node: ast.List) -> tuple[list[int], bool, str]:
    kind = constructor(node.elts[0])
    for element in node.elts:
        if constructor(element) != kind or not kind:
            source.refuse(element, "an array holds one kind of thing; write [Lock(), Lock()]")
    words = [word for element in node.elts for word in _object_words(source, scope, element)]
    return words, True, kind


def _object_words(source: Source, scope: Scope, node: ast.expr) -> list[int]:
    """Return the initial words of one object."""
    assert isinstance(node, ast.Call), "the callers have checked it"
    name = constructor(node)
    kind = OBJECTS[name]
    most = 0 if kind.least is None else 1
    least = most if kind.usual is None else 0
    if node.keywords or not least <= len(node.args) <= most:
        hint = f"{name}()" if not most else f"{name}({max(kind.least or 0, 1)})"
        source.refuse(
            node, f"{name} takes {'one number' if most else 'no arguments'}; write {hint}"
        )
    number = 0
    if kind.least is not None:
        number = _constant(source, scope, node.args[0]) if node.args else kind.usual or 0
        if number < kind.least:
            source.refuse(node, f"{name} of {number}; give {kind.least} or more")
    return [number] + [0] * (len(kind.parts) - 1)


def _constant(source: Source, scope: Scope, node: ast.expr) -> int:
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
                f"a global cannot be {node.value!r}; values are whole numbers, texts stand only in "
                f"{TAKES_TEXTS}",
            )
        if type(node) in (ast.Name, ast.BinOp, ast.UnaryOp, ast.Call):
            source.refuse(
                node, "a global starts as a whole number or an array; compute the rest in main()"
            )
        source.refuse_unknown(node)
    check_range(source, node, value)
    return value
