"""Runs beside an event loop: told where they should be, stopped for real."""

import asyncio
import contextvars
import random
import threading
import time

import pytest

from kit import FIFO, LimitExceeded, RoundRobin
from kit.widgets.runner import Cancelled, Outcome, Runner, _Job, outcome_of
from tests.unit.widgets.running import endless, hello, until, workers

MOST_SECONDS = 0.1
"""From pressing Cancel until the run has stopped."""


def test_without_a_loop_it_runs_at_once():
    """In plain Python the outcome is told before `start` returns, and no thread is made."""
    told, seen = [], []
    runner = Runner(told.append)
    runner.start(lambda: seen.append(threading.current_thread()) or hello())
    assert seen == [threading.main_thread()]
    assert told[0].trace.output(1) == "0\n"
    assert not runner.running


def test_with_a_loop_it_runs_beside_it():
    """On a loop the work has a thread of its own, and the outcome is told on the loop's."""

    async def main():
        places = {}
        told = asyncio.Event()

        def tell(outcome):
            places["told"], places["outcome"] = threading.current_thread(), outcome
            told.set()

        def work():
            places["work"] = threading.current_thread()
            return hello()

        runner = Runner(tell)
        runner.start(work)
        assert runner.running
        await told.wait()
        assert not runner.running
        await until(lambda: not workers())
        return places

    places = asyncio.run(main())
    assert places["told"] is threading.main_thread()
    assert places["work"] is not threading.main_thread()
    assert places["outcome"].error is None


@pytest.mark.parametrize(
    "settings",
    [
        {"scheduler": FIFO()},
        {"scheduler": RoundRobin(1)},
        {"cores": 8},
        {"demand": True, "tlb": 4},
    ],
)
def test_cancelling_stops_the_machine(settings):
    """An endless run stops within a tenth of a second, whatever the machine is."""

    async def main():
        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))
        runner.start(lambda: endless(**settings))
        await asyncio.sleep(0.05)
        start = time.perf_counter()
        assert runner.cancel()
        await until(lambda: not workers())
        assert not runner.running
        assert not runner.cancel()
        return time.perf_counter() - start

    # The quickest of a few, for the machine may be busy with something else.
    assert min(asyncio.run(main()) for _ in range(3)) < MOST_SECONDS


def test_newest_wins():
    """Of runs that are started one after the other only the last is told, once the others end."""

    async def main():
        told, alive = [], []
        runner = Runner(told.append)
        for _ in range(5):
            runner.start(endless)

        def last():
            alive.extend(workers())
            return hello(3)

        runner.start(last)
        await until(lambda: told)
        return told, alive

    told, alive = asyncio.run(main())
    assert [outcome.trace.output(1) for outcome in told] == ["0\n1\n2\n"]
    assert len(alive) == 1, "the runs before had stopped when it began"


def test_a_cancelled_wait_still_stops_what_it_waited_for():
    """A run that is cancelled while it waits for the one before does not leave that running."""

    async def main():
        told, tries = [], []

        def stubborn():
            for _ in range(3):
                try:
                    endless()
                except BaseException as stop:  # noqa: BLE001 - as some people write
                    tries.append(type(stop))
            return endless()

        runner = Runner(told.append)
        runner.start(stubborn)
        await asyncio.sleep(0.05)
        runner.start(endless)
        await until(lambda: tries)
        runner.start(lambda: hello(2))
        await until(lambda: told)
        await until(lambda: not workers())
        return told

    assert [outcome.trace.output(1) for outcome in asyncio.run(main())] == ["0\n1\n"]


def test_what_holds_out_once_is_stopped():
    """A run that catches everything is told to stop again."""

    async def main():
        times = []

        def stubborn():
            for _ in range(2):
                try:
                    endless()
                except BaseException as stop:  # noqa: BLE001 - as some people write
                    times.append(type(stop))
            return endless()

        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))
        runner.start(stubborn)
        await asyncio.sleep(0.05)
        runner.cancel()
        await until(lambda: not workers())
        return times

    assert asyncio.run(main()) == [Cancelled, Cancelled]


def test_cancelling_at_any_moment():
    """A run cancelled just when it begins or ends disturbs nothing, and is not told."""
    chance = random.Random(0)

    async def main():
        told = []
        for turn in range(150):
            runner = Runner(lambda outcome, turn=turn: told.append((turn, outcome)))
            runner.start(lambda: sum(range(chance.randrange(20_000))))
            time.sleep(chance.random() * 0.0006)  # noqa: ASYNC251 - the loop is to be held up
            if runner.cancel():
                told.append((turn, None))
        await until(lambda: not workers())
        await asyncio.sleep(0)
        return [turn for turn, _ in told]

    turns = asyncio.run(main())
    assert sorted(turns) == list(range(150)), "each was told or cancelled, none both"


def test_cancelled_on_the_last_tick():
    """A run that is told to stop when its work is just over is not told to anybody."""
    told = []

    def work():
        threading.current_thread()._cancelled = True  # as `stop` does first of all
        return hello()

    job = _Job(work, None, lambda *outcome: told.append(outcome))
    job.start()
    job.join(10)
    assert not job.is_alive()
    assert told == []


def test_nothing_is_thrown_before_it_can_be_caught():
    """A thread that has not come to its work yet is waited for, not interrupted."""
    passed = []

    class Late(_Job):
        def run(self):
            time.sleep(0.2)
            passed.append(True)

    job = Late(hello, None, lambda *_: None)
    job.start()
    job.stop()
    assert passed == [True]


def test_what_a_run_leads_to_belongs_to_who_made_the_runner():
    """The outcome is told in the context in which the runner was made, whoever starts it."""
    cell = contextvars.ContextVar("cell", default="none")

    async def main():
        told = []
        cell.set("the first")
        runner = Runner(lambda _outcome: told.append(cell.get()))
        cell.set("another")
        for _ in range(2):
            runner.start(hello)
            await until(lambda: not runner.running)
        return told, cell.get()

    assert asyncio.run(main()) == (["the first", "the first"], "another")


def test_a_loop_that_is_gone():
    """A run that ends after its loop was closed tells nobody, and does no harm."""
    go = threading.Event()
    runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))

    async def main():
        runner.start(lambda: go.wait() and hello())

    asyncio.run(main())
    worker = workers()[0]
    go.set()
    worker.join(10)
    assert not worker.is_alive()


def test_outcomes():
    """Whatever a run comes to is kept: a trace, an error, a limit with its trace, an exit."""
    trace = hello()
    assert outcome_of(lambda: trace) == Outcome(trace)
    assert isinstance(outcome_of(lambda: 1 // 0).error, ZeroDivisionError)
    limit = outcome_of(lambda: endless(ticks=50))
    assert isinstance(limit.error, LimitExceeded)
    assert limit.trace.end == 50

    def leave():
        raise SystemExit(3)

    assert outcome_of(leave).trace is None
    with pytest.raises(KeyboardInterrupt):
        outcome_of(lambda: (_ for _ in ()).throw(KeyboardInterrupt))
