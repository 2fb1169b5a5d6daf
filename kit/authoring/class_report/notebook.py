"""The report on a class as a notebook, with a chart of ideas for each lesson."""

from __future__ import annotations

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.authoring.class_report.beliefs import ClassReport, LessonReport, verdict
from kit.authoring.writing.document import as_cell, as_markdown
from kit.authoring.writing.printable import visible
from kit.errors import plural

TITLE = "What this class believes"
SETUP = """from bqplot import Axis, Bars, Figure, LinearScale, OrdinalScale

PARTS = ("held", "shaken", "dropped")
COLOURS = ["#b5412a", "#8a6d00", "#2f6f4f"]


def chart(title, students, ideas):
    x, y = OrdinalScale(), LinearScale(min=0, max=students)
    counts = [[idea[part] for idea in ideas.values()] for part in PARTS]
    bars = Bars(x=list(ideas), y=counts, scales={"x": x, "y": y}, type="stacked")
    bars.colors, bars.labels, bars.display_legend = COLOURS, list(PARTS), True
    axes = [Axis(scale=x), Axis(scale=y, side="left", label="students")]
    return Figure(marks=[bars], axes=axes, title=title, legend_location="top-right")"""
READING = (
    "*Held*: a student's answers show the idea, and have not changed in that. *Shaken*: they no\n"
    "longer show it at one question, and still do at another. *Dropped*: first answers show it,\n"
    "last answers do not. The charts have letters; the tables below them say what each is."
)


def notebook_of(report: ClassReport, *, names: bool) -> str:
    """Return a report as the text of a notebook.

    Parameters
    ----------
    report : ClassReport
    names : bool
        Whether it says who holds which idea.
    """
    counted = (
        f"{plural(report.files, 'hand-in')} of {plural(report.students, 'student')} to "
        f"{plural(len(report.lessons), 'lesson')}."
    )
    if report.not_graded:
        left = plural(report.not_graded, "file")
        counted += f" {left} could not be graded: `kit grade` says why."
    cells = [
        new_markdown_cell(f"# {TITLE}\n\n{counted}\n\n{READING}"),
        new_code_cell(SETUP),
        new_markdown_cell(_topics(report)),
    ]
    for lesson in report.lessons:
        cells.append(new_markdown_cell(_heading(lesson)))
        if lesson.ideas:
            cells.append(new_code_cell(_chart(lesson)))
        cells.append(new_markdown_cell(_tables(lesson, names=names)))
    for number, cell in enumerate(cells):
        cell["id"] = f"report-{number}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "kit": {"kind": "page", "title": TITLE}}
    return str(nbformat.writes(new_notebook(cells=cells, metadata=metadata))) + "\n"


def _topics(report: ClassReport) -> str:
    told = [
        f"1. **{_text(topic.what)}** {_text(topic.why)} {_text(topic.how)} ({_text(topic.lesson)})"
        for topic in report.topics
    ]
    listed = "\n".join(told) or "No idea is held by many, and no question has split the class."
    return f"## To discuss next time\n\n{listed}"


def _heading(lesson: LessonReport) -> str:
    handed = [f"{one.answered} handed in an explanation" for one in lesson.explanations]
    counted = "; ".join([plural(lesson.students, "student"), *handed])
    return f"## {_text(lesson.title)}\n\n{_text(lesson.name)}, {counted}."


def _chart(lesson: LessonReport) -> str:
    """Return the code that draws the ideas of a lesson; what it names is plain data."""
    rows = [
        f"    {json.dumps(row.letter)}: "
        f'{{"held": {row.result.held}, "shaken": {row.result.shaken}, '
        f'"dropped": {row.result.dropped}}},'
        for row in lesson.ideas
    ]
    title = json.dumps(" ".join(lesson.title.split()))
    return "\n".join(["ideas = {", *rows, "}", f"chart({title}, {lesson.students}, ideas)"])


def _tables(lesson: LessonReport, *, names: bool) -> str:
    header = ["", "it is thought that …", "held", "shaken", "dropped"]
    header += ["students who still show it"] if names else []
    ideas: list[list[object]] = [
        [row.letter, row.sentence, row.result.held, row.result.shaken, row.result.dropped]
        + ([", ".join(row.result.holders)] if names else [])
        for row in lesson.ideas
    ]
    questions: list[list[object]] = [
        [
            one.question,
            f"{one.first_right} of {one.first_known}" if one.first_known else "",
            f"{one.right} of {one.answered}" if one.answered else "no answer",
            verdict(one) or "",
            f"{one.wrong} ({one.wrong_by})" if one.wrong else "",
        ]
        for one in lesson.questions
    ]
    asked = ["question", "right at first", "in the end", "to note", "wrong answer most gave first"]
    parts = [_table(header, ideas)] if ideas else ["No answer shows a known idea."]
    return "\n\n".join([*parts, *([_table(asked, questions)] if questions else [])])


def _table(header: list[str], rows: list[list[object]]) -> str:
    lines = [header, ["---"] * len(header)]
    lines += [[as_cell(_text(str(cell))) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(text: str) -> str:
    """Return Markdown, on one line, that shows a text as it is."""
    return as_markdown(" ".join(visible(text).split()))
