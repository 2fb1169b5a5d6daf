"""Program text to image: the one way in."""

from __future__ import annotations

import ast

from kit.lang.annotations import without_annotations
from kit.lang.call_instructions import NUMBERS
from kit.lang.context import FunctionContext
from kit.lang.declarations import read_module
from kit.lang.emitter import Emitter
from kit.lang.flow import check_flow
from kit.lang.image import Image, Routine, Variable
from kit.lang.instructions import INSTRUCTIONS, WORD, Instruction
from kit.lang.objects import INTEGER
from kit.lang.patterns import Pattern
from kit.lang.scope import Function, Scope, immediate, own_nodes
from kit.lang.signal_names import put_numbers
from kit.lang.source import Source
from kit.lang.statements import Statements, with_slot


def compile_program(name: str, text: str) -> Image:
    """Compile a program of the lesson language.

    Parameters
    ----------
    name : str
        Used in errors.
    text : str
        The program.

    Returns
    -------
    Image

    Raises
    ------
    LanguageError
        With file, line, column, what was found and what to write instead.
    """
    source = Source(name, text)
    without_annotations(source)
    put_numbers(source)
    scope = read_module(source)
    return _Compiler(source, scope).image()


class _Compiler:
    def __init__(self, source: Source, scope: Scope) -> None:
        self.source, self.scope = source, scope
        self.out = Emitter()
        self.labels = {name: self.out.label() for name in scope.functions}
        self.texts: list[Pattern] = []
        self.routines: dict[str, Routine] = {}

    def image(self) -> Image:
        entry, thread_exit = self.runtime()
        for name, function in self.scope.functions.items():
            check_flow(self.source, name, function)
            self.function(name, function)
        return Image(
            code=self.out.resolved(),
            lines=tuple(self.out.lines),
            data=tuple(self.scope.data),
            variables=self.scope.variables,
            routines=self.routines,
            entry=entry,
            thread_exit=thread_exit,
            texts=tuple(self.texts),
        )

    def runtime(self) -> tuple[int, int]:
        """Emit what surrounds every program: the start of main and the end of a thread."""
        self.out.emit("CALL", self.labels["main"])
        if not self.scope.functions["main"].returns_value:
            self.out.emit("LI", 0, 0)
        self.out.emit("SYS", NUMBERS["exit"], 1)
        thread_exit = len(self.out.code)
        self.out.emit("SYS", NUMBERS["thread_exit"], 1)
        self.out.emit("SYS", NUMBERS["thread_exit"], 0)
        return 0, thread_exit

    def function(self, name: str, function: Function) -> None:
        """Emit one function."""
        start = len(self.out.code)
        slots, arrays, frame = _frame(function)
        self.out.at(function.node)
        self.out.place(self.labels[name])
        self.out.emit("ENTER", frame)
        context = FunctionContext(
            self.source, self.scope, function, slots, self.labels, self.out, self.texts, arrays
        )
        epilogue = self.out.label()
        Statements(context, epilogue).block(function.node.body)
        self.drop_useless_jump(epilogue)
        self.out.place(epilogue)
        self.out.emit("LEAVE")
        self.out.emit("RET")
        self.forget_unused(start, slots)
        self.routines[name] = Routine(
            name,
            start,
            len(self.out.code),
            function.parameters,
            slots,
            function.returns_value,
            arrays,
        )

    def drop_useless_jump(self, epilogue: int) -> None:
        """Take back a jump to the very next instruction, where nothing else jumps."""
        if self.out.code[-1] == Instruction("JMP", epilogue) and not self.out.is_placed_here():
            self.out.code.pop()
            self.out.lines.pop()

    def forget_unused(self, start: int, slots: dict[str, int]) -> None:
        """Drop slots of hidden loop variables that no instruction uses, and shrink the frame."""
        used = {
            instruction.b
            for instruction in self.out.code[start:]
            if "o" in INSTRUCTIONS[instruction.op].operands
        }
        for name in [name for name, offset in slots.items() if "@" in name and offset not in used]:
            del slots[name]
        lowest = min((offset for offset in slots.values() if offset < 0), default=0)
        self.out.code[start] = Instruction("ENTER", -lowest)


def _frame(function: Function) -> tuple[dict[str, int], dict[str, Variable], int]:
    """Return where a function's variables are, its arrays, and how large its frame is.

    Its stack frame, from high to low: arguments in order, return address, the caller's frame
    pointer (where fp points), locals.
    """
    count = len(function.parameters)
    slots = {
        parameter: (count + 1 - place) * WORD for place, parameter in enumerate(function.parameters)
    }
    size, arrays = 0, {}
    for local in (*function.locals, *_hidden(function)):
        shape = function.arrays.get(local)
        length = len(shape.elements) if shape else 1
        size += length * WORD
        slots[local] = -size
        if shape:
            arrays[local] = Variable(local, -size, length, True, INTEGER, shape.columns)
    return slots, arrays, size


def _hidden(function: Function) -> list[str]:
    """Return slots that loops may need (where to stop, and the count itself), and ``with``."""
    nodes = list(own_nodes(function.node))
    slots: list[str] = []
    for node in nodes:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            slots += [f"{node.target.id} {part}@{node.lineno}" for part in ("stop", "next")]
            if isinstance(node.iter, ast.Call) and len(node.iter.args) == 3:
                computed = immediate(node.iter.args[2]) is None
                slots += [f"{node.target.id} step@{node.lineno}"] if computed else []
    blocks = [node for node in nodes if isinstance(node, ast.With)]
    return slots + [with_slot(node, place) for node in blocks for place in range(len(node.items))]
