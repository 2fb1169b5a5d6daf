"""Who runs, who waits for a core, and who waits for something else, tick by tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from kit.sim.recording import ThreadId
from kit.sim.waits import Reason
from kit.trace import Trace
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import waiting_meanwhile
from kit.trace.process_history import ThreadHistory
from kit.tracks.sampling import thinned

MOST_MOVES = 25_000
"""With more moves of threads, of all cores together, some of them are not shown."""


@dataclass
class Queues:
    """Where every thread is at one tick.

    Attributes
    ----------
    cores : dict of int to (pid, tid)
        Core -> the thread it runs; absent where it is idle.
    ready : dict of ThreadId to None
        In the order in which they came.
    blocked : dict of ThreadId to tuple
        (since, reason, detail) in the order in which they were blocked.
    """

    cores: dict[int, ThreadId] = field(default_factory=dict)
    ready: dict[ThreadId, None] = field(default_factory=dict)
    blocked: dict[ThreadId, tuple[int, Reason, int]] = field(default_factory=dict)

    def move(self, moved: Iterable[tuple[ThreadId, ThreadHistory]], tick: int) -> None:
        """Bring the threads that have moved to where they are at a tick."""
        now = sorted(moved, key=lambda pair: pair[1].queued.at(tick))
        gone = {key for key, _ in now}
        self.cores = {core: key for core, key in self.cores.items() if key not in gone}
        for key, thread in now:
            state = thread.state.at(tick)
            self.ready.pop(key, None)
            if state != "blocked":
                self.blocked.pop(key, None)
            if state == "ready":
                self.ready[key] = None
            elif state == "running":
                self.cores[thread.core.at(tick)] = key
            elif state == "blocked":
                reason, detail = thread.waits_for.at(tick)
                self.blocked[key] = thread.waits_for.since(tick), reason, detail


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
    threads = sorted(
        ((pid, tid), thread)
        for pid, process in trace.history.processes.items()
        for tid, thread in process.threads.items()
    )
    # One number a move, so that they are sorted quickly: when, and whose.
    moves = sorted(
        tick * len(threads) + number
        for number, (_, thread) in enumerate(threads)
        for tick in {*thread.state.ticks, *thread.waits_for.ticks}
    )
    ticks: Sequence[int] = thinned(trace, [0, *(move // len(threads) for move in moves), *more])
    if len(moves) > MOST_MOVES:
        shown = ticks.step if isinstance(ticks, range) else 1
        step = -(-trace.end * trace.settings.cores // MOST_MOVES)
        ticks = range(0, trace.end, max(step, shown))
    queues, place = Queues(), 0
    for tick in dict.fromkeys([*ticks, trace.end]):
        moved: dict[ThreadId, ThreadHistory] = {}
        while place < len(moves) and moves[place] < (tick + 1) * len(threads):
            key, thread = threads[moves[place] % len(threads)]
            moved[key] = thread
            place += 1
        queues.move(moved.items(), tick)
        yield tick, queues


def longest_queues(trace: Trace, most_ready: int, most_blocked: int) -> tuple[int, int]:
    """Return how many threads are ready and blocked at once at most, up to a number of each.

    Parameters
    ----------
    trace : Trace
    most_ready, most_blocked : int
        More are not counted.
    """
    ready, blocked = _most_at_once(trace, "ready"), _most_at_once(trace, "blocked")
    return min(ready, most_ready), min(blocked, most_blocked)


def _most_at_once(trace: Trace, state: str) -> int:
    """Return how many threads are in a state at the same tick at most."""
    changes: Counter[int] = Counter()
    for process in trace.history.processes.values():
        for thread in process.threads.values():
            before = thread.state.before
            for tick, now in thread.state:
                changes[tick] += (now == state) - (before == state)
                before = now
    return max(accumulate(changes[tick] for tick in sorted(changes)), default=0)


def waits(trace: Trace, key: ThreadId, blocked: tuple[int, Reason, int]) -> str:
    """Return in plain words what a blocked thread does: "waits for the lock mutex"."""
    since, reason, detail = blocked
    return waiting_meanwhile(Names(trace.history, since), key[0], reason, detail)
