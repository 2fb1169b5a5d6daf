"""Arrays to C: elements, rows, and the words at an address."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from kit.host.c.code import READS, Code, Context
from kit.lang.objects import INTEGER
from kit.lang.scope import literal

if TYPE_CHECKING:
    from kit.host.c.expressions import Expressions


class Sequence(NamedTuple):
    """An array, or one row of it, in C.

    Attributes
    ----------
    text : str
        What names it.
    length : int
        Elements, or rows.
    columns : int
        Of an array of rows; 0 for any other.
    is_atomic : bool
    effect : int
    """

    text: str
    length: int
    columns: int
    is_atomic: bool
    effect: int = READS


class Arrays:
    """Translates what one function does with arrays.

    Parameters
    ----------
    context : Context
    expressions : Expressions
    """

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def whole(self, node: ast.expr) -> Sequence | None:
        """Return the array of numbers that an expression names, or None."""
        if not isinstance(node, ast.Name):
            return None
        shape = self.context.function.arrays.get(node.id)
        name = self.context.name(node.id)
        if shape is not None:
            rows = len(shape.elements) // (shape.columns or 1)
            return Sequence(name, rows, shape.columns, False)
        variable = self.context.variable(node.id)
        if variable is None or not variable.is_array or variable.kind != INTEGER:
            return None
        return Sequence(name, variable.count, variable.columns, variable.is_volatile)

    def sequence(self, node: ast.expr) -> Sequence | None:
        """Return the array or row that an expression names, or None."""
        array = self.whole(node)
        if array is None and isinstance(node, ast.Subscript):
            rows = self.whole(node.value)
            if rows is not None and rows.columns:
                index = self.index(node.slice, rows.length)
                text = f"{rows.text}[{index.text}]"
                return Sequence(text, rows.columns, 0, rows.is_atomic, max(READS, index.effect))
        return array

    def index(self, node: ast.expr, length: int) -> Code:
        """Translate an index of an array of which is known how long it is."""
        number = literal(node)
        if number is not None and -length <= number < length:
            return Code(str(number % length))
        code = self.expressions.word(node)
        helper = self.context.unit.use("at")
        return Code(f"{helper}({code.text}, {length})", effect=code.effect)

    def element(self, node: ast.Subscript) -> Code:
        """Translate an element, or a row, which is its address."""
        target = self.target(node)
        if target is not None:
            return target
        row = self.sequence(node)
        assert row is not None, "it is an element otherwise"
        self.context.unit.use("ADDRESS")
        return Code(f"ADDRESS({row.text})", effect=row.effect)

    def target(self, node: ast.Subscript) -> Code | None:
        """Translate an element as what can be assigned, None for a whole row."""
        array = self.whole(node.value)
        if array is not None and array.columns:
            return None
        sequence = array or self.sequence(node.value)
        if sequence is not None:
            index = self.index(node.slice, sequence.length)
            return Code(f"{sequence.text}[{index.text}]", effect=max(sequence.effect, index.effect))
        address, index = self.context.ordered((node.value, node.slice), self.expressions.word)
        helper = self.context.unit.use("WORDS")
        effect = max(READS, address.effect, index.effect)
        return Code(f"{helper}({address.text})[{index.text}]", effect=effect)
