"""From when to when each thread of a run was in which state."""

from itertools import groupby, pairwise

from kit import Trace

Interval = tuple[int, int, str, int, str]


def intervals(trace: Trace, tick: int) -> dict[tuple[int, int], list[Interval]]:
    """Return start and end in nanoseconds, state, core and what is waited for, by thread.

    That a thread goes on waiting for the same may be told once or several times.
    """
    found = {}
    for pid, process in trace.history.processes.items():
        for tid, thread in process.threads.items():
            ticks = [*sorted({*thread.state.ticks, *thread.core.ticks}), trace.end]
            parts = [
                (start * tick, end * tick, state, thread.core.at(start), reason)
                for start, end in pairwise(ticks)
                if (state := thread.state.at(start)) not in ("", "terminated") and start < end
                for reason in [(thread.waits_for.at(start) or ("",))[0]]
            ]
            found[pid, tid] = [
                (whole[0][0], whole[-1][1], *what)
                for what, same in groupby(parts, lambda part: part[2:])
                for whole in [list(same)]
            ]
    return found
