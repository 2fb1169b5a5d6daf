"""Programs of the lesson language as Python programs, for a computer without a C compiler."""

from __future__ import annotations

import ast
import shlex
import sys
import unicodedata
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
        f"run({program.name!r}, {text!r}, {variables!r}, {_prefix(program)!r})",
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
    return ast.unparse(ast.fix_missing_locations(_Numbers(_prefix(program)).visit(tree)))


def _prefix(program: Program) -> str:
    """Return how names begin that are none of the program's own."""
    text, prefix = unicodedata.normalize("NFKC", program.text), "kit_"
    while prefix in text:
        prefix = f"_{prefix}"
    return prefix


class _Numbers(ast.NodeTransformer):
    """Keeps numbers in 64 bits, and lets each be used as a pointer, as those of the lesson can.

    Parameters
    ----------
    prefix : str
        How the names of the functions begin that do this.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def _call(self, name: str, *given: ast.expr) -> ast.Call:
        return ast.Call(ast.Name(self.prefix + name, ast.Load()), [*given], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Put what may become too large into a call; an array is repeated first."""
        if isinstance(node.left, ast.List):
            self.generic_visit(node.left)
            node.right = self.visit(node.right)
            return self._call("array", node)
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            return self._call("power", node.left, node.right)
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.LShift | ast.FloorDiv):
            return self._call("wrap", node)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Put a minus into a call, since the least number has no opposite."""
        self.generic_visit(node)
        return self._call("wrap", node) if isinstance(node.op, ast.USub) else node

    def visit_List(self, node: ast.List) -> ast.expr:
        """Put an array into a call, so that it has an address."""
        self.generic_visit(node)
        return self._call("array", node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Put what has words into a call: it may be an array, or a number that is an address."""
        self.generic_visit(node)
        node.value = self._call("words", node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """Write ``x += y`` as a load, an addition and a store, which it is."""
        target = node.target
        if isinstance(target, ast.Subscript):
            # A function, so that what is added is computed after the load.
            before = ast.arg(f"{self.prefix}before")
            loaded = ast.Name(before.arg, ast.Load())
            value = self.visit_BinOp(ast.BinOp(loaded, node.op, node.value))
            change = ast.Lambda(ast.arguments([], [before], None, [], [], None, []), value)
            array, index = self._call("words", self.visit(target.value)), self.visit(target.slice)
            return ast.Expr(self._call("update", array, index, change))
        assert isinstance(target, ast.Name), "the language has no other target"
        loaded = ast.Name(target.id, ast.Load())
        return ast.Assign([target], self.visit_BinOp(ast.BinOp(loaded, node.op, node.value)))


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
