"""Expressions to C, with Python's results and Python's order."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from kit.host.c.arrays import Arrays
from kit.host.c.calls import Calls
from kit.host.c.code import NOTHING, READS, Code, Context, indented
from kit.lang.scope import literal

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
"""Those that C has, with the same results."""

FUNCTIONS: dict[type[ast.operator], str] = {
    ast.FloorDiv: "floor_div",
    ast.Mod: "floor_mod",
    ast.Pow: "power",
    ast.LShift: "shift_left",
    ast.RShift: "shift_right",
}
"""Those whose results differ in C, and the helper that gives Python's."""

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class Expressions:
    """Translates the expressions of one function.

    Parameters
    ----------
    context : Context
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.arrays = Arrays(context, self)
        self.calls = Calls(context, self)
        self.forms: dict[type[ast.expr], Callable[[Any], Code]] = {
            ast.Name: self.name,
            ast.BinOp: lambda node: self.operate(node.op, node.left, node.right),
            ast.UnaryOp: self.unary,
            ast.BoolOp: self.boolean,
            ast.Compare: self.comparison,
            ast.IfExp: self.conditional,
            ast.Subscript: self.arrays.element,
            ast.Call: self.calls.call,
        }

    def value(self, node: ast.expr) -> Code:
        """Translate an expression that gives a word."""
        number = literal(node)
        if number is not None:
            return _number(number)
        form = self.forms.get(type(node))
        if form is None:
            self.context.refuse(node, f"'{ast.unparse(node)}' has no translation to C")
        return form(node)

    def word(self, node: ast.expr) -> Code:
        """Translate an expression whose C type has to be that of a word."""
        code = self.value(node)
        return code._replace(text=f"(word){code.inner}", is_int=False) if code.is_int else code

    def condition(self, node: ast.expr) -> Code:
        """Translate an expression of which only counts whether it is 0."""
        if isinstance(node, ast.BoolOp):
            return self.joined(node)
        code = self.value(node)
        if code.is_int or not code.is_compound:
            return code
        return Code(f"{code.inner} != 0", True, code.effect, True)

    def name(self, node: ast.Name) -> Code:
        """Translate a variable; an array is its address."""
        context, name = self.context, self.context.name(node.id)
        if context.is_own(node.id):
            if node.id in context.function.arrays:
                context.unit.use("ADDRESS")
                return Code(f"ADDRESS({name})")
            shared = node.id in self.calls.addressed
            return Code(name, effect=READS if shared else NOTHING)
        variable = context.variable(node.id)
        if variable is not None and variable.is_array:
            context.unit.use("ADDRESS")
            return Code(f"ADDRESS({name})")
        return Code(name, effect=READS)

    def operate(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> Code:
        """Translate an operator between two expressions."""
        one, other = self.context.ordered((left, right), self.word)
        return self.combined(operator, one, other)

    def combined(self, operator: ast.operator, one: Code, other: Code) -> Code:
        """Return an operator between two pieces of C."""
        effect = max(one.effect, other.effect)
        if _is_digits(other.text):
            one = _long(one)
        if type(operator) in FUNCTIONS:
            helper = self.context.unit.use(FUNCTIONS[type(operator)])
            return Code(f"{helper}({one.text}, {other.text})", effect=effect)
        sign = OPERATORS[type(operator)]
        left = one.text if sign == "+" and _is_sum(one.text) else one.inner
        return Code(f"{left} {sign} {_unsigned(other)}", True, effect)

    def unary(self, node: ast.UnaryOp) -> Code:
        """Translate an operator in front of an expression."""
        if isinstance(node.op, ast.Not):
            code = self.condition(node.operand)
            return Code(f"!{code.inner}", True, code.effect, True)
        code = _long(self.word(node.operand))
        if isinstance(node.op, ast.UAdd):
            return code
        sign = "-" if isinstance(node.op, ast.USub) else "~"
        if sign == "~" and isinstance(node.operand, ast.Compare | ast.UnaryOp | ast.Constant):
            # Of what is true or false a compiler takes ~ for a mistake.
            return Code(f"-1 - {code.inner}", True, code.effect)
        return Code(f"{sign}{_unsigned(code)}", True, code.effect)

    def boolean(self, node: ast.BoolOp) -> Code:
        """Translate ``and`` or ``or``: the result is the operand that decided."""
        if all(isinstance(value, ast.Compare) or _is_not(value) for value in node.values):
            return self.joined(node)
        return self.by_steps(node, self.word)

    def joined(self, node: ast.BoolOp) -> Code:
        """Translate ``and`` or ``or`` where only counts whether the result is 0."""
        sign = "&&" if isinstance(node.op, ast.And) else "||"
        codes = [self.condition(node.values[0])]
        for value in node.values[1:]:
            before: list[str] = []
            with self.context.aside(before):
                codes.append(self.condition(value))
            if before:
                return self.by_steps(node, self.condition)
        texts = [code.inner if _joins(code.text) else code.text for code in codes]
        return Code(f" {sign} ".join(texts), True, max(c.effect for c in codes), True)

    def by_steps(self, node: ast.BoolOp, translate: Callable[[ast.expr], Code]) -> Code:
        """Translate it with statements, of which those of an operand must not always run."""
        context, result = self.context, self.context.new("value")
        context.before.append(f"word {result} = {translate(node.values[0]).text};")
        test = result if isinstance(node.op, ast.And) else f"!{result}"
        for value in node.values[1:]:
            before: list[str] = []
            with context.aside(before):
                code = translate(value)
            context.before.append(f"if ({test}) {{")
            context.before += indented([*before, f"{result} = {code.text};"])
            context.before.append("}")
        return Code(result)

    def conditional(self, node: ast.IfExp) -> Code:
        """Translate ``x if y else z``: of the two values only one is computed."""
        context, test = self.context, self.condition(node.test)
        one: list[str] = []
        other: list[str] = []
        with context.aside(one):
            body = _long(self.word(node.body))
        with context.aside(other):
            otherwise = self.word(node.orelse)
        if not one and not other:
            effect = max(test.effect, body.effect, otherwise.effect)
            return Code(f"{test.inner} ? {body.inner} : {otherwise.inner}", True, effect)
        result = context.new("value")
        context.before += [f"word {result};", f"if ({test.text}) {{"]
        context.before += indented([*one, f"{result} = {body.text};"])
        context.before.append("} else {")
        context.before += indented([*other, f"{result} = {otherwise.text};"])
        context.before.append("}")
        return Code(result)

    def comparison(self, node: ast.Compare) -> Code:
        """Translate one comparison, or a chain of them, in which each operand is computed once."""
        context = self.context
        if len(node.ops) > 1 and any(map(_may_act, node.comparators)):
            return self.chain(node)
        codes = context.ordered((node.left, *node.comparators), self.word)
        for number, (one, other) in enumerate(pairwise(codes)):
            if one.text == other.text:  # of which a compiler warns
                codes[number] = context.keep(one)
        parts = [
            f"{one.inner} {COMPARISONS[type(sign)]} {other.inner}"
            for sign, (one, other) in zip(node.ops, pairwise(codes), strict=True)
        ]
        effect = max(code.effect for code in codes)
        return Code(" && ".join(parts), True, effect, is_int=True)

    def chain(self, node: ast.Compare) -> Code:
        """Translate a chain of comparisons in which an operand is computed only where it counts."""
        context, result = self.context, self.context.new("value")
        left = context.keep(self.word(node.left))
        found: list[str] = []
        lines, opened = context.before, 0
        lines.append(f"word {result} = 0;")
        for place, (sign, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            found = []
            with context.aside(found):
                kept = context.keep(self.word(right))
            test = f"{result} = {left.text} {COMPARISONS[type(sign)]} {kept.text};"
            lines += ["    " * opened + line for line in [*found, test]]
            if place < len(node.ops) - 1:
                lines.append("    " * opened + f"if ({result}) {{")
                opened += 1
            left = kept
        lines += ["    " * depth + "}" for depth in reversed(range(opened))]
        return Code(result)


def _may_act(node: ast.expr) -> bool:
    """Tell whether computing an expression may be noticed: a call, a fault, another's store."""
    return any(
        isinstance(n, (ast.Call, ast.Subscript, ast.Name, ast.BinOp)) for n in ast.walk(node)
    )


def _number(number: int) -> Code:
    if number == -(1 << 63):
        return Code(f"(-{(1 << 63) - 1}LL - 1)")
    suffix = "LL" if abs(number) > 0x7FFFFFFF else ""
    return Code(f"{number}{suffix}")


def _is_digits(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _long(code: Code) -> Code:
    """Return it as 64 bits: C computes with fewer where all it sees are small numbers."""
    return code._replace(text=f"{code.text}LL") if _is_digits(code.text) else code


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _unsigned(code: Code) -> str:
    """Return it as what follows a sign: two minus signs in a row would be another operator."""
    return f"({code.text})" if code.is_compound or code.text.startswith("-") else code.text


def _is_sum(text: str) -> bool:
    return "(" not in text and not any(sign in text for sign in "&|^?<>=!~")


def _joins(text: str) -> bool:
    return "&&" in text or "||" in text or "?" in text
