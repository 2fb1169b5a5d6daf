"""What the machine writes down while it runs; `kit.trace` reads it.

Two kinds of record. *Events* say what the operating system did: one list for the
machine, in order. *Thread logs* say what a thread did: for each retired instruction
where the thread went next and the value it produced, for each store the address.
Everything else (registers, variables, page tables at any time) follows from these.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, cast, overload

from kit.cancellation import checked
from kit.lang.instructions import GENERAL_REGISTERS
from kit.sim.events import EVENTS
from kit.sim.events.event import Event
from kit.sim.events.scheduling import Dispatch, Preempt

ThreadId = tuple[int, int]
"""(pid, tid)."""

NO_CORE = 64
"""Stands for a core's number where the system acts by itself, or somebody from outside:
behind all of them, because that comes after the cores have executed."""

ROW = 128
"""Turns that are made into events at once: so few that Python's collector of garbage, which
comes every 700 objects, finds hardly one of them still there."""

PIECE = 4096
"""Length of a sealed piece of a log."""

REGISTERS = GENERAL_REGISTERS + 2

CHECKPOINT_DISTANCE = 64
"""Retired instructions between two records of all registers."""


class Log:
    """An append-only list of 64-bit integers, compact and cheap to copy.

    Older entries are sealed into arrays that copies share; the open end stays the same
    object for good.
    """

    __slots__ = ("open_end", "pieces")

    def __init__(self) -> None:
        # Most threads end before anything is sealed, and Python looks at each list again and again.
        self.pieces: tuple[array[int], ...] = ()
        self.open_end: list[int] = []

    def __len__(self) -> int:
        return len(self.pieces) * PIECE + len(self.open_end)

    def seal(self) -> None:
        """Move full pieces of the open end into arrays."""
        open_end = self.open_end
        while len(open_end) >= PIECE:
            self.pieces += (array("q", open_end[:PIECE]),)
            del open_end[:PIECE]

    def whole(self) -> array[int]:
        """Return a copy of all entries."""
        result = array("q")
        for piece in self.pieces:
            result.extend(piece)
        result.extend(array("q", self.open_end))
        return result

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return self.pieces, tuple(self.open_end)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.pieces, self.open_end[:] = state


_Turn = tuple[type[Dispatch | Preempt], str, int, int, int]
"""Class and kind of an event, pid, tid, core."""


class _Known(dict[int, _Turn]):
    """What the codes of turns stand for, each looked up once."""

    def __init__(self, look_up: Callable[[int], _Turn]) -> None:
        self._look_up = look_up

    def __missing__(self, code: int) -> _Turn:
        found = self[code] = self._look_up(code)
        return found


class Events(Sequence[Event]):
    """The events of a run, in order; sorted by tick.

    By far the most are threads that get a core and lose it to another one. These
    *turns* are kept as two numbers each, the others as tuples.

    Attributes
    ----------
    turn_ticks, turn_codes : array of int
        When, and who: ``serial << 8 | core << 1 | got``, with `got` 1 for dispatch and
        0 for preempt.
    keys : list of (pid, tid)
        By serial number of the thread.
    written : list of tuple
        The others, as they are written: plain tuples, which Python's collector of garbage leaves
        alone, up to where they were last read.
    places : array of int
        How many turns came before each of the others.
    overheads : dict of int to array of int
        Core -> start and end of each time in which it worked for the system itself:
        switches, system calls, faults, interrupts, as far as they cost something.
    """

    __slots__ = ("_typed", "keys", "overheads", "places", "turn_codes", "turn_ticks", "written")

    def __init__(self) -> None:
        self.turn_ticks, self.turn_codes = array("q"), array("q")
        self.keys: list[ThreadId] = []
        self.written: list[tuple[Any, ...]] = []
        self._typed = 0
        self.places = array("q")
        self.overheads: dict[int, array[int]] = {}

    @property
    def others(self) -> list[Event]:
        """The events that are no turns."""
        written, typed = self.written, self._typed
        if typed < len(written):
            for number, event in enumerate(islice(written, typed, None), typed):
                written[number] = tuple.__new__(EVENTS[event[1]], event)
            self._typed = len(written)
        return cast("list[Event]", written)

    def add(self, event: tuple[Any, ...]) -> None:
        """Append an event that is no turn."""
        self.places.append(len(self.turn_ticks))
        self.written.append(event)

    def add_turn(self, tick: int, serial: int, core: int, *, got: bool) -> None:
        """Append a turn: a thread gets a core, or loses it to another one.

        Parameters
        ----------
        tick : int
        serial : int
            Of the thread: its index in `keys`.
        core : int
        got : bool
            Whether it gets the core.
        """
        self.turn_ticks.append(tick)
        self.turn_codes.append(serial << 8 | core << 1 | got)

    def add_before(self, place: int, event: Event) -> None:
        """Put an event before what was added since there were `place` others."""
        self._typed = min(self._typed, place)
        turns = self.places[place] if place < len(self.places) else len(self.turn_ticks)
        self.places.insert(place, turns)
        self.written.insert(place, event)

    def overhead(self, core: int, start: int, ticks: int) -> None:
        """Write down that a core worked for the system itself from a tick on."""
        times = self.overheads.setdefault(core, array("q"))
        if times and times[-1] == start:
            times[-1] = start + ticks
        else:
            times.extend((start, start + ticks))

    def __len__(self) -> int:
        return len(self.places) + len(self.turn_ticks)

    @overload
    def __getitem__(self, place: int) -> Event: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Event]: ...

    def __getitem__(self, place: int | slice) -> Event | Sequence[Event]:
        """Return the event at a place, or those of a slice."""
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(f"there are {len(self)} events, and number {place} was asked for")
        place %= len(self)
        # The others before this place: number k of them stands at places[k] + k.
        low, high = 0, len(self.others)
        while low < high:
            middle = (low + high) // 2
            if self.places[middle] + middle < place:
                low = middle + 1
            else:
                high = middle
        if low < len(self.others) and self.places[low] + low == place:
            return self.others[low]
        return self._turn(place - low)

    def __iter__(self) -> Iterator[Event]:
        return checked(self._in_order())

    def _in_order(self) -> Iterator[Event]:
        turns, turn = chain.from_iterable(self._turns()), 0
        for place, event in zip(self.places, self.others, strict=True):
            if turn < place:
                yield from islice(turns, place - turn)
                turn = place
            yield event
        yield from turns

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Events) and self.state() == other.state()

    __hash__ = None  # type: ignore[assignment]

    def at(self, tick: int) -> list[Event]:
        """Return the events of one tick."""
        first = bisect_left(self.others, tick, key=_tick)
        last = bisect_right(self.others, tick, lo=first, key=_tick)
        turn = bisect_left(self.turn_ticks, tick)
        turns = bisect_right(self.turn_ticks, tick, lo=turn)
        found: list[Event] = []
        for event, place in zip(self.others[first:last], self.places[first:last], strict=True):
            found.extend(self._turn(number) for number in range(turn, place))
            turn = max(turn, place)
            found.append(event)
        found.extend(self._turn(number) for number in range(turn, turns))
        return found

    def _turn(self, number: int) -> Event:
        kind, *content = self._whose(self.turn_codes[number])
        return tuple.__new__(kind, (self.turn_ticks[number], *content))

    def _turns(self) -> Iterator[list[Event]]:
        """Yield all turns in pieces, since a run may have a million of them."""
        known, make = _Known(self._whose), tuple.__new__
        for start in range(0, len(self.turn_ticks), ROW):
            ticks = self.turn_ticks[start : start + ROW]
            codes = map(known.__getitem__, self.turn_codes[start : start + ROW])
            yield [
                make(kind, (tick, name, pid, tid, core))
                for tick, (kind, name, pid, tid, core) in zip(ticks, codes, strict=True)
            ]

    def _whose(self, code: int) -> _Turn:
        kind = Dispatch if code & 1 else Preempt
        return kind, kind.kind, *self.keys[code >> 8], code >> 1 & 127

    def copy(self) -> Events:
        """Return a copy that later running does not change."""
        copied = Events()
        copied.restore(self.state())
        return copied

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        turns = self.turn_ticks[:], self.turn_codes[:]
        overheads = tuple((core, times[:]) for core, times in sorted(self.overheads.items()))
        return (*turns, tuple(self.keys), tuple(self.written), self.places[:], overheads)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        ticks, codes, keys, others, places, overheads = state
        self.overheads = {core: times[:] for core, times in overheads}
        self.turn_ticks, self.turn_codes, self.places = ticks[:], codes[:], places[:]
        self.keys, self.written, self._typed = list(keys), list(others), 0


def _tick(event: Event) -> int:
    return event.tick


class ThreadLog:
    """What one thread did.

    Attributes
    ----------
    entry : int
        Index of its first instruction.
    targets : Log
        Instruction index after each retired instruction.
    values : Log
        The value each retired instruction produced: written to a register or to
        memory; 0 for jumps.
    addresses : Log
        Virtual address of each store, in order.
    bursts : array of int
        Three numbers a burst, (tick, core, index): from `tick` on, instructions number
        `index` and following retire one a tick on `core`, until the next burst.
    checkpoints : list of (tick, index, registers)
        All registers before instruction number `index`, from `tick` on.
    due : int
        How long the open end of `targets` is when all registers are recorded again.
    sealed : int
        How many of the retired instructions are not in that open end any more.
    """

    __slots__ = (
        "addresses",
        "bursts",
        "checkpoints",
        "due",
        "entry",
        "sealed",
        "targets",
        "values",
    )

    def __init__(self, entry: int) -> None:
        self.entry = entry
        self.targets, self.values, self.addresses = Log(), Log(), Log()
        self.bursts = array("q")
        self.checkpoints: list[tuple[int, int, tuple[int, ...]]] = []
        self.due = self.sealed = 0

    def __len__(self) -> int:
        """Return how many instructions have retired."""
        return self.sealed + len(self.targets.open_end)

    def begin(self, tick: int, core: int, registers: list[int]) -> None:
        """Note that the next instruction starts at `tick` on `core`."""
        index, bursts = len(self), self.bursts
        if len(self.targets.open_end) >= self.due:
            self.checkpoint(tick, registers)
        goes_on = bursts and bursts[-3] - bursts[-1] == tick - index and bursts[-2] == core
        if not goes_on:
            bursts.extend((tick, core, index))

    def checkpoint(self, tick: int, registers: list[int]) -> None:
        """Record all registers, valid from `tick` on."""
        self.due = len(self.targets.open_end) + CHECKPOINT_DISTANCE
        self.checkpoints.append((tick, len(self), tuple(registers)))

    def seal(self) -> None:
        """Compact what has grown long."""
        before = len(self.targets.open_end)
        if before >= PIECE:
            self.targets.seal()
            self.values.seal()
            self.addresses.seal()
            moved = before - len(self.targets.open_end)
            self.sealed += moved
            self.due -= moved

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return (
            self.entry,
            self.targets.state(),
            self.values.state(),
            self.addresses.state(),
            self.bursts[:],
            tuple(self.checkpoints),
            (self.due, self.sealed),
        )

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.entry, targets, values, addresses, bursts, checkpoints, rest = state
        self.targets.restore(targets)
        self.values.restore(values)
        self.addresses.restore(addresses)
        self.bursts, self.checkpoints = bursts[:], list(checkpoints)
        self.due, self.sealed = rest
