"""A real run told as a simulated one: with its events, on a clock of ticks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from kit.lang.program import Program
from kit.sim.events import calls, processes, scheduling
from kit.sim.events.event import Event
from kit.sim.faults import reason_of
from kit.sim.process import INIT
from kit.sim.recording import Events, ThreadId
from kit.sim.setup import MOST_CORES
from kit.sim.waits import Reason
from kit.trace.real import PAGE, RealTrace, Seen, Used, duration, real_settings
from kit.trace.record import Record

if TYPE_CHECKING:
    from kit.host.running.trace import HostEvent, HostTrace

MOST_TICKS = 5000
"""How many a run has at most: so many can be shown and told one by one."""
LOADING = 20
"""What part of a picture shows how the first program is loaded."""
WAITS: dict[str, Reason] = {
    "wait for lock": "lock",
    "wait some time for lock": "timed_lock",
    "wait for read lock": "read_lock",
    "wait for write lock": "write_lock",
    "wait for semaphore": "semaphore",
    "wait some time for semaphore": "timed_semaphore",
    "wait at condition": "condition",
    "wait some time at condition": "timed_condition",
    "wait at barrier": "barrier",
    "wait for thread": "join",
    "wait for child": "wait",
    "wait for data": "pipe_read",
    "wait for room": "pipe_write",
    "sleep": "sleep",
}
"""Kind of event -> what the thread waits for."""


def retold(run: HostTrace) -> RealTrace:
    """Return a real run as a trace.

    Parameters
    ----------
    run : HostTrace
    """
    last = max((event.time for event in run.events), default=0)
    # Where it was ended from outside, nothing happened between its last event and that.
    until = min(run.nanoseconds, last + last // 10 + 1) if run.stopped else run.nanoseconds
    begin = min((event.time for event in run.events), default=0)
    # Most of a short run is that the system loads the program, of which nothing is recorded.
    start = max(0, begin - (until - begin) // LOADING)
    tick = tick_of(until - start)
    telling = _Retelling(run, start, tick, max(1, (until - start) // tick))
    telling.tell()
    cores = max([run.cores, *(event.core + 1 for event in run.events)])
    record = Record(
        real_settings(cores), telling.end, tuple(run.programs.values()), telling.events, {}, None
    )
    used = {pid: Used(u.voluntary + u.involuntary, u.page_faults) for pid, u in run.usages.items()}
    return RealTrace(record, Seen(tick, start, used, run.globals, bool(run.stopped)))


def tick_of(nanoseconds: int) -> int:
    """Return how many nanoseconds a tick is, so that a run of this length has few enough."""
    tick = 100
    while nanoseconds // tick > MOST_TICKS:
        tick = tick * 5 // 2 if str(tick)[0] == "2" else tick * 2
    return tick


class _Retelling:
    """Goes through what was recorded, and keeps who is where.

    Parameters
    ----------
    run : HostTrace
    start, tick : int
        Nanoseconds: when tick 0 is, and how long a tick is.
    end : int
        The last tick.
    """

    def __init__(self, run: HostTrace, start: int, tick: int, end: int) -> None:
        self.run, self.start, self.tick, self.end = run, start, tick, end
        self.events = Events()
        self.programs: dict[int, Program] = {}
        self.parents: dict[int, int] = {}
        self.tids: dict[int, int] = defaultdict(int)
        """The last thread of each process, counted through every program that it ran."""
        self.before: dict[int, int] = defaultdict(int)
        """How many threads each had before the program that it runs."""
        self.serials: dict[ThreadId, int] = {}
        self.living: dict[ThreadId, str] = {}
        self.cores: dict[int, ThreadId] = {}
        self.places: dict[ThreadId, int] = {}
        self.writers: dict[tuple[int, int], ThreadId] = {}
        self.ended: dict[int, tuple[int, int]] = {}
        """Pid -> when a process has ended for good, and which of its threads said so."""
        self.now = 0

    # In the order of time

    def tell(self) -> None:
        """Write down the events of the whole run."""
        for time, _, act in sorted(self._acts(), key=lambda one: one[:2]):
            self.now = min(max(time - self.start, 0) // self.tick, self.end)
            act()
        if self.run.stopped:
            self.now = self.end
            self._add(processes.Limit, 0, 0, self._why_stopped())

    def _why_stopped(self) -> str:
        told = self.run.stopped.rstrip(".").removeprefix("The run was ")
        after = duration(self.start + self.end * self.tick)
        return f"{told}; nothing happened after {after}, where this picture ends"

    def _acts(self) -> Iterator[tuple[int, int, Callable[[], None]]]:
        """Yield what is to be done: when, in which order of what comes at one time, and what."""
        found = self._ends()
        launched = [pid for pid in self.run.exit_codes if self._is_launched(pid)]
        for number, event in enumerate(self.run.events):
            yield event.time, number, partial(self._follow, event)
        count = len(self.run.events)
        first = {event.pid: event.time for event in reversed(self.run.events)}
        for pid in launched:
            # How long it was before its first event is known of the first one only.
            time = 0 if pid == launched[0] else first.get(pid, 0)
            yield time, -1, partial(self._launch, pid)
        for pid, (time, tid) in found.items():
            yield time, count, partial(self._exit, pid, tid)
            end = self.run.ends.get(pid)
            if end is not None:
                yield max(end.time, time), count + 1, partial(self._reap, pid, end.parent)

    def _is_launched(self, pid: int) -> bool:
        return not any(e.pid == pid and e.kind == "fork" for e in self.run.events)

    def _ends(self) -> dict[int, tuple[int, int]]:
        """Return for each process that has ended when, and which thread said so, 0 for none."""
        found: dict[int, tuple[int, int]] = {}
        said: dict[int, tuple[int, int]] = {}
        killed: dict[int, int] = {}
        last: dict[int, int] = {}
        for event in self.run.events:
            last[event.pid] = event.time
            if event.kind == "end":
                said[event.pid] = event.time, event.tid
            elif event.kind == "kill":
                target, number = map(int, event.what.split())
                if self.run.signals.get(target) == number:
                    killed.setdefault(target, event.time)
        for pid, code in self.run.exit_codes.items():
            signal = self.run.signals.get(pid)
            end = self.run.ends.get(pid)
            if signal is None and code is None:
                continue
            time, tid = said.get(pid, (end.time if end is not None else 0, 0))
            if signal is not None:
                time, tid = killed.get(pid, end.time if end is not None else time), 0
            # Another thread may still write something down while a process ends.
            found[pid] = max(time, last.get(pid, 0)), tid
        return found

    # What happens

    def _add(self, kind: type[Event], pid: int, tid: int, *details: object) -> None:
        self.events.add(kind(self.now, pid, tid, *details))

    def _launch(self, pid: int) -> None:
        name = next((e.what for e in self.run.events if e.pid == pid and e.kind == "begin"), "")
        program = self.run.programs.get(name) or next(iter(self.run.programs.values()))
        self.programs[pid], self.parents[pid] = program, INIT
        self._add(processes.Launch, pid, 0, program.name, INIT)
        self._new((pid, 1))

    def _new(self, key: ThreadId) -> None:
        self.living[key] = "new"
        self.tids[key[0]] = max(self.tids[key[0]], key[1])

    def _admit(self, key: ThreadId) -> None:
        self._add(scheduling.Admit, *key)
        self.living[key] = "ready"
        self.serials[key] = len(self.events.keys)
        self.events.keys.append(key)

    def _key(self, event: HostEvent) -> ThreadId:
        return event.pid, self.before[event.pid] + event.tid

    def _follow(self, event: HostEvent) -> None:
        """Tell of what a thread did, and that it was on a core then."""
        key = self._key(event)
        if event.kind == "begin":
            key = self._begin(event)
        if key not in self.living:
            return
        if event.kind == "fork" or (event.kind == "thread" and self.living[key] == "new"):
            self._admit(key)
        self._seen(key, event.core)
        method = getattr(self, f"_on_{event.kind.replace(' ', '_')}", None)
        if event.kind in WAITS:
            self._wait(key, event)
        elif method is not None:
            method(key, event)

    def _begin(self, event: HostEvent) -> ThreadId:
        """Begin a program: in a new process, or by exec, in a new thread of one."""
        pid = event.pid
        key = pid, self.tids[pid]
        if self.living.get(key) != "new":
            mine = [one for one in self.living if one[0] == pid]
            for one in mine:
                self._end(one, "end" if one == mine[0] else "kill")
            self.before[pid] = self.tids[pid]
            key = pid, self.before[pid] + 1
            self.programs[pid] = self.run.programs[event.what]
            self._add(processes.Exec, *key, event.what)
            self._new(key)
        self._add(processes.ThreadMade, *key, "main", (), 0)
        self._admit(key)
        return key

    def _seen(self, key: ThreadId, core: int) -> None:
        """Put a thread on the core where it was seen, and take off it what was seen there."""
        core = self._free_core(key) if not 0 <= core < MOST_CORES else core
        if self.living[key] == "blocked":
            self._add(scheduling.Wake, *key, None)
            self.living[key] = "ready"
        if self.places.get(key) == core:
            return
        if key in self.places:
            self._lose(key)
        if core in self.cores:
            self._lose(self.cores[core])
        self.events.add_turn(self.now, self.serials[key], core, got=True)
        self.cores[core], self.places[key], self.living[key] = key, core, "running"

    def _free_core(self, key: ThreadId) -> int:
        """Return a core for a thread of which nobody knows where it was."""
        if key in self.places:
            return self.places[key]
        free = (core for core in range(MOST_CORES) if core not in self.cores)
        return next(free, 0)

    def _lose(self, key: ThreadId) -> None:
        core = self.places.pop(key)
        del self.cores[core]
        self.events.add_turn(self.now, self.serials[key], core, got=False)
        self.living[key] = "ready"

    def _wait(self, key: ThreadId, event: HostEvent) -> None:
        reason = WAITS[event.kind]
        if reason == "sleep":
            detail = self.now + int(event.what) // self.tick
        elif reason == "join":
            detail = self.before[event.pid] + int(event.what)
        elif reason == "wait":
            detail = max(int(event.what), 0)
        elif reason in ("pipe_read", "pipe_write"):
            detail = int(event.what)
        else:
            detail = self._address(event.pid, event.what)
        core = self.places.pop(key)
        del self.cores[core]
        self._add(scheduling.Block, *key, core, reason, detail)
        self.living[key] = "blocked"

    def _address(self, pid: int, name: str) -> int:
        """Return where in the model what a program calls by a name is."""
        program = self.programs[pid]
        stem, _, element = name.partition("[")
        variable = program.image.variables.get(stem)
        if variable is None:
            return int(name, 16) if name.startswith("0x") else 0
        size = -(-program.image.code_bytes // PAGE) * PAGE
        place = int(element.rstrip("]") or 0) * variable.words if element else 0
        return PAGE + size + variable.offset + 8 * place

    def _is_shared_lock(self, pid: int, name: str) -> bool:
        variable = self.programs[pid].image.variables.get(name.partition("[")[0])
        return variable is not None and variable.kind == "RWLock"

    def _on_forks(self, key: ThreadId, event: HostEvent) -> None:
        child = int(event.what)
        if any(one.pid == child and one.kind == "fork" for one in self.run.events):
            self.programs[child], self.parents[child] = self.programs[event.pid], event.pid
            tid = key[1]
            self._add(processes.Fork, child, tid, self.programs[child].name, event.pid)
            self.before[child] = self.before[event.pid]
            self._new((child, tid))

    def _on_create(self, key: ThreadId, event: HostEvent) -> None:
        number, function, *given = event.what.split()
        made = event.pid, self.before[event.pid] + int(number)
        self._add(processes.ThreadMade, *made, function, tuple(map(int, given)), key[1])
        self._new(made)
        self._admit(made)

    def _on_lock(self, key: ThreadId, event: HostEvent) -> None:
        self._add(calls.Acquire, *key, self._address(event.pid, event.what))

    def _on_unlock(self, key: ThreadId, event: HostEvent) -> None:
        address = self._address(event.pid, event.what)
        if not self._is_shared_lock(event.pid, event.what):
            self._add(calls.Release, *key, address)
        elif self.writers.get((event.pid, address)) == key:
            del self.writers[event.pid, address]
            self._add(calls.ReleaseWrite, *key, address)
        else:
            self._add(calls.ReleaseRead, *key, address, 0)

    def _on_read_lock(self, key: ThreadId, event: HostEvent) -> None:
        self._add(calls.AcquireRead, *key, self._address(event.pid, event.what), 0)

    def _on_write_lock(self, key: ThreadId, event: HostEvent) -> None:
        address = self._address(event.pid, event.what)
        self.writers[event.pid, address] = key
        self._add(calls.AcquireWrite, *key, address)

    def _on_down(self, key: ThreadId, event: HostEvent) -> None:
        name, count = event.what.split()
        self._add(calls.Down, *key, self._address(event.pid, name), int(count))

    def _on_up(self, key: ThreadId, event: HostEvent) -> None:
        name, count = event.what.split()
        self._add(calls.Up, *key, self._address(event.pid, name), int(count))

    def _on_print(self, key: ThreadId, event: HostEvent) -> None:
        self._add(processes.Print, *key, event.what)

    def _on_kill(self, key: ThreadId, event: HostEvent) -> None:
        target, signal = map(int, event.what.split())
        if target in self.programs:
            self._add(processes.Kill, *key, target, signal)

    def _on_thread_end(self, key: ThreadId, _event: HostEvent) -> None:
        self._end(key, "end")

    def _end(self, key: ThreadId, how: str) -> None:
        core = self.places.pop(key, -1)
        self.cores.pop(core, None)
        del self.living[key]
        self._add(processes.End, *key, core, how, 0)

    def _exit(self, pid: int, tid: int) -> None:
        if pid not in self.programs:
            return
        code, signal = self.run.exit_codes[pid], self.run.signals.get(pid)
        said = pid, self.before[pid] + tid if tid else 0
        for key in [key for key in self.living if key[0] == pid]:
            self._end(key, "end" if key == said and key in self.places else "kill")
        reason = reason_of(signal) if signal is not None else "exit"
        self._add(processes.Exit, *said, code, reason)
        for child, parent in self.parents.items():
            if parent == pid and any(key[0] == child for key in self.living):
                self.parents[child] = INIT
                self._add(processes.Adopt, child, 0, INIT)

    def _reap(self, pid: int, parent: int) -> None:
        if pid in self.programs:
            self._add(processes.Reap, pid, 0, parent)
