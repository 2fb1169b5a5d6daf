"""Loops to instructions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from kit.lang.arrays import Sequence
from kit.lang.assignments import Assignments
from kit.lang.context import FunctionContext
from kit.lang.expressions import Expressions
from kit.lang.instructions import WORD
from kit.lang.patterns import Pattern
from kit.lang.scope import immediate, literal, own_nodes

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
            self.context.refuse(node, f"'{word}' is outside a loop; put it into one")
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
                "'else' of a loop is not in the lesson language; put an 'if' after the loop",
            )

    def for_loop(self, node: ast.For) -> None:
        """Emit a loop over a range or an array.

        As in Python the limits are computed once, the variable is set only when
        a round begins, and assigning to it does not change the count. The count
        gets a slot of its own only where the program could tell the difference.
        """
        self.refuse_else(node)
        if not isinstance(node.target, ast.Name):
            self.context.refuse(node.target, "the loop variable is a plain name; use 'for i in'")
        if not _is_range(node.iter):
            self.over_array(node, node.target.id)
            return
        start, stop, step = self.range_arguments(node.iter)
        name, number = node.target.id, immediate(step)
        counter, limit, by = (f"{name} {part}@{node.lineno}" for part in ("next", "stop", "step"))
        top, test, end = (self.context.out.label() for _ in range(3))
        if number is None:
            self.computed_limits((start, stop, step), limit, by)
        else:
            self.range_limits(start, stop, limit)
        hidden = self.is_changed(node)
        self.context.emit("JMP", test)
        self.context.out.place(top)
        self.context.load(counter if hidden else name)
        if number is None:
            self.context.load(by, 1)
            self.context.emit("ADD", 0, 0, 1)
        else:
            self.context.emit("ADDI", 0, 0, number)
        self.context.out.place(test)
        if hidden:
            self.context.store(counter)
        if number is None:
            self.test_either_limit(limit, by, end)
        else:
            self.test_limit(stop, number, limit, end)
        self.rounds(node, top, end)

    def rounds(self, node: ast.For, top: int, end: int) -> None:
        """Emit what a round does with the value in r0, and the way to the next."""
        self.assignments.store(node.target, 0)
        self.body(node.body, top, end)
        self.context.out.line = node.lineno
        self.context.emit("JMP", top)
        self.context.out.place(end)

    def over_array(self, node: ast.For, name: str) -> None:
        """Emit a loop over the elements of an array; each is read when its round begins."""
        arrays, synchronisation = self.expressions.arrays, self.expressions.synchronisation
        held = synchronisation.object_at(node.iter)
        objects = held.variable if held is not None and isinstance(node.iter, ast.Name) else None
        if objects is not None and objects.is_array:
            top, end = self.count_elements(f"{name} next@{node.lineno}", objects.count)
            synchronisation.element(objects, 0)
            self.rounds(node, top, end)
            return
        sequence = arrays.sequence(node.iter)
        if sequence is None:
            self.context.refuse(
                node.iter,
                "'for' goes over a range or an array; write 'for i in range(n):' or "
                "'for x in log:' with an array whose length is known",
            )
        self.refuse_made_anew(node, sequence)
        counter, row = f"{name} next@{node.lineno}", f"{name} stop@{node.lineno}"
        if sequence.row is not None:
            arrays.row_address(sequence, 0)
            self.context.store(row)
        top, end = self.count_elements(counter, sequence.length)
        if sequence.row is not None:
            self.context.load(row, 1)
            self.context.emit("LOADP", 0, 1, 0)
        elif sequence.array.variable.columns:
            arrays.at(sequence.array, sequence.array.variable.columns * WORD, 0)
        else:
            arrays.load(sequence.array, 0, 0)
        self.rounds(node, top, end)

    def count_elements(self, counter: str, length: int) -> tuple[int, int]:
        """Emit the beginning of a loop over elements, up to where r0 has the index of one."""
        top, test, end = (self.context.out.label() for _ in range(3))
        self.context.emit("LI", 0, 0)
        self.context.emit("JMP", test)
        self.context.out.place(top)
        self.context.load(counter)
        self.context.emit("ADDI", 0, 0, 1)
        self.context.out.place(test)
        self.context.store(counter)
        self.context.emit("LTI", 1, 0, length)
        self.context.emit("JZ", 1, end)
        return top, end

    def refuse_made_anew(self, node: ast.For, sequence: Sequence) -> None:
        """Refuse a loop over an array that it makes again: Python would go over the old one."""
        array = sequence.array
        made = (each for each in own_nodes(node) if each in self.context.function.made)
        for each in made if array.is_local else ():
            if each.targets[0].id == array.variable.name:  # type: ignore[attr-defined]
                self.context.refuse(
                    node.iter,
                    f"'{array.variable.name}' is made again in this loop over it; give the new "
                    "array another name",
                )

    def computed_limits(self, limits: tuple[ast.expr, ...], limit: str, by: str) -> None:
        """Emit code that leaves the start in r0, the stop and a step that is not 0 in slots."""
        for register, node in enumerate(limits):
            self.expressions.value(node, register)
        self.context.store(limit, 1)
        self.context.store(by, 2)
        fine = self.context.out.label()
        self.context.emit("JNZ", 2, fine)
        pattern = Pattern((f"the step of range, {ast.unparse(limits[2])}, is not 0",))
        self.context.emit_call("fail_assert", self.context.pattern(limits[2], pattern))
        self.context.out.place(fine)

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

    def range_arguments(self, call: ast.Call) -> tuple[ast.expr, ast.expr, ast.expr]:
        """Return start, stop and step of the range that a loop counts over."""
        if call.keywords or not 1 <= len(call.args) <= 3:
            self.context.refuse(
                call, "range takes one to three numbers; write range(n) or range(1, n, 2)"
            )
        step = call.args[2] if len(call.args) == 3 else ast.Constant(1)
        if literal(step) == 0:
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
        """Emit a jump to `end` unless r0 is still inside the range; r0 is kept.

        Parameters
        ----------
        stop : ast.expr
        step : int
            What is added in each round.
        limit : str
            Name of the slot that holds the limit.
        end : int
            Label behind the loop.
        """
        op, number = ("LT" if step > 0 else "GT"), immediate(stop)
        if number is not None:
            self.context.emit(op + "I", 1, 0, number)
        else:
            if literal(stop) is None:
                self.context.load(limit, 1)
            else:
                self.expressions.value(stop, 1)
            self.context.emit(op, 1, 0, 1)
        self.context.emit("JZ", 1, end)

    def test_either_limit(self, limit: str, by: str, end: int) -> None:
        """Emit the same for a step whose sign is known only while the program runs."""
        upwards, decide = self.context.out.label(), self.context.out.label()
        self.context.load(limit, 1)
        self.context.load(by, 2)
        self.context.emit("GTI", 2, 2, 0)
        self.context.emit("JNZ", 2, upwards)
        self.context.emit("GT", 1, 0, 1)
        self.context.emit("JMP", decide)
        self.context.out.place(upwards)
        self.context.emit("LT", 1, 0, 1)
        self.context.out.place(decide)
        self.context.emit("JZ", 1, end)


def _is_range(node: ast.expr) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    )
