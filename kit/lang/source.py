"""The text of a program, and errors that point into it."""

from __future__ import annotations

import ast
import re
import warnings
from typing import NoReturn

from kit.errors import LanguageError

MAX_NESTING = 40
"""Deepest expression or block accepted: far beyond a lesson, far below Python's limit."""

MAX_TEXT = 200_000
"""Longest program text accepted, in characters."""

REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: ("'lambda'", "define a function with 'def' and pass its name"),
    ast.ClassDef: ("'class'", "use globals, arrays and functions"),
    ast.AsyncFunctionDef: ("'async def'", "use 'def' and spawn(f) for concurrency"),
    ast.Import: ("'import'", "a program imports nothing; the system calls are built in"),
    ast.ImportFrom: ("'from … import'", "a program imports nothing; the system calls are built in"),
    ast.Try: ("'try'", "check before the operation with 'if'; a fault ends the process"),
    ast.TryStar: ("'try'", "check before the operation with 'if'; a fault ends the process"),
    ast.Raise: ("'raise'", "use exit(code) to end the process"),
    ast.AsyncWith: ("'async with'", "there is nothing to enter here"),
    ast.AsyncFor: ("'async for'", "use 'for … in range(…)'"),
    ast.Match: ("'match'", "use 'if', 'elif' and 'else'"),
    ast.Delete: ("'del'", "leave the variable as it is"),
    ast.Nonlocal: ("'nonlocal'", "functions do not nest; use 'global'"),
    ast.NamedExpr: ("':='", "assign on a line of its own"),
    ast.Dict: ("a dictionary", "use an array such as log = [0] * 8"),
    ast.Set: ("a set", "use an array such as log = [0] * 8"),
    ast.Tuple: ("a tuple", "use one variable for each value"),
    ast.List: ("a list here", "make an array on a line of its own, such as log = [0] * 8"),
    ast.ListComp: ("a comprehension here", "make an array such as log = [0] * 8"),
    ast.SetComp: ("a comprehension", "use 'for … in range(…)'"),
    ast.DictComp: ("a comprehension", "use 'for … in range(…)'"),
    ast.GeneratorExp: ("a generator expression", "use 'for … in range(…)'"),
    ast.Await: ("'await'", "use join(t)"),
    ast.Yield: ("'yield'", "use 'return'"),
    ast.YieldFrom: ("'yield from'", "use 'return'"),
    ast.JoinedStr: ("an f-string here", 'it is allowed only in print, as in print(f"count {x}")'),
    ast.Attribute: ("'.'", "there are no objects; use a function or a system call"),
    ast.Starred: ("'*'", "write the arguments one by one"),
    ast.Slice: ("a slice", "use one index"),
}

SOMEWHERE: tuple[type[ast.AST], ...] = (
    ast.Attribute,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Slice,
    ast.Starred,
    ast.Tuple,
)
"""Refused in most places, but not in all: who comes across one of these has to judge it."""

_LOOP = "write it with 'if' and a loop"
_WHOLE = "values are whole numbers already; leave it out"

ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("any", "all", "sorted", "reversed"), _LOOP),
    **dict.fromkeys(("enumerate", "zip", "map", "filter"), _LOOP),
    **dict.fromkeys(("int", "float", "str", "bool", "round"), _WHOLE),
    **dict.fromkeys(("list", "dict", "set", "tuple"), "make an array at module level: [0] * 8"),
    "input": "there is no keyboard; read a file, or set globals",
    "range": "it is allowed only in 'for … in range(…)'",
    "Thread": "spawn(f, x) starts a thread, join(t) waits for its end",
    "signal": "a program has no handlers for signals; ignore(SIGTERM) lets it ignore one",
    "Process": "fork() makes a process, wait() waits for its end",
}
"""Name that Python or its library has -> what to do here."""


class Source:
    """A program's text and its name, parsed.

    Parameters
    ----------
    name : str
        The program's name, used in errors.
    text : str
        The program.

    Raises
    ------
    LanguageError
        If Python itself cannot parse the text, or it is nested too deeply.
    """

    def __init__(self, name: str, text: str) -> None:
        self.file = f"{name}.py"
        if len(text) > MAX_TEXT:
            self.refuse_at(1, 1, f"the program has {len(text)} characters; at most {MAX_TEXT} fit")
        self.text = text
        self.tree = self._parse(text)
        self._check_nesting()
        self.kinds: dict[ast.arg, str] = {}
        self.volatile: dict[ast.Assign, ast.AnnAssign] = {}

    def _parse(self, text: str) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(text, self.file)
        except SyntaxError as error:
            self.refuse_at(
                error.lineno or 1,
                error.offset or 1,
                f"Python cannot read this: {error.msg}; correct the line",
            )
        except (ValueError, RecursionError, MemoryError):
            self.refuse_at(1, 1, "Python cannot read this text; remove odd characters and nesting")

    def _check_nesting(self) -> None:
        level: list[ast.AST] = [self.tree]
        for _ in range(MAX_NESTING):
            level = [child for node in level for child in ast.iter_child_nodes(node)]
            if not level:
                return
        deep = next((node for node in level if hasattr(node, "lineno")), self.tree)
        self.refuse(deep, f"nested more than {MAX_NESTING} levels deep; use more variables")

    def refuse_at(self, line: int, column: int, message: str) -> NoReturn:
        """Raise `LanguageError` at a line and column, both counted from 1."""
        raise LanguageError(self.file, line, column, message)

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Raise `LanguageError` at a node of the syntax tree."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        self.refuse_at(line, self._characters(line, offset) + 1, message)

    def _characters(self, line: int, offset: int) -> int:
        """Return how many characters stand in the first `offset` bytes of a line.

        Python's syntax tree counts in bytes of UTF-8, people count characters.
        """
        lines = re.split(r"\r\n|\r|\n", self.text)
        written = lines[line - 1] if line <= len(lines) else ""
        return len(written.encode()[:offset].decode(errors="ignore"))

    def refuse_unknown(self, node: ast.AST) -> NoReturn:
        """Raise `LanguageError` for a construct that is not in the language."""
        found, advice = REFUSED.get(
            type(node), (f"'{type(node).__name__}'", "see the language page for what is")
        )
        self.refuse(node, f"{found} is not in the lesson language; {advice}")
