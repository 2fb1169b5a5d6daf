"""Annotations: Python's notes on types, which are read over, but for locks and their kin."""

from __future__ import annotations

import ast

from kit.lang.objects import OBJECTS
from kit.lang.source import Source


def without_annotations(source: Source) -> None:
    """Take all annotations out of a program's syntax tree; lines and columns stay.

    `Source.kinds` keeps which parameters are to be a lock or its kin.

    Raises
    ------
    LanguageError
        At an annotation that comes without a value.
    """
    source.tree = _Remover(source).visit(source.tree)


class _Remover(ast.NodeTransformer):
    def __init__(self, source: Source) -> None:
        self.source = source

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        kind = node.annotation
        if isinstance(kind, ast.Name) and kind.id in OBJECTS:
            self.source.kinds[node] = kind.id
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            name = ast.unparse(node.target)
            self.source.refuse(
                node, f"'{name}' gets a type here and no value; write {name} = 0, or leave it out"
            )
        assign = ast.Assign([node.target], node.value)
        return ast.copy_location(assign, node)
