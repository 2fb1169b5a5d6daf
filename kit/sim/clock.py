"""Waking those who sleep: by the timer's interrupt, or when the system looks at the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.sim.computer import Computer


def time_out(computer: Computer, pid: int, tid: int) -> None:
    """Wake a thread whose sleep ends now, if the system can know.

    Parameters
    ----------
    computer : Computer
    pid, tid : int
    """
    if not computer.setup.timer and all(core.thread is not None for core in computer.cores):
        return  # Nothing interrupts the programs, and the system has no core.
    thread = computer.processes[pid].threads[tid]
    if thread.state == "blocked" and thread.waits_for == ("sleep", computer.now):
        computer.wake(thread, 0)


def look_at_clock(computer: Computer) -> None:
    """Wake the sleepers that no timer has woken, now that the system has a core."""
    if computer.setup.timer:
        return
    asleep = [
        (until, thread.key)
        for process in computer.alive.values()
        for thread in process.alive
        if thread.waits_for[:1] == ("sleep",) and (until := thread.waits_for[1]) <= computer.now
    ]
    for _, key in sorted(asleep):
        computer.wake(computer.thread(key), 0)
