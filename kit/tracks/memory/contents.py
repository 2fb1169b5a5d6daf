"""What stands in a segment, as a few lines of text, at each tick at which it changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from kit.lang.image import Words
from kit.lang.instructions import WORD
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.tracks.memory.calls import calls
from kit.tracks.memory.columns import Column, characters
from kit.tracks.memory.epochs import Band, Epoch
from kit.tracks.memory.room import MOST_AREA_WORDS, rows_of_threads
from kit.tracks.memory.watching import Watch
from kit.tracks.subjects import Subject, block_subject, call_subject, variable_subject


class Line(NamedTuple):
    """A line of a segment, and what it is about, if a person can point at that."""

    text: str
    about: Subject | None = None


Lines = Iterator[tuple[int, list[Line]]]
"""(tick, lines from then on)."""

MOST_BLOCK_WORDS = 8
BLANK = "\u00a0"
"""Browsers put several common blanks together."""
INDENT = 2 * BLANK
COPIED = "no thread: copied by fork"


class Stay(NamedTuple):
    """A segment in its band, from its first tick to its last one.

    Attributes
    ----------
    room : int
        Characters a line.
    """

    epoch: Epoch
    band: Band
    name: str
    first: int
    last: int
    room: int

    @property
    def pid(self) -> int:
        """Of its process."""
        return self.epoch.process.pid


class Contents:
    """Writes the lines of bands.

    Parameters
    ----------
    trace : Trace
    watch : Watch
    """

    def __init__(self, trace: Trace, watch: Watch) -> None:
        self.trace, self.watch, self.words = trace, watch, trace.history.words

    def lines(self, column: Column, epoch: Epoch, band: Band) -> Lines:
        """Return what stands in a band but code, in order of time; no line where nothing does."""
        first = epoch.arrival(band)
        if first is None:
            return
        write = {
            "data": self._data,
            "heap": self._heap,
            "shared": self._shared,
            "stack": self._stack,
        }[band.kind]
        for name, since, until in band.stays(self.trace.end + 1):
            stay = Stay(epoch, band, name, max(since, first), until - 1, characters(column, band))
            if stay.first <= stay.last:
                yield from write(stay)
            if until <= self.trace.end:
                yield until, []

    def instructions(self, epoch: Epoch, row: int) -> Iterator[tuple[int, str]]:
        """Return which instruction the thread of one line of the code executes next."""
        image = epoch.program.image
        for tid, begin, end in rows_of_threads(epoch)[row]:
            last = self.trace.end if end is None else end - 1
            for tick, index in self.watch.executed(epoch.process.pid, tid, begin, last):
                yield tick, f"T{tid} {str(index).rjust(2, BLANK)} {image.describe(index)}"
            if end is not None:
                yield end, ""

    def _data(self, stay: Stay) -> Lines:
        epoch, image = stay.epoch, stay.epoch.program.image
        base = epoch.process.data_base_of(epoch.program)
        variables, alone = list(image.variables.values()), len(self.trace.history.processes) == 1
        shown = _shown(variables, stay.band)
        # No more words of an array are looked at than there is room for on its line.
        places = [
            [
                base + variable.offset + word * WORD
                for word in range(min(variable.length, stay.room // 3 + 2))
            ]
            for variable in shown
        ]
        ticks = self._ticks(stay, [address for some in places for address in some])
        ticks.update(() if epoch.ready is None else [epoch.ready])
        for tick in self.watch.samples(ticks, stay.first, stay.last):
            lines = []
            for variable, addresses in zip(shown, places, strict=True):
                values = [self._global(epoch, address, base, tick) for address in addresses]
                if variable.length > 1 or variable.is_array:
                    size = variable.columns or len(values)
                    rows = (values[at : at + size] for at in range(0, len(values), size))
                    text = "; ".join(", ".join(map(str, row)) for row in rows)
                else:
                    text = self.value(epoch, values[0], tick)
                about = variable_subject(epoch.process, variable.name, alone=alone)
                lines.append(Line(f"{variable.name} = {text}", about))
            yield tick, _counted(lines, len(variables))

    def _global(self, epoch: Epoch, address: int, base: int, tick: int) -> int:
        """Return a word of data; where its page was never touched, what is on disk."""
        value = self.words.at(epoch.process.pid, address, tick)
        if value is None and epoch.ready is not None and epoch.ready <= tick:
            return epoch.program.image.data[(address - base) // WORD]
        return value or 0

    def _heap(self, stay: Stay) -> Lines:
        steps = stay.epoch.process.blocks
        inside = (tick for tick in steps.ticks if stay.first < tick <= stay.last)
        for begin, end in pairwise([stay.first, *inside, stay.last + 1]):
            blocks = steps.at(begin)
            shown = _shown(blocks, stay.band)
            addresses = [
                address + index * WORD
                for address, words in shown
                for index in range(min(words, MOST_BLOCK_WORDS))
            ]
            ticks = self.watch.of_words(stay.epoch.process, addresses, begin, end - 1)
            for tick in self.watch.samples(ticks, begin, end - 1):
                lines = [self._block(stay.pid, address, words, tick) for address, words in shown]
                yield tick, _counted(lines, len(blocks))

    def _block(self, pid: int, address: int, words: int, tick: int) -> Line:
        values = self._values(pid, address, min(words, MOST_BLOCK_WORDS), tick)
        text = f"{address:#x}: {', '.join(values)}{' …' if words > len(values) else ''}"
        return Line(text, block_subject(pid, address))

    def _shared(self, stay: Stay) -> Lines:
        change = stay.band.at(stay.first)
        assert change is not None, "it is there during its stay"
        words, area = change.size // WORD, SegmentName.of(stay.name).area
        count = words if words <= MOST_AREA_WORDS else min(words, stay.room // 3 + 2)
        ticks = self._ticks(stay, [change.start + index * WORD for index in range(count)])
        for tick in self.watch.samples(ticks, stay.first, stay.last):
            values = self._values(stay.pid, change.start, count, tick)
            if words > MOST_AREA_WORDS:
                yield tick, [Line(", ".join(values))]
            else:
                texts = (f"{area}[{index}] = {value}" for index, value in enumerate(values))
                yield tick, [*map(Line, texts)]

    def _values(self, pid: int, address: int, words: int, tick: int) -> list[str]:
        found = (self.words.at(pid, address + index * WORD, tick) for index in range(words))
        return [str(value or 0) for value in found]

    def _stack(self, stay: Stay) -> Lines:
        epoch, tid = stay.epoch, SegmentName.of(stay.name).tid
        thread = epoch.process.threads.get(tid)
        if thread is None:
            yield stay.first, [Line(COPIED)]
            return
        low = min(c.start for c in stay.band.changes if c.name == stay.name)
        ticks = self._ticks(stay, ())
        ticks |= self.watch.stack_ticks(stay.pid, tid, stay.first, stay.last)
        ticks |= self.watch.of_pages(epoch.process, low, int(stay.band.key), stay.first, stay.last)
        for tick in self.watch.samples(ticks, stay.first, stay.last):
            if not thread.state.at(tick):
                yield tick, [Line(COPIED)]
                continue
            found, below = calls(self.trace, epoch.process, tid, tick, stay.band.lines)
            sentences = [
                (
                    call_subject(self.trace, (stay.pid, tid), call.function, base),
                    call.function,
                    [f"{n} = {self._variable(epoch, v, tick)}" for n, v in call.variables.items()],
                )
                for base, call in found
            ]
            lines = _wrapped(sentences, stay.band.lines - bool(below), stay.room)
            yield tick, [*lines, Line(below)] if below else lines

    def _variable(self, epoch: Epoch, value: Words, tick: int) -> str:
        """Write a variable of a call; of an array no more than its first elements."""
        if isinstance(value, int):
            return self.value(epoch, value, tick)
        several = [self._variable(epoch, each, tick) for each in value[:MOST_BLOCK_WORDS]]
        return f"[{', '.join(several)}{', …' if len(value) > len(several) else ''}]"

    def _ticks(self, stay: Stay, addresses: list[int] | tuple[()]) -> set[int]:
        """Return ticks at which some words change, or what counts as an address."""
        process = stay.epoch.process
        ticks = self.watch.of_words(process, addresses, stay.first, stay.last)
        ticks.update(process.blocks.ticks)
        for name, steps in process.segments.items():
            if SegmentName.of(name).kind == "shared":
                ticks.update(steps.ticks)
        return ticks

    def value(self, epoch: Epoch, value: int, tick: int) -> str:
        """Write a value; one that leads to the heap or to shared memory as the address it is."""
        if value and any(value == address for address, _ in epoch.process.blocks.at(tick)):
            return f"{value:#x}"
        for band in epoch.bands:
            change = band.at(tick) if band.kind == "shared" else None
            if change is not None and change.start == value:
                return f"{value:#x}"
        return str(value)


def _shown(items: list[Any] | tuple[Any, ...], band: Band) -> list[Any]:
    """Return the items that have a line of their own; the last line may count the others."""
    return list(items if len(items) <= band.lines else items[: band.lines - 1])


def _counted(lines: list[Line], count: int) -> list[Line]:
    """Add how many there are that have no line."""
    return [*lines, Line(f"… {count - len(lines)} more")] if count > len(lines) else lines


def _wrapped(calls: list[tuple[Subject, str, list[str]]], most: int, room: int) -> list[Line]:
    """Write calls, innermost first, on more lines than one each while there are lines to spare."""
    spare = most - len(calls)
    found: list[Line] = []
    for subject, function, variables in calls:
        lines = [f"{function}:" if variables else function]
        for index, variable in enumerate(variables):
            text = f"{variable}," if index < len(variables) - 1 else variable
            if len(lines[-1]) + 1 + len(text) > room and spare:
                lines.append(f"{INDENT}{text}")
                spare -= 1
            else:
                lines[-1] += f" {text}"
        found.extend(Line(line, subject) for line in lines)
    return found
