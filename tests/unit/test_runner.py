"""Runs beside an event loop: told where they should be, stopped for real, or left."""

import asyncio
import contextvars
import importlib
import random
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

import kit
from kit import FIFO, LimitExceeded, Limits, RoundRobin, Trace
from kit.cancellation import Cancelled
from kit.runner import Outcome, Runner, outcome_of
from kit.trace.recorder import record_of
from tests.running import launch
from tests.unit.widgets.running import endless, hello, until, workers

LOOP = "def main():\n    while True:\n        pass\n"


def test_without_a_loop_it_runs_at_once():
    """In plain Python the outcome is told before `start` returns, and no thread is made."""
    told, seen = [], []
    runner = Runner(told.append)
    runner.start(lambda: seen.append(threading.current_thread()) or hello())
    assert seen == [threading.main_thread()]
    assert told[0].trace.output(2) == "0\n"
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
    """An endless run ends when it is cancelled, whatever the machine is."""
    begun = threading.Event()

    async def main():
        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))
        runner.start(lambda: (begun.set(), endless(**settings)))
        await asyncio.to_thread(begun.wait)
        assert runner.cancel()
        assert not runner.running
        assert not runner.cancel()
        await until(lambda: not workers())
        assert runner.lingering == 0

    asyncio.run(main())


def test_newest_wins():
    """Of runs that are started one after the other only the last is told, once the others end."""

    async def main():
        told, alive = [], []
        runner = Runner(told.append)
        for _ in range(5):
            runner.start(endless)

        def last():
            alive.extend(job for job in workers() if not job.ended)
            return hello(3)

        runner.start(last)
        await until(lambda: told)
        return told, alive

    told, alive = asyncio.run(main())
    assert [outcome.trace.output(2) for outcome in told] == ["0\n1\n2\n"]
    assert len(alive) == 1, "the runs before had stopped when it began"


def test_what_catches_everything_is_stopped_all_the_same():
    """Each time that a function goes on after it was cancelled, it is stopped at the next look."""
    begun = threading.Event()

    async def main():
        stops = []

        def stubborn():
            begun.set()
            for _ in range(3):
                try:
                    endless()
                except BaseException as stop:  # noqa: BLE001 - as some people write
                    stops.append(type(stop))
            return endless()

        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))
        runner.start(stubborn)
        await asyncio.to_thread(begun.wait)
        runner.cancel()
        await until(lambda: not workers())
        return stops

    assert asyncio.run(main()) == [Cancelled] * 3


def test_half_a_run_is_never_told():
    """A trace that a function makes of what a cancelled machine had done is told to nobody."""
    begun = threading.Event()

    async def main():
        machine = launch(LOOP, limits=Limits(ticks=10**12))

        def work():
            begun.set()
            with suppress(BaseException):
                machine.run()
            with suppress(BaseException):
                machine.run()
            return Trace(record_of(machine._computer))

        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))
        runner.start(work)
        await asyncio.to_thread(begun.wait)
        runner.cancel()
        await until(lambda: not workers())
        await asyncio.sleep(0)

    asyncio.run(main())


def test_a_function_that_does_not_look_is_left():
    """It is said that it goes on, a newer run does not wait for ever, and its result is dropped."""
    begun, go = threading.Event(), threading.Event()

    async def main():
        told, lingering = [], []

        def deaf():
            begun.set()
            go.wait()
            return hello()

        runner = Runner(told.append, lambda: lingering.append(runner.lingering))
        runner.start(deaf)
        await asyncio.to_thread(begun.wait)
        runner.start(lambda: hello(2))
        await until(lambda: told)
        await until(lambda: lingering)
        assert lingering == [1]
        go.set()
        await until(lambda: lingering[1:])
        assert lingering == [1, 0]
        await until(lambda: not workers())
        return told

    assert [outcome.trace.output(2) for outcome in asyncio.run(main())] == ["0\n1\n"]


def test_what_waits_for_a_deaf_function_can_be_cancelled():
    """Of runs that wait for one that does not stop, only the newest ever begins."""
    begun, go = threading.Event(), threading.Event()

    async def main():
        told, done = [], []
        runner = Runner(told.append)
        runner.start(lambda: (begun.set(), go.wait()))
        await asyncio.to_thread(begun.wait)
        for number in range(20):
            runner.start(lambda number=number: done.append(number))
        await until(lambda: len(workers()) == 2)
        go.set()
        await until(lambda: told)
        return done

    assert asyncio.run(main()) == [19]


def test_cancelling_what_imports_modules(tmp_path, monkeypatch):
    """Runs that import modules are cancelled in their midst again and again; every import works."""
    names = [f"module_of_a_run_{number}" for number in range(30)]
    for name in names:
        (tmp_path / f"{name}.py").write_text("import weakref\nvalue = sum(range(200))\n")
    monkeypatch.syspath_prepend(tmp_path)
    chance = random.Random(0)

    def forget_modules():
        for name in names:
            sys.modules.pop(name, None)

    def work():
        forget_modules()
        for name in names:
            importlib.import_module(name)
        return hello()

    async def main():
        told = []
        runner = Runner(told.append)
        for _ in range(100):
            runner.start(work)
            time.sleep(chance.random() * 0.004)  # noqa: ASYNC251 - the loop is to be held up
            runner.cancel()
        await until(lambda: not workers())
        assert told == []
        runner.start(work)
        await until(lambda: told)
        return told

    (outcome,) = asyncio.run(main())
    assert outcome.error is None
    assert all(sys.modules[name].value == 19900 for name in names)
    forget_modules()


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
    """A run that is cancelled when its work is just over is not told to anybody."""

    async def main():
        runner = Runner(lambda outcome: pytest.fail(f"told {outcome}"))

        def work():
            trace = hello()
            runner._job.token.cancel()
            return trace

        runner.start(work)
        await until(lambda: not workers())
        await until(lambda: not runner.running)

    asyncio.run(main())


def test_nothing_is_thrown_into_a_thread():
    """No part of the kit raises an exception in another thread."""
    sources = [path.read_text(encoding="utf-8") for path in Path(kit.__file__).parent.rglob("*.py")]
    assert len(sources) > 300
    assert not any("SetAsyncExc" in text or "pythonapi" in text for text in sources)


@pytest.mark.notebook
def test_ctypes_stays_out_of_the_process_of_the_kernel():
    """What launches real programs, and what runs them in Python, are processes of their own."""
    folder = Path(kit.__file__).parent
    running = folder / "host" / "running"
    in_python = {running / "in_python" / name for name in ("memory.py", "program.py")}
    found = {path for path in folder.rglob("*.py") if "ctypes" in path.read_text(encoding="utf-8")}
    assert found == {running / "launcher.py", running / "in_python" / "recorder.py", *in_python}
    code = "import sys, kit.host; kit.host.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "kit.host.running.run" in done.stdout.split()
    assert "kit.host.running.launcher" not in done.stdout.split()
    assert "kit.host.running.in_python" not in done.stdout.split()


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
