"""Every kind of event is told in a plain sentence."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    Contiguous,
    Costs,
    Inject,
    Kill,
    Program,
    Replacement,
    RoundRobin,
    RunNext,
    Segmentation,
    Trace,
    Write,
)
from kit.scenarios import SCENARIOS
from kit.sim.events import EVENTS
from kit.trace import Narration
from kit.trace.narration.narrator import SENTENCES, SILENT, TOLD_TOGETHER
from tests.running import launch, run, scenario
from tests.strategies import Setup
from tests.worlds import worlds


def story(trace: Trace) -> str:
    """Everything that is told of a run."""
    return " ".join(trace.narrate(tick) for tick in range(trace.end + 1))


def test_each_kind_of_event_is_told_or_silent_on_purpose():
    """A kind that is added must be given a sentence."""
    kinds = [*SENTENCES, *TOLD_TOGETHER, *SILENT]
    assert sorted(kinds) == sorted(EVENTS)


@given(worlds(), st.data())
def test_whatever_happens_is_told_in_sentences(setup: Setup, data: st.DataObject):
    """No placeholder, no address of an object, no unfinished sentence."""
    trace = setup.run()
    tick = data.draw(st.integers(0, trace.end))
    text = trace.narrate(tick)
    assert re.search(r"[.0-9]$|printed: ", text)
    assert not re.search(
        r"None(?! of them)|<|\{|\(\)\.|process 0\b|T0\b",
        # What is quoted of the program may have any characters.
        re.sub(r"`[^`]*`", "", text).partition("printed")[0],
    )


def one_short_sentence(told: Narration) -> bool:
    """Whether what leads can be read while it plays."""
    return 0 < len(told.first.split()) <= 20 and "\n" not in told.first


@given(worlds(), st.data())
def test_the_first_sentence_is_short_whatever_happens(setup: Setup, data: st.DataObject):
    """Twenty words can be read while it plays; whoever wants more opens the details."""
    trace = setup.run()
    tick = data.draw(st.integers(0, trace.end))
    assert one_short_sentence(trace.narration(tick)), trace.narration(tick).first


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_no_scenario_needs_a_sentence_to_be_cut(name: str):
    """In the course's own runs all twenty words are sentences, and only code is shortened."""
    trace = SCENARIOS[name]()
    for tick in range(trace.end + 1):
        told = trace.narration(tick)
        assert one_short_sentence(told), told.first
        assert "…" not in re.sub("`[^`]*`", "", told.first)


NAMED = [
    ("def main():\n    poke(0, 1)\n", "Line 2, `poke(0, 1)`: T1 tries to write 0x0000,"),
    ("def main():\n    print('#')  # a remark\n", "Line 2, `print('#')`: T1 prints"),
    ("m = Lock()\ndef main():\n    with m:\n        exit(3)\n", "Line 3, `with m`: T1 acquires"),
    ("m = Lock()\ndef main():\n    with m:\n        exit(3)\n", "Line 4, `exit(3)`: a ends with"),
    ("def main():\n    wait()\n    sleep(4)\n", "Line 3, `sleep(4)`: T1 blocks: it sleeps for 4"),
    ("def main():\n    work(9)\n    print(1)\n", "Line 2, `work(9)`: T1 is still computing."),
    ("def main():\n    x = fork()\n", "Line 2, `x = fork()`: T1 of a (pid 2) forks: its child"),
]


@pytest.mark.parametrize(("text", "sentence"), NAMED)
def test_the_first_sentence_names_the_line_of_the_program(text: str, sentence: str):
    """What a thread does is told with the line that it executes, without its remark."""
    trace = run(text)
    assert any(trace.narration(tick).first.startswith(sentence) for tick in range(trace.end + 1))


def test_a_long_line_is_shortened_to_what_there_is_room_for():
    """The words of the sentence count more than those of the line."""
    wide = " + ".join(str(number) for number in range(30))
    first = next(
        told.first
        for told in map(run(f"def main():\n    print({wide})\n").narration, range(999))
        if "prints" in told.first
    )
    assert first == 'Line 2, `print(0 + 1 + 2 + 3 + 4 + 5 + 6 + 7…`: T1 prints "435".'
    assert len(first.split()) == 20


def test_a_long_text_is_whole_in_the_details():
    """What a program prints can be of any length."""
    words = " ".join(["word"] * 40)
    told = next(
        told
        for told in map(run(f"def main():\n    print('{words}')\n").narration, range(99))
        if "prints" in told.first
    )
    assert told.first.endswith("word…")
    assert words in told.details[0]


def test_only_several_processes_are_told_apart():
    """Where there is one process, its number and its name say nothing."""
    alone = story(run("def main():\n    print(gettid())\n"))
    assert "pid" not in alone
    assert "T1 of" not in alone
    assert "T1 of a (pid 2) prints" in story(run("def main():\n    fork()\n    print(1)\n"))


LEADS = [
    ("def main():\n    x = [0] * 2\n    print(peek(8))\n", "fault", "segmentation fault"),
    ("def main():\n    exit(7)\n", "exit", "a ends with exit code 7"),
    ("def main():\n    join(spawn(main))\n", "thread", "creates T57 to run main"),
]


@pytest.mark.parametrize(("text", "kind", "words"), LEADS)
def test_what_changes_most_leads(text: str, kind: str, words: str):
    """Of what happens at one tick the end of a process is told before its thread's."""
    trace = run(text, scheduler=RoundRobin(3))
    tick = trace.happened(kind)[-1].tick
    assert words in trace.narration(tick).first
    assert trace.narration(tick).details


def test_a_switch_leads_over_what_only_one_thread_sees():
    """A register of one thread matters less than which thread runs; a store matters more."""
    trace = run(SYNCHRONISED, scheduler=RoundRobin(1))
    firsts = [trace.narration(switch.tick).first for switch in trace.context_switches]
    assert any(first.startswith("Core 0 switches from T") for first in firsts)
    assert not any("computes r" in first for first in firsts)


def test_all_of_it_is_the_first_sentence_and_the_details():
    """`narrate` leaves nothing out."""
    trace = run(SYNCHRONISED)
    for tick in range(trace.end + 1):
        first, details = trace.narration(tick)
        assert trace.narrate(tick) == " ".join([first, *details])


SYNCHRONISED = """
lock = Lock()
full = Semaphore(0)
ready = Condition()
gate = Barrier(2)
go = 0
def worker(n):
    global go
    with lock:
        work(60)
    full.release()
    with ready:
        go = 1
        ready.notify()
    gate.wait()
def main():
    t = spawn(worker, 1)
    sleep(30)
    with lock:
        pass
    full.acquire()
    full.release()
    full.acquire()
    with ready:
        while not go:
            ready.wait()
    gate.wait()
    join(t)
"""
WOKEN = """
ready = Condition()
go = 0
def worker():
    with ready:
        while not go:
            ready.wait()
def main():
    global go
    t = spawn(worker)
    sleep(30)
    with ready:
        go = 1
        ready.notify()
    join(t)
"""
TALKING = """
def main():
    f = open("log", "w")
    write(f, 5)
    close(f)
    f = open("log")
    print(read(f), read(f), seek(f, 0), read(f))
    close(f)
    p = pipe()
    child = fork()
    if child == 0:
        close(p)
        write(p + 1, 9)
        close(p + 1)
        print(recv())
        reply(serve() + 1)
        exit(3)
    close(p + 1)
    print(read(p), read(p))
    send(child, 4)
    print(call(child, 1))
    q = shared("board", 2)
    poke(q, 6)
    io(3)
    sleep(2)
    wait()
    kill(99)
    exec("next")
"""
EXPECTED = [
    (SYNCHRONISED, {}, "T2 acquires the lock."),
    (SYNCHRONISED, {}, "T2 releases the lock."),
    (SYNCHRONISED, {}, "releases the semaphore “full”"),
    (SYNCHRONISED, {}, "acquires the semaphore “full”, which is now 0."),
    (SYNCHRONISED, {}, "T1 blocks: it waits for the lock."),
    (SYNCHRONISED, {}, "is the last of 2 threads at the barrier “gate”: all continue."),
    (WOKEN, {}, "T1 notifies T2 at the condition “ready”. T2 has to acquire the lock again"),
    (TALKING, {}, "opens 'log' (w) as descriptor 3."),
    (TALKING, {}, "writes 5 as word 0 of 'log'."),
    (TALKING, {}, "is at the end of 'log'"),
    (TALKING, {}, "creates pipe 1. Descriptor 3 reads from it, descriptor 4 writes to it."),
    (TALKING, {}, "Process 3 is a copy of its parent, but only with the thread that forked."),
    (TALKING, {}, "(copy on write)"),
    (TALKING, {}, "writes 9 into pipe 1."),
    (TALKING, {}, "reads 9 from pipe 1."),
    (TALKING, {}, "returns end-of-file. No process has the writing end of pipe 1 open"),
    (TALKING, {}, "blocks: it waits for a message."),
    (TALKING, {}, "sends 4 to a (pid 3)."),
    (TALKING, {}, "replies 2 to T1 of a (pid 2)."),
    (TALKING, {}, "Page 0 of the shared memory 'board' is mapped to frame"),
    (TALKING, {}, "which it shares."),
    (TALKING, {}, "Device 0 starts work for T1 of a (pid 2), for 3 ticks."),
    (TALKING, {}, "blocks: it sleeps for 2 ticks."),
    (TALKING, {}, "a (pid 2) collects the exit status of a (pid 3)."),
    (TALKING, {}, "T1 of a (pid 2) calls kill, which fails: there is no such process."),
    (TALKING, {}, "T1 of a (pid 2) calls exec, which fails: the disk holds no program 'next'."),
    (TALKING, {"demand": True, "tlb": 2}, "T1 of a (pid 2) has a page fault when it tries to read"),
    (TALKING, {"tlb": 2}, "TLB miss: core 0 looks up page"),
    (TALKING, {"tlb": 2}, "drops all entries of its TLB."),
    (
        "def main():\n    if fork() == 0:\n        sleep(9)\n",
        {},
        "init adopts a (pid 3), because its parent has ended.",
    ),
    ("def main():\n    assert 0\n", {}, "SIGABRT (6), which ends the whole process."),
    ("def main():\n    assert 0\n", {"exceptions": "thread"}, "No handler catches it, so T1 ends."),
    (
        "a = [0] * 600\ndef main():\n    for i in range(9): a[i * 60] = i\n",
        {"ram": 4096, "page_size": 512, "replacement": Replacement("fifo"), "swap": 8192},
        "RAM is full: page",
    ),
]


@pytest.mark.parametrize(("text", "settings", "sentence"), EXPECTED)
def test_a_sentence_for_what_happens(text: str, settings: dict[str, Any], sentence: str):
    """The words a listener hears."""
    assert sentence in story(run(text, scheduler=RoundRobin(quantum=7), **settings))


@pytest.mark.parametrize(
    ("memory", "writes"),
    [({}, True), ({"contiguous": Contiguous()}, False), ({"segmentation": Segmentation()}, False)],
)
def test_a_fork_tells_of_copy_on_write_only_where_there_are_pages(
    memory: dict[str, Any], writes: bool
):
    """A stretch of RAM is copied at the fork, not when it is written to."""
    told = story(run("def main():\n    if fork() == 0: exit(0)\n    wait()\n", **memory))
    assert "T1 of a (pid 2) forks: its child is process 3." in told
    assert ("(copy on write)" in told) == writes


def test_a_page_fault_is_told_before_what_it_leads_to():
    """First the fault, then the copy, then the write that was tried again."""
    text = "x = 1\ndef main():\n    global x\n    fork()\n    x = 5\n"
    told = next(text for text in map(run(text).narrate, range(99)) if "page fault" in text)
    places = [told.find(part) for part in ("page fault", "gets its own copy", "stores 5 in x")]
    assert -1 < places[0] < places[1] < places[2]


def test_deadlock_is_told_as_a_circle():
    """Who waits for whom, round to the first."""
    text = (
        "a = Lock()\nb = Lock()\n"
        "def worker():\n    with b:\n        sleep(9)\n        with a: pass\n"
        "def main():\n    t = spawn(worker)\n    with a:\n        sleep(9)\n        with b: pass\n"
    )
    told = story(run(text))
    assert re.search(
        r"(T.) and (T.) wait for each other: deadlock\. \1 waits for \2, which waits for \1\.", told
    )


def test_interventions_are_told():
    """What came from outside is called so."""
    trace = run(SYNCHRONISED, scheduler=RoundRobin(quantum=7))
    tick = next(t for t in range(9, trace.end) if trace.at(t).ready)
    key = trace.at(tick).ready[0]
    steps = [RunNext(*key), Write(2, "go", 5), Inject(2, 1), Kill(2)]
    for step, words in zip(
        steps, ["is given core 0", "go = 5 is written", "is made to fail", "is killed"], strict=True
    ):
        assert f"From outside, {'T' if isinstance(step, RunNext | Inject) else ''}" in (
            trace.branch(at=tick, do=step).narrate(tick)
        )
        assert words in trace.branch(at=tick, do=step).narrate(tick)


def test_a_higher_priority_takes_the_core():
    """A thread that has to leave did not use up its slice."""
    from kit import Priority  # noqa: PLC0415

    machine = launch("def main(): work(20)", scheduler=Priority(), costs=Costs.free())
    machine.launch(Program("urgent", "def main(): work(3)"), at=5, priority=9)
    trace = machine.run()
    assert "T1 of a (pid 2) is preempted: core 0 goes to another thread." in trace.narrate(5)
    assert "used up" not in trace.narrate(5)


def test_after_exec_the_new_program_is_told():
    """Instructions and variables are those of the program that runs."""
    machine = launch('def main():\n    exec("next")\n')
    machine.install(Program("next", "fresh = 4\ndef main():\n    global fresh\n    fresh = 7\n"))
    trace = machine.run()
    told = story(trace)
    assert "a now runs next, in a single new thread, T2." in told
    assert "stores 7 in fresh" in told


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("test_and_set(address(x))", "sets x to 1 in one step; it was 5"),
        ("fetch_and_add(address(x), 4)", "adds 4 to x in one step; it was 5"),
        ("compare_and_swap(address(x), 5, 7)", "finds 5 in x and sets it to 7, in one step"),
        ("compare_and_swap(address(x), 6, 7)", "does not find 6 in x, and leaves it as it is"),
    ],
)
def test_what_is_done_in_one_step_is_told_as_one(call: str, told: str):
    """The sentence says what was found, and what is there now."""
    assert told in story(run(f"x = 5\ndef main():\n    {call}\n"))


def test_a_child_holds_the_lock_that_its_parent_held():
    """Private memory is copied at fork, and what it says of locks with it."""
    text = (
        "lock = Lock()\ndef main():\n    with lock:\n        p = fork()\n        work(9)\n"
        "    if p: wait()\n"
    )
    trace = run(text, scheduler=RoundRobin(4))
    forked = trace.happened("fork")[0]
    after = trace.at(forked.tick + 1)
    assert {(lock.pid, lock.holder) for lock in after.locks} == {(2, (2, 1)), (3, (3, 1))}


ENDINGS = {
    "a lock in the shared memory 'board'": (
        "def main():\n    p = shared('board', 2)\n    acquire(p)\n    exit(0)\n"
    ),
    "the lock “m”": (
        "m = Lock()\ndef take():\n    m.acquire()\n"
        "def main():\n    join(spawn(take))\n    print(1)\n"
    ),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_a_lock_that_outlives_its_holder_is_told_of(what: str):
    """Memory that goes on holds the word of a thread that has ended."""
    told = story(run(ENDINGS[what]))
    assert (
        f"T{1 if 'shared' in what else 2} ended while it held {what}, which will never be released."
        in told
    )


def test_a_lock_that_goes_with_its_process_is_not_told_of():
    """Where the memory is gone, nobody can wait for it."""
    assert "ended holding" not in story(run("m = Lock()\ndef main():\n    m.acquire()\n"))


def test_what_is_given_to_who_waits_is_told_so():
    """A semaphore on which a thread waits stays at 0."""
    text = (
        "s = Semaphore(0)\ndef worker(n):\n    s.acquire()\n"
        "def main():\n    t = spawn(worker, 1)\n    sleep(20)\n    s.release()\n"
        "    join(t)\n    s.release()\n"
    )
    told = story(run(text))
    assert "releases the semaphore “s”; the thread that has waited longest gets it." in told
    assert "releases the semaphore “s”, which is now 1." in told


def test_a_thread_that_is_killed_alone_ends_by_force():
    """Its process goes on, so that only its stack is freed."""
    trace = run("def worker(n):\n    work(80)\ndef main():\n    join(spawn(worker, 1))\n")
    killed = trace.branch(30, Kill(2, 2))
    assert "T2 is ended by force. Its stack is freed." in killed.narrate(30)
    both = trace.branch(30, Kill(2))
    assert "ends because its whole process ends." in both.narrate(30)


def test_a_process_that_never_was_has_a_number():
    """What is sent to nobody is told by the pid that was given."""
    told = story(run("def main():\n    send(99, 1)\n    kill(98)\n"))
    assert "None" not in told
    assert "that process has ended, or never was" in told


def test_while_a_core_works_for_the_system_its_mode_is_told():
    """A handler runs in kernel mode; a walk of the page table is the hardware's own work."""
    trace = run("def main(): print(1)", costs=Costs(system_call=3))
    (tick, *_) = [one.tick for one in trace.crossings if one.kind == "trap"]
    said = "Core 0 is in kernel mode (system_call), so T1 has to wait."
    assert trace.narrate(tick + 1) == trace.narrate(tick + 2) == said
    walking = run("x = 0\ndef main(): print(x)", tlb=2, costs=Costs(tlb_miss=4))
    told = {walking.narrate(tick) for tick in range(walking.end)}
    assert "Core 0 waits for RAM, and so does T1." in told


def test_a_slice_ends_by_the_interrupt_of_the_timer():
    """The sentence says what takes the core from the thread."""
    loop, other = "def main():\n    for i in range(9): pass", "def main(): print(1)"
    trace = run(loop, other, scheduler=RoundRobin(4))
    said = "The timer interrupts T1 of a (pid 2), which has used up its quantum."
    assert said in trace.narrate(4)


def test_a_thread_is_in_no_state_before_it_exists():
    """What is told of a process's first thread agrees with its state, from the launch on."""
    for name in SCENARIOS:
        trace = scenario(name)
        for (pid, tid), birth in trace.history.births.items():
            states = trace.history.processes[pid].threads[tid].state
            assert birth.tick == states.ticks[0]
            before = trace.at(max(birth.tick - 1, 0)).processes.get(pid)
            assert birth.tick == 0 or before is None or tid not in before.threads
    trace = scenario("one_program")
    launched, begins = (trace.happened(kind)[0].tick for kind in ("launch", "thread"))
    assert launched < begins
    assert "Its thread T1 is new" in trace.narrate(launched)
    assert trace.at(launched).processes[2].threads[1].state == "new"
    assert "T1 gets a stack and can begin, in main." in trace.narrate(begins)
