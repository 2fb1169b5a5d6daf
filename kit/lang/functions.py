"""Python's own functions that the language has: ``min``, ``max``, ``abs`` and ``sum``.

They are a few instructions where they are called; nothing is asked of the system. A
program may define a function of the same name, which is then meant.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kit.lang.arrays import Sequence
from kit.lang.context import FunctionContext
from kit.lang.system_call import SystemCall

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions

FUNCTIONS = {
    "min": SystemCall(
        1, 6, True, "the smallest of numbers, or of an array's elements", form="min(x, y)"
    ),
    "max": SystemCall(
        1, 6, True, "the largest of numbers, or of an array's elements", form="max(x, y)"
    ),
    "abs": SystemCall(1, 1, True, "x without its sign", form="abs(x)"),
    "sum": SystemCall(
        1, 2, True, "the sum of an array's elements, added to y if it is given", form="sum(log)"
    ),
}
"""Name -> how it is called."""

_KEEPS = {"min": "LE", "max": "GE"}
"""The comparison by which what was found before stays the result."""


class Functions:
    """Compiles the calls of these functions in one function of the program.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def call(self, node: ast.Call, name: str) -> None:
        """Emit a call whose result is in r0; all registers above may be used."""
        first = node.args[0]
        array = self.expressions.arrays.sequence(first)
        if array is not None and array.row is None and array.array.variable.columns:
            self.context.refuse(
                first, f"{name} takes numbers, and this is an array of rows; take one row"
            )
        if name == "abs":
            self.absolute(first)
        elif name == "sum":
            if array is None:
                self.context.refuse(
                    first, "sum takes the name of an array; add other numbers with +"
                )
            self.total(array, node.args[1:])
        elif array is not None and len(node.args) == 1:
            self.best(array, _KEEPS[name])
        elif len(node.args) == 1:
            self.context.refuse(
                first, f"{name} takes an array, or numbers; write {name}(log) or {name}(x, y)"
            )
        else:
            self.best_of(node.args, _KEEPS[name])

    def absolute(self, node: ast.expr) -> None:
        """Emit code for ``abs``."""
        context, end = self.context, self.context.out.label()
        self.expressions.value(node, 0)
        context.emit("GEI", 1, 0, 0)
        context.emit("JNZ", 1, end)
        context.emit("NEG", 0, 0)
        context.out.place(end)

    def best_of(self, nodes: list[ast.expr], keeps: str) -> None:
        """Emit code for the smallest or largest of some values."""
        self.expressions.value(nodes[0], 0)
        for node in nodes[1:]:
            self.expressions.value(node, 1)
            self.keep(keeps)

    def keep(self, keeps: str) -> None:
        """Emit code that moves r1 to r0 unless what is there is to stay."""
        context, stays = self.context, self.context.out.label()
        context.emit(keeps, 2, 0, 1)
        context.emit("JNZ", 2, stays)
        context.emit("MOV", 0, 1)
        context.out.place(stays)

    def best(self, sequence: Sequence, keeps: str) -> None:
        """Emit code for the smallest or largest element of an array."""
        self.prepare(sequence)
        self.context.emit("LI", 3, 0)
        self.element(sequence, 0)
        top, end = self.begin(sequence, 1)
        self.element(sequence, 1)
        self.keep(keeps)
        self.next(top, end)

    def total(self, sequence: Sequence, start: list[ast.expr]) -> None:
        """Emit code for the sum of an array's elements."""
        if sequence.row is None:
            self.expressions.value(start[0] if start else ast.Constant(0), 0)
        else:
            self.prepare(sequence)
            self.expressions.value(start[0] if start else ast.Constant(0), 5)
            self.context.emit("MOV", 0, 5)
        top, end = self.begin(sequence, 0)
        self.element(sequence, 1)
        self.context.emit("ADD", 0, 0, 1)
        self.next(top, end)

    def prepare(self, sequence: Sequence) -> None:
        """Emit code that leaves the address of a row, if it is one, in r4."""
        if sequence.row is not None:
            self.expressions.arrays.row_address(sequence, 4)

    def element(self, sequence: Sequence, register: int) -> None:
        """Emit code that loads the element whose index is in r3."""
        if sequence.row is None:
            self.expressions.arrays.load(sequence.array, 3, register)
        else:
            self.context.emit("LOADP", register, 4, 3)

    def begin(self, sequence: Sequence, index: int) -> tuple[int, int]:
        """Emit the beginning of a loop over an array from an index on, which is in r3."""
        context, top, end = self.context, self.context.out.label(), self.context.out.label()
        context.emit("LI", 3, index)
        context.out.place(top)
        context.emit("LTI", 2, 3, sequence.length)
        context.emit("JZ", 2, end)
        return top, end

    def next(self, top: int, end: int) -> None:
        """Emit the end of such a loop."""
        self.context.emit("ADDI", 3, 3, 1)
        self.context.emit("JMP", top)
        self.context.out.place(end)
