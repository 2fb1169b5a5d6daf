"""Instructions to closures: how the machine executes.

Each instruction of an image becomes one Python function, made once, that takes the
thread's registers, the pages the process may read and write, and where to log. It
changes registers or memory, logs the value it produced and returns the index of the
next instruction. A page that is not mapped raises ``KeyError`` before anything has
changed, so that the instruction can be tried again after a page fault, as on real
hardware.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import NoReturn

from kit.lang.call_instructions import CALLING, NUMBERS, call_of
from kit.lang.image import Image
from kit.lang.instructions import (
    FP,
    INSTRUCTIONS,
    OPERATORS,
    PRIVILEGED_FORMS,
    REGISTER_NAMES,
    SP,
    WORD,
    Instruction,
)
from kit.sim.arithmetic import add_number, operate, operate_number, unary
from kit.sim.faults import Fault, HandlerCalled
from kit.sim.layout import ALIGNMENT, WORD_SHIFT, Execute, Layout, Note, Pages
from kit.sim.loads_and_stores import (
    load,
    load_computed,
    load_frame,
    misaligned,
    pop,
    push,
    store,
    store_computed,
    store_frame,
)


def decode(image: Image, layout: Layout) -> list[Execute]:
    """Return one function for each instruction of `image`, and one that stands behind the last."""
    return [
        *(_made(instruction, index + 1, layout) for index, instruction in enumerate(image.code)),
        _behind_the_end(layout),
    ]


def _made(instruction: Instruction, following: int, layout: Layout) -> Execute:
    run = _MAKERS[instruction.op](instruction, following, layout)
    writes = INSTRUCTIONS[instruction.op].operands.startswith("w") or instruction.op == "BOUND"
    return _keeping_words(run, instruction.a) if writes and instruction.a in (FP, SP) else run


def _keeping_words(run: Execute, register: int) -> Execute:
    """Refuse a frame or stack pointer between words, where it is made.

    So the many instructions that use them need not look.
    """

    def checked(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        before, produced = r[:], list[int]()
        index = run(r, readable, writable, produced.append, where)
        made = r[register]
        if made & ALIGNMENT:
            r[:] = before
            name = REGISTER_NAMES[register]
            raise Fault(
                "bus error", f"set {name} to {made:#06x}, which is not a multiple of {WORD}"
            )
        log(produced[0])
        return index

    return checked


def _behind_the_end(layout: Layout) -> Execute:
    end = layout.code_base + layout.code_length * WORD

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> NoReturn:
        raise layout.no_instruction(end, f"went on after its last instruction to {end:#06x}")

    return run


def _constant(value_of: Callable[[Instruction, Layout], int]) -> Callable[..., Execute]:
    def make(i: Instruction, following: int, layout: Layout) -> Execute:
        a, value = i.a, value_of(i, layout)

        def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
            r[a] = value
            log(value)
            return following

        return run

    return make


def _drop(i: Instruction, following: int, layout: Layout) -> Execute:
    count = i.a

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        r[SP] += count
        log(0)
        return following

    return run


def _bound(i: Instruction, following: int, layout: Layout) -> Execute:
    a, length = i.a, i.b

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        index = r[a]
        if not -length <= index < length:
            raise Fault("index out of range", f"used index {index} of an array of {length} words")
        r[a] = value = index % length
        log(value)
        return following

    return run


def _jump(i: Instruction, following: int, layout: Layout) -> Execute:
    target = i.a

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        log(0)
        return target

    return run


def _jump_if_zero(i: Instruction, following: int, layout: Layout) -> Execute:
    a, target = i.a, i.b

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        log(0)
        return following if r[a] else target

    return run


def _jump_unless_zero(i: Instruction, following: int, layout: Layout) -> Execute:
    a, target = i.a, i.b

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        log(0)
        return target if r[a] else following

    return run


def _call(i: Instruction, following: int, layout: Layout) -> Execute:
    target, back = i.a, layout.code_base + following * WORD
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[SP] - WORD
        writable[address >> shift][(address & mask) >> WORD_SHIFT] = back
        r[SP] = address
        log(back)
        where(address)
        return target

    return run


def _return(i: Instruction, following: int, layout: Layout) -> Execute:
    shift, mask, base, length = layout.shift, layout.mask, layout.code_base, layout.code_length

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[SP]
        back = readable[address >> shift][(address & mask) >> WORD_SHIFT]
        index, rest = divmod(back - base, WORD)
        if rest or not 0 <= index < length:
            raise layout.no_instruction(back, f"returned to {back:#06x}")
        r[SP] = address + WORD
        log(back)
        return index

    return run


def _enter(i: Instruction, following: int, layout: Layout) -> Execute:
    size, shift, mask = i.a, layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address, caller = r[SP] - WORD, r[FP]
        writable[address >> shift][(address & mask) >> WORD_SHIFT] = caller
        r[FP] = address
        r[SP] = address - size
        log(caller)
        where(address)
        return following

    return run


def _leave(i: Instruction, following: int, layout: Layout) -> Execute:
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[FP]
        if address & ALIGNMENT:
            raise misaligned(address, "read")
        caller = readable[address >> shift][(address & mask) >> WORD_SHIFT]
        if caller & ALIGNMENT:
            raise Fault("bus error", f"set fp to {caller:#06x}, which is not a multiple of {WORD}")
        r[SP] = address + WORD
        r[FP] = caller
        log(caller)
        return following

    return run


def _call_handler(i: Instruction, following: int, layout: Layout) -> Execute:
    number, operand = NUMBERS[call_of(i)], i.b

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        raise HandlerCalled(number, operand)

    return run


def _privileged(i: Instruction, following: int, layout: Layout) -> Execute:
    form = INSTRUCTIONS[i.op]
    written = form.text.format(a=REGISTER_NAMES[i.a])
    detail = f"executed {written}, a privileged instruction, in user mode"

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        raise Fault("general protection", detail)

    return run


def _nothing(i: Instruction, following: int, layout: Layout) -> Execute:
    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        log(0)
        return following

    return run


_MAKERS: dict[str, Callable[[Instruction, int, Layout], Execute]] = {
    **dict.fromkeys(OPERATORS, operate),
    **dict.fromkeys((name + "I" for name in OPERATORS), operate_number),
    "ADDI": add_number,
    "NOP": _nothing,
    "LI": _constant(lambda i, _: i.b),
    "LEA": _constant(lambda i, layout: layout.data_base + i.b),
    "LFA": _constant(lambda i, layout: layout.code_base + i.b * WORD),
    "MOV": unary(lambda value: value),
    "NEG": unary(operator.neg),
    "INV": unary(operator.invert),
    "NOT": unary(lambda value: 0 if value else 1),
    "LOAD": load,
    "STORE": store,
    "LOADF": load_frame,
    "STOREF": store_frame,
    **dict.fromkeys(("LOADA", "LOADX", "LOADP"), load_computed),
    **dict.fromkeys(("STOREA", "STOREX", "STOREP"), store_computed),
    "PUSH": push,
    "POP": pop,
    "DROP": _drop,
    "BOUND": _bound,
    "JMP": _jump,
    "JZ": _jump_if_zero,
    "JNZ": _jump_unless_zero,
    "CALL": _call,
    "RET": _return,
    "ENTER": _enter,
    "LEAVE": _leave,
    **dict.fromkeys(CALLING, _call_handler),
    **dict.fromkeys(PRIVILEGED_FORMS, _privileged),
}
