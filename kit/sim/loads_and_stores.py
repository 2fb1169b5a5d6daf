"""The instructions that use memory, as closures; see `kit.sim.decoder`."""

from __future__ import annotations

from collections.abc import Callable

from kit.lang.instructions import FP, SP, WORD, Instruction
from kit.sim.faults import Fault
from kit.sim.layout import ALIGNMENT, WORD_SHIFT, Execute, Layout, Note, Pages


def load(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the load of a global variable."""
    a, address = i.a, layout.data_base + i.b
    page, word = address >> layout.shift, (address & layout.mask) >> WORD_SHIFT

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        r[a] = value = readable[page][word]
        log(value)
        return following

    return run


def store(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the store of a global variable."""
    a, address = i.a, layout.data_base + i.b
    page, word = address >> layout.shift, (address & layout.mask) >> WORD_SHIFT

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        value = r[a]
        writable[page][word] = value
        log(value)
        where(address)
        return following

    return run


def load_frame(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the load of a word of the frame."""
    a, offset = i.a, i.b
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[FP] + offset
        r[a] = value = readable[address >> shift][(address & mask) >> WORD_SHIFT]
        log(value)
        return following

    return run


def store_frame(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the store of a word of the frame."""
    a, offset = i.a, i.b
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[FP] + offset
        value = r[a]
        writable[address >> shift][(address & mask) >> WORD_SHIFT] = value
        log(value)
        where(address)
        return following

    return run


Address = Callable[[list[int]], int]


def _address(i: Instruction, layout: Layout) -> Address:
    """Return how `i` computes the address it uses, for the forms that need registers."""
    _, _, b, c = i
    if i.op in ("LOADA", "STOREA"):
        base = layout.data_base + c
        return lambda r: base + WORD * r[b]
    if i.op in ("LOADX", "STOREX"):
        return lambda r: r[b]
    return lambda r: r[b] + WORD * r[c]


def misaligned(address: int, verb: str) -> Fault:
    """Return the fault of using an address between two words.

    Parameters
    ----------
    address : int
    verb : str
        What was done with it.
    """
    return Fault("bus error", f"{verb} {address:#06x}, which is not a multiple of {WORD}")


def load_computed(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the load of an address that registers say."""
    a, address_of = i.a, _address(i, layout)
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = address_of(r)
        if address & ALIGNMENT:
            raise misaligned(address, "read")
        r[a] = value = readable[address >> shift][(address & mask) >> WORD_SHIFT]
        log(value)
        return following

    return run


def store_computed(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make the store at an address that registers say."""
    a, address_of = i.a, _address(i, layout)
    shift, mask = layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = address_of(r)
        if address & ALIGNMENT:
            raise misaligned(address, "wrote")
        value = r[a]
        writable[address >> shift][(address & mask) >> WORD_SHIFT] = value
        log(value)
        where(address)
        return following

    return run


def push(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make a push on the stack."""
    a, shift, mask = i.a, layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address, value = r[SP] - WORD, r[a]
        writable[address >> shift][(address & mask) >> WORD_SHIFT] = value
        r[SP] = address
        log(value)
        where(address)
        return following

    return run


def pop(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make a pop off the stack."""
    a, shift, mask = i.a, layout.shift, layout.mask

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        address = r[SP]
        value = readable[address >> shift][(address & mask) >> WORD_SHIFT]
        r[SP] = address + WORD
        r[a] = value
        log(value)
        return following

    return run
