"""Reviews mix what the lessons so far have taught, and the lessons lead to them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kit.authoring.writing.storing import COMPARED
from kit.check.markdown import read_prose
from kit.check.notebooks import Notebook
from kit.quiz.kinds import KINDS

ROOT = Path(__file__).parents[2] / "lessons"
LESSONS = sorted(ROOT.glob("[0-9]*.ipynb"))
REVIEWS = sorted(ROOT.glob("review_*.ipynb"))
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCE = re.compile(r'^    \((\w+), "(\w+)"\),$', re.MULTILINE)
SEED = re.compile(r"seed=(\d+),")
ASKED = range(8, 11)

reviews = pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)


def asks(path: Path) -> list[tuple[str, str]]:
    """The runs that a notebook asks about in its reviews, each with a kind of question."""
    return [pair for cell in Notebook.read(path).code for pair in SOURCE.findall(cell.source)]


def linked(path: Path) -> list[str]:
    """What the last text of a notebook leads to."""
    last = read_prose(list(Notebook.read(path).markdown)[-1].source)
    return [link.target for link in last.links]


@reviews
def test_a_review_asks_about_nine_runs(path: Path):
    """It is a page, with answers and ideas at its end, and has its questions in words."""
    notebook = Notebook.read(path)
    assert notebook.course["kind"] == "page"
    assert len(asks(path)) in ASKED
    assert [cell.source for cell in list(notebook.code)[-2:]] == ["Answers()", "Ideas()"]
    shown = [cell for cell in notebook.code if "Review(\n" in cell.source]
    assert all(cell.outputs and COMPARED in cell.tags for cell in shown), "run: kit store lessons"


@reviews
def test_a_review_is_mixed(path: Path):
    """No question comes twice, most are of kinds of their own, and no two like ones follow."""
    pairs = asks(path)
    kinds = [kind for _, kind in pairs]
    assert len(pairs) == len({*pairs})
    assert len({*kinds}) > len(pairs) // 2
    assert all(one != other for one, other in pairwise(kinds))
    assert {*kinds} <= KINDS.keys()


@pytest.mark.parametrize("number", range(1, len(REVIEWS)))
def test_a_review_comes_back_to_what_an_earlier_one_asked(number: int):
    """At least two of its runs were asked about before: what is spaced is kept."""
    earlier = {run for path in REVIEWS[:number] for run, _ in asks(path)}
    assert sum(run in earlier for run, _ in asks(REVIEWS[number])) >= 2


@reviews
def test_the_lessons_before_and_after_lead_to_a_review(path: Path):
    """And it leads to them, which follow each other."""
    there = [place for place, one in enumerate(LESSONS) if path.name in linked(one)]
    assert there == [there[0], there[0] + 1]
    assert [LESSONS[place].name for place in there] == linked(path)
    assert f"({path.name})" in PAGE


def test_no_two_reviews_draw_by_the_same_seed():
    """Nor does a lesson draw by the seed of a review."""
    cells = [cell.source for path in (*LESSONS, *REVIEWS) for cell in Notebook.read(path).code]
    seeds = [SEED.search(cell)[1] for cell in cells if "Review(\n" in cell]  # type: ignore[index]
    assert len(seeds) == len({*seeds}) == len(LESSONS) - 1 + 3 * len(REVIEWS)
