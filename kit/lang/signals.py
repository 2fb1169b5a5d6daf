"""The signals: what ends, stops and continues a process from outside.

A process that a signal ended has no exit code. One that a signal has stopped goes on with
SIGCONT; until then all other signals but SIGKILL wait. The numbers are those of Linux on x86
and ARM.

Definitions: IEEE Std 1003.1 (POSIX), `<signal.h>`; ``signal(7)``, ``wait(2)``.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

MAX_EXIT_CODE = 0xFF
"""An exit code has eight bits: `exit(300)` is 44."""


class Signal(IntEnum):
    """A signal, by its number."""

    SIGHUP = 1
    SIGINT = 2
    SIGQUIT = 3
    SIGILL = 4
    SIGABRT = 6
    SIGBUS = 7
    SIGFPE = 8
    SIGKILL = 9
    SIGUSR1 = 10
    SIGSEGV = 11
    SIGUSR2 = 12
    SIGPIPE = 13
    SIGALRM = 14
    SIGTERM = 15
    SIGCHLD = 17
    SIGCONT = 18
    SIGSTOP = 19
    SIGTSTP = 20

    @property
    def told(self) -> str:
        """Its name and its number."""
        return f"{self.name} ({self.value})"

    @property
    def sending(self) -> str:
        """What a process does to the one that it sends it to: "kills", "sends SIGTERM to"."""
        return "kills" if self == Signal.SIGKILL else f"sends {self.name} to"

    @property
    def conventions(self) -> str:
        """How those write it who have only one number to say how a process ended."""
        return f"a shell shows {128 + self}, Python's subprocess {-self}"


NEVER_IGNORED = frozenset({Signal.SIGKILL, Signal.SIGSTOP})
"""Signals that no process can ignore."""

HARMLESS = frozenset({Signal.SIGCHLD})
"""Signals whose default action is to be ignored."""

STOPPING = frozenset({Signal.SIGSTOP, Signal.SIGTSTP})
"""Signals whose default action stops the process; that of SIGCONT lets it go on."""

SYNCHRONOUS = frozenset({Signal.SIGILL, Signal.SIGBUS, Signal.SIGFPE, Signal.SIGSEGV})
"""Signals that exceptions of the processor cause; Linux delivers them before others that wait."""

Effect = Literal["none", "ignored", "stop", "continue", "pending", "end"]
"""What a signal does to a process that gets it."""


def effect_of(signal: Signal, *, ignored: bool, stopped: bool) -> Effect:
    """Return what a signal does to a process that has not ended.

    Parameters
    ----------
    signal : Signal
    ignored : bool
        Whether the process ignores it.
    stopped : bool
        Whether a signal has stopped the process.
    """
    if signal == Signal.SIGCONT:
        return "continue" if stopped else "none"
    if ignored:
        return "ignored"
    if signal in HARMLESS:
        return "none"
    if signal in STOPPING:
        return "none" if stopped else "stop"
    return "pending" if stopped and signal != Signal.SIGKILL else "end"


def signals_in(bits: int) -> tuple[Signal, ...]:
    """Return the signals of a set that has a bit for each number, from 1 on."""
    return tuple(signal for signal in Signal if bits >> (signal - 1) & 1)


def first_delivered(bits: int) -> Signal:
    """Return which signal of a set with bits, as in `signals_in`, Linux delivers first.

    POSIX leaves that open.
    """
    return min(signals_in(bits), key=lambda signal: (signal not in SYNCHRONOUS, signal))


def how_ended(exit_code: int | None, signal: Signal | None) -> str:
    """Return in words how a process ended.

    Parameters
    ----------
    exit_code : int or None
    signal : Signal or None
        The one that ended it, if it did not end by itself. Without either nothing is known of it.
    """
    if signal is not None:
        return f"ended by {signal.told}"
    return f"exit code {'not recorded' if exit_code is None else exit_code}"
