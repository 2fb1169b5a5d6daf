"""Arithmetic on signed 64-bit integers, and the instructions that compute.

Results are those of Python, kept to 64 bits as hardware does it; what has no integer
result, such as a negative power, is a fault.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN, Instruction
from kit.sim.faults import Fault
from kit.sim.layout import Execute, Layout, Note, Pages


def wrap(value: int) -> int:
    """Return `value` as a signed 64-bit integer, as hardware keeps it."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _power(base: int, exponent: int) -> int:
    if exponent < 0:
        raise Fault("arithmetic fault", f"computed {base} ** {exponent}, which is not an integer")
    return pow(base, exponent, 1 << 64)


def _shift_left(value: int, count: int) -> int:
    if count < 0:
        raise Fault("arithmetic fault", f"shifted by {count}, a negative count")
    return value << count if count < 64 else 0


def _shift_right(value: int, count: int) -> int:
    if count < 0:
        raise Fault("arithmetic fault", f"shifted by {count}, a negative count")
    return value >> count


COMPUTE: dict[str, Callable[[int, int], int]] = {
    "ADD": operator.add,
    "SUB": operator.sub,
    "MUL": operator.mul,
    "DIV": operator.floordiv,
    "MOD": operator.mod,
    "POW": _power,
    "AND": operator.and_,
    "OR": operator.or_,
    "XOR": operator.xor,
    "SHL": _shift_left,
    "SHR": _shift_right,
    "EQ": operator.eq,
    "NE": operator.ne,
    "LT": operator.lt,
    "LE": operator.le,
    "GT": operator.gt,
    "GE": operator.ge,
}
"""Mnemonic -> how its value is computed, before it is wrapped to 64 bits."""


def operate(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make ``a = b op c`` for registers b and c."""
    _, a, b, c = i
    compute = COMPUTE[i.op]

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        value = compute(r[b], r[c])
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            value = wrap(value)
        r[a] = value = value + 0
        log(value)
        return following

    return run


def operate_number(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make ``a = b op number``."""
    _, a, b, number = i
    compute = COMPUTE[i.op[:-1]]

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        value = compute(r[b], number)
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            value = wrap(value)
        r[a] = value = value + 0
        log(value)
        return following

    return run


def add_number(i: Instruction, following: int, layout: Layout) -> Execute:
    """Make ``a = b + number``, the most frequent of them, without a call."""
    _, a, b, number = i

    def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
        value = r[b] + number
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            value = wrap(value)
        r[a] = value
        log(value)
        return following

    return run


def unary(compute: Callable[[int], int]) -> Callable[..., Execute]:
    """Return the maker of ``a = compute(b)``."""

    def make(i: Instruction, following: int, layout: Layout) -> Execute:
        _, a, b, _ = i

        def run(r: list[int], readable: Pages, writable: Pages, log: Note, where: Note) -> int:
            r[a] = value = wrap(compute(r[b]))
            log(value)
            return following

        return run

    return make
