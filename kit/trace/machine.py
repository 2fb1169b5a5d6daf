"""The machine as teachers meet it: set up, launch programs, run, get a trace."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Concatenate, ParamSpec

from kit.errors import (
    ArgumentError,
    LimitExceeded,
    explain_arguments,
    explained,
    require,
    require_whole,
)
from kit.lang.instructions import INTEGER_MAX, INTEGER_MIN
from kit.lang.program import Program
from kit.sim.computer import Computer
from kit.sim.contiguous import least_size, size_of
from kit.sim.interventions import Intervention
from kit.sim.journal import Install, Launch, PutFile, Run, perform
from kit.sim.process import LaunchOptions
from kit.sim.segmentation import why_too_large
from kit.sim.setup import Setup
from kit.sim.snapshots import Snapshot, restore, snapshot
from kit.trace.recorder import record_of
from kit.trace.trace import Trace, checked_intervention

Options = ParamSpec("Options")


def _with_options_of(
    make: Callable[Options, Setup],
) -> Callable[[Callable[[Machine, Setup], None]], Callable[Concatenate[Machine, Options], None]]:
    """Let a constructor take the options of which its setup is made, and show them as its own."""

    def wrap(
        construct: Callable[[Machine, Setup], None],
    ) -> Callable[Concatenate[Machine, Options], None]:
        @functools.wraps(construct)
        def made(self: Machine, /, *args: Options.args, **options: Options.kwargs) -> None:
            construct(self, make(*args, **options))

        myself, _ = inspect.signature(construct).parameters.values()
        options = inspect.signature(make).parameters.values()
        vars(made)["__signature__"] = inspect.Signature([myself, *options])
        return made

    return wrap


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
        `FIFO()`, `RoundRobin(quantum)`, `SJF()`, `STCF()`, `Priority()`, `MLFQ()`,
        `Lottery()`, `Stride()`, `Fair()`, `Cyclic()` or `Follow(turns)`.
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
    demand : bool
        Whether pages of code, data and heap come into RAM when they are first touched, not
        at launch or when they are allocated.
    replacement : Replacement, optional
        Which page leaves full RAM for the swap area; if not given, pages stay, and full
        RAM is out of memory.
    swap : int
        Bytes of the swap area.
    heap : HeapPolicy, optional
        How `alloc` and `free` manage the heap of a process; first fit, by address, if not
        given.
    tlb : int
        Entries of each core's TLB; 0 for no TLB.
    asid : bool
        Whether TLB entries carry an address-space id, so that they survive a switch to
        another address space; otherwise it flushes the TLB.
    devices : int, optional
        How many requests devices can work on at once; any number if not given.
    switch_on_io : bool
        Whether a core goes on with another thread while one waits for a device.
    io_completion : str
        What becomes of a thread whose device has finished: "queue", it queues like any
        other, or "run", it gets a core at once.
    exceptions : str
        What a division by zero, an index out of range or a failed assert ends: the
        "process", as a signal does, or the "thread", as an uncaught exception does in
        Python.
    notify_without_lock : bool
        Whether a thread may notify a condition without holding its lock, as POSIX allows it;
        otherwise that is a fault, as it is an error in Python.
    contiguous : Contiguous, optional
        How each process gets one stretch of RAM, with base and bounds registers, instead
        of pages; its frames are pages then only for counting.
    timer : bool
        Whether a timer interrupts. Without it no slice ends: a thread keeps its core until it
        waits or ends, and a sleeper is woken only when the system has a core. Devices still
        interrupt, after which a policy may let a better thread go first.
    segmentation : Segmentation, optional
        How each segment of a process gets one stretch of RAM, with a base and a limit register,
        instead of pages; its frames are pages then only for counting.
    page_table : PageTable, optional
        How the page table of a process is built: in two levels, for example; a linear table
        if not given.
    cache : Cache, optional
        What each core has as a cache, by physical address; none if not given.

    Examples
    --------
    >>> machine = Machine(scheduler=FIFO())
    >>> pid = machine.launch(Program("hello", "def main(): print(7)"))
    >>> machine.run().output(pid)
    '7\n'
    """

    @_with_options_of(Setup)
    def __init__(self, setup: Setup) -> None:
        self._computer = Computer(setup)

    @property
    def now(self) -> int:
        """The current tick."""
        return self._computer.now

    @explain_arguments
    def launch(
        self,
        program: Program,
        at: int | None = None,
        *,
        priority: int = 0,
        tickets: int = 100,
        expected: int | None = None,
        cores: Iterable[int] = (),
        size: int | None = None,
    ) -> int:
        """Let a process be made from a program at a tick.

        Parameters
        ----------
        program : Program
        at : int, optional
            Tick, not in the past; now if not given.
        priority : int
            Higher runs first, where the scheduler looks at it.
        tickets : int
            Its share, where the scheduler deals out shares; at least 1.
        expected : int, optional
            Ticks of computing it needs, for schedulers that must know in advance.
        cores : iterable of int
            The cores its threads may use (affinity); all if none is given.
        size : int, optional
            Bytes of RAM it asks for, where memory is contiguous; rounded up to whole pages.

        Returns
        -------
        int
            The pid.
        """
        require(
            isinstance(program, Program),
            f"Machine.launch: the program is {program!r}; give Program(name, text)",
        )
        at = self.now if at is None else at
        require_whole("Machine.launch: at", at, self.now)
        most = self._computer.limits.ticks
        require(
            at <= most,
            f"Machine.launch: at is {at}, and the run ends at tick {most}; raise Limits(ticks=…)",
        )
        share = self._share(priority, tickets, expected, cores)
        if size is not None:
            share = replace(share, size=self._checked_size(program, size))
        self._check_room(program, share)
        pid = self._computer.next_pid()
        known = self._on_disk("Machine.launch", program)
        perform(self._computer, Launch(known, at, share))
        return pid

    @explain_arguments
    def install(self, program: Program) -> None:
        """Put a program on the disk, for `exec` to find.

        Raises
        ------
        ArgumentError
            If the disk already holds another program of that name.
        """
        require(
            isinstance(program, Program),
            f"Machine.install: the program is {program!r}; give Program(name, text)",
        )
        perform(self._computer, Install(self._on_disk("Machine.install", program)))

    @explain_arguments
    def put_file(self, name: str, words: Iterable[int] = ()) -> None:
        """Put a file of words on the disk, for programs to open.

        Parameters
        ----------
        name : str
        words : iterable of int
            64-bit integers.
        """
        require(
            _is_text(name),
            f"Machine.put_file: the name is {name!r}; give a text such as 'data'",
        )
        try:
            content = tuple(words)
        except TypeError:
            raise ArgumentError(
                f"Machine.put_file: the words are {words!r}; give a list such as [1, 2, 3]"
            ) from None
        for word in content:
            require(
                type(word) is int and INTEGER_MIN <= word <= INTEGER_MAX,
                f"Machine.put_file: {word!r} is no 64-bit integer; give whole numbers",
            )
        perform(self._computer, PutFile(name, content))

    def _on_disk(self, label: str, program: Program) -> Program:
        """Return the program of that name on the disk, or this one if there is none."""
        known = self._computer.disk.get(program.name, program)
        if known != program:
            raise ArgumentError(
                f"{label}: the disk already holds another program '{program.name}'; "
                "give this one a name of its own"
            )
        return known

    def _share(
        self, priority: int, tickets: int, expected: int | None, cores: Iterable[int]
    ) -> LaunchOptions:
        require_whole("Machine.launch: tickets", tickets, 1)
        require(
            type(priority) is int,
            f"Machine.launch: priority is {priority!r}; give a whole number",
        )
        if expected is not None:
            require_whole("Machine.launch: expected", expected, 0)
        try:
            allowed = tuple(cores)
        except TypeError:
            raise ArgumentError(
                f"Machine.launch: cores is {cores!r}; give their numbers, as in cores=[0, 1]"
            ) from None
        for core in allowed:
            require_whole("Machine.launch: each of cores", core, 0, len(self._computer.cores) - 1)
        return LaunchOptions(priority, tickets, expected, tuple(sorted(set(allowed))))

    def _check_room(self, program: Program, share: LaunchOptions) -> None:
        why = why_too_large(self._computer, program)
        require(
            not why,
            f"Machine.launch: '{program.name}' does not fit: {why}; make address_space larger, or "
            "give Segmentation fewer bits",
        )
        regions = self._computer.regions
        if regions is not None:
            size = size_of(self._computer, program, share.size)
            require(
                size <= regions.size,
                f"Machine.launch: '{program.name}' takes {size} bytes in one stretch, and the "
                f"machine has {regions.size} to give; make ram larger",
            )

    def _checked_size(self, program: Program, size: int) -> int:
        setup = self._computer.setup
        require(
            setup.contiguous is not None,
            "Machine.launch: size is for contiguous memory; give Machine(contiguous=Contiguous())",
        )
        regions = self._computer.regions
        assert regions is not None, "contiguous memory has them"
        least = least_size(setup.page_size, setup.stack_size, program)
        require_whole("Machine.launch: size in bytes", size, least, regions.size)
        return size

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
            perform(self._computer, Run(until))
        except LimitExceeded as limit:
            limit.trace = Trace(record_of(self._computer))
            raise
        return Trace(record_of(self._computer))

    @explain_arguments
    def intervene(self, intervention: Intervention) -> None:
        """Do something to the machine from outside, at the tick it has reached.

        Parameters
        ----------
        intervention : Intervention
            `Kill`, `Inject`, `RunNext` or `Write`.

        Raises
        ------
        ArgumentError
            If what it is about does not exist now; nothing has changed then.
        """
        perform(self._computer, checked_intervention("Machine.intervene", intervention))

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

    def __repr__(self) -> str:
        computer = self._computer
        return (
            f"<Machine: {len(computer.cores)} cores, {computer.setup.ram} bytes of RAM, "
            f"{computer.setup.scheduler.name}, tick {self.now}>"
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
