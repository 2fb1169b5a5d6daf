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
    """

    def __init__(self) -> None:
        self.words: dict[int, Steps[tuple[int, ...]]] = defaultdict(lambda: Steps(()))

    def _on_pipe_write(self, event: calls.PipeWrite) -> None:
        words = self.words[event.pipe]
        words.add(event.tick, (*words.at(event.tick), event.value))

    def _on_pipe_read(self, event: calls.PipeRead) -> None:
        words = self.words[event.pipe]
        words.add(event.tick, words.at(event.tick)[1:])
