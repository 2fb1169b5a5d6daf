"""What was done to a machine from outside, in order: enough to do all of it again.

The machine is deterministic: a machine of the same setup that is told the same at the
same ticks does the same. That is how a run can be taken up again in its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.cancellation import Cancelled
from kit.errors import LimitExceeded
from kit.lang.program import Program
from kit.sim.calls.files import put_file
from kit.sim.events.processes import Limit
from kit.sim.interventions import Inject, Intervention, Kill, RunNext, Write
from kit.sim.process import LaunchOptions

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.setup import Setup


@dataclass(frozen=True)
class Launch:
    """A process is to be made at a tick."""

    program: Program
    at: int
    share: LaunchOptions

    def apply(self, computer: Computer) -> None:
        """Do it."""
        computer.launch(self.program, self.at, self.share)


@dataclass(frozen=True)
class Install:
    """A program comes to the disk."""

    program: Program

    def apply(self, computer: Computer) -> None:
        """Do it."""
        computer.disk.setdefault(self.program.name, self.program)


@dataclass(frozen=True)
class PutFile:
    """A file comes to the disk."""

    name: str
    words: tuple[int, ...]

    def apply(self, computer: Computer) -> None:
        """Do it."""
        put_file(computer, self.name, self.words)


@dataclass(frozen=True)
class Run:
    """Time moves on, to a tick or to the end.

    Attributes
    ----------
    until : int or None
        What was asked for.
    reached : int
        The tick at which it stopped.
    """

    until: int | None
    reached: int = 0

    def apply(self, computer: Computer) -> None:
        """Do it."""
        computer.run(self.until)


OWN = (Launch, Install, PutFile, Run, Kill, Inject, RunNext, Write)
"""The kinds of step that can be saved."""

Step = Launch | Install | PutFile | Run | Intervention


@dataclass(frozen=True)
class Recipe:
    """A setup and what was done to the machine made from it.

    Attributes
    ----------
    setup : Setup
    steps : tuple of Step
    """

    setup: Setup
    steps: tuple[Step, ...]

    def shared_until(self, other: Recipe) -> int:
        """Return the last tick up to which two runs are surely the same: the past they share.

        Parameters
        ----------
        other : Recipe

        Returns
        -------
        int
            0 if they differ from the start.
        """
        if self.setup != other.setup:
            return 0
        here, there = self._deeds(), other._deeds()
        for one, another in zip(here, there, strict=False):
            if one != another:
                return min(one[0], another[0])
        longer = [*here[len(there) :], *there[len(here) :]]
        return min(self._reached, other._reached, *(at for at, _ in longer))

    def _deeds(self) -> list[tuple[int, Step]]:
        """Return what was done besides running, with the ticks at which it was done."""
        now, deeds = 0, []
        for step in self.steps:
            if isinstance(step, Run):
                now = step.reached
            else:
                deeds.append((now, step))
        return deeds

    @property
    def _reached(self) -> int:
        return max((step.reached for step in self.steps if isinstance(step, Run)), default=0)

    def follow(self, computer: Computer, at: int, interventions: tuple[Intervention, ...]) -> None:
        """Do everything again, with something else done at a tick.

        Parameters
        ----------
        computer : Computer
            New, of the same setup.
        at : int
        interventions : tuple of Intervention
            Done at that tick, before what was done then in the first run.

        Raises
        ------
        ArgumentError
            If an intervention is not possible at that tick.
        LimitExceeded
            If the last step of the run reaches a limit.
        """
        pending = True
        for number, step in enumerate(self.steps):
            try:
                if pending and isinstance(step, Run) and step.reached >= at:
                    pending = False
                    self._reach(computer, at)
                    for intervention in interventions:
                        perform(computer, intervention)
                perform(computer, step)
            except LimitExceeded:
                if number == len(self.steps) - 1:
                    raise

    def _reach(self, computer: Computer, at: int) -> None:
        """Move time on to a tick, though the run may have been stopped at that very tick."""
        try:
            perform(computer, Run(at))
        except LimitExceeded:
            if computer.now < at:
                raise


def perform(computer: Computer, step: Step) -> None:
    """Do something to a computer from outside, and write it into its journal.

    Raises
    ------
    LimitExceeded
        If a run reaches one of its limits; it stands in the journal all the same.
    Cancelled
        If a run is no longer wanted; the journal says how far it came.
    """
    if not isinstance(step, Run):
        step.apply(computer)
        computer.journal.append(step)
        return
    until, journal = step.until, computer.journal
    try:
        step.apply(computer)
    except Cancelled:
        until = computer.now
        raise
    except LimitExceeded as limit:
        computer.note(Limit, 0, 0, str(limit).partition(": ")[2].partition(";")[0])
        raise
    finally:
        if journal and isinstance(journal[-1], Run):
            # A machine with nothing left to do may have stopped before the tick it was given.
            earlier = journal.pop().until
            until = None if until is None or earlier is None else max(until, earlier)
        journal.append(Run(until, computer.now))
