"""The state of a computer between two steps: to come back to, to send, and to recognise.

Two states are the same when everything that can matter from then on is the same. Time is not
part of it, but for how long sleepers still sleep; neither is which frame of RAM a page is in,
what lies below a stack pointer, or a register that will be written before it is read.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kit.explore.liveness import live_registers
from kit.explore.pages import KnownPages, digest
from kit.lang.instructions import SP, WORD
from kit.sim.calls.atomic_blocks import blocks_of
from kit.sim.loader import lay_out
from kit.sim.memory import Segment
from kit.sim.process import LaunchOptions, Process, Thread
from kit.sim.recording import Events, ThreadId, ThreadLog
from kit.sim.replacement import Clock, Recency
from kit.sim.snapshots import Snapshot, machine_state
from kit.sim.waits import TIMED, WAITS

if TYPE_CHECKING:
    from kit.sim.computer import Computer

_NO_LOG = ThreadLog(0).state()

Packed = tuple[bytes, tuple[bytes, ...]]
"""A state as bytes, and its pages, each as bytes."""


@dataclass(frozen=True, eq=False)
class State:
    """A computer between two steps: nobody is on its core.

    Attributes
    ----------
    parts : dict
        As in `kit.sim.snapshots.Snapshot`, with programs by their names and without a record.
    choices : tuple of (pid, tid)
        The threads that may run next: those that are ready, and those that only have to wait
        for some time to pass. None if nothing can happen any more.
    said : tuple of (int, str)
        What each process has printed.
    faults : tuple of (int, str)
        Which process has faulted, and how.
    ended : tuple of (int, Ended)
        What the processes that have ended left behind.
    limit : str
        The limit of the machine at which it was stopped; "" if at none.
    """

    parts: dict[str, Any]
    choices: tuple[ThreadId, ...]
    said: tuple[tuple[int, str], ...]
    faults: tuple[tuple[int, str], ...]
    ended: tuple[tuple[int, Any], ...]
    limit: str = ""

    def packed(self, root: State, pages: KnownPages) -> Packed:
        """Return it as bytes, for `unpacked` in another process of the same Python.

        Parameters
        ----------
        root : State
            The first one of the same plan, which every process has: what is as there is not sent.
        pages : KnownPages
            Of the same process. Equal pages become the same bytes, which `pickle` sends once.
        """
        first, parts = root.parts, self.parts
        users, frames, free = parts["physical"]
        other = {name: part for name, part in parts.items() if part != first[name]}
        other["physical"] = users, tuple(frame for frame, _ in frames), free
        content = other, self.choices, self.said, self.faults, self.ended, self.limit
        words = tuple(pages.packed(words) for _, words in frames)
        try:
            # Several times faster than pickle, but only for plain values. Version 2 does not look
            # for what occurs twice, which takes as long as all the rest.
            return b"m" + marshal.dumps(content, 2), words
        except ValueError:
            return b"p" + pickle.dumps(content), words

    @classmethod
    def unpacked(cls, packed: Packed, root: State, pages: KnownPages) -> State:
        """Return the state that was packed.

        Parameters
        ----------
        packed : Packed
        root : State
            The one that it was packed with.
        pages : KnownPages
            Of this process. States share equal pages, as if all had been found here.
        """
        content, words = packed
        load = marshal.loads if content[:1] == b"m" else pickle.loads
        other, *rest = load(content[1:])
        users, frames, free = other["physical"]
        whole = tuple(zip(frames, map(pages.unpacked, words), strict=True))
        return cls({**root.parts, **other, "physical": (users, whole, free)}, *rest)

    def snapshot(self, computer: Computer) -> Snapshot:
        """Return it as a snapshot of a computer of the same plan."""
        state = dict(self.parts)
        state["disk"] = tuple(computer.disk.items())
        state["processes"] = tuple(_whole(captured, computer) for captured in state["processes"])
        # Nothing is left to chance while an explorer chooses, and nobody acts from outside.
        state["journal"] = ()
        fresh = Events()
        fresh.keys = list(state["keys"])
        state["events"] = fresh.state()
        return Snapshot(computer, state)


def state_of(
    computer: Computer,
    said: tuple[tuple[int, str], ...],
    faults: tuple[tuple[int, str], ...],
    ended: tuple[tuple[int, Any], ...],
) -> State:
    """Return the state of a computer on whose core nobody is.

    Parameters
    ----------
    computer : Computer
    said : tuple of (int, str)
        (pid, what it has printed).
    faults : tuple of (int, str)
        (pid, kind of fault).
    ended : tuple of (int, Any)
        (pid, result) of each process that has ended.
    """
    taken = machine_state(computer)
    taken["keys"] = tuple(computer.events.keys)
    taken["processes"] = tuple(map(_small, taken["processes"]))
    return State(taken, tuple(choices_of(computer)), said, faults, ended)


def choices_of(computer: Computer) -> Iterator[ThreadId]:
    """Yield the threads that may run next."""
    alone = blocks_of(computer).holder
    for process in computer.processes.values():
        for thread in process.alive:
            if alone not in (None, thread.key):
                continue
            timed = thread.state == "blocked" and thread.waits_for[0] in TIMED
            # One that is ready in a stopped process would only leave its core again.
            if (thread.state == "ready" and not process.stopped) or timed:
                yield thread.key


def _small(captured: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out of a captured process what is known anyway; the rest as plain values."""
    (pid, parent, program, _, _, share), sizes, memory, (_, heap), threads, rest = captured
    table, writable, segments, copied, swapped = memory
    plain = tuple((name, _SEGMENT(segment)) for name, segment in segments)
    small = tuple(thread[:-1] for thread in threads)
    identity = pid, parent, program.name, _SHARE(share)
    return identity, sizes, (table, writable, plain, copied, swapped), heap, small, rest


_SEGMENT, _SHARE = (
    attrgetter(*(field.name for field in fields(kind))) for kind in (Segment, LaunchOptions)
)


def _whole(small: tuple[Any, ...], computer: Computer) -> tuple[Any, ...]:
    """Return the captured process of which `_small` made this."""
    (pid, parent, name, promised), sizes, memory, heap, threads, rest = small
    table, writable, plain, copied, swapped = memory
    segments = tuple((name, Segment(*values)) for name, values in plain)
    program, share = computer.disk[name], LaunchOptions(*promised)
    _, layout, code = lay_out(computer, program, share)
    return (
        (pid, parent, program, layout, code, share),
        sizes,
        (table, writable, segments, copied, swapped),
        (computer.setup.heap, heap),
        tuple((*thread, _NO_LOG) for thread in threads),
        rest,
    )


def digest_of(
    state: State,
    computer: Computer,
    exposed: frozenset[ThreadId],
    pages: KnownPages,
    *,
    timed: bool = False,
) -> bytes:
    """Return what is equal for equal states, and hardly ever for others.

    Parameters
    ----------
    state : State
    computer : Computer
        In that state.
    exposed : frozenset of (pid, tid)
        Threads whose whole stack matters, since others may look at it.
    pages : KnownPages
    timed : bool
        Whether the tick is part of the state.
    """
    parts, now = state.parts, computer.now
    captured = dict(parts["physical"][1])
    content = (
        tuple(
            _process(process, now, tuple(_words(process, exposed, captured, pages)))
            for process in computer.processes.values()
        ),
        tuple(sorted(map(repr, _sharing(computer)))),
        tuple((tick - now, action) for tick, _, action in sorted(parts["timers"])),
        tuple((name, _table(kept)) for name, kept in parts["kernel"].items() if any(kept)),
        computer.physical.free_count,
        parts["areas"] and tuple((name, words) for name, (words, _) in parts["areas"]),
        (state.said, state.faults, state.ended, state.limit),
        now if timed else 0,
        tuple(_places(computer)) if computer.executor.observes else (),
    )
    return digest(content)


def _places(computer: Computer) -> Iterator[Any]:
    """Yield where pages are, and which of them leaves next; frames by what is in them."""
    for process in computer.alive.values():
        yield tuple(sorted(process.memory.table))
        swapped = sorted(process.memory.swapped.items())
        yield tuple((page, computer.swap.slots[slot]) for page, slot in swapped if computer.swap)
    if computer.swap is None:
        return
    swap, users = computer.swap, computer.physical.users
    replacer = swap.replacer
    yield swap.free_count
    yield sorted(tuple(sorted(users[frame])) for frame in swap.dirty)
    yield sorted((tuple(sorted(users[frame])), slot) for frame, slot in swap.kept.items())
    if isinstance(replacer, Recency):
        yield tuple(tuple(sorted(users[frame])) for frame in replacer.order)
    elif isinstance(replacer, Clock):
        yield tuple((tuple(sorted(users[frame])), bit) for frame, bit in replacer.bits.items())
    else:
        # What another policy keeps may speak of frames by their numbers.
        yield repr((replacer.state(), tuple((f, tuple(sorted(w))) for f, w in users.items())))


def _table(kept: tuple[Any, ...]) -> str:
    """Return a table of the system as text, what has no order of its own in a fixed one."""
    parts = (sorted(part, key=repr) if _is_table(part) else part for part in kept)
    return repr(tuple(parts))


def _is_table(part: Any) -> bool:
    """Tell whether it has pairs, of which no two have the same key."""
    if not (isinstance(part, tuple) and part):
        return False
    pairs = all(isinstance(entry, tuple) and len(entry) == 2 for entry in part)
    return pairs and len({repr(entry[0]) for entry in part}) == len(part)


def _sharing(computer: Computer) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the pages that stand for one frame together."""
    for users in computer.physical.users.values():
        if len(users) > 1:
            yield tuple(sorted(users))


def _process(process: Process, now: int, words: tuple[Any, ...]) -> tuple[Any, ...]:
    memory = process.memory
    return (
        process.pid,
        process.parent,
        process.program.name,
        (process.ended, process.wait_status, process.main, process.main_failed),
        (process.ignored, process.pending, process.stopped),
        (tuple(process.heap.free), tuple(sorted(process.heap.used.items()))),
        tuple(sorted((name, s.start, s.end) for name, s in memory.segments.items())),
        tuple(sorted(memory.copied)),
        words,
        tuple(_thread(thread, now) for thread in process.threads.values()),
    )


def _words(
    process: Process,
    exposed: frozenset[ThreadId],
    captured: dict[int, tuple[int, ...]],
    pages: KnownPages,
) -> Iterator[tuple[int, bytes | tuple[int, ...]]]:
    """Yield the memory that matters: address of its first word, and its words or their digest."""
    size, table = process.memory.page_size, process.memory.table
    for segment in process.memory.segments.values():
        if segment.kind == "code":
            continue
        start = segment.start
        if segment.tid and (process.pid, segment.tid) not in exposed:
            thread = process.threads.get(segment.tid)
            if thread is not None:
                start = min(max(start, thread.registers[SP]), segment.end)
        for page in range(start // size, -(-segment.end // size)):
            if page in table:
                low, words = max(start - page * size, 0) // WORD, captured[table[page]]
                yield page * size + low * WORD, words[low:] if low else pages.of(words)


def _thread(thread: Thread, now: int) -> tuple[Any, ...]:
    if thread.state == "terminated":
        return thread.tid, thread.state, thread.result, thread.status
    waits = thread.waits_for
    if waits and WAITS[waits[0]].detail == "tick":
        waits = (waits[0], waits[1] - now)
    live = live_registers(thread.process.program, thread.pc)
    return (
        thread.tid,
        thread.pc,
        tuple(value for value, used in zip(thread.registers, live, strict=True) if used),
        thread.state,
        thread.busy,
        thread.result,
        waits,
        thread.status,
    )
