"""Statements to instructions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from kit.lang.assignments import Assignments
from kit.lang.context import FunctionContext
from kit.lang.expressions import Expressions
from kit.lang.loops import Loops
from kit.lang.patterns import Pattern
from kit.lang.scope import is_text
from kit.lang.synchronisation import Held, is_atomic

Entered = tuple[Held | None, str, str]
"""What a ``with`` block holds, None for an atomic block; the slot of its address, "" where it
needs none; and the call that gives it back."""


class Statements:
    """Compiles the statements of one function.

    Parameters
    ----------
    context : FunctionContext
    epilogue : int
        Label where the function returns.
    """

    def __init__(self, context: FunctionContext, epilogue: int) -> None:
        self.context, self.epilogue = context, epilogue
        self.expressions = Expressions(context)
        self.assignments = Assignments(context, self.expressions)
        self.loops = Loops(context, self.expressions, self.assignments, self)
        self.entered: list[Entered] = []

    def block(self, body: list[ast.stmt]) -> None:
        """Emit code for statements in order."""
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Emit code for one statement."""
        self.context.out.at(node)
        form = STATEMENTS.get(type(node))
        if form is None:
            self.context.source.refuse_unknown(node)
        form.emit(self, node)

    def nothing(self, node: ast.Pass | ast.Global) -> None:
        """Emit nothing: these only speak to the compiler."""

    def alone(self, node: ast.Expr) -> None:
        """Emit code for an expression that is a statement: only calls do something."""
        if is_text(node):
            return
        if not isinstance(node.value, ast.Call):
            if type(node.value) in (ast.Yield, ast.YieldFrom, ast.Await):
                self.context.source.refuse_unknown(node.value)
            self.context.refuse(node, "this computes a value and drops it; assign it or print it")
        self.expressions.call(node.value, 0, as_value=False)

    def returns(self, node: ast.Return) -> None:
        """Emit code that leaves the function with its result in r0."""
        if node.value is not None:
            self.refuse_own_array(node.value)
            self.expressions.value(node.value, 0)
        if self.entered and node.value is not None:
            self.context.emit("PUSH", 0)
            self.leave(0)
            self.context.emit("POP", 0)
        else:
            self.leave(0)
        self.context.emit("JMP", self.epilogue)

    def refuse_own_array(self, node: ast.expr) -> None:
        """Refuse to return an array that is gone when the function has returned."""
        sequence = self.expressions.arrays.sequence(node)
        if sequence is not None and sequence.array.is_local:
            name = sequence.array.variable.name
            self.context.refuse(
                node,
                f"'{name}' is in the stack frame of this call, which ends with it; "
                "let the caller pass an array to fill",
            )

    def with_block(self, node: ast.With) -> None:
        """Emit a ``with`` block; what it enters is left on every way out but the end of the thread.

        The address of an element is computed once, as Python does, and kept.
        """
        synchronisation = self.expressions.synchronisation
        outside = len(self.entered)
        for place, item in enumerate(node.items):
            if is_atomic(item.context_expr):
                self.context.emit_call("atomic_begin", 0)
                self.entered.append((None, "", "atomic_end"))
                continue
            named, held, enter, leave = synchronisation.entered(item)
            slot = ""
            synchronisation.address(named, held, 0)
            if held.is_array or held.variable is None:
                slot = with_slot(node, place)
                self.context.store(slot)
            self.context.emit_call(enter, 1)
            self.entered.append((held, slot, leave))
        self.block(node.body)
        self.context.out.line = node.lineno
        self.leave(outside)
        del self.entered[outside:]

    def leave(self, outside: int) -> None:
        """Emit code that leaves all ``with`` blocks but the outer `outside` ones."""
        for held, slot, leave in reversed(self.entered[outside:]):
            if held is None:
                self.context.emit_call(leave, 0)
                continue
            if held.variable is None or slot:
                self.context.load(slot)
            else:
                self.context.emit("LEA", 0, held.variable.offset)
            self.context.emit_call(leave, 1)

    def assertion(self, node: ast.Assert) -> None:
        """Emit an ``assert``; the fault shows the condition as it is written."""
        text = ast.unparse(node.test)
        if node.msg is not None:
            if not isinstance(node.msg, ast.Constant) or not isinstance(node.msg.value, str):
                self.context.refuse(node.msg, "the message of an assert is a text in quotes")
            text = f"{text}: {node.msg.value}"
        holds = self.context.out.label()
        self.expressions.value(node.test, 0)
        self.context.emit("JNZ", 0, holds)
        number = self.context.pattern(node, Pattern((text,)))
        self.context.emit_call("fail_assert", number)
        self.context.out.place(holds)

    def branch(self, node: ast.If) -> None:
        """Emit code for ``if``, and ``elif`` and ``else`` where they stand."""
        otherwise, end = self.context.out.label(), self.context.out.label()
        self.expressions.value(node.test, 0)
        self.context.emit("JZ", 0, otherwise)
        self.block(node.body)
        if node.orelse:
            self.context.emit("JMP", end)
        self.context.out.place(otherwise)
        self.block(node.orelse)
        self.context.out.place(end)


def _assign(to: Statements, node: ast.Assign) -> None:
    to.assignments.assign(node)


def _augment(to: Statements, node: ast.AugAssign) -> None:
    to.assignments.augmented(node)


def _while(to: Statements, node: ast.While) -> None:
    to.loops.while_loop(node)


def _for(to: Statements, node: ast.For) -> None:
    to.loops.for_loop(node)


def _jump(to: Statements, node: ast.Break | ast.Continue) -> None:
    to.loops.jump(node)


class Form(NamedTuple):
    """One kind of statement.

    Attributes
    ----------
    emit : callable
        What compiles it, given `Statements` and the node.
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
        _assign,
        "x = y",
        "first the value, then the targets, left to right; `a, b = b, a` takes all values first",
    ),
    ast.AugAssign: Form(
        _augment,
        "log[x] += 1",
        "load, compute, store: three steps",
    ),
    ast.If: Form(Statements.branch, "if x: …", "0 is false, everything else true; elif, else"),
    ast.While: Form(_while, "while x: …", "as long as x is not 0; no else"),
    ast.For: Form(
        _for,
        "for x in range(1, y, 2): …",
        "range with one to three numbers, or an array: `for x in log: …`; no else",
    ),
    ast.Return: Form(Statements.returns, "return x", "leave the function, with a value or without"),
    ast.Break: Form(_jump, "break", "leave the innermost loop"),
    ast.Continue: Form(
        _jump,
        "continue",
        "begin the next round of the innermost loop",
    ),
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
