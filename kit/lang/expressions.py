"""Expressions to instructions.

An expression of depth d leaves its value in register r(d); what it needs on the
way goes to the registers above. When they run out, values wait on the stack.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NoReturn

from kit.errors import nearest
from kit.lang.arrays import Arrays
from kit.lang.calls import Calls
from kit.lang.context import FunctionContext
from kit.lang.image import Variable
from kit.lang.instructions import IMMEDIATE_MAX, IMMEDIATE_MIN
from kit.lang.objects import INTEGER
from kit.lang.scope import check_range, immediate, literal
from kit.lang.signals import Signal
from kit.lang.synchronisation import Synchronisation, refuse_as_number
from kit.lang.system_calls import CALLABLE, TAKES_TEXTS

LAST = 5
"""Highest register that holds a value of an expression; r6 and r7 are for spilling."""
SPILL = 7

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "ADD",
    ast.Sub: "SUB",
    ast.Mult: "MUL",
    ast.FloorDiv: "DIV",
    ast.Mod: "MOD",
    ast.Pow: "POW",
    ast.BitAnd: "AND",
    ast.BitOr: "OR",
    ast.BitXor: "XOR",
    ast.LShift: "SHL",
    ast.RShift: "SHR",
}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "EQ",
    ast.NotEq: "NE",
    ast.Lt: "LT",
    ast.LtE: "LE",
    ast.Gt: "GT",
    ast.GtE: "GE",
}
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "NEG", ast.Invert: "INV", ast.Not: "NOT"}


class Expressions:
    """Compiles the expressions of one function.

    Parameters
    ----------
    context : FunctionContext
    """

    def __init__(self, context: FunctionContext) -> None:
        self.context = context
        self.arrays = Arrays(context, self)
        self.synchronisation = Synchronisation(context, self)
        self.calls = Calls(context, self)
        self.emitters: dict[type[ast.expr], Callable[[Any, int], None]] = {
            ast.Name: self.name,
            ast.BinOp: self.binary,
            ast.UnaryOp: self.unary,
            ast.BoolOp: self.boolean,
            ast.Compare: self.comparison,
            ast.IfExp: self.conditional,
            ast.Subscript: self.element,
            ast.Call: self.call,
        }

    def value(self, node: ast.expr, depth: int = 0) -> None:
        """Emit code that leaves the value of `node` in register `depth`."""
        number = literal(node)
        if number is not None:
            self.number(node, number, depth)
            return
        emit = self.emitters.get(type(node))
        if emit is not None:
            emit(node, depth)
            return
        if isinstance(node, ast.Constant):
            self.context.refuse(
                node,
                f"{node.value!r} is not a whole number; values are 64-bit integers, "
                f"texts are allowed only in {TAKES_TEXTS}",
            )
        self.context.source.refuse_unknown(node)

    def number(self, node: ast.expr, number: int, depth: int) -> None:
        """Emit code that leaves a number in register `depth`."""
        check_range(self.context.source, node, number)
        if IMMEDIATE_MIN <= number <= IMMEDIATE_MAX:
            self.context.emit("LI", depth, number)
            return
        high, low = number >> 32, number & 0xFFFFFFFF
        self.context.emit("LI", depth, high)
        self.context.emit("SHLI", depth, depth, 32)
        self.context.emit("ORI", depth, depth, low)

    def name(self, node: ast.Name, depth: int) -> None:
        """Emit code that leaves a variable, or an array's address, in register `depth`."""
        array = self.arrays.whole(node)
        if array is not None:
            self.arrays.refuse_whole(node, array)
            self.arrays.base(array, depth)
        elif node.id in self.context.function.kinds:
            kind = self.context.function.kinds[node.id]
            refuse_as_number(self.context, node, node.id, kind)
        elif node.id in self.context.slots:
            self.context.load(node.id, depth)
        else:
            self.context.emit("LOAD", depth, self.variable(node).offset)

    def variable(self, node: ast.Name) -> Variable:
        """Return the global number or array of numbers that `node` names, or refuse."""
        if node.id not in self.context.scope.variables:
            self.refuse_name(node)
        variable = self.context.scope.variables[node.id]
        if variable.kind != INTEGER:
            refuse_as_number(self.context, node, node.id, variable.kind)
        return variable

    def refuse_name(self, node: ast.Name) -> NoReturn:
        """Refuse a name that has no value."""
        if node.id in self.context.scope.functions or node.id in CALLABLE:
            message = "is a function, not a value; call it, or pass it to spawn"
        elif node.id.startswith("SIG"):
            message = f"is no signal here; there are {', '.join(Signal.__members__)}"
        else:
            known = [
                *(name for name in self.context.slots if "@" not in name),
                *self.context.scope.variables,
            ]
            message = f"is not defined; {nearest(node.id, known)}"
        self.context.refuse(node, f"'{node.id}' {message}")

    def binary(self, node: ast.BinOp, depth: int) -> None:
        """Emit code for an operator between two expressions."""
        if isinstance(node.op, ast.Div):
            self.context.refuse(
                node, "'/' gives a fraction and is not in the lesson language; use '//'"
            )
        if type(node.op) not in BINARY:
            self.context.refuse(node, "'@' is not in the lesson language; use '*'")
        self.value(node.left, depth)
        self.operate(BINARY[type(node.op)], node.right, depth)

    def operate(self, op: str, right: ast.expr, depth: int) -> None:
        """Emit ``r(depth) = r(depth) op right``."""
        number = immediate(right)
        if number is not None:
            self.context.emit(op + "I", depth, depth, number)
        else:
            self.context.emit(op, depth, depth, self.beside(right, depth))

    def unary(self, node: ast.UnaryOp, depth: int) -> None:
        """Emit code for an operator in front of an expression."""
        self.value(node.operand, depth)
        if not isinstance(node.op, ast.UAdd):
            self.context.emit(UNARY[type(node.op)], depth, depth)

    def boolean(self, node: ast.BoolOp, depth: int) -> None:
        """Emit code for ``and`` or ``or``; the result is the operand that decided."""
        end = self.context.out.label()
        for operand in node.values[:-1]:
            self.value(operand, depth)
            self.context.emit("JZ" if isinstance(node.op, ast.And) else "JNZ", depth, end)
        self.value(node.values[-1], depth)
        self.context.out.place(end)

    def conditional(
        self, node: ast.IfExp, depth: int, emit: Callable[[ast.expr, int], None] | None = None
    ) -> None:
        """Emit code for ``x if y else z``: of the two values only one is computed, by `emit`."""
        out, emit = self.context.out, emit or self.value
        otherwise, end = out.label(), out.label()
        self.value(node.test, depth)
        out.emit("JZ", depth, otherwise)
        emit(node.body, depth)
        out.emit("JMP", end)
        out.place(otherwise)
        emit(node.orelse, depth)
        out.place(end)

    def comparison(self, node: ast.Compare, depth: int) -> None:
        """Emit code for one comparison or a chain of them."""
        for sign in node.ops:
            if type(sign) not in COMPARE:
                self.context.refuse(
                    node, "'is' and 'in' are not in the lesson language; use == or a loop"
                )
        for one, other in pairwise((node.left, *node.comparators)):
            if self.arrays.sequence(one) and self.arrays.sequence(other):
                self.context.refuse(
                    other, "two arrays are not compared whole here; compare elements in a loop"
                )
        self.value(node.left, depth)
        if len(node.ops) == 1:
            self.operate(COMPARE[type(node.ops[0])], node.comparators[0], depth)
            return
        self.chain(node, depth)

    def chain(self, node: ast.Compare, depth: int) -> None:
        """Compare a chain from left to right; each operand is computed once.

        The operand in the middle is kept on the stack, so that a chain needs no
        more registers than a sum.
        """
        out = self.context.out
        end = out.label()
        last = len(node.ops) - 1
        for place, (sign, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if place == last:
                self.operate(COMPARE[type(sign)], right, depth)
                break
            out.emit("PUSH", depth)
            self.value(right, depth)
            out.emit("MOV", SPILL - 1, depth)
            out.emit("POP", depth)
            out.emit(COMPARE[type(sign)], depth, depth, SPILL - 1)
            out.emit("JZ", depth, end)
            out.emit("MOV", depth, SPILL - 1)
        out.place(end)

    def element(self, node: ast.Subscript, depth: int) -> None:
        """Emit code that leaves an element in register `depth`."""
        if isinstance(node.slice, (ast.Slice, ast.Tuple)):
            self.context.source.refuse_unknown(node.slice)
        found = self.arrays.element(node)
        if found is not None:
            self.arrays.index(*found, depth)
            self.arrays.load(found[0], depth, depth)
            return
        row = self.arrays.sequence(node)
        if row is not None:
            self.arrays.row_address(row, depth)
            return
        first, second = self.pair(node.value, node.slice, depth)
        self.context.emit("LOADP", depth, first, second)

    def pair(self, left: ast.expr, right: ast.expr, depth: int) -> tuple[int, int]:
        """Emit code for two values; return the registers that hold them."""
        self.value(left, depth)
        return depth, self.beside(right, depth)

    def beside(self, node: ast.expr, depth: int) -> int:
        """Emit code for a value while register `depth` is kept; return the one that holds it."""
        if depth < LAST:
            self.value(node, depth + 1)
            return depth + 1
        self.context.emit("PUSH", depth)
        self.value(node, depth)
        self.context.emit("MOV", SPILL, depth)
        self.context.emit("POP", depth)
        return SPILL

    def call(self, node: ast.Call, depth: int, as_value: bool = True) -> None:
        """Emit a call; its result is in register `depth`."""
        self.calls.call(node, depth, as_value)

    def add_data(self, depth: int, offset: int) -> None:
        """Emit ``r(depth) += address of data + offset``."""
        other = depth + 1 if depth < LAST else SPILL
        self.context.emit("LEA", other, offset)
        self.context.emit("ADD", depth, depth, other)
