"""Programs of the lesson language as Python programs, for a computer without a C compiler."""

from __future__ import annotations

import ast
import shlex
import sys
from pathlib import Path

from kit.host.c import is_file_name
from kit.host.errors import HostError
from kit.lang.annotations import without_annotations
from kit.lang.objects import VALUES
from kit.lang.program import Program
from kit.lang.signal_names import put_numbers
from kit.lang.source import Source

HERE = Path(__file__).parent
MISSING = frozenset(
    {"address", "send", "recv", "sender", "call", "serve", "reply", "down", "up", "choose"}
    | {"read_page_table", "write_page_table", "disable_interrupts", "halt", "atomic"}
    | {"wait_condition", "notify", "notify_all", "wait_barrier"}
)
"""Calls that are there in the model only, or need C."""
MOST_CHARACTERS = 120
"""Older systems read no more of the first line of a script."""
NAMED = ("open", "exec", "shared")
"""Calls that name a file."""


def write_script(program: Program, path: Path) -> None:
    """Write a program that runs a program of the lesson language in Python.

    Parameters
    ----------
    program : Program
    path : Path

    Raises
    ------
    HostError
        At what only C can do.
    """
    text = python_text(program)
    image = program.image.variables.values()
    variables = [variable.name for variable in image if variable.kind in VALUES]
    lines = [
        *_first_lines(sys.executable),
        "import sys",
        f"sys.path.insert(0, {str(HERE)!r})",
        "from in_python.program import run",
        f"run({program.name!r}, {text!r}, {variables!r})",
    ]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    path.chmod(0o700)


def _first_lines(python: str) -> list[str]:
    """Return what lets the system start a script with Python, wherever that is."""
    if len(python) < MOST_CHARACTERS and not any(map(str.isspace, python)):
        return [f"#!{python} -IS"]
    # Read by a shell it starts Python, to which it is a text.
    return ["#!/bin/sh", f"'''exec' {shlex.quote(python)} -IS \"$0\"", "' '''"]


def python_text(program: Program) -> str:
    """Return a program as Python executes it, with the calls of the lesson as functions.

    Parameters
    ----------
    program : Program

    Raises
    ------
    HostError
        At what only C can do.
    """
    if program.language != "python":
        raise HostError(f"'{program.name}' is written in assembly, which Python cannot run")
    source = Source(program.name, program.text)
    without_annotations(source)
    put_numbers(source)
    tree = source.tree
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.Assign)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            _check(source, node, node.func.id)
            if node.func.id == "print":
                node.args = [_as_number(argument) for argument in node.args]
        elif isinstance(node, ast.FormattedValue):
            node.value = _as_number(node.value)
    return ast.unparse(ast.fix_missing_locations(_Numbers().visit(tree)))


class _Numbers(ast.NodeTransformer):
    """Keeps numbers in 64 bits, as those of the lesson are."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Put what may become too large into a call."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            return _call("power", node.left, node.right)
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.LShift | ast.FloorDiv):
            return node if isinstance(node.left, ast.List) else _call("wrap", node)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Put a minus into a call, since the least number has no opposite."""
        self.generic_visit(node)
        return _call("wrap", node) if isinstance(node.op, ast.USub) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """Write ``x += y`` as a load, an addition and a store, which it is."""
        if not isinstance(node.target, ast.Name):
            self.generic_visit(node)
            return node
        loaded = ast.Name(node.target.id, ast.Load())
        value = self.visit_BinOp(ast.BinOp(loaded, node.op, node.value))
        return ast.Assign([node.target], value)


def _call(name: str, *given: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [*given], [])


def _check(source: Source, node: ast.Call, name: str) -> None:
    place = f"{source.file}:{node.lineno}:{node.col_offset + 1}"
    if name in MISSING:
        raise HostError(
            f"{place}: {name}() cannot be run in Python; with a C compiler more can be (Debian, "
            "Ubuntu: apt-get install gcc)"
        )
    first = node.args[0] if node.args else None
    if name in NAMED and isinstance(first, ast.Constant) and not is_file_name(str(first.value)):
        raise HostError(f"{place}: the name {first.value!r} would lead out of the folder")


def _as_number(node: ast.expr) -> ast.expr:
    """Let what is true be printed as 1, as in the lesson."""
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.Starred):
        return node
    return ast.UnaryOp(ast.UAdd(), node)
