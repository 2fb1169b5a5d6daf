"""What happened at a tick, in plain sentences.

They are made in the order of cause and effect: how pages were found, what the instructions
did, what the operating system did, which thread got a core. The most important one leads
(`ranks.py`). Where nothing of that happened, the sentence says what the cores were busy with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from kit.sim.events.event import Event
from kit.sim.events.memory import Load, Map, ShareCode
from kit.sim.events.processes import Fork, ThreadMade
from kit.sim.events.scheduling import Deadlock, Dispatch
from kit.sim.recording import ThreadId
from kit.trace.kernel.state import CoreState
from kit.trace.narration import caches, calls, events, memory_events
from kit.trace.narration.instructions import Instructions
from kit.trace.narration.lines import SourceLines
from kit.trace.narration.names import Names
from kit.trace.narration.ranks import rank_of
from kit.trace.narration.sentences import Happened, Narration, Said, narration_of
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record, Settings
from kit.trace.replay import History

SENTENCES = (
    events.sentence_for | memory_events.sentence_for | calls.sentence_for | caches.sentence_for
)
"""Kind of event -> what makes a sentence of it."""

TOLD_TOGETHER = frozenset({"load", "map", "share_code", "dispatch", "preempt"})
"""Kinds of which all at one tick make a sentence; of mapped pages, those of globals of zeros."""

SILENT = frozenset(
    {"segment", "drop", "unmap", "protect", "move", "swap_copy", "fill", "admit"}
    | {"cache_hit", "dirty"}
)
"""Kinds that are part of what another event tells."""

BEFORE_EFFECT = frozenset(
    {"page_fault", "own", "copy", "swap_out", "discard", "swap_free", "swap_in", "tlb_miss"}
    | {"cache_miss", "snoop", "cache_drop"}
)
"""Kinds by which a page is found: what the instruction does with it comes after them."""

_BY_INSTRUCTION = frozenset(calls.sentence_for) - {"io_done", "lock_left_held", "system_call"} | {
    "print",
    "fault",
    "block",
    "alloc",
    "free",
    "end",
    "kill",
    "ignore",
    "reap",
    "choose",
}
"""Events that tell already what the system call at their tick did."""

_AT_A_LINE = _BY_INSTRUCTION - {"end", "reap"} | {"exit", "page_fault", "system_call"}
"""Events to which an instruction of their thread led: their sentence names its line."""


_ONE_CODE = (
    "Its pages are mapped to the same frames: processes of one program share the code, which "
    "none of them can write."
)


def _named(segments: list[str]) -> str:
    return " and ".join(segments).capitalize()


def _frames(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"frame {numbers[0]}"
    return f"frames {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _registers(settings: Settings) -> str:
    """Return what is set to go over to another address space, and its verb."""
    if settings.segmentation is not None:
        return "segment registers are"
    return "base and bounds registers are" if settings.contiguous else "page-table register is"


class Narrator:
    """Tells a run.

    Parameters
    ----------
    record : Record
    history : History
        Of the same run.
    """

    def __init__(self, record: Record, history: History) -> None:
        self.record, self.history = record, history

    @cached_property
    def _lines(self) -> SourceLines:
        return SourceLines(self.record, self.history)

    @cached_property
    def _places(self) -> dict[ThreadId, int]:
        """The threads that did anything, in the order in which they are told of."""
        return {key: index for index, key in enumerate(self.record.threads)}

    def narration(self, tick: int) -> Narration:
        """Return what happened at `tick`."""
        names, events = Names(self.history, tick), self.record.events.at(tick)
        faulting = {event.pid for event in events if event.kind == "page_fault"}
        first: list[Event] = []
        then: list[Event] = []
        for event in events:
            loaded = event.kind in ("load", "share_code") and event.pid in faulting
            found = loaded or event.kind in BEFORE_EFFECT
            (first if found else then).append(event)
        happened = [
            *self._told(names, first, faulting),
            *self._computed(names, {_caller(event) for event in events}),
            *self._told(names, then, faulting),
            *self._switches(names, events),
        ]
        if not happened:
            return Narration(self._quiet(names))
        return narration_of(happened)

    def _told(self, names: Names, events: list[Event], faulting: set[int]) -> list[Happened]:
        happened, loads = [], [event for event in events if isinstance(event, Load)]
        shared = [event for event in events if isinstance(event, ShareCode)]
        zeros = self._globals_of_zeros(names, events, faulting)
        for event in events:
            if loads and event is loads[0]:
                happened += self._loads(names, loads)
            elif shared and event is shared[0]:
                happened += self._shared_code(names, shared)
            elif zeros and event is zeros[0]:
                happened += self._zeros(names, zeros)
            elif event.kind in SENTENCES:
                said = SENTENCES[event.kind](names, event)
                if said:
                    key = event.key if event.kind in _AT_A_LINE else _maker(event)
                    happened.append(self._happened(rank_of(event.kind), said, key, names.tick))
        return happened

    def _happened(self, rank: int, said: Said, key: ThreadId = (0, 0), tick: int = 0) -> Happened:
        """Return what is told of one thing, with the line that thread `key` executed."""
        sentence, *details = (said,) if isinstance(said, str) else said
        return Happened(rank, sentence, tuple(details), *self._lines.at(key, tick))

    def _loads(self, names: Names, loads: list[Load]) -> list[Happened]:
        """Tell of all pages that came from disk, a sentence for each process."""
        pages: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for load in loads:
            pages[load.pid].setdefault(load.segment, []).append(load.frame)
        return [
            self._happened(
                rank_of("load"),
                f"{_named(list(parts))} of {names.process(pid)} "
                f"{'are' if len(parts) > 1 else 'is'} loaded from disk into "
                f"{_frames([f for frames in parts.values() for f in frames])}.",
            )
            for pid, parts in pages.items()
        ]

    def _globals_of_zeros(self, names: Names, events: list[Event], faulting: set[int]) -> list[Map]:
        """Return those that map globals which no file holds, but for what a page fault tells."""
        tick, processes = names.tick, self.history.processes
        return [
            event
            for event in events
            if isinstance(event, Map)
            and event.pid not in faulting
            and processes[event.pid].segment_of(event.page, tick) == "data"
            and not processes[event.pid].is_in_file(event.page, tick)
        ]

    def _zeros(self, names: Names, zeros: list[Map]) -> list[Happened]:
        """Tell of pages of globals that start as zeros, a sentence for each process."""
        frames: dict[int, list[int]] = defaultdict(list)
        for event in zeros:
            frames[event.pid].append(event.frame)
        return [
            self._happened(
                rank_of("load"),
                f"Data of {names.process(pid)} in {_frames(numbers)} starts as zeros, which the "
                "file does not hold.",
            )
            for pid, numbers in frames.items()
        ]

    def _shared_code(self, names: Names, shared: list[ShareCode]) -> list[Happened]:
        """Tell of the code that was in RAM already, a sentence for each process."""
        frames: dict[int, list[int]] = defaultdict(list)
        for event in shared:
            frames[event.pid].append(event.frame)
        return [
            self._happened(
                rank_of("share_code"),
                (f"Code of {names.process(pid)} is in {_frames(numbers)} already.", _ONE_CODE),
            )
            for pid, numbers in frames.items()
        ]

    def _switches(self, names: Names, events: list[Event]) -> list[Happened]:
        bumped = [event.key for event in events if event.kind == "bump"]
        left = [event.key for event in events if event.kind == "preempt"]
        happened = [
            self._happened(
                rank_of("preempt"),
                f"The timer interrupts {names.thread(*key)}, which has used up its quantum.",
            )
            for key in left
            if key not in bumped
        ]
        given = [event for event in events if isinstance(event, Dispatch)]
        return happened + [
            self._happened(rank_of("dispatch"), self._given(names, e)) for e in given
        ]

    def _given(self, names: Names, event: Dispatch) -> Said:
        """Tell of a core that is given to a thread, and what it loads for that."""
        new, core = names.who(event), f"ore {event.core}"
        last = self.history.last_on(event.core, event.tick)
        if last is None:
            return f"{new} gets c{core}."
        if last == event.key:
            return f"{new} gets c{core} again."
        loads = f"The core loads the registers of T{event.tid}"
        if last[0] != event.pid:
            loads += f"; its {_registers(self.record.settings)} set for {names.whose(event)}"
        left = self.history.cores[event.core].at(event.tick - 1) == last
        from_whom = f" from {names.thread(*last)}" if left else ""
        return f"C{core} switches{from_whom} to {new}.", f"{loads}."

    def _computed(self, names: Names, already: set[ThreadId]) -> list[Happened]:
        """Tell what threads computed, except those whose system call was told `already`."""
        happened, tick = [], names.tick
        instructions = Instructions(self.record, self.history, names)
        # Only a thread that had a core before can have retired an instruction.
        on_core = (core.at(tick - 1) for core in self.history.cores)
        keys = {k for k in on_core if k is not None and k in self._places and k not in already}
        for key in sorted(keys, key=self._places.__getitem__):
            thread = self.record.threads[key]
            number = thread.retired(tick)
            if number and thread.retired(tick - 1) < number:
                effect = instructions.effect(key, number - 1)
                if effect.text:
                    said = (f"{names.thread(*key)} {effect.text}.", *effect.details)
                    happened.append(self._happened(effect.rank, said, key, tick))
        return happened

    # Where nothing happened

    def _quiet(self, names: Names) -> str:
        tick, processes = names.tick, self.history.processes
        for core, steps in enumerate(self.history.cores):
            key = steps.at(tick)
            if key is not None:
                return self._busy(names, core, key)
        alive = {key: processes[key[0]].threads[key[1]] for key in self.history.living.at(tick)}
        for key, thread in sorted(alive.items()):
            if thread.state.at(tick) == "new":
                return self._not_begun(names, processes[key[0]])
        if alive:
            return self._idle({thread.state.at(tick) for thread in alive.values()})
        if any(p.launched <= tick for p in processes.values()):
            return "All processes have ended; the programs are still on the disk."
        return "The programs are only files on the disk: nothing runs yet."

    def _busy(self, names: Names, core: int, key: ThreadId) -> str:
        """Tell what a core does that retires nothing."""
        times = self.record.events.overheads.get(core)
        place = bisect_right(times, names.tick - 1) if times is not None else 0
        if times is not None and place % 2:
            begun, who = times[place - 1], names.thread(*key)
            if names.tick - 1 < begun + self.history.memory_waits[core][begun]:
                return f"Core {core} waits for RAM, and so does {who}."
            handler = CoreState(self.history, core, names.tick - 1).handler
            return f"Core {core} is in kernel mode ({handler}), so {who} has to wait."
        line, code = self._lines.last(key, names.tick)
        computes = Happened(0, f"{names.thread(*key)} is still computing.", (), line, code)
        return narration_of([computes]).first

    def _not_begun(self, names: Names, process: ProcessHistory) -> str:
        name = names.process(process.pid)
        if self.record.settings.contiguous and process.stretch.at(names.tick) is None:
            return f"{name} waits until one free stretch of RAM is large enough."
        return f"The operating system loads {name} from disk into RAM."

    def _idle(self, states: set[str]) -> str:
        if "ready" in states:
            return (
                "The core waits for a device although a thread is ready: this machine does not "
                "switch during I/O."
            )
        cores = "The core" if self.record.settings.cores == 1 else "Every core"
        return f"{cores} is idle: all threads are blocked."


def _maker(event: Event) -> ThreadId:
    """Return the thread that made a thread, a process or a deadlock; (0, 0) where none did."""
    if isinstance(event, Deadlock):
        return event.cycle[0][:2]
    if isinstance(event, ThreadMade):
        return event.pid, event.creator
    return (event.parent, event.tid) if isinstance(event, Fork) else (0, 0)


def _caller(event: Event) -> ThreadId:
    """Return the thread whose system call or fault an event tells of; (0, 0) for none."""
    if event.kind in _BY_INSTRUCTION:
        return event.key
    return _maker(event) if event.kind in ("thread", "fork") else (0, 0)
