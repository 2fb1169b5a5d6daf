"""A machine that anything is done to keeps its books at every tick."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from kit import ArgumentError, Inject, Kill, LimitExceeded, Program, RunNext, Write
from kit.sim.computer import Computer
from tests.examples import examples
from tests.strategies import Setup
from tests.unit.trace.test_record import check
from tests.worlds import busy_programs, worlds


def check_frames(computer: Computer) -> None:
    """No frame has two owners unless it is shared, and frames add up."""
    physical = computer.physical
    assert physical.free_count + len(physical.users) == physical.frames - physical.reserved
    claimed: dict[int, set[tuple[int, int]]] = {}
    for process in computer.processes.values():
        memory = process.memory
        for page, frame in memory.table.items():
            claimed.setdefault(frame, set()).add((process.pid, page))
        assert memory.writable.keys() <= memory.readable.keys() == memory.table.keys()
        assert not set(memory.swapped) & set(memory.table)
        if process.ended:
            assert [memory.table, memory.swapped, memory.segments] == [{}, {}, {}]
    for _, frames in computer.areas.values():
        for number, frame in enumerate(frames):
            claimed.setdefault(frame, set()).add((0, number))
    assert claimed == physical.users
    for frame, users in claimed.items():
        writers = [
            (pid, page)
            for pid, page in users
            if pid and page in computer.processes[pid].memory.writable
        ]
        shared = any(frame in frames for _, frames in computer.areas.values())
        assert len(writers) <= 1 or shared


def check_threads(computer: Computer) -> None:
    """A thread is in exactly one place: a core, the ready queue, or a wait."""
    queue = [thread.key for thread in computer.dispatcher.queue.waiting()]
    running = [core.thread.key for core in computer.cores if core.thread is not None]
    assert len(set(queue)) == len(queue)
    assert len(set(running)) == len(running) <= len(computer.cores)
    for process in computer.processes.values():
        assert not (process.ended and process.alive)
        for thread in process.threads.values():
            places = {
                "ready": queue.count(thread.key),
                "running": running.count(thread.key),
                "blocked": int(bool(thread.waits_for)),
            }
            expected = {state: int(state == thread.state) for state in places}
            assert places == expected


class Interventions(RuleBasedStateMachine):
    """Runs a machine of any kind and interferes."""

    @initialize(setup=worlds(most_cores=2))
    def begin(self, setup: Setup) -> None:
        """Make the machine."""
        self.machine = setup.machine()
        self.done: list[tuple[int, Any]] = []
        self.kept: list[Any] = []
        self.over = False

    def _run(self, ticks: int) -> None:
        try:
            self.machine.run(until=self.machine.now + ticks)
        except LimitExceeded:
            self.over = True

    def _threads(self) -> list[Any]:
        computer = self.machine._computer
        return [t for p in computer.processes.values() for t in p.alive]

    def _intervene(self, step: Any) -> None:
        before = self.machine.snapshot().state
        try:
            self.machine.intervene(step)
        except ArgumentError:
            assert self.machine.snapshot().state == before or isinstance(step, Write)
        except LimitExceeded:
            self.over = True

    @precondition(lambda self: not self.over)
    @rule(ticks=st.integers(1, 12))
    def tick_by_tick(self, ticks: int) -> None:
        """Time moves on, and the books are looked at after every tick."""
        for _ in range(ticks):
            if self.over:
                break
            self._run(1)
            self.books_are_right()

    @precondition(lambda self: not self.over)
    @rule(ticks=st.integers(10, 60))
    def longer(self, ticks: int) -> None:
        """Time moves on for a while."""
        self._run(ticks)

    @precondition(lambda self: not self.over and self._threads())
    @rule(data=st.data(), whole=st.booleans())
    def kill(self, data: st.DataObject, whole: bool) -> None:
        """A process or a thread is killed."""
        pid, tid = data.draw(st.sampled_from([t.key for t in self._threads()]))
        self._intervene(Kill(pid, None if whole else tid))

    @precondition(lambda self: not self.over and self._threads())
    @rule(data=st.data(), fault=st.sampled_from(["segmentation fault", "failed assert"]))
    def inject(self, data: st.DataObject, fault: str) -> None:
        """A thread is made to fail."""
        key = data.draw(st.sampled_from([t.key for t in self._threads()]))
        self._intervene(Inject(*key, fault))

    @precondition(lambda self: not self.over and len(self.machine._computer.dispatcher.queue))
    @rule(data=st.data())
    def run_next(self, data: st.DataObject) -> None:
        """Some ready thread gets a core."""
        queue = [t.key for t in self.machine._computer.dispatcher.queue.waiting()]
        self._intervene(RunNext(*data.draw(st.sampled_from(queue))))

    @precondition(lambda self: not self.over and self._threads())
    @rule(data=st.data(), value=st.integers(-5, 5))
    def write(self, data: st.DataObject, value: int) -> None:
        """A variable is written."""
        pid = data.draw(st.sampled_from([t.key for t in self._threads()]))[0]
        self._intervene(Write(pid, "counter", value))

    @precondition(lambda self: not self.over)
    @rule(program=busy_programs("late"), after=st.integers(0, 20))
    def launch(self, program: Program, after: int) -> None:
        """Another process comes."""
        try:
            self.machine.launch(program, at=min(300, self.machine.now + after))
        except ArgumentError as refused:
            words = str(refused)
            assert "another program" in words or "in one stretch" in words

    @precondition(lambda self: not self.over)
    @rule()
    def snapshot(self) -> None:
        """A snapshot is made."""
        self.kept.append(self.machine.snapshot())

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """The machine goes back to a snapshot, and is what it was."""
        snapshot = data.draw(st.sampled_from(self.kept))
        self.machine.restore(snapshot)
        self.over = False
        assert self.machine.snapshot().state == snapshot.state

    @precondition(lambda self: not self.over)
    @rule()
    def look_back(self) -> None:
        """The trace tells of now what the machine is, and doing everything again gives it."""
        trace = self.machine.run(until=self.machine.now)
        check(self.machine._computer, trace.at(trace.end))
        assert trace.branch(at=trace.end // 2).digest == trace.digest

    @precondition(lambda self: self.over)
    @rule()
    def behind_the_limit(self) -> None:
        """A machine that has reached a limit can be asked again, and its books stay right."""
        self._run(1)

    @invariant()
    def books_are_right(self) -> None:
        """Frames, threads and cores add up."""
        if hasattr(self, "machine"):
            check_frames(self.machine._computer)
            check_threads(self.machine._computer)


TestInterventions = Interventions.TestCase
TestInterventions.settings = settings(examples(10), stateful_step_count=15)
