"""Programs with threads and locks that have no race end as CPython's do, whatever the schedule."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit import FIFO, MLFQ, Fair, Limits, Machine, Program, RoundRobin
from kit.sim.schedulers import Scheduler
from tests.examples import examples

Draw = Callable[[st.SearchStrategy[Any]], Any]

CELLS = 3
SECONDS = 30
"""A thread of CPython that takes longer hangs, and the test fails."""


class Threads:
    """`spawn` and `join` as the lesson language has them, over CPython's threads."""

    def __init__(self) -> None:
        self.threads: dict[int, threading.Thread] = {}
        self.results: dict[int, int] = {}
        self.failures: list[BaseException] = []
        self.guard = threading.Lock()

    def spawn(self, function: Callable[..., Any], *arguments: int) -> int:
        """Start a thread; return its number."""
        with self.guard:
            tid = len(self.threads) + 2

            def run() -> None:
                try:
                    self.results[tid] = function(*arguments) or 0
                except BaseException as failure:  # noqa: BLE001 - reported by the test
                    self.failures.append(failure)

            thread = self.threads[tid] = threading.Thread(target=run, daemon=True)
        thread.start()
        return tid

    def join(self, tid: int) -> int:
        """Wait for a thread; return what its function returned."""
        self.threads[tid].join(SECONDS)
        assert not self.threads[tid].is_alive(), "it hangs"
        return self.results.get(tid, 0)


class RWLock:
    """Many readers or one writer, over a condition of CPython."""

    def __init__(self) -> None:
        self.condition = threading.Condition()
        self.readers = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read, together with others."""
        with self.condition:
            self.readers += 1
        yield
        with self.condition:
            self.readers -= 1
            self.condition.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write, alone."""
        with self.condition:
            assert self.condition.wait_for(lambda: not self.readers, SECONDS), "it hangs"
            yield


class Atomic:
    """A number with methods that are done in one step."""

    def __init__(self, value: int) -> None:
        self.value, self.guard = value, threading.Lock()

    def fetch_and_add(self, change: int) -> int:
        """Add, and return what it was."""
        with self.guard:
            self.value += change
            return self.value - change

    def load(self) -> int:
        """Return the number."""
        return self.value


@contextmanager
def switching_often() -> Iterator[None]:
    """Let CPython change threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def run_in_cpython(text: str) -> tuple[str, dict[str, Any]]:
    """Return output and final integers of a program."""
    threads, output = Threads(), []

    def show(*values: int | str, sep: str = " ", end: str = "\n") -> None:
        output.append(sep.join(map(str, values)) + end)

    names: dict[str, Any] = {
        "print": show,
        "spawn": threads.spawn,
        "join": threads.join,
        "work": lambda _: None,
        "sleep": lambda _: None,
        "Lock": threading.Lock,
        "Semaphore": threading.Semaphore,
        "Condition": threading.Condition,
        "Barrier": threading.Barrier,
        "RWLock": RWLock,
        "Atomic": Atomic,
    }
    with switching_often():
        exec(compile(text, "program", "exec"), names)  # noqa: S102 - drawn from our own grammar
        names["main"]()
    assert threads.failures == []
    found = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in names.items()
        if isinstance(value, int) or (isinstance(value, list) and isinstance(value[0], int))
    }
    return "".join(output), found


def run_in_the_kit(text: str, cores: int, policy: Scheduler) -> tuple[str, dict[str, Any]]:
    """Return the same of the simulated machine."""
    machine = Machine(cores=cores, scheduler=policy, limits=Limits(ticks=500_000))
    machine.launch(Program("program", text))
    process = machine.run()
    ended = process.at(process.end).processes[2]
    assert ended.exit_code == 0
    locks = {
        name
        for name, variable in ended.program.image.variables.items()
        if variable.kind != "integer"
    }
    return ended.output, {name: v for name, v in ended.globals.items() if name not in locks}


@st.composite
def updates(draw: Draw) -> list[str]:
    """A critical section that leaves the same whoever comes first: sums and maxima."""
    cell = draw(st.integers(0, CELLS - 1))
    add = draw(st.integers(-9, 9))
    return draw(
        st.sampled_from(
            [
                [f"with locks[{cell}]:", f"    cells[{cell}] += n * {add}"],
                [
                    f"with locks[{cell}]:",
                    f"    y = cells[{cell}]",
                    f"    cells[{cell}] = y + {add}",
                ],
                [
                    f"locks[{cell}].acquire()",
                    f"cells[{cell}] = cells[{cell}] - k",
                    f"locks[{cell}].release()",
                ],
                ["with top:", "    if x > most:", "        most = x"],
                [
                    # Who sleeps leaves the core to the thread that has the lock.
                    "while not top.acquire(blocking=False):",
                    "    sleep(3)",
                    "odd += 1",
                    "top.release()",
                ],
                [
                    "while slots.acquire(timeout=1) == 0:",
                    "    work(1)",
                    f"x = x * 5 + {add}",
                    "slots.release()",
                ],
                [
                    f"x += locks[{cell}].acquire() + slots.acquire(True, 5000)",
                    f"x += locks[{cell}].acquire(False) + locks[{cell}].acquire(timeout=0)",
                    f"locks[{cell}].release()",
                    "slots.release()",
                ],
                ["with slots:", f"    x = x * 3 + {add}"],
                [f"x = x + n * {add}"],
                ["for i in range(n):", f"    x += i * {add}"],
                [f"own[n] += {add}"],
                [f"add(locks[{cell}], {cell}, n * {add})"],
                [f"add(amount={add}, cell={cell}, lock=locks[{cell}])"],
                [f"mine = locks[{cell}]", "with mine:", f"    cells[{cell}] += k"],
                ["for each in locks:", "    each.acquire()", "    each.release()"],
                [
                    f"first, second = locks[min(n, {cell}) % {CELLS}], locks[{cell}]",
                    f"third = first if n % {CELLS} < {cell} else second",
                    f"for cell in range({CELLS}):",
                    "    with third:",
                    "        work(1)",
                ],
                ["with table.writing():", f"    kept += k * {add}"],
                ["with table.reading():", "    x = x + kept * 0"],
                [f"hits.fetch_and_add(n - {add})"],
                ["if x % 2:", "    with top:", "        odd += 1"],
                [f"work({abs(add)})"],
            ]
        )
    )


def indented(lines: list[str], depth: int) -> list[str]:
    """Put lines into a block."""
    return [" " * 4 * depth + line for line in lines]


@st.composite
def race_free_programs(draw: Draw) -> str:
    """Workers that share sums under locks, meet at a barrier, and hand values on in a buffer."""
    workers = draw(st.integers(1, 4))
    rounds = draw(st.integers(1, 6))
    body = [line for step in draw(st.lists(updates(), min_size=1, max_size=5)) for line in step]
    meets = draw(st.booleans())
    hands_on = draw(st.booleans())
    first = draw(st.integers(-9, 9))
    lines = [
        f"cells = [0] * {CELLS}",
        f"own = [0] * {workers}",
        f"locks = [Lock() for _ in range({CELLS})]",
        "top = Lock()",
        f"slots = Semaphore({draw(st.integers(1, 3))})",
        f"gate = Barrier({workers})",
        *(
            ["filled = Condition()"]
            if draw(st.booleans())
            else ["room = Lock()", "filled = Condition(room)"]
        ),
        "buffer = [0] * 2",
        "put = 0",
        "got = 0",
        "most = -1000000",
        "odd = 0",
        "kept = 0",
        "table = RWLock()",
        f"hits = Atomic({first})",
        "def add(lock, cell, amount=1):",
        "    with lock:",
        "        cells[cell] += amount",
        "def worker(n):",
        "    global most, odd, kept",
        f"    x = {draw(st.integers(-5, 5))}",
        f"    for k in range({rounds}):",
        *indented(body, 2),
        *(["    gate.wait()", "    with top:", "        most += 1"] if meets else []),
        "    return x",
        "def producer(n):",
        "    global put",
        "    for i in range(n):",
        "        with filled:",
        "            while put - got == 2:",
        "                filled.wait()",
        "            buffer[put % 2] = i * i",
        "            put += 1",
        "            filled.notify_all()",
        "def consumer(n):",
        "    global got",
        "    total = 0",
        "    for i in range(n):",
        "        with filled:",
        "            while put == got:",
        f"                filled.wait({draw(st.sampled_from(['', 'timeout=1', '1']))})",
        "            total += buffer[got % 2]",
        "            got += 1",
        "            filled.notify_all()",
        "    return total",
        "def main():",
        *(f"    t{n} = spawn(worker, {n})" for n in range(workers)),
        *(["    p = spawn(producer, 7)", "    c = spawn(consumer, 7)"] if hands_on else []),
        *(f'    print("t{n}", join(t{n}))' for n in range(workers)),
        *(["    join(p)", '    print("sum", join(c))'] if hands_on else []),
        *(f'    print("cell", {n}, cells[{n}])' for n in range(CELLS)),
        '    print(f"hits {hits.load():+d}", kept, sep=", ", end="!")',
    ]
    return "\n".join(lines)


policies = st.one_of(
    st.integers(1, 12).map(RoundRobin), st.sampled_from([FIFO(), MLFQ(quantum=3), Fair()])
)


@examples(40)
@given(race_free_programs(), st.integers(1, 4), policies)
def test_same_output_and_globals(text: str, cores: int, policy: Scheduler):
    """Whoever runs first, output and globals at the end are those of CPython."""
    assert run_in_the_kit(text, cores, policy) == run_in_cpython(text)
