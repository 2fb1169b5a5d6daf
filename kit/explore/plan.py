"""What is explored: a machine on which nothing differs but who runs, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kit.errors import LimitExceeded, require
from kit.sim.journal import Install, Launch, PutFile, Step
from kit.sim.process import Thread
from kit.sim.recording import ThreadId
from kit.sim.schedulers import ReadyQueue
from kit.sim.settings import Costs
from kit.sim.setup import MOST_FRAMES, Setup

FOREVER = 1 << 40
"""Ticks; endless runs are recognised by their states, or stopped by the explorer's own limit."""

MOST_VALUES = 64
"""Most values of one `choose` that are tried."""

ROOMY = 4096
"""Most frames that a machine gets so that its pages need not leave RAM."""

Location = tuple[Any, ...]
"""What `Computer.location` calls a word of memory."""


@dataclass(frozen=True)
class Plan:
    """What is explored: a machine with everything launched, and what is known of its memory.

    Attributes
    ----------
    setup : Setup
        Of one core, on which nothing costs time but instructions.
    steps : tuple of Step
        What was launched and installed.
    shared : frozenset of Location
        Words that several threads use, at least one of which writes.
    exposed : frozenset of (pid, tid)
        Threads whose stack another thread uses.
    watch : frozenset of str or None
        Names of the globals that count as a result; None for all.
    invariant : str
        What has to hold of the globals of the first process; "" for nothing.
    until : int or None
        Tick at which every schedule is stopped; None for its end.
    real : Setup or None
        The same with demand paging and swap, where `setup` has room for all pages instead;
        None where that is no other.
    """

    setup: Setup
    steps: tuple[Step, ...]
    shared: frozenset[Location] = frozenset()
    exposed: frozenset[ThreadId] = frozenset()
    watch: frozenset[str] | None = None
    invariant: str = ""
    until: int | None = None
    real: Setup | None = None

    @property
    def spurious(self) -> bool:
        """Whether threads may wake at a condition without a notification."""
        return isinstance(self.setup.scheduler, Chosen) and self.setup.scheduler.spurious

    @property
    def shown(self) -> Setup:
        """The machine on which a schedule is shown."""
        return self.real or self.setup

    def as_it_is(self) -> Plan:
        """Return the plan in which pages come and go as on the real machine."""
        return replace(self, setup=self.shown, real=None)


class Chosen:
    """The policy of an explorer: the thread that it names runs, and no other.

    Parameters
    ----------
    spurious : bool
        Whether threads may wake at a condition without a notification.
    """

    name, quantum = "as chosen", None

    def __init__(self, *, spurious: bool = False) -> None:
        self.spurious = spurious

    def start(self, chance: Callable[[int], int]) -> ReadyQueue:
        """Return an empty queue for one machine."""
        return ChosenQueue(spurious=self.spurious)


class ChosenQueue(ReadyQueue):
    """The ready threads, of whom only the chosen one is given a core.

    Attributes
    ----------
    chosen : (pid, tid) or None
    value : int
        What `choose` gives.
    values : int
        Among how many it was called since this was last set to 0.
    """

    def __init__(self, *, spurious: bool = False) -> None:
        super().__init__()
        self.spurious = spurious
        self.chosen: ThreadId | None = None
        self.value, self.values = 0, 0

    def choose(self, values: int) -> int:
        """Return the value that is to be tried, and note how many there are."""
        if values > MOST_VALUES:
            raise LimitExceeded(
                f"explore: chose one of {values:,} values, at most {MOST_VALUES} are tried; "
                "choose among fewer"
            )
        self.values = values
        return self.value

    def wakes_by_itself(self) -> bool:
        """Try both, where a thread may wake without a notification."""
        return self.spurious and self.choose(2) == 1

    def take(self, core: int) -> Thread | None:
        """Remove and return the chosen thread, if it is ready."""
        for thread in self.threads:
            if thread.key == self.chosen:
                self.threads.remove(thread)
                return thread
        return None


def plain(setup: Setup, *, spurious: bool = False) -> Setup:
    """Return a setup on which schedules are all that differs: one core, and no costs.

    Freed words are overwritten, because nothing else tells what comes of using them.

    Parameters
    ----------
    setup : Setup
    spurious : bool
        Whether threads may wake at a condition without a notification.

    Raises
    ------
    ArgumentError
        If it has contiguous memory or segments, or no timer.
    """
    require(
        setup.contiguous is None,
        "explore: the machine has contiguous memory, where a stack that grows too far runs into "
        "what others have, and that is not explored; leave out contiguous=",
    )
    require(
        setup.timer,
        "explore: without timer interrupts a thread keeps its core until it waits, so there is "
        "hardly a choice whose turn it is; leave out timer=",
    )
    require(
        setup.segmentation is None,
        "explore: the machine has segments, each in one stretch of RAM for which there may be no "
        "hole, and that is not explored; leave out segmentation=",
    )
    return replace(
        setup,
        cores=1,
        limits=replace(setup.limits, ticks=FOREVER),
        costs=Costs(),
        heap=replace(setup.heap, poison=True),
        scheduler=Chosen(spurious=spurious),
        seed=0,
        tlb=0,
        asid=False,
        cache=None,
        page_table=None,
        switch_on_io=True,
        io_completion="queue",
    )


def roomy(setup: Setup) -> Setup | None:
    """Return a setup with as much RAM as pages can need; None where that would be no other.

    While memory is not short nobody can tell where a page is: values and ticks are the same.
    """
    if not (setup.demand or setup.swap):
        return None
    size = setup.page_size
    ram = min(setup.ram + setup.swap, max(ROOMY * size, setup.ram))
    limits = replace(setup.limits, frames=MOST_FRAMES)
    return replace(setup, demand=False, replacement=None, swap=0, ram=ram, limits=limits)


def at_once(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return what was launched, all of it at tick 0: a schedule may let it wait anyway."""
    return tuple(
        replace(step, at=0, share=replace(step.share, cores=()))
        if isinstance(step, Launch)
        else step
        for step in steps
        if isinstance(step, (Launch, Install, PutFile))
    )
