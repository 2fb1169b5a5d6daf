"""Exercises of the lessons accept every right solution, and nothing that misses their goal."""

import re

import pytest

from tests.lesson_exercises import exercise_of
from tests.solutions.boxes import RIGHT_BOXES, WRONG_BOXES
from tests.solutions.feedback import RIGHT_GREEDY, WRONG_GREEDY
from tests.solutions.forking import RIGHT_FAMILIES, WRONG_FAMILIES
from tests.solutions.paging import RIGHT_ROWS, WRONG_ROWS
from tests.solutions.processes import RIGHT_OVERLAPS, RIGHT_WORDS, WRONG_OVERLAPS, WRONG_WORDS
from tests.solutions.sharing import (
    RIGHT_REPORTS,
    RIGHT_SEARCHES,
    RIGHT_TICKETS,
    WRONG_REPORTS,
    WRONG_SEARCHES,
    WRONG_TICKETS,
)
from tests.solutions.switching import RIGHT_HELPERS, WRONG_HELPERS
from tests.solutions.waiting import (
    RIGHT_ACCOUNTS,
    RIGHT_SENDERS,
    RIGHT_SHOPS,
    WRONG_ACCOUNTS,
    WRONG_SENDERS,
    WRONG_SHOPS,
)

JOB = "work(n)"


def jobs(*lengths: int, job: str = JOB) -> str:
    """Return a program whose children run jobs of some lengths, started in that order."""
    started = "".join(f"    job({ticks})\n" for ticks in lengths)
    waited = "    wait()\n" * len(lengths)
    lines = "".join(f"        {line}\n" for line in job.splitlines())
    return (
        f"def job(n):\n    if fork() == 0:\n{lines}        exit(0)\ndef main():\n{started}{waited}"
    )


RIGHT_JOBS = {
    "three equal jobs": jobs(60, 60, 60),
    "shortest first": jobs(54, 58, 62),
    "longest first": jobs(62, 58, 54),
    "the middle one first": jobs(58, 62, 54),
    "four jobs": jobs(70, 70, 70, 70),
    "five jobs": jobs(70, 70, 70, 70, 70),
    "long jobs": jobs(100, 100, 100),
    "a job in a loop": jobs(10, 10, 10, job="for i in range(n): work(6)"),
    "a job that counts": jobs(12, 12, 12, job="x = 0\nwhile x < n: x += 1"),
    "three functions": """
def one(): work(62)
def two(): work(64)
def three(): work(63)
def main():
    if fork() == 0:
        one()
        exit(0)
    if fork() == 0:
        two()
        exit(0)
    if fork() == 0:
        three()
        exit(0)
    wait()
    wait()
    wait()
""",
    "children in a loop": """
def main():
    for i in range(4):
        if fork() == 0:
            work(90)
            exit(i)
    for i in range(4):
        wait()
""",
    "jobs that print": jobs(60, 60, 60, job='work(n)\nprint("done")'),
}
WRONG_JOBS = {
    "the starter": (jobs(9, 3, 6), "Turnaround"),
    "a long job first": (jobs(90, 5, 5), "Turnaround"),
    "two jobs": (jobs(60, 60), "three children"),
    "no order at all": (jobs(1, 1, 1), "Turnaround"),
    "one after the other": (
        jobs(60).replace("    job(60)\n    wait()\n", "    job(60)\n    wait()\n" * 3),
        "Turnaround",
    ),
    "jobs that are cut off": (
        jobs(60, 60, 60, job="work(n)\nabort()"),
        "let all of them end",
    ),
}


SUMS = """total = 0
def main():
    global total
    for i in range(60):
        total += i
        GIVE
    print("total", total)
"""


def sums(give: str) -> str:
    """Return the program that sums, with a line of its loop."""
    return SUMS.replace("GIVE", give)


RIGHT_SUMS = {
    "a sleep in each round": sums("sleep(1)"),
    "a sleep of one tick, twice": sums("sleep(1)\n        sleep(1)"),
    "a longer sleep": sums("sleep(5)"),
    "a device in each round": sums("io(1)"),
    "now and then": sums("if i % 10 == 0: sleep(2)"),
    "a device now and then": sums("if i % 6 == 5: io(3)"),
    "a function that gives it back": "def give(): sleep(1)\n" + sums("give()"),
    "before the sum and in it": sums("sleep(1)").replace("    for", "    sleep(3)\n    for"),
    "a while loop": sums("sleep(1)")
    .replace("for i in range(60):", "i = 0\n    while i < 60:")
    .replace("sleep(1)", "i += 1\n        sleep(1)"),
    "one long sleep when all is summed": sums("pass").replace(
        "    print", "    sleep(300)\n    print"
    ),
}
WRONG_SUMS = {
    "the starter": (sums("pass"), "clock at tick"),
    "a call that returns at once": (sums("getpid()"), "clock at tick"),
    "a sleep of no ticks": (sums("sleep(0)"), "clock at tick"),
    "more to compute": (sums("work(5)"), "clock at tick"),
    "only once, at the beginning": (
        sums("pass").replace("    for", "    sleep(1)\n    for"),
        "clock at tick",
    ),
    "another sum": (sums("sleep(1)").replace("60", "50"), "total"),
}

EXERCISES = {
    "sums": (
        "04_how_the_system_gets_the_core_back",
        ("imports", "exercise-program", "exercise-clock", "exercise-judge", "exercise"),
        RIGHT_SUMS,
        WRONG_SUMS,
    ),
    "families": (
        "05_fork_exec_wait",
        ("imports", "exercise-program", "exercise-judge", "exercise"),
        RIGHT_FAMILIES,
        WRONG_FAMILIES,
    ),
    "overlaps": (
        "06_why_one_process_was_not_enough",
        ("imports", "exercise-program", "exercise-judge", "exercise"),
        RIGHT_OVERLAPS,
        WRONG_OVERLAPS,
    ),
    "jobs": (
        "07_scheduling",
        ("imports", "exercise-program", "averages", "exercise-judge", "exercise"),
        RIGHT_JOBS,
        WRONG_JOBS,
    ),
    "words": (
        "08_talking",
        ("imports", "starter", "carried", "exercise"),
        RIGHT_WORDS,
        WRONG_WORDS,
    ),
    "helpers": (
        "11_context_switch",
        ("imports", "exercise-helper", "exercise-main", "exercise-judge", "exercise"),
        RIGHT_HELPERS,
        WRONG_HELPERS,
    ),
    "largest": (
        "12_the_price_of_sharing",
        ("imports", "largest", "largest-main", "largest-judge", "exercise-1"),
        RIGHT_SEARCHES,
        WRONG_SEARCHES,
    ),
    "report": (
        "13_locks",
        ("imports", "half-program", "half-main", "half"),
        RIGHT_REPORTS,
        WRONG_REPORTS,
    ),
    "tickets": (
        "13_locks",
        ("imports", "tickets", "tickets-main", "exercise-1"),
        RIGHT_TICKETS,
        WRONG_TICKETS,
    ),
    "sender": (
        "14_synchronisation",
        ("imports", "half-program", "half-main", "half"),
        RIGHT_SENDERS,
        WRONG_SENDERS,
    ),
    "box": (
        "14_synchronisation",
        ("imports", "box", "box-main", "box-judge", "exercise-1"),
        RIGHT_BOXES,
        WRONG_BOXES,
    ),
    "accounts": (
        "15_deadlock",
        ("imports", "half-program", "half-main", "half"),
        RIGHT_ACCOUNTS,
        WRONG_ACCOUNTS,
    ),
    "shop": (
        "15_deadlock",
        ("imports", "shop", "shop-functions", "shop-main", "exercise-1"),
        RIGHT_SHOPS,
        WRONG_SHOPS,
    ),
    "rows": (
        "17_paging_and_fork",
        ("imports", "exercise-program", "exercise-machine", "exercise-judge", "exercise"),
        RIGHT_ROWS,
        WRONG_ROWS,
    ),
    "greedy": (
        "18_scheduling_again",
        ("imports", "exercise-program", "exercise-machine", "exercise-judge", "exercise"),
        RIGHT_GREEDY,
        WRONG_GREEDY,
    ),
}


@pytest.mark.parametrize(
    ("exercise", "name"),
    [(one, name) for one, (_, _, right, _) in EXERCISES.items() for name in right],
)
def test_every_right_solution_is_accepted(exercise: str, name: str):
    """However it is written, in whatever order and how often."""
    lesson, parts, right, _ = EXERCISES[exercise]
    judged = exercise_of(lesson, parts).judge(right[name])
    assert judged.passed, judged.messages


@pytest.mark.parametrize(
    ("exercise", "name"),
    [(one, name) for one, (_, _, _, wrong) in EXERCISES.items() for name in wrong],
)
def test_what_misses_the_goal_is_refused_in_words(exercise: str, name: str):
    """A sentence says what is not as it should be."""
    lesson, parts, _, wrong = EXERCISES[exercise]
    text, told = wrong[name]
    judged = exercise_of(lesson, parts).judge(text)
    assert not judged.passed
    assert re.search(told, " ".join(judged.messages))
