"""A schedule that is chosen step by step, and what can still come of it."""

from __future__ import annotations

from typing import NamedTuple

from kit.errors import ArgumentError, require
from kit.explore.graph import Edge
from kit.explore.outcome import Outcome
from kit.explore.outcomes import ExplorationResult
from kit.explore.telling import thread_name
from kit.explore.uses import use_at
from kit.sim.recording import ThreadId
from kit.trace import Trace


class Choice(NamedTuple):
    """A thread that can go on.

    Attributes
    ----------
    word : str
        How a schedule names it: "T2"; "3:T2" for one of pid 3 where there are several processes,
        and "T2=1" where it is chosen, too, what `choose` gives.
    text : str
        What it does next that others can notice: "T2 reads count (line 7)".
    """

    word: str
    text: str


class Walk:
    """A run whose schedule somebody chooses.

    Where only one thread can go on it does so by itself. All else is as for `explore`: threads
    change only where others can notice it.

    Parameters
    ----------
    explored : ExplorationResult
        Of all schedules.

    Attributes
    ----------
    words : tuple of str
        What was chosen, as `Choice.word`.

    Raises
    ------
    ArgumentError
        If not all schedules were looked at.
    """

    def __init__(self, explored: ExplorationResult) -> None:
        require(
            explored.complete,
            "Walk: not all schedules were looked at, so it is not known what can still be reached; "
            "give explore a higher limit, or make the program smaller",
        )
        self.explored = explored
        self._endless = next((one for one in explored.outcomes if one.endless), None)
        # From these no way leads to an end any more, whatever is chosen.
        self._closed = frozenset(explored.graph.endless() if self._endless else ())
        self.words: tuple[str, ...] = ()
        self._taken: list[int] = []
        self._later: list[str] = []
        self._way: tuple[Edge, ...] = ()
        self._go_on()

    @classmethod
    def to(cls, explored: ExplorationResult, outcome: Outcome) -> Walk:
        """Return the shortest walk to an outcome.

        Parameters
        ----------
        explored : ExplorationResult
        outcome : Outcome
            One that ends.
        """
        walk, way = cls(explored), explored.way_to(outcome)
        while len(walk._way) < len(way):
            walk._take(walk._word(way[len(walk._way)]))
        return walk

    # Choosing

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The threads of which one is to be chosen; none at the end."""
        return tuple(Choice(self._word(edge), self._text(edge)) for edge in self._open())

    def take(self, word: str) -> None:
        """Let a thread go on up to the next choice.

        Parameters
        ----------
        word : str
            Of one of the `choices`.

        Raises
        ------
        ArgumentError
            If it is none of them.
        """
        self._take(word)
        self._later.clear()

    def _take(self, word: str) -> None:
        edges = {self._word(edge): edge for edge in self._open()}
        if word not in edges:
            there = f"give one of {', '.join(edges)}" if edges else "the run has ended"
            raise ArgumentError(f"Walk: {word!r} cannot be chosen here; {there}")
        self._taken.append(len(self._way))
        self.words = (*self.words, word)
        self._way = (*self._way, edges[word])
        self._go_on()

    @property
    def can_undo(self) -> bool:
        """Whether something was chosen."""
        return bool(self.words)

    @property
    def can_redo(self) -> bool:
        """Whether a choice was taken back, and nothing else was chosen since."""
        return bool(self._later)

    def undo(self) -> None:
        """Take the last choice back; nothing happens if there is none."""
        if self.words:
            self._later.append(self.words[-1])
            self.words = self.words[:-1]
            self._way = self._way[: self._taken.pop()]

    def redo(self) -> None:
        """Choose again what was taken back last; nothing happens if there is nothing."""
        if self._later:
            self._take(self._later.pop())

    def begin_anew(self) -> None:
        """Take all choices back; they can be chosen again."""
        while self.words:
            self.undo()

    # What comes of it

    @property
    def trace(self) -> Trace:
        """The run up to here."""
        return self.explored.run_of(self._way)

    @property
    def outcome(self) -> Outcome | None:
        """What it has come to; None while it can go on and something else can still come of it."""
        final = self.explored.graph.finals.get(self._state)
        if final is None:
            return self._endless if self._state in self._closed else None
        return self._of(final)

    def reachable(self) -> tuple[tuple[Outcome, int | None], ...]:
        """Return the outcomes that can still be reached, and on how many schedules.

        Counted are the schedules that begin like this; None where there is no end of them.
        """
        counts: dict[Outcome, int | None] = {}
        for state, number in self.explored.graph.counts(self._way).items():
            outcome = self._of(self.explored.graph.finals[state])
            before = counts.get(outcome, 0)
            counts[outcome] = None if number is None or before is None else before + number
        if self._endless is not None:
            reached = self.explored.graph.reachable(self._state)
            if not reached.keys().isdisjoint(self._closed):
                counts[self._endless] = None
        return tuple((o, counts[o]) for o in self.explored.outcomes if o in counts)

    # Inside

    @property
    def _state(self) -> int:
        return self._way[-1].target if self._way else 0

    def _of(self, final: object) -> Outcome:
        return next(o for o in self.explored.outcomes if o.final == final)

    def _edges(self) -> tuple[Edge, ...]:
        return self.explored.graph.edges.get(self._state, ())

    def _open(self) -> tuple[Edge, ...]:
        """Return the steps of which one is to be chosen; none where nothing depends on it."""
        return () if self._state in self._closed else self._edges()

    def _go_on(self) -> None:
        """Go on while there is nothing to choose, but not round in a circle."""
        seen = {self._state}
        while len(edges := self._open()) == 1 and edges[0].target not in seen:
            self._way = (*self._way, edges[0])
            seen.add(self._state)

    def _word(self, edge: Edge) -> str:
        pid, tid = edge.key
        who = f"{pid}:T{tid}" if self.explored.several_processes else f"T{tid}"
        return who if edge.chosen is None else f"{who}={edge.chosen}"

    def _text(self, edge: Edge) -> str:
        way = (*self._way, edge)
        trace = self.explored.run_of(way, ended=False)
        tick = self.explored.ticks_of(way) - 1
        who = thread_name(*edge.key, several=self.explored.several_processes)
        text = f"{who} {_does(trace, tick, edge.key)}"
        return text if edge.chosen is None else f"{text}, which gives {edge.chosen}"


def _does(trace: Trace, tick: int, key: ThreadId) -> str:
    use = use_at(trace, tick, key)
    return f"{use.now} (line {use.line})" if use.line else use.now
