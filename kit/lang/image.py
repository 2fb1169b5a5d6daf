"""The result of compiling: what stands in a program file on the simulated disk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kit.lang.instructions import (
    INSTRUCTIONS,
    OPERATORS,
    REGISTER_NAMES,
    WORD,
    Instruction,
    encode,
)
from kit.lang.objects import INTEGER, OBJECTS, words_of
from kit.lang.patterns import Pattern
from kit.lang.system_calls import NAMES


@dataclass(frozen=True)
class Variable:
    """A global integer, array, or object such as a lock.

    Attributes
    ----------
    offset : int
        Bytes from the start of the data segment.
    length : int
        Words; 1 for an integer.
    is_array : bool
        An array of one word is still an array.
    kind : str
        "integer", or the constructor of an object: a key of `OBJECTS`.
    """

    name: str
    offset: int
    length: int
    is_array: bool
    kind: str = INTEGER

    @property
    def words(self) -> int:
        """Words of one element."""
        return words_of(self.kind)

    @property
    def count(self) -> int:
        """Elements of an array; 1 for anything else."""
        return self.length // self.words

    def name_of(self, place: int) -> str:
        """Return what its word number `place` is called: ``log[3]``, ``ready.waiting``."""
        element, part = divmod(place, self.words)
        name = f"{self.name}[{element}]" if self.is_array else self.name
        return f"{name}.{OBJECTS[self.kind].parts[part]}" if part else name


@dataclass(frozen=True)
class Routine:
    """A compiled function.

    Attributes
    ----------
    start, end : int
        Instruction indexes; `end` is the first one behind it.
    parameters : tuple of str
        In order.
    slots : dict of str to int
        Parameter or local -> bytes from the frame pointer.
    returns_value : bool
    """

    name: str
    start: int
    end: int
    parameters: tuple[str, ...]
    slots: dict[str, int]
    returns_value: bool


@dataclass(frozen=True)
class Image:
    """A program ready to be loaded: static code and data, and a map to the source.

    Attributes
    ----------
    code : tuple of Instruction
    lines : tuple of int
        Source line of each instruction; 0 where there is none.
    data : tuple of int
        Initial words of the data segment.
    variables : dict of str to Variable
    routines : dict of str to Routine
    entry, thread_exit : int
        Where a process starts, and where a thread's function returns to: there if
        it returns a value, one instruction later if it does not.
    texts : tuple of Pattern
        What ``SYS print`` writes and other calls take.
    """

    code: tuple[Instruction, ...]
    lines: tuple[int, ...]
    data: tuple[int, ...]
    variables: dict[str, Variable]
    routines: dict[str, Routine]
    entry: int
    thread_exit: int
    texts: tuple[Pattern, ...]

    @property
    def code_bytes(self) -> int:
        """Size of the code segment in bytes."""
        return len(self.code) * WORD

    @property
    def data_bytes(self) -> int:
        """Size of the data segment in bytes."""
        return len(self.data) * WORD

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The code as it stands in memory, one word an instruction."""
        return tuple(encode(instruction) for instruction in self.code)

    def routine_at(self, index: int) -> Routine | None:
        """Return the function that instruction `index` belongs to, or None."""
        for routine in self.routines.values():
            if routine.start <= index < routine.end:
                return routine
        return None

    def variable_at(self, offset: int) -> str | None:
        """Return the name of the global at `offset` bytes of data, as ``log[3]`` in arrays."""
        for variable in self.variables.values():
            place = offset - variable.offset
            if 0 <= place < variable.length * WORD:
                return variable.name_of(place // WORD)
        return None

    def line_of(self, index: int) -> int:
        """Return the source line of instruction `index`; 0 if it has none, or is behind the end."""
        return self.lines[index] if index < len(self.lines) else 0

    def describe(self, index: int) -> str:
        """Return instruction `index` in assembly, with names instead of numbers."""
        if index >= len(self.code):
            return "no instruction"
        instruction = self.code[index]
        form = INSTRUCTIONS[instruction.op]
        written = [
            self._operand(kind, value, index)
            for kind, value in zip(form.operands, instruction[1:], strict=False)
        ]
        operator = instruction.op.removesuffix("I")
        if operator in OPERATORS and instruction.a == instruction.b:
            return f"{operator} {written[0]}, {written[2]}"
        return form.text.format(**dict(zip("abc", written, strict=False)))

    def _operand(self, kind: str, value: int, index: int) -> str:
        if kind in "wr":
            return REGISTER_NAMES[value]
        if kind == "d":
            variable = self.variable_at(value)
            if (variable is not None and "." in variable) or value % WORD:
                variable = None
            return (variable or f"data+{value}").removesuffix("[0]")
        if kind == "o":
            routine = self.routine_at(index)
            slots = routine.slots.items() if routine else ()
            name = next((name for name, offset in slots if offset == value), None)
            return f"{value:+d}" if name is None else f"{value:+d}:{name}"
        if kind == "t":
            name = next((r.name for r in self.routines.values() if r.start == value), None)
            return name or str(value)
        if kind == "s":
            return NAMES[value]
        return str(value)
