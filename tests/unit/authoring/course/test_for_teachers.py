import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kit.check.checking import check

pytestmark = pytest.mark.notebook

PAGE = Path(__file__).parents[4] / "lessons" / "for_teachers.ipynb"
PUT = re.compile(
    r"%%(?P<kind>code|later|text) (?P<name>\S+) behind (?P<behind>\S+)"
    r"(?: tagged (?P<tags>[^\n]+))?\n"
    r"(?P<source>.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Followed:
    """What came of following the page: the page with its outputs, and the course it made."""

    page: Any
    course: Path

    @property
    def lesson(self) -> Any:
        """The lesson that was assembled."""
        return nbformat.read(self.course / "lessons" / "02_tickets.ipynb", as_version=4)

    def said(self, name: str) -> str:
        """What a cell of the page printed."""
        cell = next(cell for cell in self.page.cells if cell.id == name)
        return "".join(o.text for o in cell.outputs if o.output_type == "stream")


def follow(folder: Path) -> Followed:
    """Run the page as a teacher does, from top to bottom, and keep the course that it makes."""
    here, temporary = folder / "here", folder / "temporary"
    here.mkdir()
    temporary.mkdir()
    page = nbformat.read(PAGE, as_version=4)
    client = NotebookClient(page, timeout=120, resources={"metadata": {"path": str(here)}})
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    with client.setup_kernel(env={**os.environ, **places}):
        for place, cell in enumerate(page.cells):
            client.execute_cell(cell, place)
        made = next(temporary.glob("*/my-course"))
        shutil.copytree(made, folder / "course")
    assert list(here.iterdir()) == []
    return Followed(page, folder / "course")


# By day `kit check` runs the page, with the checks that it makes itself.
@pytest.mark.thorough
@pytest.mark.slow
def test_page_followed_to_the_letter(tmp_path: Path):
    """Who runs the page has what it says: a lesson with each cell, checked, in a course."""
    followed = follow(tmp_path)
    lesson = followed.lesson
    names = [cell.id for cell in lesson.cells]
    said = [match for cell in followed.page.cells if (match := PUT.fullmatch(cell.source))]
    assert len(said) >= 9
    for match in {match["name"]: match for match in said}.values():
        cell = lesson.cells[names.index(match["name"])]
        assert cell.cell_type == {"text": "markdown"}.get(match["kind"], "code")
        assert cell.source == match["source"].strip()
        assert cell.metadata.get("tags", []) == (match["tags"] or "").split()
        assert names.index(match["behind"]) < names.index(match["name"])
    assert lesson.cells[0].source.startswith("# A counter that loses\n")
    assert "Whenever two people change the same thing" in lesson.cells[0].source
    assert lesson.metadata["kit"]["minutes"] == 30
    marks = sum(cell.source.count("[Teacher:") for cell in lesson.cells)
    assert followed.said("still-to-fill") == f"still to be written: {marks}\n"

    assert "execution: failed, 1 problem" in followed.said("check-finds")
    assert "tickets-exercise" in followed.said("check-finds")
    assert "execution: passed" in followed.said("check-passes")
    assert "anna/my-course" in (followed.course / "README.md").read_text()

    report = check([followed.course / "lessons" / "02_tickets.ipynb"])
    problems = [str(p) for tier in report.tiers for r in tier.results for p in r.problems]
    assert problems == []
    assert report.passed
