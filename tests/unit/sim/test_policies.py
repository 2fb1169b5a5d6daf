"""Every scheduling policy does what its definition says."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    FIFO,
    MLFQ,
    SJF,
    STCF,
    ArgumentError,
    Cyclic,
    Fair,
    Follow,
    KiB,
    Lottery,
    Machine,
    Priority,
    Program,
    RoundRobin,
    Stride,
    Trace,
)
from kit.sim import schedulers
from tests.examples import examples
from tests.textbook import feedback_job, job

POLICIES = [
    FIFO(),
    RoundRobin(3),
    RoundRobin(3, timer="clock"),
    SJF(),
    STCF(),
    Priority(),
    Priority(preemptive=False, quantum=None),
    MLFQ(quantum=(2, 4, 8), boost=50),
    Lottery(5),
    Stride(5),
    Fair(),
    Cyclic(),
]


def test_every_policy_is_tried():
    """The list has each policy of the kit, but for the one that has to be told every turn."""
    assert {type(policy) for policy in POLICIES} == {*schedulers.POLICIES} - {Follow}


MIXED = """
lock = Lock()
total = 0
def worker(n):
    global total
    for turn in range(3):
        with lock:
            total += n
        sleep(n)
        io(3)
        work(5)
def main():
    a = spawn(worker, 1)
    b = spawn(worker, 2)
    if fork() == 0:
        work(9)
        exit(4)
    join(a)
    join(b)
    wait()
    print(total)
"""


def on_core(trace: Trace) -> list[int]:
    """The pid on core 0 at each tick."""
    return [key[0] if (key := trace.at(tick).running[0]) else 0 for tick in range(trace.end)]


def jobs(policy: object, *lengths: tuple[int, int], **settings: int) -> Trace:
    """Run jobs given as (arrival, length)."""
    machine = Machine(scheduler=policy, ram=256 * KiB, **settings)
    for number, (at, length) in enumerate(lengths):
        machine.launch(job(f"job {number}", length), at=at, expected=length)
    return machine.run()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("cores", [1, 3])
def test_every_policy_runs_every_thread_to_its_end(policy: object, cores: int):
    """Whatever the order, the same work gets done, and a snapshot in the middle changes nothing."""
    machine = Machine(scheduler=policy, cores=cores, seed=5)
    machine.launch(Program("mixed", MIXED), tickets=50)
    machine.launch(Program("other", "def main(): work(60)\n"), at=7, priority=2, expected=60)
    machine.run(until=40)
    saved = machine.snapshot()
    first = machine.run()
    machine.restore(saved)
    assert machine.run().digest == first.digest
    assert first.output(2) == "9\n"
    assert not any(event.kind == "stuck" for event in first.events)
    straight = Machine(scheduler=policy, cores=cores, seed=5)
    straight.launch(Program("mixed", MIXED), tickets=50)
    straight.launch(Program("other", "def main(): work(60)\n"), at=7, priority=2, expected=60)
    assert straight.run().digest == first.digest


def test_shortest_job_first_does_not_preempt_and_stcf_does():
    """A shorter job that comes later waits under SJF, and takes the core under STCF."""
    arrivals = (0, 30), (5, 10), (6, 20)
    assert jobs(SJF(), *arrivals).metrics().processes[3].response == 25
    metrics = jobs(STCF(), *arrivals).metrics().processes
    assert (metrics[3].response, metrics[3].turnaround) == (0, 10)
    assert [metrics[pid].turnaround for pid in (2, 4)] == [60, 29]


def test_stcf_goes_by_what_is_left():
    """A job that has 4 ticks left is not put off for one of 5."""
    turnaround = jobs(STCF(), (0, 10), (6, 5)).metrics().processes[2].turnaround
    assert turnaround == 10


def test_the_highest_priority_runs_and_equal_ones_take_turns():
    """Low priority waits until nobody higher is ready; a late high one takes the core at once."""
    machine = Machine(scheduler=Priority(quantum=5), ram=256 * KiB)
    for number, (at, priority) in enumerate([(0, 1), (0, 2), (0, 2), (12, 3)]):
        machine.launch(job(f"job {number}", 10), at=at, priority=priority)
    assert (
        on_core(machine.run())
        == [3] * 5 + [4] * 5 + [3] * 2 + [5] * 10 + [3] * 3 + [4] * 5 + [2] * 10
    )


def test_without_preemption_the_running_thread_stays():
    """A high priority only counts when the core becomes free."""
    machine = Machine(scheduler=Priority(preemptive=False, quantum=None), ram=256 * KiB)
    for number, (at, priority) in enumerate([(0, 1), (3, 2), (4, 3)]):
        machine.launch(job(f"job {number}", 10), at=at, priority=priority)
    assert on_core(machine.run()) == [2] * 10 + [4] * 10 + [3] * 10


@pytest.mark.parametrize("policy", [Lottery(2), Stride(2), Fair(latency=12, granularity=1)])
def test_shares_follow_tickets(policy: object):
    """Three quarters of the tickets give three quarters of the core: by chance, or exactly."""
    machine = Machine(scheduler=policy, ram=256 * KiB, seed=11)
    machine.launch(job("rich", 5000), tickets=300)
    machine.launch(job("poor", 5000), tickets=100)
    share = Counter(on_core(machine.run(until=2000)))
    assert share[2] / 2000 == pytest.approx(0.75, abs=0.05 if isinstance(policy, Lottery) else 0.01)


def test_a_lottery_is_drawn_from_the_seed():
    """The same seed draws the same tickets; another one does not."""

    def digest(seed: int) -> str:
        return jobs(Lottery(2), (0, 60), (0, 60), seed=seed).digest

    assert digest(1) == digest(1)
    assert len({digest(seed) for seed in range(5)}) == 5


@pytest.mark.parametrize("policy", [Stride(4), Fair(latency=8, granularity=4)])
def test_nobody_saves_up_time(policy: object):
    """A thread that comes late, or sleeps, gets its share from then on, not what it missed."""
    machine = Machine(scheduler=policy, ram=256 * KiB)
    machine.launch(job("early", 1000))
    machine.launch(job("late", 1000), at=400)
    found = on_core(machine.run(until=480))
    assert Counter(found[400:480]) == {2: 40, 3: 40}


def test_a_thread_that_waits_for_devices_stays_at_the_top():
    """Under MLFQ who computes sinks, and who waits for a device gets the core when it is back."""
    machine = Machine(scheduler=MLFQ(quantum=4, allotment=(6, 1, 1)), ram=256 * KiB)
    machine.launch(job("batch", 200))
    machine.launch(feedback_job("interactive", 20, io_every=3, io_ticks=10), at=28)
    metrics = machine.run().metrics()
    assert metrics.processes[3].wait <= 4
    assert metrics.processes[3].response == 0


def test_an_allotment_cannot_be_gamed_unless_the_old_rule_holds():
    """Giving up the core just before the quantum ends pays only under the old rule."""

    def share(stay_on_io: bool) -> int:
        machine = Machine(scheduler=MLFQ(quantum=4, stay_on_io=stay_on_io), ram=256 * KiB)
        machine.launch(job("honest", 400))
        machine.launch(feedback_job("gamer", 300, io_every=3, io_ticks=1))
        return Counter(on_core(machine.run(until=300)))[3]

    assert share(True) > 200 > share(False)


def test_the_worst_of_several_loses_its_core():
    """A short job takes the core of the longest one, and nobody else has to move."""
    machine = Machine(cores=2, scheduler=STCF())
    for name, ticks, at in (("middle", 30, 0), ("long", 60, 0), ("short", 10, 10)):
        machine.launch(Program(name, f"def main():\n    work({ticks})\n"), at=at, expected=ticks)
    trace = machine.run()
    assert [event.pid for event in trace.events if event.kind == "bump"] == [3]


def test_affinity_holds_under_every_policy():
    """A process bound to core 1 never runs anywhere else."""
    for policy in POLICIES:
        machine = Machine(scheduler=policy, cores=2, ram=256 * KiB)
        machine.launch(job("bound", 40), cores=[1])
        machine.launch(job("free", 40))
        machine.launch(job("free too", 40))
        trace = machine.run()
        assert {event.details["core"] for event in trace.events if event.kind == "dispatch"} == {
            0,
            1,
        }
        for event in trace.events:
            if event.kind == "dispatch" and event.pid == 2:
                assert event.details["core"] == 1


def test_settings_of_policies_are_checked():
    """An error names the policy, the setting, and what it may be."""
    with pytest.raises(ArgumentError, match="MLFQ: quantum has 2 numbers for 3 levels"):
        MLFQ(quantum=(1, 2))
    with pytest.raises(ArgumentError, match="Lottery: quantum"):
        Lottery(0)
    with pytest.raises(ArgumentError, match="Priority: preemptive is 1"):
        Priority(preemptive=1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="MLFQ: quantum is None"):
        MLFQ(quantum=None)  # type: ignore[arg-type]


@examples(30)
@given(
    st.sampled_from(POLICIES),
    st.lists(st.tuples(st.integers(0, 20), st.integers(2, 30)), min_size=1, max_size=5),
)
def test_no_policy_leaves_the_core_idle_while_somebody_waits(
    policy: object, arrivals: list[tuple[int, int]]
):
    """Work conservation: with free switches the core is busy whenever a thread is ready."""
    trace = jobs(policy, *arrivals)
    assert trace.metrics().totals["busy"] == sum(length for _, length in arrivals)
    for tick in range(trace.end):
        moment = trace.at(tick)
        assert moment.running[0] is not None or not moment.ready


def test_who_has_waited_for_a_device_may_go_first():
    """With io_bump a thread that is woken goes to the front of its level, without to the end."""
    busy = "def main(): work(60)"
    waits = "def main():\n    io(4)\n    print(1)\n"
    first = {}
    for bump in (True, False):
        policy = MLFQ(quantum=(5,) * 3, allotment=(1000,) * 3, io_bump=bump, stay_on_io=True)
        machine = Machine(scheduler=policy)
        for name, text in (("waits", waits), ("one", busy), ("two", busy), ("three", busy)):
            machine.launch(Program(name, text))
        trace = machine.run()
        woken = trace.happened("wake", pid=2)[0].tick
        first[bump] = next(e.pid for e in trace.happened("dispatch", after=woken - 1))
    assert first == {True: 2, False: 4}


def test_who_is_bound_to_a_busy_core_waits_though_another_is_idle():
    """The ready queue passes over a thread that may not use the free core, under every policy."""
    for policy in POLICIES:
        machine = Machine(scheduler=policy, cores=2, ram=256 * KiB)
        for name in ("one", "two"):
            machine.launch(job(name, 20), cores=[1])
        trace = machine.run()
        assert {event.details["core"] for event in trace.happened("dispatch")} == {1}
        assert trace.metrics().totals["busy"] == trace.end
