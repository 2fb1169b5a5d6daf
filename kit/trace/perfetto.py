"""Any run, simulated or real, as a file that ui.perfetto.dev and chrome://tracing open.

The format is the JSON of Chrome's "Trace Event Format", as Perfetto reads it too: a list of events
whose times are microseconds. A simulated run has ticks and no seconds: one tick is written as
one microsecond, which the file says. `kit.host.read_trace` reads such a file again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any

from kit.errors import TraceError, explain_arguments
from kit.files import write_text
from kit.sim.recording import ThreadId
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited
from kit.trace.passing import find_arrows
from kit.trace.process_history import ThreadHistory
from kit.trace.real import RUN, RealTrace, trace_of
from kit.trace.trace import Trace

MADE_BY = "os-course-kit"
"""What a file says of its maker, so that all of it is understood again."""
STATE = "state"
"""The category of the slices in which a thread is in one state."""
Entry = dict[str, Any]
_GONE = ("", "terminated")
_ORDER = {"e": 0, "f": 2}
"""Which events come before others, or after them, that have the same time."""


@explain_arguments
def write_perfetto(run: object, path: str | PathLike[str]) -> None:
    """Write a run to a file that Perfetto opens.

    Parameters
    ----------
    run : Trace or HostTrace
        Simulated or real.
    path : str or path
        Of the file, such as "run.json".

    Raises
    ------
    TraceError
        If it is no run of threads.
    FileError
        If the file cannot be written.
    """
    trace = trace_of(run)
    if not isinstance(trace, Trace):
        raise TraceError(f"write_perfetto: {run!r} is no run; give a Trace or a HostTrace")
    if isinstance(trace, RealTrace) and trace.seen.kind != RUN:
        raise TraceError(
            "write_perfetto: this is no run of threads; give what Machine.run or kit.host.run "
            "returned"
        )
    if not isinstance(path, (str, PathLike)):
        raise TraceError(f"write_perfetto: the path is {path!r}; give a text such as 'run.json'")
    entries = ",\n".join(json.dumps(entry) for entry in entries_of(trace))
    about = json.dumps(_about(trace))
    text = f'{{"displayTimeUnit": "ms", "otherData": {about}, "traceEvents": [\n{entries}\n]}}\n'
    write_text(Path(path), text)


def entries_of(trace: Trace) -> list[Entry]:
    """Return the events of the file: names of processes and threads first, then by time.

    Parameters
    ----------
    trace : Trace
    """
    return _Writer(trace).entries()


def _about(trace: Trace) -> Entry:
    if isinstance(trace, RealTrace):
        clock, tick = trace.clock, trace.seen.nanoseconds
    else:
        clock, tick = "A simulated run: one tick is written as one microsecond.", 1000
    return {
        "made_by": MADE_BY,
        "clock": clock,
        "tick_in_nanoseconds": tick,
        "end_in_ticks": trace.end,
        "cores": trace.settings.cores,
        "scheduler": trace.settings.scheduler,
    }


class _Writer:
    """Makes the events of a file.

    Parameters
    ----------
    trace : Trace
    """

    def __init__(self, trace: Trace) -> None:
        self.trace, self.history = trace, trace.history
        self.tick = trace.seen.nanoseconds if isinstance(trace, RealTrace) else 1000
        self.cores_pid = max(self.history.processes, default=0) + 1
        """A process of its own, in which each core has a lane."""

    def entries(self) -> list[Entry]:
        """Return all of them."""
        names = [*self._names()]
        timed = [*self._states(), *self._cores(), *self._locks(), *self._arrows(), *self._marks()]
        # What ends at a time comes before what begins then, and an arrow begins before it ends.
        order = sorted(timed, key=lambda entry: (entry["ts"], _ORDER.get(entry["ph"], 1)))
        return names + order

    def _time(self, ticks: int) -> float:
        """Return microseconds, as a whole number where it is one."""
        nanoseconds = ticks * self.tick
        return nanoseconds / 1000 if nanoseconds % 1000 else nanoseconds // 1000

    def _entry(self, ph: str, name: str, tick: int, key: ThreadId, cat: str, **more: Any) -> Entry:
        pid, tid = key
        told = {"ph": ph, "name": name, "cat": cat, "ts": self._time(tick), "pid": pid, "tid": tid}
        return told | more

    # Names

    def _names(self) -> Iterator[Entry]:
        for pid, process in self.history.processes.items():
            yield from self._name("process", (pid, 0), process.program.name, pid)
            for tid, thread in process.threads.items():
                yield from self._name("thread", (pid, tid), f"T{tid} {thread.function}", tid)
        yield from self._name("process", (self.cores_pid, 0), "cores", -1)
        for core in range(len(self.history.cores)):
            yield from self._name("thread", (self.cores_pid, core + 1), f"core {core}", core)

    def _name(self, of: str, key: ThreadId, name: str, index: int) -> Iterator[Entry]:
        pid, tid = key
        common = {"ph": "M", "pid": pid, "tid": tid, "ts": 0}
        cores = {"lanes": "core"} if pid == self.cores_pid else {}
        yield common | {"name": f"{of}_name", "args": {"name": name, **cores}}
        yield common | {"name": f"{of}_sort_index", "args": {"sort_index": index}}

    # What lasts

    def _states(self) -> Iterator[Entry]:
        for pid, process in self.history.processes.items():
            for tid, thread in process.threads.items():
                changes = {*thread.state.ticks, *thread.core.ticks, *thread.waits_for.ticks}
                ticks = [*sorted(changes), self.trace.end]
                for start, end in pairwise(ticks):
                    state = thread.state.at(start)
                    if state not in _GONE and start < end:
                        name, args = self._state(pid, thread, state, start)
                        lasts = self._time(end - start)
                        yield self._entry("X", name, start, (pid, tid), STATE, dur=lasts, args=args)

    def _state(self, pid: int, thread: ThreadHistory, state: str, tick: int) -> tuple[str, Entry]:
        args: Entry = {"state": state}
        if state == "running":
            args["core"] = thread.core.at(tick)
        waits = thread.waits_for.at(tick) if state == "blocked" else ()
        if not waits:
            return state, args
        told = awaited(Names(self.history, tick), pid, *waits)
        return f"{state}: {told}", args | {"reason": waits[0], "detail": waits[1]}

    def _cores(self) -> Iterator[Entry]:
        for core, steps in enumerate(self.history.cores):
            ticks = [*steps.ticks, self.trace.end]
            for index, key in enumerate(steps.values):
                start, end = ticks[index : index + 2]
                if key is not None and start < end:
                    name = Names(self.history, start).thread(*key)
                    place = self.cores_pid, core + 1
                    lasts = self._time(end - start)
                    yield self._entry("X", name, start, place, "core", dur=lasts)

    def _locks(self) -> Iterator[Entry]:
        """Yield from when to when each lock is held, as a stretch that need not nest."""
        for (owner, offset), steps in self.history.synchronisation.holders.items():
            ticks = [*steps.ticks, self.trace.end]
            for index, key in enumerate(steps.values):
                start, end = ticks[index : index + 2]
                if key is None or start == end:
                    continue
                names = Names(self.history, start)
                shared = isinstance(owner, str)
                name = f"{owner} + {offset}" if shared else names.place(key[0], offset)
                more = {"id": f"{owner}:{offset}", "args": {"holder": names.thread(*key)}}
                yield self._entry("b", name, start, key, "lock", **more)
                yield self._entry("e", name, end, key, "lock", **more)

    # What happens at one time

    def _arrows(self) -> Iterator[Entry]:
        for number, arrow in enumerate(find_arrows(self.history), 1):
            more = {"id": number, "args": {"what": arrow.text}}
            name = arrow.text or arrow.told
            yield self._entry("s", name, arrow.sent, arrow.source, arrow.kind, **more)
            yield self._entry("f", name, arrow.came, arrow.target, arrow.kind, bp="e", **more)

    def _marks(self) -> Iterator[Entry]:
        for fault in self.history.faults:
            args = {"message": fault.message}
            yield self._mark(fault.kind, fault.tick, (fault.pid, fault.tid), "fault", args)
        for printed in self.history.prints:
            args = {"text": printed.text}
            yield self._mark("print", printed.tick, (printed.pid, printed.tid), "output", args)
        for tick, circle in self.trace.deadlocks:
            told: Entry = {"threads": [f"T{tid} of pid {pid}" for pid, tid, *_ in circle]}
            yield self._mark("deadlock", tick, circle[0][:2], "deadlock", told, "g")
        for pid in self.history.processes:
            yield from self._process(pid)

    def _process(self, pid: int) -> Iterator[Entry]:
        process = self.history.processes[pid]
        first = min(process.threads, default=1)
        made: Entry = {"parent": process.parent} if process.origin == "fork" else {}
        yield self._mark(process.origin, process.launched, (pid, first), "process", made, "p")
        for change in process.execs:
            told = {"program": change.program.name}
            yield self._mark("exec", change.tick, (pid, change.tid), "process", told, "p")
        for tid, thread in process.threads.items():
            birth = self.history.births.get((pid, tid))
            creator = birth.creator if birth is not None else None
            made = {"by": creator[1]} if creator is not None and creator[0] == pid else {}
            begin = thread.state.ticks[0]
            yield self._mark("thread begins", begin, (pid, tid), "thread", made)
            if thread.ended is not None:
                how = {"how": thread.ended.how}
                yield self._mark("thread ends", thread.ended.tick, (pid, tid), "thread", how)
        end = process.exit
        if end is not None:
            args: Entry = {"exit_code": end.exit_code, "told": end.told}
            if end.signal is not None:
                args |= {"signal": end.signal.name, "fault": end.fault}
            place = pid, process.exited_by or first
            yield self._mark("exit", end.tick, place, "process", args, "p")
        if process.reaped is not None:
            yield self._mark("reaped", process.reaped, (pid, first), "process", {}, "p")

    def _mark(
        self, name: str, tick: int, key: ThreadId, cat: str, args: Entry, scope: str = "t"
    ) -> Entry:
        return self._entry("i", name, tick, key, cat, s=scope, args=args)
