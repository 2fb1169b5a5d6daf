"""The command that makes an exam of lessons."""

from __future__ import annotations

from pathlib import Path

import click

from kit.errors import plural


@click.command()
@click.argument("lessons", nargs=-1, required=True)
@click.option("--students", type=click.IntRange(1, 2000), required=True, help="How many papers.")
@click.option("--seed", type=click.IntRange(0), required=True, help="The same gives the same exam.")
@click.option("--title", default="Exam", show_default=True, help="What it is called.")
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("exam"),
    show_default=True,
    help="Folder of the exam.",
)
@click.option(
    "--as",
    "forms",
    default="notebooks,pages,paper,moodle,qti",
    show_default=True,
    help="Of these and pdf, separated by commas.",
)
@click.option(
    "--pool", type=click.IntRange(1, 100), default=12, show_default=True, help="Of each question."
)
@click.option("--released", is_flag=True, help="Notebooks of the same papers with what is right.")
def exam(
    lessons: tuple[str, ...],
    students: int,
    seed: int,
    title: str,
    output: Path,
    forms: str,
    pool: int,
    *,
    released: bool,
) -> None:
    """Make an exam, or a problem set, of the questions in LESSONS (files or folders).

    Each paper has other instances of the same questions: the same kind, wrong answers from the
    same ideas, about runs with other programs, numbers and quanta. Papers do not know what is
    right: that is in key.json, by which `kit grade HANDED_IN --key key.json` judges, and in
    key.csv for people. Afterwards --released, with the same seed, makes notebooks with feedback.

    The lessons are executed, so only name what you trust.
    """
    from kit.check.extras import need

    need("check", "nbval", "zmq", "jinja2", "rich")
    from rich.console import Console

    from kit.authoring.exam.drawing import draw
    from kit.authoring.exam.making import checked_forms, write_exam, write_released
    from kit.check.notebooks import find_notebooks
    from kit.files import check_writable_folder

    wanted = checked_forms(forms)
    check_writable_folder(output)
    notebooks = find_notebooks(lessons)
    with Console(stderr=True, highlight=False).status("reading lessons") as status:
        made = draw(
            notebooks, title=title, students=students, seed=seed, pool=pool, tell=status.update
        )
        written = (
            [write_released(made, output, status.update)]
            if released
            else write_exam(made, output, wanted, status.update)
        )
    for line in made.left_out:
        click.echo(line)
    for one in made.pools:
        if len(one.instances) < pool:
            few = plural(len(one.instances), "instance")
            verb = "is" if len(one.instances) == 1 else "are"
            click.echo(f"{one.lesson}: {one.prompt} There {verb} only {few}.")
    questions = plural(len(made.pools), "question")
    click.echo(f"{plural(students, 'paper')} of {questions}: {', '.join(map(str, written))}")


COMMANDS = (exam,)
"""To be added to the `kit` command."""
