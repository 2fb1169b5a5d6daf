"""The command that reports what a class believes."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="A page, or a notebook with charts if it ends in .ipynb.",
)
@click.option("--lessons", metavar="DIR", help="Where the notebooks are that were answered.")
@click.option(
    "--student",
    default="auto",
    help="Whose a file is: moodle, canvas, nbgrader, folder, or a regular expression.",
)
@click.option("--names", is_flag=True, help="Name the students who hold an idea.")
def report(
    files: tuple[str, ...], output: Path, lessons: str | None, student: str, *, names: bool
) -> None:
    """Report what a class believes, from files of answers or folders with such files.

    Answers are judged as `kit grade` does. The report has for each lesson the ideas that wrong
    answers show, and how many hold, have shaken off in part, or have dropped each; the questions
    that all students got right, or none; and first of all what to discuss next time. It names no
    student, unless --names is given.

    Exits with 0 if all was graded, 1 if not, 2 if it could not be asked like that.
    """
    from kit.check.extras import need

    need("check", "rich", "nbval", "zmq", "jinja2")
    from kit.authoring.class_report.reporting import write_report

    if not write_report(files, output, lessons=lessons, student=student, names=names):
        sys.exit(1)


COMMANDS = (report,)
"""To be added to the `kit` command."""
