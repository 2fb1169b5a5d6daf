"""Arguments of a function of the program: in order, by name, or left to their defaults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kit.errors import nearest, plural
from kit.lang.context import FunctionContext
from kit.lang.scope import Function

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


class Arguments:
    """Finds out what each parameter gets in one call, and emits code for it.

    As in Python, arguments are computed in the order in which they are written.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
    node : ast.Call
    name : str
        The function that gets them.

    Attributes
    ----------
    written : list of ast.expr
        In the order of the text.
    ordered : list of ast.expr
        In the order of the parameters, defaults among them.
    """

    def __init__(
        self, context: FunctionContext, expressions: Expressions, node: ast.Call, name: str
    ) -> None:
        self.context, self.expressions = context, expressions
        self.node, self.name = node, name
        self.function: Function = context.scope.functions[name]
        self.written = [*node.args, *(keyword.value for keyword in node.keywords)]
        self.ordered = list(self._ordered())

    def _ordered(self) -> Iterator[ast.expr]:
        parameters, defaults = self.function.parameters, self.function.defaults
        given = dict(zip(parameters, self.node.args, strict=False))
        for keyword in self.node.keywords:
            self._check_keyword(keyword, given)
            given[str(keyword.arg)] = keyword.value
        missing = [name for name in parameters if name not in given and name not in defaults]
        if missing or len(self.node.args) > len(parameters):
            wanted = plural(len(parameters), "argument")
            least = len(parameters) - len(defaults)
            self.context.refuse(
                self.node,
                f"'{self.name}' takes {f'{least} to ' if defaults else ''}{wanted} "
                f"({self.function.signature or 'none'}), {len(self.written)} given; "
                "pass one for each",
            )
        for name in parameters:
            yield given[name] if name in given else ast.Constant(defaults[name])

    def _check_keyword(self, keyword: ast.keyword, given: dict[str, ast.expr]) -> None:
        if keyword.arg is None:
            self.context.refuse(
                keyword.value, "'**' is not in the lesson language; write the arguments one by one"
            )
        if keyword.arg not in self.function.parameters:
            known = self.function.parameters
            hint = nearest(keyword.arg, known) if known else "pass nothing"
            self.context.refuse(
                keyword.value, f"'{self.name}' has no parameter '{keyword.arg}'; {hint}"
            )
        if keyword.arg in given:
            self.context.refuse(
                keyword.value, f"'{self.name}' gets '{keyword.arg}' twice; pass it once"
            )

    @property
    def _is_in_order(self) -> bool:
        """Whether computing them in the order of the parameters is that of the text."""
        own = {id(node) for node in self.written}
        return [id(n) for n in self.ordered if id(n) in own] == [id(n) for n in self.written]

    def push(self) -> None:
        """Emit code that pushes what the function gets, the first parameter first."""
        if self._is_in_order:
            for node in self.ordered:
                self.expressions.synchronisation.passed(node, 0)
                self.context.emit("PUSH", 0)
            return
        self._push_from(0)

    def in_registers(self, first: int) -> None:
        """Emit code that leaves what the function gets in the registers from `first` on."""
        if self._is_in_order:
            for register, node in enumerate(self.ordered, first):
                self.expressions.synchronisation.passed(node, register)
            return
        self._push_from(first)
        for register in reversed(range(first, first + len(self.ordered))):
            self.context.emit("POP", register)

    def _push_from(self, first: int) -> None:
        """Emit code that computes in the order of the text and pushes in that of parameters."""
        registers = {}
        for register, node in enumerate(self.written, first):
            self.expressions.synchronisation.passed(node, register)
            registers[id(node)] = register
        free = first + len(self.written)
        for node in self.ordered:
            if id(node) not in registers:
                self.expressions.synchronisation.passed(node, free)
            self.context.emit("PUSH", registers.get(id(node), free))
