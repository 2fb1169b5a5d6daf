"""What ``print`` writes: texts, values, f-strings, ``sep`` and ``end``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kit.errors import plural
from kit.lang.context import FunctionContext
from kit.lang.patterns import Part, Pattern, Value, is_format
from kit.lang.system_calls import SYSTEM_CALLS

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions

USUAL = {"sep": " ", "end": "\n"}
"""What stands between the arguments of ``print``, and behind the last."""


class Printing:
    """Finds out what one ``print`` writes, and of which values.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
    node : ast.Call

    Attributes
    ----------
    values : list of ast.expr
        What has to be computed, in order.
    """

    def __init__(self, context: FunctionContext, expressions: Expressions, node: ast.Call) -> None:
        self.context, self.expressions, self.node = context, expressions, node
        self.values: list[ast.expr] = []

    def pattern(self) -> Pattern:
        """Return the pattern of texts and values."""
        written = [list(self.parts(argument)) for argument in self.node.args]
        most = SYSTEM_CALLS["print"].most
        if len(self.values) > most:
            self.context.refuse(
                self.node,
                f"print shows {plural(len(self.values), 'value')} here, at most {most} at once; "
                'write the rest with another print, this one with end=""',
            )
        around = self.around()
        if around == USUAL and not any(isinstance(a, ast.JoinedStr) for a in self.node.args):
            return Pattern(tuple(part for parts in written for part in parts))
        flat: list[Part] = []
        for number, parts in enumerate(written):
            flat += [around["sep"], *parts] if number else parts
        return Pattern(_joined([*flat, around["end"]]), exact=True)

    def around(self) -> dict[str, str]:
        """Return what stands between the arguments and behind the last."""
        found, given = dict(USUAL), set[str]()
        for keyword in self.node.keywords:
            name, value = keyword.arg or "**", keyword.value
            if name not in found:
                self.context.refuse(
                    value, f"print has no '{name}' in the lesson language; it has sep= and end="
                )
            if name in given:
                self.context.refuse(value, f"print gets '{name}' twice; pass it once")
            given.add(name)
            if not isinstance(value, ast.Constant) or not isinstance(value.value, str | None):
                self.context.refuse(value, f'{name} is a text; write it in quotes, as in {name}=""')
            found[name] = USUAL[name] if value.value is None else value.value
        return found

    def parts(self, argument: ast.expr) -> Iterator[Part]:
        """Yield what an argument writes."""
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value
        elif isinstance(argument, ast.JoinedStr):
            for piece in argument.values:
                if isinstance(piece, ast.FormattedValue):
                    yield self.formatted(piece)
                else:
                    yield from self.parts(piece)
        else:
            yield self.value(argument)

    def formatted(self, piece: ast.FormattedValue) -> Part:
        """Return what stands for a value in the braces of an f-string."""
        spec = ""
        if piece.format_spec is not None:
            pieces = piece.format_spec.values  # type: ignore[attr-defined]
            if not all(isinstance(part, ast.Constant) for part in pieces):
                self.context.refuse(
                    piece.value,
                    "a format that is computed is not in the lesson language; "
                    "write the number, as in {x:5}",
                )
            spec = "".join(str(part.value) for part in pieces)
        if not is_format(spec) or (spec and piece.conversion != -1):
            self.context.refuse(
                piece.value,
                f"a whole number is not formatted by '{spec}' here; write {{x}}, {{x:5}}, "
                "{x:05d}, {x:x} or {x:>8b}",
            )
        return self.value(piece.value, spec)

    def value(self, node: ast.expr, spec: str = "") -> Value:
        """Note that a value has to be computed."""
        if self.expressions.arrays.sequence(node) is not None:
            self.context.refuse(node, "an array cannot be printed whole; print log[i]")
        self.values.append(node)
        return Value(spec)


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Return the parts with neighbouring texts put together and empty ones left out."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(part for part in joined if part != "")
