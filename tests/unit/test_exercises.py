"""Exercises of the lessons accept every right solution, and nothing that misses their goal."""

import re

import pytest

from kit.widgets import Exercise
from tests.lesson_exercises import exercise_of
from tests.solutions.feedback import RIGHT_GREEDY, WRONG_GREEDY
from tests.solutions.forking import RIGHT_FAMILIES, WRONG_FAMILIES
from tests.solutions.paging import RIGHT_ROWS, WRONG_ROWS

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
BOX_MAIN = """
def main():
    a = spawn(producer)
    b = spawn(consumer)
    join(a)
    join(b)
"""
PLACES = "box = 0\nempty = Semaphore(1)\nfull = Semaphore(0)\n"


def box(put: str, take: str, begin: str = PLACES, count: str = "range(1, 4)") -> str:
    """Return a program in which values go through a box, by what is done for each of them."""

    def function(name: str, several: str, lines: str) -> str:
        body = "".join(f"        {line}\n" for line in lines.splitlines())
        return f"def {name}():\n    global box\n    for i in {several}:\n{body}"

    producer, consumer = function("producer", count, put), function("consumer", "range(3)", take)
    return f"{begin}{producer}{consumer}{BOX_MAIN}"


PUT = "empty.acquire()\nbox = i\nfull.release()"
TAKE = 'full.acquire()\nprint("got", box)\nempty.release()'
RIGHT_BOXES = {
    "two semaphores": box(PUT, TAKE),
    "a copy of the value": box(
        PUT, 'full.acquire()\nvalue = box\nempty.release()\nprint("got", value)'
    ),
    "a lock that is not needed": box(
        PUT.replace("box = i", "lock.acquire()\nbox = i\nlock.release()"),
        TAKE,
        f"{PLACES}lock = Lock()\n",
    ),
    "a loop of its own": box(
        f"value = i + 1\n{PUT.replace('box = i', 'box = value')}", TAKE, count="range(3)"
    ),
    "barriers": box(
        "box = i\nfull.wait()\nempty.wait()",
        'full.wait()\nprint("got", box)\nempty.wait()',
        "box = 0\nfull = Barrier(2)\nempty = Barrier(2)\n",
    ),
}
WRONG_BOXES = {
    "nobody waits": (box("box = i", 'print("got", box)', "box = 0\n"), "."),
    "two places": (box(PUT, TAKE, PLACES.replace("Semaphore(1)", "Semaphore(2)")), "."),
    "only the consumer waits": (
        box("box = i\nfull.release()", 'full.acquire()\nprint("got", box)'),
        ".",
    ),
    "a consumer that counts": (
        box(PUT, 'full.acquire()\nprint("got", i + 1)\nempty.release()'),
        "what it finds in the box",
    ),
    "a producer that puts nothing in": (
        box("pass", 'print("got", i + 1)', "box = 0\n").replace("    global box\n", ""),
        "what it finds in the box",
    ),
    "another main": (box(PUT, TAKE).replace("    join(b)\n", ""), "Leave main as it is"),
}
EXERCISES = {
    "18_scheduling_again": (
        ("imports", "exercise-program", "exercise-machine", "exercise-judge", "exercise"),
        RIGHT_GREEDY,
        WRONG_GREEDY,
    ),
    "17_paging_and_fork": (
        ("imports", "exercise-program", "exercise-machine", "exercise-judge", "exercise"),
        RIGHT_ROWS,
        WRONG_ROWS,
    ),
    "05_fork_exec_wait": (
        ("imports", "exercise-program", "exercise-judge", "exercise"),
        RIGHT_FAMILIES,
        WRONG_FAMILIES,
    ),
    "14_synchronisation": (
        ("imports", "box", "box-main", "box-judge", "exercise-1"),
        RIGHT_BOXES,
        WRONG_BOXES,
    ),
    "07_scheduling": (
        ("imports", "exercise-program", "averages", "exercise-judge", "exercise"),
        RIGHT_JOBS,
        WRONG_JOBS,
    ),
    "04_how_the_system_gets_the_core_back": (
        ("imports", "exercise-program", "exercise-clock", "exercise-judge", "exercise"),
        RIGHT_SUMS,
        WRONG_SUMS,
    ),
}


def exercise(lesson: str) -> Exercise:
    """The exercise of a lesson, made by the cells of the notebook."""
    return exercise_of(lesson, EXERCISES[lesson][0])


@pytest.mark.parametrize(
    ("lesson", "name"),
    [(lesson, name) for lesson, (_, right, _) in EXERCISES.items() for name in right],
)
def test_every_right_solution_is_accepted(lesson: str, name: str):
    """However it is written, in whatever order and how often."""
    judged = exercise(lesson).judge(EXERCISES[lesson][1][name])
    assert judged.passed, judged.messages


@pytest.mark.parametrize(
    ("lesson", "name"),
    [(lesson, name) for lesson, (_, _, wrong) in EXERCISES.items() for name in wrong],
)
def test_what_misses_the_goal_is_refused_in_words(lesson: str, name: str):
    """A sentence says what is not as it should be."""
    text, told = EXERCISES[lesson][2][name]
    judged = exercise(lesson).judge(text)
    assert not judged.passed
    assert re.search(told, " ".join(judged.messages))
