"""When words of memory change, looked up instead of looking at every tick."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from kit.lang.instructions import FP, INSTRUCTIONS, MEMORY_WRITERS, SP, WORD, Instruction
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory, pages_of
from kit.tracks.sampling import shown_at, step_for

_TELLING = frozenset({"POP", "DROP", "RET", "LEAVE"}) | MEMORY_WRITERS
"""Instructions that change a stack, or where it ends."""


class Watch:
    """Tells at which ticks something in the memory of a run can have changed.

    Parameters
    ----------
    trace : Trace
    """

    def __init__(self, trace: Trace) -> None:
        self.trace, self.words = trace, trace.history.words
        self.page_size = trace.settings.page_size
        self.step = step_for(trace.end)
        self._stacks: dict[tuple[int, int], list[int]] = {}

    def samples(self, ticks: Iterable[int], first: int, last: int) -> list[int]:
        """Return ticks in order, moved to the next one that is shown; see `sample_ticks`.

        What was at `first` is looked at too.
        """
        found = {shown_at(tick, self.step, last) for tick in ticks if first <= tick <= last}
        return sorted(found | {first})

    @cached_property
    def _words_of(self) -> dict[int, list[int]]:
        """PageContent number -> its words that are ever written."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, word in self.words.written:
            found[number].append(word)
        return found

    def _holdings(
        self, process: ProcessHistory, page: int, first: int, last: int
    ) -> Iterator[tuple[int, int, int]]:
        """Yield (number, from, to) of what a page was mapped to; number -1 for nothing."""
        steps = process.pages.get(page)
        if steps is None:
            return
        begin, held = first, steps.at(first)
        for index in range(bisect_right(steps.ticks, first), len(steps.ticks)):
            tick = steps.ticks[index]
            if tick > last:
                break
            yield held.number if held else -1, begin, tick
            begin, held = tick, steps.values[index]
        yield held.number if held else -1, begin, last

    def _written(self, number: int, word: int, begin: int, end: int) -> Iterator[int]:
        steps = self.words.written.get((number, word))
        if steps is not None:
            ticks = steps.ticks
            yield from ticks[bisect_left(ticks, begin) : bisect_right(ticks, end)]

    def of_words(
        self, process: ProcessHistory, addresses: Iterable[int], first: int, last: int
    ) -> set[int]:
        """Return ticks between two at which any of some words can have changed.

        Parameters
        ----------
        process : ProcessHistory
        addresses : iterable of int
            Virtual addresses of the words.
        first, last : int
            Both ticks are included.
        """
        found: set[int] = set()
        pages: dict[int, list[int]] = defaultdict(list)
        for address in addresses:
            page, byte = divmod(address, self.page_size)
            pages[page].append(byte // WORD)
        for page, words in pages.items():
            for number, begin, end in self._holdings(process, page, first, last):
                found.add(begin)
                for word in words:
                    found.update(self._written(number, word, begin, end))
        return found

    def of_pages(
        self, process: ProcessHistory, start: int, end: int, first: int, last: int
    ) -> set[int]:
        """Return ticks between two at which any word from `start` to `end` can have changed.

        Parameters
        ----------
        process : ProcessHistory
        start, end : int
            Virtual addresses in bytes; `end` is the first one behind.
        first, last : int
            Both ticks are included.
        """
        found: set[int] = set()
        for page in pages_of((start, end), self.page_size):
            for number, since, until in self._holdings(process, page, first, last):
                found.add(since)
                for word in self._words_of.get(number, ()):
                    found.update(self._written(number, word, since, until))
        return found

    def executed(self, pid: int, tid: int, first: int, last: int) -> list[tuple[int, int]]:
        """Return (tick, index of the next instruction) of a thread, as far as it is shown.

        A tick that is not shown counts as the next one that is.

        Parameters
        ----------
        pid, tid, first, last : int
            Both ticks are included.
        """
        record = self.trace.record.threads.get((pid, tid))
        if record is None:
            return []
        found = {first: record.index_at(first)}
        step = self.step
        for tick, _, number, _ in record.executed():
            if first < tick <= last:
                found[shown_at(tick, step, last)] = record.started(number + 1)
        return list(found.items())

    def stack_ticks(self, pid: int, tid: int, first: int, last: int) -> set[int]:
        """Return ticks at which a thread's calls or its stack pointer can have changed.

        Parameters
        ----------
        pid, tid, first, last : int
            Both ticks are included.
        """
        known = self._stacks.get((pid, tid))
        if known is None:
            known = self._stacks[pid, tid] = list(self._stack_changes(pid, tid))
        return set(known[bisect_left(known, first) : bisect_right(known, last)])

    def _stack_changes(self, pid: int, tid: int) -> Iterator[int]:
        record = self.trace.record.threads.get((pid, tid))
        if record is None:
            return
        image = self.trace.history.processes[pid].threads[tid].program.image
        starts = {routine.start for routine in image.routines.values()}
        telling = [
            instruction.op in _TELLING or _writes_pointer(instruction) or index in starts
            for index, instruction in enumerate(image.code)
        ]
        # A return that is next counts as well: the function's variables are gone then.
        leaving = [instruction.op == "RET" for instruction in image.code]
        for tick, _, number, index in record.executed():
            after = record.started(number + 1)
            if telling[index] or (0 <= after < len(leaving) and leaving[after]):
                yield tick

    def page_ticks(self, process: ProcessHistory, page: int, first: int, last: int) -> set[int]:
        """Return ticks between two at which what a page's cell says can have changed.

        Parameters
        ----------
        process : ProcessHistory
        page : int
            Virtual page.
        first, last : int
            Both ticks are included.
        """
        steps = process.pages.get(page)
        found = {first}
        if steps is None:
            return found
        ticks = [tick for tick in steps.ticks if first < tick <= last]
        found.update(ticks)
        for begin, end in zip([first, *ticks], [*ticks, last], strict=True):
            held = steps.at(begin)
            if held is not None and held.frame >= 0:
                users = self.trace.history.frames[held.frame].ticks
                found.update(users[bisect_left(users, begin) : bisect_right(users, end)])
        return found


def _writes_pointer(instruction: Instruction) -> bool:
    """Tell whether it puts a value into the frame pointer or the stack pointer."""
    return instruction.a in (FP, SP) and INSTRUCTIONS[instruction.op].operands.startswith("w")
