"""The lessons as the site for browser-only Jupyter gets them."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit import KitError
from kit.authoring.lite.contents import INSTALL, copy

LESSONS = Path(__file__).parents[4] / "lessons"


def write_lesson(path: Path, text: str = "# A lesson", code: str = "1 + 1") -> Path:
    """A notebook with a title and one cell of code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell(text), new_code_cell(code)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def write_beside(folder: Path, *names: str) -> None:
    """Files in a folder that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    """All files in a folder, relative to it."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_kit_is_installed_before_the_first_code(tmp_path: Path):
    """A cell that installs the kit comes behind the title; the lesson itself stays as it is."""
    lesson = write_lesson(tmp_path / "course" / "a.ipynb")
    before = lesson.read_bytes()
    assert copy([lesson], tmp_path / "there") == ["a.ipynb"]
    sources = [c.source for c in nbformat.read(tmp_path / "there" / "a.ipynb", 4).cells]
    assert sources == ["# A lesson", INSTALL, "1 + 1"]
    assert lesson.read_bytes() == before


def test_only_what_lessons_name_comes_along(tmp_path: Path):
    """Pictures and data that they name do, and it is told; what lies beside them does not."""
    text = "# A\n\n![plan](images/plan.png) [more](more.md)"
    course = write_lesson(tmp_path / "course" / "a.ipynb", text, "open('data/a.csv')").parent
    write_beside(course, "images/plan.png", "data/a.csv", "data/b.csv", "more.md")
    write_beside(course, "exam/questions2027.txt", "marks.csv", "notes.txt", ".secret")
    told: list[str] = []
    copy([course], tmp_path / "there", told.append)
    expected = {"images/plan.png", "data/a.csv", "more.md"}
    assert files_in(tmp_path / "there") == {"a.ipynb", *expected}
    assert {line.partition(":")[0] for line in told} == expected


@pytest.mark.parametrize(
    "name",
    [
        *("solutions/a.txt", "marks.csv", "a.answers.json", "a.answers.json.bak"),
        *("a.answers (1).json", "week/solutions/b.txt", ".secret"),
    ],
)
def test_what_is_for_teachers_stays_behind(tmp_path: Path, name: str):
    """Also where a lesson names it, which is told."""
    lesson = write_lesson(tmp_path / "course" / "a.ipynb", code=f"open({name!r})")
    write_beside(lesson.parent, name)
    told: list[str] = []
    copy([lesson], tmp_path / "there", told.append)
    assert files_in(tmp_path / "there") == {"a.ipynb"}
    assert told == [f"{lesson.parent / name}: left out, since it is not for students"]


def test_the_lessons_of_this_course_bring_no_solution(tmp_path: Path):
    """Their pictures come along, and no solution does."""
    copy([LESSONS], tmp_path / "there")
    found = files_in(tmp_path / "there")
    assert {path.name for path in LESSONS.glob("*.ipynb")} <= found
    assert not [name for name in found if "solutions" in name]


def test_folders_are_kept(tmp_path: Path):
    """Lessons of two weeks keep their own pictures, and find what lies above them."""
    course = tmp_path / "course"
    text = "![plan](plan.png) ![logo](../shared/logo.png)"
    for week in ("week1", "week2"):
        write_lesson(course / week / "a.ipynb", text)
        write_beside(course, f"{week}/plan.png", "shared/logo.png")
    places = {"week1/a.ipynb", "week2/a.ipynb"}
    beside = {"week1/plan.png", "week2/plan.png", "shared/logo.png"}
    assert set(copy([course], tmp_path / "all")) == places
    assert files_in(tmp_path / "all") == places | beside
    assert (tmp_path / "all/week2/plan.png").read_text() == "week2/plan.png"
    assert copy([course / "week1"], tmp_path / "one") == ["week1/a.ipynb"]
    assert files_in(tmp_path / "one") == {"week1/a.ipynb", "week1/plan.png", "shared/logo.png"}


def test_two_lessons_of_one_place_are_refused(tmp_path: Path):
    """They would be one file in the site."""
    one, other = (write_lesson(tmp_path / folder / "a.ipynb") for folder in ("one", "other"))
    with pytest.raises(KitError, match=r"would be one file, a\.ipynb; rename one of them"):
        copy([one.parent, other.parent], tmp_path / "there")


def test_what_is_no_notebook_is_told(tmp_path: Path):
    """A broken file is one sentence that names it."""
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(KitError, match=r"broken\.ipynb: "):
        copy([broken], tmp_path / "there")
