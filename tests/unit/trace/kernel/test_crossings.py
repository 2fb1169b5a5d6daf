"""User and kernel mode: what is told of crossings is what the machine did."""

from collections import defaultdict
from itertools import pairwise
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import Costs, Kill, RoundRobin, Trace
from kit.lang.call_instructions import call_of, is_system_call
from kit.lang.instructions import REGISTER_NAMES
from kit.scenarios import SCENARIOS
from kit.trace.kernel.crossings import Crossing
from kit.trace.kernel.traps import INTERRUPTS, TRAP_TABLE
from kit.trace.switches import turnovers
from tests.examples import examples
from tests.running import run, scenario
from tests.strategies import Setup, setups
from tests.worlds import worlds

LOOP = "def main():\n    x = 0\n    for i in range(6):\n        x += 1"


def of_core(trace: Trace, core: int = 0) -> list[Crossing]:
    """Return the crossings of one core."""
    return [one for one in trace.crossings if one.core == core]


def check_order(trace: Trace) -> None:
    """On each core traps and returns alternate, and what the system does lies in between."""
    ticks = [one.tick for one in trace.crossings]
    assert ticks == sorted(ticks)
    assert all(0 <= tick <= trace.end for tick in ticks)
    for core in range(trace.settings.cores):
        user = None
        for number, one in enumerate(of_core(trace, core)):
            assert (one.kind == "boot") == (number == 0)
            if one.kind == "trap":
                assert one.thread == user is not None
                user = None
            elif one.kind == "return":
                assert user is None
                user = one.thread
            else:
                assert user is None
            if one.kind in ("trap", "interrupt"):
                assert one.trap.kind in TRAP_TABLE
                assert one.kind == "trap" or one.trap.kind in INTERRUPTS


def check_ticks(trace: Trace) -> None:
    """Modes and kernel stacks fit what every thread does at every tick."""
    changes = {one.tick for one in trace.crossings}
    for tick in sorted({*changes, *(tick + 1 for tick in changes), trace.end // 2}):
        if tick > trace.end:
            continue
        moment = trace.at(tick)
        for core in moment.cores:
            assert core.mode == ("kernel" if core.handler else "user")
            assert core.thread == moment.running[core.number]
            if core.thread is None:
                assert (core.mode, core.kernel_stack) == ("kernel", ())
        modes = {core.thread: core.mode for core in moment.cores}
        for pid, process in moment.processes.items():
            for tid, thread in process.threads.items():
                stack = thread.kernel_stack
                inside = thread.state in ("ready", "blocked")
                inside |= thread.state == "running" and modes[pid, tid] == "kernel"
                assert len(stack) == inside
                for frame in stack:
                    saved = [frame.registers[name] for name in REGISTER_NAMES]
                    assert saved == list(thread.registers.values())
                    assert frame.registers["pc"] == thread.pc


def check_costs(trace: Trace) -> None:
    """A core that has a thread is in kernel mode only while it works for the system."""
    for core, steps in enumerate(trace.history.crossings.kernel):
        times = trace.history.overheads.get(core, ())
        work = {tick for a, b in zip(times[::2], times[1::2], strict=True) for tick in range(a, b)}
        inside = {
            tick
            for tick in range(trace.end)
            if steps.at(tick) is not None and trace.history.cores[core].at(tick) is not None
        }
        assert inside <= work
        # A core that waits for RAM stays in the mode in which it is.
        if not trace.settings.tlb and trace.settings.cache is None:
            assert inside == work


def check_system_calls(trace: Trace) -> None:
    """Each system call is a trap, and each that came to its end is one of its own."""
    asked: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for event in trace.happened("system_call"):
        asked[event.key].append((event.tick, event.call))
    for key, record in trace.record.threads.items():
        code = trace.history.processes[key[0]].threads[key[1]].program.image.code
        for tick, _, _, index in record.executed():
            if is_system_call(code[index]):
                asked[key].append((tick, call_of(code[index])))
    ended = {
        key: [name for _, name in sorted(pairs, key=itemgetter(0))] for key, pairs in asked.items()
    }
    made = defaultdict(list)
    for one in trace.crossings:
        if one.kind == "trap" and one.trap.kind == "system call":
            made[one.thread].append(one.trap.name)
    failed = {key for fault in trace.history.faults for key in [(fault.pid, fault.tid)]}
    assert all(names == made[key] for key, names in ended.items() if key not in failed)
    assert all(names == made[key][: len(names)] for key, names in ended.items())
    assert made.keys() <= ended.keys() | failed


def check_switches(trace: Trace) -> None:
    """Between a thread leaving and another one entering a core there is a switch."""
    last: dict[int, tuple[int, int]] = {}
    seen = []
    spaces: dict[int, int | None] = {}
    for one in trace.crossings:
        if one.kind != "switch":
            continue
        if one.thread is not None:
            before = last.get(one.core)
            if before not in (None, one.thread):
                seen.append((one.tick, one.core, before, one.thread))
            changes = spaces.get(one.core) != one.thread[0]
            assert one.address_space == (one.thread[0] if changes else None)
            last[one.core] = one.thread
            spaces[one.core] = one.thread[0]
        if one.leaving is not None:
            pid, tid = one.leaving
            ended = trace.history.processes[pid].threads[tid].ended
            assert one.saved == (ended is None or ended.tick > one.tick) or (
                # Some policies give out cores before the timers of a tick end anything.
                one.saved and ended is not None and ended.tick == one.tick
            )
    real = [(one.tick, one.core, one.leaving, one.entering) for one in turnovers(trace.record)]
    assert seen == real


def check(trace: Trace) -> None:
    """Everything that is told of crossings holds."""
    check_order(trace)
    check_ticks(trace)
    check_costs(trace)
    check_system_calls(trace)
    check_switches(trace)


@examples(8)
@given(st.one_of(setups(), worlds()))
def test_crossings_of_random_machines(setup: Setup):
    """Entry and return alternate, and kernel stacks hold what traps saved, on any machine."""
    check(setup.run())


ATOMIC = """
x = 0
def main():
    global x
    for i in range(3):
        with atomic():
            x += 1
            x += 1
"""


@pytest.mark.parametrize("quantum", [1, 2, 3, 5])
@pytest.mark.parametrize("cost", [1, 5, 9])
def test_a_switch_beside_an_atomic_block_takes_its_time(quantum: int, cost: int):
    """A block keeps other threads from running, and not the system on another core."""
    costs = Costs(context_switch=cost, system_call=2)
    texts = (ATOMIC, LOOP, LOOP, ATOMIC)
    check(run(*texts, cores=2, scheduler=RoundRobin(quantum), costs=costs))


def test_crossings_of_scenarios():
    """So it is in every scenario."""
    for name in SCENARIOS:
        trace = scenario(name)
        check_order(trace)
        check_costs(trace)
        check_system_calls(trace)
        check_switches(trace)


def test_the_protocol_of_a_timer_interrupt():
    """Two processes take turns as in figure 6.3 of Three Easy Pieces: two saves, two restores."""
    trace = run(LOOP, LOOP, scheduler=RoundRobin(10))
    told = [
        (one.tick, one.kind, one.thread, one.leaving, one.saved, one.address_space)
        for one in trace.crossings
        if one.tick <= 20
    ]
    a, b = (2, 1), (3, 1)
    assert told == [
        (0, "boot", None, None, False, None),
        (0, "create", a, None, False, None),
        (0, "create", b, None, False, None),
        (0, "switch", a, None, False, 2),
        (0, "return", a, None, False, None),
        (10, "trap", a, None, False, None),
        (10, "switch", b, a, True, 3),
        (10, "return", b, None, False, None),
        (20, "trap", b, None, False, None),
        (20, "switch", a, b, True, 2),
        (20, "return", a, None, False, None),
    ]
    assert {one.trap.handler for one in trace.crossings if one.tick == 10} == {"timer_interrupt"}


def test_a_system_call_without_costs_takes_no_ticks():
    """Its steps are told in their order, and at no whole tick is the core in kernel mode."""
    trace = run("def main():\n    print(1)\n    print(2)")
    prints = [one for one in trace.crossings if one.trap.name == "print"]
    assert [one.kind for one in prints] == ["trap", "return"] * 2
    assert all(trap.tick == back.tick for trap, back in pairwise(prints) if trap.kind == "trap")
    assert {core.mode for t in range(trace.end) for core in trace.at(t).cores} == {"user"}


def test_a_system_call_that_costs_is_handled_in_kernel_mode():
    """So long the user registers are on the kernel stack, and the handler has its name."""
    trace = run("def main():\n    print(1)\n    print(2)", costs=Costs(system_call=3))
    trap, back = [one for one in trace.crossings if one.trap.name == "print"][:2]
    assert (trap.kind, back.kind, back.tick - trap.tick) == ("trap", "return", 3)
    for tick in range(trap.tick, back.tick):
        (core,) = trace.at(tick).cores
        assert (core.mode, core.handler) == ("kernel", "system_call")
        (frame,) = core.kernel_stack
        assert frame.trap == ("system call", "print")
        assert frame.registers["pc"] == trace.at(tick).processes[2].threads[1].pc
    assert trace.at(back.tick).cores[0].mode == "user"
    assert "user mode" in repr(trace.at(back.tick).cores[0])


def test_a_blocked_thread_keeps_its_registers_on_its_kernel_stack():
    """An idle core is in kernel mode; the device's interrupt finds it there."""
    trace = run("def main():\n    io(5)\n    print(1)")
    (blocked,) = [one for one in trace.crossings if one.kind == "switch" and one.thread is None][:1]
    moment = trace.at(blocked.tick + 1)
    assert (moment.cores[0].mode, moment.cores[0].handler) == ("kernel", "idle")
    (frame,) = moment.processes[2].threads[1].kernel_stack
    assert frame.trap == ("system call", "io")
    (device,) = [one for one in trace.crossings if one.trap.kind == "device"][:1]
    assert (device.kind, device.tick) == ("interrupt", blocked.tick + 5)


def test_faults_come_by_their_own_entries_of_the_trap_table():
    """A null pointer is a page fault, a division by zero a divide error."""
    for line, trap in {
        "poke(0, 1)": ("page fault", "segmentation fault"),
        "x = 1 // 0": ("divide error", "divide by zero"),
        "log[n] = 1": ("bound range exceeded", "index out of range"),
        "abort()": ("system call", "kill"),
        "assert x": ("system call", "kill"),
        "free(8)": ("system call", "kill"),
    }.items():
        trace = run(f"log = [0] * 2\nx = 0\nn = 5\ndef main():\n    global x\n    {line}")
        assert [one.trap for one in trace.crossings if one.kind == "trap"] == [trap], line


def test_a_thread_is_ended_on_another_core_by_an_interrupt():
    """Where one core ends a process, the others that execute it are told by an interrupt."""
    text = "def spin():\n    while True: pass\ndef main():\n    spawn(spin)\n    exit(3)"
    trace = run(text, cores=2)
    (told,) = [one for one in of_core(trace, 1) if one.kind == "trap"]
    assert told.trap.kind == "reschedule"


def test_what_is_done_from_outside_comes_by_the_console():
    """A kill from outside interrupts the core that executes the thread."""
    trace = run(LOOP).branch(at=5, do=Kill(2))
    assert [one.trap.kind for one in trace.crossings if one.kind == "trap"] == ["console"]


def test_before_anything_runs_a_core_is_idle():
    """A core that never had a thread is in kernel mode, and has no address space."""
    (core,) = run(LOOP, costs=Costs(load_page=3)).at(1).cores
    assert (core.mode, core.handler, core.address_space) == ("kernel", "idle", None)
