"""An exam as Moodle XML: a category of the question bank for each question, to draw from."""

from __future__ import annotations

import base64
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kit.authoring.exam.drawing import Exam
from kit.authoring.exam.sheets import Sheet, Sheets
from kit.authoring.writing.printable import printable
from kit.quiz.question import ORDER, SEVERAL

PICTURE = "moment.svg"


def moodle_of(exam: Exam, sheets: Sheets) -> str:
    """Return all instances of an exam as the text of a Moodle XML file.

    Parameters
    ----------
    exam : Exam
    sheets : Sheets
    """
    quiz = Element("quiz")
    for number, pool in enumerate(exam.pools, 1):
        _category(quiz, f"{exam.title} {exam.seed}", f"{number:02} {pool.prompt}")
        for place, sheet in enumerate(sheets.of(pool.instances), 1):
            _question(quiz, f"{number:02}.{place:02}", sheet)
    indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="unicode") + "\n"


def _category(quiz: Element, exam: str, name: str) -> None:
    question = SubElement(quiz, "question", type="category")
    # A slash would begin a category inside.
    path = [_name(part).replace("/", "//") for part in (exam, name)]
    _text(SubElement(question, "category"), "/".join(("$course$/top", *path)))


def _question(quiz: Element, name: str, sheet: Sheet) -> None:
    asked = sheet.question
    kind = "matching" if asked.form == ORDER else "multichoice"
    question = SubElement(quiz, "question", type=kind)
    _text(SubElement(question, "name"), _name(f"{name} {asked.prompt}"))
    text = SubElement(question, "questiontext", format="html")
    _text(text, _html_of(sheet, f"@@PLUGINFILE@@/{PICTURE}"))
    file = SubElement(text, "file", name=PICTURE, path="/", encoding="base64")
    file.text = base64.b64encode(sheet.picture.encode()).decode()
    why = SubElement(question, "generalfeedback", format="html")
    _text(why, escape(asked.why or asked.choices[asked.answer].feedback))
    SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "penalty").text = "0"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = asked.key
    SubElement(question, "shuffleanswers").text = "0"
    if asked.form == ORDER:
        _places(question, sheet)
    else:
        _choices(question, sheet)


def _choices(question: Element, sheet: Sheet) -> None:
    asked = sheet.question
    SubElement(question, "single").text = "false" if asked.form == SEVERAL else "true"
    SubElement(question, "answernumbering").text = "abc"
    right = sum(choice.correct for choice in asked.choices)
    wrong = len(asked.choices) - right
    for choice in asked.choices:
        share = 100 / right if choice.correct else -100 / wrong if asked.form == SEVERAL else 0
        answer = SubElement(question, "answer", fraction=f"{share:.5f}".rstrip("0").rstrip("."))
        answer.set("format", "html")
        _text(answer, escape(choice.text))
        _text(SubElement(answer, "feedback", format="html"), escape(choice.feedback))


def _places(question: Element, sheet: Sheet) -> None:
    """Add an order: each thing is matched with its number.

    Moodle shows them as they are listed, so that they must not be listed in the right order.
    """
    asked = sheet.question
    for place, choice in enumerate(asked.choices):
        part = SubElement(question, "subquestion", format="html")
        _text(part, escape(choice.text))
        _text(SubElement(part, "answer"), str(asked.order.index(place) + 1))


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = printable(text)


def _name(text: str) -> str:
    """Return a name as Moodle keeps it: it takes "<" for the beginning of a tag, and drops that."""
    return escape(text, quote=False)


def _html_of(sheet: Sheet, picture: str) -> str:
    """Return a question as HTML without its choices: program, machine, moment, prompt.

    Parameters
    ----------
    sheet : Sheet
    picture : str
        Where the picture is.
    """
    parts = [f"<p>{escape(name)}</p><pre>{escape(text)}</pre>" for name, text in sheet.programs]
    if sheet.machine:
        parts.append(f"<pre>{escape(sheet.machine)}</pre>")
    parts.append(f'<p><img src="{picture}" alt="{sheet.alternative}" width="1000"/></p>')
    parts.append(f"<p>{escape(sheet.question.prompt)}</p><p>{sheet.task}</p>")
    return "".join(parts)
