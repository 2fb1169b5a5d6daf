"""The command that grades answers."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--lessons", metavar="DIR", help="Where the notebooks are that were answered.")
@click.option("--csv", "as_csv", metavar="OUT", help="Write a line for each answer to this file.")
@click.option("--json", "as_json", metavar="OUT", help="Write JSON to this file.")
def grade(
    files: tuple[str, ...], lessons: str | None, as_csv: str | None, as_json: str | None
) -> None:
    """Grade files of answers, NAME.answers.json, or folders with such files.

    In a folder every file that holds answers is taken, whatever it is called. Each lesson is
    run once, and each answer is judged by that run: what a file says about its own answers is
    not believed. The lesson is the notebook that asks these questions, looked for in DIR, or
    in the folder lessons. Notebooks next to the answers are not run. Only name a DIR whose
    notebooks you trust: they are executed.

    Exits with 0 if all was graded, 1 if not, 2 if it could not be asked like that.
    """
    from kit.check.extras import need

    need("check", "rich", "nbval", "zmq")
    from kit.authoring.grading.grading import grade_and_report

    if not grade_and_report(files, lessons=lessons, as_csv=as_csv, as_json=as_json):
        sys.exit(1)


COMMANDS = (grade,)
"""All of them, to be added to the `kit` command."""
