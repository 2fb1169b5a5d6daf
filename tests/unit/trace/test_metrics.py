from kit import FIFO, Machine, Program, RoundRobin
from tests.textbook import job


def test_threads_add_up():
    """Running, ready and blocked ticks of a thread add up to its turnaround; totals to its sum."""
    program = Program(
        "threads",
        "def f(n):\n    sleep(n)\n    work(n)\n"
        "def main():\n    a = spawn(f, 5)\n    b = spawn(f, 9)\n    join(a)\n    join(b)\n",
    )
    machine = Machine(scheduler=RoundRobin(quantum=3))
    pid = machine.launch(program, at=4)
    trace = machine.run()
    metrics = trace.metrics()
    threads = metrics.processes[pid].threads
    for thread in threads.values():
        assert thread.turnaround == thread.running + thread.ready + thread.blocked
    assert metrics.processes[pid].turnaround == trace.end - 4
    assert metrics.totals["busy"] == sum(thread.running for thread in threads.values())
    assert metrics.totals["instructions"] == sum(
        len(record.targets) for record in trace.record.threads.values()
    )
    assert metrics.totals["faults"] == 0


def test_unfinished_business_has_no_figure():
    """What has not happened yet is None, not 0; a faulted process counts as a fault."""
    machine = Machine(scheduler=FIFO())
    machine.launch(job("long", 50))
    machine.launch(job("never", 5))
    machine.launch(Program("late", "def main():\n    poke(0, 1)\n"))
    early = machine.run(until=10).metrics().processes
    assert (early[2].response, early[2].turnaround) == (0, None)
    assert (early[3].response, early[3].turnaround) == (None, None)
    assert machine.run().metrics().totals["faults"] == 1


def test_switches_count_turns_of_other_threads():
    """A thread that goes on after its own slice is no switch; a machine without runs has none."""
    machine = Machine(scheduler=RoundRobin(quantum=2))
    machine.launch(job("alone", 20))
    assert machine.run().metrics().totals["switches"] == 0
    machine.launch(job("a", 4), at=machine.now)
    machine.launch(job("b", 4), at=machine.now)
    assert machine.run().metrics().totals["switches"] == 4
    assert Machine().run().metrics().totals["ticks"] == 0
