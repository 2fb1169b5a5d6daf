"""The report as a page."""

from bs4 import BeautifulSoup

from kit.authoring.class_report.page import page_of
from tests.unit.authoring.class_report.classes import HOSTILE, a_class

SEEN = " ".join(HOSTILE.replace("\u202e", " ").split())


def test_what_people_wrote_is_text():
    """No element, and no sign that turns round what follows, comes from a name or an answer."""
    page = page_of(a_class(), names=True)
    read = BeautifulSoup(page, "html.parser")
    assert read.find("script") is None
    assert "\u202e" not in page
    assert SEEN in " ".join(read.get_text(" ").split())


def test_nobody_is_named_unless_asked_for():
    """Neither in a table nor in the code of the page."""
    assert "ada" not in page_of(a_class(), names=False)
    assert "bob" not in page_of(a_class(), names=False)
    named = BeautifulSoup(page_of(a_class(), names=True), "html.parser")
    heads = [cell.get_text() for cell in named.find_all("th", scope="col")]
    assert "Who shows it still" in heads


def test_the_page_needs_nothing_besides_itself():
    """It loads nothing, and its policy would not let it."""
    read = BeautifulSoup(page_of(a_class(), names=True), "html.parser")
    policy = read.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert not read.find_all(["link", "img", "iframe"]) + read.find_all(src=True)


def test_every_bar_has_its_numbers_in_the_same_row():
    """What a bar shows is a picture of numbers that can be read."""
    read = BeautifulSoup(page_of(a_class(), names=False), "html.parser")
    bars = read.find_all("svg")
    assert bars
    for bar in bars:
        cells = bar.find_parent("tr").find_all("td", class_="number")
        shown = [int(cell.get_text()) for cell in cells]
        widths = [float(bar.find(class_=part)["width"]) for part in ("held", "shaken", "dropped")]
        assert widths == [round(100 * number / 3, 2) for number in shown]


def test_a_class_that_was_always_right_has_no_topics():
    """The page says so instead of showing an empty list."""
    report = a_class()
    report.topics.clear()
    assert "no question has split the class" in page_of(report, names=False)
