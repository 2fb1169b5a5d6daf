"""The ways in which a lecturer breaks a lesson: what does harm is told, and the rest passes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kit.check.checking import check
from kit.check.results import Problem

pytestmark = [pytest.mark.notebook, pytest.mark.thorough]

SETUP = """from kit.quiz import question
from kit.scenarios import deadlock, lost_update
from kit.widgets import Exercise, Predict, Stage, sandbox
trace = lost_update()
stage = Stage(trace)
state = Predict.from_trace(trace, kind="final_value", name="count", player=stage.player)"""
OFF = ["steps", "spelling", "length", "headings", "style", "minutes", "KC116"]
SETTINGS = f"[tool.kit.check]\noff = {OFF}\n"
RIGHT, WRONG = "def main():\\n    print(1)\\n", "def main():\\n    print(0)\\n"
EXERCISE = (
    "from kit.explore import Spec\nExercise('{}', spec=Spec(output='1'), task='Print 1.', {})"
)

Content = dict[str, Any]


class Way(NamedTuple):
    """A way to break a lesson.

    Attributes
    ----------
    cells : tuple of str
        Code that stands in it; a text begins with "# ".
    told : str
        What has to be said of it: the rule, and words; nothing if it does no harm.
    change : callable
        Done to the notebook as JSON.
    files : dict of str to str
        Written next to it.
    name : str
        Of the file.
    mark : str
        What the file begins with.
    ends : str
        How its lines end.
    """

    cells: tuple[str, ...] = ()
    told: str = ""
    change: Callable[[Content], object] = lambda _content: None
    files: dict[str, str] = {}  # noqa: RUF012 - never changed
    name: str = "lesson.ipynb"
    mark: str = ""
    ends: str = "\n"


def cell(told: str, *cells: str, **more: Any) -> Way:
    """A way that is one or more cells."""
    return Way(cells, told, **more)


def without_setup(content: Content) -> None:
    """Leave out what takes a while, so that the lesson has only its own code."""
    own = content["cells"][-1]
    content["cells"] = [one for one in content["cells"] if one["cell_type"] == "markdown"] + [own]


def in_last(**values: Any) -> Callable[[Content], object]:
    """Change the last cell."""
    return lambda content: content["cells"][-1].update(values)


WAYS = {
    "01 scenario typo": cell(
        "raises: did you mean 'lost_update'?", "from kit.scenarios import lost_updat"
    ),
    "02a tick too late": cell(
        "raises: at is 9999", "Predict.from_trace(trace, kind='value_read', name='count', at=9999)"
    ),
    "02b by hand, too late": cell(
        "raises: 9999",
        "Predict(question('?', 'a', 'b', [('c', 'd')], tick=9999, at=9998), player=stage.player)",
    ),
    "02c by hand, held too late": cell(
        "raises: 45",
        "Predict(question('?', 'a', 'b', [('c', 'd')], tick=20, at=45), player=stage.player)",
    ),
    "02d name": cell(
        "raises: did you mean 'count'?",
        "Predict.from_trace(trace, kind='final_value', name='cuont')",
    ),
    "02e kind": cell(
        "raises: did you mean 'final_value'?",
        "Predict.from_trace(trace, kind='finalvalue', name='count')",
    ),
    "02f another player": cell(
        "raises: player",
        "other = Stage(deadlock()).player\n"
        "Predict.from_trace(trace, kind='final_value', name='count', player=other)",
    ),
    "02g without a text": cell(
        "raises: prompt", "Predict(question('', 'a', 'b', [('c', 'd')], 0))"
    ),
    "03a solution fails": cell(
        "exercise: the solution does not pass", EXERCISE.format(WRONG, f"solution='{WRONG}'")
    ),
    "03b solution's syntax": cell(
        "exercise: solution", EXERCISE.format(WRONG, "solution='def main(:'")
    ),
    "04 starter passes": cell("exercise: starter", EXERCISE.format(RIGHT, f"solution='{RIGHT}'")),
    "05a stage never displayed": cell(
        "unseen: player",
        "hidden = Stage(deadlock())",
        "Predict(question('Where?', 'a', 'b', [('c', 'd')], tick=20, at=5), player=hidden.player)",
    ),
    "05b not last": cell(
        "unseen: never shown",
        "Predict(question('Not last?', 'a', 'b', [('c', 'd')], 0))\nx = 1",
    ),
    "05c semicolon": cell(
        "unseen: never shown", "Predict(question('Silent?', 'a', 'b', [('c', 'd')], 0));"
    ),
    "05d assigned": cell(
        "unseen: never shown", "kept = Predict(question('Kept?', 'a', 'b', [('c', 'd')], 0))"
    ),
    "06a in text": cell(
        "given-away: can be read here", "# At the end of the run count is 4.", "stage", "state"
    ),
    "06b printed": cell(
        "given-away: can be read here", "print('count', trace.output(2))", "stage", "state"
    ),
    "06c a picture of the same run": cell(
        "", "other = Stage(lost_update())\nother", "stage", "state"
    ),
    "06d the sandbox of the template": cell("", "stage", "state", "sandbox(lost_update)"),
    "07a absolute and missing": cell(
        "raises: next to the notebook", "open('/home/me/x.csv').read()"
    ),
    "07b absolute and here": cell(
        "paths: a path of one computer", "open('{folder}/here.csv').read()"
    ),
    "07c absolute picture": cell("alt: ", "# ![A picture]({folder}/here.png)"),
    "07d backslash": cell("alt: ", "# ![A picture](images\\\\here.png)"),
    "07e in a solution": cell(
        "paths: a path of one computer",
        EXERCISE.format(WRONG, "solution='{folder}/here.txt'"),
        files={"here.txt": RIGHT.replace("\\n", "\n")},
    ),
    "08a 200,000 lines": cell("long-output: 200,000 lines", "for n in range(200_000): print(n)"),
    "08b 20 MB stored": cell(
        "outputs: kit clean",
        "1",
        change=in_last(
            execution_count=1,
            outputs=[{"output_type": "stream", "name": "stdout", "text": "x" * 20_000_000}],
        ),
    ),
    "09 deprecated": cell(
        "stderr: DeprecationWarning", "import warnings\nwarnings.warn('old', DeprecationWarning)"
    ),
    "09b deprecated argument": cell(
        "stderr: DeprecationWarning",
        "import ipywidgets\nipywidgets.Text(description_tooltip='What it is.')",
    ),
    "09c deprecated soon": cell(
        "stderr: FutureWarning", "import warnings\nwarnings.warn('soon', FutureWarning)"
    ),
    "10a endless cell": cell(
        "timeout: cell_seconds",
        "while True:\n    pass",
        change=without_setup,
        files={"pyproject.toml": SETTINGS + "cell_seconds = 2\n"},
    ),
    "10b endless program": cell(
        "raises: ",
        "from kit import Machine, Program\nm = Machine()\n"
        "m.launch(Program('x', 'def main():\\n    while True:\\n        pass\\n'))\nm.run()",
    ),
    "10c input": cell("raises: input", "input('Your name?')"),
    "11 import": cell("raises: pip install", "import matplotlop"),
    "13 order": cell("raises: later", "print(later)", "later = 1"),
    "15 format 4.4": Way(
        ("1",), "ids: kit clean", lambda content: content.update(nbformat_minor=4)
    ),
    "16 conda kernel": Way(
        ("1",),
        "kernelspec: kit clean",
        lambda content: content["metadata"].update(
            kernelspec={"name": "conda-env", "display_name": "c", "language": "python"}
        ),
    ),
    "17a line ends of Windows": cell("", "x = 1\r\nx"),
    "17b in the whole file": cell("", "x = 1\nx", ends="\r\n"),
    "17c in a solution": cell(
        "",
        EXERCISE.format(WRONG, "solution='print.txt'"),
        files={"print.txt": RIGHT.replace("\\n", "\r\n")},
    ),
    "18a emoji": cell("", "# Tea 🍵 and 李", "'🍵'"),
    "18b in the name of the file": cell("", "1", name="tea 🍵.ipynb"),
    "18c in an id": Way(
        ("1",), "ids: kit clean", lambda content: content["cells"][-1].update(id="tea-🍵")
    ),
    "18d in a heading": Way(
        ("1",), "", lambda content: content["cells"][1].update(source="## Predict 🔮\n\nThink.")
    ),
    "18e in a program": cell(
        "",
        "from kit import Machine, Program\nm = Machine()\n"
        "m.launch(Program('tea 🍵', '# 🍵\\ndef main():\\n    print(1)\\n'))\nm.run().output(2)",
    ),
    "19 nbgrader's metadata": cell(
        "", "1", change=in_last(metadata={"nbgrader": {"grade": False, "locked": True}})
    ),
    "20 jupytext": Way(
        ("1",),
        "",
        lambda content: content["metadata"].update(jupytext={"formats": "ipynb,py:percent"}),
    ),
    "22 double ids": Way(
        ("1", "2"),
        "ids: kit clean",
        lambda content: content["cells"][-1].update(id=content["cells"][-2]["id"]),
    ),
    "23 a mark of Windows in front": cell("encoding: kit clean", "1", mark="\ufeff"),
    "24 dead link": cell("links: nowhere.ipynb", "# [There](nowhere.ipynb)"),
    "25 no alternative text": cell("alt: ", "# ![](here.png)"),
    "26 thread": cell("late: ", "import threading\nthreading.Thread(target=lambda: 1 / 0).start()"),
    "27 tag": cell("did-not-raise: ", "1", change=in_last(metadata={"tags": ["raises-exception"]})),
    "28 asked twice": cell(
        "twice: asks again",
        "Predict(question('Again?', 'a', 'b', [('c', 'd')], 0))",
        "Predict(question('Again?', 'a', 'b', [('c', 'd')], 0))",
    ),
    "30 network": cell(
        "raises: no network",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:1/x')",
    ),
    "31 random": cell("seed: ", "import random\nrandom.random()"),
    "32 installs": cell(
        "install: binder/requirements.txt", "!pip install --quiet --help > help.txt"
    ),
    "33 callback": cell(
        "widget: ZeroDivisionError",
        "import ipywidgets\nipywidgets.interact(lambda n: 1 / n, n=(0, 3));",
    ),
    "34 sandbox into an error": cell(
        "widget: quantum is 0", "sandbox(lost_update, quantum=(0, 12))"
    ),
    "35 widget state": Way(
        ("1",), "outputs: kit clean", lambda content: content["metadata"].update(widgets={"x": {}})
    ),
}

BROKEN = {
    "21 conflict": ('{\n<<<<<<< HEAD\n "cells": []\n=======\n}', "readable: no valid JSON"),
    "29 empty": ("", "readable: the file is empty"),
}


def lesson(name: str, way: Way, folder: Path) -> Content:
    """A lesson that is broken in one way."""
    texts = [
        f"# Way {name}\n\n**Goal.** After about 15 minutes you can say what breaks.",
        "## Predict\n\nThink.",
    ]
    # What does not show the stage itself has it out of the way.
    shown = () if "stage" in way.cells else ("stage", "state")
    sources = [*texts, SETUP, *shown, "## Explore\n\nLook."]
    sources += [one.replace("{folder}", folder.as_posix()) for one in way.cells]
    cells = [_cell(number, source) for number, source in enumerate(sources)]
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "kit": {"title": name, "goal": "To be broken.", "minutes": 15, "storyline": [1]},
        },
        "cells": cells,
    }
    way.change(content)
    return content


def _cell(number: int, source: str) -> Content:
    text = source.startswith(("# ", "## "))
    made: Content = {"id": f"cell-{number}", "metadata": {}, "source": source}
    if text:
        return {**made, "cell_type": "markdown"}
    if "Exercise(" in source and "import lost_update" not in source:
        made["metadata"] = {"tags": ["exercise"]}
    return {**made, "cell_type": "code", "outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """What the first two tiers say of each broken lesson, all of them checked at once."""
    folder = tmp_path_factory.mktemp("ways")
    (folder / "pyproject.toml").write_text(SETTINGS)
    for name, way in WAYS.items():
        place = folder / name.split()[0]
        place.mkdir()
        (place / "here.csv").write_text("1")
        (place / "here.png").write_bytes(b"")
        for file, text in way.files.items():
            (place / file).write_text(text, newline="")
        text = way.mark + json.dumps(lesson(name, way, place), indent=1)
        (place / way.name).write_text(text, "utf-8", newline=way.ends)
    for name, (text, _) in BROKEN.items():
        place = folder / name.split()[0]
        place.mkdir()
        (place / "lesson.ipynb").write_text(text)
    found: dict[str, list[Problem]] = {}
    for tier in check([folder]).tiers:
        for result in tier.results:
            found.setdefault(result.path.parent.name, []).extend(result.problems)
    return found


@pytest.mark.parametrize("name", [*WAYS, *BROKEN])
def test_what_does_harm_is_told(told: dict[str, list[Problem]], name: str):
    """A problem says what, where, and what to do; a lesson that works has none."""
    wanted = WAYS[name].told if name in WAYS else BROKEN[name][1]
    problems = told[name.split(maxsplit=1)[0]]
    said = [f"{one.rule}: {one.found}; {one.remedy}" for one in problems]
    if not wanted:
        assert said == []
        return
    rule, words = wanted.split(": ", 1)
    fitting = [one for one in said if one.startswith(f"{rule}: ") and words in one]
    assert fitting, said
    assert len(problems) == 1, said


def test_what_git_does_not_have_is_told(tmp_path: Path):
    """Data and pictures that are not in git are missing on every other computer."""
    way = Way(("open('pages.csv').read()", "# ![A picture](new.png)"))
    (tmp_path / "lesson.ipynb").write_text(json.dumps(lesson("14 not in git", way, tmp_path)))
    (tmp_path / "pages.csv").write_text("1")
    (tmp_path / "new.png").write_bytes(b"")
    for command in (["init", "-q"], ["add", "lesson.ipynb"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tier,) = check([tmp_path], ["static"]).tiers
    said = [str(problem) for problem in tier.results[0].problems]
    for name in ("pages.csv", "new.png"):
        assert any(f"run: git add {name}" in one for one in said), said
