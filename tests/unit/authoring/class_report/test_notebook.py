"""The report as a notebook."""

import ast

import nbformat
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from kit.authoring.class_report.notebook import notebook_of
from tests.unit.authoring.class_report.classes import HOSTILE, a_class


def read(*, names: bool) -> nbformat.NotebookNode:
    """The report of a class as a valid notebook."""
    notebook = nbformat.reads(notebook_of(a_class(), names=names), as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_it_has_a_chart_for_each_lesson_with_ideas():
    """Its code is data and one call, in which a title is a text whatever it contains."""
    codes = [cell.source for cell in read(names=False).cells if cell.cell_type == "code"]
    charts = [code for code in codes if code.startswith("ideas = {")]
    (chart,) = charts
    assign, call = ast.parse(chart).body
    ideas = ast.literal_eval(assign.value)
    assert list(ideas) == ["A", "B"]
    assert {tuple(one) for one in ideas.values()} == {("held", "shaken", "dropped")}
    title, students, _ = call.value.args
    assert HOSTILE.split()[0] in title.value
    assert students.value == 3


def test_what_people_wrote_is_text():
    """Rendered, no text becomes an element, an emphasis or another cell of a table."""
    for cell in read(names=True).cells:
        if cell.cell_type != "markdown":
            continue
        html = MarkdownIt("commonmark").enable("table").render(cell.source)
        shown = BeautifulSoup(html, "html.parser")
        assert shown.find("script") is None
        rows = [len(row.find_all(["th", "td"])) for row in shown.find_all("tr")]
        assert len(set(rows)) <= 2


def test_nobody_is_named_unless_asked_for():
    """The tables have a column for those who hold an idea only then."""
    assert "bob" not in notebook_of(a_class(), names=False)
    assert "students who still show it" in notebook_of(a_class(), names=True)
