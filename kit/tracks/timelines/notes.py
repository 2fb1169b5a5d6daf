"""What is written at a moment of a lane: faults, ends, deadlocks, words that are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.passing import MESSAGE, Arrow
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
    found = [
        *_interventions(trace, lanes),
        *_faults(trace, lanes),
        *_ends(trace, lanes),
        *_execs(trace, lanes),
        *_deadlocks(trace, lanes),
    ]
    if lanes.kind == "thread":
        for arrow in arrows:
            lane, target = lanes.keys[arrow.source], lanes.keys[arrow.target]
            if arrow.kind == MESSAGE:
                found.append(Note(lane, arrow.sent, WORD, arrow.text, below=target < lane))
    return sorted(found, key=lambda note: note.tick)


def _lane(trace: Trace, lanes: Lanes, key: ThreadId, tick: int) -> int | None:
    """Return the lane of a thread, or of the core it was on just before a tick."""
    if lanes.kind == "thread":
        return lanes.keys.get(key)
    thread = trace.history.processes[key[0]].threads.get(key[1])
    core = thread.core.at(tick - 1) if thread is not None else -1
    return core if 0 <= core < len(lanes.lanes) else None


def _interventions(trace: Trace, lanes: Lanes) -> Iterator[Note]:
    for tick, pid, tid, action, detail in trace.history.interventions:
        lane = lanes.keys.get((pid, tid or 1))
        if lanes.kind == "thread" and lane is not None:
            shown = f"{action} {detail}" if action in ("inject", "write") else action
            yield Note(lane, tick, OUTSIDE, shown)


def _faults(trace: Trace, lanes: Lanes) -> Iterator[Note]:
    for tick, pid, tid, kind, _ in trace.history.faults:
        lane = _lane(trace, lanes, (pid, tid), tick)
        if lane is not None:
            yield Note(lane, tick, FAULT, kind)


def _ends(trace: Trace, lanes: Lanes) -> Iterator[Note]:
    """Mark the ends of processes, unless a fault that is marked already ended them."""
    for pid, process in trace.history.processes.items():
        ended = process.exit
        if ended is None or ended.fault or (ended.signal is None and ended.reason != "exit"):
            continue
        text = ended.reason if ended.signal is not None else f"exit {ended.exit_code}"
        tick = ended.tick
        last = [tid for tid, t in process.threads.items() if t.state.since(tick) == tick]
        asked = [process.exited_by] if process.exited_by else last
        at = (_lane(trace, lanes, (pid, tid), tick) for tid in asked)
        lane = next((lane for lane in at if lane is not None), None)
        if lane is not None:
            yield Note(lane, tick, END, text)


def _execs(trace: Trace, lanes: Lanes) -> Iterator[Note]:
    """Mark another program: at its first thread, or at the core of the one that asked for it."""
    for pid, process in trace.history.processes.items():
        for tick, program, tid in process.execs:
            on_core = (t for t, h in process.threads.items() if h.core.at(tick - 1) >= 0)
            asked = (t for t in on_core if t != tid)
            first = tid if lanes.kind == "thread" else next(asked, tid)
            lane = _lane(trace, lanes, (pid, first), tick)
            if lane is not None:
                yield Note(lane, tick, EXEC, f"exec {program.name}")


def _deadlocks(trace: Trace, lanes: Lanes) -> Iterator[Note]:
    for tick, cycle in trace.deadlocks:
        keys = [(pid, tid) for pid, tid, *_ in cycle]
        for key in keys if lanes.kind == "thread" else keys[:1]:
            lane = _lane(trace, lanes, key, tick)
            if lane is not None:
                yield Note(lane, tick, DEADLOCK, "deadlock")
