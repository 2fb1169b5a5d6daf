"""Loops to C."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kit.host.c.code import NOTHING, Code, Context
from kit.lang.scope import literal, own_nodes

if TYPE_CHECKING:
    from kit.host.c.expressions import Expressions
    from kit.host.c.statements import Statements


class Loops:
    """Translates the loops of one function.

    Parameters
    ----------
    context : Context
    expressions : Expressions
    statements : Statements
        For what is in the loops.
    """

    def __init__(self, context: Context, expressions: Expressions, statements: Statements) -> None:
        self.context, self.expressions, self.statements = context, expressions, statements
        self.outside: list[int] = []

    def jump(self, node: ast.Break | ast.Continue) -> None:
        """Translate ``break`` or ``continue``: ``with`` blocks in the loop are left first."""
        self.statements.leave(self.outside[-1])
        self.context.write("break;" if isinstance(node, ast.Break) else "continue;")

    def body(self, opening: str, body: list[ast.stmt], first: str = "") -> None:
        """Write a loop around its body."""
        self.outside.append(len(self.statements.entered))
        with self.context.block(opening):
            self.context.origin = None
            if first:
                self.context.write(first)
            self.statements.block(body)
            self.context.origin = None
        self.outside.pop()

    def while_loop(self, node: ast.While) -> None:
        """Translate ``while``."""
        if literal(node.test) not in (None, 0):
            self.body("while (1) {", node.body)
            return
        before: list[str] = []
        with self.context.aside(before):
            test = self.expressions.condition(node.test)
        if not before:
            self.body(f"while ({test.text}) {{", node.body)
            return
        self.outside.append(len(self.statements.entered))
        with self.context.block("while (1) {"):
            self.context.before += before
            self.context.write(f"if (!{test.inner}) break;")
            self.statements.block(node.body)
            self.context.origin = None
        self.outside.pop()

    def for_loop(self, node: ast.For) -> None:
        """Translate a loop over a range or an array.

        As in Python the limits are computed once, the variable is set only when a round
        begins, and assigning to it does not change the count. Where a program could tell, the
        count is a variable of its own.
        """
        assert isinstance(node.target, ast.Name), "the compiler has asked"
        if isinstance(node.iter, ast.Call):
            self.over_range(node, node.iter, node.target.id)
        else:
            self.over_array(node, node.target.id)

    def over_range(self, node: ast.For, call: ast.Call, name: str) -> None:
        """Translate ``for i in range(…)``."""
        codes = self.context.ordered(call.args, self.expressions.word)
        start = codes[0] if len(codes) > 1 else Code("0")
        stop = codes[0] if len(codes) == 1 else codes[1]
        step = codes[2] if len(codes) == 3 else Code("1")
        if literal(call.args[-1] if len(codes) < 3 else call.args[1]) is None:
            stop = self.fixed(stop, node, "stop")
        if len(codes) == 3 and literal(call.args[2]) is None:
            step = self.context.keep(step, "step")
        own = name in loop_counts(self.context)
        count = self.context.name(name) if own else self.context.new("round")
        by = literal(call.args[2]) if len(codes) == 3 else 1
        if by is None:
            self.context.unit.use("word")
            self.context.write(f"assert({step.text} != 0);")
            test = f"{step.text} > 0 ? {count} < {stop.inner} : {count} > {stop.inner}"
        else:
            test = f"{count} {'<' if by > 0 else '>'} {stop.inner}"
        ahead = {1: f"{count}++", -1: f"{count}--"}.get(by or 0, f"{count} += {step.text}")
        first = "" if own else f"{self.context.name(name)} = {count};"
        self.body(f"for (word {count} = {start.text}; {test}; {ahead}) {{", node.body, first)

    def fixed(self, code: Code, node: ast.For, stem: str) -> Code:
        """Return a limit that the body of the loop cannot change."""
        changed = {n.id for n in own_nodes(node) if isinstance(n, ast.Name) and _stores(n)}
        changed |= {node.target.id}  # type: ignore[attr-defined]
        names = {self.context.name(name) for name in changed}
        if code.effect == NOTHING and not any(name in code.text for name in names):
            return code
        return self.context.keep(code, stem)

    def over_array(self, node: ast.For, name: str) -> None:
        """Translate a loop over the elements of an array; each is read when its round begins."""
        calls, context = self.expressions.calls, self.context
        index, target = context.new("index"), context.name(name)
        held = calls.synchronisation.held(node.iter)
        if held is not None and held.variable is not None and held.variable.is_array:
            length, value = held.number, f"{held.pointer}[{index}]"
        else:
            sequence = self.expressions.arrays.sequence(node.iter)
            assert sequence is not None, "the compiler has asked"
            text = sequence.text
            if "(" in text:
                row = context.new("row")
                kind = "_Atomic word" if sequence.is_atomic else "word"
                context.before.append(f"{kind} *{row} = {text};")
                text = row
            length, value = sequence.length, f"{text}[{index}]"
            if sequence.columns:
                value = f"{context.unit.use('ADDRESS')}({value})"
        opening = f"for (word {index} = 0; {index} < {length}; {index}++) {{"
        self.body(opening, node.body, f"{target} = {value};")


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def loop_counts(context: Context) -> set[str]:
    """Return the locals that are nothing but the counts of loops over ranges.

    They are declared where the loop begins.
    """
    found: set[str] = set()
    refused: set[str] = set()

    def look(node: ast.AST, inside: frozenset[str]) -> None:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            name = node.target.id
            is_range = isinstance(node.iter, ast.Call)
            if name in inside or not is_range or name not in context.function.locals:
                refused.add(name)
            found.add(name)
            look(node.iter, inside)
            for child in node.body:
                look(child, inside | {name})
            return
        if isinstance(node, ast.Name) and (_stores(node) or node.id not in inside):
            refused.add(node.id)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "address":
            refused.update(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        for part in ast.iter_child_nodes(node):
            look(part, inside)

    for statement in context.function.node.body:
        look(statement, frozenset())
    return found - refused
