"""A sentence for each kind of event of memory: heap, pages, segments, swap area and TLB."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events import memory
from kit.sim.segments import SegmentName
from kit.trace.narration.names import Names
from kit.trace.narration.sentences import Said
from kit.trace.narration.table import SentenceTable

sentence_for: SentenceTable[Said] = SentenceTable()


@sentence_for
def _alloc(names: Names, event: memory.Alloc) -> Said:
    return (
        f"{names.who(event)} gets {plural(event.words, 'word')} of heap at {event.address:#06x}.",
        "Every thread of the process can use them.",
    )


@sentence_for
def _free(names: Names, event: memory.Free) -> Said:
    return f"{names.who(event)} frees the heap block at {event.address:#06x}."


@sentence_for
def _page_fault(names: Names, event: memory.PageFault) -> Said:
    verb = "write" if event.writing else "read"
    page = event.address // names.history.record.settings.page_size
    process = names.history.processes[event.pid]
    before, now = (process.pages[page].at(tick) for tick in (event.tick - 1, event.tick))
    why = {
        None: "the page table has no entry for that page yet",
        "s": "that page is in the swap area",
    }.get(before and before.mode, "that page is still read-only (copy on write)")
    told = [
        f"{names.who(event)} has a page fault when it tries to {verb} {event.address:#06x}.",
        f"The access cannot be carried out, because {why}.",
    ]
    if before is None and now is not None and not process.is_in_file(page, event.tick):
        told.append(f"The page gets frame {now.frame}, filled with zeros.")
    return tuple(told)


@sentence_for
def _own(names: Names, event: memory.Own) -> Said:
    return (
        f"{names.whose(event)} may now write page {event.page}.",
        f"No other process uses frame {event.frame} any longer, so it needs no copy.",
    )


@sentence_for
def _copy(names: Names, event: memory.Copy) -> Said:
    return (
        f"{names.whose(event)} gets its own copy of page {event.page}, in frame {event.copy}.",
        f"It wants to write the page, and shared frame {event.original} so far (copy on write).",
    )


@sentence_for
def _share(names: Names, event: memory.Share) -> Said:
    if event.mode != "w":
        return ""
    return (
        f"Page {event.page} of {names.whose(event)} is mapped to frame {event.frame}, which it "
        "shares."
    )


@sentence_for
def _area(names: Names, event: memory.Area) -> Said:
    return (
        f"Page {event.number} of the shared memory '{event.name}' is mapped to frame {event.frame}."
    )


@sentence_for
def _place(names: Names, event: memory.Place) -> Said:
    return (
        f"{names.whose(event)} gets {event.size} bytes of RAM in one stretch.",
        f"Its base register is {event.base:#06x}, its bounds register {event.size:#06x}.",
    )


@sentence_for
def _relocate(names: Names, event: memory.Relocate) -> Said:
    return (
        f"{names.whose(event)} is moved down to {event.base:#06x}.",
        "From the inside nothing changes; only its base register does.",
    )


@sentence_for
def _place_segment(names: Names, event: memory.SegmentPlaced) -> Said:
    part = SegmentName.of(event.name)
    stack = part.kind == "stack"
    whose = names.thread(event.pid, part.tid) if stack else names.whose(event)
    # What grows downwards is addressed from its end.
    base = f"{event.base + event.size:#06x}, its end," if stack else f"{event.base:#06x}"
    return (
        f"The {part.kind} of {whose} has {event.size} bytes of RAM from {event.base:#06x} on.",
        f"{base} is in its base register, {event.size:#06x} in its limit register.",
    )


@sentence_for
def _move_segment(names: Names, event: memory.SegmentMoved) -> Said:
    whose = f"The {event.name} of {names.whose(event)}"
    return (
        f"{whose} grows to {event.size} bytes and moves to {event.base:#06x}.",
        "There was no room after it; its virtual addresses stay the same.",
    )


@sentence_for
def _no_hole(names: Names, event: memory.NoHole) -> Said:
    return (
        f"{names.whose(event)} has to wait: no free stretch of RAM has {event.size} bytes.",
        f"{event.total} bytes are free in all, but the largest stretch has {event.largest}.",
    )


@sentence_for
def _swap_out(names: Names, event: memory.SwapOut) -> Said:
    page = f"page {event.page} of {names.whose(event)}"
    return (
        f"RAM is full: {page} moves from frame {event.frame} to swap slot {event.slot}.",
        "It is written there, because it has changed.",
    )


@sentence_for
def _discard(names: Names, event: memory.Discard) -> Said:
    page = f"page {event.page} of {names.whose(event)}"
    where = f"Swap slot {event.slot} still has it"
    if event.slot < 0:
        from_file = names.history.processes[event.pid].is_in_file(event.page, names.tick)
        where = "The program's file has it" if from_file else "There are only zeros in it"
    return (
        f"RAM is full: {page} is dropped from frame {event.frame}.",
        f"It has not changed, so nothing is written. {where}.",
    )


@sentence_for
def _swap_free(names: Names, event: memory.SwapFree) -> Said:
    page = f"Page {event.page} of {names.whose(event)}, in frame {event.frame},"
    return (
        f"{page} loses its swap slot {event.slot}.",
        "It will be written again before it leaves RAM.",
    )


@sentence_for
def _swap_in(names: Names, event: memory.SwapIn) -> Said:
    return (
        f"Page {event.page} of {names.whose(event)} comes back from swap slot {event.slot} into "
        f"frame {event.frame}."
    )


@sentence_for
def _flush(names: Names, event: memory.Flush) -> Said:
    return f"Core {event.core} changes its address space and drops all entries of its TLB."


@sentence_for
def _tlb_miss(names: Names, event: memory.TlbMiss) -> Said:
    settings = names.history.record.settings
    if settings.page_table is not None and settings.page_table.levels > 1:
        first, second = settings.page_table.split(event.page, settings.page_size)
        table = f"the page table of {names.whose(event)}"
        return (
            f"TLB miss: core {event.core} walks {table} for page {event.page}.",
            f"Entry {first} of the page directory names the table, its entry {second} the frame.",
        )
    return (
        f"TLB miss: core {event.core} looks up page {event.page} of {names.whose(event)} in the "
        "page table."
    )
