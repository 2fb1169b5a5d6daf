"""What a teacher can do to a running machine from outside: kill, break, choose, write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kit.errors import ArgumentError, explained, nearest, require, require_whole
from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN, WORD
from kit.sim.events.processes import Intervene
from kit.sim.faults import SIGNALS, Fault
from kit.sim.loader import pages_to_load
from kit.sim.termination import finish_thread, handle_fault, kill_process

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process, Thread


@runtime_checkable
class Intervention(Protocol):
    """Something done to a machine from outside, at the tick it has reached."""

    def apply(self, computer: Computer) -> None:
        """Do it.

        Raises
        ------
        ArgumentError
            If what it is about does not exist at this tick; nothing has changed then.
        """
        ...


@explained
@dataclass(frozen=True)
class Kill:
    """Kill a process, or only one of its threads.

    A killed process is ended by SIGKILL. A killed thread keeps the locks it holds, as one
    that a system ended in the middle of its work would.

    Parameters
    ----------
    pid : int
    tid : int, optional
        The whole process if not given.
    """

    pid: int
    tid: int | None = None

    def apply(self, computer: Computer) -> None:
        """Do it; see `Intervention.apply`."""
        process = _process(computer, "Kill", self.pid)
        if self.tid is None:
            computer.note(Intervene, self.pid, 0, "kill process", "")
            kill_process(computer, process)
            return
        thread = _thread(computer, "Kill", self.pid, self.tid)
        computer.note(Intervene, self.pid, self.tid, "kill thread", "")
        finish_thread(computer, thread, "kill")


@explained
@dataclass(frozen=True)
class Inject:
    """Let a thread fail as if its next instruction had done so.

    Parameters
    ----------
    pid, tid : int
    fault : str
        A kind of fault: a key of `kit.sim.faults.SIGNALS`.
    """

    pid: int
    tid: int
    fault: str = "segmentation fault"

    def __post_init__(self) -> None:
        require(
            self.fault in list(SIGNALS),
            f"Inject: there is no fault {self.fault!r}; {_near(self.fault)}",
        )

    def apply(self, computer: Computer) -> None:
        """Do it; see `Intervention.apply`."""
        thread = _thread(computer, "Inject", self.pid, self.tid)
        computer.note(Intervene, self.pid, self.tid, "inject", self.fault)
        handle_fault(computer, thread, Fault(self.fault, "was made to fail here from outside"))


@explained
@dataclass(frozen=True)
class RunNext:
    """Give a core to a thread of the ready queue, whatever the policy says, for one turn.

    Parameters
    ----------
    pid, tid : int
    core : int, optional
        The first core that the thread may use, if not given.
    """

    pid: int
    tid: int
    core: int | None = None

    def apply(self, computer: Computer) -> None:
        """Do it; see `Intervention.apply`."""
        thread = _thread(computer, "RunNext", self.pid, self.tid)
        require(
            thread.state == "ready",
            f"RunNext: thread {self.tid} of process {self.pid} is {thread.state} at tick "
            f"{computer.now}; only a ready thread can get a core",
        )
        allowed = thread.process.share.cores or tuple(range(len(computer.cores)))
        number = allowed[0] if self.core is None else self.core
        require(number in allowed, f"RunNext: core is {number!r}; give one of {list(allowed)}")
        computer.note(Intervene, self.pid, self.tid, "run next", number)
        computer.dispatcher.force(computer.cores[number], thread)


@explained
@dataclass(frozen=True)
class Write:
    """Write a word into the memory of a process.

    Parameters
    ----------
    pid : int
    place : str or int
        Name of a global variable, or a virtual address in bytes.
    value : int
        A 64-bit integer.
    index : int
        Which element, where the variable is an array.
    """

    pid: int
    place: str | int
    value: int
    index: int = 0

    def __post_init__(self) -> None:
        require(
            isinstance(self.place, str) or type(self.place) is int,
            f"Write: place is {self.place!r}; give the name of a global, or an address",
        )
        require_whole("Write: value", self.value, INTEGER_MIN, INTEGER_MAX)
        require_whole("Write: index", self.index, 0)

    def apply(self, computer: Computer) -> None:
        """Do it; see `Intervention.apply`."""
        process = _process(computer, "Write", self.pid)
        require(
            process.loaded >= pages_to_load(process),
            f"Write: process {self.pid} is still being loaded at tick {computer.now}; "
            "choose a later tick",
        )
        address = self._address(process)
        try:
            computer.write_word(process, address, self.value)
        except Fault as fault:
            raise ArgumentError(
                f"Write: process {self.pid} {fault.detail}; give an address it may write"
            ) from None
        computer.note(Intervene, self.pid, 0, "write", f"{self._label()} = {self.value}")

    def _label(self) -> str:
        if isinstance(self.place, int):
            return f"{self.place:#06x}"
        return f"{self.place}[{self.index}]" if self.index else self.place

    def _address(self, process: Process) -> int:
        if isinstance(self.place, int):
            require_whole("Write: place", self.place, 0)
            return self.place + self.index * WORD
        variables = process.program.image.variables
        variable = variables.get(self.place)
        if variable is None:
            raise ArgumentError(
                f"Write: '{process.program.name}' has no global {self.place!r}; "
                f"{nearest(str(self.place), variables)}"
            )
        require_whole(f"Write: index of {self.place}", self.index, 0, variable.length - 1)
        return process.layout.data_base + variable.offset + self.index * WORD


def _near(name: object) -> str:
    return nearest(str(name), SIGNALS)


def _process(computer: Computer, label: str, pid: int) -> Process:
    process = computer.processes.get(pid) if type(pid) is int else None
    if process is None or process.ended:
        alive = [str(pid) for pid in computer.alive]
        raise ArgumentError(
            f"{label}: there is no process {pid!r} at tick {computer.now}; "
            f"alive are {', '.join(alive) or 'none'}"
        )
    return process


def _thread(computer: Computer, label: str, pid: int, tid: int) -> Thread:
    process = _process(computer, label, pid)
    thread = process.threads.get(tid) if type(tid) is int else None
    if thread is None or thread.state == "terminated":
        alive = ", ".join(str(thread.tid) for thread in process.alive)
        raise ArgumentError(
            f"{label}: process {pid} has no thread {tid!r} at tick {computer.now}; "
            f"alive are {alive}"
        )
    return thread
