"""A paper of an exam in a browser: it is answered, handed in once, and judged by the key."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kit import printer
from kit.authoring.exam.key import key_text
from kit.authoring.exam.pages import page_of
from kit.authoring.exam.sheets import Sheets
from kit.authoring.grading.grading import grade
from kit.authoring.grading.keys import read_key
from kit.errors import KitError
from kit.printer import Printer
from tests.unit.authoring.exam.exams import TITLE, an_exam


@pytest.fixture
def paper(page: Page, tmp_path: Path) -> Path:
    """A paper, open on a telephone, and the folder with the key."""
    exam = an_exam()
    sheets = Sheets().of(exam.papers[0].asked)
    (tmp_path / "key.json").write_text(key_text(exam), encoding="utf-8")
    text = page_of(TITLE, exam.papers[0].name, sheets, printed=False)
    (tmp_path / "paper.html").write_text(text, encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((tmp_path / "paper.html").as_uri())
    return tmp_path


def answer(page: Page) -> None:
    """Answer each question rightly, as the key says."""
    for asked, field in zip(an_exam().papers[0].asked, page.locator("fieldset").all(), strict=True):
        question = asked.question
        for number, place in enumerate(question.right, 1):
            control = field.locator(f"[data-place='{place}']")
            if question.form == "order":
                control.select_option(str(number))
            else:
                control.check()


def test_an_answered_paper_is_right_by_the_key(page: Page, paper: Path):
    """It asks again what is missing, takes one answer, and a reload does not open it again."""
    button = page.get_by_role("button", name="Hand in")
    button.click()
    expect(page.get_by_role("status")).to_contain_text("4 not answered")
    answer(page)
    page.reload()
    with page.expect_download() as saved:
        button.click()
    file = paper / saved.value.suggested_filename
    saved.value.save_as(file)
    (graded,) = grade([file], [], papers=read_key(paper / "key.json"))
    assert (graded.problem, graded.points, graded.of) == ("", 4.0, 4.0)
    assert all(one["tries"] == 1 for one in json.loads(file.read_text())["answers"].values())
    expect(button).to_be_disabled()
    page.reload()
    expect(button).to_be_disabled()
    expect(page.locator("input:enabled, select:enabled")).to_have_count(0)


def test_papers_are_printed_by_one_start_of_the_browser(tmp_path: Path, monkeypatch):
    """Each file has the pages of its own paper, and nothing is left of the browser."""
    started = []
    start = printer._Speaker.__init__
    monkeypatch.setattr(
        printer._Speaker,
        "__init__",
        lambda one, folder: started.append(folder) or start(one, folder),
    )
    exam = an_exam()
    sheets = Sheets()
    with Printer() as printing:
        for number, paper in enumerate(exam.papers):
            asked = sheets.of(paper.asked)[: number + 1]
            page = page_of(TITLE, paper.name, asked, printed=True)
            printing.write(tmp_path / f"{paper.name}.pdf", page)
    made = [(tmp_path / f"{paper.name}.pdf").read_bytes() for paper in exam.papers]
    assert all(one.startswith(b"%PDF-") for one in made)
    first, second = (one.count(b"/Type /Page\n") for one in made)
    assert 0 < first < second
    assert len(started) == 1
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ".pdf"] == []


def test_a_browser_that_prints_nothing_is_told(tmp_path: Path, monkeypatch):
    """One that ends at once is an error in a sentence, and no file is made."""
    monkeypatch.setenv("KIT_BROWSER", "/bin/false")
    with Printer() as printing, pytest.raises(KitError, match=r"printed nothing .*; install Chrom"):
        printing.write(tmp_path / "a.pdf", "<p>x</p>")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.usefixtures("paper")
def test_axe_finds_nothing_in_a_paper(page: Page, theme: str):
    """Nothing of any gravity, in both themes, and it is as wide as a telephone."""
    page.emulate_media(color_scheme=theme)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
