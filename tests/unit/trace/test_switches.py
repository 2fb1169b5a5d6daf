"""A context switch saves the registers of one thread and restores those of another."""

from hypothesis import given

from kit import Costs, Machine, Program, RoundRobin, Trace
from kit.lang.instructions import WORD
from tests.running import launch, run
from tests.strategies import Setup
from tests.worlds import worlds

COUNT = "n = 0\ndef main():\n    global n\n    for i in range(9): n += i\n"


def test_what_was_saved_is_restored():
    """Between two turns of a thread that only computes nothing of its registers is lost."""
    trace = run(COUNT, COUNT, scheduler=RoundRobin(3))
    saved: dict[tuple[int, int], dict[str, int] | None] = {}
    for switch in trace.context_switches:
        if switch.entering in saved:
            assert switch.restored == saved[switch.entering]
        saved[switch.leaving] = switch.saved
        assert switch.address_space
    assert len(trace.context_switches) > 20
    assert set(saved) == {(2, 1), (3, 1)}


def test_registers_are_those_of_the_moment():
    """Saved and restored are what the trace tells of the two threads."""
    trace = run(COUNT, COUNT, scheduler=RoundRobin(4))
    switch = trace.context_switches[3]
    moment = trace.at(switch.tick)
    for (pid, tid), registers in (
        (switch.leaving, switch.saved),
        (switch.entering, switch.restored),
    ):
        thread = moment.processes[pid].threads[tid]
        assert registers == {**thread.registers, "pc": thread.pc}
    assert switch.restored["pc"] % WORD == 0


def test_a_thread_that_ended_leaves_nothing_to_be_saved():
    """Its registers are gone; the next one's are restored all the same."""
    trace = run("def main(): pass", COUNT)
    (switch,) = trace.context_switches
    assert (switch.leaving, switch.saved) == ((2, 1), None)
    assert switch.restored["sp"] > 0


def test_threads_of_one_process_keep_the_address_space():
    """Registers are replaced in every switch, page tables only between processes."""
    text = """
def w():
    for i in range(5): pass
def main():
    spawn(w)
    spawn(w)
    thread_exit()
"""
    trace = run(text, scheduler=RoundRobin(4), tlb=4)
    assert len(trace.context_switches) > 2
    assert not any(s.address_space or s.flushed for s in trace.context_switches)
    two = run(text, text, scheduler=RoundRobin(4), tlb=4)
    between = [s for s in two.context_switches if s.address_space]
    assert len(between) > 2
    # The pages of a process that has ended are gone from the TLB before the last switch.
    assert all(s.flushed for s in between[:-1])
    kept = run(text, text, scheduler=RoundRobin(4), tlb=4, asid=True)
    assert not any(s.flushed for s in kept.context_switches)


def test_going_on_with_the_same_thread_is_no_switch():
    """A thread that sleeps alone finds its registers where it left them."""
    assert run("def main():\n    sleep(4)\n    sleep(4)\n").context_switches == ()


def test_a_switch_is_told():
    """From which thread to which, and whether the page table changes."""
    trace = run(COUNT, COUNT, scheduler=RoundRobin(3))
    tick = trace.context_switches[1].tick
    assert (
        "Core 0 switches from T1 of b (pid 3) to T1 of a (pid 2). "
        "The core loads the registers of T1; its page-table register is set for a (pid 2)."
    ) in trace.narrate(tick)


def costly(program: str, costs: Costs) -> Trace:
    """Run two processes of a program, or one with two threads."""
    machine = Machine(scheduler=RoundRobin(10), costs=costs)
    machine.launch(Program("a", program))
    return machine.run()


def test_switching_costs_more_between_processes():
    """The difference comes from the address space, not from a printed constant."""
    thread = "def w():\n    work(200)\ndef main():\n    t = spawn(w)\n    w()\n    join(t)\n"
    process = "def w():\n    work(200)\ndef main():\n    c = fork()\n    w()\n    if c: wait()\n"
    free, real = Costs.free(), Costs(context_switch=3, address_space_switch=2)
    extra = []
    for text in (thread, process):
        cheap, dear = costly(text, free), costly(text, real)
        extra.append((dear.end - cheap.end) / len(dear.context_switches))
    assert 2.5 < extra[0] < 3.5
    assert 4.5 < extra[1] < 5.5


@given(worlds())
def test_switches_are_those_that_metrics_count(setup: Setup):
    """Every dispatch of another thread is one, on every kind of machine."""
    trace = setup.run()
    assert len(trace.context_switches) == trace.metrics().totals["switches"]
    for switch in trace.context_switches:
        assert switch.leaving != switch.entering


def test_a_core_that_was_idle_goes_over_to_the_next_thread():
    """What another thread left there long ago is replaced only now."""
    machine = launch("def main(): pass")
    machine.launch(Program("late", "def main(): pass"), at=50)
    (switch,) = machine.run().context_switches
    assert (switch.tick, switch.leaving, switch.entering) == (50, (2, 1), (3, 1))
