"""Arrays whose length is known: elements, bounds and addresses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kit.lang.context import FunctionContext
from kit.lang.image import Variable
from kit.lang.instructions import WORD

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


class Arrays:
    """Compiles what one function does with arrays.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
        For the same function.
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def whole(self, node: ast.expr) -> Variable | None:
        """Return the array of numbers that `node` names, or None if it is some other value."""
        if isinstance(node, ast.Name) and node.id not in self.context.slots:
            variable = self.expressions.variable(node)
            if variable.is_array:
                return variable
        return None

    def index(self, array: Variable, node: ast.expr, depth: int) -> None:
        """Emit code that leaves an index that fits in register `depth`."""
        self.expressions.value(node, depth)
        self.context.emit("BOUND", depth, array.length)

    def load(self, array: Variable, index: int, register: int) -> None:
        """Emit code that loads the element whose index is in a register into another one."""
        self.context.emit("LOADA", register, index, array.offset)

    def store(self, array: Variable, index: int, register: int) -> None:
        """Emit code that stores a register into the element whose index is in another one."""
        self.context.emit("STOREA", register, index, array.offset)

    def address(self, array: Variable, node: ast.expr, depth: int) -> None:
        """Emit code that leaves the address of the element at an index in register `depth`."""
        self.index(array, node, depth)
        self.context.emit("MULI", depth, depth, WORD)
        self.expressions.add_data(depth, array.offset)
