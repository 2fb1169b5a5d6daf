"""Pipes: the words in them."""

from __future__ import annotations

from collections import defaultdict

from kit.sim.events import calls
from kit.trace.state.reducer import Reducer
from kit.trace.steps import Steps


class Pipes(Reducer):
    """Follows them.

    Attributes
    ----------
    words : dict of int to Steps of tuple
        Number of a pipe -> the words in it, oldest first.
    made : dict of int to int
        Number of a pipe -> the tick at which it was made.
    """

    def __init__(self) -> None:
        self.words: dict[int, Steps[tuple[int, ...]]] = defaultdict(lambda: Steps(()))
        self.made: dict[int, int] = {}

    def _on_pipe(self, event: calls.PipeMade) -> None:
        self.made[event.pipe] = event.tick

    def _on_pipe_write(self, event: calls.PipeWrite) -> None:
        self._add(event, (event.value,))

    def _on_stream_write(self, event: calls.StreamWrite) -> None:
        self._add(event, event.values)

    def _on_pipe_read(self, event: calls.PipeRead) -> None:
        self._take(event, 1)

    def _on_stream_read(self, event: calls.StreamRead) -> None:
        self._take(event, len(event.values))

    def _add(self, event: calls.PipeWrite | calls.StreamWrite, new: tuple[int, ...]) -> None:
        words = self.words[event.pipe]
        words.add(event.tick, (*words.at(event.tick), *new))

    def _take(self, event: calls.PipeRead | calls.StreamRead, count: int) -> None:
        words = self.words[event.pipe]
        words.add(event.tick, words.at(event.tick)[count:])
