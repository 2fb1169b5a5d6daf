"""The ways from a virtual to a physical address: base and bounds, segments, page tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import chain

from kit.sim.page_table import PageTable
from kit.sim.segmentation import SegmentRegister
from kit.trace import Trace
from kit.trace.process_history import PageContent
from kit.tracks.memory.accesses import Access
from kit.tracks.memory.frame_words import size_in_words
from kit.tracks.palette import process_name
from kit.tracks.picture import Picture
from kit.tracks.rows import Grid

NOTHING = "\N{EM DASH}"
MOST_PROCESSES = 12
MOST_SEGMENTS = 48
MOST_CHANGES = 5_000
NAME_CHARACTERS = 20


class Way(ABC):
    """How a machine translates addresses.

    Attributes
    ----------
    steps : tuple of str
        What the steps are called.
    """

    steps: tuple[str, ...]

    def __init__(self, trace: Trace) -> None:
        self.trace, self.page_size = trace, trace.settings.page_size
        # Brought in and lost within one tick, as when another core ends the process in it.
        self._arrived = {(a.tick, a.pid, a.page): a.frame for a in trace.history.memory.arrivals}

    @abstractmethod
    def explain(self, access: Access) -> list[str]:
        """Return what came of each step."""

    @abstractmethod
    def add_tables(self, picture: Picture) -> None:
        """Add what the translation goes by, if there is more to be shown than the steps."""

    def content(self, access: Access) -> PageContent | None:
        """Return what the page of an access was mapped to."""
        pages = self.trace.history.processes[access.key[0]].pages
        page = access.address // self.page_size
        if page not in pages:
            return None
        held = pages[page].at(access.tick)
        # What an instruction used may be gone by the end of its tick.
        return held if held is not None and held.frame >= 0 else pages[page].at(access.tick - 1)

    def physical(self, access: Access) -> int | None:
        """Return the physical address of an access; None where it was refused."""
        held = self.content(access)
        frame = -1 if held is None else held.frame
        if frame < 0:
            page = access.address // self.page_size
            frame = self._arrived.get((access.tick, access.key[0], page), -1)
        if access.fault or frame < 0:
            return None
        return frame * self.page_size + access.address % self.page_size


def address(access: Access) -> str:
    """Return the virtual address of an access, and whether it is written."""
    return f"{access.address:#x}{', written' if access.writing else ''}"


class BaseAndBounds(Way):
    """A base register is added, after the address was compared with a bounds register."""

    steps = ("virtual address", "below the bounds?", "plus the base", "physical address")

    def explain(self, access: Access) -> list[str]:
        """Return what came of each step."""
        stretch = self.trace.history.processes[access.key[0]].stretch
        bounds = stretch.at(access.tick) or stretch.at(access.tick - 1)
        physical = self.physical(access)
        if bounds is None:
            return [address(access), *[NOTHING] * 3]
        base, size = bounds
        if physical is None:
            inside = "yes" if access.address < size else "no"
            return [address(access), f"{inside}, {size:#x}: {access.fault}", NOTHING, NOTHING]
        return [address(access), f"yes, {size:#x}", f"{base:#x}", f"{physical:#x}"]

    def add_tables(self, picture: Picture) -> None:
        """Add nothing: both registers stand among the steps."""


class Paging(Way):
    """The number of the page is looked up, in a TLB or in the page table."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self.table = trace.settings.page_table or PageTable(levels=1)
        self.has_tlb = bool(trace.settings.tlb)
        missed = trace.history.memory.tlb_misses
        self.misses = {(event.tick, event.core, event.pid, event.page) for event in missed}
        walk = ("page directory", "page table") if self.table.levels > 1 else ("page table",)
        tlb = ("TLB",) if self.has_tlb else ()
        self.steps = ("virtual address", "page and offset", *tlb, *walk, "physical address")

    def explain(self, access: Access) -> list[str]:
        """Return what came of each step."""
        page, offset = divmod(access.address, self.page_size)
        first = [address(access), f"page {page}, offset {offset:#x}"]
        missed = (access.tick, access.core, access.key[0], page) in self.misses
        physical = self.physical(access)
        if physical is None:
            rest = [*self._walk(page, access.fault or "not in RAM"), NOTHING]
            return [*first, *(["miss"] if self.has_tlb else []), *rest]
        frame = f"frame {physical // self.page_size}"
        if self.has_tlb and not missed:
            spared = ["not asked"] * self.table.levels
            return [*first, f"hit: {frame}", *spared, f"{physical:#x}"]
        tlb = ["miss"] if self.has_tlb else []
        return [*first, *tlb, *self._walk(page, frame), f"{physical:#x}"]

    def _walk(self, page: int, found: str) -> list[str]:
        """Return which entries are loaded, and what the last one says."""
        if self.table.levels == 1:
            return [f"entry {page}: {found}"]
        directory, entry = self.table.split(page, self.page_size)
        return [f"entry {directory}: its table", f"entry {entry}: {found}"]

    def add_tables(self, picture: Picture) -> None:
        """Add how large the page tables of the processes are, beside linear ones."""
        if self.trace.settings.page_table is None:
            return
        shown = list(self.trace.history.processes.values())[:MOST_PROCESSES]
        headings = ("process", "directory", "tables", "page table", "a linear one")
        rows = [[process_name(self.trace, p.pid, NAME_CHARACTERS), *[""] * 4] for p in shown]
        caption = "What page tables take, and what one linear table would."
        picture.table("page tables", headings, rows, live=(1, 2, 3, 4), caption=caption)
        for row, process in enumerate(shown):
            changes = {
                process.launched,
                *chain.from_iterable(steps.ticks for steps in process.pages.values()),
            }
            grid = Grid(self.trace, len(changes), MOST_CHANGES)
            for tick in sorted({grid.at(tick) for tick in changes}):
                for cell, text in enumerate(self._sizes(process.pid, tick)):
                    picture.change("page tables", "cells", 4 * row + cell, tick, text)

    def _sizes(self, pid: int, tick: int) -> list[str]:
        process = self.trace.at(tick).processes[pid]
        size = process.page_table_size
        assert size is not None, "the machine says how its page tables are built"
        if not process.history.lives(tick):
            return [NOTHING] * 4
        count = size.tables // self.page_size if self.table.levels > 1 else 1
        directory = size_in_words(size.directory) if size.directory else NOTHING
        linear = size_in_words(size.linear)
        return [directory, f"{count}, {size_in_words(size.tables)}", size_in_words(size.total),
                linear]  # fmt: skip


class Segments(Way):
    """The first bits name a segment, whose limit is looked at, and whose base is added."""

    steps = (
        "virtual address",
        "segment and offset",
        "within the limit?",
        "base",
        "physical address",
    )

    def explain(self, access: Access) -> list[str]:
        """Return what came of each step."""
        number, offset = divmod(access.address, self.trace.settings.segment_size)
        found = self._register(access, number)
        if found is None:
            missing = f"segment {number}, offset {offset:#x}"
            refused = f"no such segment: {access.fault}" if access.fault else NOTHING
            return [address(access), missing, refused, NOTHING, NOTHING]
        most = self.trace.settings.segment_size
        distance = f"{most - offset:#x} below its end" if found.grows_down else f"{offset:#x}"
        named = f"{number}, {found.name}: {distance}"
        physical = found.translate(offset, most)
        if physical is None or access.fault:
            inside = "no" if physical is None else "yes"
            return [address(access), named, f"{inside}, {found.limit:#x}: {access.fault}",
                    NOTHING, NOTHING]  # fmt: skip
        sign = "minus" if found.grows_down else "plus"
        base = f"{found.base:#x} {sign} that"
        return [address(access), named, f"yes, {found.limit:#x}", base, f"{physical:#x}"]

    def _register(self, access: Access, number: int) -> SegmentRegister | None:
        """Return the registers of a segment; it may be gone by the end of the tick."""
        for tick in (access.tick, access.tick - 1):
            process = self.trace.at(max(tick, 0)).processes.get(access.key[0])
            registers = process.segment_registers if process is not None else ()
            for register in registers:
                if register.number == number:
                    return register
        return None

    def add_tables(self, picture: Picture) -> None:
        """Add the registers of the segments of all processes."""
        rows = [
            (process, name)
            for process in self.trace.history.processes.values()
            for name in process.segments
        ][:MOST_SEGMENTS]
        headings = ("process", "segment", "base", "limit", "grows")
        texts = [
            [process_name(self.trace, process.pid, NAME_CHARACTERS), name, "", "", ""]
            for process, name in rows
        ]
        caption = "Base and limit of each segment; the gaps between them take no room."
        picture.table("segments", headings, texts, live=(2, 3, 4), caption=caption)
        for row, (process, name) in enumerate(rows):
            changes = {process.launched, *process.segments[name].ticks}
            changes.update(chain.from_iterable(steps.ticks for steps in process.pages.values()))
            grid = Grid(self.trace, len(changes) * len(rows), MOST_CHANGES)
            if process.launched:
                picture.change("segments", "states", row, 0, "hidden")
            for tick in sorted({grid.at(tick) for tick in changes}):
                found = self.trace.at(tick).processes[process.pid].segment_registers
                own = next((one for one in found if one.name == name), None)
                state = "hidden" if own is None else ""
                picture.change("segments", "states", row, tick, state)
                for cell, text in enumerate(_registers(own) if own is not None else []):
                    picture.change("segments", "cells", 3 * row + cell, tick, text)


def _registers(register: SegmentRegister) -> list[str]:
    grows = "down" if register.grows_down else "up"
    return [f"{register.base:#x}", f"{register.limit:#x}", grows]


def way_of(trace: Trace) -> Way:
    """Return how the machine of a run translates addresses."""
    if trace.settings.segmentation is not None:
        return Segments(trace)
    return BaseAndBounds(trace) if trace.settings.contiguous else Paging(trace)
