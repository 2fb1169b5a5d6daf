"""Signals: sending, default actions, ignoring, and what a parent is told."""

from __future__ import annotations

import pytest

from kit import Inject, Machine, Program, RoundRobin
from kit.errors import LanguageError
from kit.explore import explore
from kit.lang.signals import HARMLESS, NEVER_IGNORED, STOPPING, Signal
from kit.quiz import ask
from kit.sim.faults import FAULTS, SIGNALS
from kit.trace.narration.brief import happenings
from kit.trace.passing import find_arrows
from tests.running import ended, fault, launch, run, told

SENT = """
def main():
    child = fork()
    if child == 0:
        IGNORE
        sleep(30)
        exit(7)
    sleep(10)
    print(kill(child, SIGNAL))
    print(wait(), exit_status(), term_signal())
"""


def sent(signal: str, ignored: str = "") -> Program:
    """A parent sends a signal to a child that may ignore one."""
    ignore = f"ignore({ignored})" if ignored else "pass"
    return Program("sent", SENT.replace("SIGNAL", signal).replace("IGNORE", ignore))


def of(program: Program) -> Machine:
    """A machine that runs a program."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(program)
    return machine


@pytest.mark.parametrize("signal", Signal)
def test_a_signal_does_what_it_does_by_default(signal: Signal):
    """It ends the process, which then has no exit code, or stops it, or does nothing."""
    trace = of(sent(signal.name)).run()
    child = ended(trace, 3)
    if signal in STOPPING:
        assert (child.state, child.stopped) == ("blocked", True)
        assert trace.output(2) == "0\n"
    elif signal in HARMLESS | {Signal.SIGCONT}:
        assert (child.exit_code, child.signal) == (7, None)
        assert trace.output(2) == "0\n3 7 0\n"
    else:
        assert (child.exit_code, child.signal) == (None, signal)
        assert trace.output(2) == f"0\n3 -1 {signal.value}\n"


@pytest.mark.parametrize("signal", Signal)
def test_an_ignored_signal_does_nothing(signal: Signal):
    """SIGKILL and SIGSTOP cannot be ignored, and SIGCHLD need not be."""
    trace = of(sent(signal.name, signal.name)).run()
    possible = signal not in NEVER_IGNORED | HARMLESS
    (tick, *_) = told(trace, "kill")[0]
    assert trace.at(tick - 1).processes[3].ignored == ((signal,) if possible else ())
    assert trace.at(tick - 1).processes[2].ignored == ()
    assert ended(trace, 3).exit_code == (None if signal in NEVER_IGNORED else 7)
    assert ended(trace, 3).stopped == (signal == Signal.SIGSTOP)
    refused = [event.details["call"] for event in trace.happened("refuse")]
    assert refused == ([] if possible else ["ignore"])


def test_what_is_ignored_is_inherited_and_kept():
    """By a child from the moment of fork on, and by the program that exec brings."""
    machine = launch(
        """
        def main():
            ignore(SIGTERM)
            child = fork()
            if child == 0:
                exec("next")
            ignore(SIGINT)
            sleep(30)
            print(kill(child, SIGTERM))
            sleep(30)
            print(kill(child, SIGINT))
            print(wait(), term_signal())
        """
    )
    machine.install(Program("next", "def main(): sleep(500)"))
    trace = machine.run()
    assert trace.output(2) == "0\n0\n3 2\n"
    assert trace.at(30).processes[3].ignored == (Signal.SIGTERM,)
    assert trace.at(30).processes[2].ignored == (Signal.SIGINT, Signal.SIGTERM)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("kill(99, SIGTERM)", "there is no such process"),
        ("kill(2, 77)", "no signal has the number 77"),
        ("kill(1, SIGTERM)", "init cannot be killed"),
        ("ignore(0)", "no signal has the number 0"),
        ("ignore(SIGKILL)", "SIGKILL cannot be ignored"),
        ("ignore(SIGSTOP)", "SIGSTOP cannot be ignored"),
    ],
)
def test_what_cannot_be_is_refused(call: str, why: str):
    """The call returns -1 and says why, and nothing ends."""
    trace = run(f"def main(): print({call})")
    assert trace.output(2) == "-1\n"
    assert [event.details["reason"] for event in trace.happened("refuse")] == [why]


@pytest.mark.parametrize("name", ["SIGTTIN", "SIGWINCH", "SIG_IGN"])
def test_other_names_are_refused(name: str):
    """With those that there are; a handler is refused, too."""
    with pytest.raises(LanguageError, match="is no signal here; there are SIGHUP"):
        Program("a", f"def main(): kill(2, {name})")
    with pytest.raises(LanguageError, match="no handlers for signals"):
        Program("a", f"def main(): signal(SIGTERM, {name})")


def test_a_name_that_the_program_has_itself_is_its_own():
    """As any name that is no keyword."""
    text = "SIGTERM = 3\ndef f(SIGINT): return SIGINT\ndef main(): print(SIGTERM, f(4), SIGHUP)"
    assert run(text).output(2) == "3 4 1\n"


@pytest.mark.parametrize("kind", sorted(FAULTS - {"out of memory"}))
def test_a_fault_ends_its_process_although_the_signal_is_ignored(kind: str):
    """What cannot go on does not go on."""
    signal = SIGNALS[kind]
    text = f"def main():\n    ignore({signal.value})\n    sleep(50)"
    trace = launch(text).run().branch(20, Inject(2, 1, kind))
    assert trace.at(20).processes[2].ignored == (signal,)
    assert ended(trace).signal == signal


@pytest.mark.parametrize("waits", [False, True])
def test_who_ignores_sigpipe_is_told(waits: bool):
    """A write to a pipe without readers returns -1, also one that waited for room."""
    trace = run(
        f"""
        def main():
            ignore(SIGPIPE)
            p = pipe()
            if fork() == 0:
                close(p)
                sleep({0 if waits else 30})
                n = 0
                while write(p + 1, n) == 0:
                    n += 1
                print("told")
                exit(0)
            close(p + 1)
            sleep({100 if waits else 10})
            close(p)
            wait()
            print(exit_status(), term_signal())
        """,
        scheduler=RoundRobin(5),
    )
    assert (trace.output(3), trace.output(2)) == ("told\n", "0 0\n")
    assert trace.history.faults == []


def test_sending_and_ignoring_are_told():
    """Who sends which signal to whom, and what comes of it."""
    trace = of(sent("SIGTERM", "SIGTERM")).run()
    (tick, *_) = told(trace, "ignore")[0]
    assert "ignore SIGTERM (15) from now on." in trace.narration(tick).first
    (tick, *_) = told(trace, "kill")[0]
    assert "sends SIGTERM (15) to process 3." in trace.narration(tick).first
    assert "Process 3 ignores it" in trace.narrate(tick)
    fatal = of(sent("SIGINT")).run()
    (tick, *_) = told(fatal, "kill")[0]
    assert "Its default action ends the process." in fatal.narrate(tick)
    assert fatal.narration(tick).first.endswith("is ended by SIGINT (2).")


@pytest.mark.parametrize(
    ("signal", "text", "does"),
    [("SIGTERM", "SIGTERM", "sends SIGTERM to"), ("SIGKILL", "", "kills")],
)
def test_pictures_and_questions_say_which_signal_it_was(signal: str, text: str, does: str):
    """SIGKILL kills whatever the other process wants; others are sent, by their name."""
    trace = of(sent(signal)).run()
    (arrow,) = (one for one in find_arrows(trace.history) if one.kind == "kill")
    assert (arrow.text, arrow.told) == (text, does)
    told_briefly = [one.text for one in happenings(trace.history)]
    assert f"T1 of sent (pid 2) {does} process 3" in told_briefly
    (kill,) = trace.happened("kill")
    assert f" {does} sent (pid 3)." in ask(trace, "alive", at=kill.tick - 1).prompt


RACE = """
def main():
    child = fork()
    if child == 0:
        ignore(SIGTERM)
        exit(7)
    kill(child, SIGTERM)
    wait()
    print(term_signal())
"""


def test_every_schedule_of_a_signal_is_found():
    """The child ignores it in time or has come to its end, or it is ended by it."""
    outcomes = explore(Program("race", RACE))
    assert outcomes.complete
    found = {(o.output[2], o.exit_codes[3], o.signals.get(3)) for o in outcomes.outcomes}
    assert found == {("0\n", 7, None), ("15\n", None, Signal.SIGTERM)}
    for outcome in outcomes.outcomes:
        end = outcomes.witness(outcome)
        assert end.at(end.end).processes[3].signal == outcome.signals.get(3)


def test_assembly_has_both_calls():
    """A program with signals goes through assembly and back."""
    program = sent("SIGTERM", "SIGTERM")
    again = Program.from_assembly("sent", program.disassemble())
    assert of(again).run().output(2) == of(program).run().output(2) == "0\n3 7 0\n"


def test_the_event_of_an_end_has_the_signal():
    """The machine names the fault, and the signal that Linux sends for it."""
    trace = run("def main(): poke(0, 1)")
    assert fault(trace)[0] == "segmentation fault"
    (event,) = (event for event in trace.record.events if event.kind == "exit")
    assert (event.exit_code, event.signal) == (None, Signal.SIGSEGV)
