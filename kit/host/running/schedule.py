"""A recording of the scheduler told as a simulated run: each turn of a thread, as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.lang.signals import Signal
from kit.sim.events import processes, scheduling
from kit.sim.events.event import Event
from kit.sim.faults import FAULTS, reason_of
from kit.sim.process import INIT
from kit.sim.recording import Events, ThreadId
from kit.sim.setup import MOST_CORES
from kit.sim.waits import Reason
from kit.trace.real import RealTrace, Seen, real_settings
from kit.trace.record import Record

if TYPE_CHECKING:
    from kit.host.running.trace import HostEvent, HostTrace


def retold_schedule(run: HostTrace, tick: int) -> RealTrace:
    """Return a recording as a trace.

    Parameters
    ----------
    run : HostTrace
        Its events say when each thread begins to run, is ready, or is blocked.
    tick : int
        How many nanoseconds a tick is.
    """
    telling = _Telling(run, tick)
    telling.tell()
    settings = real_settings(max(telling.highest + 1, 1))
    end = max(1, run.nanoseconds // tick)
    record = Record(settings, end, tuple(run.programs.values()), telling.events, {}, None)
    return RealTrace(record, Seen(tick, scheduled=True))


class _Telling:
    """Moves each thread from state to state, by the ways that the model has.

    Parameters
    ----------
    run : HostTrace
    tick : int
    """

    def __init__(self, run: HostTrace, tick: int) -> None:
        self.run, self.tick, self.now = run, tick, 0
        self.events = Events()
        self.serials: dict[ThreadId, int] = {}
        self.states: dict[ThreadId, str] = {}
        self.places: dict[ThreadId, int] = {}
        self.cores: dict[int, ThreadId] = {}
        self.highest = 0
        """The core with the highest number."""
        self.names: dict[int, str] = {}

    def tell(self) -> None:
        """Write down the events of the whole run."""
        ways: dict[str, Callable[[ThreadId, HostEvent], None]] = {
            "begin": self._begin,
            "fork": self._fork,
            "thread": self._thread,
            "exec": self._exec,
            "running": self._running,
            "ready": self._ready,
            "blocked": self._blocked,
            "thread end": self._thread_end,
            "end": self._end,
            "reaped": self._reaped,
            "print": self._print,
            "fault": self._fault,
        }
        for event in self.run.events:
            self.now = event.time // self.tick
            ways[event.kind]((event.pid, event.tid), event)

    def _add(self, kind: type[Event], pid: int, tid: int, *details: object) -> None:
        self.events.add(kind(self.now, pid, tid, *details))

    # What is made, and what ends

    def _new(self, key: ThreadId, name: str, creator: int = 0) -> None:
        self._add(processes.ThreadMade, *key, name, (), creator)
        self.states[key] = "new"

    def _begin(self, key: ThreadId, event: HostEvent) -> None:
        self.names[key[0]] = event.what
        self._add(processes.Launch, key[0], 0, event.what, INIT)
        self._new(key, "main")

    def _fork(self, key: ThreadId, event: HostEvent) -> None:
        parent = int(event.what)
        self.names[key[0]] = self.names[parent]
        self._add(processes.Fork, *key, self.names[parent], parent)
        self.states[key] = "new"

    def _thread(self, key: ThreadId, event: HostEvent) -> None:
        creator, name = event.what.split(" ", 1)
        self._new(key, name, int(creator))

    def _exec(self, key: ThreadId, event: HostEvent) -> None:
        for one in [one for one in self.states if one[0] == key[0]]:
            self._leave(one, "kill")
        self.names[key[0]] = event.what
        self._add(processes.Exec, *key, event.what)
        self._new(key, "main")

    def _thread_end(self, key: ThreadId, event: HostEvent) -> None:
        if key in self.states:
            self._leave(key, event.what or "end")

    def _leave(self, key: ThreadId, how: str) -> None:
        core = self.places.pop(key, -1)
        self.cores.pop(core, None)
        del self.states[key]
        self._add(processes.End, *key, core, how, 0)

    def _end(self, key: ThreadId, event: HostEvent) -> None:
        for one in [one for one in self.states if one[0] == key[0]]:
            self._leave(one, "kill")
        kind, _, value = event.what.partition(" ")
        code = int(value) if kind == "exit_code" else None
        reason = "exit"
        if kind == "signal":
            reason = reason_of(Signal[value])
        elif kind == "fault":
            reason = value
        self._add(processes.Exit, *key, code, reason)

    def _reaped(self, key: ThreadId, _event: HostEvent) -> None:
        self._add(processes.Reap, key[0], 0, INIT)

    # Turns

    def _admit(self, key: ThreadId) -> None:
        """Put a thread that is new, or has waited, into the ready queue."""
        state = self.states[key]
        if state == "new":
            self._add(scheduling.Admit, *key)
            self.serials[key] = len(self.events.keys)
            self.events.keys.append(key)
        elif state == "blocked":
            self._add(scheduling.Wake, *key, None)
        self.states[key] = "ready"

    def _lose(self, key: ThreadId) -> None:
        core = self.places.pop(key)
        del self.cores[core]
        self.events.add_turn(self.now, self.serials[key], core, got=False)
        self.states[key] = "ready"

    def _get(self, key: ThreadId, core: int) -> None:
        if core in self.cores:
            self._lose(self.cores[core])
        self.events.add_turn(self.now, self.serials[key], core, got=True)
        self.cores[core], self.places[key], self.states[key] = key, core, "running"
        self.highest = max(self.highest, core)

    def _free_core(self) -> int:
        """Return a core for a thread of which nobody knows where it was."""
        return next((core for core in range(MOST_CORES) if core not in self.cores), 0)

    def _running(self, key: ThreadId, event: HostEvent) -> None:
        if key in self.places:
            self._lose(key)
        self._admit(key)
        self._get(key, event.core if event.core >= 0 else self._free_core())

    def _ready(self, key: ThreadId, _event: HostEvent) -> None:
        if key in self.places:
            self._lose(key)
        else:
            self._admit(key)

    def _blocked(self, key: ThreadId, event: HostEvent) -> None:
        back = None
        if key not in self.places:
            # Only what runs can block: it has had a core for less than can be told.
            self._admit(key)
            core = self._free_core()
            back = self.cores.get(core)
            self._get(key, core)
        core = self.places.pop(key)
        del self.cores[core]
        reason, detail = self._awaited(event.what)
        self._add(scheduling.Block, *key, core, reason, detail)
        self.states[key] = "blocked"
        if back is not None:
            self._get(back, core)

    def _awaited(self, what: str) -> tuple[Reason, int]:
        reason, detail = what.split()
        timed = reason == "sleep"
        return reason, int(detail) // self.tick if timed else int(detail)  # type: ignore[return-value]

    # What else was noted

    def _print(self, key: ThreadId, event: HostEvent) -> None:
        self._add(processes.Print, *key, event.what)

    def _fault(self, key: ThreadId, event: HostEvent) -> None:
        kind, _, message = event.what.partition(": ")
        if kind in FAULTS:
            self._add(processes.Faulted, *key, kind, message)
