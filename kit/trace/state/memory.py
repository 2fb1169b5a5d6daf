"""Memory: segments, what each page is mapped to, frames of RAM and slots of the swap area."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from kit.sim.events import memory, processes
from kit.trace.process_history import PageContent, ProcessHistory, pages_of
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps

_OfPage = (
    memory.Map
    | memory.Unmap
    | memory.Share
    | memory.ShareCode
    | memory.Protect
    | memory.Own
    | memory.Copy
    | memory.SwapOut
    | memory.Discard
    | memory.SwapFree
    | memory.SwapIn
    | memory.SwapCopy
    | memory.Move
)

Page = tuple[int, int]
"""(pid, virtual page)."""


class Area(NamedTuple):
    """What a frame is that belongs to an area of shared memory: page `number` of it."""

    tick: int
    name: str
    number: int


class Arrival(NamedTuple):
    """A page that a process may use from now on: by "map", "load", "copy", "swap_in" and so on."""

    tick: int
    kind: str
    pid: int
    page: int
    frame: int


class Memory(Reducer):
    """Follows the memory of all processes.

    Attributes
    ----------
    frames : dict of int to Steps
        Frame -> the pages mapped to it as (pid, page), in order; empty while it is
        free. Pid 0 stands for an area of shared memory.
    slots : dict of int to Steps
        Slot of the swap area -> the page in it as (pid, page), or None. A page that has come
        back from it is in it still, as long as nobody else needs the slot.
    dirty : dict of int to Steps of bool
        Frame -> whether its content has changed since it came; where there is a swap area.
    areas : dict of int to Area
        Frame -> the area of shared memory it belongs to for good.
    arrivals : list of Arrival
    page_faults : list of PageFault
        Those that were mended, or were to be.
    tlb_misses : list of TlbMiss
    fills : list of Fill
        What the system wrote.
    origins : dict
        PageContent number -> the one it was copied from, and when: (tick, core).
    """

    def __init__(self, histories: dict[int, ProcessHistory], page_size: int) -> None:
        self._processes, self._page_size = histories, page_size
        self.frames: dict[int, Steps[tuple[Page, ...]]] = defaultdict(lambda: Steps(()))
        self.slots: dict[int, Steps[Page | None]] = defaultdict(lambda: Steps(None))
        self.dirty: dict[int, Steps[bool]] = defaultdict(lambda: Steps(False))
        self.areas: dict[int, Area] = {}
        self.arrivals: list[Arrival] = []
        self.page_faults: list[memory.PageFault] = []
        self.tlb_misses: list[memory.TlbMiss] = []
        self.fills: list[memory.Fill] = []
        self.origins: dict[int, tuple[int, tuple[int, int]]] = {}
        self._held: dict[int, int] = {}
        self._holdings = 0

    def _on_segment(self, event: memory.SegmentSet) -> None:
        process = self._processes[event.pid]
        before = process.segments[event.name].at(event.tick)
        if before is not None and before[1] > event.end:
            self._leave_swap(event.tick, process, event.end, before[1])
        process.set_bounds(event.tick, event.name, (event.start, event.end))

    def _on_drop(self, event: memory.Drop) -> None:
        process = self._processes[event.pid]
        bounds = process.segments[event.name].at(event.tick)
        if bounds is not None:
            self._leave_swap(event.tick, process, *bounds)
        process.set_bounds(event.tick, event.name, None)

    def _leave_swap(self, tick: int, process: ProcessHistory, start: int, end: int) -> None:
        """Give back the slots of a segment that goes; only pages in RAM are unmapped one by one."""
        for page in pages_of((start, end), self._page_size):
            holding = process.pages[page].at(tick) if page in process.pages else None
            if holding is not None and holding.mode == "s":
                self._hold(tick, process.pid, page, None)

    def _new_holding(self, frame: int) -> int:
        self._holdings += 1
        self._held[frame] = self._holdings
        return self._holdings

    def _behind(self, event: _OfPage, holding: PageContent | None) -> None:
        """Enter what the page is mapped to that an event is about."""
        self._hold(event.tick, event.pid, event.page, holding)

    def _hold(self, tick: int, pid: int, page: int, holding: PageContent | None) -> None:
        """Enter what a page is mapped to from a tick on."""
        pages = self._processes[pid].pages[page]
        before = pages.at(tick)
        if before is not None and holding is not None and before.number == holding.number:
            holding = holding._replace(core=before.core)
        if before is not None and before.frame >= 0:
            users = self.frames[before.frame]
            users.add(tick, tuple(user for user in users.at(tick) if user != (pid, page)))
        if before is not None and before.slot >= 0:
            self.slots[before.slot].add(tick, None)
        if holding is not None and holding.frame >= 0:
            self._use(tick, holding.frame, (pid, page))
        if holding is not None and holding.slot >= 0:
            self.slots[holding.slot].add(tick, (pid, page))
        pages.add(tick, holding)

    def _use(self, tick: int, frame: int, page: Page) -> None:
        users = self.frames[frame]
        users.add(tick, tuple(sorted({*users.at(tick), page})))

    def _on_map(self, event: memory.Map) -> None:
        mode = "w" if event.writable else "r"
        number = self._new_holding(event.frame)
        self._becomes(event.tick, event.frame, dirty=False)
        self._behind(event, PageContent(event.frame, number, mode, event.core))
        self._arrives(event, event.frame)

    def _on_unmap(self, event: memory.Unmap) -> None:
        self._behind(event, None)

    def _on_share(self, event: memory.Share) -> None:
        self._behind(event, PageContent(event.frame, self._held[event.frame], event.mode))
        self._arrives(event, event.frame)

    def _on_share_code(self, event: memory.ShareCode) -> None:
        self._behind(event, PageContent(event.frame, self._held[event.frame], "r"))
        self._arrives(event, event.frame)

    def _on_protect(self, event: memory.Protect) -> None:
        self._behind(event, PageContent(event.frame, self._held[event.frame], "c"))

    def _on_own(self, event: memory.Own) -> None:
        self._behind(event, PageContent(event.frame, self._held[event.frame], "w"))
        self._arrives(event, event.frame)

    def _on_copy(self, event: memory.Copy) -> None:
        number = self._new_holding(event.copy)
        self._becomes(event.tick, event.copy, dirty=False)
        self.origins[number] = self._held[event.original], (event.tick, event.core)
        self._behind(event, PageContent(event.copy, number, "w", event.core))
        self._arrives(event, event.copy)

    def _on_area(self, event: memory.Area) -> None:
        self._new_holding(event.frame)
        self.areas[event.frame] = Area(event.tick, event.name, event.number)
        self._use(event.tick, event.frame, (0, event.number))

    def _on_swap_out(self, event: memory.SwapOut) -> None:
        self._behind(event, PageContent(-1, self._held[event.frame], "s", slot=event.slot))

    def _on_discard(self, event: memory.Discard) -> None:
        content = PageContent(-1, self._held[event.frame], "s", slot=event.slot)
        self._behind(event, content if event.slot >= 0 else None)

    def _on_dirty(self, event: memory.Dirty) -> None:
        self._becomes(event.tick, event.frame, dirty=True)

    def _becomes(self, tick: int, frame: int, *, dirty: bool) -> None:
        if frame in self.dirty or dirty:
            self.dirty[frame].add(tick, dirty)

    def _on_swap_free(self, event: memory.SwapFree) -> None:
        self._becomes(event.tick, event.frame, dirty=True)
        kept = self._processes[event.pid].pages[event.page].at(event.tick)
        assert kept is not None, "a page that is in RAM is something"
        self._behind(event, kept._replace(slot=-1))

    def _on_swap_in(self, event: memory.SwapIn) -> None:
        swapped = self._processes[event.pid].pages[event.page].at(event.tick)
        assert swapped is not None, "only what was swapped out comes back"
        self._held[event.frame] = swapped.number
        self._becomes(event.tick, event.frame, dirty=False)
        content = PageContent(event.frame, swapped.number, "w", slot=event.slot)
        self._behind(event, content)
        self._arrives(event, event.frame)

    def _on_swap_copy(self, event: memory.SwapCopy) -> None:
        swapped = self._processes[event.parent].pages[event.page].at(event.tick)
        assert swapped is not None, "only what was swapped out is copied there"
        self._holdings += 1
        self.origins[self._holdings] = swapped.number, (event.tick, event.core)
        self._behind(event, PageContent(-1, self._holdings, "s", slot=event.copy))

    def _on_load(self, event: memory.Load) -> None:
        self._processes[event.pid].loaded.append((event.tick, event.segment, event.page))
        self._arrives(event, event.frame)

    def _arrives(self, event: _OfPage | memory.Load, frame: int) -> None:
        self.arrivals.append(Arrival(event.tick, event.kind, event.pid, event.page, frame))

    def _on_page_fault(self, event: memory.PageFault) -> None:
        self.page_faults.append(event)

    def _on_tlb_miss(self, event: memory.TlbMiss) -> None:
        self.tlb_misses.append(event)

    def _on_fill(self, event: memory.Fill) -> None:
        self.fills.append(event)

    # Contiguous memory

    def _on_place(self, event: memory.Place | memory.Relocate) -> None:
        self._processes[event.pid].stretch.add(event.tick, (event.base, event.size))

    def _on_relocate(self, event: memory.Relocate) -> None:
        self._on_place(event)

    def _on_move(self, event: memory.Move) -> None:
        moved = self._processes[event.pid].pages[event.page].at(event.tick)
        assert moved is not None, "only what is somewhere is moved"
        self._held[event.frame] = self._held[event.original]
        self._behind(event, moved._replace(frame=event.frame))

    # Ends

    def _on_exit(self, event: processes.Exit | processes.Exec) -> None:
        """Take everything out of a process's address space."""
        process = self._processes[event.pid]
        for page, steps in process.pages.items():
            if steps.at(event.tick) is not None:
                self._hold(event.tick, event.pid, page, None)
        for name in process.standing.at(event.tick):
            process.set_bounds(event.tick, name, None)
        process.stretch.add(event.tick, None)

    def _on_exec(self, event: processes.Exec) -> None:
        self._on_exit(event)
