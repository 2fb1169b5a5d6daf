"""Signals that stop a process, and SIGCONT, which lets it go on."""

from __future__ import annotations

from typing import Any

import pytest

from kit import MLFQ, Costs, Machine, Priority, Program, RoundRobin, Trace
from kit.explore import explore
from kit.lang.signals import Signal
from kit.sim.snapshots import restore, snapshot
from kit.trace.narration.brief import happenings
from tests.running import ended, told

CHILD = """
def worker():
    for i in range(200): work(1)
    print("worked")

def main():
    child = fork()
    if child == 0:
        other = spawn(worker)
        DOES
        join(other)
        exit(7)
    sleep(30)
    kill(child, SIGSTOP)
    sleep(40)
    THEN
    wait()
    print(exit_status(), term_signal())
"""


def stopped(does: str, then: str, **settings: Any) -> Trace:
    """Run a process that stops another one; both say what they do."""
    machine = Machine(**{"scheduler": RoundRobin(5), **settings})
    machine.launch(Program("stops", CHILD.replace("DOES", does).replace("THEN", then)))
    return machine.run()


def stops(trace: Trace) -> int:
    """The tick at which the process is stopped."""
    return int(told(trace, "kill")[0][0])


POLICIES = [RoundRobin(5), MLFQ(), Priority()]


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("costs", [Costs(), Costs(context_switch=2, system_call=1)], ids=["", "c"])
def test_no_thread_of_a_stopped_process_executes(cores: int, policy: Any, costs: Costs):
    """Whoever ran or was ready executes nothing until SIGCONT, and then goes on where it was."""
    trace = stopped("worker()", "kill(child, SIGCONT)", cores=cores, scheduler=policy, costs=costs)
    start, end = (tick for tick, *_ in told(trace, "kill"))
    for tid in (1, 2):
        thread = trace.record.threads[3, tid]
        assert thread.retired(start) == thread.retired(end)
    moment = trace.at(end - 1).processes[3]
    assert (moment.state, moment.stopped) == ("blocked", True)
    assert {thread.waits_for for thread in moment.threads.values()} == {("stopped", 0)}
    assert not trace.at(end).processes[3].stopped
    assert trace.output(3) == "worked\nworked\n"
    assert trace.output(2) == "7 0\n"


def test_no_turn_is_for_a_stopped_process_while_another_computes():
    """Also where the ready queue goes round without a look at each thread."""
    computes = CHILD.replace("sleep(40)", "for i in range(40): pass")
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(
        Program("stops", computes.replace("DOES", "worker()").replace("THEN", "kill(child)"))
    )
    trace = machine.run()
    start, end = (tick for tick, *_ in told(trace, "kill"))
    assert end - start > 40
    for tid in (1, 2):
        thread = trace.record.threads[3, tid]
        assert thread.retired(start) == thread.retired(end)
    computer = machine._computer
    assert (computer.stopped, computer.processes[3].stopped) == (set(), False)


def test_only_what_runs_blocks():
    """A thread that is ready notices that its process is stopped when it gets a core."""
    trace = stopped("worker()", "kill(child, SIGCONT)")
    start = stops(trace)
    before = trace.at(start - 1).processes[3].threads
    assert [thread.state for thread in before.values()] == ["ready", "ready"]
    blocked = [e for e in trace.happened("block", pid=3) if e.details["reason"] == "stopped"]
    assert len(blocked) == 2
    for event in blocked:
        assert event.tick >= start
        turns = [e.tick for e in trace.happened("dispatch", pid=3, tid=event.tid)]
        assert event.tick in turns


def test_what_it_waited_for_may_come_meanwhile():
    """A sleeper of a stopped process is woken, and stays on no core."""
    trace = stopped("sleep(50)", "kill(child, SIGCONT)")
    end = told(trace, "kill")[1][0]
    wakes = [e.tick for e in trace.happened("wake", pid=3, tid=1)]
    assert stops(trace) < wakes[0] < end
    assert trace.at(end - 1).processes[3].threads[1].waits_for == ("stopped", 0)


@pytest.mark.parametrize(
    ("then", "output"),
    [
        ("kill(child)", "-1 9\n"),
        ("kill(child, SIGTERM); kill(child, SIGCONT)", "-1 15\n"),
        ("kill(child, SIGTERM); kill(child, SIGINT); kill(child, SIGCONT)", "-1 2\n"),
        ("kill(child, SIGHUP); kill(child, SIGSEGV); kill(child, SIGCONT)", "-1 11\n"),
        ("kill(child, SIGCHLD); kill(child, SIGSTOP); kill(child, SIGCONT)", "7 0\n"),
    ],
)
def test_other_signals_wait_until_it_goes_on(then: str, output: str):
    """But SIGKILL, which ends it at once; of several, exceptions first, then the lowest number."""
    then = "\n    ".join(then.split("; "))
    assert stopped("pass", then).output(2) == output


def test_what_waits_is_shown_and_gone_with_the_process():
    """`pending` has it until SIGCONT comes, or SIGKILL."""
    trace = stopped("pass", "kill(child, SIGTERM)\n    sleep(10)\n    kill(child, SIGCONT)")
    _, (term, *_), (cont, *_) = told(trace, "kill")
    assert trace.at(term - 1).processes[3].pending == ()
    assert trace.at(cont - 1).processes[3].pending == (Signal.SIGTERM,)
    assert trace.at(cont).processes[3].pending == ()
    assert "is stopped, so SIGTERM (15) waits until SIGCONT comes." in trace.narrate(term)
    assert ended(trace, 3).signal == Signal.SIGTERM
    trace = stopped("pass", "kill(child, SIGTERM)\n    sleep(10)\n    kill(child)\n    sleep(10)")
    end = told(trace, "kill")[2][0]
    before, after = (trace.at(tick).processes[3] for tick in (end - 1, end))
    assert (before.stopped, before.pending) == (True, (Signal.SIGTERM,))
    assert (after.state, after.stopped, after.pending) == ("zombie", False, ())


def test_it_is_told():
    """The narration, few words, and the end of a run that nobody lets go on."""
    trace = stopped("worker()", "pass")
    start = stops(trace)
    assert "Process 3 is stopped: its threads do not run until SIGCONT" in trace.narrate(start)
    (first, *_) = [e for e in trace.happened("block", pid=3) if e.details["reason"] == "stopped"]
    assert "waits for SIGCONT, because its process is stopped." in trace.narrate(first.tick)
    said = [one.text for one in happenings(trace.history)]
    assert "T1 of stops (pid 2) sends SIGSTOP to process 3" in said
    assert trace.happened("stuck")
    again = stopped("pass", "kill(child, SIGSTOP)\n    kill(child, SIGCONT)")
    (_, (stop, *_), _) = told(again, "kill")
    assert "Process 3 is stopped already." in again.narrate(stop)


def test_a_process_that_stops_itself():
    """The call returns 0 when it goes on, and all its threads were stopped."""
    machine = Machine(scheduler=RoundRobin(5))
    text = """
def other():
    work(60)
def main():
    me = getpid()
    child = fork()
    if child == 0:
        sleep(60)
        kill(me, SIGCONT)
        exit(0)
    a = spawn(other)
    print(kill(me, SIGSTOP))
    join(a)
    print(wait())
"""
    machine.launch(Program("self", text))
    trace = machine.run()
    assert trace.output(2) == "0\n3\n"
    (start, *_), (end, *_) = told(trace, "kill")
    assert end - start > 40
    assert trace.at(end - 1).processes[2].stopped


def test_a_process_is_stopped_while_it_is_loaded():
    """Its first thread begins when SIGCONT comes."""
    machine = Machine(costs=Costs(load_page=20))
    machine.launch(
        Program("boss", "def main():\n    kill(3, SIGSTOP)\n    sleep(90)\n    kill(3, SIGCONT)")
    )
    machine.launch(Program("late", "def main(): print(1)"), at=15)
    trace = machine.run()
    (start, *_), (end, *_) = told(trace, "kill")
    assert trace.at(start).processes[3].state == "new"
    assert trace.at(end - 1).processes[3].threads[1].waits_for == ("stopped", 0)
    assert trace.output(3) == "1\n"
    assert trace.happened("print", pid=3)[0].tick > end


def test_sigtstp_can_be_ignored_and_sigcont_not_quite():
    """SIGTSTP stops as SIGSTOP does, unless it is ignored; SIGCONT goes on even if ignored."""
    text = """
def main():
    child = fork()
    if child == 0:
        ignore(SIGCONT)
        IGNORE
        sleep(20)
        print("on")
        exit(0)
    sleep(10)
    kill(child, SIGTSTP)
    sleep(40)
    kill(child, SIGCONT)
    wait()
"""
    times = []
    for ignores in ("pass", "ignore(SIGTSTP)"):
        machine = Machine()
        machine.launch(Program("tstp", text.replace("IGNORE", ignores)))
        trace = machine.run()
        cont = told(trace, "kill")[1][0]
        times.append(trace.happened("print", pid=3)[0].tick > cont)
    assert times == [True, False]


def test_a_zombie_may_be_sent_signals():
    """As on Linux it is no error, and nothing happens; once it has been waited for it is one."""
    text = """
def main():
    child = fork()
    if child == 0: exit(3)
    sleep(20)
    print(kill(child, SIGTERM), kill(child), kill(child, SIGSTOP))
    wait()
    print(exit_status(), kill(child))
"""
    machine = Machine()
    machine.launch(Program("late", text))
    trace = machine.run()
    assert trace.output(2) == "0 0 0\n3 -1\n"
    assert "has ended already and is a zombie" in trace.narrate(told(trace, "kill")[0][0])


def test_a_pipe_breaks_while_a_writer_is_stopped():
    """SIGPIPE waits as other signals do."""
    text = """
def main():
    p = pipe()
    child = fork()
    if child == 0:
        close(p)
        while True: write(p + 1, 1)
    close(p + 1)
    sleep(400)
    kill(child, SIGSTOP)
    close(p)
    sleep(50)
    kill(child, SIGCONT)
    wait()
    print(term_signal())
"""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("pipes", text))
    trace = machine.run()
    (start, *_), (end, *_) = told(trace, "kill")
    assert trace.at(end - 1).processes[3].pending == (Signal.SIGPIPE,)
    assert trace.output(2) == "13\n"
    assert start < end


def test_a_snapshot_of_a_stopped_process():
    """It is stopped again after going back, and goes on as the first time."""
    machine = Machine(scheduler=RoundRobin(5))
    text = CHILD.replace("DOES", "worker()").replace("THEN", "kill(child, SIGCONT)")
    machine.launch(Program("stops", text))
    computer = machine._computer
    computer.run(until=60)
    kept = snapshot(computer)
    assert computer.stopped == {3}
    computer.run()
    end = computer.now
    restore(kept)
    assert computer.stopped == {3}
    computer.run()
    assert computer.now == end


@pytest.mark.parametrize("when", ["flag", "not flag"])
def test_states_that_differ_only_in_what_waits_are_kept_apart(when: str):
    """Which state is found first depends on the search, so both orders are tried."""
    text = f"""
flag = 0
def racer():
    global flag
    flag = 1
def main():
    global flag
    child = fork()
    if child == 0:
        exit(7)
    kill(child, SIGSTOP)
    t = spawn(racer)
    if {when}:
        kill(child, SIGTERM)
    join(t)
    flag = 0
    kill(child, SIGCONT)
    wait()
"""
    outcomes = explore(Program("race", text))
    assert outcomes.complete
    ended_by = {outcome.signals.get(3) for outcome in outcomes.outcomes}
    assert ended_by == {None, Signal.SIGTERM}


def test_every_schedule_of_stopping():
    """What is stopped for ever hangs; where it may end before, both are found, with witnesses."""
    text = """
def main():
    child = fork()
    if child == 0:
        exit(7)
    kill(child, SIGSTOP)
    wait()
"""
    outcomes = explore(Program("race", text))
    assert outcomes.complete
    hangs = {bool(outcome.final.waiting) for outcome in outcomes.outcomes}
    assert hangs == {True, False}
    for outcome in outcomes.outcomes:
        trace = outcomes.witness(outcome)
        assert bool(trace.happened("stuck")) == bool(outcome.final.waiting)
    goes_on = explore(
        Program("race", text.replace("    wait()", "    kill(child, SIGCONT)\n    wait()"))
    )
    assert {outcome.exit_codes[3] for outcome in goes_on.outcomes} == {7}
