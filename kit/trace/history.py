"""From events and thread logs to step functions."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from kit.sim.events import EVENTS
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
        self.frames: dict[int, Steps[tuple[tuple[int, int], ...]]] = defaultdict(lambda: Steps(()))
        self.fills: list[Event] = []
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

    def _on_launch(self, event: Event) -> None:
        tick, _, pid, _, name, parent = event
        program = self.programs[name]
        self.processes[pid] = ProcessHistory(pid, parent, program, tick, *self._sizes)
        thread = self.processes[pid].threads[1] = ThreadHistory("main", (), program)
        thread.state.add(tick, "new")

    def _on_fork(self, event: Event) -> None:
        tick, _, pid, tid, name, parent = event
        copied = self.processes[parent].threads[tid]
        process = ProcessHistory(pid, parent, self.programs[name], tick, *self._sizes)
        self.processes[pid] = process
        thread = ThreadHistory(copied.function, copied.arguments, copied.program)
        process.threads[tid] = thread
        thread.state.add(tick, "new")
        process.blocks.add(tick, self.processes[parent].blocks.at(tick))
        process.free_blocks.add(tick, self.processes[parent].free_blocks.at(tick))

    def _on_adopt(self, event: Event) -> None:
        tick, _, pid, _, parent = event
        self.processes[pid].parents.add(tick, parent)

    def _on_segment(self, event: Event) -> None:
        tick, _, pid, _, name, start, end = event
        process = self.processes[pid]
        before = process.segments[name].at(tick)
        if before is not None and before[1] > end:
            self._leave_swap(tick, process, end, before[1])
        process.segments[name].add(tick, (start, end))

    def _on_drop(self, event: Event) -> None:
        tick, _, pid, _, name = event
        process = self.processes[pid]
        bounds = process.segments[name].at(tick)
        if bounds is not None:
            self._leave_swap(tick, process, *bounds)
        process.segments[name].add(tick, None)

    def _on_refuse(self, event: Event) -> None:
        """Take back what an allocation had got before it failed, also from the swap area."""
        tick, _, pid, _, call, _ = event
        if call != "alloc":
            return
        process = self.processes[pid]
        for page, steps in process.pages.items():
            holding = steps.at(tick)
            swapped = holding is not None and holding.mode == "s"
            if swapped and not process.segment_of(page, tick):
                self._hold(tick, pid, page, None)

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

    def _on_map(self, event: Event) -> None:
        tick, _, pid, _, page, frame, writable, core = event
        mode = "w" if writable else "r"
        self._hold(tick, pid, page, Holding(frame, self._new_holding(frame), mode, core))

    def _on_unmap(self, event: Event) -> None:
        tick, _, pid, _, page, _ = event
        self._hold(tick, pid, page, None)

    def _on_share(self, event: Event) -> None:
        tick, _, pid, _, page, frame, mode = event
        self._hold(tick, pid, page, Holding(frame, self._held[frame], mode))

    def _on_protect(self, event: Event) -> None:
        tick, _, pid, _, page, frame = event
        self._hold(tick, pid, page, Holding(frame, self._held[frame], "c"))

    def _on_own(self, event: Event) -> None:
        tick, _, pid, _, page, frame = event
        self._hold(tick, pid, page, Holding(frame, self._held[frame], "w"))

    def _on_copy(self, event: Event) -> None:
        tick, _, pid, _, page, original, copy, core = event
        number = self._new_holding(copy)
        self._origins[number] = self._held[original], (tick, core)
        self._hold(tick, pid, page, Holding(copy, number, "w", core))

    def _on_area(self, event: Event) -> None:
        tick, _, _, _, _, number, frame = event
        self._new_holding(frame)
        self._use(tick, frame, 0, number, used=True)

    def _on_swap_out(self, event: Event) -> None:
        tick, _, pid, _, page, frame, _ = event
        self._hold(tick, pid, page, Holding(-1, self._held[frame], "s"))

    def _on_swap_in(self, event: Event) -> None:
        tick, _, pid, _, page, frame, _ = event
        swapped = self.processes[pid].pages[page].at(tick)
        assert swapped is not None, "only what was swapped out comes back"
        self._held[frame] = swapped.number
        self._hold(tick, pid, page, Holding(frame, swapped.number, "w"))

    def _on_swap_copy(self, event: Event) -> None:
        tick, _, pid, _, page, _, _, parent, core = event
        swapped = self.processes[parent].pages[page].at(tick)
        assert swapped is not None, "only what was swapped out is copied there"
        self._holdings += 1
        self._origins[self._holdings] = swapped.number, (tick, core)
        self._hold(tick, pid, page, Holding(-1, self._holdings, "s"))

    def _on_place(self, event: Event) -> None:
        tick, _, pid, _, base, size = event
        self.processes[pid].stretch.add(tick, (base, size))

    _on_relocate = _on_place

    def _on_move(self, event: Event) -> None:
        tick, _, pid, _, page, original, frame = event
        moved = self.processes[pid].pages[page].at(tick)
        assert moved is not None, "only what is somewhere is moved"
        self._held[frame] = self._held[original]
        self._hold(tick, pid, page, moved._replace(frame=frame))

    def _on_fill(self, event: Event) -> None:
        self.fills.append(event)

    def _on_load(self, event: Event) -> None:
        tick, _, pid, _, segment, page, _ = event
        self.processes[pid].loaded.append((tick, segment, page))

    def _on_exit(self, event: Event) -> None:
        tick, _, pid, _, code, reason = event
        self.processes[pid].exit = (tick, code, reason)
        self._empty(pid, tick)

    def _on_exec(self, event: Event) -> None:
        tick, _, pid, tid, name = event
        process = self.processes[pid]
        self._empty(pid, tick)
        process.programs.add(tick, self.programs[name])
        thread = process.threads[tid] = ThreadHistory("main", (), self.programs[name])
        thread.state.add(tick, "new")

    def _empty(self, pid: int, tick: int) -> None:
        """Take everything out of a process's address space."""
        process = self.processes[pid]
        for page, steps in process.pages.items():
            if steps.at(tick) is not None:
                self._hold(tick, pid, page, None)
        for bounds in process.segments.values():
            bounds.add(tick, None)
        process.stretch.add(tick, None)
        process.blocks.add(tick, ())
        process.free_blocks.add(tick, ())

    def _on_reap(self, event: Event) -> None:
        self.processes[event[2]].reaped = event[0]

    def _on_print(self, event: Event) -> None:
        tick, _, pid, _, text = event
        output = self.processes[pid].output
        output.add(tick, output.at(tick) + text)

    def _on_alloc(self, event: Event) -> None:
        tick, _, pid, _, address, words, _, free = event
        process = self.processes[pid]
        process.blocks.add(tick, tuple(sorted((*process.blocks.at(tick), (address, words)))))
        process.free_blocks.add(tick, free)

    def _on_free(self, event: Event) -> None:
        tick, _, pid, _, address, free = event
        process = self.processes[pid]
        kept = tuple(block for block in process.blocks.at(tick) if block[0] != address)
        process.blocks.add(tick, kept)
        process.free_blocks.add(tick, free)

    # Threads

    def _on_thread(self, event: Event) -> None:
        tick, _, pid, tid, function, arguments, _ = event
        process = self.processes[pid]
        if tid not in process.threads:
            program = process.programs.at(tick)
            process.threads[tid] = ThreadHistory(function, arguments, program)
            process.threads[tid].state.add(tick, "new")

    def _on_admit(self, event: Event) -> None:
        self._move(event, "admit")
        self._enqueue(event)

    def _on_dispatch(self, event: Event) -> None:
        tick, _, pid, tid, core = event
        self._move(event, "dispatch")
        self.processes[pid].threads[tid].core.add(tick, core)
        # One tuple for all turns of a thread: there may be hundreds of thousands.
        key = self._keys.setdefault((pid, tid), (pid, tid))
        self.cores[core].add(tick, key)

    def _on_preempt(self, event: Event) -> None:
        self._move(event, "preempt")
        self._leave_core(event, event[4])
        self._enqueue(event)

    def _on_block(self, event: Event) -> None:
        tick, _, pid, tid, core, reason, detail = event
        self._move(event, "block")
        self._leave_core(event, core)
        self.processes[pid].threads[tid].waits_for.add(tick, (reason, detail))

    def _on_await(self, event: Event) -> None:
        tick, _, pid, tid, reason, detail = event
        self.processes[pid].threads[tid].waits_for.add(tick, (reason, detail))

    def _on_wake(self, event: Event) -> None:
        tick, _, pid, tid, _ = event
        self._move(event, "wake")
        self.processes[pid].threads[tid].waits_for.add(tick, ())
        self._enqueue(event)

    def _on_end(self, event: Event) -> None:
        tick, _, pid, tid, core, how, result = event
        thread = self.processes[pid].threads[tid]
        if core >= 0:
            self._leave_core(event, core)
        thread.waits_for.add(tick, ())
        thread.result = result
        self._move(event, "end" if core >= 0 and how != "kill" else "kill")

    def _move(self, event: Event, trigger: str) -> None:
        state = self.processes[event[2]].threads[event[3]].state
        state.add(event[0], THREAD[state.at(event[0]), trigger])

    def _leave_core(self, event: Event, core: int) -> None:
        self.processes[event[2]].threads[event[3]].core.add(event[0], -1)
        self.cores[core].add(event[0], None)

    def _enqueue(self, event: Event) -> None:
        self._arrivals += 1
        self.processes[event[2]].threads[event[3]].queued.add(event[0], self._arrivals)
