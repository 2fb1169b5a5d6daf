"""Who runs when, in figures that can be checked by hand."""

import pytest

from kit import FIFO, Costs, Machine, Program, RoundRobin, Trace
from tests.running import launch, run, told

OVERHEAD = 7
"""Ticks of a program that only works: CALL, ENTER, LI before, LEAVE, RET, LI, SYS after."""


def job(ticks: int) -> str:
    """Text of a program that keeps a core for so many ticks."""
    return f"def main():\n    work({ticks - OVERHEAD})\n"


def turnaround(trace: Trace) -> list[int]:
    """Ticks from launch to exit, by pid."""
    launched = {event.pid: event.tick for event in trace.events if event.kind == "launch"}
    ended = {event.pid: event.tick for event in trace.events if event.kind == "exit"}
    return [ended[pid] - launched[pid] for pid in sorted(launched)]


def response(trace: Trace) -> list[int]:
    """Ticks from launch to the first core, by pid."""
    first: dict[int, int] = {}
    launched = {event.pid: event.tick for event in trace.events if event.kind == "launch"}
    for event in trace.events:
        if event.kind == "dispatch":
            first.setdefault(event.pid, event.tick - launched[event.pid])
    return [first[pid] for pid in sorted(first)]


CASES = {
    # three equal jobs, as in Three Easy Pieces, and the convoy of a long one
    "fifo, equal": (FIFO(), 1, [10, 10, 10], [10, 20, 30], [0, 10, 20]),
    "fifo, convoy": (FIFO(), 1, [100, 10, 10], [100, 110, 120], [0, 100, 110]),
    "round robin, equal": (RoundRobin(2), 1, [10, 10, 10], [26, 28, 30], [0, 2, 4]),
    "round robin, quantum 1": (RoundRobin(1), 1, [10, 10], [19, 20], [0, 1]),
    "round robin, unequal": (RoundRobin(5), 1, [20, 10], [30, 20], [0, 5]),
    "round robin, quantum too long to matter": (RoundRobin(50), 1, [10, 10], [10, 20], [0, 10]),
    "two cores, fifo": (FIFO(), 2, [10, 10, 10], [10, 10, 20], [0, 0, 10]),
    "two cores, round robin": (RoundRobin(5), 2, [10, 10, 10], [10, 15, 15], [0, 0, 5]),
    "more cores than jobs": (RoundRobin(2), 8, [10, 12, 14], [10, 12, 14], [0, 0, 0]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_turnaround_and_response_as_computed_by_hand(case: str):
    """Small cases give the figures one gets with pencil and paper."""
    scheduler, cores, jobs, turnarounds, responses = CASES[case]
    trace = run(*map(job, jobs), scheduler=scheduler, cores=cores)
    assert turnaround(trace) == turnarounds
    assert response(trace) == responses


@pytest.mark.parametrize("ticks", range(8, 12))
def test_a_slice_that_nobody_waits_for_begins_anew(ticks: int):
    """A job that was alone is preempted at the end of a slice, not where another arrives."""
    machine = Machine(scheduler=RoundRobin(4))
    machine.launch(Program("a", job(40)))
    machine.launch(Program("b", job(10)), at=ticks)
    trace = machine.run()
    first = told(trace, "preempt", 2)[0][0]
    assert first == (12 if ticks > 8 else 8)


def test_of_two_at_one_tick_the_woken_goes_first():
    """A thread woken at the end of a slice queues in front of the one whose slice ended."""
    sleeper = "def main():\n    sleep(5)\n    print(1)\n"  # blocks at tick 4, is woken at tick 9
    trace = run(sleeper, job(30), job(30), scheduler=RoundRobin(5))
    assert [(event.kind, event.pid) for event in trace.events if event.tick == 9] == [
        ("wake", 2), ("preempt", 3), ("dispatch", 4),
    ]  # fmt: skip
    assert trace.at(9).ready == ((2, 1), (3, 1))


@pytest.mark.parametrize("ticks", [1, 2, 7, 50])
def test_sleep_blocks_and_work_computes_for_so_many_ticks(ticks: int):
    """Both take the ticks they say; only work keeps the core."""
    trace = run(f"def main():\n    sleep({ticks})\n    work({ticks})\n    print(1)\n")
    ((blocked, *_, until),) = told(trace, "block")
    ((woken, *_),) = told(trace, "wake")
    assert (woken - blocked, until) == (ticks, woken)
    assert trace.at(blocked).running == (None,)
    ((printed, *_),) = told(trace, "print")
    assert printed - woken == 1 + ticks + 2  # LI; work; LI, print
    assert all(trace.at(tick).running == ((2, 1),) for tick in range(woken, printed))


@pytest.mark.parametrize("call", ["sleep(0)", "sleep(-3)", "work(0)", "work(-3)", "work(1)"])
def test_no_time_is_one_instruction(call: str):
    """Sleeping or working for nothing takes the one tick of the call."""
    trace = run(f"def main():\n    {call}\n")
    assert trace.end == OVERHEAD + 1
    assert told(trace, "block") == []


def test_a_sleeper_leaves_the_core_to_others():
    """While one sleeps the other computes, and the total shows it."""
    trace = run("def main():\n    sleep(30)\n", job(30))
    assert turnaround(trace) == [3 + 1 + 30 + 4, 34]


@pytest.mark.parametrize("cost", [0, 1, 5])
def test_loading_takes_its_cost_for_every_page(cost: int):
    """A program of two pages of code and one of data becomes ready after three page costs."""
    text = "g = 1\ndef main():\n" + "    print(1)\n" * 10
    machine = launch(text, page_size=128, costs=Costs(load_page=cost))
    trace = machine.run()
    loads = [tick for tick, *_ in told(trace, "load")]
    assert [segment for _, _, segment, *_ in told(trace, "load")] == ["code", "code", "data"]
    assert loads == [cost, 2 * cost, 3 * cost]
    assert told(trace, "admit")[0][0] == 3 * cost
    for tick in range(3 * cost):
        assert trace.at(tick).processes[2].state == "new"
        assert "from disk" in trace.narrate(tick) or "creates a process" in trace.narrate(tick)


@pytest.mark.parametrize("cost", [0, 1, 4])
def test_a_switch_takes_its_cost_where_the_core_ran_another_thread(cost: int):
    """Two jobs in two slices each pay four switches; a slice does not shrink by them."""
    trace = run(job(10), job(10), scheduler=RoundRobin(5), costs=Costs(context_switch=cost))
    assert [tick for tick, *_ in told(trace, "dispatch")] == [k * (5 + cost) for k in range(4)]
    assert turnaround(trace) == [3 * (5 + cost), 4 * (5 + cost)]


def test_going_on_with_the_same_thread_costs_nothing():
    """A thread that comes back to the core it left pays no second switch."""
    costs = Costs(context_switch=5)
    assert turnaround(run(job(30), scheduler=RoundRobin(5), costs=costs)) == [35]
    assert turnaround(run("def main():\n    sleep(9)\n", costs=costs)) == [5 + 4 + 9 + 4]


def test_the_queue_is_told_at_every_tick():
    """With three jobs and quantum 2 the ready queue turns as on paper."""
    trace = run(job(10), job(10), job(10), scheduler=RoundRobin(2))
    turning = [trace.at(tick).ready for tick in (0, 2, 4, 6)]
    assert [[pid for pid, _ in ready] for ready in turning] == [[3, 4], [4, 2], [2, 3], [3, 4]]
