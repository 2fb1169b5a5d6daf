"""A run as tables for pandas.

pandas is loaded when a table is asked for, not before: everything else here runs
without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kit.errors import nearest, require
from kit.lang.instructions import WORD

if TYPE_CHECKING:
    import pandas as pd

    from kit.trace.trace import Trace

Row = dict[str, Any]


def _events(trace: Trace) -> Iterator[Row]:
    for event in trace.events:
        yield {
            "tick": event.tick,
            "kind": event.kind,
            "pid": event.pid,
            "tid": event.tid,
            "details": ", ".join(f"{name}={value}" for name, value in event.details.items()),
        }


def _states(trace: Trace) -> Iterator[Row]:
    for pid, process in trace.history.processes.items():
        for tid, thread in process.threads.items():
            ends = [*thread.state.ticks[1:], trace.end]
            for (start, state), end in zip(thread.state, ends, strict=True):
                yield {
                    "pid": pid,
                    "tid": tid,
                    "state": state,
                    "start": start,
                    "end": end,
                    "core": thread.core.at(start),
                }


def _instructions(trace: Trace) -> Iterator[Row]:
    for (pid, tid), thread in trace.record.threads.items():
        process = trace.history.processes[pid]
        image = process.threads[tid].program.image
        for tick, core, number, index in thread.executed():
            yield {
                "tick": tick,
                "core": core,
                "pid": pid,
                "tid": tid,
                "address": process.code_base + index * WORD,
                "line": image.line_of(index),
                "instruction": image.describe(index),
                "value": thread.values[number],
            }


def _processes(trace: Trace) -> Iterator[Row]:
    for pid, process in trace.metrics().processes.items():
        figures = asdict(process)
        del figures["threads"]
        yield {"pid": pid, "program": trace.history.processes[pid].program.name, **figures}


def _threads(trace: Trace) -> Iterator[Row]:
    for pid, process in trace.metrics().processes.items():
        for tid, thread in process.threads.items():
            yield {"pid": pid, "tid": tid, **asdict(thread)}


TABLES: dict[str, Callable[[Trace], Iterator[Row]]] = {
    "events": _events,
    "states": _states,
    "instructions": _instructions,
    "processes": _processes,
    "threads": _threads,
}
"""What there are tables of."""

_COLUMNS = {
    "events": ("tick", "kind", "pid", "tid", "details"),
    "states": ("pid", "tid", "state", "start", "end", "core"),
    "instructions": ("tick", "core", "pid", "tid", "address", "line", "instruction", "value"),
    "processes": ("pid", "program", "response", "turnaround", "wait", "memory"),
    "threads": ("pid", "tid", "response", "turnaround", "running", "ready", "blocked"),
}
"""Their first columns, so that a table without rows has some."""


def to_frame(trace: Trace, of: str) -> pd.DataFrame:
    """Return one of the tables; see `Trace.to_frame`."""
    require(
        of in list(TABLES), f"Trace.to_frame: there is no table {of!r}; {nearest(str(of), TABLES)}"
    )
    import pandas as pd  # noqa: PLC0415 - see above

    rows = list(TABLES[of](trace))
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(_COLUMNS[of]))
    if of == "instructions":
        table = table.sort_values(["tick", "core"], ignore_index=True)
    missing = [name for name in ("response", "turnaround") if name in table]
    return table.astype(dict.fromkeys(missing, "Int64"))
