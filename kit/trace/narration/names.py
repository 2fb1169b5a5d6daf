"""How narration calls things at one tick: threads, processes, places, values."""

from __future__ import annotations

from kit.lang.instructions import WORD
from kit.sim.events.event import Event
from kit.sim.segments import SegmentName
from kit.trace.replay import History

OWN_STACK = "its own stack"
"""How the stack of the thread is called that is told of."""


class Names:
    """Names of what is in a run, at one tick.

    Parameters
    ----------
    history : History
    tick : int
    """

    def __init__(self, history: History, tick: int) -> None:
        self.history, self.tick = history, tick

    @property
    def several(self) -> bool:
        """Whether the run has several processes, so that a name has to say which one."""
        return len(self.history.processes) > 1

    def thread(self, pid: int, tid: int) -> str:
        """Return how a thread is called: T2, or T2 of counter (pid 2) where others run, too."""
        if self.several or pid not in self.history.processes:
            return f"T{tid} of {self.process(pid)}"
        return f"T{tid}"

    def who(self, event: Event) -> str:
        """Return how the thread is called that an event concerns."""
        return self.thread(event.pid, event.tid)

    def whose(self, event: Event) -> str:
        """Return how the process is called that an event concerns."""
        return self.process(event.pid)

    def process(self, pid: int, before: int = 0) -> str:
        """Return how a process is called, by the program it runs: counter (pid 2), or counter.

        Parameters
        ----------
        pid : int
        before : int
            How many ticks earlier.
        """
        if pid not in self.history.processes:
            return f"process {pid}"
        program = self.history.processes[pid].programs.at(self.tick - before)
        return f"{program.name} (pid {pid})" if self.several else program.name

    def place(self, pid: int, address: int) -> str:
        """Return the name of the global at an address, or where that is."""
        process = self.history.processes[pid]
        program = process.programs.at(self.tick)
        name = program.image.variable_at(address - process.data_base_of(program))
        return name or f"at {address:#06x}"

    def object(self, pid: int, sort: str, address: int, quoted: bool = True) -> str:
        """Return how a lock and the like is called: the lock “first”, or only the lock.

        Parameters
        ----------
        pid : int
        sort : str
            What it is: "lock".
        address : int
        quoted : bool
            Whether its name stands out in a sentence; not where there is little room.
        """
        name = self.place(pid, address)
        if name == sort:
            return f"the {sort}"
        plain = not quoted or name.startswith("at ")
        return f"the {sort} {name}" if plain else f"the {sort} “{name}”"

    def word(self, pid: int, tid: int, address: int) -> str:
        """Return what the word at an address is called, as seen by thread `tid` of the process."""
        process = self.history.processes[pid]
        # What an instruction used may be gone by the end of its tick.
        earlier, now = process.standing.at(self.tick - 1), process.standing.at(self.tick)
        for name in dict.fromkeys((*earlier, *now)):
            bounds = process.segments[name]
            start, end = bounds.at(self.tick) or bounds.at(self.tick - 1) or (0, 0)
            if not start <= address < end:
                continue
            part = SegmentName.of(name)
            if part.kind == "stack":
                return OWN_STACK if part.tid == tid else f"the stack of T{part.tid}"
            if part.kind == "shared":
                return f"word {(address - start) // WORD} of the shared memory '{part.area}'"
            if part.kind == "data":
                return self.place(pid, address)
            return f"the {part.kind} at {address:#06x}"
        return f"the word at {address:#06x}"

    def value(self, pid: int, value: int) -> str:
        """Return how a value is written: the address of a block or of shared memory in hex."""
        process = self.history.processes[pid]
        if any(address == value for address, _ in process.blocks.at(self.tick)):
            return f"{value:#06x}"
        names = [n for n in process.standing.at(self.tick) if SegmentName.of(n).kind == "shared"]
        shared = (process.segments[name].at(self.tick) for name in names)
        if any(bounds is not None and bounds[0] == value for bounds in shared):
            return f"{value:#06x}"
        return str(value)
