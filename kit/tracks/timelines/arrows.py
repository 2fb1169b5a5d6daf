"""What passes between the threads of a run: new threads and processes, words, kills."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.sim.events.event import Event
from kit.sim.recording import Key
from kit.trace import Trace

BIRTH, MESSAGE, KILL = "birth", "message", "kill"
"""The kinds of arrow."""


@dataclass(frozen=True)
class Arrow:
    """Something that goes from one thread to another one.

    Attributes
    ----------
    kind : str
        "birth", "message" or "kill".
    source, target : (pid, tid)
    sent, came : int
        The tick at which it begins, and the one at which the other thread has it.
    text : str
        What it is, for those that carry a word.
    told : str
        What the source does to the target, as in "T1 … T2".
    """

    kind: str
    source: Key
    target: Key
    sent: int
    came: int
    text: str
    told: str


def find_arrows(trace: Trace) -> list[Arrow]:
    """Return all arrows of a run in the order in which they arrive."""
    finder = _Finder(trace)
    return sorted(finder.arrows(), key=lambda arrow: arrow.came)


class _Finder:
    """Goes through the events, and keeps what is under way."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.sent: dict[tuple[Any, ...], deque[tuple[int, Key, int]]] = defaultdict(deque)

    def arrows(self) -> Iterator[Arrow]:
        """Yield them in the order of the events."""
        for event in self.trace.record.events.others:
            handler = _HANDLERS.get(event[1])
            arrow = handler(self, event) if handler is not None else None
            if arrow is not None and arrow.source != arrow.target:
                yield arrow

    def thread(self, event: Event) -> Arrow | None:
        tick, _, pid, tid, _, _, creator = event
        if not creator:
            return None
        return Arrow(BIRTH, (pid, creator), (pid, tid), tick, tick, "", "spawns")

    def fork(self, event: Event) -> Arrow:
        tick, _, pid, tid, _, parent = event
        return Arrow(BIRTH, (parent, tid), (pid, tid), tick, tick, "", "forks")

    def kill(self, event: Event) -> Arrow | None:
        tick, _, pid, tid, target = event
        process = self.trace.history.processes.get(target)
        if process is None:
            return None
        alive = (t for t, h in process.threads.items() if h.state.at(tick - 1) not in _GONE)
        victim = next(alive, None)
        if victim is None:
            return None
        return Arrow(KILL, (pid, tid), (target, victim), tick, tick, "", "kills")

    def send(self, event: Event) -> None:
        tick, _, pid, tid, to, value = event
        self.sent["send", pid, to].append((tick, (pid, tid), value))

    def receive(self, event: Event) -> Arrow | None:
        tick, _, pid, tid, sender, _ = event
        return self._arrived(("send", sender, pid), (pid, tid), tick, "send", "sends {} to")

    def pipe_write(self, event: Event) -> None:
        tick, _, pid, tid, pipe, value = event
        self.sent["pipe", pipe].append((tick, (pid, tid), value))

    def pipe_read(self, event: Event) -> Arrow | None:
        tick, _, pid, tid, pipe, _ = event
        return self._arrived(("pipe", pipe), (pid, tid), tick, "pipe", "pipes {} to")

    def call(self, event: Event) -> None:
        tick, _, pid, tid, _, value = event
        self.sent["call", pid, tid].append((tick, (pid, tid), value))

    def serve(self, event: Event) -> Arrow | None:
        tick, _, pid, tid, caller_pid, caller_tid, _ = event
        way = ("call", caller_pid, caller_tid)
        return self._arrived(way, (pid, tid), tick, "call", "calls, with {},")

    def reply(self, event: Event) -> Arrow:
        tick, _, pid, tid, caller_pid, caller_tid, value = event
        caller = (caller_pid, caller_tid)
        return Arrow(
            MESSAGE, (pid, tid), caller, tick, tick, f"reply {value}", f"replies {value} to"
        )

    def _arrived(
        self, way: tuple[Any, ...], target: Key, tick: int, word: str, told: str
    ) -> Arrow | None:
        """Return the arrow of the word that has been under way longest."""
        if not self.sent[way]:
            return None
        sent, source, value = self.sent[way].popleft()
        return Arrow(MESSAGE, source, target, sent, tick, f"{word} {value}", told.format(value))


_GONE = ("", "terminated")
_HANDLERS: dict[str, Any] = {
    kind: getattr(_Finder, kind)
    for kind in (
        *("thread", "fork", "kill", "send", "receive", "pipe_write", "pipe_read"),
        *("call", "serve", "reply"),
    )
}
