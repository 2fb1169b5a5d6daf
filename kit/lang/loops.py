"""Loops to instructions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from kit.lang.assignments import Assignments
from kit.lang.context import FunctionContext
from kit.lang.expressions import Expressions
from kit.lang.instructions import IMMEDIATE_MAX, IMMEDIATE_MIN
from kit.lang.scope import literal, own_nodes

if TYPE_CHECKING:
    from kit.lang.statements import Statements


class Loop(NamedTuple):
    """A loop whose body is being compiled.

    Attributes
    ----------
    top, end : int
        Labels for ``continue`` and ``break``.
    outside : int
        How many ``with`` blocks stand around it.
    """

    top: int
    end: int
    outside: int


class Loops:
    """Compiles the loops of one function.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
    assignments : Assignments
    statements : Statements
        For what stands in the loops.
    """

    def __init__(
        self,
        context: FunctionContext,
        expressions: Expressions,
        assignments: Assignments,
        statements: Statements,
    ) -> None:
        self.context, self.expressions = context, expressions
        self.assignments, self.statements = assignments, statements
        self.running: list[Loop] = []

    def jump(self, node: ast.Break | ast.Continue) -> None:
        """Emit code that leaves the innermost loop or begins its next round."""
        leaves = isinstance(node, ast.Break)
        if not self.running:
            word = "break" if leaves else "continue"
            self.context.refuse(node, f"'{word}' stands outside a loop; put it into one")
        self.statements.leave(self.running[-1].outside)
        self.context.emit("JMP", self.running[-1].end if leaves else self.running[-1].top)

    def while_loop(self, node: ast.While) -> None:
        """Emit code for ``while``; one that never ends by itself needs no test."""
        self.refuse_else(node)
        top, end = self.context.out.label(), self.context.out.label()
        self.context.out.place(top)
        if literal(node.test) in (None, 0):
            self.expressions.value(node.test, 0)
            self.context.emit("JZ", 0, end)
        self.body(node.body, top, end)
        self.context.out.line = node.lineno
        self.context.emit("JMP", top)
        self.context.out.place(end)

    def body(self, body: list[ast.stmt], top: int, end: int) -> None:
        """Emit code for the body of a loop."""
        self.running.append(Loop(top, end, len(self.statements.entered)))
        self.statements.block(body)
        self.running.pop()

    def refuse_else(self, node: ast.While | ast.For) -> None:
        """Refuse a loop with ``else``."""
        if node.orelse:
            self.context.refuse(
                node.orelse[0],
                "'else' of a loop is not in the lesson language; put an 'if' behind the loop",
            )

    def for_loop(self, node: ast.For) -> None:
        """Emit a loop over range.

        As in Python the limits are computed once, the variable is set only when
        a round begins, and assigning to it does not change the count. The count
        gets a slot of its own only where the program could tell the difference.
        """
        self.refuse_else(node)
        if not isinstance(node.target, ast.Name):
            self.context.refuse(node.target, "the loop variable is a plain name; use 'for i in'")
        start, stop, step = self.range_arguments(node)
        name = node.target.id
        counter, limit = f"{name} next@{node.lineno}", f"{name} stop@{node.lineno}"
        top, test, end = (
            self.context.out.label(),
            self.context.out.label(),
            self.context.out.label(),
        )
        self.range_limits(start, stop, limit)
        hidden = self.is_changed(node)
        self.context.emit("JMP", test)
        self.context.out.place(top)
        self.context.load(counter if hidden else name)
        self.context.emit("ADDI", 0, 0, step)
        self.context.out.place(test)
        if hidden:
            self.context.store(counter)
        self.test_limit(stop, step, limit, end)
        self.assignments.store(node.target, 0)
        self.body(node.body, top, end)
        self.context.out.line = node.lineno
        self.context.emit("JMP", top)
        self.context.out.place(end)

    def range_limits(self, start: ast.expr, stop: ast.expr, limit: str) -> None:
        """Emit code that leaves `start` in r0 and `stop`, unless a number, in its slot."""
        value = self.expressions.value
        if literal(stop) is not None:
            value(start, 0)
            return
        if literal(start) is None:
            value(start, 0)
            self.context.emit("PUSH", 0)
        value(stop, 0)
        self.context.store(limit)
        if literal(start) is None:
            self.context.emit("POP", 0)
        else:
            value(start, 0)

    def range_arguments(self, node: ast.For) -> tuple[ast.expr, ast.expr, int]:
        """Return start, stop and step of the range that a loop counts over."""
        call = node.iter
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "range"
            and 1 <= len(call.args) <= 3
            and not call.keywords
        ):
            self.context.refuse(node.iter, "'for' counts only; write 'for i in range(n):'")
        step = literal(call.args[2]) if len(call.args) == 3 else 1
        if not step or not IMMEDIATE_MIN <= step <= IMMEDIATE_MAX:
            self.context.refuse(call, "the step of range is a number that is not 0; write -1 or 2")
        if len(call.args) == 1:
            return ast.Constant(0), call.args[0], step
        return call.args[0], call.args[1], step

    def is_changed(self, node: ast.For) -> bool:
        """Tell whether the body could change the loop variable by itself."""
        name = node.target.id  # type: ignore[attr-defined]
        if name in self.context.function.globals:
            return True
        return any(
            isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store) and child.id == name
            for child in own_nodes(node)
        )

    def test_limit(self, stop: ast.expr, step: int, limit: str, end: int) -> None:
        """Emit a jump to `end` unless r0 is still inside the range; r0 is kept."""
        op, number = ("LT" if step > 0 else "GT"), literal(stop)
        if number is not None and IMMEDIATE_MIN <= number <= IMMEDIATE_MAX:
            self.context.emit(op + "I", 1, 0, number)
        else:
            if number is None:
                self.context.load(limit, 1)
            else:
                self.expressions.value(stop, 1)
            self.context.emit(op, 1, 0, 1)
        self.context.emit("JZ", 1, end)
