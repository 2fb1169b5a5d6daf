"""A machine without a timer: nothing takes a core from a thread."""

import pytest
from hypothesis import given

from kit import FIFO, MLFQ, Cyclic, Fair, Limits, Lottery, RoundRobin, Stride, Trace
from kit.errors import LimitExceeded
from tests.examples import examples
from tests.running import launch, run, told
from tests.strategies import Setup
from tests.worlds import worlds

LOOP = "x = 0\ndef main():\n    global x\n    while True: x += 1"
PRINTS = "def main():\n    for i in range(3): print(i)"


def stopped(*texts: str, **settings: object) -> Trace:
    """Return the run of programs of which one never ends."""
    with pytest.raises(LimitExceeded, match="without a timer it keeps the core") as caught:
        launch(*texts, timer=False, limits=Limits(ticks=500), **settings).run()
    return caught.value.trace


@pytest.mark.parametrize(
    "policy",
    [
        RoundRobin(3),
        MLFQ(quantum=3),
        MLFQ(boost=20),
        Cyclic(),
        Lottery(quantum=3),
        Stride(quantum=4),
        Fair(),
    ],
    ids=lambda policy: policy.name,
)
def test_a_loop_keeps_its_core_for_ever(policy):
    """Whatever the policy, the other process never gets the core, and the run says why it ends."""
    trace = stopped(LOOP, PRINTS, scheduler=policy)
    assert {core.thread for t in range(1, 500) for core in trace.at(t).cores} == {(2, 1)}
    assert not told(trace, "preempt")
    assert {one.trap.kind for one in trace.crossings} == {"boot"}


def test_with_a_timer_the_other_one_runs():
    """The same programs with a timer: the second one comes to its end."""
    with pytest.raises(LimitExceeded) as caught:
        launch(LOOP, PRINTS, scheduler=RoundRobin(3), limits=Limits(ticks=500)).run()
    assert caught.value.trace.output(3) == "0\n1\n2\n"


def test_a_sleeper_is_woken_when_the_system_next_has_a_core():
    """Nobody looks at the clock while a program has the only core."""
    sleeper = "def main():\n    sleep(3)\n    print(9)"
    worker = "def main():\n    for i in range(20): pass\n    print(1)\n    work(40)"
    trace = run(sleeper, worker, timer=False)
    ((woken, *_),) = told(trace, "wake")
    ((asked, *_),) = told(trace, "print", 3)
    assert woken == asked > 40
    idle = run(sleeper, timer=False)
    assert told(idle, "wake")[0][0] - told(idle, "block")[0][0] == 3


def test_devices_still_interrupt():
    """A device's interrupt lets the system look at its clock, and nothing else."""
    trace = run("def main():\n    io(5)", "def main():\n    work(30)", timer=False)
    kinds = {one.trap.kind for one in trace.crossings if one.kind == "trap"}
    assert kinds == {"system call", "device"}


@examples(15)
@given(setup=worlds())
def test_threads_give_up_their_core_only_by_themselves(setup: Setup):
    """Without a timer, and with a policy that does not preempt, nobody loses a core."""
    settings = {**setup.settings, "timer": False, "scheduler": FIFO(), "io_completion": "queue"}
    trace = Setup(settings, setup.launches, setup.files).run()
    assert not told(trace, "preempt")
    assert "timer" not in {one.trap.kind for one in trace.crossings}
