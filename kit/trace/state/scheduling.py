"""Who runs, who is ready, who is blocked and why."""

from __future__ import annotations

from kit.sim.events import processes, scheduling
from kit.sim.events.event import Event
from kit.sim.lifecycle import THREAD
from kit.sim.recording import ThreadId
from kit.sim.waits import Reason
from kit.trace.process_history import ProcessHistory, ThreadHistory
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class Scheduling(Reducer):
    """Follows the threads between cores, ready queue and waiting.

    Attributes
    ----------
    cores : list of Steps
        (pid, tid) of the running thread, or None.
    blocks : dict
        (pid, tid) and tick at which a thread blocked -> reason and detail.
    """

    def __init__(self, processes: dict[int, ProcessHistory], cores: int) -> None:
        self._processes = processes
        self.cores: list[Steps[ThreadId | None]] = [Steps(None) for _ in range(cores)]
        self.blocks: dict[tuple[ThreadId, int], tuple[Reason, int]] = {}
        self._keys: dict[ThreadId, ThreadId] = {}
        self._arrivals = 0

    def _on_admit(self, event: scheduling.Admit) -> None:
        self._enqueue(event.tick, self._move(event, "admit"))

    def _on_dispatch(self, event: scheduling.Dispatch) -> None:
        tick, core = event.tick, event.core
        self._move(event, "dispatch").core.add(tick, core)
        # One tuple for all turns of a thread: there may be hundreds of thousands.
        key = event.pid, event.tid
        self.cores[core].add(tick, self._keys.setdefault(key, key))

    def _on_preempt(self, event: scheduling.Preempt) -> None:
        thread = self._move(event, "preempt")
        self._leave_core(event.tick, thread, event.core)
        self._enqueue(event.tick, thread)

    def _on_block(self, event: scheduling.Block) -> None:
        self._leave_core(event.tick, self._move(event, "block"), event.core)
        self.blocks[event.key, event.tick] = event.reason, event.detail
        self._on_await(event)

    def _on_await(self, event: scheduling.Await | scheduling.Block) -> None:
        thread = self._processes[event.pid].threads[event.tid]
        thread.waits_for.add(event.tick, (event.reason, event.detail))
        self._enqueue(event.tick, thread)

    def _on_wake(self, event: scheduling.Wake) -> None:
        thread = self._move(event, "wake")
        thread.waits_for.add(event.tick, ())
        self._enqueue(event.tick, thread)

    def _on_end(self, event: processes.End) -> None:
        thread = self._move(event, "end" if event.core >= 0 and event.how != "kill" else "kill")
        thread.waits_for.add(event.tick, ())
        if event.core >= 0:
            self._leave_core(event.tick, thread, event.core)

    def _move(self, event: Event, trigger: str) -> ThreadHistory:
        thread, tick = self._processes[event.pid].threads[event.tid], event.tick
        thread.state.add(tick, THREAD[thread.state.last, trigger])
        return thread

    def _leave_core(self, tick: int, thread: ThreadHistory, core: int) -> None:
        thread.core.add(tick, -1)
        self.cores[core].add(tick, None)

    def _enqueue(self, tick: int, thread: ThreadHistory) -> None:
        self._arrivals += 1
        thread.queued.add(tick, self._arrivals)
