"""Arrays as programs write them: their elements, how many, and in how many rows."""

from __future__ import annotations

import ast
from collections.abc import Callable

from kit.errors import plural
from kit.lang.objects import OBJECTS
from kit.lang.scope import Shape, literal
from kit.lang.source import Source

MAX_ARRAY = 1 << 16
"""Most words in one array."""

Constant = Callable[[ast.expr], int]
"""Gives the number that an expression is for certain when the program is compiled, or refuses."""


def constructor(node: ast.AST) -> str:
    """Return the kind of object that an expression makes, "" if it makes none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OBJECTS:
        return node.func.id
    return ""


def is_array(node: ast.expr) -> bool:
    """Tell whether an expression makes an array, or tries to."""
    return isinstance(node, (ast.List, ast.ListComp)) or (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult)
        and isinstance(node.left, ast.List)
    )


def shape_of(source: Source, node: ast.expr, constant: Constant) -> Shape:
    """Return the elements of an array, for which `is_array` is true, and its rows.

    Raises
    ------
    LanguageError
        Where it is no array that the language has.
    """
    if isinstance(node, ast.List):
        return _listed(source, node, constant)
    if isinstance(node, ast.ListComp):
        return _comprehended(source, node, constant)
    assert isinstance(node, ast.BinOp), "the callers have asked is_array"
    return _repeated(source, node, constant)


def _listed(source: Source, node: ast.List, constant: Constant) -> Shape:
    if not node.elts:
        source.refuse(node, "an array without words; write log = [0] * 8")
    if not any(map(is_array, node.elts)):
        _check_size(source, node, len(node.elts))
        return Shape(list(node.elts))
    rows, words = [], 0
    for element in node.elts:
        if not is_array(element):
            source.refuse(element, "an array holds rows or numbers, not both; write a row here")
        rows.append(_row(source, element, constant))
        words += len(rows[-1])
        _check_size(source, node, words)
    for element, row in zip(node.elts, rows, strict=True):
        if len(row) != len(rows[0]):
            source.refuse(
                element,
                f"a row of {len(row)} among rows of {len(rows[0])}; make all rows equally long",
            )
    return Shape([word for row in rows for word in row], len(rows[0]))


def _row(source: Source, node: ast.expr, constant: Constant) -> list[ast.expr]:
    shape = shape_of(source, node, constant)
    if shape.columns:
        source.refuse(node, "an array has at most two dimensions; use arrays of rows")
    return shape.elements


def _repeated(source: Source, node: ast.BinOp, constant: Constant) -> Shape:
    assert isinstance(node.left, ast.List), "is_array has asked"
    if len(node.left.elts) != 1:
        source.refuse(
            node.left,
            f"{plural(len(node.left.elts), 'element')} repeated; repeat one, as in [0] * 8",
        )
    (element,) = node.left.elts
    length = constant(node.right)
    _check_size(source, node, length)
    kind = constructor(element)
    if kind:
        source.refuse(
            node,
            f"in Python this is one {kind}, {length} times; write "
            f"[{kind}() for _ in range({length})]",
        )
    if is_array(element):
        source.refuse(
            node,
            f"in Python this is one row, {length} times; write "
            f"[{ast.unparse(element)} for _ in range({length})]",
        )
    return Shape([element] * length)


def _check_size(source: Source, node: ast.expr, words: int) -> None:
    """Refuse an array that is too large, before so many elements are listed."""
    if not 1 <= words <= MAX_ARRAY:
        source.refuse(node, f"an array of {words} words; give a length of 1 to {MAX_ARRAY}")


def _comprehended(source: Source, node: ast.ListComp, constant: Constant) -> Shape:
    """Read ``[Lock() for _ in range(5)]``: the same anew for each round."""
    generator, element = node.generators[0], node.elt
    times = generator.iter
    if (
        len(node.generators) > 1
        or generator.ifs
        or not isinstance(generator.target, ast.Name)
        or not (isinstance(times, ast.Call) and isinstance(times.func, ast.Name))
        or times.func.id != "range"
        or len(times.args) != 1
        or times.keywords
    ):
        source.refuse(
            node, "an array is made with one 'for _ in range(n)' here; fill it with a loop"
        )
    length = constant(times.args[0])
    _check_size(source, node, length)
    if is_array(element):
        row = _row(source, element, constant)
        _check_plain(source, row)
        _check_size(source, node, len(row) * length)
        return Shape(row * length, len(row))
    if not constructor(element):
        _check_plain(source, [element])
    return Shape([element] * length)


def _check_plain(source: Source, elements: list[ast.expr]) -> None:
    """Refuse elements that would be computed anew in each round."""
    for element in dict.fromkeys(elements):
        if literal(element) is None:
            source.refuse(
                element, "what is repeated here is a number; fill the array with a loop afterwards"
            )
