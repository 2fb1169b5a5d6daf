"""Who runs, who waits for a core, and who waits for something else, tick by tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kit.sim.events.event import Event
from kit.sim.recording import Key
from kit.sim.waits import Reason
from kit.trace import Trace
from kit.trace.names import Names
from kit.trace.waits import waiting_meanwhile
from kit.tracks.sampling import thinned

MOVES = frozenset({"admit", "dispatch", "preempt", "block", "await", "wake", "end"})
"""The kinds of event that change it."""
MOST_MOVES = 25_000
"""With more moves of threads, of all cores together, some of them are not shown."""


@dataclass
class Queues:
    """Where every thread is at one tick.

    Attributes
    ----------
    cores : dict of int to (pid, tid)
        Core -> the thread it runs; absent where it is idle.
    ready : dict of Key to None
        In the order in which they came.
    blocked : dict of Key to tuple
        (since, reason, detail) in the order in which they were blocked.
    """

    cores: dict[int, Key] = field(default_factory=dict)
    ready: dict[Key, None] = field(default_factory=dict)
    blocked: dict[Key, tuple[int, Reason, int]] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Enter what an event changes."""
        tick, kind, pid, tid, *details = event
        key = pid, tid
        if kind in ("admit", "wake"):
            self.blocked.pop(key, None)
            self.ready[key] = None
        elif kind == "dispatch":
            del self.ready[key]
            self.cores[details[0]] = key
        elif kind == "preempt":
            del self.cores[details[0]]
            self.ready[key] = None
        elif kind == "block":
            del self.cores[details[0]]
            self.blocked[key] = tick, details[1], details[2]
        elif kind == "await":
            self.blocked[key] = tick, details[0], details[1]
        elif kind == "end":
            self._end(key)

    def _end(self, key: Key) -> None:
        self.ready.pop(key, None)
        self.blocked.pop(key, None)
        for core in [core for core, running in self.cores.items() if running == key]:
            del self.cores[core]


def snapshots(trace: Trace, more: Sequence[int] = ()) -> Iterator[tuple[int, Queues]]:
    """Yield (tick, queues) for tick 0 and each tick at which something changes.

    The queues are always the same object, which changes. A very long or busy run is shown
    only every few ticks.

    Parameters
    ----------
    trace : Trace
    more : sequence of int
        Further ticks to yield.
    """
    moves = [event for event in trace.record.events if event[1] in MOVES]
    ticks: Sequence[int] = thinned(trace, [0, *(event[0] for event in moves), *more])
    if len(moves) > MOST_MOVES:
        shown = ticks.step if isinstance(ticks, range) else 1
        step = -(-trace.end * trace.settings.cores // MOST_MOVES)
        ticks = range(0, trace.end, max(step, shown))
    queues, place = Queues(), 0
    for tick in dict.fromkeys([*ticks, trace.end]):
        while place < len(moves) and moves[place][0] <= tick:
            queues.take(moves[place])
            place += 1
        yield tick, queues


def waits(trace: Trace, key: Key, blocked: tuple[int, Reason, int]) -> str:
    """Return in plain words what a blocked thread does: "waits for the lock mutex"."""
    since, reason, detail = blocked
    return waiting_meanwhile(Names(trace.history, since), key[0], reason, detail)
