"""What goes wrong inside a simulated program; `kit.sim.termination` says what becomes of it."""

from __future__ import annotations

from kit.lang.signals import Signal

SIGNALS = {
    "segmentation fault": Signal.SIGSEGV,
    "protection fault": Signal.SIGSEGV,
    "general protection": Signal.SIGSEGV,
    "stack overflow": Signal.SIGSEGV,
    "out of memory": Signal.SIGKILL,
    "divide by zero": Signal.SIGFPE,
    "arithmetic fault": Signal.SIGFPE,
    "bus error": Signal.SIGBUS,
    "index out of range": Signal.SIGABRT,
    "invalid free": Signal.SIGABRT,
    "illegal instruction": Signal.SIGILL,
    "abort": Signal.SIGABRT,
    "failed assert": Signal.SIGABRT,
    "invalid release": Signal.SIGABRT,
    "broken pipe": Signal.SIGPIPE,
    "killed": Signal.SIGKILL,
}
"""Kind of fault -> the signal that Linux sends."""

FAULTS = frozenset(SIGNALS) - {"killed"}
"""What a thread does wrong itself."""

EXCEPTIONS = frozenset({"divide by zero", "index out of range", "failed assert"})
"""Kinds for which CPython raises an exception; not caught, it ends only its thread."""


def signal_of(reason: str) -> Signal | None:
    """Return the signal by which a process ended; None if it ended by itself.

    Parameters
    ----------
    reason : str
        What the machine notes when a process ends: a kind of fault or "killed", or else the
        name of a signal that was sent.
    """
    return SIGNALS.get(reason) or Signal.__members__.get(reason)


def reason_of(signal: Signal) -> str:
    """Return what the machine notes where a signal that was sent ends a process."""
    return "killed" if signal == Signal.SIGKILL else signal.name


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
