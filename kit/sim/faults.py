"""What goes wrong inside a simulated program; `kit.sim.termination` says what becomes of it."""

from __future__ import annotations

SIGNALS = {
    "segmentation fault": 11,
    "protection fault": 11,
    "general protection": 11,
    "stack overflow": 11,
    "out of memory": 9,
    "divide by zero": 8,
    "arithmetic fault": 8,
    "bus error": 7,
    "index out of range": 6,
    "invalid free": 6,
    "illegal jump": 4,
    "abort": 6,
    "failed assert": 6,
    "invalid release": 6,
    "broken pipe": 13,
    "killed": 9,
}
"""Kind of fault -> the number of the signal Linux would send."""

EXCEPTIONS = frozenset({"divide by zero", "index out of range", "failed assert"})
"""Kinds for which CPython raises an exception; not caught, it ends only its thread."""


class Fault(Exception):  # noqa: N818 - the field's word; never leaves the simulation
    """Raised by an instruction or system call that cannot be carried out.

    Parameters
    ----------
    kind : str
        A key of `SIGNALS`.
    detail : str
        What the thread did, completing "thread 2 of 'counter' (pid 2) …".
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class HandlerCalled(Exception):  # noqa: N818 - no error; never leaves the simulation
    """Raised by an instruction that a handler carries out: a call, or an atomic instruction."""

    def __init__(self, number: int, operand: int) -> None:
        super().__init__()
        self.number = number
        self.operand = operand
