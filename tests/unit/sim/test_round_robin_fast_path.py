"""The short way round the ready queue does what the long one does."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import LimitExceeded, Limits, Machine, Program, RoundRobin, Trace
from kit.sim import round_robin_fast_path as fast_path

PROGRAM = """
total = 0
cells = [0, 0, 0]
def deep(n):
    if n < 1: return n
    return 1 + deep(n - 1)
def worker(n):
    global total
    for i in range(n):
        total += 1
        cells[i % 3] += total
        if i % 4 == 3: work(i)
        if i % 5 == 4: sleep(i)
    deep(n)
    return total
def main():
    a = spawn(worker, N)
    b = spawn(worker, M)
    p = alloc(N)
    poke(p, total)
    print(join(a), join(b), peek(p))
    last = M
    print(cells[last])
"""


def run(quantum: int, sizes: tuple[int, int], stops: list[int]) -> Trace:
    """Run two processes of the program, with stops on the way."""
    machine = Machine(
        scheduler=RoundRobin(quantum), page_size=64, stack_size=512, limits=Limits(ticks=3000)
    )
    for place, (one, other) in enumerate((sizes, sizes[::-1])):
        text = PROGRAM.replace("N", str(one)).replace("M", str(other))
        machine.launch(Program(f"p{place}", text), at=7 * place)
    try:
        for stop in sorted(stops):
            machine.run(until=stop)
        return machine.run()
    except LimitExceeded as limit:
        return limit.trace


@given(
    quantum=st.integers(1, 12),
    sizes=st.tuples(st.integers(0, 9), st.integers(0, 40)),
    stops=st.lists(st.integers(0, 400), max_size=4),
)
def test_the_short_way_ends_where_the_long_way_does(
    quantum: int, sizes: tuple[int, int], stops: list[int]
):
    """System calls, faults, stacks that grow, computing and stops: the digests are equal."""
    short = run(quantum, sizes, stops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_path, "is_possible", _never)
        long = run(quantum, sizes, [])
    assert short.digest == long.digest


def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch):
    """The machine that most lessons use goes round the short way."""
    rounds: list[int] = []
    rotate: Callable[..., None] = fast_path.rotate
    monkeypatch.setattr(fast_path, "rotate", lambda *a: (rounds.append(a[0].now), rotate(*a)))
    run(5, (3, 3), [])
    assert len(rounds) > 5


def _never(_: object) -> bool:
    return False
