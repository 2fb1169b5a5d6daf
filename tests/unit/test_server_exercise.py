"""The exercise about a small web server accepts what counts right, and nothing else."""

import json
from pathlib import Path

import pytest

from kit.widgets import Exercise

LESSONS = Path(__file__).parents[2] / "lessons"
PARTS = ("imports", "exercise-handle", "exercise-main", "exercise-judge", "exercise-1")
FORKS = "    for n in range(1, 4):\n        if fork() == 0:\n            handle(n)\n"
ENDS = "            exit(0)\n"
WAITS = "    for i in range(3):\n        wait()\n"
PRINTS = '    print("served", served)\n'
START = "def main():\n    served = 0\n"
SHARED = 'def main():\n    p = shared("served", 1)\n'
RIGHT = {
    "exit codes": START + FORKS + ENDS + WAITS + "        served += exit_status() == 0\n" + PRINTS,
    "signals": START + FORKS + ENDS + WAITS + "        served += term_signal() == 0\n" + PRINTS,
    "failures are counted": "def main():\n    served = 3\n"
    + FORKS
    + ENDS
    + WAITS
    + "        if term_signal():\n            served -= 1\n"
    + PRINTS,
    "an exit code of its own": START
    + FORKS
    + "            exit(7)\n"
    + WAITS
    + "        if exit_status() == 7:\n            served += 1\n"
    + PRINTS,
    "an atomic instruction": SHARED
    + FORKS
    + "            fetch_and_add(p, 1)\n"
    + ENDS
    + WAITS
    + '    print("served", peek(p))\n',
    "a word for each child": 'def main():\n    p = shared("served", 4)\n'
    + FORKS
    + "            p[n] = 1\n"
    + ENDS
    + WAITS
    + '    print("served", p[1] + p[2] + p[3])\n',
    "a pipe": "def main():\n    d = pipe()\n"
    + FORKS
    + "            write(d + 1, n)\n"
    + ENDS
    + "    close(d + 1)\n"
    + WAITS
    + "    served = 0\n    while read(d) != -1:\n        served += 1\n"
    + PRINTS,
    "a lock in shared memory": 'def main():\n    p = shared("served", 2)\n'
    + FORKS
    + "            acquire(p)\n            p[1] += 1\n            release(p)\n"
    + ENDS
    + WAITS
    + '    print("served", p[1])\n',
    "one after the other": START
    + FORKS
    + ENDS
    + "        wait()\n        if exit_status() == 0:\n            served += 1\n"
    + PRINTS,
    "a function that starts one": "def begin(n):\n    if fork() == 0:\n"
    "        handle(n)\n        exit(0)\n"
    + START
    + "    begin(1)\n    begin(2)\n    begin(3)\n"
    + WAITS
    + "        served += exit_status() == 0\n"
    + PRINTS,
}
WRONG = {
    "the number that is wanted": (
        START + FORKS + ENDS + WAITS + '    print("served", 2)\n',
        "it must print served 3",
    ),
    "all but the last": (
        START + FORKS + ENDS + WAITS + "        if i < 2:\n            served += 1\n" + PRINTS,
        "it must print served 3",
    ),
    "no process for the request that fails": (
        START
        + FORKS.replace("if fork()", "if n != 2 and fork()")
        + ENDS
        + WAITS.replace("3", "2")
        + "        served += exit_status() == 0\n"
        + PRINTS,
        "it must print served 3",
    ),
    "the number alone": (START + FORKS + ENDS + WAITS + '    print("served", 3)\n', "served 2"),
    "no server": ('def main():\n    print("served", 2)\n', "A child must print page 1"),
    "a race": (
        SHARED
        + FORKS
        + "            p[0] += 1\n"
        + ENDS
        + WAITS
        + '    print("served", peek(p))\n',
        "race",
    ),
    "threads": (
        "tids = [0] * 3\n"
        + START.replace("    served = 0\n", "")
        + "    for i in range(3):\n        tids[i] = spawn(handle, i + 1)\n"
        + "    for i in range(3):\n        join(tids[i])\n"
        + '    print("served", 2)\n',
        "served 2",
    ),
}


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """The cells of the lesson, by their ids."""
    text = (LESSONS / "20_capstone.ipynb").read_text(encoding="utf-8")
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}


@pytest.fixture(scope="module")
def known(cells: dict[str, str]) -> dict[str, object]:
    """What the cells before the exercise define."""
    found: dict[str, object] = {}
    for part in PARTS[:-1]:
        exec(cells[part], found)  # noqa: S102 - a cell of ours
    return found


@pytest.fixture(scope="module")
def exercise(cells: dict[str, str], known: dict[str, object]) -> Exercise:
    """The exercise, made by the cells of the notebook."""
    made = eval(cells[PARTS[-1]], known)  # noqa: S307 - a cell of ours
    assert isinstance(made, Exercise)
    return made


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_solution_is_accepted(exercise: Exercise, known: dict[str, object], name: str):
    """However the parent finds out what became of the requests."""
    judged = exercise.judge(f"{known['SHORT']}{RIGHT[name]}")
    assert judged.passed, judged.messages


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(exercise: Exercise, known: dict[str, object], name: str):
    """A wrong number, a race, threads, and a parent that only says what is wanted."""
    text, said = WRONG[name]
    judged = exercise.judge(f"{known['SHORT']}{text}")
    assert not judged.passed
    assert said in " ".join(judged.messages)


def test_the_starter_and_another_handle_are_refused(exercise: Exercise, known: dict[str, object]):
    """The program that is given fails, and so does one without the mistake."""
    assert not exercise.judge(f"{known['SHORT']}{known['COUNTING']}").passed
    mended = str(known["SHORT"]).replace("n == 2", "n == 9")
    judged = exercise.judge(mended + RIGHT["exit codes"].replace("served = 0", "served = -1"))
    assert "Leave handle as it is." in " ".join(judged.messages)
