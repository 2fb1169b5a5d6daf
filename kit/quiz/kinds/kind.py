"""What a kind of question is, and what finding moments to ask at has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kit.quiz.looking import integers
from kit.quiz.question import Question
from kit.sim.process import FIRST_PID
from kit.trace import Event, Trace

Details = dict[str, Any]
"""The arguments of a question besides its run."""

MOST = 8
"""Details that are tried of one sort."""
LONG = 5000
"""Ticks from which on a run is not looked at instruction by instruction."""


def _nothing(_: Trace) -> Iterator[Details]:
    yield from ()


@dataclass(frozen=True)
class Kind:
    """A kind of question.

    Attributes
    ----------
    ask : callable
        Makes a question of a run and details.
    propose : callable
        Yields details that are worth trying in a run; nothing for what is about every schedule.
        What an instruction does happens at tick 1 at the earliest, so there is a tick before it.
    scenario : str
        The run in which it is shown.
    """

    ask: Callable[..., Question]
    propose: Callable[[Trace], Iterator[Details]] = _nothing
    scenario: str = "lost_update"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.ask.__name__

    @property
    def about(self) -> str:
        """What it asks, in a sentence."""
        return (self.ask.__doc__ or "").partition("\n")[0]


def spread(items: Iterable[Any], most: int = MOST) -> list[Any]:
    """Return some of many, from the first to the last."""
    listed = list(items)
    if len(listed) <= most:
        return listed
    return [listed[number * (len(listed) - 1) // (most - 1)] for number in range(most)]


def of_thread(event: Event, at: int) -> Details:
    """Return the details of a question about the thread of an event."""
    return {"tid": event.tid, "at": at, **of_process(event.pid)}


def of_process(pid: int) -> Details:
    """Return the details of a question about a process; the first one need not be named."""
    return {"pid": pid} if pid != FIRST_PID else {}


def integer_globals(trace: Trace) -> list[tuple[str, int]]:
    """Return names and pids of global integers, so many as are tried."""
    return [
        (name, pid)
        for pid, process in trace.history.processes.items()
        for name in integers(process.program)
    ][:MOST]
