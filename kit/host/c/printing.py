"""What ``print`` writes, as ``printf``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from kit.host.c.code import Code, Context

if TYPE_CHECKING:
    from kit.host.c.expressions import Expressions

_PLAIN = re.compile(r"(?P<left><?)(?P<sign>[+ ]?)(?P<zero>0?)(?P<width>\d*)d?")
"""Formats that ``printf`` has, too."""
_SPEC = re.compile(
    r"(?:(?P<fill>.?)(?P<align>[<>=^]))?(?P<sign>[+\- ]?)(?P<prefix>#?)(?P<zero>0?)"
    r"(?P<width>\d*)(?P<group>[,_]?)(?P<base>[bdoxX]?)"
)
_BASES = {"b": 2, "o": 8, "x": 16, "X": 16}


def c_string(text: str) -> str:
    """Return a text in quotes, as C writes it."""
    written = []
    for character in text:
        if character in '"\\?':
            written.append("\\" + character)
        elif character == "\n":
            written.append("\\n")
        elif ord(character) < 32 or ord(character) == 127:
            written.append(f"\\{ord(character):03o}")
        else:
            written.append(character)
    return '"' + "".join(written).replace("\\?", "?", text.count("?") == 1) + '"'


def c_character(text: str) -> str:
    """Return a character as C writes it; 0 for none."""
    return f"'{chr(92) if text in chr(92) + chr(39) else ''}{text}'" if text else "0"


class Printing:
    """Translates the ``print`` calls of one function.

    Parameters
    ----------
    context : Context
    expressions : Expressions
    """

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def call(self, node: ast.Call) -> str:
        """Return the call of ``printf`` that writes the same, "" if that is nothing."""
        around = {"sep": " ", "end": "\n"}
        for keyword in node.keywords:
            assert isinstance(keyword.value, ast.Constant), "the compiler has asked"
            if keyword.value.value is not None:
                around[str(keyword.arg)] = str(keyword.value.value)
        parts: list[str | tuple[ast.expr, str]] = []
        for number, argument in enumerate(node.args):
            parts += [around["sep"]] if number else []
            parts += self.parts(argument)
        parts.append(around["end"])
        values = [part[0] for part in parts if not isinstance(part, str)]
        codes = iter(self.context.ordered(values, self.expressions.word))
        form, given = "", []
        for part in parts:
            if isinstance(part, str):
                form += part.replace("%", "%%")
            else:
                more, arguments = self.conversion(*part, next(codes))
                form += more
                given += arguments
        return f"printf({', '.join([c_string(form), *given])})" if form else ""

    def parts(self, argument: ast.expr) -> list[str | tuple[ast.expr, str]]:
        """Return what an argument writes: texts, and values with their formats."""
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return [argument.value]
        if not isinstance(argument, ast.JoinedStr):
            return [(argument, "")]
        found: list[str | tuple[ast.expr, str]] = []
        for piece in argument.values:
            if isinstance(piece, ast.FormattedValue):
                spec = piece.format_spec
                texts = spec.values if isinstance(spec, ast.JoinedStr) else []
                found.append((piece.value, "".join(str(t.value) for t in texts)))  # type: ignore[attr-defined]
            else:
                found += self.parts(piece)
        return found

    def conversion(self, node: ast.expr, spec: str, code: Code) -> tuple[str, list[str]]:
        """Return how ``printf`` converts a value, and what it is given for it."""
        plain = _PLAIN.fullmatch(spec)
        if plain and not (plain["left"] and (plain["zero"] or not plain["width"])):
            text = f"{code.text}LL" if code.text.lstrip("-").isdigit() else code.text
            flags = plain["left"].replace("<", "-") + plain["sign"] + plain["zero"]
            return f"%{flags}{plain['width']}lld", [text]
        parts = _SPEC.fullmatch(spec)
        assert parts is not None, "the compiler has asked"
        fill = parts["fill"] or ("0" if parts["zero"] else " ")
        align = parts["align"] or ("=" if parts["zero"] else ">")
        if (parts["group"] and (fill, align) == ("0", "=")) or not fill.isascii():
            self.context.refuse(node, f"'{spec}' is not translated to C; fill with blanks")
        helper, base = self.context.unit.use("formatted"), parts["base"]
        prefix = f"0{base}" if parts["prefix"] and base in _BASES else ""
        given = [
            "(char[300]){0}",
            code.text,
            str(_BASES.get(base, 10)),
            c_string("0123456789ABCDEF" if base == "X" else "0123456789abcdef"),
            c_string(prefix),
            c_character(parts["group"]),
            c_character(parts["sign"].strip("-")),
            c_character(fill),
            c_character(align),
            parts["width"] or "0",
        ]
        return "%s", [f"{helper}({', '.join(given)})"]
