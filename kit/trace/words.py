"""The words of memory over time, and whose content a page has."""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter

from kit.lang.instructions import WORD
from kit.sim.events.memory import Fill
from kit.sim.recording import ThreadId
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record
from kit.trace.steps import Steps

Word = tuple[int, int]
"""(holding number, word in the page)."""


class Words:
    """Every word of memory as a step function.

    Parameters
    ----------
    record : Record
    processes : dict of int to ProcessHistory
        With their pages over time.
    fills : list of Fill
    origins : dict
        PageContent number -> the one it was copied from, and when: (tick, core).
    """

    def __init__(
        self,
        record: Record,
        processes: dict[int, ProcessHistory],
        fills: list[Fill],
        origins: dict[int, tuple[int, tuple[int, int]]],
    ) -> None:
        self._record, self._processes = record, processes
        self._fills, self._origins = fills, origins
        self._page_size = record.settings.page_size
        self._writers: dict[Word, array[int]] = {}

    @cached_property
    def written(self) -> dict[Word, Steps[int]]:
        """Word of RAM -> value over time; absent where never written."""
        found: dict[Word, Steps[int]] = {}
        for tick, core, word, value in self._writes():
            steps = found.get(word)
            if steps is None:
                steps = found[word] = Steps(0, compact=True)
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
            (tick, core, value); the core is `NO_CORE` where none wrote it.
        """
        steps = self.written.get(word)
        if steps is None:
            return None
        writers = self._writers[word]
        index = bisect_right(steps.ticks, moment[0]) - 1
        while index >= 0 and (steps.ticks[index], writers[index]) >= moment:
            index -= 1
        return (steps.ticks[index], writers[index], steps.values[index]) if index >= 0 else None

    def _writes(self) -> Iterator[tuple[int, int, Word, int]]:
        """Yield (tick, core, word, value) of every write, in order of time."""
        for tick, core, pid, address, value in self._all_stores():
            pages = self._processes[pid].pages[address // self._page_size]
            holding = pages.at(tick)
            if holding is None or (core < holding.core and pages.since(tick) == tick):
                holding = pages.at(tick - 1) or holding
            if holding is not None:
                yield tick, core, (holding.number, address % self._page_size // WORD), value

    def _all_stores(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield (tick, core, pid, address, value) of every write by system or thread, merged."""
        streams = [self._fillings(), *(self._stores(key) for key in self._record.threads)]
        return heapq.merge(*streams, key=itemgetter(0, 1))

    def _stores(self, key: ThreadId) -> Iterator[tuple[int, int, int, int, int]]:
        image = self._processes[key[0]].threads[key[1]].program.image
        for tick, core, address, value in self._record.threads[key].stores(image):
            yield tick, core, key[0], address, value

    def _fillings(self) -> Iterator[tuple[int, int, int, int, int]]:
        for fill in self._fills:
            start = fill.page * self._page_size + fill.word * WORD
            for word, value in enumerate(fill.values):
                yield fill.tick, fill.core, fill.pid, start + word * WORD, value

    def at(self, pid: int, address: int, tick: int) -> int | None:
        """Return the word of a process at an address; None if never written.

        After the process ended, its last value: memory is gone, but what it held is
        still what a reader asks for.
        """
        process = self._processes[pid]
        mapped = tick
        if process.exit is not None:
            tick = min(tick, process.exit[0])
            mapped = min(tick, process.exit[0] - 1)
        size = self._page_size
        page = process.pages.get(address // size)
        holding = page.at(mapped) if page is not None else None
        if holding is None:
            return None
        return self._content(holding.number, address % size // WORD, tick)

    def _content(self, holding: int, word: int, tick: int) -> int | None:
        """Return a word of a content, if need be of the one it was copied from."""
        steps = self.written.get((holding, word))
        if steps is not None and steps.since(tick) >= 0:
            return steps.at(tick)
        while holding in self._origins:
            holding, moment = self._origins[holding]
            written = self.write_before((holding, word), moment)
            if written is not None:
                return written[2]
        return None
