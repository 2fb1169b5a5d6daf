"""Assignments to instructions."""

from __future__ import annotations

import ast

from kit.lang.arrays import Array
from kit.lang.context import FunctionContext
from kit.lang.expressions import BINARY, LAST, Expressions
from kit.lang.scope import SEVERAL, matched


class Assignments:
    """Compiles the assignments of one function.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def assign(self, node: ast.Assign) -> None:
        """Emit code for an assignment: first the value, then the targets, from the left."""
        made = self.context.function.made
        if node in made:
            self.expressions.arrays.make(node.targets[0].id, made[node])  # type: ignore[attr-defined]
            return
        if any(isinstance(target, SEVERAL) for target in node.targets):
            self.assign_several(node)
            return
        for target in node.targets:
            if not isinstance(target, (ast.Name, ast.Subscript)):
                self.context.source.refuse_unknown(target)
        self.value(node.value, 0, node.targets)
        for target in node.targets:
            self.store(target, 0)

    def value(self, node: ast.expr, register: int, targets: list[ast.expr]) -> None:
        """Emit code for what is assigned: a value, or for locals of its kind an object."""
        kinds = self.context.function.kinds
        if all(isinstance(target, ast.Name) and target.id in kinds for target in targets):
            self.expressions.synchronisation.passed(node, register)
        else:
            self.expressions.value(node, register)

    def assign_several(self, node: ast.Assign) -> None:
        """Emit code for ``a, b = b, a``: all values first, each in a register of its own."""
        values = matched(self.context.source, node)
        count = len(values)
        if count > LAST:
            self.context.refuse(
                node, f"{count} assignments at once, at most {LAST} fit; use two lines"
            )
        for register, value in enumerate(values):
            targets = [several.elts[register] for several in node.targets]  # type: ignore[attr-defined]
            self.value(value, register, targets)
        for several in node.targets:
            for register, target in enumerate(several.elts):  # type: ignore[attr-defined]
                self.store(target, register, count)

    def store(self, target: ast.expr, register: int, free: int = 1) -> None:
        """Emit code that stores `register` into a name or an element.

        Registers from `free` on may be used for it.
        """
        expressions = self.expressions
        if isinstance(target, ast.Name):
            self.store_name(target, register)
            return
        assert isinstance(target, ast.Subscript), "the callers have checked it"
        found = self.element(target)
        if found is not None:
            expressions.arrays.index(*found, free)
            expressions.arrays.store(found[0], free, register)
        else:
            first, second = expressions.pair(target.value, target.slice, free)
            self.context.emit("STOREP", register, first, second)

    def element(self, target: ast.Subscript) -> tuple[Array, list[ast.expr]] | None:
        """Return the array and the indexes that a target names, None for one by an address."""
        row = self.expressions.arrays.sequence(target)
        if row is not None:
            name = row.array.variable.name
            self.context.refuse(target, f"'{name}[i]' is a row and stays one; assign {name}[i][j]")
        return self.expressions.arrays.element(target)

    def store_name(self, target: ast.Name, register: int) -> None:
        """Emit code that stores `register` into a local or a global."""
        if target.id in self.context.slots:
            self.context.store(target.id, register)
            return
        variable = self.expressions.variable(target)
        if variable.is_array:
            self.context.refuse(
                target, f"'{target.id}' is an array and stays one; assign {target.id}[i]"
            )
        self.context.emit("STORE", register, variable.offset)

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
            self.context.source.refuse_unknown(target)
        arrays, found = expressions.arrays, self.element(target)
        if found is not None:
            arrays.index(*found, 0)
            arrays.load(found[0], 0, 1)
            expressions.operate(op, node.value, 1)
            arrays.store(found[0], 0, 1)
        else:
            expressions.pair(target.value, target.slice, 0)
            self.context.emit("LOADP", 2, 0, 1)
            expressions.operate(op, node.value, 2)
            self.context.emit("STOREP", 2, 0, 1)
