"""What is right is left alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.check.results import Problem
from kit.check.static import check

ROOT = Path(__file__).parents[4]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
PNG = {"image/png": "AAAA"}
IDIOMS = [
    "x = 1\nx == 2",
    "[number for number in (1, 2)]",
    "display(1)\nget_ipython()",
    "%matplotlib inline\n!ls\nfiles = !ls\nprint?\n%timeit 1",
    "%%html\n<b>no Python</b>",
    "%%capture printed\nx = 1",
    "import asyncio\nawait asyncio.sleep(0)",
    "for _ in range(2):\n    print(1)\nfor i in range(2):\n    print(2)",
    "from kit import Machine\nmachine = Machine()",
]
LINKS = [
    "[up](#Title), [down](#How-fork()-works), [cell](#cell-id=c2), [heading](#heading=Title)",
    "[file](notes.md), [old anchor](notes.md#a-note), [new anchor](notes.md#A-Note)",
    "[own](0.ipynb#Title), [folder](.), [space](a%20b.txt), [id](#mark)",
    "[web](https://example.org/missing#x), <https://example.org>, [mail](mailto:a@b.org)",
    '[![badge](https://example.org/b.svg)](https://example.org) <a href="notes.md">a</a>',
    "![web](https://example.org/a.png) ![here](a%20b.txt) <img alt='here' src='notes.md'>",
]
SEEDED = [
    "import random\n\nrandom.seed(1)\nrandom.random()",
    "import random\n\nrng = random.Random(7)\nrng.random()",
    "import numpy as np\n\nnp.random.seed(1)\nnp.random.rand(3)",
    "import numpy as np\n\nrng = np.random.default_rng(seed=1)\nrng.random()",
    "from kit import Lottery, Machine\n\nmachine = Machine(scheduler=Lottery(), seed=1)",
    "from kit import Lottery, Machine\n\nmachine = Machine(scheduler=Lottery(), **{'seed': 1})",
    "from kit.scenarios import three_jobs\n\nthree_jobs(policy='lottery', seed=1)",
    "from kit.scenarios import three_jobs\n\nthree_jobs(policy='fifo')",
    "class Mine:\n    def random(self):\n        return 4\n\nMine().random()",
]


def cell(kind: str, source: str, *tags: str, **more: Any) -> dict[str, Any]:
    """A cell as it is stored; its id is added by `problems`."""
    extra = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source, **extra, **more}


def code(source: str, *tags: str, **more: Any) -> dict[str, Any]:
    """A code cell."""
    return cell("code", source, *tags, **more)


def text(source: str, *tags: str, **more: Any) -> dict[str, Any]:
    """A cell of text."""
    return cell("markdown", source, *tags, **more)


def write(path: Path, *cells: dict[str, Any], **course: Any) -> Path:
    """Write a page, or a lesson, with these cells below its title."""
    all_cells = [text("# Title\n\n**Goal.** Check."), *cells]
    notebook = {
        "cells": [{**raw, "id": f"c{number}"} for number, raw in enumerate(all_cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "kit": {"kind": "page", "title": "Title", "goal": "Check.", **course},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def problems(folder: Path, *cells: dict[str, Any], **course: Any) -> tuple[Problem, ...]:
    """What is found in one notebook."""
    (result,) = check([write(folder / "page.ipynb", *cells, **course)])
    return result.problems


def rules(folder: Path, *pages: list[dict[str, Any]]) -> list[list[str]]:
    """Which rules each of some pages breaks."""
    paths = [write(folder / f"{number}.ipynb", *cells) for number, cells in enumerate(pages)]
    return [[problem.rule for problem in result.problems] for result in check(paths)]


def alone(sources: list[str]) -> list[list[dict[str, Any]]]:
    """A page for each of some sources of a code cell."""
    return [[code(source)] for source in sources]


@pytest.mark.slow
def test_lessons_of_the_project_are_good():
    """The project's own lessons have no problem."""
    found = {result.path.name: result.problems for result in check(LESSONS)}
    assert len(found) >= 2
    assert set(found.values()) == {()}


def test_idioms_of_notebooks_are_good(tmp_path: Path):
    """What is usual in a cell is no mistake of style."""
    assert rules(tmp_path, *alone(IDIOMS)) == [[]] * len(IDIOMS)


def test_cell_that_shows_an_error_may_have_it(tmp_path: Path):
    """A cell tagged raises-exception may use an unknown name or break the syntax."""
    for source in ("unknown", "for i in range(3)\n    print(i)"):
        pages = [[code(source, "raises-exception"), code("print(1)")], [code(source)]]
        assert rules(tmp_path, *pages) == [[], ["style"]]


def test_solution_counts_as_code(tmp_path: Path):
    """What only the solution uses is used, and it may define anew what the starter defines."""
    solution = "```python\ndef add(a):\n    return os.sep + a\n```"
    cells = [
        code("import os\n\ndef add(a):\n    return a", "exercise"),
        code("solved = add('a') == '/a'", "exercise-check"),
        text(f"<details>\n\n{solution}\n\n</details>", "solution"),
    ]
    assert problems(tmp_path, *cells) == ()


def test_several_exercises_have_their_own_parts(tmp_path: Path):
    """Each starter belongs to the next check and solution, in either order."""
    check_cell = code("solved = x == 2", "exercise-check")
    solution = text("<details>\n\n```python\nx = 2\n```\n\n</details>", "solution")
    starter = code("x = 1", "exercise")
    assert problems(tmp_path, starter, check_cell, solution, starter, solution, check_cell) == ()


def test_links_and_pictures_that_lead_somewhere_are_good(tmp_path: Path):
    """Links to files, anchors and cells are found, in Markdown and in HTML."""
    (tmp_path / "notes.md").write_text("# Notes\n\n## A Note\n")
    (tmp_path / "a b.txt").write_text("")
    below = "\n\n## How `fork()` works\n\n<span id='mark'></span>"
    pages = [[text(source + below), code("print(1)")] for source in LINKS]
    assert rules(tmp_path, *pages) == [[]] * len(LINKS)


def test_attached_picture_is_there(tmp_path: Path):
    """A picture may be attached to its cell."""
    picture = text("![a dot](attachment:a.png)", attachments={"a.png": PNG})
    assert problems(tmp_path, picture, code("print(1)")) == ()


def test_code_and_links_are_not_spelt(tmp_path: Path):
    """Only what is to be read is looked at for misspellings."""
    source = "`teh` [link](https://example.org/teh)\n\n```\nteh\n```\n\n<b class='teh'>a</b>"
    assert problems(tmp_path, text(source), code("teh = 1")) == ()


def test_several_words_of_one_line_find_their_cell(tmp_path: Path):
    """Misspellings in emphasis, lists and HTML are found, each in its own cell."""
    cells = [text("*teh* and wierd"), code("print(1)"), text("- a\n- <b>recieve</b>\n\n> teh")]
    found = [(p.cell, p.found) for p in problems(tmp_path, *cells)]
    assert found == [
        (2, "'teh' is misspelt"),
        (2, "'wierd' is misspelt"),
        (4, "'recieve' is misspelt"),
        (4, "'teh' is misspelt"),
    ]


def test_course_chooses_words_and_lines(tmp_path: Path):
    """Settings accept words, whatever their case, and longer cells."""
    cells = [text("Teh"), code("print(1)\n" * 13)]
    lesson = {"kind": "lesson", "minutes": 5, "storyline": [1]}
    broken = {p.rule for p in problems(tmp_path, *cells, **lesson)}
    assert broken == {"exercise", "length", "spelling", "steps"}
    settings = '[tool.kit.check]\nwords = ["teh"]\ncell_lines = 13\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    broken = {p.rule for p in problems(tmp_path, *cells, **lesson)}
    assert broken == {"exercise", "steps"}


def test_the_lines_of_a_program_are_no_long_code(tmp_path: Path):
    """What the machine runs is counted as one line of its cell, and a hidden cell is not read."""
    body = "def main():\n" + "    print(1)\n" * 20
    cells = [
        code(f'from kit import Program\n\nlong = Program(\'long\', """\n{body}""")'),
        code(f'text = """\n{body}"""'),
        code(f'hidden = """\n{body}"""', metadata={"jupyter": {"source_hidden": True}}),
    ]
    lesson = {"kind": "lesson", "minutes": 5, "storyline": [1]}
    found = [p.found for p in problems(tmp_path, *cells, **lesson) if p.rule == "length"]
    assert found == ["the cell has 23 lines, more than 12"]


def test_chance_with_a_seed_is_good(tmp_path: Path):
    """Nothing is said where a seed is given, or nothing is left to chance."""
    assert rules(tmp_path, *alone(SEEDED)) == [[]] * len(SEEDED)


def test_what_may_be_stored_is_good(tmp_path: Path):
    """Tagged cells may store text and pictures, under the number of their place."""
    shown = {
        "text/plain": ["at https://example.org/home/ada, a stack at 0xffebe8"],
        "text/html": "<p>0x7f</p>",
        **PNG,
    }
    result = {"output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": shown}
    failed = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": ["line 1: no"]}
    cells = [
        code("print(1)"),
        code("2", "nbval-check-output", execution_count=2, outputs=[result]),
        code("print(3)", "keep-output"),
        code("4", "keep-output", "raises-exception", execution_count=4, outputs=[failed]),
    ]
    assert problems(tmp_path, *cells) == ()
