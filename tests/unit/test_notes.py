"""Notes and syllabus for lecturers speak of what the lessons have."""

import re
from pathlib import Path

import pytest

from kit.check.notebooks import Notebook

ROOT = Path(__file__).parents[2] / "lessons"
LESSONS = sorted(ROOT.glob("[0-9]*.ipynb"))
NOTES, SYLLABUS, PAGE = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("notes.md", "syllabus.md", "README.md")
)
UNITS = {
    "Role and Purpose of Operating Systems",
    "Principles of Operating Systems",
    "Concurrency",
    "Protection and Safety",
    "Scheduling",
    "Process Model",
    "Memory Management",
    "Device Management",
    "File Systems API and Implementation",
    "Advanced File Systems",
    "Virtualization",
    "Real-time and Embedded Systems",
    "Fault Tolerance",
    "Society, Ethics, and the Profession",
}
"""The knowledge units of CS2023's knowledge area Operating Systems."""
CHAPTERS = {"OSTEP": 57, "OSC": 21}

lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def note_of(path: Path) -> str:
    """Return what the notes say of a lesson."""
    heading = r"^## \[[^\]]*\]\(([^)]*)\)\n(.*?)(?=^## |\Z)"
    return dict(re.findall(heading, NOTES, re.MULTILINE | re.DOTALL))[path.name]


def item(path: Path, name: str) -> str:
    """Return one point of a note, on one line."""
    found = re.search(rf"- \*\*{name}:\*\* (.*?)(?=\n- \*\*|\n*\Z)", note_of(path), re.DOTALL)
    assert found is not None
    return " ".join(found[1].split())


@lessons
def test_what_is_often_wrong_is_an_idea_that_the_lesson_meets(path: Path):
    """At least two ideas, in the words of the table, from the rows that name the lesson."""
    ideas = re.findall("“([^”]*)”", item(path, "Often wrong"))
    assert len(ideas) >= 2
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and path.name in line]
    met = {row.split(" | ")[0].removeprefix("| ") for row in rows}
    assert [idea for idea in ideas if idea not in met] == []


@lessons
def test_there_is_something_to_ask_aloud(path: Path):
    """Each lesson has two questions or more."""
    assert item(path, "Ask aloud").count("?") >= 2


@lessons
def test_a_place_to_stop_is_a_moment_of_the_lesson(path: Path):
    """Its moments and questions name the ticks at which the notes tell to stop."""
    code = "\n".join(cell.source for cell in Notebook.read(path).code)
    named = set(re.findall(r"\bat=(\d+)|^ *\[?\((\d+), \"", code, re.MULTILINE))
    ticks = {int(at or moment) for at, moment in named}
    stops = [int(tick) for tick in re.findall(r"\btick (\d+)", item(path, "Stop at"))]
    assert len(stops) >= 2
    assert [tick for tick in stops if tick not in ticks] == []


@lessons
def test_the_syllabus_places_each_lesson(path: Path):
    """A row with units that CS2023 has, and chapters that the books have."""
    rows = [line for line in SYLLABUS.splitlines() if line.startswith("| [") and path.name in line]
    (row,) = rows
    _, _, units, *books, _ = [part.strip() for part in row.split("|")]
    assert set(units.split("; ")) <= UNITS
    for (_, most), chapters in zip(CHAPTERS.items(), books, strict=True):
        numbers = [int(number) for number in chapters.split(", ")]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] <= most


def test_every_unit_is_touched_or_named_as_left_out():
    """A lecturer sees what the lessons do not teach."""
    assert [unit for unit in sorted(UNITS) if unit not in SYLLABUS.replace("\n", " ")] == []
