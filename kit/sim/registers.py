"""What instructions do to registers and memory, told from outside.

`after` redoes the effect of a retired instruction from the value it produced, so
that registers at any time follow from a thread's log. `touches` tells which word of
memory an instruction is about to use. Both mirror `kit.sim.decoder`; a property test
holds them together.
"""

from __future__ import annotations

from kit.lang.call_instructions import CALLING
from kit.lang.instructions import FP, INSTRUCTIONS, SP, WORD, Instruction

_WRITES_FIRST = frozenset(
    name for name, form in INSTRUCTIONS.items() if form.operands.startswith("w")
) | {"BOUND"}


def after(instruction: Instruction, registers: list[int], value: int) -> None:
    """Change `registers` as `instruction` did when it produced `value`."""
    op = instruction.op
    if op in _WRITES_FIRST:
        if op == "POP":
            registers[SP] += WORD
        registers[instruction.a] = value
    elif op in ("PUSH", "CALL"):
        registers[SP] -= WORD
    elif op == "RET":
        registers[SP] += WORD
    elif op == "DROP":
        registers[SP] += instruction.a
    elif op == "ENTER":
        registers[FP] = registers[SP] - WORD
        registers[SP] = registers[FP] - instruction.a
    elif op == "LEAVE":
        registers[SP] = registers[FP] + WORD
        registers[FP] = value
    elif op in CALLING:
        registers[0] = value


def touches(
    instruction: Instruction, registers: list[int], data_base: int
) -> tuple[int, bool] | None:
    """Return the address `instruction` uses and whether it writes, or None.

    Parameters
    ----------
    instruction : Instruction
    registers : list of int
        Before it executes.
    data_base : int
        Address of the data segment.
    """
    op, _, b, c = instruction
    match op:
        case "LOAD" | "STORE":
            address = data_base + b
        case "LOADA" | "STOREA":
            address = data_base + c + WORD * registers[b]
        case "LOADF" | "STOREF":
            address = registers[FP] + b
        case "LOADX" | "STOREX":
            address = registers[b]
        case "LOADP" | "STOREP":
            address = registers[b] + WORD * registers[c]
        case "PUSH" | "CALL" | "ENTER":
            return registers[SP] - WORD, True
        case "POP" | "RET":
            return registers[SP], False
        case "LEAVE":
            return registers[FP], False
        case _:
            return None
    return address, op.startswith("STORE")
