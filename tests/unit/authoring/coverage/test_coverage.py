"""What a lesson covers, and the page that says so."""

import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit import KitError
from kit.authoring.coverage import Covered, coverage_page, covered_by
from kit.authoring.coverage.lessons import widgets_of
from kit.check.markdown import read_prose

pytestmark = pytest.mark.notebook

COURSE = {"title": "A | lesson", "goal": "See it.", "minutes": 20, "storyline": [7]}
CODE = """from kit.scenarios import lost_update
from kit.widgets import Predict, Stage
trace = lost_update()
stage = Stage(trace, views=["timeline"])
Predict.from_trace(trace, kind="final_value", name="count", player=stage.player)"""


def written(folder: Path, **course: object) -> Path:
    """A lesson of one question."""
    cells = [new_markdown_cell("# A lesson"), new_code_cell(CODE)]
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kit": course}), path)
    return path


def test_what_a_lesson_asks_is_known_when_it_has_run(tmp_path: Path):
    """Kinds and misconceptions are those of the questions that were really computed."""
    covered = covered_by(written(tmp_path, **COURSE))
    assert covered.questions == ("final_value",)
    assert {"no_update_lost", "own_data"} <= set(covered.misconceptions)
    assert covered.widgets == ("Stage", "Timeline")
    assert covered.exercises == 0


def test_what_is_no_lesson_of_a_course_is_told(tmp_path: Path):
    """A notebook without its line of the storyline cannot be put into the table."""
    with pytest.raises(KitError, match=r'lesson\.ipynb: its metadata "kit" has no storyline'):
        covered_by(written(tmp_path, title="x", goal="y", minutes=20))


def test_widgets_are_found_by_class_and_by_name_of_a_view():
    """Code that cannot be parsed, and texts that name no view, say nothing."""
    sources = ["Stage(trace, views=['cpu'])", "!ls", "x = 'nothing'", "Outcomes(found)"]
    assert widgets_of(sources) == ("Cpu", "Outcomes", "Stage")


def test_the_page_has_each_lesson_where_it_belongs():
    """A lesson stands at its line, at the ideas it meets, and its title is no markup."""
    covered = Covered(Path("07_x.ipynb"), COURSE, ("Stage",), ("final_value",), ("own_data",), 1)
    page = coverage_page([covered])
    link = r"[A \| lesson](07_x.ipynb)"
    assert f"| 7 | The price of sharing: races, locks, deadlock | {link} |" in page
    assert "| 8 | Failure: what a fault takes down, and what it leaves broken |  |" in page
    assert page.count(link) == 4


def test_lessons_of_a_known_repository_open_on_binder(tmp_path: Path):
    """Each lesson has a link straight to it; where nobody knows the repository there is none."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    covered = Covered(folder / "07 x.ipynb", COURSE, ("Stage",), (), (), 1)
    assert "mybinder" not in coverage_page([covered])
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "pyproject.toml").write_text('[tool.kit]\nrepository = "anna/course"\n')
    page = coverage_page([covered])
    link = "https://mybinder.org/v2/gh/anna/course/HEAD?urlpath=lab/tree/lessons/07%20x.ipynb"
    row = next(line for line in page.splitlines() if "| See it. | 20 |" in line)
    assert row.endswith(f"| [Binder]({link}) |")


def test_the_page_is_called_as_the_course(tmp_path: Path):
    """By what was asked for, or by what `kit init --title` wrote down; markup in it is text."""
    covered = Covered(tmp_path / "07_x.ipynb", COURSE, (), (), (), 0)
    assert coverage_page([covered]).startswith("# The course\n")
    assert coverage_page([covered], "A *course*").startswith("# A \\*course\\*\n")
    (tmp_path / "pyproject.toml").write_text('[tool.kit]\ntitle = "Our course"\n')
    assert coverage_page([covered]).startswith("# Our course\n")


@pytest.mark.parametrize(
    ("name", "value"), [("title", 5), ("goal", ["x"]), ("minutes", "ten"), ("storyline", "all")]
)
def test_odd_metadata_is_told(tmp_path: Path, name: str, value: object):
    """What is there, but of another type, is said in a sentence before anything is run."""
    with pytest.raises(KitError, match=f"for its {name}; run `kit check` on it"):
        covered_by(written(tmp_path, **(COURSE | {name: value})))


def test_a_link_leads_to_any_file_name():
    """Spaces and brackets in a name do not end the link."""
    covered = Covered(Path("07 a (b).ipynb"), COURSE, (), (), (), 0)
    assert covered.link.endswith("](07%20a%20%28b%29.ipynb)")


def test_links_lead_to_what_is_there(tmp_path: Path):
    """Lessons in folders are reached by their paths; pages that do not exist are not named."""
    paths = [tmp_path / "week 1" / "03_x.ipynb", tmp_path / "week2" / "03_x.ipynb"]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    lessons = [Covered(path, COURSE, (), (), (), 0) for path in paths]
    page = coverage_page(lessons)
    found = read_prose(page).links
    assert {link.target for link in found} == {"week%201/03_x.ipynb", "week2/03_x.ipynb"}
    assert "Also here" not in page
    (tmp_path / "language.md").touch()
    assert "Also here: [the language](language.md) of the programs." in coverage_page(lessons)
