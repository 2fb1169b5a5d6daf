"""From when to when each thread of a run was in which state."""

from itertools import pairwise

from kit import Trace

Interval = tuple[int, int, str, int, str]


def intervals(trace: Trace, tick: int) -> dict[tuple[int, int], list[Interval]]:
    """Return start and end in nanoseconds, state, core and what is waited for, by thread."""
    found = {}
    for pid, process in trace.history.processes.items():
        for tid, thread in process.threads.items():
            ticks = [*sorted({*thread.state.ticks, *thread.core.ticks}), trace.end]
            found[pid, tid] = [
                (start * tick, end * tick, state, thread.core.at(start), reason)
                for start, end in pairwise(ticks)
                if (state := thread.state.at(start)) not in ("", "terminated") and start < end
                for reason in [(thread.waits_for.at(start) or ("",))[0]]
            ]
    return found
