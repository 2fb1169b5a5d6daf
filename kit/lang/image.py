"""The result of compiling: what stands in a program file on the simulated disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kit.lang.call_instructions import NAMES, is_library_call, is_system_call
from kit.lang.instructions import (
    INSTRUCTIONS,
    OPERATORS,
    REGISTER_NAMES,
    WORD,
    Instruction,
    encode,
)
from kit.lang.objects import ATOMIC_VALUE, INTEGER, OBJECTS, words_of
from kit.lang.patterns import Pattern

Words = int | tuple[int, ...] | tuple[tuple[int, ...], ...]
"""The value of a variable: a number, an array, an array of rows."""


def flat(value: Words) -> tuple[int, ...]:
    """Return the words of a value, row after row."""
    if isinstance(value, int):
        return (value,)
    return tuple(word for part in value for word in flat(part))


def written(value: Words) -> str:
    """Return a value as pictures write it: ``1, 2`` an array, ``1, 2; 3, 4`` one with rows."""
    if isinstance(value, int):
        return str(value)
    rows = any(isinstance(part, tuple) for part in value)
    return ("; " if rows else ", ").join(map(written, value))


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
    columns : int
        Words of one row of an array with two dimensions; 0 for anything else.
    is_volatile : bool
        Whether it is marked as meant to be used by several threads without a lock.
    locks : tuple of int
        Of conditions that were made with a lock: the offset of the lock of each element, which is
        its own offset where it has a lock of its own. Empty if all have.
    """

    name: str
    offset: int
    length: int
    is_array: bool
    kind: str = INTEGER
    columns: int = 0
    is_volatile: bool = False
    locks: tuple[int, ...] = ()

    @property
    def is_shared_on_purpose(self) -> bool:
        """Whether threads may use it at the same time without that being a race."""
        return self.is_volatile or self.kind == ATOMIC_VALUE

    @property
    def words(self) -> int:
        """Words of one element; of a row, where there are rows."""
        return self.columns or words_of(self.kind)

    @property
    def count(self) -> int:
        """Elements of an array, rows where there are rows; 1 for anything else."""
        return self.length // self.words

    def words_in(self, data: Sequence[int]) -> tuple[int, ...]:
        """Return its words, out of those of a data segment."""
        first = self.offset // WORD
        return tuple(data[first : first + self.length])

    def value(self, words: tuple[int, ...]) -> Words:
        """Return words as a value: a number, a tuple of an array, tuples of rows."""
        if self.columns:
            starts = range(0, self.length, self.columns)
            return tuple(words[start : start + self.columns] for start in starts)
        return words if self.length > 1 or self.is_array else words[0]

    def name_of(self, place: int) -> str:
        """Return what its word number `place` is called: ``log[3]``, ``ready.waiting``."""
        element, part = divmod(place, self.words)
        if self.columns:
            return f"{self.name}[{element}][{part}]"
        name = f"{self.name}[{element}]" if self.is_array else self.name
        return f"{name}.{OBJECTS[self.kind].parts[part]}" if part else name


def locks_of_conditions(given: Sequence[int | None], offset: int) -> tuple[int, ...]:
    """Return `Variable.locks` of conditions; empty if none of them was made with a lock.

    Parameters
    ----------
    given : sequence of int or None
        Offset of the lock that each was made with; None for a lock of its own.
    offset : int
        Of the first condition.
    """
    if all(lock is None for lock in given):
        return ()
    size = WORD * words_of("Condition")
    return tuple(offset + size * n if lock is None else lock for n, lock in enumerate(given))


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
    arrays : dict of str to Variable
        Local arrays, offsets counted from the frame pointer, where the first word is.
    """

    name: str
    start: int
    end: int
    parameters: tuple[str, ...]
    slots: dict[str, int]
    returns_value: bool
    arrays: dict[str, Variable] = field(default_factory=dict)

    def slot_at(self, offset: int) -> str | None:
        """Return what the word at an offset from the frame pointer is called: ``i``, ``a[2]``."""
        for name, place in self.slots.items():
            if place == offset and name not in self.arrays:
                return name
        for array in self.arrays.values():
            if array.offset <= offset < array.offset + array.length * WORD:
                return array.name_of((offset - array.offset) // WORD)
        return None


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
        """Size of the data segment in bytes, with the globals that start as zeros."""
        return len(self.data) * WORD

    @cached_property
    def bss_offset(self) -> int:
        """Bytes of data in the file: behind them are only globals that start as zeros (bss)."""
        ends = (
            variable.offset + variable.length * WORD
            for variable in self.variables.values()
            if any(variable.words_in(self.data))
        )
        return max(ends, default=0)

    @property
    def bss_bytes(self) -> int:
        """Size of the globals at the end that start as zeros and take no room in the file."""
        return self.data_bytes - self.bss_offset

    def is_in_file(self, page_start: int, code_base: int, data_base: int) -> bool:
        """Tell whether the file holds anything of a page.

        It does not of heap and stack, nor of globals that start as zeros (bss).

        Parameters
        ----------
        page_start : int
            Address at which the page begins.
        code_base, data_base : int
            Addresses of the segments of code and data.
        """
        in_code = code_base <= page_start < code_base + self.code_bytes
        return in_code or data_base <= page_start < data_base + self.bss_offset

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The code as it stands in memory, one word an instruction."""
        return tuple(encode(instruction) for instruction in self.code)

    @cached_property
    def enters(self) -> tuple[bool, ...]:
        """Whether each instruction enters the system by itself; behind the last none does."""
        return *map(is_system_call, self.code), False

    @cached_property
    def condition_locks(self) -> dict[int, int]:
        """The conditions that share a lock, and it: offsets in bytes from the start of data."""
        return {
            place: lock
            for variable in self.variables.values()
            for number, lock in enumerate(variable.locks)
            if (place := variable.offset + number * variable.words * WORD) != lock
        }

    def lock_at(self, address: int, data_base: int) -> int:
        """Return the address of the lock that is meant: that of a condition may be elsewhere.

        Parameters
        ----------
        address : int
            Of a lock, or of a condition.
        data_base : int
            Address of the data segment.
        """
        offset = address - data_base
        return data_base + self.condition_locks.get(offset, offset)

    def routine_at(self, index: int) -> Routine | None:
        """Return the function that instruction `index` belongs to, or None."""
        for routine in self.routines.values():
            if routine.start <= index < routine.end:
                return routine
        return None

    def variable_around(self, offset: int) -> Variable | None:
        """Return the global of which a word stands at `offset` bytes of data, or None."""
        for variable in self.variables.values():
            if 0 <= offset - variable.offset < variable.length * WORD:
                return variable
        return None

    def variable_at(self, offset: int) -> str | None:
        """Return the name of the global at `offset` bytes of data, as ``log[3]`` in arrays."""
        variable = self.variable_around(offset)
        return None if variable is None else variable.name_of((offset - variable.offset) // WORD)

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
        text = form.text.format(**dict(zip("abc", written, strict=False)))
        # Only its name tells whether the library does it, or the system.
        return f"LIB {written[0]}" if is_library_call(instruction) else text

    def _operand(self, kind: str, value: int, index: int) -> str:
        if kind in "wr":
            return REGISTER_NAMES[value]
        if kind == "d":
            first = next((v for v in self.variables.values() if v.offset == value), None)
            name = first.name if first is not None else self.variable_at(value)
            if (name is not None and "." in name) or value % WORD:
                name = None
            return name or f"data+{value}"
        if kind == "o":
            routine = self.routine_at(index)
            name = routine.slot_at(value) if routine else None
            return f"{value:+d}" if name is None else f"{value:+d}:{name}"
        if kind == "t":
            name = next((r.name for r in self.routines.values() if r.start == value), None)
            return name or str(value)
        if kind == "s":
            return NAMES[value]
        return str(value)
