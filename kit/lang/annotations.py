"""Annotations: Python's notes on types, which are read over, but for locks and their kin."""

from __future__ import annotations

import ast
import difflib

from kit.lang.objects import OBJECTS
from kit.lang.source import Source


def without_annotations(source: Source) -> None:
    """Take all annotations out of a program's syntax tree; lines and columns stay.

    `Source.kinds` keeps which parameters are to be a lock or its kin, `Source.volatile` which
    assignments carry the mark that a variable is meant to be shared.

    Raises
    ------
    LanguageError
        At an annotation that comes without a value.
    """
    source.tree = _Remover(source).visit(source.tree)


VOLATILE = "volatile"
"""The annotation of a global that threads are meant to share without a lock."""


def _name_of(annotation: ast.expr | None) -> str:
    """Return the name that an annotation is, also in quotes or before brackets; "" for none."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    if isinstance(annotation, ast.Name):
        return annotation.id
    quoted = annotation.value if isinstance(annotation, ast.Constant) else None
    return quoted.strip() if isinstance(quoted, str) else ""


class _Remover(ast.NodeTransformer):
    def __init__(self, source: Source) -> None:
        self.source = source
        self.globals: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        declared = (each for each in ast.walk(node) if isinstance(each, ast.Global))
        self.globals = {name for each in declared for name in each.names}
        visited = self.generic_visit(node)
        self.globals = set()
        return visited

    def visit_arg(self, node: ast.arg) -> ast.AST:
        kind = _name_of(node.annotation)
        if kind in OBJECTS:
            self.source.kinds[node] = kind
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            name = ast.unparse(node.target)
            self.source.refuse(
                node, f"'{name}' gets a type here and no value; write {name} = 0, or leave it out"
            )
        if isinstance(node.target, ast.Name) and node.target.id in self.globals:
            name = node.target.id
            self.source.refuse(
                node,
                f"'{name}' is a global, which gets its type at module level; leave it out here",
            )
        assign = ast.copy_location(ast.Assign([node.target], node.value), node)
        mark = _name_of(node.annotation)
        if mark == VOLATILE:
            self.source.volatile[assign] = node
        elif mark and difflib.get_close_matches(mark, [VOLATILE], cutoff=0.8):
            self.source.refuse(
                node.annotation, f"'{mark}' marks nothing; did you mean '{VOLATILE}'?"
            )
        return assign
