"""Messages and calls between processes: what nobody has taken yet, and who serves whom."""

from __future__ import annotations

from collections import defaultdict

from kit.sim.events import calls, processes
from kit.sim.recording import ThreadId
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps

Letter = tuple[ThreadId, int]
"""((pid, tid) of who sent it, the word)."""
Letters = dict[int, Steps[tuple[Letter, ...]]]
"""Pid -> what waits for that process, oldest first."""


class Mail(Reducer):
    """Follows them.

    Attributes
    ----------
    messages, calls : Letters
    serving : dict of (pid, tid) to Steps of tuple
        Server -> the callers it has to answer, the last one served last; some of them may
        have ended.
    """

    def __init__(self) -> None:
        self.messages: Letters = defaultdict(lambda: Steps(()))
        self.calls: Letters = defaultdict(lambda: Steps(()))
        self.serving: dict[ThreadId, Steps[tuple[ThreadId, ...]]] = defaultdict(lambda: Steps(()))

    def _on_send(self, event: calls.Send) -> None:
        box = self.messages[event.to]
        box.add(event.tick, (*box.at(event.tick), (event.key, event.value)))

    def _on_receive(self, event: calls.Receive) -> None:
        box = self.messages[event.pid]
        box.add(event.tick, box.at(event.tick)[1:])

    def _on_call(self, event: calls.Call) -> None:
        box = self.calls[event.to]
        box.add(event.tick, (*box.at(event.tick), (event.key, event.value)))

    def _on_serve(self, event: calls.Serve) -> None:
        box, callers = self.calls[event.pid], self.serving[event.key]
        box.add(event.tick, box.at(event.tick)[1:])
        caller = event.caller_pid, event.caller_tid
        callers.add(event.tick, (*callers.at(event.tick), caller))

    def _on_reply(self, event: calls.Reply) -> None:
        callers = self.serving[event.key]
        waiting = list(callers.at(event.tick))
        # Who was served later and has ended is not answered any more.
        while waiting.pop() != (event.caller_pid, event.caller_tid):
            pass
        callers.add(event.tick, tuple(waiting))

    def _on_end(self, event: processes.End) -> None:
        if event.key in self.serving:
            self.serving[event.key].add(event.tick, ())
        for box in self.calls.values():
            waiting = box.at(event.tick)
            box.add(event.tick, tuple(one for one in waiting if one[0] != event.key))

    def _on_exit(self, event: processes.Exit) -> None:
        for letters in (self.messages, self.calls):
            if event.pid in letters:
                letters[event.pid].add(event.tick, ())
