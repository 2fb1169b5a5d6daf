"""The lessons together are the course that they are meant to be."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from kit.authoring.coverage.lessons import widgets_of
from kit.authoring.storyline import PICTURES, STORYLINE
from kit.authoring.writing.storing import COMPARED, UNSTORED
from kit.check.markdown import read_prose
from kit.check.notebooks import Notebook

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "lessons").glob("[0-9]*.ipynb"))
PAGE = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8")
MISCONCEPTIONS = PAGE.partition("## Misconceptions")[2].partition("\n## ")[0]
LONGEST_CELL = 12
LONGEST_BOX = 120
ASKED = 3
SHORT = range(15, 26)
"""Minutes of a lesson that can be done in one sitting."""
LONGER = ("05", "07", "13", "15", "17", "18")
"""Numbers of the lessons that count more than is stated, and take up to 40 minutes still."""
SHOWING = (
    "Stage",
    "Predict",
    "Exercise",
    "Explain",
    "Editor",
    "sandbox",
    "Outcomes",
    "Compare",
    "Answers",
    "Ideas",
)

lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def calls(source: str) -> list[str]:
    """The names that some code calls; those of methods by what stands before the point."""
    found = []
    for node in ast.walk(ast.parse(source)):
        function = node.func if isinstance(node, ast.Call) else None
        named = function.value if isinstance(function, ast.Attribute) else function
        if isinstance(named, ast.Name):
            found.append(named.id)
    return found


def test_every_line_of_the_storyline_has_a_lesson():
    """The lessons are numbered from 00, and between them tell every line and every picture."""
    numbers = [int(path.name[:2]) for path in LESSONS]
    assert numbers == list(range(len(LESSONS)))
    courses = [Notebook.read(path).course for path in LESSONS]
    assert {line for course in courses for line in course["storyline"]} == set(STORYLINE)
    assert sorted(one for course in courses for one in course.get("pictures", ())) == [*PICTURES]


@lessons
def test_a_lesson_engages(path: Path):
    """It has predictions before the stage, an exercise, and answers and ideas at its end."""
    notebook = Notebook.read(path)
    made = [calls(cell.source) for cell in notebook.code]
    assert sum(names.count("Predict") for names in made) >= 3
    assert sum(names.count("Exercise") for names in made) >= 1
    assert ("Answers" in made[-2], "Ideas" in made[-1]) == (True, True)
    first = next(place for place, names in enumerate(made) if "Predict" in names)
    shown = [place for place, cell in enumerate(notebook.code) if cell.source.strip() == "stage"]
    assert not shown or first < shown[0]


@lessons
def test_a_lesson_takes_as_long_as_one_sitting(path: Path):
    """It states the counted minutes, rounded to five: 15 to 25 of them."""
    stated, counted = map(int, re.findall(rf"\({path.name}\).*? \| (\d+) \| (\d+) \|", PAGE)[0])
    assert stated == Notebook.read(path).course["minutes"]
    if path.name[:2] not in LONGER:
        assert stated == 5 * round(counted / 5)
        assert stated in SHORT
    assert stated in range(SHORT.start, 41)


@lessons
def test_a_lesson_is_read_more_than_run(path: Path):
    """Its cells of code are short, and its text says more exactly what is so, with sources."""
    notebook = Notebook.read(path)
    shown = [cell for cell in notebook.code if not cell.metadata.get("jupyter")]
    assert all(len(cell.source.splitlines()) < LONGEST_CELL for cell in shown)
    text = "\n".join(cell.source for cell in notebook.markdown)
    assert "**The full story.**" in text
    assert "> Sources: " in text
    assert "**In one line:**" in text
    assert not re.search(r"\b\d+ times (?:faster|slower|cheaper)", text), "a fixed ratio of costs"


@lessons
def test_the_full_story_is_short(path: Path):
    """The box that says more exactly what is so has at most 120 words, besides its sources."""
    (box,) = [c.source for c in Notebook.read(path).markdown if "**The full story.**" in c.source]
    told, _, sources = box.partition("\n> Sources: ")
    assert sources
    text = told.partition("**The full story.**")[2]
    assert len([one for one in text.split() if re.search(r"\w", one)]) <= LONGEST_BOX


@lessons
def test_a_lesson_reads_well_without_a_kernel(path: Path):
    """Whatever shows a widget stores in words what it shows, and what is stored is checked."""
    silent = []
    for cell in Notebook.read(path).code:
        last = ast.parse(cell.source).body[-1]
        shows = isinstance(last, ast.Expr) and bool(set(calls(ast.unparse(last))) & {*SHOWING})
        if (shows or cell.source.strip() == "stage") and UNSTORED not in cell.tags:
            told = [one for one in cell.outputs if "text/plain" in one.get("data", {})]
            if not told or COMPARED not in cell.tags:
                silent.append(cell.id)
    assert not silent, "run: kit store lessons"


def test_each_lesson_leads_to_the_next():
    """The last cell of each links the next one, and it the one before."""
    for one, other in pairwise(LESSONS):
        for path, linked in ((one, other), (other, one)):
            last = read_prose(list(Notebook.read(path).markdown)[-1].source)
            assert linked.name in [link.target for link in last.links], path.name


@lessons
def test_the_page_of_the_course_is_true(path: Path):
    """Goal, minutes, lines, widgets and pictures stand there as the lesson has them."""
    notebook = Notebook.read(path)
    course = notebook.course
    link = f"[{course['title']}]({path.name})"
    assert f"| {link} | {course['goal']} | {course['minutes']} |" in PAGE, "run: make pages"
    lines = ", ".join(map(str, course["storyline"]))
    widgets = ", ".join(widgets_of(cell.source for cell in notebook.code))
    assert f"| {link} | {lines} | {widgets} | " in PAGE
    for letter in course.get("pictures", ()):
        assert f"| {letter} | {PICTURES[letter]} | {link} |" in PAGE


def test_every_misconception_is_met():
    """No idea of the table is without a lesson that asks for it."""
    rows = [line for line in MISCONCEPTIONS.splitlines() if line.startswith("| ")][2:]
    assert rows
    assert [row for row in rows if ".ipynb)" not in row] == []


def test_most_wrong_choices_follow_from_an_idea():
    """Of five wrong choices of the course, four are what a way of thinking leads to in that run."""
    told = re.search(r"Of (\d+) wrong choices in all lessons, (\d+) follow", MISCONCEPTIONS)
    assert told is not None
    offered, led = map(int, told.groups())
    assert offered > 100
    assert led >= 0.8 * offered


@lessons
def test_a_lesson_has_a_place_to_explain(path: Path):
    """It comes under Explain, and ours is not in any text that is shown before it is asked for."""
    notebook = Notebook.read(path)
    (place,) = (n for n, cell in enumerate(notebook.cells) if calls_explain(cell.source))
    assert notebook.cells[place - 1].source.startswith("## Explain")
    assert notebook.cells[place].metadata["jupyter"]["source_hidden"]
    assert "One possible answer" not in "".join(cell.source for cell in notebook.markdown)


def calls_explain(source: str) -> bool:
    """Tell whether a cell makes a place to write."""
    return source.startswith("Explain(")


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_a_lesson_begins_with_earlier_ones(path: Path):
    """From the second on there is a step "Before" with three questions, drawn by a seed."""
    notebook = Notebook.read(path)
    text = [cell.source for cell in notebook.markdown]
    first = {
        one.split()[1]: place for place, one in reversed([*enumerate(text)]) if one[:3] == "## "
    }
    assert first["Before"] < first["Predict"]
    (review,) = [cell for cell in notebook.code if "Review(" in cell.source]
    assert review.source.count('"),\n') == ASKED
    assert re.search(r"seed=\d+,", review.source)


def test_no_two_lessons_begin_alike():
    """What a lesson asks about earlier ones is drawn by a seed that no other lesson has."""
    cells = [cell.source for path in LESSONS for cell in Notebook.read(path).code]
    seeds = [re.search(r"seed=(\d+),", cell).group(1) for cell in cells if "Review(" in cell]
    assert len(seeds) == len({*seeds}) == len(LESSONS) - 1
