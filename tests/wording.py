"""The texts that people read in the kit, and habits of wording that make them hard to read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

KIT = Path(__file__).parents[1] / "kit"
COMMANDS = frozenset({"command", "group"})
"""What decorates a function whose docstring is help of the command `kit`."""

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
_REMARK = re.compile(r"/\*.*?\*/|^\s*//.*?$|(?<=[;,{}()\s])// .*?$", re.DOTALL | re.MULTILINE)

HABITS = {
    "stands for is": r"\b(?:stands?|stood|standing)\b(?! for\b)",
    "a bare who": r"(?<!people )(?<!students )(?<!student )\b[Ww]ho(?:ever)?\b",
    "behind, beside": r"\b(?:[Bb]ehind|[Bb]eside)\b",
    "one a line": (
        r"\b(?:[Aa]n?|[Oo]ne|\d+) [a-z]+ an? "
        r"(?:thread|process|core|line|instruction|page|tick|word|student|cell|question)\b"
    ),
    "nobody": r"\b(?:[Nn]obody|[Ss]omebody|[Ee]verybody)\b",
    "fairy tale": (
        r"\b(?:any more|for ever|[Aa]new|one and the same|is so|was so|no more(?! \w+s\b))\b"
    ),
    "calque": r"\b(?:go(?:es)? over to|com(?:es?|ing) in addition|come to its turn)\b",
}
"""Habit -> the words by which it is found."""


class Text(NamedTuple):
    """A text that people read.

    Attributes
    ----------
    file : str
        Below `kit/`.
    line : int
    text : str
    """

    file: str
    line: int
    text: str


@cache
def texts() -> tuple[Text, ...]:
    """Return all texts of the kit with at least two words: of Python, and of the page."""
    return tuple(_texts())


def _texts() -> Iterator[Text]:
    for path in sorted(KIT.rglob("*.py")):
        for line, text in _of_python(ast.parse(path.read_text("utf-8"))):
            if " " in text.strip():
                yield Text(str(path.relative_to(KIT)), line, text)
    for path in sorted(KIT.rglob("*.js")):
        source = _REMARK.sub(lambda it: "\n" * it[0].count("\n"), path.read_text("utf-8"))
        for found in _STRING.finditer(source):
            if " " in found[0].strip('"` '):
                line = source.count("\n", 0, found.start()) + 1
                yield Text(str(path.relative_to(KIT)), line, found[0][1:-1])


def _of_python(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string that a person reads; docstrings are help of commands."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else []:
            if isinstance(statement, ast.Expr) and not _is_command(node):
                silent.add(id(statement.value))
        if isinstance(node, ast.Assert):
            silent.add(id(node.msg))
        if isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in node.values)
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{}"
                    for part in node.values
                ),
            )
        # What a string is part of was met before the string.
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.lineno, node.value


def _is_command(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    names = (
        call.func if isinstance(call := decorator, ast.Call) else call
        for decorator in node.decorator_list
    )
    return any(isinstance(name, ast.Attribute) and name.attr in COMMANDS for name in names)


def found(habit: str) -> list[Text]:
    """Return the texts that have a habit."""
    pattern = re.compile(HABITS[habit])
    return [text for text in texts() if pattern.search(text.text)]
