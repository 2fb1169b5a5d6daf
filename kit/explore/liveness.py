"""Which registers still matter before an instruction: they are read before they are written."""

from __future__ import annotations

from functools import lru_cache

from kit.lang.call_instructions import CALLING, INSTRUCTION_OF, call_of
from kit.lang.image import Image
from kit.lang.instructions import GENERAL_REGISTERS, INSTRUCTIONS, Instruction
from kit.lang.program import Program
from kit.lang.system_calls import SYSTEM_CALLS

_ALL = (True,) * (GENERAL_REGISTERS + 2)
_EVERYTHING = (1 << GENERAL_REGISTERS) - 1


def live_registers(program: Program, pc: int) -> tuple[bool, ...]:
    """Return for each register whether its value can still be used.

    Parameters
    ----------
    program : Program
    pc : int
        Index of the next instruction.

    Notes
    -----
    The classic backward analysis (Aho, Lam, Sethi & Ullman, *Compilers*, section 9.2.5). Frame
    and stack pointer always count; calls and returns use every register.
    """
    table = _table(program)
    return table[pc] if pc < len(table) else _ALL


@lru_cache(maxsize=64)
def _table(program: Program) -> tuple[tuple[bool, ...], ...]:
    code = program.image.code
    before = [0] * len(code) + [_EVERYTHING]
    changed = True
    while changed:
        changed = False
        for index in range(len(code) - 1, -1, -1):
            instruction = code[index]
            after = 0
            for target in _following(instruction, index, len(code)):
                after |= before[target]
            reads, writes = _uses(instruction, program.image)
            alive = reads | (after & ~writes)
            if alive != before[index]:
                before[index], changed = alive, True
    return tuple(
        (*(bool(alive >> number & 1) for number in range(GENERAL_REGISTERS)), True, True)
        for alive in before[:-1]
    )


def _following(instruction: Instruction, index: int, end: int) -> tuple[int, ...]:
    op = instruction.op
    if op == "JMP":
        return (instruction.a,)
    if op in ("JZ", "JNZ"):
        return (index + 1, instruction.b)
    return (end,) if op == "RET" else (index + 1,)


def _uses(instruction: Instruction, image: Image) -> tuple[int, int]:
    """Return the registers that an instruction reads, and those that it writes, as bits."""
    op = instruction.op
    if op in ("CALL", "RET"):
        return _EVERYTHING, 0
    if op in CALLING:
        return (1 << _arguments(instruction, image)) - 1, 1
    reads = writes = 0
    for kind, number in zip(INSTRUCTIONS[op].operands, instruction[1:], strict=False):
        if kind in "rw" and number < GENERAL_REGISTERS:
            if kind == "r":
                reads |= 1 << number
            else:
                writes |= 1 << number
    return reads, writes


def _arguments(instruction: Instruction, image: Image) -> int:
    """Return how many registers a call takes its arguments from."""
    name = call_of(instruction)
    if name in INSTRUCTION_OF:
        return SYSTEM_CALLS[name].least
    if SYSTEM_CALLS[name].texts or name == "print":
        return image.texts[instruction.b].values
    # Where a thread begins stands in r0, before what its function is given.
    return instruction.b + (name == "spawn")
