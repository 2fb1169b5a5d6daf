"""Exercises of the lessons accept every right solution, and nothing that misses their goal."""

import json
import re
from pathlib import Path

import pytest

from kit.widgets import Exercise

LESSONS = Path(__file__).parents[2] / "lessons"
PARTS = ("imports", "exercise-program", "averages", "exercise-judge", "exercise")
JOB = "work(n)"


def jobs(*lengths: int, job: str = JOB) -> str:
    """Return a program whose children run jobs of some lengths, started in that order."""
    started = "".join(f"    job({ticks})\n" for ticks in lengths)
    waited = "    wait()\n" * len(lengths)
    lines = "".join(f"        {line}\n" for line in job.splitlines())
    return (
        f"def job(n):\n    if fork() == 0:\n{lines}        exit(0)\ndef main():\n{started}{waited}"
    )


RIGHT = {
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
WRONG = {
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


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """The exercise of the lesson on scheduling, made by the cells of the notebook."""
    text = (LESSONS / "06_scheduling.ipynb").read_text(encoding="utf-8")
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
