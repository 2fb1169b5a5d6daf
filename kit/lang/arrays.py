"""Arrays whose length is known: elements, rows, bounds and addresses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from kit.lang.context import FunctionContext
from kit.lang.image import Variable
from kit.lang.instructions import FP, WORD
from kit.lang.scope import Shape, literal

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions

ADDRESS = 7
"""The register that holds the address of a local array while one element is used."""

MOST_UNROLLED = 8
"""Words of a local array up to which no loop is written to set them."""


class Array(NamedTuple):
    """An array, and whether it stands in the stack frame of the function."""

    variable: Variable
    is_local: bool


class Sequence(NamedTuple):
    """What a loop can go over: an array, or one row of it.

    Attributes
    ----------
    array : Array
    row : ast.expr or None
        Index of the row; None for the whole array.
    """

    array: Array
    row: ast.expr | None

    @property
    def length(self) -> int:
        """How many elements, or rows, it has."""
        variable = self.array.variable
        return variable.count if self.row is None else variable.columns


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

    # What an expression names

    def whole(self, node: ast.expr) -> Array | None:
        """Return the array of numbers that `node` names, or None if it is some other value."""
        if not isinstance(node, ast.Name):
            return None
        if node.id in self.context.arrays:
            return Array(self.context.arrays[node.id], True)
        if node.id in self.context.slots:
            return None
        variable = self.expressions.variable(node)
        return Array(variable, False) if variable.is_array else None

    def sequence(self, node: ast.expr) -> Sequence | None:
        """Return the array or row that `node` names, or None if it is some other value."""
        array = self.whole(node)
        if array is not None:
            return Sequence(array, None)
        if isinstance(node, ast.Subscript):
            array = self.whole(node.value)
            if array is not None and array.variable.columns:
                return Sequence(array, node.slice)
        return None

    def element(self, node: ast.Subscript) -> tuple[Array, list[ast.expr]] | None:
        """Return the array and the indexes of the element that `node` names, or None."""
        sequence = self.sequence(node.value)
        if sequence is None or (sequence.row is None and sequence.array.variable.columns):
            return None
        rows = [] if sequence.row is None else [sequence.row]
        return sequence.array, [*rows, node.slice]

    # Elements

    def index(self, array: Array, nodes: list[ast.expr], depth: int) -> None:
        """Emit code that leaves the number of an element in register `depth`, or faults."""
        variable, emit = array.variable, self.context.emit
        self.expressions.value(nodes[0], depth)
        emit("BOUND", depth, variable.count)
        if len(nodes) == 1:
            return
        emit("MULI", depth, depth, variable.columns)
        other = self.expressions.beside(nodes[1], depth)
        emit("BOUND", other, variable.columns)
        emit("ADD", depth, depth, other)

    def load(self, array: Array, index: int, register: int) -> None:
        """Emit code that loads the element whose number is in a register into another one."""
        if array.is_local:
            self.base(array, ADDRESS)
            self.context.emit("LOADP", register, ADDRESS, index)
        else:
            self.context.emit("LOADA", register, index, array.variable.offset)

    def store(self, array: Array, index: int, register: int) -> None:
        """Emit code that stores a register into the element whose number is in another one."""
        if array.is_local:
            self.base(array, ADDRESS)
            self.context.emit("STOREP", register, ADDRESS, index)
        else:
            self.context.emit("STOREA", register, index, array.variable.offset)

    # Addresses

    def base(self, array: Array, register: int) -> None:
        """Emit code that leaves the address of an array in a register."""
        if array.is_local:
            self.context.emit("ADDI", register, FP, array.variable.offset)
        else:
            self.context.emit("LEA", register, array.variable.offset)

    def address(self, array: Array, nodes: list[ast.expr], depth: int) -> None:
        """Emit code that leaves the address of an element in register `depth`."""
        self.index(array, nodes, depth)
        self.at(array, WORD, depth)

    def row_address(self, sequence: Sequence, depth: int) -> None:
        """Emit code that leaves the address of a row in register `depth`."""
        variable = sequence.array.variable
        assert sequence.row is not None, "the callers have asked"
        self.expressions.value(sequence.row, depth)
        self.context.emit("BOUND", depth, variable.count)
        self.at(sequence.array, variable.columns * WORD, depth)

    def at(self, array: Array, size: int, depth: int) -> None:
        """Emit code that makes the address of element r(depth) of it, each of some bytes."""
        self.context.emit("MULI", depth, depth, size)
        if array.is_local:
            self.base(array, ADDRESS)
            self.context.emit("ADD", depth, depth, ADDRESS)
        else:
            self.expressions.add_data(depth, array.variable.offset)

    # Local arrays

    def make(self, name: str, shape: Shape) -> None:
        """Emit code that gives all words of a local array what they start as."""
        offset = self.context.arrays[name].offset
        places: dict[ast.expr, list[int]] = {}
        for number, node in enumerate(shape.elements):
            places.setdefault(node, []).append(offset + number * WORD)
        if len(places) == 1 or all(literal(node) is not None for node in places):
            for node, offsets in places.items():
                self.expressions.value(node, 0)
                self._fill(offsets)
            return
        for node in places:
            self.expressions.value(node, 0)
            self.context.emit("PUSH", 0)
        for node in reversed(places):
            self.context.emit("POP", 0)
            self._fill(places[node])

    def _fill(self, offsets: list[int]) -> None:
        """Emit code that stores r0 into words of the frame that are equally far apart."""
        context = self.context
        if len(offsets) <= MOST_UNROLLED:
            for offset in offsets:
                context.emit("STOREF", 0, offset)
            return
        top, apart = context.out.label(), (offsets[1] - offsets[0]) // WORD
        context.emit("LI", 1, 0)
        context.out.place(top)
        context.emit("ADDI", ADDRESS, FP, offsets[0])
        context.emit("STOREP", 0, ADDRESS, 1)
        context.emit("ADDI", 1, 1, apart)
        context.emit("LTI", 2, 1, len(offsets) * apart)
        context.emit("JNZ", 2, top)

    def refuse_whole(self, node: ast.Name, array: Array) -> None:
        """Refuse an array with rows where one value is wanted."""
        if array.variable.columns:
            name = array.variable.name
            self.context.refuse(
                node, f"'{name}' is an array of rows; take a row, {name}[i], or use it by its name"
            )
