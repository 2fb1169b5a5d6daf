"""How a run ends: what tells one result from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.explore.steps import watched_variables
from kit.lang.image import Words
from kit.lang.instructions import WORD
from kit.lang.signals import Signal
from kit.sim.deadlock import last_cycles, wait_of
from kit.sim.events.scheduling import Waiting
from kit.sim.process import Process
from kit.sim.swap import SwapArea

if TYPE_CHECKING:
    from kit.explore.state import State
    from kit.sim.computer import Computer

Value = Words
Globals = tuple[tuple[str, Value], ...]
Pages = list[list[int] | None]
"""The words of some pages; None for one that is not in RAM."""

Ended = tuple[int | None, int, Globals]
"""Exit code, number of the signal (0 for none), and globals of a process that has ended or never
will."""


@dataclass(frozen=True)
class Final:
    """The result of a schedule: equal results are one outcome.

    Attributes
    ----------
    output : tuple of (int, str)
        What each process printed, by pid; those that printed nothing are left out.
    globals : tuple of (int, tuple of (str, value))
        The last values of each process's globals, by pid; an array is a tuple.
    exit_codes : tuple of (int, int or None)
        By pid; None for a process that never ends, and for one that a signal ends.
    faults : tuple of (int, str)
        Which process faulted, and how.
    waiting : tuple of Waiting
        Threads that wait for ever: pid, tid, reason, and which one.
    cycles : tuple of tuple of Waiting
        The circles among them.
    endless : bool
        Whether it can go on for ever without any way to an end.
    limit : str
        The limit of the machine that it reached; "" if none.
    signals : tuple of (int, Signal)
        Which process a signal ended, and which one.
    """

    output: tuple[tuple[int, str], ...] = ()
    globals: tuple[tuple[int, Globals], ...] = ()
    exit_codes: tuple[tuple[int, int | None], ...] = ()
    faults: tuple[tuple[int, str], ...] = ()
    waiting: tuple[Waiting, ...] = ()
    cycles: tuple[tuple[Waiting, ...], ...] = ()
    endless: bool = False
    limit: str = ""
    signals: tuple[tuple[int, Signal], ...] = ()

    @property
    def several_processes(self) -> bool:
        """Whether there are several processes, so that it has to be said whose something is."""
        return len(self.exit_codes) > 1


def memory_of(process: Process, swap: SwapArea | None) -> Pages:
    """Return the pages of a process's globals, as they are and, where none is swapped, will be."""
    base, readable = process.layout.data_base, process.memory.readable
    size = process.memory.page_size
    first, last = base // size, (base + process.program.image.data_bytes - 1) // size
    pages = range(first, last + 1)
    if swap is None:
        return [readable.get(page) for page in pages]
    # The next instruction may give their frames to other pages.
    swapped = process.memory.swapped
    return [
        readable[page][:]
        if page in readable
        else list(swap.slots[swapped[page]])
        if page in swapped
        else None
        for page in pages
    ]


def final_of(process: Process, memory: Pages, watch: frozenset[str] | None) -> Ended:
    """Return what a process leaves behind.

    Parameters
    ----------
    process : Process
    memory : Pages
        What `memory_of` returned before the last instruction.
    watch : frozenset of str or None
        The globals that count; None for all.
    """
    image, size = process.program.image, process.memory.page_size
    base = process.layout.data_base % size

    def word(offset: int) -> int:
        page, byte = divmod(base + offset, size)
        words = memory[page]
        return words[byte // WORD] if words is not None else image.data[offset // WORD]

    found: list[tuple[str, Value]] = []
    for variable in watched_variables(process.program, watch):
        values = tuple(word(variable.offset + WORD * n) for n in range(variable.length))
        found.append((variable.name, variable.value(values)))
    signal = 0 if process.signal is None else process.signal.value
    return process.exit_code, signal, tuple(found)


def result_of(computer: Computer, state: State, ended: dict[int, Any]) -> Final:
    """Return the result of a state in which nothing can happen any more.

    Parameters
    ----------
    computer : Computer
        In that state.
    state : State
    ended : dict of int to Ended
        What each process leaves behind.
    """
    threads = [t for process in computer.processes.values() for t in process.alive]
    waiting = () if state.limit else tuple(map(wait_of, threads))
    return Final(
        state.said,
        tuple((pid, values) for pid, (*_, values) in sorted(ended.items())),
        tuple((pid, code) for pid, (code, *_) in sorted(ended.items())),
        state.faults,
        waiting,
        tuple(last_cycles(computer, set())) if waiting else (),
        limit=state.limit,
        signals=tuple(
            (pid, Signal(signal)) for pid, (_, signal, _) in sorted(ended.items()) if signal
        ),
    )
