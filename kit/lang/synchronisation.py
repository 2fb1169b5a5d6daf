"""Code for locks and their kin: methods, ``with``, and where they stand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NoReturn

from kit.errors import nearest
from kit.lang.context import FunctionContext
from kit.lang.image import Variable
from kit.lang.instructions import WORD
from kit.lang.objects import OBJECTS, READ_ONLY_METHODS
from kit.lang.source import ELSEWHERE
from kit.lang.system_calls import NUMBERS

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


def refuse_as_number(context: FunctionContext, node: ast.AST, variable: Variable) -> NoReturn:
    """Refuse a lock where a number is wanted."""
    name, methods = variable.name, ", ".join(OBJECTS[variable.kind].methods)
    context.refuse(
        node,
        f"'{name}' is a {variable.kind}, not a number; call one of its methods ({methods}), or "
        f"take address({name})",
    )


class Synchronisation:
    """Compiles what programs do with locks, semaphores, conditions and barriers.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
        For the same function.
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def object_at(self, node: ast.expr) -> Variable | None:
        """Return the object variable, or array of them, that an expression names, or None."""
        name = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(name, ast.Name) or name.id in self.context.slots:
            return None
        variable = self.context.scope.variables.get(name.id)
        return variable if variable is not None and variable.kind in OBJECTS else None

    def address(self, node: ast.expr, variable: Variable, depth: int) -> None:
        """Emit code that leaves the address of an object in register `depth`."""
        if isinstance(node, ast.Subscript):
            if not variable.is_array:
                self.context.refuse(
                    node, f"'{variable.name}' is one {variable.kind}; drop the index"
                )
            self.expressions.value(node.slice, depth)
            self.context.emit("BOUND", depth, variable.count)
            self.context.emit("MULI", depth, depth, variable.words * WORD)
            self.expressions.add_data(depth, variable.offset)
            return
        if variable.is_array:
            self.context.refuse(
                node, f"'{variable.name}' is an array of {variable.kind}s; take {variable.name}[i]"
            )
        self.context.emit("LEA", depth, variable.offset)

    def method(self, node: ast.Call, depth: int, as_value: bool) -> None:
        """Emit a call of a method, such as ``lock.acquire()``."""
        target = node.func
        assert isinstance(target, ast.Attribute), "the caller has checked it"
        variable = self.object_at(target.value)
        if variable is None:
            hint = ELSEWHERE.get(target.attr, "use a function or a system call")
            if target.attr in ("start", "join"):
                hint = ELSEWHERE["Thread"]
            self.context.refuse(
                target,
                "'.' stands only behind a Lock, Semaphore, Condition or Barrier in the lesson "
                f"language; {hint}",
            )
        kind, name = OBJECTS[variable.kind], target.attr
        if node.args or node.keywords:
            self.context.refuse(node, f"{name} takes no arguments here; write {name}()")
        if READ_ONLY_METHODS.get(name) == variable.kind:
            self.address(target.value, variable, depth)
            self.context.emit("LOADX", depth, depth)
            self.context.emit("NEI", depth, depth, 0)
            return
        if name not in kind.methods:
            self.context.refuse(
                target, f"a {variable.kind} has no '{name}'; {nearest(name, kind.methods)}"
            )
        if as_value:
            self.context.refuse(node, f"{name} has no result here; call it on a line of its own")
        self.address(target.value, variable, 0)
        for call in kind.methods[name]:
            self.context.emit("SYS", NUMBERS[call], 1)

    def entered(self, item: ast.withitem) -> Variable:
        """Return the object that a ``with`` enters, or refuse."""
        if item.optional_vars is not None:
            self.context.refuse(item.optional_vars, "'as' is not in the lesson language; drop it")
        variable = self.object_at(item.context_expr)
        if variable is None or not OBJECTS[variable.kind].enter:
            self.context.refuse(
                item.context_expr,
                "'with' takes a Lock, Semaphore or Condition; write 'with lock:' and define "
                "lock = Lock() at module level",
            )
        return variable
