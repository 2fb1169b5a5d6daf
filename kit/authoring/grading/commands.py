"""The command that grades answers."""

from __future__ import annotations

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

    Each lesson is run once, and each answer is judged by that run: what a file says about
    its own answers is not believed. A lesson is looked for in DIR; without that option in the
    folder lessons, then beside the file. Only name folders whose notebooks you trust:
    they are executed.
    """
    from kit.authoring.extras import need

    need("check", "rich", "nbval", "zmq")
    from kit.authoring.grading.grading import grade_and_report

    grade_and_report(files, lessons=lessons, as_csv=as_csv, as_json=as_json)


COMMANDS = (grade,)
"""All of them, to be added to the `kit` command."""
