"""Exercises of the lessons accept every right solution, and nothing that misses their goal."""

import json
import re
from pathlib import Path

import pytest

from kit.widgets import Exercise

LESSONS = Path(__file__).parents[2] / "lessons"
PARTS = ("imports", "exercise-program", "averages", "exercise-judge", "exercise")
JOB = "def job(n):\n    work(n)\n"


def jobs(*lengths: int, job: str = JOB) -> str:
    """Return a program whose threads run jobs of some lengths, started in that order."""
    spawned = "".join(f"    t{n} = spawn(job, {ticks})\n" for n, ticks in enumerate(lengths))
    joined = "".join(f"    join(t{n})\n" for n in range(len(lengths)))
    return f"{job}def main():\n{spawned}{joined}"


RIGHT = {
    "three equal jobs": jobs(20, 20, 20),
    "shortest first": jobs(18, 24, 30),
    "longest first": jobs(32, 28, 24),
    "the middle one first": jobs(24, 28, 22),
    "four jobs": jobs(20, 20, 20, 20),
    "five jobs": jobs(16, 16, 16, 16, 16),
    "long jobs": jobs(100, 100, 100),
    "a job in a loop": jobs(4, 4, 4, job="def job(n):\n    for i in range(n): work(6)\n"),
    "a job that counts": jobs(6, 6, 6, job="def job(n):\n    x = 0\n    while x < n: x += 1\n"),
    "three functions": """
def one(): work(22)
def two(): work(24)
def three(): work(23)
def main():
    a = spawn(one)
    b = spawn(two)
    c = spawn(three)
    join(c)
    join(b)
    join(a)
""",
    "an array of threads": """
tids = [0, 0, 0, 0]
def job():
    work(90)
def main():
    for i in range(4):
        tids[i] = spawn(job)
    for i in range(4):
        join(tids[i])
""",
    "jobs that print": jobs(20, 20, 20, job='def job(n):\n    work(n)\n    print("done")\n'),
}
WRONG = {
    "the starter": (jobs(9, 3, 6), "Turnaround"),
    "a long job first": (jobs(60, 5, 5), "Turnaround"),
    "two jobs": (jobs(20, 20), "three threads"),
    "no order at all": (jobs(1, 1, 1), "Turnaround"),
    "one after the other": (
        f"{JOB}def main():\n" + "    t = spawn(job, 20)\n    join(t)\n" * 3,
        "Response",
    ),
    "jobs that are cut off": (
        f"{JOB}def main():\n" + "    t = spawn(job, 20)\n" * 3,
        "let all of them end",
    ),
}


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """The exercise of the lesson on scheduling, made by the cells of the notebook."""
    text = (LESSONS / "11_scheduling.ipynb").read_text(encoding="utf-8")
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}
    known: dict[str, object] = {}
    for part in PARTS[:-1]:
        exec(cells[part], known)  # noqa: S102 - a cell of ours
    made = eval(cells[PARTS[-1]], known)  # noqa: S307 - a cell of ours
    assert isinstance(made, Exercise)
    return made


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_solution_is_accepted(exercise: Exercise, name: str):
    """However the jobs are written, how many there are, and in which order they are started."""
    judged = exercise.judge(RIGHT[name])
    assert judged.passed, judged.messages


@pytest.mark.parametrize("name", WRONG)
def test_what_misses_the_goal_is_refused_in_words(exercise: Exercise, name: str):
    """A sentence says which of the times is not as it should be."""
    text, told = WRONG[name]
    judged = exercise.judge(text)
    assert not judged.passed
    assert re.search(told, " ".join(judged.messages))
