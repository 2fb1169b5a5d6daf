"""Calls to instructions: functions of the program, system calls, plain memory."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.errors import plural
from kit.lang.arguments import Arguments
from kit.lang.context import FunctionContext
from kit.lang.functions import FUNCTIONS, Functions
from kit.lang.instructions import FP, INSTRUCTIONS, WORD
from kit.lang.objects import OBJECTS, article
from kit.lang.patterns import Pattern, Value
from kit.lang.printing import Printing
from kit.lang.privileged import PRIVILEGED
from kit.lang.source import ELSEWHERE
from kit.lang.system_calls import CALLABLE, FILE_MODES, MEMORY_CALLS, SYSTEM_CALLS

if TYPE_CHECKING:
    from kit.lang.expressions import Expressions


class Calls:
    """Compiles the calls in one function.

    Parameters
    ----------
    context : FunctionContext
    expressions : Expressions
        For the same function.
    """

    def __init__(self, context: FunctionContext, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions
        self.synchronisation = expressions.synchronisation
        self.functions = Functions(context, expressions)

    def call(self, node: ast.Call, depth: int, as_value: bool = True) -> None:
        """Emit a call; its result is in register `depth`."""
        if isinstance(node.func, ast.Attribute):
            self.keeping(depth, lambda: self.synchronisation.method(node, 0, as_value))
            return
        if not isinstance(node.func, ast.Name):
            self.context.source.refuse_unknown(node.func)
        name = node.func.id
        self.check_name(node, name)
        if name in MEMORY_CALLS:
            self.check_call(node, name, as_value)
            self.memory_call(node, name, depth)
        elif name in self.context.scope.functions:
            self.keeping(depth, lambda: self.routine_call(node, name, as_value))
        elif name in FUNCTIONS:
            self.check_call(node, name, as_value)
            self.keeping(depth, lambda: self.functions.call(node, name))
        elif name in PRIVILEGED:
            self.check_call(node, name, as_value)
            self.privileged(node, name, depth)
        elif name == "spawn":
            self.check_call(node, name, as_value)
            self.keeping(depth, lambda: self.spawn(node))
        elif name in CALLABLE:
            self.check_call(node, name, as_value)
            self.keeping(depth, lambda: self.system_call(node, name))
        else:
            known = [*self.context.scope.functions, *CALLABLE, *FUNCTIONS, *PRIVILEGED]
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"write 'def {name}(…):' for it"
            self.context.refuse(node, f"'{name}' is not defined; {hint}")

    def check_name(self, node: ast.Call, name: str) -> None:
        """Refuse to call what is no function here."""
        if name in ELSEWHERE and name not in self.context.scope.functions:
            self.context.refuse(node, f"'{name}' is not in the lesson language; {ELSEWHERE[name]}")
        if node.keywords and name not in ("print", "spawn", *self.context.scope.functions):
            self.context.refuse(node, "arguments have no names here; pass them in order")
        if name in self.context.slots or name in self.context.scope.variables:
            self.context.refuse(node, f"'{name}' is a variable here; call a function by its name")
        if name in OBJECTS:
            self.context.refuse(
                node,
                f"{article(name)} is made at module level; write lock = {name}(…) above, "
                "use it here",
            )

    def keeping(self, depth: int, emit: Callable[[], None]) -> None:
        """Emit what leaves a result in r0; it goes to register `depth`, those below are kept."""
        for register in range(depth):
            self.context.emit("PUSH", register)
        emit()
        if depth:
            self.context.emit("MOV", depth, 0)
        for register in reversed(range(depth)):
            self.context.emit("POP", register)

    def check_call(self, node: ast.Call, name: str, as_value: bool) -> None:
        """Refuse a call of the system that does not fit its entry in the table."""
        call = {**FUNCTIONS, **PRIVILEGED, **CALLABLE}[name]
        if name != "print" and not call.takes(len(node.args)):
            wanted = plural(call.most, "argument")
            between = "or" if call.other[0] else "to"
            wanted = wanted if call.least == call.most else f"{call.least} {between} {wanted}"
            self.context.refuse(
                node,
                f"{name} takes {wanted}, {len(node.args)} given; write it like {call.form}: "
                f"{call.meaning}",
            )
        if as_value and not call.returns:
            self.context.refuse(node, f"{name} has no result; call it on a line of its own")

    def routine_call(self, node: ast.Call, name: str, as_value: bool) -> None:
        """Emit a call of a function of the program; its result is in r0."""
        function = self.context.scope.functions[name]
        if as_value and not function.returns_value:
            self.context.refuse(
                node, f"'{name}' returns nothing; add 'return …' to it, or call it alone"
            )
        arguments = Arguments(self.context, self.expressions, node, name)
        arguments.push()
        self.context.emit("CALL", self.context.labels[name])
        if function.parameters:
            self.context.emit("DROP", len(function.parameters) * WORD)

    def system_call(self, node: ast.Call, name: str) -> None:
        """Emit a system call; its arguments go to r0 and following, its result to r0."""
        arguments, number = node.args, len(node.args)
        if name == "print":
            arguments, number = self.print_arguments(node)
        elif SYSTEM_CALLS[name].texts:
            arguments, number = self.text_arguments(node, name)
        elif name == "exit" and not arguments:
            self.context.emit("LI", 0, 0)
        for place, argument in enumerate(arguments):
            self.expressions.value(argument, place)
        self.context.emit_call(name, number)

    def print_arguments(self, node: ast.Call) -> tuple[list[ast.expr], int]:
        """Return the values ``print`` needs, and the number of its pattern of texts."""
        printing = Printing(self.context, self.expressions, node)
        pattern = printing.pattern()
        return printing.values, self.context.pattern(node, pattern)

    def text_arguments(self, node: ast.Call, name: str) -> tuple[list[ast.expr], int]:
        """Return the values of a call whose first arguments are texts, and its pattern's number."""
        count = SYSTEM_CALLS[name].texts
        texts = []
        for argument in node.args[:count]:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                self.context.refuse(
                    argument, f'{name} takes a text here; write it in quotes, as in {name}("data")'
                )
            texts.append(argument.value)
        if name == "open":
            texts = [*texts, "r"][:2]
            if texts[1] not in FILE_MODES:
                self.context.refuse(
                    node.args[1], f"no mode '{texts[1]}'; use one of {', '.join(FILE_MODES)}"
                )
        values = node.args[count:]
        return values, self.context.pattern(node, Pattern((*texts, *(Value() for _ in values))))

    def spawn(self, node: ast.Call) -> None:
        """Emit a ``spawn``: the address of the function in r0, its arguments behind it."""
        target = node.args[0]
        if (
            not isinstance(target, ast.Name)
            or target.id not in self.context.scope.functions
            or target.id in self.context.slots
        ):
            self.context.refuse(
                target,
                "spawn takes a function and its arguments; write spawn(worker, 3), "
                f"functions here: {', '.join(self.context.scope.functions)}",
            )
        passed = ast.Call(target, node.args[1:], node.keywords)
        ast.copy_location(passed, node)
        Arguments(self.context, self.expressions, passed, target.id).in_registers(1)
        self.context.emit("LFA", 0, self.context.labels[target.id])
        count = len(self.context.scope.functions[target.id].parameters)
        self.context.emit_call("spawn", count)

    def privileged(self, node: ast.Call, name: str, depth: int) -> None:
        """Emit an instruction that only the operating system may execute."""
        for argument in node.args:
            self.expressions.value(argument, depth)
        op = PRIVILEGED[name].op
        self.context.emit(op, *([depth] if INSTRUCTIONS[op].operands else []))

    def memory_call(self, node: ast.Call, name: str, depth: int) -> None:
        """Emit the plain instructions of ``len``, ``peek``, ``poke`` or ``address``."""
        if name == "len":
            self.context.emit("LI", depth, self.length(node.args[0]))
        elif name == "peek":
            self.expressions.value(node.args[0], depth)
            self.context.emit("LOADX", depth, depth)
        elif name == "address":
            self.address(node.args[0], depth)
        else:
            address, value = self.expressions.pair(node.args[0], node.args[1], depth)
            self.context.emit("STOREX", value, address)

    def address(self, node: ast.expr, depth: int) -> None:
        """Emit code that leaves the address of a variable or element in register `depth`."""
        held = self.synchronisation.object_at(node)
        if held is not None:
            self.synchronisation.address(node, held, depth)
        elif isinstance(node, ast.Name) and node.id in self.context.slots:
            self.context.emit("ADDI", depth, FP, self.context.slots[node.id])
        elif isinstance(node, ast.Name):
            self.context.emit("LEA", depth, self.expressions.variable(node).offset)
        else:
            self.element_address(node, depth)

    def element_address(self, node: ast.expr, depth: int) -> None:
        """Emit code that leaves the address of an element or a row in register `depth`."""
        arrays = self.expressions.arrays
        found = arrays.element(node) if isinstance(node, ast.Subscript) else None
        row = arrays.sequence(node)
        if found is not None:
            arrays.address(*found, depth)
        elif row is not None:
            arrays.row_address(row, depth)
        else:
            self.context.refuse(
                node,
                "address takes a variable or an element; write address(count) or address(a[i])",
            )

    def length(self, node: ast.expr) -> int:
        """Return how many elements the array has that an expression names, or refuse."""
        held = self.synchronisation.object_at(node)
        variable = held.variable if held is not None and isinstance(node, ast.Name) else None
        if variable is not None and variable.is_array:
            return variable.count
        sequence = None if held is not None else self.expressions.arrays.sequence(node)
        if sequence is None:
            self.context.refuse(node, "len takes the name of an array; use a variable")
        return sequence.length
