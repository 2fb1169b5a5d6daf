"""What is written at a moment of a lane: faults, ends, deadlocks, words that are sent."""

from __future__ import annotations

from dataclasses import dataclass

from kit.sim.events.event import Event
from kit.sim.recording import Key
from kit.trace import Trace
from kit.tracks.timelines.arrows import MESSAGE, Arrow
from kit.tracks.timelines.lanes import Lanes

MOST_NOTES = 200
FAULT, END, DEADLOCK, EXEC, WORD, OUTSIDE = "fault", "end", "deadlock", "exec", "word", "outside"
"""The kinds of note."""
SYMBOLS = {FAULT: "✕", END: "■", DEADLOCK: "◆", EXEC: "↻", WORD: "", OUTSIDE: "▼"}
"""What stands for a note where there is no room for its text."""
LASTS = (FAULT, END)
"""Kinds that stand at the end of a thread's lane, where nothing comes after them."""


@dataclass(frozen=True)
class Note:
    """Something that happens at a tick, at a lane.

    Attributes
    ----------
    below : bool
        Whether it stands behind the lane, because an arrow begins before it.
    """

    lane: int
    tick: int
    kind: str
    text: str
    below: bool = False

    @property
    def symbol(self) -> str:
        """What stands for it where there is no room."""
        return SYMBOLS[self.kind]

    @property
    def full(self) -> str:
        """What it says where there is room."""
        return f"{self.symbol} {self.text}".strip()


def find_notes(trace: Trace, lanes: Lanes, arrows: list[Arrow]) -> list[Note]:
    """Return the notes of a run in order of time; of arrows, those between lanes."""
    found: list[Note] = []
    for event in trace.record.events.others:
        made = _MAKERS.get(event[1])
        if made is not None:
            found.extend(made(trace, lanes, event))
    if lanes.kind == "thread":
        for arrow in arrows:
            lane, target = lanes.keys[arrow.source], lanes.keys[arrow.target]
            if arrow.kind == MESSAGE:
                found.append(Note(lane, arrow.sent, WORD, arrow.text, below=target < lane))
    return sorted(found, key=lambda note: note.tick)


def _lane(trace: Trace, lanes: Lanes, key: Key, tick: int) -> int | None:
    """Return the lane of a thread, or of the core it was on just before a tick."""
    if lanes.kind == "thread":
        return lanes.keys.get(key)
    thread = trace.history.processes[key[0]].threads.get(key[1])
    core = thread.core.at(tick - 1) if thread is not None else -1
    return core if 0 <= core < len(lanes.lanes) else None


def _fault(trace: Trace, lanes: Lanes, event: Event) -> list[Note]:
    tick, _, pid, tid, fault, _ = event
    lane = _lane(trace, lanes, (pid, tid), tick)
    return [] if lane is None else [Note(lane, tick, FAULT, fault)]


def _exit(trace: Trace, lanes: Lanes, event: Event) -> list[Note]:
    """Mark the end of a process, unless a fault that is marked already ended it."""
    tick, _, pid, tid, code, reason = event
    if reason not in ("exit", "killed"):
        return []
    text = f"exit {code}" if reason == "exit" else reason
    threads = trace.history.processes[pid].threads
    ended = [other for other, thread in threads.items() if thread.state.since(tick) == tick]
    for other in [tid] if tid else ended:
        lane = _lane(trace, lanes, (pid, other), tick)
        if lane is not None:
            return [Note(lane, tick, END, text)]
    return []


def _exec(trace: Trace, lanes: Lanes, event: Event) -> list[Note]:
    """Mark another program: at its first thread, or at the core of the one that asked for it."""
    tick, _, pid, tid, program = event
    threads = trace.history.processes[pid].threads
    asked = (t for t, thread in threads.items() if thread.core.at(tick - 1) >= 0 and t != tid)
    first = tid if lanes.kind == "thread" else next(asked, tid)
    lane = _lane(trace, lanes, (pid, first), tick)
    return [] if lane is None else [Note(lane, tick, EXEC, f"exec {program}")]


def _deadlock(trace: Trace, lanes: Lanes, event: Event) -> list[Note]:
    tick, _, pid, tid, cycle = event
    keys = [(pid, tid)] if lanes.kind == "core" else [(p, t) for p, t, *_ in cycle]
    found = [_lane(trace, lanes, key, tick) for key in keys]
    return [Note(lane, tick, DEADLOCK, "deadlock") for lane in found if lane is not None]


def _intervene(_: Trace, lanes: Lanes, event: Event) -> list[Note]:
    tick, _, pid, tid, action, detail = event
    if lanes.kind == "core":
        return []
    lane = lanes.keys.get((pid, tid or 1))
    if lane is None:
        return []
    shown = f"{action} {detail}" if action in ("inject", "write") else action
    return [Note(lane, tick, OUTSIDE, shown)]


_MAKERS = {
    "fault": _fault,
    "exit": _exit,
    "exec": _exec,
    "deadlock": _deadlock,
    "intervene": _intervene,
}
