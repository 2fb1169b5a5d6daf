"""How fast every schedule is gone through: by the engine, the computer, and two processes."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from kit import Machine, Program
from kit.explore import ExplorationResult, explore
from kit.explore.explore import plan_of
from kit.explore.search import search_computer
from tests.bench.schedules import PROBLEMS, counter

COMPUTER = 2000
"""States that the computer looks at of a problem; for many of them it would need hours."""

STARTED = 300
"""Seconds in which two processes must have started, however busy the machine is."""


def timed(action: Callable[[], ExplorationResult]) -> tuple[float, ExplorationResult]:
    """Return how much CPU time an exploration takes, and what it found."""
    start = time.process_time()
    found = action()
    assert found.outcomes
    return time.process_time() - start, found


def exploring() -> Iterator[tuple[str, str]]:
    """Measure both engines beside each other, then three threads by two processes."""
    ten = counter(2, 5)
    taken, found = timed(lambda: explore(ten))
    assert found.complete
    assert found.schedules is not None
    yield "every schedule of two threads with ten shared accesses each", f"{taken:.2f} s"
    yield "  schedules, and states looked at", f"{found.schedules:,}; {found.states:,}"
    # One schedule takes each thread through its accesses and its end, and main through two
    # calls of spawn and its end.
    each = found.schedules * (2 * (10 + 1) + 3)
    yield "  steps taken relative to running every schedule", f"{found.moves / each:.1e}"
    for name, program in PROBLEMS.items():
        yield name, _beside(program)
    yield from _spread()


def _beside(program: Program) -> str:
    """Return what the engine takes for a program, and the computer for its first states."""
    quick, all_states = timed(lambda: explore(program, limit=10**7))
    assert all_states.complete
    slow, some = timed(lambda: ExplorationResult(search_computer(plan_of(program), COMPUTER)))
    whole = "all" if some.complete else "the first"
    return (
        f"{quick:.2f} s for {all_states.states:,} states; the computer {slow:.1f} s for {whole} "
        f"{some.states:,}"
    )


def _machine() -> Machine:
    """Return a machine that only the computer explores: its pages come on demand."""
    machine = Machine(demand=True)
    machine.launch(counter(3, 3))
    return machine


def _spread() -> Iterator[tuple[str, str]]:
    """Measure work for more than ten seconds by one process, and by two of an executor.

    On a machine that others use the seconds of the clock mean little; the CPU seconds show what
    the parent does beside the workers, and what these do beside the work of one process, which is
    what limits the gain.
    """
    before = _seconds_of_children()
    with _two_processes():
        pass
    starting = _seconds_of_children() - before
    start = time.perf_counter()
    alone, one = timed(lambda: explore(_machine))
    by_one = time.perf_counter() - start
    before = _seconds_of_children()
    with _two_processes() as executor:
        start = time.perf_counter()
        parent, other = timed(lambda: explore(_machine, executor=executor))
        by_two = time.perf_counter() - start
    workers = _seconds_of_children() - before - starting
    assert one.outcomes == other.outcomes
    yield f"two processes relative to one, {one.states:,} states", f"{by_one / by_two:.2f}"
    told = f"{alone:.1f} s; {parent:.1f} s and {workers:.1f} s, and {starting:.1f} s to start these"
    yield "  CPU seconds: one process; the parent and both workers", told


@contextmanager
def _two_processes() -> Iterator[Executor]:
    """Return an executor with two processes, both of which have started."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(3)
    with ProcessPoolExecutor(2, context, together.wait) as executor:
        for _ in range(2):  # the second one is started because the first one does not answer yet
            executor.submit(time.process_time)
        together.wait(STARTED)
        yield executor


def _seconds_of_children() -> float:
    """Return the CPU time of the processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
