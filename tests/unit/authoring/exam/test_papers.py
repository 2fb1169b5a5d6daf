"""Papers: what a student gets, and what is not in it."""

import ast
import base64
import json
import re
from dataclasses import replace

import nbformat
import pytest
from bs4 import BeautifulSoup

from kit.authoring.exam.drawing import _pool
from kit.authoring.exam.key import key_table, key_text
from kit.authoring.exam.notebooks import exam_notebook, released_notebook
from kit.authoring.exam.pages import page_of
from kit.authoring.exam.pictures import picture_of
from kit.authoring.exam.sheets import Sheet, Sheets
from kit.quiz.equivalent import Instance
from kit.scenarios import lost_update
from kit.trace.link import packed_run
from tests.unit.authoring.exam.exams import TITLE, an_exam

WRITERS = {
    "page": lambda sheets: page_of(TITLE, "exam-001", sheets, printed=False),
    "paper": lambda sheets: page_of(TITLE, "exam-001", sheets, printed=True),
    "notebook": lambda sheets: exam_notebook(TITLE, "exam-001", sheets),
}


def sheets(number: int = 0) -> list[Sheet]:
    """The sheets of a paper."""
    return Sheets().of(an_exam().papers[number].asked)


def turned(sheet: Sheet) -> Sheet:
    """The same sheet of a question of which something else is right, for other reasons."""
    asked = sheet.question
    choices = tuple(
        replace(one, correct=not one.correct, feedback="Other.", misconception="", tick=None)
        for one in asked.choices
    )
    if asked.form in ("one", "mark"):
        first = next(place for place, one in enumerate(choices) if one.correct)
        choices = tuple(replace(one, correct=place == first) for place, one in enumerate(choices))
    order = tuple(reversed(asked.order))
    made = replace(asked, choices=choices, order=order, why="Other.", tick=asked.tick + 1)
    return Sheet(Instance(sheet.instance.trace, made, sheet.instance.details))


@pytest.mark.parametrize("form", WRITERS)
def test_a_paper_does_not_know_what_is_right(form: str):
    """It is the same, sign by sign, whatever is right and whatever is told then."""
    given = sheets()
    assert WRITERS[form](given) == WRITERS[form]([turned(sheet) for sheet in given])


def test_a_pool_has_no_question_that_needs_a_picture():
    """What a lesson asks on the picture is drawn as a question with choices."""
    details = {"name": "count", "at": 40}
    told = {"prompt": "?", "kind": "segment", "details": details, "run": packed_run(lost_update())}
    pool, why = _pool(told, "07.ipynb", 1, 2)
    assert why == ""
    assert {one.question.form for one in pool.instances} == {"one"}


@pytest.mark.parametrize("form", WRITERS)
def test_nothing_is_to_be_clicked_in_a_picture(form: str):
    """A question that a lesson asks on the picture has its places as choices."""
    assert "segment" in {sheet.question.kind for sheet in sheets()}
    assert "Click" not in WRITERS[form](sheets())


def test_a_picture_is_of_the_past_alone():
    """It is laid out from a run that ends at the question, so its end and output are not in it."""
    for sheet in sheets():
        svg = picture_of(sheet.instance)
        at, end = sheet.question.at or 0, sheet.instance.trace.end
        assert f"t = {at} / {at}" in svg
        assert f"/ {end}" not in svg or at == end


def test_a_page_asks_each_question_with_its_choices():
    """Each form has its kind of field, and what the file of answers needs is on the page."""
    read = BeautifulSoup(page_of(TITLE, "exam-001", sheets(), printed=False), "html.parser")
    assert read.h1.get_text() == TITLE
    for sheet, asked in zip(sheets(), read.find_all("fieldset"), strict=True):
        assert asked["data-key"] == sheet.question.key
        texts = [one["data-text"] for one in asked.find_all(attrs={"data-place": True})]
        assert texts == [choice.text for choice in sheet.question.choices]
        kinds = {one.get("type", one.name) for one in asked.find_all(attrs={"data-place": True})}
        assert kinds == {{"one": "radio", "several": "checkbox", "order": "select"}[sheet.form]}


def test_a_paper_to_print_has_no_script_and_room_for_a_name():
    """Pictures are inside, and its style begins a page with each question."""
    page = page_of(TITLE, "exam-001", sheets(), printed=True)
    read = BeautifulSoup(page, "html.parser")
    assert not read.find_all(["script", "input", "select"])
    assert "Name: ___" in read.get_text()
    assert "break-before: page" in page
    for picture in read.find_all("img"):
        assert base64.b64decode(picture["src"].partition(",")[2]).startswith(b"<?xml")


def test_a_notebook_has_a_question_in_each_code_cell():
    """Its code is one call with literals, and it is a valid notebook."""
    notebook = nbformat.reads(exam_notebook(TITLE, "exam-001", sheets()), as_version=4)
    nbformat.validate(notebook)
    codes = [cell.source for cell in notebook.cells if cell.id.startswith("question-")]
    for code, sheet in zip(codes, sheets(), strict=True):
        call = ast.parse(code).body[0].value
        key, kind, prompt, choices = map(ast.literal_eval, call.args)
        assert (key, kind, prompt) == (
            sheet.question.key,
            sheet.question.kind,
            sheet.question.prompt,
        )
        assert choices == [choice.text for choice in sheet.question.choices]


def test_a_released_notebook_asks_the_same(request):
    """Its code makes the same questions of the same runs, now with what is right."""
    notebook = nbformat.reads(released_notebook(TITLE, "exam-001", sheets()), as_version=4)
    runs = [cell.source for cell in notebook.cells if cell.id.startswith("run-")]
    packed = ["".join(re.findall(r'^    "([^"#]+)"$', run, re.MULTILINE)) for run in runs]
    assert len(set(packed)) == len(sheets())
    predicts = [cell.source for cell in notebook.cells if cell.id.startswith("predict-")]
    for code, sheet in zip(predicts, sheets(), strict=True):
        assert f'kind="{sheet.question.kind}"' in code


def test_a_key_has_what_is_right_in_every_paper():
    """For the machine by places, for people in words."""
    exam = an_exam()
    key = json.loads(key_text(exam))
    for paper in exam.papers:
        keys = key["papers"][f"{paper.name}.ipynb"]
        assert [key["questions"][one]["right"] for one in keys] == [
            list(one.question.right) for one in paper.asked
        ]
    table = key_table(exam)
    assert table.count("\n") == 1 + sum(len(paper.asked) for paper in exam.papers)
    assert " → " in table
