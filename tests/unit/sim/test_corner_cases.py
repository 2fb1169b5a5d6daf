"""Corners of the machine where a first version goes wrong."""

from __future__ import annotations

import pytest

from kit import (
    ArgumentError,
    Contiguous,
    KiB,
    Kill,
    LanguageError,
    LimitExceeded,
    Limits,
    Machine,
    Priority,
    Program,
    RoundRobin,
    RunNext,
    Trace,
    Write,
    replace_pages,
)
from tests.running import ended, fault, launch, run, told

COUNT = "x = 0\ndef main():\n    global x\n    for i in range(20): x += 1\n"


def job(ticks: int) -> str:
    """A program that computes."""
    return f"def main():\n    work({ticks})\n"


def test_run_next_holds_for_one_turn_under_any_policy():
    """A thread of low priority that was given the core keeps it until its slice ends."""
    machine = Machine(scheduler=Priority(quantum=10))
    for priority in (5, 1):
        machine.launch(Program("count", COUNT), priority=priority)
    branch = machine.run().branch(at=25, do=RunNext(3, 1))
    assert branch.at(25).running == branch.at(34).running == ((3, 1),)
    assert branch.at(35).running == ((2, 1),)


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_a_clock_ticks_once_a_tick_whatever_the_number_of_cores(cores: int):
    """Its interrupt comes to all cores at the same ticks."""
    trace = run(*[job(60)] * 4, cores=cores, scheduler=RoundRobin(10, timer="clock"))
    ticks = sorted({tick for tick, *_ in told(trace, "preempt")})
    assert ticks[:3] == [10, 20, 30]


def test_who_waits_for_a_child_that_another_thread_gets_goes_on():
    """The second one is told that there is no such child, as ECHILD does."""
    trace = run("""
def w(p): print("waited", wait(p))
def main():
    p = fork()
    if p == 0:
        sleep(50)
        exit(3)
    a = spawn(w, p)
    b = spawn(w, p)
    join(a)
    join(b)
    print("end")
""")
    assert trace.output(2) == "waited 3\nwaited -1\nend\n"


def test_a_program_larger_than_all_ram_is_refused():
    """At launch in words, in exec with -1; the caller of exec is still there."""
    big = Program("big", "a = [0] * 20000\ndef main(): print(1)")
    machine = launch(
        'def main(): print(exec("big"))', ram=24 * KiB, contiguous=Contiguous(stacks=1)
    )
    with pytest.raises(ArgumentError, match=r"'big' takes .* bytes in one stretch"):
        machine.launch(big)
    machine.install(big)
    assert machine.run().output(2) == "-1\n"


def test_affinity_does_not_let_a_worse_thread_run():
    """Of three threads on two cores the two best run, though one is bound to a core."""
    machine = Machine(cores=2, scheduler=Priority())
    machine.launch(Program("bound", job(40)), priority=5, cores=[0])
    machine.launch(Program("worst", job(40)), priority=1)
    machine.launch(Program("best", job(40)), at=10, priority=9)
    trace = machine.run()
    assert all(trace.at(tick).running == ((2, 1), (4, 1)) for tick in range(10, 40))


@pytest.mark.parametrize(("main", "worker", "code"), [("7 // 0", "0", 1), ("0", "7 // 0", 0)])
def test_the_exit_code_is_that_of_the_main_thread(main: str, worker: str, code: int):
    """As in Python, where an exception of another thread does not count."""
    text = (
        f"zero = 0\ndef w():\n    sleep(20)\n    x = {worker.replace('0', 'zero')}\n"
        f"def main():\n    spawn(w)\n    x = {main.replace('0', 'zero')}\n    thread_exit()\n"
    )
    assert ended(run(text, exceptions="thread")).exit_code == code


@pytest.mark.parametrize(("call", "code"), [("exit(256)", 0), ("exit(-1)", 255), ("exit(7)", 7)])
def test_a_parent_gets_eight_bits_of_an_exit_code(call: str, code: int):
    """So that no code looks like a signal."""
    assert ended(run(f"def main(): {call}")).exit_code == code


SEMAPHORES = """
a = Semaphore(1)
b = Semaphore(1)
def w():
    b.acquire()
    sleep(9)
    a.acquire()
def main():
    t = spawn(w)
    a.acquire()
    sleep(9)
    b.acquire()
"""
PIPES = """
def main():
    p = pipe()
    q = pipe()
    if fork() == 0:
        read(p)
        write(q + 1, 1)
        exit(0)
    read(q)
    write(p + 1, 1)
"""


@pytest.mark.parametrize(("text", "reason"), [(SEMAPHORES, "semaphore"), (PIPES, "pipe_read")])
def test_circles_of_semaphores_and_pipes_are_found_at_the_end(text: str, reason: str):
    """When nothing can happen any more, who waits for whom is written down as a circle."""
    ((_, circle),) = run(text).deadlocks
    assert [waits for _, _, waits, _ in circle] == [reason] * 2


def test_a_semaphore_that_nobody_took_is_no_circle():
    """Waiting for a signal that never comes is being stuck, not a deadlock."""
    trace = run("s = Semaphore(0)\ndef main(): s.acquire()")
    assert trace.deadlocks == ()
    assert told(trace, "stuck") != []


def test_a_child_holds_what_its_parent_held_in_its_memory():
    """Fork in a critical section: both are in it, each in its own copy."""
    trace = run("""
c = Condition()
def main():
    with c:
        p = fork()
        c.notify()
        if p == 0:
            exit(0)
    wait(p)
    print(exit_status())
""")
    assert trace.output(2) == "0\n"


def test_fetch_and_add_wraps_as_adding_does():
    """At 64 bits both go round."""
    text = "x = 9223372036854775807\ndef main(): print(fetch_and_add(address(x), 1), x)"
    assert run(text).output(2) == f"{2**63 - 1} {-(2**63)}\n"


def test_a_heap_comes_on_demand():
    """What is allocated and never touched takes no frames."""
    text = "def main():\n    p = alloc(2560)\n    p[3] = 4\n    print(p[3], p[2], p != 0)\n"
    memory = {
        demand: run(text, demand=demand).metrics().processes[2].memory for demand in (True, False)
    }
    assert memory[True] <= 4 * KiB < 20 * KiB < memory[False]
    assert run(text, demand=True).output(2) == "4 0 1\n"


@pytest.mark.parametrize(
    "code",
    ["LI r0, 4\nMOV sp, r0", "SUB sp, 4\nPUSH r0", "ADD fp, 3", "LI r0, 3\nPUSH r0\nPOP fp"],
)
def test_stack_and_frame_pointer_stand_between_words_never(code: str):
    """Where such a pointer is made, the thread fails; nothing of it is seen afterwards."""
    machine = Machine()
    machine.launch(Program.from_assembly("a", f".code\n{code}\nSYS exit"))
    kind, message = fault(machine.run())
    assert kind == "bus error"
    assert "which is not a multiple of 8" in message


@pytest.mark.parametrize("line", ["LOAD r0, [fp+3]", "DROP 4", "ENTER 12", "SYS print 0"])
def test_what_would_split_a_word_is_refused_in_assembly(line: str):
    """Distances on the stack are whole words; a text is one that can be read."""
    data = '.data\n.print "\\q"\n' if "print" in line else ""
    with pytest.raises(LanguageError, match=r"would split a word|is no text"):
        Program.from_assembly("a", f"{data}.code\n{line}")


def test_assembly_keeps_odd_places_and_empty_functions():
    """Between words, and without instructions, the round trip is exact too."""
    text = ".data\nx 7\ny 8\n.code\nLEA r0, data+12\nLOAD r1, data+4\n.function f()\n.function g()"
    program = Program.from_assembly("a", text)
    again = Program.from_assembly("a", program.disassemble())
    assert again.disassemble() == program.disassemble()
    assert list(again.image.routines) == ["f", "g"]
    assert again.image.code == program.image.code


def test_a_global_is_not_called_like_a_register():
    """Assembly could not tell them apart."""
    with pytest.raises(LanguageError, match="is the name of a register"):
        Program("a", "r0 = 1\ndef main(): print(r0)")


def test_minus_one_in_a_file_is_not_its_end():
    """Narration goes by the position, not by the word."""
    trace = run(
        'def main():\n    f = open("f", "w")\n    write(f, -1)\n    write(f, 5)\n    close(f)\n'
        '    f = open("f")\n    print(read(f), read(f), read(f))\n'
    )
    said = " ".join(map(trace.narrate, range(trace.end + 1)))
    assert said.count("is at the end of 'f'") == 1
    assert "reads -1, word 0 of 'f'." in said


def test_a_branch_at_the_very_end_of_a_stopped_run():
    """What is done there is done, though the limit is reached again."""
    with pytest.raises(LimitExceeded) as stopped:
        run("def main():\n    while True: fork()\n", limits=Limits(processes=5))
    trace: Trace = stopped.value.trace
    with pytest.raises(LimitExceeded) as again:
        trace.branch(at=trace.end, do=Kill(2))
    assert "intervene" in [event.kind for event in again.value.trace.events]


def test_a_thread_killed_while_it_waits_is_not_counted():
    """A barrier needs as many living threads as before."""
    text = """
gate = Barrier(2)
def w():
    gate.wait()
def main():
    a = spawn(w)
    sleep(50)
    b = spawn(w)
    sleep(50)
    print("arrived", peek(address(gate) + 8))
"""
    trace = run(text)
    killed = trace.branch(at=40, do=Kill(2, 2))
    assert trace.output(2) == "arrived 0\n"
    assert killed.output(2) == "arrived 1\n"


def test_code_is_no_lock():
    """A lock is written when it is taken, so an address that cannot be is a fault at once."""
    assert fault(run("def main(): acquire(1024)"))[0] == "protection fault"


MISTAKES = [
    (lambda: Write(2, ["x"], 3), r"place is \['x'\]"),
    (lambda: replace_pages([1, 2], 2, ["lru"]), r"no policy \['lru'\]"),
    (lambda: replace_pages([[1]], 1, "lru"), r"\[1\] cannot name a page"),
    (lambda: run(COUNT).to_frame(["events"]), r"no table \['events'\]"),
]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_lists_where_names_belong(number: int):
    """What cannot be looked up is refused, not a traceback."""
    action, words = MISTAKES[number]
    with pytest.raises(ArgumentError, match=words):
        action()


CHAIN = """
def w(t): join(t)
def main():
    s = gettid()
    for i in range(1000): s = spawn(w, s)
    recv()
"""


def test_a_thousand_threads_may_wait_in_a_row():
    """Looking for a circle is no deeper for a long row than for a short one."""
    trace = run(CHAIN, ram=4096 * KiB, address_space=64 * 1024 * KiB)
    assert trace.deadlocks == ()
    assert len(told(trace, "stuck")[0][2]) == 1001


def test_who_waits_for_a_process_that_has_not_begun_is_in_no_circle():
    """A child that waits for RAM can be waited for; it does not wait for anybody."""
    program = "a = [0] * 600\ndef main(): pass"
    machine = launch(
        'def main():\n    if fork() == 0: exec("big")\n    wait()\n',
        ram=24 * KiB,
        contiguous=Contiguous(stacks=1),
    )
    machine.install(Program("big", program))
    machine.launch(Program("stays", "def main(): recv()"))
    trace = machine.run()
    assert trace.deadlocks == ()
    assert {reason for _, _, reason, _ in told(trace, "stuck")[0][2]} == {"wait", "message", "new"}
