"""The instruction set of the simulated computer.

Every instruction is one word of 8 bytes. There are eight general registers r0
to r7, a frame pointer fp and a stack pointer sp; the stack grows down. The table
below is the only place that knows which instructions exist: the compiler, the
disassembler, the encoder and the machine read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

WORD = 8
"""Bytes in a word: an integer, an address and an instruction all take one."""

GENERAL_REGISTERS = 8
FP, SP = 8, 9
"""Places of the frame pointer and the stack pointer behind r0 to r7."""

REGISTER_NAMES = (*(f"r{number}" for number in range(GENERAL_REGISTERS)), "fp", "sp")

INTEGER_MIN, INTEGER_MAX = -(1 << 63), (1 << 63) - 1
IMMEDIATE_BITS = 44
COUNT_BITS = 12
COUNTS = 1 << COUNT_BITS
"""How many values the second number of an instruction with two can have."""
IMMEDIATE_MIN, IMMEDIATE_MAX = -(1 << (IMMEDIATE_BITS - 1)), (1 << (IMMEDIATE_BITS - 1)) - 1


class Instruction(NamedTuple):
    """One instruction: a mnemonic and up to three operands.

    What the operands mean is told by ``INSTRUCTIONS[op].operands``.
    """

    op: str
    a: int = 0
    b: int = 0
    c: int = 0


class Form(NamedTuple):
    """How one instruction is written and what it does.

    Attributes
    ----------
    operands : str
        One letter an operand: ``w`` register written, ``r`` register read,
        ``i`` immediate, ``d`` data address (bytes from the start of the data
        segment), ``o`` offset in bytes, ``t`` code target (instruction index),
        ``s`` system call number, ``n`` a count.
    text : str
        How it is printed, with ``{a}``, ``{b}``, ``{c}``.
    meaning : str
        One line for the language page.
    """

    operands: str
    text: str
    meaning: str


_ARITHMETIC = {
    "ADD": "+",
    "SUB": "-",
    "MUL": "*",
    "DIV": "//",
    "MOD": "%",
    "POW": "**",
    "AND": "&",
    "OR": "|",
    "XOR": "^",
    "SHL": "<<",
    "SHR": ">>",
    "EQ": "==",
    "NE": "!=",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
}

OPERATORS = dict(_ARITHMETIC)
"""Two-operand instruction -> the Python operator whose result it gives."""


_PLAIN = {
    "NOP": Form("", "NOP", "do nothing for one tick"),
    "LI": Form("wi", "LI {a}, {b}", "a = the number b"),
    "LEA": Form("wd", "LEA {a}, {b}", "a = the address of b in the data segment"),
    "LFA": Form("wt", "LFA {a}, {b}", "a = the address of the instruction at b"),
    "MOV": Form("wr", "MOV {a}, {b}", "a = b"),
    "LOAD": Form("wd", "LOAD {a}, {b}", "a = the word at b in the data segment"),
    "STORE": Form("rd", "STORE {a}, {b}", "the word at b in the data segment = a"),
    "LOADA": Form("wrd", "LOAD {a}, {c}[{b}]", "a = word number b after c"),
    "STOREA": Form("rrd", "STORE {a}, {c}[{b}]", "word number b after c = a"),
    "LOADF": Form("wo", "LOAD {a}, [fp{b}]", "a = the word b bytes from the frame pointer"),
    "STOREF": Form("ro", "STORE {a}, [fp{b}]", "the word b bytes from the frame pointer = a"),
    "LOADX": Form("wr", "LOAD {a}, [{b}]", "a = the word at the address in b"),
    "STOREX": Form("rr", "STORE {a}, [{b}]", "the word at the address in b = a"),
    "LOADP": Form("wrr", "LOAD {a}, {b}[{c}]", "a = word number c after the address in b"),
    "STOREP": Form("rrr", "STORE {a}, {b}[{c}]", "word number c after the address in b = a"),
    "PUSH": Form("r", "PUSH {a}", "sp = sp - 8, then the word at sp = a"),
    "POP": Form("w", "POP {a}", "a = the word at sp, then sp = sp + 8"),
    "DROP": Form("n", "DROP {a}", "sp = sp + a bytes"),
    "NEG": Form("wr", "NEG {a}, {b}", "a = -b"),
    "INV": Form("wr", "INV {a}, {b}", "a = ~b"),
    "NOT": Form("wr", "NOT {a}, {b}", "a = 1 if b is 0, else 0"),
    "BOUND": Form("rn", "BOUND {a}, {b}", "make index a fit an array of b words, or fault"),
    "JMP": Form("t", "JMP {a}", "go on at a"),
    "JZ": Form("rt", "JZ {a}, {b}", "go on at b if a is 0"),
    "JNZ": Form("rt", "JNZ {a}, {b}", "go on at b if a is not 0"),
    "CALL": Form("t", "CALL {a}", "push the address of the next instruction, go on at a"),
    "RET": Form("", "RET", "pop an address and go on there"),
    "ENTER": Form("n", "ENTER {a}", "push fp, fp = sp, then sp = sp - a bytes"),
    "LEAVE": Form("", "LEAVE", "sp = fp, then pop fp"),
    "SYS": Form("sn", "SYS {a}", "ask the operating system; the answer comes in r0"),
}


def _arithmetic() -> Iterator[tuple[str, Form]]:
    for name, sign in _ARITHMETIC.items():
        text = f"{name} {{a}}, {{b}}, {{c}}"
        yield name, Form("wrr", text, f"a = b {sign} c")
        yield name + "I", Form("wri", text, f"a = b {sign} the number c")


_WITH_A_HANDLER = {
    "WORK": Form("", "WORK r0", "compute for r0 ticks, then r0 = 0"),
    "TAS": Form("", "TAS r0, [r0]", "r0 = the word at r0, which becomes 1, in one step"),
    "FAA": Form("", "FAA r0, [r0], r1", "r0 = the word at r0, to which r1 is added, in one step"),
    "CAS": Form(
        "",
        "CAS r0, [r0], r1, r2",
        "if the word at r0 is r1, make it r2 and r0 = 1, else r0 = 0, in one step",
    ),
}

PRIVILEGED_FORMS = {
    "RDPT": Form("w", "RDPT {a}", "privileged: a = where the page table is"),
    "WRPT": Form("r", "WRPT {a}", "privileged: use the page table at a"),
    "CLI": Form("", "CLI", "privileged: take no interrupts"),
    "HLT": Form("", "HLT", "privileged: stop until an interrupt"),
}
"""Instructions that fault in user mode, where all programs run."""

INSTRUCTIONS = {**_PLAIN, **dict(_arithmetic()), **_WITH_A_HANDLER, **PRIVILEGED_FORMS}
"""Mnemonic -> its form, in the order of the encoding."""

_NUMBERS = {name: number for number, name in enumerate(INSTRUCTIONS)}
_NAMES = tuple(INSTRUCTIONS)

MEMORY_WRITERS = frozenset(
    {"STORE", "STOREA", "STOREF", "STOREX", "STOREP", "PUSH", "CALL", "ENTER"}
)
"""Instructions that write one word of memory."""

MEMORY_READERS = frozenset({"LOAD", "LOADA", "LOADF", "LOADX", "LOADP"})
"""Instructions that read one word of memory into a register."""


def encode(instruction: Instruction) -> int:
    """Return the word that stands for `instruction` in the code segment.

    Layout from the lowest bit: 8 bits mnemonic, then 4 bits a register in the
    order of the operands, then the number, if the form has one. The result is a
    signed 64-bit integer, because that is what memory holds.
    """
    word, shift = _NUMBERS[instruction.op], 8
    operands = INSTRUCTIONS[instruction.op].operands
    numbers = 0
    for kind, value in zip(operands, instruction[1:], strict=False):
        if kind in "wr":
            word |= value << shift
            shift += 4
        else:
            numbers = numbers << COUNT_BITS | (value & (1 << IMMEDIATE_BITS) - 1)
    word |= (numbers & (1 << IMMEDIATE_BITS) - 1) << 20
    return word - (1 << 64) if word >> 63 else word


def target_operand(instruction: Instruction) -> int | None:
    """Return the instruction index `instruction` may jump to, or None."""
    operands: tuple[int, ...] = instruction[1:]
    place = INSTRUCTIONS[instruction.op].operands.find("t")
    return None if place < 0 else operands[place]
