"""Which instruction a call is, and which call an instruction."""

from __future__ import annotations

from kit.lang.instructions import Instruction
from kit.lang.system_calls import SYSTEM_CALLS

INSTRUCTION_OF = {
    name: call.op for name, call in SYSTEM_CALLS.items() if call.kind == "instruction"
}
"""What is written like a call, and is an instruction -> which one."""
_CALL_OF = {op: name for name, op in INSTRUCTION_OF.items()}

CALLING = frozenset({"SYS", *_CALL_OF})
"""Instructions that have a handler in the machine; the code of library calls is one of them,
because the library is not written in instructions."""

NUMBERS = {name: number for number, name in enumerate(SYSTEM_CALLS)}
NAMES = tuple(SYSTEM_CALLS)


def call_of(instruction: Instruction) -> str:
    """Return the name of the call that an instruction is; "" if it is none."""
    if instruction.op == "SYS":
        return NAMES[instruction.a]
    return _CALL_OF.get(instruction.op, "")


def is_library_call(instruction: Instruction) -> bool:
    """Tell whether an instruction calls the library."""
    return instruction.op == "SYS" and SYSTEM_CALLS[NAMES[instruction.a]].op == "LIB"


def is_system_call(instruction: Instruction) -> bool:
    """Tell whether an instruction enters the system by itself."""
    return instruction.op == "SYS" and SYSTEM_CALLS[NAMES[instruction.a]].op == "SYS"


def instruction_for(name: str, number: int) -> Instruction:
    """Return the instruction that makes a call.

    Parameters
    ----------
    name : str
        In `SYSTEM_CALLS`.
    number : int
        How many arguments it has, or which texts.
    """
    if name in INSTRUCTION_OF:
        return Instruction(INSTRUCTION_OF[name])
    return Instruction("SYS", NUMBERS[name], number)
