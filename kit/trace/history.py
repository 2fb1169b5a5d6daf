"""From events and thread logs to step functions."""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim.lifecycle import THREAD
from kit.sim.process import Key
from kit.sim.recording import Event
from kit.trace.record import Record
from kit.trace.steps import Steps

Bounds = tuple[int, int] | None
"""Start and end of a segment in bytes, or None where it does not exist."""

Holding = tuple[int, int]
"""(frame, holding number): a frame while it belongs to one page."""

Word = tuple[int, int]
"""(holding number, word in the page)."""


@dataclass
class ThreadHistory:
    """How the operating system saw one thread.

    Attributes
    ----------
    state : Steps of str
    core : Steps of int
        -1 where it is not running.
    waits_for : Steps of tuple
        ("sleep", tick), ("join", tid) or ().
    queued : Steps of int
        Growing numbers: the order in which threads came to the ready queue.
    function : str
    arguments : tuple of int
    result : int
    """

    function: str
    arguments: tuple[int, ...]
    state: Steps[str] = field(default_factory=lambda: Steps(""))
    core: Steps[int] = field(default_factory=lambda: Steps(-1))
    waits_for: Steps[tuple[Any, ...]] = field(default_factory=lambda: Steps(()))
    queued: Steps[int] = field(default_factory=lambda: Steps(0))
    result: int = 0


@dataclass
class ProcessHistory:
    """How the operating system saw one process.

    Attributes
    ----------
    pages : dict of int to Steps
        Virtual page -> (frame, holding number), or None where it is not mapped.
    segments : dict of str to Steps
        Name -> (start, end).
    blocks : Steps of tuple
        Allocated blocks of the heap as (address, words).
    output : Steps of str
    exit : (tick, exit code, reason) or None
    """

    pid: int
    parent: int
    program: Program
    launched: int
    page_size: int
    threads: dict[int, ThreadHistory] = field(default_factory=dict)
    pages: dict[int, Steps[Holding | None]] = field(
        default_factory=lambda: defaultdict(lambda: Steps(None))
    )
    segments: dict[str, Steps[Bounds]] = field(
        default_factory=lambda: defaultdict(lambda: Steps(None))
    )
    blocks: Steps[tuple[tuple[int, int], ...]] = field(default_factory=lambda: Steps(()))
    output: Steps[str] = field(default_factory=lambda: Steps(""))
    loaded: list[tuple[int, str, int]] = field(default_factory=list)
    exit: tuple[int, int, str] | None = None
    reaped: int | None = None

    @property
    def code_base(self) -> int:
        """Address of the code segment."""
        return self.page_size

    @property
    def data_base(self) -> int:
        """Address of the data segment."""
        size = self.page_size
        return size + -(-self.program.image.code_bytes // size) * size


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
        Frame -> (pid, segment kind), or None while it is free.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.page_size = record.settings.page_size
        self.programs = {program.name: program for program in record.programs}
        self.processes: dict[int, ProcessHistory] = {}
        self.cores: list[Steps[Key | None]] = [Steps(None) for _ in range(record.settings.cores)]
        self.frames: dict[int, Steps[tuple[int, int] | None]] = defaultdict(lambda: Steps(None))
        self.fills: list[Event] = []
        self._writers: dict[Word, array[int]] = {}
        self._holdings = 0
        self._arrivals = 0
        for event in record.events:
            handler = getattr(self, f"_on_{event[1]}", None)
            if handler is not None:
                handler(event)

    # Processes and their memory

    def _on_launch(self, event: Event) -> None:
        tick, _, pid, _, name, parent = event
        self.processes[pid] = ProcessHistory(pid, parent, self.programs[name], tick, self.page_size)
        thread = self.processes[pid].threads[1] = ThreadHistory("main", ())
        thread.state.add(tick, "new")

    def _on_segment(self, event: Event) -> None:
        tick, _, pid, _, name, start, end = event
        self.processes[pid].segments[name].add(tick, (start, end))

    def _on_drop(self, event: Event) -> None:
        tick, _, pid, _, name = event
        self.processes[pid].segments[name].add(tick, None)

    def _on_map(self, event: Event) -> None:
        tick, _, pid, _, page, frame, _ = event
        self._holdings += 1
        self.processes[pid].pages[page].add(tick, (frame, self._holdings))
        self.frames[frame].add(tick, (pid, page))

    def _on_unmap(self, event: Event) -> None:
        tick, _, pid, _, page, frame = event
        self.processes[pid].pages[page].add(tick, None)
        self.frames[frame].add(tick, None)

    def _on_fill(self, event: Event) -> None:
        self.fills.append(event)

    def _on_load(self, event: Event) -> None:
        tick, _, pid, _, segment, page, _ = event
        self.processes[pid].loaded.append((tick, segment, page))

    def _on_exit(self, event: Event) -> None:
        tick, _, pid, _, code, reason = event
        process = self.processes[pid]
        process.exit = (tick, code, reason)
        for pages in process.pages.values():
            holding = pages.at(tick)
            if holding is not None:
                self.frames[holding[0]].add(tick, None)
                pages.add(tick, None)
        for bounds in process.segments.values():
            bounds.add(tick, None)
        process.blocks.add(tick, ())

    def _on_reap(self, event: Event) -> None:
        self.processes[event[2]].reaped = event[0]

    def _on_print(self, event: Event) -> None:
        tick, _, pid, _, text = event
        output = self.processes[pid].output
        output.add(tick, output.at(tick) + text)

    def _on_alloc(self, event: Event) -> None:
        tick, _, pid, _, address, words = event
        blocks = self.processes[pid].blocks
        blocks.add(tick, tuple(sorted((*blocks.at(tick), (address, words)))))

    def _on_free(self, event: Event) -> None:
        tick, _, pid, _, address = event
        blocks = self.processes[pid].blocks
        blocks.add(tick, tuple(block for block in blocks.at(tick) if block[0] != address))

    # Threads

    def _on_thread(self, event: Event) -> None:
        tick, _, pid, tid, function, arguments, _ = event
        threads = self.processes[pid].threads
        if tid not in threads:
            threads[tid] = ThreadHistory(function, arguments)
            threads[tid].state.add(tick, "new")

    def _on_admit(self, event: Event) -> None:
        self._move(event, "admit")
        self._enqueue(event)

    def _on_dispatch(self, event: Event) -> None:
        tick, _, pid, tid, core = event
        self._move(event, "dispatch")
        self.processes[pid].threads[tid].core.add(tick, core)
        self.cores[core].add(tick, (pid, tid))

    def _on_preempt(self, event: Event) -> None:
        self._move(event, "preempt")
        self._leave_core(event, event[4])
        self._enqueue(event)

    def _on_block(self, event: Event) -> None:
        tick, _, pid, tid, core, reason, detail = event
        self._move(event, "block")
        self._leave_core(event, core)
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
        self._move(event, how)

    def _move(self, event: Event, trigger: str) -> None:
        state = self.processes[event[2]].threads[event[3]].state
        state.add(event[0], THREAD[state.at(event[0]), trigger])

    def _leave_core(self, event: Event, core: int) -> None:
        self.processes[event[2]].threads[event[3]].core.add(event[0], -1)
        self.cores[core].add(event[0], None)

    def _enqueue(self, event: Event) -> None:
        self._arrivals += 1
        self.processes[event[2]].threads[event[3]].queued.add(event[0], self._arrivals)

    # Words of memory

    @cached_property
    def words(self) -> dict[Word, Steps[int]]:
        """Word of RAM -> value over time; absent where never written."""
        found: dict[Word, Steps[int]] = {}
        for tick, core, word, value in self._writes():
            steps = found.get(word)
            if steps is None:
                steps = found[word] = Steps(0)
                steps.ticks, steps.values = array("q"), array("q")
                self._writers[word] = array("b")
            steps.ticks.append(tick)
            steps.values.append(value)
            self._writers[word].append(core)
        return found

    def write_before(self, word: Word, moment: tuple[int, int]) -> tuple[int, int, int] | None:
        """Return the last write to a word before a moment, or None.

        Parameters
        ----------
        word : Word
        moment : tuple of int
            (tick, core): at one tick, cores execute in the order of their numbers.

        Returns
        -------
        tuple of int, or None
            (tick, core, value); core -1 for the operating system.
        """
        steps = self.words.get(word)
        if steps is None:
            return None
        writers = self._writers[word]
        place = bisect_right(steps.ticks, moment[0]) - 1
        while place >= 0 and (steps.ticks[place], writers[place]) >= moment:
            place -= 1
        return (steps.ticks[place], writers[place], steps.values[place]) if place >= 0 else None

    def _writes(self) -> Iterator[tuple[int, int, Word, int]]:
        """Yield (tick, core, word, value) of every write, in order of time."""
        for tick, core, pid, address, value in self._all_stores():
            pages = self.processes[pid].pages[address // self.page_size]
            holding = pages.at(tick) or pages.at(tick - 1)
            if holding is not None:
                yield tick, core, (holding[1], address % self.page_size // WORD), value

    def _all_stores(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield (tick, core, pid, address, value) of every write by system or thread, merged."""
        streams = [self._fills(), *(self._stores(key) for key in self.record.threads)]
        return heapq.merge(*streams, key=itemgetter(0, 1))

    def _stores(self, key: Key) -> Iterator[tuple[int, int, int, int, int]]:
        image = self.processes[key[0]].program.image
        for tick, core, address, value in self.record.threads[key].stores(image):
            yield tick, core, key[0], address, value

    def _fills(self) -> Iterator[tuple[int, int, int, int, int]]:
        for tick, _, _, _, frame, first, values in self.fills:
            owner = self.frames[frame].at(tick)
            if owner is not None:
                pid, page = owner
                for word, value in enumerate(values, first):
                    yield tick, -1, pid, page * self.page_size + word * WORD, value

    def word_at(self, pid: int, address: int, tick: int) -> int | None:
        """Return the word of a process at an address; None if never written.

        After the process ended, its last value: memory is gone, but what it held is
        still what a reader asks for.
        """
        process = self.processes[pid]
        mapped = tick
        if process.exit is not None:
            tick = min(tick, process.exit[0])
            mapped = min(tick, process.exit[0] - 1)
        size = self.page_size
        page = process.pages.get(address // size)
        holding = page.at(mapped) if page is not None else None
        if holding is None:
            return None
        steps = self.words.get((holding[1], address % size // WORD))
        if steps is None:
            return None
        value = steps.at(tick)
        return value if steps.since(tick) >= 0 else None
