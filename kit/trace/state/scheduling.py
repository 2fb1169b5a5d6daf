"""Who runs, who is ready, who is blocked and why."""

from __future__ import annotations

from kit.sim.events import processes, scheduling
from kit.sim.events.event import Event
from kit.sim.lifecycle import THREAD
from kit.sim.recording import Key
from kit.trace.histories import ProcessHistory
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class Scheduling(Reducer):
    """Follows the threads between cores, ready queue and waiting.

    Attributes
    ----------
    cores : list of Steps
        (pid, tid) of the running thread, or None.
    """

    def __init__(self, processes: dict[int, ProcessHistory], cores: int) -> None:
        self._processes = processes
        self.cores: list[Steps[Key | None]] = [Steps(None) for _ in range(cores)]
        self._keys: dict[Key, Key] = {}
        self._arrivals = 0

    def _on_admit(self, event: scheduling.Admit) -> None:
        self._move(event, "admit")
        self._enqueue(event)

    def _on_dispatch(self, event: scheduling.Dispatch) -> None:
        self._move(event, "dispatch")
        self._processes[event.pid].threads[event.tid].core.add(event.tick, event.core)
        # One tuple for all turns of a thread: there may be hundreds of thousands.
        key = self._keys.setdefault(event.key, event.key)
        self.cores[event.core].add(event.tick, key)

    def _on_preempt(self, event: scheduling.Preempt) -> None:
        self._move(event, "preempt")
        self._leave_core(event, event.core)
        self._enqueue(event)

    def _on_block(self, event: scheduling.Block) -> None:
        self._move(event, "block")
        self._leave_core(event, event.core)
        self._on_await(event)

    def _on_await(self, event: scheduling.Await | scheduling.Block) -> None:
        thread = self._processes[event.pid].threads[event.tid]
        thread.waits_for.add(event.tick, (event.reason, event.detail))
        self._arrivals += 1
        thread.queued.add(event.tick, self._arrivals)

    def _on_wake(self, event: scheduling.Wake) -> None:
        self._move(event, "wake")
        self._processes[event.pid].threads[event.tid].waits_for.add(event.tick, ())
        self._enqueue(event)

    def _on_end(self, event: processes.End) -> None:
        if event.core >= 0:
            self._leave_core(event, event.core)
        self._processes[event.pid].threads[event.tid].waits_for.add(event.tick, ())
        self._move(event, "end" if event.core >= 0 and event.how != "kill" else "kill")

    def _move(self, event: Event, trigger: str) -> None:
        state = self._processes[event.pid].threads[event.tid].state
        state.add(event.tick, THREAD[state.at(event.tick), trigger])

    def _leave_core(self, event: Event, core: int) -> None:
        self._processes[event.pid].threads[event.tid].core.add(event.tick, -1)
        self.cores[core].add(event.tick, None)

    def _enqueue(self, event: Event) -> None:
        self._arrivals += 1
        self._processes[event.pid].threads[event.tid].queued.add(event.tick, self._arrivals)
