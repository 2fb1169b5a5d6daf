"""Instructions as functions: what they do to a thread's registers and stack.

A stack is a list that grows at its end; the frame pointer is a place in it. So a thread looks the
same wherever its stack is in memory. Instructions that reach the data segment or the system are
left to `kit.explore.engine.threads`, which knows what others could notice.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from kit.explore.engine.local_arrays import local_arrays
from kit.explore.steps import TOUCHING
from kit.lang.call_instructions import CALLING, call_of
from kit.lang.image import Image
from kit.lang.instructions import FP, INTEGER_MAX, INTEGER_MIN, WORD, Instruction
from kit.sim.arithmetic import COMPUTE, wrap
from kit.sim.faults import Fault


class Unsupported(Exception):  # noqa: N818 - no error: the computer does it instead
    """The program does something that the engine cannot do."""


Run = Callable[[list[int], list[int]], int]
"""(r0 to r7 and fp, stack) -> index of the next instruction."""


class Touch(NamedTuple):
    """An access to the data segment.

    Attributes
    ----------
    writes : bool
    register : int
        What is written, or where to.
    word : callable
        Registers -> number of the word.
    """

    writes: bool
    register: int
    word: Callable[[list[int]], int]


class Call(NamedTuple):
    """A system call, a library call or an atomic instruction.

    Attributes
    ----------
    name : str
    operand : int
        How many arguments it has, or which text.
    """

    name: str
    operand: int


Step = Run | Touch | Call


class Place(NamedTuple):
    """Where a program is in memory.

    Attributes
    ----------
    code_base, data_base : int
        Addresses in bytes.
    data_words : int
        In the data segment.
    stack_words : int
        Most words on a stack for which the engine answers.
    heap_base : int
        Address in bytes.
    heap_words : int
        Most words that the heap can have.
    """

    code_base: int
    data_base: int
    data_words: int
    stack_words: int
    heap_base: int
    heap_words: int

    def word_at(self, address: int) -> int:
        """Return the number of the word at an address, those of the heap last; -1 for none."""
        number, rest = divmod(address - self.data_base, WORD)
        if not rest and 0 <= number < self.data_words:
            return number
        number, rest = divmod(address - self.heap_base, WORD)
        return -1 if rest or not 0 <= number < self.heap_words else self.data_words + number

    def address_of(self, word: int) -> int:
        """Return the address of the word with a number."""
        if word < self.data_words:
            return self.data_base + WORD * word
        return self.heap_base + WORD * (word - self.data_words)


def compiled(image: Image, place: Place) -> tuple[Step, ...]:
    """Return each instruction of an image as something to do."""
    local = local_arrays(image)
    return tuple(
        _local_array(instruction, index + 1, local[index])
        if index in local
        else _nothing(instruction, index + 1, place)
        if index + 1 in local
        else _MAKERS[instruction.op](instruction, index + 1, place)
        for index, instruction in enumerate(image.code)
    )


def _constant(value_of: Callable[[Instruction, Place], int]) -> Callable[..., Run]:
    def make(i: Instruction, following: int, place: Place) -> Run:
        a, value = i.a, value_of(i, place)

        def run(r: list[int], s: list[int]) -> int:
            r[a] = value
            return following

        return run

    return make


def _unary(compute: Callable[[int], int]) -> Callable[..., Run]:
    def make(i: Instruction, following: int, place: Place) -> Run:
        a, b = i.a, i.b

        def run(r: list[int], s: list[int]) -> int:
            r[a] = wrap(compute(r[b]))
            return following

        return run

    return make


def _compute(i: Instruction, following: int, place: Place) -> Run:
    _, a, b, c = i
    compute = COMPUTE[i.op]

    def run(r: list[int], s: list[int]) -> int:
        value = compute(r[b], r[c])
        r[a] = value + 0 if INTEGER_MIN <= value <= INTEGER_MAX else wrap(value)
        return following

    return run


def _compute_number(i: Instruction, following: int, place: Place) -> Run:
    _, a, b, number = i
    compute = COMPUTE[i.op[:-1]]

    def run(r: list[int], s: list[int]) -> int:
        value = compute(r[b], number)
        r[a] = value + 0 if INTEGER_MIN <= value <= INTEGER_MAX else wrap(value)
        return following

    return run


def _bound(i: Instruction, following: int, place: Place) -> Run:
    a, length = i.a, i.b

    def run(r: list[int], s: list[int]) -> int:
        index = r[a]
        if not -length <= index < length:
            raise Fault("index out of range", "")
        r[a] = index % length
        return following

    return run


def _jump(i: Instruction, following: int, place: Place) -> Run:
    target = i.a
    return lambda r, s: target


def _jump_if_zero(i: Instruction, following: int, place: Place) -> Run:
    a, target = i.a, i.b
    return lambda r, s: following if r[a] else target


def _jump_unless_zero(i: Instruction, following: int, place: Place) -> Run:
    a, target = i.a, i.b
    return lambda r, s: target if r[a] else following


# Stack


def _load_frame(i: Instruction, following: int, place: Place) -> Run:
    a, behind = i.a, i.b // WORD + 1

    def run(r: list[int], s: list[int]) -> int:
        r[a] = s[r[FP] - behind]
        return following

    return run


def _store_frame(i: Instruction, following: int, place: Place) -> Run:
    a, behind = i.a, i.b // WORD + 1

    def run(r: list[int], s: list[int]) -> int:
        s[r[FP] - behind] = r[a]
        return following

    return run


def _push(i: Instruction, following: int, place: Place) -> Run:
    a = i.a

    def run(r: list[int], s: list[int]) -> int:
        s.append(r[a])
        return following

    return run


def _pop(i: Instruction, following: int, place: Place) -> Run:
    a = i.a

    def run(r: list[int], s: list[int]) -> int:
        r[a] = s.pop()
        return following

    return run


def _drop(i: Instruction, following: int, place: Place) -> Run:
    count = i.a // WORD

    def run(r: list[int], s: list[int]) -> int:
        if count:
            del s[-count:]
        return following

    return run


def _call(i: Instruction, following: int, place: Place) -> Run:
    target = i.a

    def run(r: list[int], s: list[int]) -> int:
        s.append(following)
        return target

    return run


def _return(i: Instruction, following: int, place: Place) -> Run:
    return lambda r, s: s.pop()


def _enter(i: Instruction, following: int, place: Place) -> Run:
    # A local has no value before the first one is stored, so that any will do.
    room, most = [0] * (i.a // WORD), place.stack_words

    def run(r: list[int], s: list[int]) -> int:
        s.append(r[FP])
        r[FP] = len(s)
        s += room
        if len(s) > most:
            raise Unsupported("a deep stack")
        return following

    return run


def _leave(i: Instruction, following: int, place: Place) -> Run:
    def run(r: list[int], s: list[int]) -> int:
        del s[r[FP] :]
        r[FP] = s.pop()
        return following

    return run


def _local_array(i: Instruction, following: int, begins: int) -> Run:
    _, a, _, c = i
    behind, writes = begins // WORD + 1, i.op == "STOREP"

    def run(r: list[int], s: list[int]) -> int:
        index = r[FP] - behind - r[c]
        if not r[FP] <= index < len(s):
            raise Unsupported("an array on the stack that is used beyond its frame")
        if writes:
            s[index] = r[a]
        else:
            r[a] = s[index]
        return following

    return run


# Data and the system


def _word(address: int, place: Place) -> int:
    word = place.word_at(address)
    if word < 0:
        if address % WORD:
            raise Fault("bus error", hex(address))
        # There is nothing below the code, so that the address 0 is nowhere.
        if 0 <= address < place.code_base:
            raise Fault("segmentation fault", hex(address))
        raise Unsupported("memory that is neither of a global nor of the heap")
    return word


def _touch(i: Instruction, following: int, place: Place) -> Touch:
    op, a, b, c = i
    writes = op.startswith("STORE")
    if op in ("LOAD", "STORE"):
        number = b // WORD
        return Touch(writes, a, lambda r: number)
    if op in ("LOADA", "STOREA"):
        base = place.data_base + c
        return Touch(writes, a, lambda r: _word(base + WORD * r[b], place))
    if op in ("LOADX", "STOREX"):
        return Touch(writes, a, lambda r: _word(r[b], place))
    return Touch(writes, a, lambda r: _word(r[b] + WORD * r[c], place))


def _system(i: Instruction, following: int, place: Place) -> Call:
    return Call(call_of(i), i.b)


def _nothing(i: Instruction, following: int, place: Place) -> Run:
    return lambda r, s: following


_MAKERS: dict[str, Callable[[Instruction, int, Place], Any]] = {
    **dict.fromkeys(COMPUTE, _compute),
    **dict.fromkeys((name + "I" for name in COMPUTE), _compute_number),
    **dict.fromkeys(TOUCHING, _touch),
    "NOP": _nothing,
    "LI": _constant(lambda i, _: i.b),
    "LEA": _constant(lambda i, place: place.data_base + i.b),
    "LFA": _constant(lambda i, place: place.code_base + i.b * WORD),
    "MOV": _unary(lambda value: value),
    "NEG": _unary(operator.neg),
    "INV": _unary(operator.invert),
    "NOT": _unary(lambda value: 0 if value else 1),
    "BOUND": _bound,
    "JMP": _jump,
    "JZ": _jump_if_zero,
    "JNZ": _jump_unless_zero,
    "LOADF": _load_frame,
    "STOREF": _store_frame,
    "PUSH": _push,
    "POP": _pop,
    "DROP": _drop,
    "CALL": _call,
    "RET": _return,
    "ENTER": _enter,
    "LEAVE": _leave,
    **dict.fromkeys(CALLING, _system),
}

TAKEN = frozenset(_MAKERS)
"""The instructions that the engine can carry out."""
