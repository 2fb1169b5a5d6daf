import pytest

from kit import ArgumentError, Machine, Program, RoundRobin
from kit.explore import explore
from kit.quiz import ask
from kit.scenarios import (
    counter_with_lock,
    demand_paging,
    exec_keeps_the_pid,
    exit_from_a_worker,
    fault_in_a_thread,
    fork_copies_on_write,
    kill_a_process,
    lost_update,
    main_ends_alone,
    one_program,
    three_jobs,
    zombie,
)
from tests.asking import choice, ideas, right

TWO_LOCKS = """
count = 0
one = Lock()
other = Lock()
def forth():
    global count
    with one:
        count += 1
def back():
    global count
    with other:
        count += 1
def main():
    a = spawn(forth)
    b = spawn(back)
    join(a)
    join(b)
"""


def test_a_fault_ends_one_process_and_no_other():
    """All threads of the one are gone, the other goes on."""
    question = ask(fault_in_a_thread(), "alive", at=50)
    assert right(question) == ["T1 of neighbour (pid 3)"]
    assert choice(question, "T2 of workers").misconception == "thread_dies_alone"
    assert choice(question, "T1 of neighbour").misconception == "all_die"
    assert "T3 of workers (pid 2) fails (segmentation fault)" in question.prompt


def test_a_child_that_has_ended_leaves_its_entry():
    """The entry stays until the parent has waited."""
    question = ask(zombie(), "alive", at=3)
    assert "calls exit" in question.prompt
    assert right(question) == [
        "T1 of parent (pid 2)",
        "the entry of parent (pid 3) in the process table",
    ]
    assert choice(question, "the entry").misconception == "killed_leaves_nothing"


def test_exit_leaves_nobody():
    """Where all are gone, none of these is right."""
    question = ask(exit_from_a_worker(), "alive", at=20)
    assert right(question) == ["none of these"]
    assert choice(question, "T1").misconception == "thread_dies_alone"


def test_main_can_end_alone():
    """With thread_exit the worker goes on; with return it does not."""
    assert right(ask(main_ends_alone(), "alive", at=4)) == ["T2"]
    trace = main_ends_alone(alone=False)
    question = ask(trace, "alive", at=trace.end - 1)
    assert right(question) == ["none of these"]
    assert "returns from main" in question.prompt


def test_who_kills_lives():
    """The prompt names the one that kills; the victim is gone."""
    question = ask(kill_a_process(), "alive", at=20)
    assert "kills killer (pid 3)" in question.prompt
    assert "T1 of killer (pid 2)" in right(question)
    assert "T1 of killer (pid 3)" not in right(question)


def test_nobody_dies_at_the_end():
    """Behind the last death there is nothing to ask."""
    trace = zombie()
    with pytest.raises(ArgumentError, match="ask at an earlier tick"):
        ask(trace, "alive", at=trace.end)


def test_the_order_is_that_of_the_ticks():
    """Each event happens at its tick, which its choice names, and the shown order is another."""
    trace = lost_update()
    for at in (0, 3, 20):
        question = ask(trace, "order_of", at=at, count=5)
        ticks = [question.choices[place].tick for place in question.order]
        assert at < ticks[0]
        assert ticks == sorted(set(ticks))
        assert question.order != tuple(range(len(ticks)))


def test_loading_is_told():
    """Code and data come one after the other, before the first turn."""
    found = right(ask(one_program(), "order_of", at=2))
    assert found[:3] == [
        "process 2 is created from the program sum",
        "the code of sum is loaded from disk into RAM",
        "the data of sum is loaded from disk into RAM",
    ]


def test_spawn_does_not_wait():
    """Who puts the new thread before what its maker does next has that idea."""
    question = ask(lost_update(), "order_of", at=3)
    made, goes_on = "T1 spawns T2", "T1 waits for T2"
    order = right(question)
    place = next(n for n, text in enumerate(order) if text.startswith(goes_on))
    assert order.index(made) < place
    assert choice(question, goes_on).misconception == "spawn_waits"
    swapped = list(question.order)
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    assert question.feedback(swapped).misconception == "spawn_waits"


def test_there_must_be_two_things_to_order():
    """At the end nothing is left to be put into an order."""
    trace = lost_update()
    with pytest.raises(ArgumentError, match="less than two things"):
        ask(trace, "order_of", at=trace.end)
    with pytest.raises(ArgumentError, match="count is 1"):
        ask(trace, "order_of", at=0, count=1)


def test_counts_are_those_of_the_run():
    """Numbers agree with the metrics and the tables of the run."""
    trace = lost_update()
    switches = ask(trace, "how_many", of="context switches")
    assert right(switches) == [str(trace.metrics().totals["switches"])] == ["22"]
    calls = int(right(ask(trace, "how_many", of="system calls"))[0])
    assert ideas(switches) == {
        "two_at_once": "0",
        "keeps_the_core": "2",
        "call_is_a_switch": str(22 + calls),
    }
    assert right(ask(trace, "how_many", of="threads")) == ["3"]
    paging = demand_paging()
    faults = ask(paging, "how_many", of="page faults")
    assert right(faults) == [str(paging.metrics().totals["page_faults"])]
    assert ideas(faults)["virtual_is_swap"] == "0"
    assert {"fault_is_an_error", "loads_everything", "virtual_is_swap"} == ideas(faults).keys()


def test_exec_makes_no_process():
    """A shell and its child are two, whatever the child runs."""
    question = ask(exec_keeps_the_pid(), "how_many", of="processes")
    assert right(question) == ["2"]
    assert ideas(question)["exec_makes_process"] == "3"


def test_one_program_can_be_many_processes():
    """Fork in a loop doubles: 8 processes of one program."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("three", "def main():\n    for i in range(3):\n        fork()"))
    question = ask(machine.run(), "how_many", of="processes")
    assert right(question) == ["8"]
    assert ideas(question)["program_is_process"] == "1"
    assert "each child forks again" in ideas(question)["child_starts_at_main"]
    assert "4" in [one.text for one in question.choices]


def test_a_switch_saves_registers():
    """Eleven words, not the memory."""
    question = ask(lost_update(), "how_many", of="words saved", at=30)
    assert right(question) == ["11"]
    assert "switch_copies_memory" in ideas(question)


def test_where_nothing_is_switched_no_words_are_saved():
    """The end of a thread saves nothing, so that a thread alone is no question."""
    machine = Machine()
    machine.launch(Program("alone", "def main(): work(5)"))
    with pytest.raises(ArgumentError, match="no context switch saves anything after tick 2"):
        ask(machine.run(), "how_many", of="words saved", at=2)


def test_system_calls_are_counted_of_one_process_or_of_all():
    """Another process's calls count for the machine, not for this one."""
    machine = Machine()
    machine.launch(Program("one", "def main():\n    print(1)\n    print(2)"))
    machine.launch(Program("two", "def main():\n    print(1)"))
    trace = machine.run()
    counts = {
        pid: int(right(ask(trace, "how_many", of="system calls", pid=pid))[0])
        for pid in (2, 3, None)
    }
    assert counts[2] == counts[3] + 1
    assert counts[None] == counts[2] + counts[3]


def test_times_are_those_of_the_metrics():
    """Each is what the table of metrics says, and shown when the process ends."""
    trace = three_jobs()
    for pid, figures in trace.metrics().processes.items():
        at = trace.history.processes[pid].launched
        question = ask(trace, "metric", of="turnaround", pid=pid, at=at)
        assert right(question) == [str(figures.turnaround)]
        assert question.tick == trace.history.processes[pid].exit[0]
    waiting = ask(trace, "metric", of="waiting", pid=4, at=10)
    assert ideas(waiting)["two_at_once"] == "0"


@pytest.mark.parametrize(
    ("kind", "details", "advice"),
    [
        ("how_many", {"of": "switches"}, "did you mean 'context switches'"),
        ("how_many", {"of": "processes", "pid": 2}, "leave pid out"),
        ("how_many", {"of": "threads", "at": 90}, "ask at an earlier tick"),
        ("metric", {"of": "turnarond", "pid": 2}, "did you mean 'turnaround'"),
        ("metric", {"of": "turnaround", "pid": 5}, "there is no process 5"),
        ("metric", {"of": "response", "pid": 2, "at": 50}, "ask at an earlier tick|leave it out"),
    ],
)
def test_slips_are_mended(kind: str, details: dict, advice: str):
    """What is not there is told with what is."""
    with pytest.raises(ArgumentError, match=advice):
        ask(lost_update(), kind, **details)


def test_every_possible_value_is_right():
    """The right ones come out on some schedule, the wrong ones on none."""
    explored = explore(lost_update)
    possible = {outcome.globals[2]["count"] for outcome in explored.outcomes}
    question = ask(explored, "possible_values", name="count")
    for one in question.choices:
        assert one.correct == (int(one.text) in possible)
    assert "worked_once" in ideas(question)


def test_a_lock_leaves_one_value():
    """With the lock 6 is all there is; what each thread adds alone is wrong."""
    question = ask(explore(counter_with_lock), "possible_values", name="count")
    assert right(question) == ["6"]
    assert ideas(question) == {"own_data": "3"}


def test_a_lock_for_each_function_protects_no_data():
    """Both take a lock, but not the same one: 1 is possible."""
    explored = explore(Program("two", TWO_LOCKS))
    question = ask(explored, "possible_values", name="count")
    assert right(question) == ["1", "2"]
    assert "lock_per_code" in ideas(question)


def test_possible_values_are_about_every_schedule():
    """A run, an unfinished search and a wrong name are refused."""
    with pytest.raises(ArgumentError, match="give explore"):
        ask(lost_update(), "possible_values", name="count")
    with pytest.raises(ArgumentError, match="not all schedules were covered"):
        ask(explore(lost_update, limit=50), "possible_values", name="count")
    with pytest.raises(ArgumentError, match="did you mean 'count'"):
        ask(explore(lost_update), "possible_values", name="cuont")


def test_a_copy_is_told_in_a_page_fault():
    """The first write behind fork makes a copy, and the program continues."""
    question = ask(fork_copies_on_write(), "faults", at=16, pid=3)
    assert "gets a copy of the page" in right(question)[0]
