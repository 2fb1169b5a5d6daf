"""The course has an end: what one can do, how it hangs together, and where to go on."""

from pathlib import Path

import pytest

from kit.check.markdown import read_prose
from kit.check.notebooks import Notebook
from kit.quiz import MISCONCEPTIONS

ROOT = Path(__file__).parents[2] / "lessons"
LESSONS = sorted(ROOT.glob("[0-9]*.ipynb"))
TEXT = (ROOT / "closing.md").read_text(encoding="utf-8")
CAN = TEXT.partition("## You can")[2].partition("\n## ")[0]
IDEAS = TEXT.partition("| --- | --- |\n")[2].partition("\n\n")[0].splitlines()


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_each_lesson_is_something_that_one_can_do(path: Path):
    """The list of what you can do leads to it; the first lesson is about the notebooks alone."""
    assert path.name in [link.target for link in read_prose(CAN).links]


@pytest.mark.parametrize("row", IDEAS)
def test_the_ideas_are_those_that_the_lessons_meet(row: str):
    """Each is in the table of misconceptions, in its words, and leads to a lesson."""
    _, idea, lesson, _ = row.split("|")
    assert idea.strip() in {one.idea for one in MISCONCEPTIONS.values()}
    assert ".ipynb)" in lesson


def test_each_lesson_has_an_idea():
    """No lesson after the first is without one."""
    led = "".join(IDEAS)
    assert [path.name for path in LESSONS[1:] if path.name not in led] == []


def test_the_last_lesson_leads_to_the_end():
    """Students are not shown to the teachers' entrance."""
    last = read_prose(list(Notebook.read(LESSONS[-1]).markdown)[-1].source)
    targets = [link.target for link in last.links]
    assert "closing.md" in targets
    assert "for_teachers.ipynb" not in targets


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_full_story_leads_to_what_is_simpler_here(path: Path):
    """Each lesson's box links the list of simplifications."""
    boxes = [c.source for c in Notebook.read(path).markdown if "**The full story.**" in c.source]
    assert len(boxes) == 1
    assert "simplifications.md" in [link.target for link in read_prose(boxes[0]).links]
