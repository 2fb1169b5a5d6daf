"""Blocks in which no other thread runs: on every schedule, and under every policy."""

import pytest

from kit import FIFO, MLFQ, Costs, Fair, Lottery, Machine, Priority, Program, RoundRobin
from kit.explore import Spec, check_program, explore
from kit.explore.explore import plan_of
from tests.running import ended, run
from tests.unit.explore.engines import assert_same, by_computer, quickly

COUNTER = """
count = 0
def worker():
    global count
    for i in range(3):
        with atomic():
            count += 1
            work(7)
            assert count % 1 == 0
def main():
    a = spawn(worker)
    b = spawn(worker)
    join(a)
    join(b)
"""


def test_nothing_comes_between_the_accesses_of_a_block():
    """The counter is always right, and what happens in a block is no race."""
    assert check_program(Program("counter", COUNTER), Spec(globals={"count": 6}))
    plain = COUNTER.replace("with atomic():", "if True:")
    assert not check_program(Program("plain", plain), Spec(globals={"count": 6}, races=True))


GHOSTS = """
inside = 0
most = 0
room = Semaphore(2)
def visitor():
    global inside, most
    {enter}
    with atomic():
        inside += 1
        most = max(most, inside)
    with atomic():
        inside -= 1
    {leave}
def main():
    for i in range(3):
        spawn(visitor)
    thread_exit()
"""


def test_a_specification_counts_with_variables_of_its_own():
    """How many are inside at the most is known, though the program itself does not count."""
    right = GHOSTS.format(enter="room.acquire()", leave="room.release()")
    wrong = GHOSTS.format(enter="pass", leave="pass")
    spec = Spec(invariant="inside <= 2")
    assert check_program(Program("right", right), spec)
    (breach,) = check_program(Program("wrong", wrong), spec).breaches
    assert breach.kind == "invariant"


@pytest.mark.parametrize("cores", [1, 2, 3])
@pytest.mark.parametrize(
    "policy", [FIFO(), RoundRobin(1), RoundRobin(2), Lottery(1), MLFQ(2, 1), Fair(), Priority()]
)
@pytest.mark.parametrize("costs", [Costs.free(), Costs.realistic()])
def test_a_machine_holds_what_a_block_promises(cores: int, policy, costs):
    """No policy takes the core away in a block, and other cores stand still."""
    trace = run(COUNTER, scheduler=policy, cores=cores, costs=costs)
    assert ended(trace).globals["count"] == 6


def test_timers_go_on_in_a_block_and_sleepers_are_woken():
    """A thread that sleeps meanwhile is ready when the block is over."""
    text = """
order = 0
def sleeper():
    global order
    sleep(5)
    order = order * 10 + 2
def main():
    global order
    t = spawn(sleeper)
    sleep(2)
    with atomic():
        work(30)
        order = order * 10 + 1
    join(t)
"""
    for cores in (1, 2):
        assert ended(run(text, scheduler=RoundRobin(2), cores=cores)).globals["order"] == 12


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("with lock: pass", ""),
        ("return", ""),
        ("thread_exit()", ""),
        ("sleep(3)", ""),
        ("x = 1 // 0", "divide by zero"),
    ],
)
def test_a_block_is_over_however_it_is_left(body: str, fault: str):
    """By return, by the end of the thread, by a fault, or by waiting in it."""
    text = f"""
lock = Lock()
def worker():
    with lock:
        with atomic():
            with atomic():
                pass
    with atomic():
        {body}
def main():
    t = spawn(worker)
    with lock: work(20)
    join(t)
    print("over")
"""
    trace = run(text, scheduler=RoundRobin(3), exceptions="thread")
    assert trace.output(2) == "over\n"
    found = explore(Program("left", text))
    assert found.complete
    assert all(o.output[2] == "over\n" or o.faults == {2: (fault,)} for o in found.outcomes)


def test_atomic_stands_only_in_with():
    """It is no value, and takes nothing."""
    for line in ("atomic()", "x = atomic()", "with atomic(3): pass"):
        with pytest.raises(Exception, match=r"atomic|'with' takes"):
            Program("a", f"def main():\n    {line}\n")


@pytest.mark.slow
@pytest.mark.parametrize("cores", [1, 2])
def test_a_run_that_is_stopped_in_a_block_goes_on_in_it(cores: int):
    """Wherever a run is stopped, what follows is as if it had not been."""

    def machine() -> Machine:
        made = Machine(cores=cores, scheduler=RoundRobin(2), costs=Costs(io=5))
        made.launch(Program("counter", COUNTER))
        made.launch(Program("reader", "def main():\n    read(5)\n    work(20)\n"))
        return made

    whole = machine().run()
    for tick in range(whole.end):
        stopped = machine()
        stopped.run(until=tick)
        assert stopped.run().digest == whole.digest, f"stopped at tick {tick}"


LOOSE = """
x = 0
meet = Barrier(2)
def first():
    global x
def second():
    global x
    with atomic():
        {body}
    {late}
def main():
    a = spawn(first)
    b = spawn(second)
"""


@pytest.mark.parametrize("late", ["pass", "join(1)"])
@pytest.mark.parametrize("body", ["x += 1", "meet.wait()", "x = 1 // x"])
def test_what_others_do_silently_is_not_counted_within_a_block(body, late):
    """That a thread begins or ends comes before the block or after it, on every schedule."""
    plan = plan_of(Program("loose", LOOSE.format(body=body, late=late)))
    quick = quickly(plan)
    assert quick is not None
    assert_same(quick, by_computer(plan))
