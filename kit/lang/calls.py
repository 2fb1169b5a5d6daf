"""Calls to instructions: functions of the program, system calls, plain memory."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.errors import plural
from kit.lang.instructions import COUNTS, FP, WORD
from kit.lang.objects import OBJECTS
from kit.lang.scope import Function
from kit.lang.source import ELSEWHERE
from kit.lang.system_calls import CALLABLE, FILE_MODES, MEMORY_CALLS, NUMBERS, SYSTEM_CALLS

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


class Calls:
    """Compiles the calls in one function.

    Parameters
    ----------
    expressions : Expressions
        For the same function.
    """

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.synchronisation = expressions, expressions.synchronisation
        self.source, self.scope, self.out = expressions.source, expressions.scope, expressions.out
        self.slots, self.labels = expressions.slots, expressions.labels
        self.texts = expressions.texts

    def call(self, node: ast.Call, depth: int, as_value: bool = True) -> None:
        """Emit a call; its result is in register `depth`."""
        if isinstance(node.func, ast.Attribute):
            self.keeping(depth, lambda: self.synchronisation.method(node, 0, as_value))
            return
        if not isinstance(node.func, ast.Name):
            self.source.refuse_unknown(node.func)
        name = node.func.id
        if name in ELSEWHERE and name not in self.scope.functions:
            self.source.refuse(node, f"'{name}' is not in the lesson language; {ELSEWHERE[name]}")
        if node.keywords:
            self.source.refuse(node, "arguments have no names here; pass them in order")
        if name in MEMORY_CALLS:
            self.check_call(node, name, as_value)
            self.memory_call(node, name, depth)
            return
        if name in self.slots or name in self.scope.variables:
            self.source.refuse(node, f"'{name}' is a variable here; call a function by its name")
        if name in OBJECTS:
            self.source.refuse(
                node, f"a {name} is made at module level; write lock = {name}(…) above, use it here"
            )
        if name in self.scope.functions:
            self.keeping(depth, lambda: self.routine_call(node, name, as_value))
        elif name in CALLABLE:
            self.check_call(node, name, as_value)
            self.keeping(depth, lambda: self.system_call(node, name))
        else:
            close = difflib.get_close_matches(name, [*self.scope.functions, *CALLABLE], n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"write 'def {name}(…):' for it"
            self.source.refuse(node, f"'{name}' is not defined; {hint}")

    def keeping(self, depth: int, emit: Callable[[], None]) -> None:
        """Emit what leaves a result in r0; it goes to register `depth`, those below are kept."""
        for register in range(depth):
            self.out.emit("PUSH", register)
        emit()
        if depth:
            self.out.emit("MOV", depth, 0)
        for register in reversed(range(depth)):
            self.out.emit("POP", register)

    def check_call(self, node: ast.Call, name: str, as_value: bool) -> None:
        """Refuse a call of the system that does not fit its entry in the table."""
        call = CALLABLE[name]
        if not call.least <= len(node.args) <= call.most:
            wanted = plural(call.most, "argument")
            wanted = wanted if call.least == call.most else f"{call.least} to {wanted}"
            self.source.refuse(
                node,
                f"{name} takes {wanted}, {len(node.args)} given; write it like {call.form}: "
                f"{call.meaning}",
            )
        if as_value and not call.returns:
            self.source.refuse(node, f"{name} has no result; call it on a line of its own")

    def routine_call(self, node: ast.Call, name: str, as_value: bool) -> None:
        """Emit a call of a function of the program; its result is in r0."""
        function = self.scope.functions[name]
        self.check_arguments(node, name, function, node.args)
        if as_value and not function.returns_value:
            self.source.refuse(
                node, f"'{name}' returns nothing; add 'return …' to it, or call it alone"
            )
        for argument in node.args:
            self.expressions.value(argument, 0)
            self.out.emit("PUSH", 0)
        self.out.emit("CALL", self.labels[name])
        if node.args:
            self.out.emit("DROP", len(node.args) * WORD)

    def check_arguments(
        self, node: ast.AST, name: str, function: Function, given: list[ast.expr]
    ) -> None:
        """Refuse a call with more or fewer arguments than the function has parameters."""
        if len(given) != len(function.parameters):
            self.source.refuse(
                node,
                f"'{name}' takes {plural(len(function.parameters), 'argument')} "
                f"({', '.join(function.parameters) or 'none'}), {len(given)} given; "
                "pass one for each",
            )

    def system_call(self, node: ast.Call, name: str) -> None:
        """Emit a system call; its arguments go to r0 and following, its result to r0."""
        arguments, number = node.args, len(node.args)
        if name == "print":
            arguments, number = self.print_arguments(node)
        elif name == "spawn":
            arguments, number = self.spawn_arguments(node)
        elif SYSTEM_CALLS[name].texts:
            arguments, number = self.text_arguments(node, name)
        elif name == "exit" and not arguments:
            self.out.emit("LI", 0, 0)
        start = 1 if name == "spawn" else 0
        for place, argument in enumerate(arguments, start):
            self.expressions.value(argument, place)
        if name == "spawn":
            self.out.emit("LFA", 0, self.labels[node.args[0].id])  # type: ignore[attr-defined]
        self.out.emit("SYS", NUMBERS[name], number)

    def print_arguments(self, node: ast.Call) -> tuple[list[ast.expr], int]:
        """Return the values ``print`` needs, and the number of its pattern of texts."""
        pattern: list[str | None] = []
        values = []
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                pattern.append(argument.value)
                continue
            if self.expressions.array(argument) is not None:
                self.source.refuse(argument, "an array cannot be printed whole; print log[i]")
            pattern.append(None)
            values.append(argument)
        return values, self.pattern(node, tuple(pattern))

    def text_arguments(self, node: ast.Call, name: str) -> tuple[list[ast.expr], int]:
        """Return the values of a call whose first arguments are texts, and its pattern's number."""
        count = SYSTEM_CALLS[name].texts
        texts = []
        for argument in node.args[:count]:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                self.source.refuse(
                    argument, f'{name} takes a text here; write it in quotes, as in {name}("data")'
                )
            texts.append(argument.value)
        if name == "open":
            texts = [*texts, "r"][:2]
            if texts[1] not in FILE_MODES:
                self.source.refuse(
                    node.args[1], f"no mode '{texts[1]}'; use one of {', '.join(FILE_MODES)}"
                )
        values = node.args[count:]
        return values, self.pattern(node, (*texts, *(None for _ in values)))

    def pattern(self, node: ast.AST, pattern: tuple[str | None, ...]) -> int:
        """Return the number of a pattern of texts, which is new or known."""
        if pattern not in self.texts:
            if len(self.texts) == COUNTS:
                self.source.refuse(
                    node, f"the program has more than {COUNTS} different texts; use fewer"
                )
            self.texts.append(pattern)
        return self.texts.index(pattern)

    def spawn_arguments(self, node: ast.Call) -> tuple[list[ast.expr], int]:
        """Return what ``spawn`` passes to the new thread's function, and how many."""
        target = node.args[0]
        if (
            not isinstance(target, ast.Name)
            or target.id not in self.scope.functions
            or target.id in self.slots
        ):
            self.source.refuse(
                target,
                "spawn takes a function and its arguments; write spawn(worker, 3), "
                f"functions here: {', '.join(self.scope.functions)}",
            )
        self.check_arguments(node, target.id, self.scope.functions[target.id], node.args[1:])
        return node.args[1:], len(node.args) - 1

    def memory_call(self, node: ast.Call, name: str, depth: int) -> None:
        """Emit the plain instructions of ``len``, ``peek``, ``poke`` or ``address``."""
        if name == "len":
            array = self.synchronisation.object_at(node.args[0])
            array = array or self.expressions.array(node.args[0])
            if array is None or not array.is_array or not isinstance(node.args[0], ast.Name):
                self.source.refuse(node.args[0], "len takes the name of an array; use a variable")
            self.out.emit("LI", depth, array.count)
        elif name == "peek":
            self.expressions.value(node.args[0], depth)
            self.out.emit("LOADX", depth, depth)
        elif name == "address":
            self.address(node.args[0], depth)
        else:
            address, value = self.expressions.pair(node.args[0], node.args[1], depth)
            self.out.emit("STOREX", value, address)

    def address(self, node: ast.expr, depth: int) -> None:
        """Emit code that leaves the address of a variable or element in register `depth`."""
        held = self.synchronisation.object_at(node)
        if held is not None:
            self.synchronisation.address(node, held, depth)
        elif isinstance(node, ast.Name) and node.id in self.slots:
            self.out.emit("ADDI", depth, FP, self.slots[node.id])
        elif isinstance(node, ast.Name):
            self.out.emit("LEA", depth, self.expressions.variable(node).offset)
        elif isinstance(node, ast.Subscript) and self.expressions.array(node.value) is not None:
            array = self.expressions.array(node.value)
            assert array is not None, "just asked"
            self.expressions.value(node.slice, depth)
            self.out.emit("BOUND", depth, array.length)
            self.out.emit("MULI", depth, depth, WORD)
            self.expressions.add_data(depth, array.offset)
        else:
            self.source.refuse(
                node,
                "address takes a variable or an element; write address(count) or address(a[i])",
            )
