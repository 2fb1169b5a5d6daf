"""Parameters of a program: globals that begin with another number than its text says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from kit.errors import nearest, require
from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN
from kit.lang.shapes import is_array


def with_parameters(text: str, values: Mapping[str, object]) -> str:
    """Return the text of a program in which some globals begin with other numbers.

    Parameters
    ----------
    text : str
        Without the indentation of all lines. What is no Python is returned as it is: the
        compiler says what is wrong with it.
    values : mapping of str to int
        Name of a global -> what it begins with.

    Raises
    ------
    ArgumentError
        If there is no such global, or it is no number.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    found = dict(_numbers(tree))
    for name, value in values.items():
        require(
            name in found,
            f"Program: no line 'name = number' at module level defines '{name}', so it cannot be "
            f"a parameter; {nearest(name, found)}",
        )
        require(
            type(value) is int and INTEGER_MIN <= value <= INTEGER_MAX,
            f"Program: {name} is {value!r}; give a whole number of 64 bits",
        )
    # Python counts columns in bytes, and lines as bytes do.
    lines = text.encode().splitlines(keepends=True)
    # From the end on, so that what stands before does not move.
    for name in sorted(values, key=lambda name: _start(found[name]), reverse=True):
        _replace(lines, found[name], f"{values[name]}".encode())
    return b"".join(lines).decode()


def _numbers(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the globals that are numbers, with what they begin with."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value):
                yield from _if_number(name, value)
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
                yield from _if_number(name, value)
            case ast.Assign(targets=[ast.Tuple(names)], value=ast.Tuple(several)):
                for target, value in zip(names, several, strict=False):
                    if isinstance(target, ast.Name):
                        yield from _if_number(target.id, value)


def _if_number(name: str, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    number = isinstance(value, (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Name))
    if number and not is_array(value):
        yield name, value


def _start(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _replace(lines: list[bytes], node: ast.expr, written: bytes) -> None:
    """Write something in place of an expression, which may go over several lines."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    rest = lines[last][node.end_col_offset :]
    lines[first : last + 1] = [
        lines[first][: node.col_offset] + written + rest,
        *([b""] * (last - first)),
    ]
