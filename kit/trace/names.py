"""How narration calls things: threads, processes, variables."""

from __future__ import annotations

from kit.trace.history import History


class Names:
    """Names of what is in a run.

    Parameters
    ----------
    history : History
    """

    def __init__(self, history: History) -> None:
        self.history = history

    def thread(self, pid: int, tid: int) -> str:
        """Return how a thread is called: T2 of counter (pid 1)."""
        return f"T{tid} of {self.process(pid)}"

    def process(self, pid: int) -> str:
        """Return how a process is called: counter (pid 1); it keeps its name after `exec`."""
        if pid not in self.history.processes:
            return f"process {pid}"
        return f"{self.history.processes[pid].program.name} (pid {pid})"

    def place(self, pid: int, address: int, tick: int) -> str:
        """Return the name of the global at an address, or the address."""
        process = self.history.processes[pid]
        program = process.programs.at(tick)
        name = program.image.variable_at(address - process.data_base_of(program))
        return name or f"the one at {address:#06x}"


def plural(number: int, word: str) -> str:
    """Return a number with its word: 1 tick, 2 ticks."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
