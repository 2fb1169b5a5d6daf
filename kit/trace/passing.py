"""What passes between the threads of a run: new threads and processes, words, kills."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kit.lang.signals import Signal
from kit.sim.events import calls, processes
from kit.sim.recording import ThreadId
from kit.trace.replay import History
from kit.trace.state.reducer import Reducer, replay

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
    source: ThreadId
    target: ThreadId
    sent: int
    came: int
    text: str
    told: str


def find_arrows(history: History) -> list[Arrow]:
    """Return all arrows of a run in the order in which they arrive."""
    finder = _Finder(history)
    replay(history.record.events.others, finder)
    return sorted(finder.arrows, key=lambda arrow: arrow.came)


class _Finder(Reducer):
    """Goes through the events, and keeps what is under way."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.arrows: list[Arrow] = []
        self.sent: dict[tuple[Any, ...], deque[tuple[int, ThreadId, int]]] = defaultdict(deque)

    def _add(self, arrow: Arrow) -> None:
        if arrow.source != arrow.target:
            self.arrows.append(arrow)

    def _at_once(
        self, kind: str, source: ThreadId, target: ThreadId, tick: int, *told: str
    ) -> None:
        text, doing = told
        self._add(Arrow(kind, source, target, tick, tick, text, doing))

    def _on_thread(self, event: processes.ThreadMade) -> None:
        if event.creator:
            self._at_once(BIRTH, (event.pid, event.creator), event.key, event.tick, "", "spawns")

    def _on_fork(self, event: processes.Fork) -> None:
        self._at_once(BIRTH, (event.parent, event.tid), event.key, event.tick, "", "forks")

    def _on_kill(self, event: processes.Kill) -> None:
        process = self.history.processes.get(event.target)
        threads = process.threads.items() if process is not None else ()
        alive = (tid for tid, h in threads if h.state.at(event.tick - 1) not in _GONE)
        victim = next(alive, None)
        if victim is not None:
            signal = Signal(event.signal)
            text = "" if signal == Signal.SIGKILL else signal.name
            target = event.target, victim
            self._at_once(KILL, event.key, target, event.tick, text, signal.sending)

    def _on_send(self, event: calls.Send) -> None:
        self._leaves(event, "send", event.pid, event.to)

    def _on_receive(self, event: calls.Receive) -> None:
        self._arrives(event, ("send", event.sender, event.pid), "send", "sends {} to")

    def _on_pipe_write(self, event: calls.PipeWrite) -> None:
        self._leaves(event, "pipe", event.pipe)

    def _on_stream_write(self, event: calls.StreamWrite) -> None:
        under_way = self.sent["pipe", event.pipe]
        under_way.extend((event.tick, event.key, value) for value in event.values)

    def _on_stream_read(self, event: calls.StreamRead) -> None:
        """Add an arrow for the words of each write of which there are some."""
        under_way = self.sent["pipe", event.pipe]
        words = [under_way.popleft() for _ in event.values]
        for (sent, source), run in groupby(words, key=lambda word: word[:2]):
            values = ", ".join(str(value) for *_, value in run)
            text, doing = f"pipe {values}", f"pipes {values} to"
            self._add(Arrow(MESSAGE, source, event.key, sent, event.tick, text, doing))

    def _on_pipe_read(self, event: calls.PipeRead) -> None:
        self._arrives(event, ("pipe", event.pipe), "pipe", "pipes {} to")

    def _on_call(self, event: calls.Call) -> None:
        self._leaves(event, "call", *event.key)

    def _on_serve(self, event: calls.Serve) -> None:
        way = "call", event.caller_pid, event.caller_tid
        self._arrives(event, way, "call", "calls, with {},")

    def _on_reply(self, event: calls.Reply) -> None:
        caller, value = (event.caller_pid, event.caller_tid), event.value
        sentences = f"reply {value}", f"replies {value} to"
        self._at_once(MESSAGE, event.key, caller, event.tick, *sentences)

    def _leaves(self, event: calls.Send | calls.PipeWrite | calls.Call, *way: str | int) -> None:
        self.sent[way].append((event.tick, event.key, event.value))

    def _arrives(
        self,
        event: calls.Receive | calls.PipeRead | calls.Serve,
        way: tuple[str | int, ...],
        word: str,
        told: str,
    ) -> None:
        """Add the arrow of the word that has been under way longest."""
        if self.sent[way]:
            sent, source, value = self.sent[way].popleft()
            text, doing = f"{word} {value}", told.format(value)
            self._add(Arrow(MESSAGE, source, event.key, sent, event.tick, text, doing))


_GONE = ("", "terminated")
