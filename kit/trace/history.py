"""From events and thread logs to step functions."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from kit.sim.events import EVENTS, calls, memory, processes, scheduling
from kit.sim.events.event import Event
from kit.sim.lifecycle import THREAD
from kit.sim.recording import Key
from kit.trace.histories import Holding, ProcessHistory, ThreadHistory, pages_of
from kit.trace.record import Record
from kit.trace.steps import Steps
from kit.trace.words import Words


class History:
    """All step functions of a run.

    Parameters
    ----------
    record : Record

    Attributes
    ----------
    processes : dict of int to ProcessHistory
    cores : list of Steps
        (pid, tid) of the running thread, or None.
    living : Steps of tuple of (pid, tid)
        The threads that have not ended.
    frames : dict of int to Steps
        Frame -> the pages it stands behind as (pid, page), in order; empty while it is
        free. Pid 0 stands for an area of shared memory.
    words : Words
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.page_size = record.settings.page_size
        self._sizes = self.page_size, 0 if record.settings.contiguous else self.page_size
        self.programs = {program.name: program for program in record.programs}
        self.processes: dict[int, ProcessHistory] = {}
        self.cores: list[Steps[Key | None]] = [Steps(None) for _ in range(record.settings.cores)]
        self.living: Steps[tuple[Key, ...]] = Steps(())
        self.frames: dict[int, Steps[tuple[tuple[int, int], ...]]] = defaultdict(lambda: Steps(()))
        self.fills: list[memory.Fill] = []
        self._origins: dict[int, tuple[int, tuple[int, int]]] = {}
        self._held: dict[int, int] = {}
        self._keys: dict[Key, Key] = {}
        self._holdings = 0
        self._arrivals = 0
        handlers = {kind: getattr(self, f"_on_{kind}", None) for kind in EVENTS}
        for event in record.events:
            handler = handlers[event[1]]
            if handler is not None:
                handler(event)
        self.words = Words(record, self.processes, self.fills, self._origins)

    def last_on(self, core: int, tick: int) -> Key | None:
        """Return the thread that a core ran before the one it runs at a tick; None if none."""
        steps = self.cores[core]
        place = bisect_right(steps.ticks, tick) - 2
        while place >= 0 and steps.values[place] is None:
            place -= 1
        return steps.values[place] if place >= 0 else None

    # Processes and their memory

    def _on_launch(self, event: processes.Launch) -> None:
        program = self.programs[event.program]
        self.processes[event.pid] = ProcessHistory(
            event.pid, event.parent, program, event.tick, *self._sizes
        )
        self._begin(event.tick, (event.pid, 1), ThreadHistory("main", (), program))

    def _on_fork(self, event: processes.Fork) -> None:
        copied = self.processes[event.parent].threads[event.tid]
        process = ProcessHistory(
            event.pid, event.parent, self.programs[event.program], event.tick, *self._sizes
        )
        self.processes[event.pid] = process
        thread = ThreadHistory(copied.function, copied.arguments, copied.program)
        self._begin(event.tick, (event.pid, event.tid), thread)
        process.blocks.add(event.tick, self.processes[event.parent].blocks.at(event.tick))
        process.free_blocks.add(event.tick, self.processes[event.parent].free_blocks.at(event.tick))

    def _on_adopt(self, event: processes.Adopt) -> None:
        self.processes[event.pid].parents.add(event.tick, event.parent)

    def _on_segment(self, event: memory.SegmentSet) -> None:
        process = self.processes[event.pid]
        before = process.segments[event.name].at(event.tick)
        if before is not None and before[1] > event.end:
            self._leave_swap(event.tick, process, event.end, before[1])
        process.set_bounds(event.tick, event.name, (event.start, event.end))

    def _on_drop(self, event: memory.Drop) -> None:
        process = self.processes[event.pid]
        bounds = process.segments[event.name].at(event.tick)
        if bounds is not None:
            self._leave_swap(event.tick, process, *bounds)
        process.set_bounds(event.tick, event.name, None)

    def _on_refuse(self, event: calls.Refuse) -> None:
        """Take back what an allocation had got before it failed, also from the swap area."""
        if event.call != "alloc":
            return
        process = self.processes[event.pid]
        for page, steps in process.pages.items():
            holding = steps.at(event.tick)
            swapped = holding is not None and holding.mode == "s"
            if swapped and not process.segment_of(page, event.tick):
                self._hold(event.tick, event.pid, page, None)

    def _leave_swap(self, tick: int, process: ProcessHistory, start: int, end: int) -> None:
        """Give back the slots of a segment that goes; only pages in RAM are unmapped one by one."""
        for page in pages_of((start, end), self.page_size):
            holding = process.pages[page].at(tick) if page in process.pages else None
            if holding is not None and holding.mode == "s":
                self._hold(tick, process.pid, page, None)

    def _new_holding(self, frame: int) -> int:
        self._holdings += 1
        self._held[frame] = self._holdings
        return self._holdings

    def _hold(self, tick: int, pid: int, page: int, holding: Holding | None) -> None:
        """Enter what stands behind a page from a tick on."""
        pages = self.processes[pid].pages[page]
        before = pages.at(tick)
        if before is not None and holding is not None and before.number == holding.number:
            holding = holding._replace(core=before.core)
        self._use(tick, before.frame if before else -1, pid, page, used=False)
        self._use(tick, holding.frame if holding else -1, pid, page, used=True)
        pages.add(tick, holding)

    def _use(self, tick: int, frame: int, pid: int, page: int, used: bool) -> None:
        if frame < 0:
            return
        users = self.frames[frame].at(tick)
        if used:
            self.frames[frame].add(tick, tuple(sorted({*users, (pid, page)})))
        else:
            self.frames[frame].add(tick, tuple(user for user in users if user != (pid, page)))

    def _on_map(self, event: memory.Map) -> None:
        mode = "w" if event.writable else "r"
        self._hold(
            event.tick,
            event.pid,
            event.page,
            Holding(event.frame, self._new_holding(event.frame), mode, event.core),
        )

    def _on_unmap(self, event: memory.Unmap) -> None:
        self._hold(event.tick, event.pid, event.page, None)

    def _on_share(self, event: memory.Share) -> None:
        self._hold(
            event.tick,
            event.pid,
            event.page,
            Holding(event.frame, self._held[event.frame], event.mode),
        )

    def _on_protect(self, event: memory.Protect) -> None:
        self._hold(
            event.tick, event.pid, event.page, Holding(event.frame, self._held[event.frame], "c")
        )

    def _on_own(self, event: memory.Own) -> None:
        self._hold(
            event.tick, event.pid, event.page, Holding(event.frame, self._held[event.frame], "w")
        )

    def _on_copy(self, event: memory.Copy) -> None:
        number = self._new_holding(event.copy)
        self._origins[number] = self._held[event.original], (event.tick, event.core)
        self._hold(event.tick, event.pid, event.page, Holding(event.copy, number, "w", event.core))

    def _on_area(self, event: memory.Area) -> None:
        self._new_holding(event.frame)
        self._use(event.tick, event.frame, 0, event.number, used=True)

    def _on_swap_out(self, event: memory.SwapOut) -> None:
        self._hold(event.tick, event.pid, event.page, Holding(-1, self._held[event.frame], "s"))

    def _on_swap_in(self, event: memory.SwapIn) -> None:
        swapped = self.processes[event.pid].pages[event.page].at(event.tick)
        assert swapped is not None, "only what was swapped out comes back"
        self._held[event.frame] = swapped.number
        self._hold(event.tick, event.pid, event.page, Holding(event.frame, swapped.number, "w"))

    def _on_swap_copy(self, event: memory.SwapCopy) -> None:
        swapped = self.processes[event.parent].pages[event.page].at(event.tick)
        assert swapped is not None, "only what was swapped out is copied there"
        self._holdings += 1
        self._origins[self._holdings] = swapped.number, (event.tick, event.core)
        self._hold(event.tick, event.pid, event.page, Holding(-1, self._holdings, "s"))

    def _on_place(self, event: memory.Place) -> None:
        self.processes[event.pid].stretch.add(event.tick, (event.base, event.size))

    _on_relocate = _on_place

    def _on_move(self, event: memory.Move) -> None:
        moved = self.processes[event.pid].pages[event.page].at(event.tick)
        assert moved is not None, "only what is somewhere is moved"
        self._held[event.frame] = self._held[event.original]
        self._hold(event.tick, event.pid, event.page, moved._replace(frame=event.frame))

    def _on_fill(self, event: memory.Fill) -> None:
        self.fills.append(event)

    def _on_load(self, event: memory.Load) -> None:
        self.processes[event.pid].loaded.append((event.tick, event.segment, event.page))

    def _on_exit(self, event: processes.Exit) -> None:
        self.processes[event.pid].exit = (event.tick, event.exit_code, event.reason)
        self._empty(event.pid, event.tick)

    def _on_exec(self, event: processes.Exec) -> None:
        process = self.processes[event.pid]
        self._empty(event.pid, event.tick)
        process.programs.add(event.tick, self.programs[event.program])
        thread = ThreadHistory("main", (), self.programs[event.program])
        self._begin(event.tick, (event.pid, event.tid), thread)

    def _empty(self, pid: int, tick: int) -> None:
        """Take everything out of a process's address space."""
        process = self.processes[pid]
        for page, steps in process.pages.items():
            if steps.at(tick) is not None:
                self._hold(tick, pid, page, None)
        for name in process.standing.at(tick):
            process.set_bounds(tick, name, None)
        process.stretch.add(tick, None)
        process.blocks.add(tick, ())
        process.free_blocks.add(tick, ())

    def _on_reap(self, event: processes.Reap) -> None:
        self.processes[event.pid].reaped = event.tick

    def _on_print(self, event: processes.Print) -> None:
        self.processes[event.pid].output.add(event.tick, event.text)

    def _on_alloc(self, event: memory.Alloc) -> None:
        process = self.processes[event.pid]
        process.blocks.add(
            event.tick,
            tuple(sorted((*process.blocks.at(event.tick), (event.address, event.words)))),
        )
        process.free_blocks.add(event.tick, event.free_list)

    def _on_free(self, event: memory.Free) -> None:
        process = self.processes[event.pid]
        kept = tuple(block for block in process.blocks.at(event.tick) if block[0] != event.address)
        process.blocks.add(event.tick, kept)
        process.free_blocks.add(event.tick, event.free_list)

    # Threads

    def _on_thread(self, event: processes.ThreadMade) -> None:
        process = self.processes[event.pid]
        if event.tid not in process.threads:
            program = process.programs.at(event.tick)
            thread = ThreadHistory(event.function, event.arguments, program)
            self._begin(event.tick, (event.pid, event.tid), thread)

    def _on_admit(self, event: scheduling.Admit) -> None:
        self._move(event, "admit")
        self._enqueue(event)

    def _on_dispatch(self, event: scheduling.Dispatch) -> None:
        self._move(event, "dispatch")
        self.processes[event.pid].threads[event.tid].core.add(event.tick, event.core)
        # One tuple for all turns of a thread: there may be hundreds of thousands.
        key = self._keys.setdefault((event.pid, event.tid), (event.pid, event.tid))
        self.cores[event.core].add(event.tick, key)

    def _on_preempt(self, event: scheduling.Preempt) -> None:
        self._move(event, "preempt")
        self._leave_core(event, event.core)
        self._enqueue(event)

    def _on_block(self, event: scheduling.Block) -> None:
        self._move(event, "block")
        self._leave_core(event, event.core)
        self.processes[event.pid].threads[event.tid].waits_for.add(
            event.tick, (event.reason, event.detail)
        )

    def _on_await(self, event: scheduling.Await) -> None:
        self.processes[event.pid].threads[event.tid].waits_for.add(
            event.tick, (event.reason, event.detail)
        )

    def _on_wake(self, event: scheduling.Wake) -> None:
        self._move(event, "wake")
        self.processes[event.pid].threads[event.tid].waits_for.add(event.tick, ())
        self._enqueue(event)

    def _begin(self, tick: int, key: Key, thread: ThreadHistory) -> None:
        """Enter a new thread."""
        self.processes[key[0]].threads[key[1]] = thread
        thread.state.add(tick, "new")
        self.living.add(tick, (*self.living.at(tick), key))

    def _on_end(self, event: processes.End) -> None:
        key = event.pid, event.tid
        others = tuple(other for other in self.living.at(event.tick) if other != key)
        self.living.add(event.tick, others)
        thread = self.processes[event.pid].threads[event.tid]
        if event.core >= 0:
            self._leave_core(event, event.core)
        thread.waits_for.add(event.tick, ())
        thread.result = event.result
        self._move(event, "end" if event.core >= 0 and event.how != "kill" else "kill")

    def _move(self, event: Event, trigger: str) -> None:
        state = self.processes[event[2]].threads[event[3]].state
        state.add(event[0], THREAD[state.at(event[0]), trigger])

    def _leave_core(self, event: Event, core: int) -> None:
        self.processes[event[2]].threads[event[3]].core.add(event[0], -1)
        self.cores[core].add(event[0], None)

    def _enqueue(self, event: Event) -> None:
        self._arrivals += 1
        self.processes[event[2]].threads[event[3]].queued.add(event[0], self._arrivals)
