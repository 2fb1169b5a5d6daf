"""Two things Python finds out while running, found out before: no result, no value.

CPython raises ``UnboundLocalError`` for a local that is read before it was
assigned, and returns ``None`` from a function that ends without ``return``.
Memory has neither: a slot holds what was there before. So a program that could
do either is refused, by the rule of definite assignment (Gosling et al., *The
Java Language Specification*, chapter 16).
"""

from __future__ import annotations

import ast

from kit.lang.scope import Function, literal, own_nodes
from kit.lang.source import REFUSED, SOMEWHERE, Source

Assigned = frozenset[str]
Reached = Assigned | None
"""Locals that have a value for certain, or None where no path arrives."""


def check_words(source: Source, function: Function) -> None:
    """Refuse what the language has nowhere, before anything is asked of its meaning.

    Raises
    ------
    LanguageError
        At the first such construct.
    """
    for node in own_nodes(function.node):
        if type(node) in REFUSED and not isinstance(node, SOMEWHERE):
            source.refuse_unknown(node)


def check_flow(source: Source, name: str, function: Function) -> None:
    """Refuse reads of locals without a value, and missing ``return``s.

    Raises
    ------
    LanguageError
        At the place that reads or at the function that lacks a ``return``.
    """
    walk = _Walk(source, function)
    end = walk.block(function.node.body, frozenset(function.parameters))
    if function.returns_value and end is not None:
        source.refuse(
            function.node,
            f"'{name}' returns a value on one path and nothing on another; end it with 'return 0'",
        )


def _meet(first: Reached, second: Reached) -> Reached:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _never_returns(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in ("exit", "thread_exit", "abort")
    )


class _Walk:
    def __init__(self, source: Source, function: Function) -> None:
        self.source = source
        self.function = function
        self.breaks: list[list[Reached]] = []

    def block(self, body: list[ast.stmt], state: Reached) -> Reached:
        for statement in body:
            state = self.statement(statement, state)
        return state

    def statement(self, node: ast.stmt, state: Reached) -> Reached:  # noqa: C901, PLR0911 - a case each
        if state is None:
            return None
        match node:
            case ast.If():
                self.read(node.test, state)
                return _meet(self.block(node.body, state), self.block(node.orelse, state))
            case ast.While():
                self.read(node.test, state)
                forever = literal(node.test) not in (None, 0)
                return self.loop(node, state, None if forever else state)
            case ast.For():
                self.read(node.iter, state)
                target = {node.target.id} if isinstance(node.target, ast.Name) else set()
                return self.loop(node, state | target, state)
            case ast.With():
                for item in node.items:
                    self.read(item.context_expr, state)
                return self.block(node.body, state)
            case ast.Return():
                return self.result(node, state)
            case ast.Break():
                if self.breaks:
                    self.breaks[-1].append(state)
                return None
            case ast.Continue():
                return None
            case ast.Assign():
                self.read(node.value, state)
                for each in node.targets:
                    state = self.assigned(each, state)
                return state
        self.read(node, state)
        return None if _never_returns(node) else state

    def loop(self, node: ast.While | ast.For, inside: Assigned, after: Reached) -> Reached:
        self.breaks.append([])
        self.block(node.body, inside)
        for broken in self.breaks.pop():
            after = _meet(after, broken)
        return after

    def result(self, node: ast.Return, state: Assigned) -> Reached:
        if node.value is not None:
            self.read(node.value, state)
        elif self.function.returns_value:
            self.source.refuse(
                node, "'return' without a value in a function that returns one; write 'return 0'"
            )
        return None

    def assigned(self, target: ast.expr, state: Assigned) -> Assigned:
        """Return what has a value after an assignment to a target, which may read others."""
        if isinstance(target, ast.Name):
            return state | {target.id}
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                state = self.assigned(element, state)
            return state
        self.read(target, state)
        return state

    def read(self, node: ast.AST, state: Assigned) -> None:
        augmented = isinstance(node, ast.AugAssign)
        for child in ast.walk(node):
            if not isinstance(child, ast.Name) or child.id not in self.function.locals:
                continue
            if (isinstance(child.ctx, ast.Load) or augmented) and child.id not in state:
                self.source.refuse(
                    child,
                    f"'{child.id}' is assigned in this function, so it is local, and may have no "
                    f"value here; assign it first, or write 'global {child.id}'",
                )
