"""The machine as teachers meet it: set up, launch programs, run, get a trace."""

from __future__ import annotations

from kit.errors import (
    ArgumentError,
    LimitExceeded,
    explain_arguments,
    explained,
    require,
    require_whole,
)
from kit.lang.program import Program
from kit.sim.computer import Computer
from kit.sim.copies import Snapshot, restore, snapshot
from kit.sim.schedulers import FIFO, Scheduler
from kit.sim.settings import Costs, KiB, Limits, MiB
from kit.trace.record import Record, Settings, ThreadRecord
from kit.trace.trace import Trace

MOST_CORES = 64
MOST_FRAMES = 1 << 20


@explained
class Machine:
    r"""A simulated computer.

    Parameters
    ----------
    cores : int
        1 to 64.
    ram : int
        Bytes; a whole number of pages.
    page_size : int
        Bytes; a power of two from 64 to 64 KiB.
    scheduler : Scheduler
        `FIFO()` or `RoundRobin(quantum)`.
    seed : int
        For everything left to chance.
    costs : Costs, optional
        What takes time beyond one tick an instruction; nothing if not given.
    limits : Limits, optional
        When a run is stopped.
    address_space : int
        Bytes each process can address.
    stack_size : int
        Most bytes a stack may grow to.

    Examples
    --------
    >>> machine = Machine(scheduler=FIFO())
    >>> pid = machine.launch(Program("hello", "def main(): print(7)"))
    >>> machine.run().output(pid)
    '7\n'
    """

    def __init__(
        self,
        *,
        cores: int = 1,
        ram: int = 64 * KiB,
        page_size: int = KiB,
        scheduler: Scheduler | None = None,
        seed: int = 0,
        costs: Costs | None = None,
        limits: Limits | None = None,
        address_space: int = 16 * MiB,
        stack_size: int = 4 * KiB,
    ) -> None:
        scheduler = FIFO() if scheduler is None else scheduler
        require(
            hasattr(scheduler, "start") and not isinstance(scheduler, type),
            f"Machine: scheduler is {scheduler!r}; give FIFO() or RoundRobin(quantum=4)",
        )
        costs = Costs() if costs is None else costs
        limits = Limits() if limits is None else limits
        require(isinstance(costs, Costs), f"Machine: costs is {costs!r}; give Costs(…)")
        require(isinstance(limits, Limits), f"Machine: limits is {limits!r}; give Limits(…)")
        require_whole("Machine: cores", cores, 1, MOST_CORES)
        require_whole("Machine: seed", seed, 0)
        require_whole("Machine: page_size", page_size, 64, 64 * KiB)
        require(
            page_size & (page_size - 1) == 0,
            f"Machine: page_size is {page_size}; give a power of two such as 1024",
        )
        self._check_sizes(page_size, ram=ram, address_space=address_space, stack_size=stack_size)
        require(
            4 * stack_size <= address_space,
            f"Machine: stack_size {stack_size} is more than a quarter of the address space; "
            "make it smaller",
        )
        self.seed = seed
        self._computer = Computer(
            cores, ram, page_size, scheduler, seed, costs, limits, address_space, stack_size
        )
        self._ram = ram

    @staticmethod
    def _check_sizes(page_size: int, **sizes: int) -> None:
        for name, size in sizes.items():
            least = 4 * page_size if name != "stack_size" else page_size
            require_whole(f"Machine: {name} in bytes", size, least, MOST_FRAMES * page_size)
            require(
                size % page_size == 0,
                f"Machine: {name} is {size} bytes, not a whole number of pages of {page_size}; "
                f"give {-(-size // page_size) * page_size}",
            )

    @property
    def now(self) -> int:
        """The current tick."""
        return self._computer.now

    @explain_arguments
    def launch(self, program: Program, at: int = 0) -> int:
        """Let a process be made from a program at a tick.

        Parameters
        ----------
        program : Program
        at : int
            Tick, not in the past.

        Returns
        -------
        int
            The pid.
        """
        require(
            isinstance(program, Program),
            f"Machine.launch: the program is {program!r}; give Program(name, text)",
        )
        require_whole("Machine.launch: at", at, self.now)
        most = self._computer.limits.ticks
        require(
            at <= most,
            f"Machine.launch: at is {at}, and the run ends at tick {most}; raise Limits(ticks=…)",
        )
        known = {known.name: known for known in self._computer.programs}.get(program.name, program)
        if known.text != program.text:
            raise ArgumentError(
                f"Machine.launch: the disk already holds another program '{program.name}'; "
                "give this one a name of its own"
            )
        return self._computer.launch(known, at)

    @explain_arguments
    def run(self, until: int | None = None) -> Trace:
        """Run to the end, or to a tick, and return what has happened since tick 0.

        Parameters
        ----------
        until : int, optional
            Tick to stop at; running on from there is possible.

        Raises
        ------
        LimitExceeded
            If a limit is reached; its `trace` holds what happened until then.
        """
        if until is not None:
            require_whole("Machine.run: until", until, self.now)
        try:
            self._computer.run(until)
        except LimitExceeded as limit:
            limit.trace = self._trace()
            raise
        return self._trace()

    def snapshot(self) -> Snapshot:
        """Return a copy of the machine's state, for `restore`."""
        return snapshot(self._computer)

    @explain_arguments
    def restore(self, earlier: Snapshot) -> None:
        """Go back to an earlier snapshot of this machine."""
        require(
            isinstance(earlier, Snapshot),
            f"Machine.restore: got {earlier!r}; give what snapshot() returned",
        )
        require(
            earlier.computer is self._computer,
            f"Machine.restore: {earlier!r} is of another machine; give one of this machine",
        )
        restore(earlier)

    def _trace(self) -> Trace:
        computer = self._computer
        settings = Settings(
            cores=len(computer.cores),
            ram=self._ram,
            page_size=computer.page_size,
            reserved_frames=computer.physical.reserved,
            scheduler=computer.scheduler.name,
            quantum=computer.scheduler.quantum,
            seed=self.seed,
        )
        threads = {
            thread.key: ThreadRecord.of(thread.log)
            for process in computer.processes.values()
            for thread in process.threads.values()
            if thread.log.checkpoints
        }
        return Trace(
            Record(settings, computer.now, computer.programs, tuple(computer.events), threads)
        )

    def __repr__(self) -> str:
        computer = self._computer
        return (
            f"<Machine: {len(computer.cores)} cores, {self._ram} bytes of RAM, "
            f"{computer.scheduler.name}, tick {self.now}>"
        )
