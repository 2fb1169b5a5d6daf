"""The names of signals in a program: SIGTERM is 15, unless the program defines it itself."""

from __future__ import annotations

import ast

from kit.lang.signals import Signal
from kit.lang.source import Source


def put_numbers(source: Source) -> None:
    """Put its number in place of each name of a signal that the program does not use itself.

    Parameters
    ----------
    source : Source
    """
    nodes = list(ast.walk(source.tree))
    own = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    _Numbers(set(Signal.__members__) - own).visit(source.tree)


class _Numbers(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.names:
            return node
        return ast.copy_location(ast.Constant(Signal[node.id].value), node)
