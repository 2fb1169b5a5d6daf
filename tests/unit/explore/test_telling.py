"""A failing schedule in words: who ran from where to where, what changed, and where all are."""

import re

from kit import Machine, Program
from kit.explore import Spec, check_program, explore
from kit.explore.telling import MOST_TURNS, schedule_of

LOCKS = """
first = Lock()
second = Lock()
done = 0

def one():
    global done
    with first:
        with second:
            done += 1

def other():
    with second:
        with first:
            pass

def main():
    a = spawn(one)
    b = spawn(other)
    join(a)
    join(b)
"""
ASSERTS = """
count = 0
log = [0, 0]

def worker(me):
    global count
    log[me] = 1
    count += 1
    assert count == 1, "alone"

def main():
    a = spawn(worker, 0)
    b = spawn(worker, 1)
    join(a)
    join(b)
"""


def test_a_deadlock_names_locks_holders_and_lines():
    """Each thread that waits is told with its line, and a lock with its holder."""
    (breach,) = check_program(Program("locks", LOCKS), Spec()).breaches
    assert breach.kind == "deadlock"
    assert "threads wait forever (T1 for join, T2 for lock, T3 for lock): " in breach.message
    assert "T1 waits at line 21 for T2 to end." in breach.message
    assert "T2 waits at line 10 for lock second, held by T3." in breach.message
    assert breach.message.endswith("T3 waits at line 14 for lock first, held by T2")


def test_a_failed_assert_is_told_with_its_line_text_and_values():
    """The line, what was to hold, and the globals that it speaks of."""
    fault, _ = check_program(Program("asserts", ASSERTS), Spec(may_race=["log"])).breaches
    assert re.search(
        r"failed assert: T[23] at line 9 found that an assert did not hold: "
        r"count == 1: alone; count = [12]$",
        fault.message,
    )


def test_a_schedule_is_told_turn_by_turn():
    """One sentence for a turn, with lines and changes of globals; then how it ends."""
    verdict = check_program(Program("asserts", ASSERTS), Spec())
    told = verdict.breaches[0].schedule()
    assert told[0].startswith("T1 runs from line ")
    assert any("log[0] 0 → 1" in sentence for sentence in told)
    assert any("count 0 → 1" in sentence or "count 1 → 2" in sentence for sentence in told)
    assert "found that an assert did not hold" in told[-1]
    lines = str(verdict).splitlines()
    start = lines.index("A schedule that shows the first of these:")
    assert [line.strip() for line in lines[start + 1 :]] == list(told[:-1])


def test_a_long_schedule_is_cut_in_its_middle():
    """Of very many turns the first and the last are told, and how many are left out."""
    text = """
turn = 0
def worker(me):
    global turn
    for i in range(20):
        while turn != me:
            pass
        turn = 1 - me
def main():
    a = spawn(worker, 0)
    b = spawn(worker, 1)
    join(a)
    join(b)
"""
    told = schedule_of(explore(Program("turns", text)).witness(0))
    assert len(told) == MOST_TURNS + 1
    assert re.fullmatch(r"… \d+ more turns …", told[MOST_TURNS // 2])


def test_several_processes_are_told_apart():
    """A turn of one of several processes says whose it is."""
    machine = Machine()
    for name in ("one", "two"):
        machine.launch(Program(name, "x = 0\ndef main():\n    global x\n    x = 1"))
    told = schedule_of(machine.run())
    turn = r"T1 of pid [23] runs from line 2 to line 4: x 0 → 1\."
    assert all(re.fullmatch(turn, sentence) for sentence in told)
