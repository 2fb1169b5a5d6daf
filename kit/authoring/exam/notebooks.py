"""A paper as a notebook: as an exam, or, when it is released, with everything that a lesson has."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from kit.authoring.exam.sheets import Sheet
from kit.authoring.writing.cells import Block, as_python, notebook_of
from kit.authoring.writing.document import as_markdown
from kit.quiz.equivalent import ABOUT_SCHEDULES
from kit.trace.link import packed_run

EXAM = (
    "Answer each question and press *Hand in this answer*: an answer is taken once. Your answers\n"
    "are kept next to this notebook, in `{name}.answers.json`, which is what you hand in."
)
RELEASED = "This is {name} once more, with what is right, why, and the run to look at."
_LINKS = "from kit.trace.link import launched, read_link"
_IMPORTS = "from kit.widgets.answers.exam_question import ExamQuestion"


def exam_notebook(title: str, name: str, sheets: Sequence[Sheet]) -> str:
    """Return a paper as the text of a notebook that does not know what is right.

    Parameters
    ----------
    title : str
        Of the exam.
    name : str
        Of the paper.
    sheets : sequence of Sheet
    """
    blocks = [
        Block("markdown", "title", _head(title, name, EXAM)),
        Block("code", "imports-exam", _IMPORTS),
    ]
    for number, sheet in enumerate(sheets, 1):
        blocks.append(Block("markdown", f"moment-{number}", _moment(number, sheet)))
        blocks.append(Block("code", f"question-{number}", _question(sheet), ("hidden",)))
    return notebook_of(blocks, {"kind": "page", "title": f"{title}, {name}"})


def released_notebook(title: str, name: str, sheets: Sequence[Sheet]) -> str:
    """Return a paper as a notebook in which each question gives feedback and shows its run.

    Parameters
    ----------
    title : str
    name : str
    sheets : sequence of Sheet
    """
    blocks = [
        Block("markdown", "title", _head(title, name, RELEASED)),
        Block("code", "imports-links", _LINKS),
    ]
    for number, sheet in enumerate(sheets, 1):
        blocks.append(Block("markdown", f"question-{number}", f"## Question {number}"))
        blocks.append(Block("code", f"run-{number}", _run(number, sheet), ("hidden",)))
        blocks.append(Block("code", f"predict-{number}", _predict(number, sheet)))
    return notebook_of(blocks, {"kind": "page", "title": f"{title}, {name}"})


def _head(title: str, name: str, words: str) -> str:
    return f"# {as_markdown(title)}\n\n{words.format(name=name)}"


def _moment(number: int, sheet: Sheet) -> str:
    parts = [f"## Question {number}"]
    for name, text in (*sheet.programs, *([("Machine", sheet.machine)] if sheet.machine else [])):
        fence = "`" * (3 + max(text.count("```"), 0))
        parts.append(f"{as_markdown(name)}\n\n{fence}python\n{text}\n{fence}")
    picture = base64.b64encode(sheet.picture.encode()).decode()
    parts.append(f"![{sheet.alternative}](data:image/svg+xml;base64,{picture})")
    return "\n\n".join([*parts, f"{as_markdown(sheet.question.prompt)} {sheet.task}"])


def _question(sheet: Sheet) -> str:
    asked = sheet.question
    choices = "".join(f"        {as_python(one.text)},\n" for one in asked.choices)
    lines = [as_python(asked.key), as_python(asked.kind), as_python(asked.prompt)]
    listed = "".join(f"    {line},\n" for line in lines)
    form = f"    form={as_python(sheet.form)},\n"
    return f"ExamQuestion(\n{listed}    [\n{choices}    ],\n{form})"


def _run(number: int, sheet: Sheet) -> str:
    """Return the code that makes the run of a question and shows it."""
    packed = packed_run(sheet.instance.trace)
    pieces = [packed[place : place + 84] for place in range(0, len(packed), 84)]
    text = "\n".join(f'    "{piece}"' for piece in pieces)
    link = f'link_{number} = (\n    "#run="\n{text}\n)'
    return (
        f"{link}\nrun_{number} = read_link(link_{number}).trace\n"
        f"stage_{number} = Stage(run_{number})\nstage_{number}"
    )


def _predict(number: int, sheet: Sheet) -> str:
    asked, details = sheet.question, sheet.instance.details
    given = "".join(f", {name}={as_python(value)}" for name, value in details.items())
    if asked.kind == ABOUT_SCHEDULES:
        return (
            f"machine_{number} = launched(run_{number}.record.recipe)\n"
            f"Predict.from_trace(explore(machine_{number}), kind={as_python(asked.kind)}{given})"
        )
    return (
        f"Predict.from_trace(\n    run_{number}, kind={as_python(asked.kind)}, "
        f"player=stage_{number}.player{given}\n)"
    )
