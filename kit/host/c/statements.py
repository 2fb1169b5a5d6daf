"""Statements to C, each with the line of the lesson that it comes from."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from kit.host.c.code import ACTS, NOTHING, Code, Context
from kit.host.c.expressions import FUNCTIONS, Expressions
from kit.host.c.loops import Loops
from kit.host.c.printing import Printing, c_string
from kit.lang.scope import SEVERAL, is_text

LONGEST_LIST = 8
"""Elements of a local array up to which no loop is written to set them."""


class Statements:
    """Translates the statements of one function.

    Parameters
    ----------
    context : Context

    Attributes
    ----------
    entered : list of str
        The calls that leave the ``with`` blocks around the statement, the outermost first.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.expressions = Expressions(context)
        self.printing = Printing(context, self.expressions)
        self.loops = Loops(context, self.expressions, self)
        self.entered: list[str] = []
        self.forms: dict[type[ast.stmt], Callable[[Any], None]] = {
            ast.Assign: self.assign,
            ast.AugAssign: self.augmented,
            ast.If: self.branch,
            ast.While: self.loops.while_loop,
            ast.For: self.loops.for_loop,
            ast.Return: self.returns,
            ast.Break: self.loops.jump,
            ast.Continue: self.loops.jump,
            ast.With: self.with_block,
            ast.Assert: self.assertion,
            ast.Expr: self.alone,
        }

    def block(self, body: list[ast.stmt]) -> None:
        """Translate statements in order."""
        for node in body:
            self.context.origin = node.lineno
            if type(node) in self.forms:
                self.forms[type(node)](node)

    def alone(self, node: ast.Expr) -> None:
        """Translate a call on a line of its own."""
        if is_text(node):
            return
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            is_own = call.func.id in self.context.unit.scope.functions
            if call.func.id == "print" and not is_own:
                text = self.printing.call(call)
                self.context.write(f"{text};")
                return
        code = self.expressions.value(call)
        acts = code.effect == ACTS and not (code.is_int and code.is_compound)
        self.context.write(f"{code.text};" if acts else f"(void)({code.text});")

    def assign(self, node: ast.Assign) -> None:
        """Translate an assignment: first the value, then the targets, from the left."""
        if node in self.context.function.made:
            self.array(node)
        elif any(isinstance(target, SEVERAL) for target in node.targets):
            self.several(node)
        else:
            first = node.targets[0]
            code = self.assigned(node.value, first)
            is_fixed = isinstance(node.value, ast.Constant) or self.kind(first)
            # The value may read what the first target has just become.
            if len(node.targets) > 1 and not is_fixed:
                code = self.context.keep(code)
            for target in node.targets:
                self.store(target, code)

    def assigned(self, value: ast.expr, target: ast.expr) -> Code:
        """Translate what is assigned: an object for a variable that stands for one, or a word."""
        if self.kind(target):
            return self.expressions.calls.synchronisation.passed(value)
        return self.expressions.value(value)

    def kind(self, target: ast.expr) -> str:
        """Return what kind of object a variable stands for; nothing if it is a word."""
        kinds = self.context.function.kinds
        return kinds.get(target.id, "") if isinstance(target, ast.Name) else ""

    def store(self, target: ast.expr, code: Code) -> None:
        """Write the assignment of a value to a variable or an element."""
        if isinstance(target, ast.Subscript):
            before = len(self.context.before)
            element = self.expressions.arrays.target(target)
            assert element is not None, "the compiler has asked"
            if code.effect != NOTHING and (
                element.effect > 1 or code.effect > 1 or len(self.context.before) > before
            ):
                name = self.context.new("value")
                self.context.before.insert(before, f"word {name} = {code.text};")
                code = Code(name)
            self.context.write(f"{element.text} = {code.text};")
        else:
            assert isinstance(target, ast.Name), "the compiler has asked"
            self.context.write(f"{self.context.name(target.id)} = {code.text};")

    def several(self, node: ast.Assign) -> None:
        """Translate ``a, b = b, a``: all values first."""
        assert isinstance(node.value, SEVERAL), "the compiler has asked"
        first = node.targets[0]
        assert isinstance(first, SEVERAL), "the compiler has asked"
        kept = []
        for target, value in zip(first.elts, node.value.elts, strict=True):
            if kind := self.kind(target):
                self.context.refuse(value, f"a {kind} among several values; assign it alone")
            kept.append(self.context.keep(self.expressions.value(value)))
        for targets in node.targets:
            for target, code in zip(targets.elts, kept, strict=True):  # type: ignore[attr-defined]
                self.store(target, code)

    def array(self, node: ast.Assign) -> None:
        """Translate what gives all words of a local array what they start as."""
        shape = self.context.function.made[node]
        target = node.targets[0]
        assert isinstance(target, ast.Name), "the compiler has asked"
        name, size = self.context.name(target.id), len(shape.elements)
        if len(set(shape.elements)) == 1 and size > 1:
            first = self.expressions.word(shape.elements[0])
            code = first if first.effect == NOTHING else self.context.keep(first)
            index = self.context.new("index")
            columns = shape.columns
            element = f"[{index} / {columns}][{index} % {columns}]" if columns else f"[{index}]"
            opening = f"for (word {index} = 0; {index} < {size}; {index}++)"
            self.context.write(f"{opening} {name}{element} = {code.text};")
            return
        codes = [self.context.keep(self.expressions.word(value)) for value in shape.elements]
        for number, code in enumerate(codes):
            row = f"[{number // shape.columns}]" if shape.columns else ""
            place = number % shape.columns if shape.columns else number
            self.context.write(f"{name}{row}[{place}] = {code.text};")

    def augmented(self, node: ast.AugAssign) -> None:
        """Translate ``target op= value``; where the target is, is computed once."""
        target = node.target
        if isinstance(target, ast.Subscript):
            code = self.expressions.arrays.target(target)
            assert code is not None, "the compiler has asked"
            if code.effect > NOTHING and ("at(" in code.text or "(" in code.text):
                name = self.context.new("element")
                kind = "volatile word" if "WORDS(" in code.text else "word"
                sequence = self.expressions.arrays.sequence(target.value)
                if sequence is not None and sequence.is_atomic:
                    kind = "_Atomic word"
                self.context.before.append(f"{kind} *{name} = &{code.text};")
                code = Code(f"*{name}", effect=code.effect)
        else:
            assert isinstance(target, ast.Name), "the compiler has asked"
            code = self.expressions.name(target)
        old = code
        before = len(self.context.before)
        value = self.expressions.word(node.value)
        if value.effect > 1 or len(self.context.before) > before:
            name = self.context.new("value")
            self.context.before.insert(before, f"word {name} = {code.text};")
            old = Code(name)
        result = self.expressions.combined(node.op, old, value)
        short = old is code and type(node.op) not in FUNCTIONS and not self.is_atomic(target)
        if short:
            sign = result.text.removeprefix(f"{code.text} ").split(" ", 1)
            self.context.write(f"{code.text} {sign[0]}= {value.text};")
        else:
            self.context.write(f"{code.text} = {result.text};")

    def is_atomic(self, target: ast.expr) -> bool:
        """Tell whether C would make one step of ``+=``, which it is not in the lesson."""
        name = target
        while isinstance(name, ast.Subscript):
            name = name.value
        variable = self.context.variable(name.id) if isinstance(name, ast.Name) else None
        return variable is not None and variable.is_shared_on_purpose

    def branch(self, node: ast.If) -> None:
        """Translate ``if``, ``elif`` and ``else``."""
        test = self.expressions.condition(node.test)
        opening = f"if ({test.text}) {{"
        while True:
            self.context.write(opening)
            self.context.indent += 1
            self.block(node.body)
            self.context.indent -= 1
            self.context.origin = None
            if not node.orelse:
                self.context.write("}")
                return
            follows = node.orelse[0]
            if len(node.orelse) == 1 and isinstance(follows, ast.If):
                before: list[str] = []
                with self.context.aside(before):
                    test = self.expressions.condition(follows.test)
                if not before:
                    self.context.origin = follows.lineno
                    node, opening = follows, f"}} else if ({test.text}) {{"
                    continue
            self.context.write("} else {")
            self.context.indent += 1
            self.block(node.orelse)
            self.context.indent -= 1
            self.context.origin = None
            self.context.write("}")
            return

    def returns(self, node: ast.Return) -> None:
        """Translate ``return``, which leaves the ``with`` blocks around it first."""
        is_main = self.context.function.node.name == "main"
        if node.value is None:
            self.leave(0)
            self.context.write("return 0;" if is_main else "return;")
            return
        code = self.expressions.value(node.value)
        if self.entered:
            kept = self.context.keep(code, "result")
            self.leave(0)
            code = kept
        self.context.write(f"return {f'(int){code.inner}' if is_main else code.text};")

    def with_block(self, node: ast.With) -> None:
        """Translate a ``with`` block; what it enters is left on every way out."""
        outside = len(self.entered)
        for item in node.items:
            enter, leave = self.expressions.calls.synchronisation.entered(item)
            self.context.write(f"{enter};")
            self.entered.append(leave)
        self.context.origin = None
        with self.context.block():
            self.block(node.body)
            self.context.origin = None
        if not isinstance(node.body[-1], (ast.Return, ast.Break, ast.Continue)):
            self.context.origin = node.lineno
            self.leave(outside)
        del self.entered[outside:]

    def leave(self, outside: int) -> None:
        """Write what leaves all ``with`` blocks but the outer ones."""
        for call in reversed(self.entered[outside:]):
            self.context.write(f"{call};")

    def assertion(self, node: ast.Assert) -> None:
        """Translate ``assert``."""
        code = self.expressions.condition(node.test)
        if isinstance(node.msg, ast.Constant):
            text = f"({code.text}) && {c_string(str(node.msg.value))}"
        else:
            text = code.text
        self.context.write(f"assert({text});")
