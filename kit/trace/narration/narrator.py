"""What happened at a tick, in plain sentences.

Told in the order of cause and effect: how pages were found, what the instructions did,
what the operating system did, who got a core. Where nothing of that happened, the
sentence says what the cores were busy with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from kit.sim.events.event import Event
from kit.sim.events.memory import Load
from kit.sim.events.processes import Fork, ThreadMade
from kit.sim.events.scheduling import Dispatch
from kit.sim.recording import ThreadId
from kit.trace.narration import calls, events
from kit.trace.narration.instructions import Instructions
from kit.trace.narration.names import Names
from kit.trace.process_history import ProcessHistory
from kit.trace.record import Record
from kit.trace.replay import History

SENTENCES = events.sentence_for | calls.sentence_for
"""Kind of event -> what makes a sentence of it."""

TOLD_TOGETHER = frozenset({"load", "dispatch", "preempt"})
"""Kinds of which all at one tick make a sentence."""

SILENT = frozenset(
    {"segment", "drop", "map", "unmap", "protect", "move", "swap_copy", "fill", "admit"}
)
"""Kinds that are part of what another event tells."""

BEFORE_EFFECT = frozenset({"page_fault", "own", "copy", "swap_out", "swap_in", "tlb_miss"})
"""Kinds by which a page is found: what the instruction does with it comes behind them."""

_BY_INSTRUCTION = frozenset(calls.sentence_for) - {"io_done", "lock_left_held", "system_call"} | {
    "print",
    "fault",
    "block",
    "alloc",
    "free",
    "end",
    "kill",
    "reap",
}
"""Events that tell already what the system call at their tick did."""


def _named(segments: list[str]) -> str:
    return " and ".join(segments).capitalize()


def _frames(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"frame {numbers[0]}"
    return f"frames {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


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
    def _places(self) -> dict[ThreadId, int]:
        """The threads that did anything, in the order in which they are told of."""
        return {key: index for index, key in enumerate(self.record.threads)}

    def sentence(self, tick: int) -> str:
        """Return what happened at `tick`."""
        names, events = Names(self.history, tick), self.record.events.at(tick)
        faulting = {event.pid for event in events if event.kind == "page_fault"}
        first: list[Event] = []
        then: list[Event] = []
        for event in events:
            loaded = event.kind == "load" and event.pid in faulting
            found = loaded or event.kind in BEFORE_EFFECT
            (first if found else then).append(event)
        sentences = [
            *self._told(names, first),
            *self._computed(names, {_caller(event) for event in events}),
            *self._told(names, then),
            *self._switches(names, events),
        ]
        return " ".join(sentence for sentence in sentences if sentence) or self._quiet(names)

    def _told(self, names: Names, events: list[Event]) -> list[str]:
        sentences, loads = [], [event for event in events if isinstance(event, Load)]
        for event in events:
            if loads and event is loads[0]:
                sentences.extend(self._loads(names, loads))
            elif event.kind in SENTENCES:
                sentences.append(SENTENCES[event.kind](names, event))
        return sentences

    def _loads(self, names: Names, loads: list[Load]) -> list[str]:
        """Tell of all pages that came from disk, a sentence a process."""
        pages: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for load in loads:
            pages[load.pid].setdefault(load.segment, []).append(load.frame)
        return [
            f"{_named(list(parts))} of {names.process(pid)} "
            f"{'come' if len(parts) > 1 else 'comes'} from disk into RAM, "
            f"{_frames([f for frames in parts.values() for f in frames])}."
            for pid, parts in pages.items()
        ]

    def _switches(self, names: Names, events: list[Event]) -> list[str]:
        bumped = [event.key for event in events if event.kind == "bump"]
        left = [event.key for event in events if event.kind == "preempt"]
        sentences = [
            f"The slice of {names.thread(*key)} is used up." for key in left if key not in bumped
        ]
        sentences += [self._given(names, e) for e in events if isinstance(e, Dispatch)]
        return sentences

    def _given(self, names: Names, event: Dispatch) -> str:
        """Tell of a core that is given to a thread, and what that replaces."""
        given = f"{names.who(event)} gets core {event.core}"
        last = self.history.last_on(event.core, event.tick)
        if last is None or last == event.key:
            return f"{given}."
        space = " and its address space" if last[0] != event.pid else ""
        return f"{given}: its registers{space} replace those of {names.thread(*last)}."

    def _computed(self, names: Names, already: set[ThreadId]) -> list[str]:
        """Tell what threads computed, except those whose system call was told `already`."""
        sentences, tick = [], names.tick
        instructions = Instructions(self.record, self.history, names)
        # Only who had a core before can have retired an instruction.
        on_core = (core.at(tick - 1) for core in self.history.cores)
        keys = {k for k in on_core if k is not None and k in self._places and k not in already}
        for key in sorted(keys, key=self._places.__getitem__):
            thread = self.record.threads[key]
            number = thread.retired(tick)
            if number and thread.retired(tick - 1) < number:
                text = instructions.text(key, number - 1)
                if text:
                    sentences.append(f"{names.thread(*key)} {text}.")
        return sentences

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
            return "No process is left; the programs lie on disk as before."
        return "The programs lie on disk: static, not executed, no memory given to them."

    def _busy(self, names: Names, core: int, key: ThreadId) -> str:
        """Tell what a core does that retires nothing."""
        times = self.record.events.overheads.get(core)
        if times is not None and bisect_right(times, names.tick - 1) % 2:
            return (
                f"Core {core} works for the operating system: this is time that "
                f"{names.thread(*key)} does not get."
            )
        return f"{names.thread(*key)} keeps computing."

    def _not_begun(self, names: Names, process: ProcessHistory) -> str:
        name = names.process(process.pid)
        if self.record.settings.contiguous and process.stretch.at(names.tick) is None:
            return f"{name} waits for a stretch of RAM that is large enough."
        return f"The operating system brings {name} from disk into RAM."

    def _idle(self, states: set[str]) -> str:
        if "ready" in states:
            return (
                "The core waits for a device together with its thread, though another thread is "
                "ready: it does not switch on I/O."
            )
        return "Every core is idle: all threads are blocked."


def _caller(event: Event) -> ThreadId:
    """Return whose system call or fault an event already tells of; (0, 0) for nobody's."""
    if isinstance(event, ThreadMade):
        return event.pid, event.creator
    if isinstance(event, Fork):
        return event.parent, event.tid
    return event.key if event.kind in _BY_INSTRUCTION else (0, 0)
