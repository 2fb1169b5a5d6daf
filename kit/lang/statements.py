"""Statements to instructions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from kit.lang.expressions import BINARY, Expressions
from kit.lang.image import Variable
from kit.lang.instructions import IMMEDIATE_MAX, IMMEDIATE_MIN
from kit.lang.objects import OBJECTS
from kit.lang.scope import is_text, literal, own_nodes
from kit.lang.system_calls import NUMBERS

Loop = tuple[int, int, int]
"""Labels for ``continue`` and ``break``, and how many ``with`` blocks stand around it."""

Entered = tuple[Variable, str]
"""What a ``with`` block holds, and the slot of its address; "" where it needs none."""


class Statements:
    """Compiles the statements of one function.

    Parameters
    ----------
    expressions : Expressions
        For the same function.
    epilogue : int
        Label where the function returns.
    """

    def __init__(self, expressions: Expressions, epilogue: int) -> None:
        self.expressions = expressions
        self.source, self.out = expressions.source, expressions.out
        self.epilogue = epilogue
        self.loops: list[Loop] = []
        self.entered: list[Entered] = []

    def block(self, body: list[ast.stmt]) -> None:
        """Emit code for statements in order."""
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Emit code for one statement."""
        self.out.at(node)
        form = STATEMENTS.get(type(node))
        if form is None:
            self.source.refuse_unknown(node)
        form.emit(self, node)

    def nothing(self, node: ast.Pass | ast.Global) -> None:
        """Emit nothing: these only speak to the compiler."""

    def alone(self, node: ast.Expr) -> None:
        """Emit code for an expression that is a statement: only calls do something."""
        if is_text(node):
            return
        if not isinstance(node.value, ast.Call):
            if type(node.value) in (ast.Yield, ast.YieldFrom, ast.Await):
                self.source.refuse_unknown(node.value)
            self.source.refuse(node, "this computes a value and drops it; assign it or print it")
        self.expressions.call(node.value, 0, as_value=False)

    def returns(self, node: ast.Return) -> None:
        """Emit code that leaves the function with its result in r0."""
        if node.value is not None:
            self.expressions.value(node.value, 0)
        if self.entered and node.value is not None:
            self.out.emit("PUSH", 0)
            self.leave(0)
            self.out.emit("POP", 0)
        else:
            self.leave(0)
        self.out.emit("JMP", self.epilogue)

    def jump(self, node: ast.Break | ast.Continue) -> None:
        """Emit code that leaves the innermost loop or begins its next round."""
        leaves = isinstance(node, ast.Break)
        if not self.loops:
            word = "break" if leaves else "continue"
            self.source.refuse(node, f"'{word}' stands outside a loop; put it into one")
        self.leave(self.loops[-1][2])
        self.out.emit("JMP", self.loops[-1][leaves])

    def with_block(self, node: ast.With) -> None:
        """Emit a ``with`` block; what it enters is left on every way out but the end of the thread.

        The address of an element is computed once, as Python does, and kept.
        """
        synchronisation = self.expressions.synchronisation
        outside = len(self.entered)
        for place, item in enumerate(node.items):
            variable, slot = synchronisation.entered(item), ""
            synchronisation.address(item.context_expr, variable, 0)
            if variable.is_array:
                slot = with_slot(node, place)
                self.store_hidden(slot)
            self.out.emit("SYS", NUMBERS[OBJECTS[variable.kind].enter], 1)
            self.entered.append((variable, slot))
        self.block(node.body)
        self.out.line = node.lineno
        self.leave(outside)
        del self.entered[outside:]

    def leave(self, outside: int) -> None:
        """Emit code that leaves all ``with`` blocks but the outer `outside` ones."""
        for variable, slot in reversed(self.entered[outside:]):
            if slot:
                self.load(slot)
            else:
                self.out.emit("LEA", 0, variable.offset)
            self.out.emit("SYS", NUMBERS[OBJECTS[variable.kind].leave], 1)

    def assertion(self, node: ast.Assert) -> None:
        """Emit an ``assert``; the fault shows the condition as it is written."""
        text = ast.unparse(node.test)
        if node.msg is not None:
            if not isinstance(node.msg, ast.Constant) or not isinstance(node.msg.value, str):
                self.source.refuse(node.msg, "the message of an assert is a text in quotes")
            text = f"{text}: {node.msg.value}"
        holds = self.out.label()
        self.expressions.value(node.test, 0)
        self.out.emit("JNZ", 0, holds)
        number = self.expressions.calls.pattern(node, (text,))
        self.out.emit("SYS", NUMBERS["fail_assert"], number)
        self.out.place(holds)

    def branch(self, node: ast.If) -> None:
        """Emit code for ``if``, and ``elif`` and ``else`` where they stand."""
        otherwise, end = self.out.label(), self.out.label()
        self.expressions.value(node.test, 0)
        self.out.emit("JZ", 0, otherwise)
        self.block(node.body)
        if node.orelse:
            self.out.emit("JMP", end)
        self.out.place(otherwise)
        self.block(node.orelse)
        self.out.place(end)

    def while_loop(self, node: ast.While) -> None:
        """Emit code for ``while``; one that never ends by itself needs no test."""
        self.refuse_else(node)
        top, end = self.out.label(), self.out.label()
        self.out.place(top)
        if literal(node.test) in (None, 0):
            self.expressions.value(node.test, 0)
            self.out.emit("JZ", 0, end)
        self.body(node.body, top, end)
        self.out.line = node.lineno
        self.out.emit("JMP", top)
        self.out.place(end)

    def body(self, body: list[ast.stmt], top: int, end: int) -> None:
        """Emit code for the body of a loop."""
        self.loops.append((top, end, len(self.entered)))
        self.block(body)
        self.loops.pop()

    def refuse_else(self, node: ast.While | ast.For) -> None:
        """Refuse a loop with ``else``."""
        if node.orelse:
            self.source.refuse(
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
            self.source.refuse(node.target, "the loop variable is a plain name; use 'for i in'")
        start, stop, step = self.range_arguments(node)
        name = node.target.id
        counter, limit = f"{name} next@{node.lineno}", f"{name} stop@{node.lineno}"
        top, test, end = self.out.label(), self.out.label(), self.out.label()
        self.range_limits(start, stop, limit)
        hidden = self.is_changed(node)
        self.out.emit("JMP", test)
        self.out.place(top)
        self.load(counter if hidden else name)
        self.out.emit("ADDI", 0, 0, step)
        self.out.place(test)
        if hidden:
            self.store_hidden(counter)
        self.test_limit(stop, step, limit, end)
        self.store(node.target, 0)
        self.body(node.body, top, end)
        self.out.line = node.lineno
        self.out.emit("JMP", top)
        self.out.place(end)

    def range_limits(self, start: ast.expr, stop: ast.expr, limit: str) -> None:
        """Emit code that leaves `start` in r0 and `stop`, unless a number, in its slot."""
        value = self.expressions.value
        if literal(stop) is not None:
            value(start, 0)
            return
        if literal(start) is None:
            value(start, 0)
            self.out.emit("PUSH", 0)
        value(stop, 0)
        self.store_hidden(limit)
        if literal(start) is None:
            self.out.emit("POP", 0)
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
            self.source.refuse(node.iter, "'for' counts only; write 'for i in range(n):'")
        step = literal(call.args[2]) if len(call.args) == 3 else 1
        if not step or not IMMEDIATE_MIN <= step <= IMMEDIATE_MAX:
            self.source.refuse(call, "the step of range is a number that is not 0; write -1 or 2")
        if len(call.args) == 1:
            return ast.Constant(0), call.args[0], step
        return call.args[0], call.args[1], step

    def is_changed(self, node: ast.For) -> bool:
        """Tell whether the body could change the loop variable by itself."""
        name = node.target.id  # type: ignore[attr-defined]
        if name in self.expressions.function.globals:
            return True
        return any(
            isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store) and child.id == name
            for child in own_nodes(node)
        )

    def test_limit(self, stop: ast.expr, step: int, limit: str, end: int) -> None:
        """Emit a jump to `end` unless r0 is still inside the range; r0 is kept."""
        op, number = ("LT" if step > 0 else "GT"), literal(stop)
        if number is not None and IMMEDIATE_MIN <= number <= IMMEDIATE_MAX:
            self.out.emit(op + "I", 1, 0, number)
        else:
            if number is None:
                self.out.emit("LOADF", 1, self.expressions.slots[limit])
            else:
                self.expressions.value(stop, 1)
            self.out.emit(op, 1, 0, 1)
        self.out.emit("JZ", 1, end)

    def store_hidden(self, name: str) -> None:
        """Emit code that stores r0 into a slot."""
        self.out.emit("STOREF", 0, self.expressions.slots[name])

    def load(self, name: str) -> None:
        """Emit code that loads a slot into r0."""
        self.out.emit("LOADF", 0, self.expressions.slots[name])

    def assign(self, node: ast.Assign) -> None:
        """Emit code for an assignment: first the value, then the targets, from the left."""
        for target in node.targets:
            if not isinstance(target, (ast.Name, ast.Subscript)):
                self.source.refuse_unknown(target)
        self.expressions.value(node.value, 0)
        for target in node.targets:
            self.store(target, 0)

    def store(self, target: ast.expr, register: int) -> None:
        """Emit code that stores `register` into a name or an element."""
        expressions = self.expressions
        if isinstance(target, ast.Name):
            self.store_name(target, register)
            return
        assert isinstance(target, ast.Subscript), "the callers have checked it"
        array = expressions.array(target.value)
        if array is not None:
            expressions.value(target.slice, register + 1)
            self.out.emit("BOUND", register + 1, array.length)
            self.out.emit("STOREA", register, register + 1, array.offset)
        else:
            first, second = expressions.pair(target.value, target.slice, register + 1)
            self.out.emit("STOREP", register, first, second)

    def store_name(self, target: ast.Name, register: int) -> None:
        """Emit code that stores `register` into a local or a global."""
        if target.id in self.expressions.slots:
            self.out.emit("STOREF", register, self.expressions.slots[target.id])
            return
        variable = self.expressions.variable(target)
        if variable.is_array:
            self.source.refuse(
                target, f"'{target.id}' is an array and stays one; assign {target.id}[i]"
            )
        self.out.emit("STORE", register, variable.offset)

    def augmented(self, node: ast.AugAssign) -> None:
        """Emit code for ``target op= value``; where the target stands is computed once."""
        expressions, target = self.expressions, node.target
        operator = ast.BinOp(ast.Constant(0), node.op, node.value)
        ast.copy_location(operator, node)
        if type(node.op) not in BINARY:
            expressions.binary(operator, 0)
        op = BINARY[type(node.op)]
        if isinstance(target, ast.Name):
            expressions.name(target, 0)
            expressions.operate(op, node.value, 0)
            self.store_name(target, 0)
            return
        if not isinstance(target, ast.Subscript):
            self.source.refuse_unknown(target)
        array = expressions.array(target.value)
        if array is not None:
            expressions.value(target.slice, 0)
            self.out.emit("BOUND", 0, array.length)
            self.out.emit("LOADA", 1, 0, array.offset)
            expressions.operate(op, node.value, 1)
            self.out.emit("STOREA", 1, 0, array.offset)
        else:
            expressions.pair(target.value, target.slice, 0)
            self.out.emit("LOADP", 2, 0, 1)
            expressions.operate(op, node.value, 2)
            self.out.emit("STOREP", 2, 0, 1)


class Form(NamedTuple):
    """One kind of statement.

    Attributes
    ----------
    emit : callable
        The method that compiles it.
    text : str
        How it is written; statements inside it are written ``…``.
    meaning : str
        One line for the language page.
    """

    emit: Callable[[Statements, Any], None]
    text: str
    meaning: str


STATEMENTS: dict[type[ast.stmt], Form] = {
    ast.Assign: Form(
        Statements.assign, "x = y", "first the value, then the targets, left to right"
    ),
    ast.AugAssign: Form(Statements.augmented, "log[x] += 1", "load, compute, store: three steps"),
    ast.If: Form(Statements.branch, "if x: …", "0 is false, everything else true; elif, else"),
    ast.While: Form(Statements.while_loop, "while x: …", "as long as x is not 0; no else"),
    ast.For: Form(
        Statements.for_loop,
        "for x in range(1, y, 2): …",
        "range with one to three numbers, the step one that stands there; no else",
    ),
    ast.Return: Form(Statements.returns, "return x", "leave the function, with a value or without"),
    ast.Break: Form(Statements.jump, "break", "leave the innermost loop"),
    ast.Continue: Form(Statements.jump, "continue", "begin the next round of the innermost loop"),
    ast.With: Form(
        Statements.with_block,
        "with lock: …",
        "take a Lock, Semaphore or Condition, and give it back on every way out",
    ),
    ast.Assert: Form(Statements.assertion, 'assert x, "text"', "end the process if x is 0"),
    ast.Expr: Form(Statements.alone, "print(x)", "a call on a line of its own"),
    ast.Pass: Form(Statements.nothing, "pass", "nothing"),
    ast.Global: Form(Statements.nothing, "global count", "count is the global, not a local"),
}
"""Every statement of the language."""


def with_slot(node: ast.With, place: int) -> str:
    """Return the name of the slot for the address that a ``with`` block has entered."""
    return f"entered {place}@{node.lineno}:{node.col_offset}"
