"""Work that is no longer wanted stops at its next look, and leaves what it worked on in order."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event, Thread

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from kit import FIFO, LimitExceeded, Limits, Machine, Program, RoundRobin, Trace
from kit.cancellation import (
    CancellationToken,
    Cancelled,
    cancellable_by,
    check_cancelled,
    checked,
    current_token,
)
from kit.explore import explore, work
from kit.sim import time_loop
from kit.widgets import VIEWS
from tests.strategies import Setup, run_to_the_end
from tests.unit.explore.programs import computed, counter
from tests.unit.tracks.runs import ENDLESS, run
from tests.worlds import worlds

MACHINES = [
    {"scheduler": FIFO()},
    {"scheduler": RoundRobin(1)},
    {"cores": 8},
    {"demand": True, "tlb": 4},
]


STEADY = """
def main():
    while True:
        block = alloc(2)
        f = open("log", "a")
        write(f, 3)
        close(f)
        print(block)
        sleep(2)
        free(block)
"""


BUSY = Program("endless", ENDLESS), Program("steady", STEADY)
MOST_CALLS = 45_000
"""Calls of functions between two looks: a few thousandths of a second."""


class Looks(CancellationToken):
    """Counts how often it is looked at, and is cancelled at one of the looks."""

    def __init__(self, most: int | None = None) -> None:
        self.count, self.most = 0, most

    @property
    def cancelled(self) -> bool:
        """Whether the last look is reached."""
        self.count += 1
        return self.most is not None and self.count > self.most


def looks(work: Callable[[], object]) -> int:
    """How often some work looks whether it is wanted."""
    token = Looks()
    with cancellable_by(token):
        work()
    return token.count


def endless(**settings) -> Machine:
    """A machine with two threads that never end."""
    machine = Machine(limits=Limits(ticks=10**12), **settings)
    machine.launch(Program("endless", ENDLESS))
    return machine


def test_nobody_cancels_what_has_no_token():
    """Without a token everything goes on, and a token counts only inside."""
    token = CancellationToken()
    token.cancel()
    with pytest.raises(Cancelled), cancellable_by(token):
        check_cancelled()
    check_cancelled()
    assert not current_token().cancelled
    assert list(checked(range(3))) == [0, 1, 2]


def test_a_loop_is_left_where_it_looks():
    """A checked loop looks before its first item, and again after so many."""
    with cancellable_by(Looks(1)):
        items: Iterator[int] = checked(range(100), 10)
        assert [next(items) for _ in range(10)] == list(range(10))
        with pytest.raises(Cancelled):
            next(items)


@pytest.mark.parametrize("settings", MACHINES)
def test_an_endless_program_stops(settings):
    """Whatever the machine is, it stops within a few thousand ticks of being cancelled."""
    machine = endless(**settings)
    with pytest.raises(Cancelled), cancellable_by(Looks(3)):
        machine.run()
    assert machine.now <= 3 * time_loop.LONGEST_ROTATION


@given(setup=worlds(), most=st.integers(1, 60))
def test_a_cancelled_run_can_go_on(setup, most):
    """A machine whose run was cancelled goes on, and has done then what it does in one go."""
    machine = setup.machine()
    try:
        with cancellable_by(Looks(most)):
            machine.run()
    except Cancelled:
        pass
    except LimitExceeded:
        # Going on after a limit is another run: some limits stop it once only.
        reject()
    half = machine.run(until=machine.now)
    try:
        again = half.branch(at=half.end)
    except LimitExceeded as limit:
        again = limit.trace
    assert again.digest == half.digest
    assert run_to_the_end(machine).digest == setup.run().digest


def test_how_often_turns_are_looked_at_changes_nothing(monkeypatch):
    """Looking after every few ticks of turns gives the same run as never looking."""
    setup = Setup(
        {"scheduler": RoundRobin(3), "limits": Limits(ticks=2000)},
        ((Program("endless", ENDLESS), 0),),
    )
    digests = set()
    for most in (1, 2, 3, 7, 64, time_loop.LONGEST_ROTATION):
        monkeypatch.setattr(time_loop, "LONGEST_ROTATION", most)
        digests.add(setup.run().digest)
    assert len(digests) == 1


class Gaps(CancellationToken):
    """Counts the calls of functions between two looks."""

    def __init__(self) -> None:
        self.now = self.longest = 0

    def count(self, _frame: object, what: str, _function: object) -> None:
        """Count a call, as `sys.setprofile` tells it."""
        self.now += what in ("call", "c_call")
        self.longest = max(self.longest, self.now)

    @property
    def cancelled(self) -> bool:
        """Never; but here somebody has looked."""
        self.now = 0
        return False


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_no_layout_goes_on_for_long_without_a_look(view):
    """However long a run is, its layout looks every few thousand calls whether it is wanted."""
    trace = run(*BUSY, limits=Limits(ticks=3000))
    gaps = Gaps()
    with cancellable_by(gaps):
        sys.setprofile(gaps.count)
        VIEWS[view].lay_out(trace)
        sys.setprofile(None)
    assert 0 < gaps.longest < MOST_CALLS


@pytest.mark.parametrize("view", VIEWS)
def test_a_layout_stops(view):
    """A layout that is cancelled in its middle raises; laid out again it is what it should be."""
    trace = run(*BUSY, limits=Limits(ticks=600))
    with pytest.raises(Cancelled), cancellable_by(Looks(2)):
        VIEWS[view].lay_out(trace)
    again = VIEWS[view].lay_out(trace)
    fresh = VIEWS[view].lay_out(Trace(trace.record))
    assert again.told(300) == fresh.told(300)


def test_an_exploration_stops():
    """It stops at the next state, and tells its progress to nobody any more."""
    token, told = CancellationToken(), []

    def progress(looked: int, known: int) -> None:
        told.append((looked, known))
        if len(told) == 5:
            token.cancel()

    with pytest.raises(Cancelled), cancellable_by(token):
        explore(counter(4), progress=progress)
    assert len(told) == 5


def test_what_explored_schedules_come_to_can_be_cancelled():
    """Counting schedules and finding a witness look as often as there are states."""
    outcomes = explore(counter(3))
    assert looks(lambda: outcomes.outcomes) >= outcomes.states
    assert looks(lambda: outcomes.witness(0)) > 1


class Never(Executor):
    """Takes work, and never does it."""

    def __init__(self) -> None:
        self.asked = Event()
        self.sent: list[Future] = []

    def submit(self, *_work):
        """Take it."""
        self.sent.append(Future())
        self.asked.set()
        return self.sent[-1]


def test_an_exploration_stops_while_it_waits_for_workers():
    """It does not wait for what workers would find, and asks them to forget it."""
    token, executor, ends = CancellationToken(), Never(), []

    def work() -> None:
        with cancellable_by(token):
            try:
                explore(computed(counter(3)), executor=executor)
            except Cancelled:
                ends.append("cancelled")

    thread = Thread(target=work)
    thread.start()
    executor.asked.wait()
    token.cancel()
    thread.join()
    assert ends == ["cancelled"]
    assert all(future.cancelled() for future in executor.sent[1:])


def test_a_cancelled_exploration_leaves_nothing_for_the_next():
    """What is found with workers in this process is the same after one was cancelled."""
    found = []
    for _ in range(2):
        with ThreadPoolExecutor(1) as executor:
            found.append(explore(computed(counter(2)), executor=executor))
        executor.shutdown()
        with pytest.raises(Cancelled), cancellable_by(Looks(40)):
            explore(computed(counter(2)), executor=executor)
    assert found[0].outcomes == found[1].outcomes
    assert found[0].races == found[1].races
    assert work._worker.cache_info().currsize <= 2
