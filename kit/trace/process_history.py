"""How the operating system saw one thread, one process, one page: step functions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kit.lang.program import Program
from kit.lang.signals import Signal, how_ended
from kit.sim.faults import FAULTS
from kit.sim.recording import NO_CORE
from kit.trace.steps import Growing, Steps, counted

Bounds = tuple[int, int] | None
"""Start and end of a segment in bytes, or None where it does not exist."""


def pages_of(bounds: Bounds, size: int) -> range:
    """Return the virtual pages that a segment stands in; `size` is that of a page, in bytes."""
    return range(bounds[0] // size, -(-bounds[1] // size)) if bounds else range(0)


class PageContent(NamedTuple):
    """What a page is mapped to.

    Attributes
    ----------
    frame : int
        -1 while the page is in the swap area.
    number : int
        Of the content: it stays the same when a page goes to the swap area and comes
        back to another frame, and is shared by all pages that are mapped to the same
        frame.
    mode : str
        "r" may be read, "w" may be written too, "c" copied when it is written (copy on
        write), "s" in the swap area.
    core : int
        The core whose instruction brought the content, `NO_CORE` if none did; what cores
        with lower numbers wrote at that tick went to what was there before.
    slot : int
        Of the swap area; a page that has come back from one may be in it still. -1 for none.
    """

    frame: int
    number: int
    mode: str
    core: int = NO_CORE
    slot: int = -1


class Ended(NamedTuple):
    """How a thread ended: by itself ("end"), by an "exception", or by force ("kill")."""

    tick: int
    how: str


class ProcessEnd(NamedTuple):
    """How a process ended.

    Attributes
    ----------
    tick : int
    exit_code : int or None
        None where a signal ended it.
    reason : str
        "exit", a kind of fault, "killed", or what else it was.
    signal : Signal or None
    """

    tick: int
    exit_code: int | None
    reason: str
    signal: Signal | None = None

    @property
    def told(self) -> str:
        """In words: "exit code 3", "ended by SIGSEGV (11)"."""
        return how_ended(self.exit_code, self.signal)

    @property
    def brief(self) -> str:
        """In as few words as fit into a picture: "exit code 3", "SIGSEGV (11)"."""
        return self.told.removeprefix("ended by ")

    @property
    def fault(self) -> str:
        """The kind of fault that led to the signal; "" if none did."""
        return self.reason if self.signal is not None and self.reason in FAULTS else ""


class Signals(NamedTuple):
    """What signals mean to a process.

    Attributes
    ----------
    ignored : tuple of Signal
        Those that it ignores, by number.
    stopped : bool
        Whether one has stopped it.
    pending : tuple of Signal
        Those that wait until it goes on, by number.
    """

    ignored: tuple[Signal, ...] = ()
    stopped: bool = False
    pending: tuple[Signal, ...] = ()


NO_SIGNALS = Signals()
"""How a process begins that inherits nothing."""


class Exec(NamedTuple):
    """A process goes on with another program, in the thread `tid`."""

    tick: int
    program: Program
    tid: int


@dataclass
class ThreadHistory:
    """How the operating system saw one thread.

    Attributes
    ----------
    state : Steps of str
    core : Steps of int
        -1 where it is not running.
    waits_for : Steps of tuple
        (reason, number) of `kit.sim.waits`; () where it is not blocked.
    queued : Steps of int
        Growing numbers: the order in which threads came to the ready queue, or began to wait.
    function : str
    arguments : tuple of int
    program : Program
        Whose code it executes.
    result : int
    ended : Ended or None
    """

    function: str
    arguments: tuple[int, ...]
    program: Program
    state: Steps[str] = field(default_factory=lambda: Steps(""))
    core: Steps[int] = field(default_factory=lambda: Steps(-1, compact=True))
    waits_for: Steps[tuple[Any, ...]] = field(default_factory=lambda: Steps(()))
    queued: Steps[int] = field(default_factory=lambda: Steps(0, compact=True))
    result: int = 0
    ended: Ended | None = None


@dataclass
class ProcessHistory:
    """How the operating system saw one process.

    Attributes
    ----------
    program : Program
        The one it was launched with; `exec` may have changed it later.
    parent : int
        The pid of the process that made it; 0 if the machine launched it.
    origin : str
        "launch" or "fork".
    programs : Steps of Program
        What it runs.
    execs : list of Exec
    parents : Steps of int
        Who waits for it: its parent, or 1 once init has adopted it.
    pages : dict of int to Steps
        Virtual page -> PageContent, or None where it is not mapped.
    segments : dict of str to Steps
        Name -> (start, end).
    blocks : Steps of tuple
        Allocated blocks of the heap as (address, words).
    free_blocks : Steps of tuple
        The heap's free list as (address, size in bytes), in its order.
    standing : Steps of tuple of str
        Names of the segments that exist.
    output : Growing
    signals : Steps of Signals
    exit : ProcessEnd or None
    exited_by : int
        The tid of the thread that called exit; 0 if none did.
    code_base : int
        Address of the code segment.
    data_at : int
        Address of the data segment, where that does not depend on the program; else 0.
    stretch : Steps of tuple
        Base and bounds in bytes, where memory is contiguous; None where it has none.
    """

    pid: int
    parent: int
    program: Program
    launched: int
    origin: str
    page_size: int
    code_base: int
    data_at: int
    threads: dict[int, ThreadHistory] = field(default_factory=dict)
    programs: Steps[Program] = field(init=False)
    parents: Steps[int] = field(init=False)
    pages: dict[int, Steps[PageContent | None]] = field(
        default_factory=lambda: defaultdict(lambda: Steps(None))
    )
    segments: dict[str, Steps[Bounds]] = field(
        default_factory=lambda: defaultdict(lambda: Steps(None))
    )
    blocks: Steps[tuple[tuple[int, int], ...]] = field(default_factory=lambda: Steps(()))
    free_blocks: Steps[tuple[tuple[int, int], ...]] = field(default_factory=lambda: Steps(()))
    standing: Steps[tuple[str, ...]] = field(default_factory=lambda: Steps(()))
    output: Growing = field(default_factory=Growing)
    stretch: Steps[Bounds] = field(default_factory=lambda: Steps(None))
    loaded: list[tuple[int, str, int]] = field(default_factory=list)
    execs: list[Exec] = field(default_factory=list)
    signals: Steps[Signals] = field(default_factory=lambda: Steps(NO_SIGNALS))
    exit: ProcessEnd | None = None
    exited_by: int = 0
    reaped: int | None = None

    def __post_init__(self) -> None:
        self.programs = Steps(self.program)
        self.parents = Steps(self.parent)

    @property
    def data_base(self) -> int:
        """Address of the data segment of the program it was launched with."""
        return self.data_base_of(self.program)

    def data_base_of(self, program: Program) -> int:
        """Return the address of a program's data segment."""
        size = self.page_size
        return self.data_at or self.code_base + -(-program.image.code_bytes // size) * size

    def is_in_file(self, page: int, tick: int) -> bool:
        """Tell whether the file of the program that it runs holds anything of a virtual page."""
        program = self.programs.at(tick)
        bases = self.code_base, self.data_base_of(program)
        return program.image.is_in_file(page * self.page_size, *bases)

    def lives(self, tick: int) -> bool:
        """Tell whether it has been launched, and has not ended."""
        return self.launched <= tick and (self.exit is None or tick < self.exit[0])

    def segment_of(self, page: int, tick: int) -> str:
        """Return the name of the segment that a virtual page is in; "" if it is in none."""
        for name in self.standing.at(tick):
            if page in pages_of(self.segments[name].at(tick), self.page_size):
                return name
        return ""

    def set_bounds(self, tick: int, name: str, bounds: Bounds) -> None:
        """Enter the bounds of a segment from a tick on; None where it does not exist any more."""
        before = self.standing.at(tick)
        if bounds is None:
            self.standing.add(tick, tuple(other for other in before if other != name))
        elif name not in before:
            self.standing.add(tick, (*before, name))
        self.segments[name].add(tick, bounds)

    def held_frames(self) -> Steps[int]:
        """Return how many frames its pages are mapped to, over time."""
        return counted(self.pages.values(), lambda held: held is not None and held.frame >= 0)

    def living_threads(self) -> Steps[int]:
        """Return how many of its threads have not ended, over time."""
        states = (thread.state for thread in self.threads.values())
        return counted(states, lambda state: state not in ("", "terminated"))
