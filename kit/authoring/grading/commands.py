"""The command that grades answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--lessons", metavar="DIR", help="Where the notebooks are that were answered.")
@click.option("--csv", "as_csv", metavar="OUT", help="Write a line for each answer to this file.")
@click.option("--json", "as_json", metavar="OUT", help="Write JSON to this file.")
@click.option(
    "--tables",
    "tables_in",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a table each of students, questions, ideas, answers, and what was not graded.",
)
@click.option(
    "--student",
    default="auto",
    help="Whose a file is: moodle, canvas, nbgrader, folder, or a regular expression.",
)
@click.option("--due", metavar="TIME", help="After which answers are late: 2027-01-31T23:59.")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key.json of an exam: answers are judged by it, and nothing is run.",
)
@click.option("--each", is_flag=True, help="Print each answer, also of many files.")
def grade(files: tuple[str, ...], **options: Any) -> None:
    """Grade files of answers, NAME.answers.json, or folders with such files.

    In a folder every file that holds answers is taken, whatever it is called. Each lesson is
    run once, and each answer is judged by that run: what a file says about its own answers is
    not believed. The lesson is the notebook that asks these questions, looked for in DIR, or
    in the folder lessons. Notebooks next to the answers are not run. Only name a DIR whose
    notebooks you trust: they are executed.

    Of several files of one student to one lesson the last counts. The student is the first folder,
    unless the names are those of Moodle or Canvas, or --student says otherwise. What is late is
    told by the time of the last answer, as the file says, by nbgrader's timestamp, or by Canvas.

    Exits with 0 if all was graded, 1 if not, 2 if it could not be asked like that.
    """
    from kit.check.extras import need

    need("check", "rich", "nbval", "zmq")
    from kit.authoring.grading.grading import grade_and_report

    if not grade_and_report(files, **options):
        sys.exit(1)


@click.command()
@click.argument("lesson", type=click.Path(path_type=Path))
@click.option("--out-of", type=float, metavar="POINTS", help="What all of it is worth.")
def score(lesson: Path, out_of: float | None) -> None:
    """Print the cell that counts the points of LESSON, for nbgrader.

    The lesson is run. The cell names all that it asks, so that a question that a student has
    deleted or replaced is worth nothing.
    """
    from kit.check.extras import need

    need("check", "nbval", "zmq")
    from kit.authoring.grading.lesson import Lesson
    from kit.errors import KitError
    from kit.quiz.answers import EXPLANATION

    with Lesson(lesson) as run:
        keys = [asked.key for asked in run.asked if asked.kind != EXPLANATION]
    if not keys:
        raise KitError(f"{lesson}: it asks nothing that could be counted; name another notebook")
    points = "" if out_of is None else f"out_of={out_of:g}, "
    listed = "".join(f"    {key!r},\n" for key in keys).replace("'", '"')
    click.echo(f"from kit.widgets import score\n\nscore({points}asked=[\n{listed}])")


COMMANDS = (grade, score)
"""All of them, to be added to the `kit` command."""
