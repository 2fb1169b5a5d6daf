"""A way through the engine's states as steps on the real machine, nothing done silently.

What the engine lets threads do as soon as they come to it is put where it is needed: a thread is
spawned when it is about to run, and ends when somebody goes on because of that. So a witness
changes between threads no more often than it has to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from kit.explore.engine.compiling import Place
from kit.explore.engine.image import program_of
from kit.explore.engine.machine import Machine
from kit.explore.engine.records import NOTHING, OWN_WORDS, PAUSE, Rules
from kit.explore.engine.threads import Threads
from kit.explore.graph import Edge
from kit.explore.orders import Event, Events
from kit.explore.plan import Plan
from kit.lang.program import Program
from kit.sim.process import FIRST_PID


class _Timed(Threads):
    """Threads that note how long each has been going on since what others noticed last."""

    def __init__(self, program: Program, place: Place, rules: Rules) -> None:
        super().__init__(program, place, rules)
        self.since: dict[int, int] = {}

    def started(self, thread: int, pc: int, stack: tuple[int, ...]) -> int:
        """Return the record of a thread that begins."""
        number = super().started(thread, pc, stack)
        self.since[thread] = self.taken
        return number

    def after(self, thread: int, number: int, value: int) -> int:
        """Return the record of a thread when its access or call has been done."""
        self.forget_ways()
        following = super().after(thread, number, value)
        self.since[thread] = self.taken
        return following


def steps_of_way(plan: Plan, begun: Events, way: Sequence[Edge], *, to_end: bool) -> list[Edge]:
    """Return the steps of a real machine that go a way.

    Parameters
    ----------
    plan : Plan
        That of the search, with the words that are shared.
    begun : tuple
        What was done silently before the first state.
    way : sequence of Edge
    to_end : bool
        Whether what is still to be done at its end is done as well.
    """
    return list(_walked(_machine(plan), _Later(begun).order(way, to_end=to_end)))


def numbers_of_steps(begun: Events, way: Sequence[Edge]) -> list[int]:
    """Return for each step of a way how many steps of `steps_of_way` have been taken after it.

    Parameters
    ----------
    begun : tuple
    way : sequence of Edge
        As for `steps_of_way`.
    """
    later = _Later(begun)
    return list(accumulate(sum(1 for _ in later.order([edge], to_end=False)) for edge in way))


def _machine(plan: Plan) -> Machine:
    """Return a machine that does nothing silently."""
    program = program_of(plan)
    assert program is not None, "the engine took this plan"
    machine = Machine(plan, program, Rules(quiet=False), _Timed)
    machine.rules.shared = frozenset(machine.place.word_at(at) for _, at in plan.shared)
    return machine


class _Later:
    """What the threads still have to do, by tid."""

    def __init__(self, begun: Events) -> None:
        self.rows: dict[int, list[Event]] = {}
        self._add(begun)

    def _add(self, events: Events) -> None:
        for event in events:
            self.rows.setdefault(event[1], []).append(event)

    def order(self, way: Sequence[Edge], *, to_end: bool) -> Iterator[tuple[int, int | None]]:
        """Yield whose step comes next, and what it chooses: the way, and what each step needs."""
        for edge in way:
            yield from ((tid, None) for tid in self._do_all(edge.key[1]))
            yield edge.key[1], edge.chosen
            self._add(edge.events)
        if to_end:
            for row in sorted(self.rows):
                yield from ((tid, None) for tid in self._do_all(row))

    def _do_all(self, tid: int) -> Iterator[int]:
        """Yield the steps after which a thread has nothing left to do."""
        for other, row in list(self.rows.items()):
            while any(what == "spawn" and new == tid for what, _, new in row):
                yield from self._do_one(other)
        while self.rows.get(tid):
            yield from self._do_one(tid)

    def _do_one(self, tid: int) -> Iterator[int]:
        what, _, other = self.rows[tid].pop(0)
        if what == "joined":
            yield from self._do_all(other)
        else:
            yield tid


def _walked(machine: Machine, order: Iterator[tuple[int, int | None]]) -> Iterator[Edge]:
    """Yield the steps of a machine on which threads take steps in an order."""
    threads = machine.threads
    assert isinstance(threads, _Timed), "it was made so"
    state, _ = machine.root()
    for tid, chosen in order:
        thread = tid - 1
        before = threads.following[state[1][thread]].doing
        number, data, ticks = machine.ahead(state, thread)
        if before != OWN_WORDS:
            ticks = threads.since[thread]
        ran = ticks + (threads.following[number].doing != PAUSE)
        state, _ = machine.step(state, thread, number, data, chosen or 0)
        stops = not state[1] or threads.following[state[1][thread]].doing == NOTHING
        yield Edge((FIRST_PID, tid), ran, ran, stops, 0, chosen=chosen)
