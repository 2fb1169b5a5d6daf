"""The command that makes a course."""

from __future__ import annotations

import click


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--title", help="Name of the course; made from FOLDER if left out.")
@click.option("--repository", metavar="OWNER/NAME", help="Where on GitHub it will be.")
@click.option("--git", is_flag=True, help="Also make it a git repository.")
@click.option(
    "--kit",
    type=click.Choice(["auto", "release", "repository"]),
    default="auto",
    show_default=True,
    help="Where Binder and GitHub get the kit from; auto is its release, once there is one.",
)
def init(folder: str, title: str | None, repository: str | None, *, git: bool, kit: str) -> None:
    """Make a repository for a course of your own in FOLDER.

    It has a first lesson, what Binder needs to open it, and a check that GitHub runs
    after every push.
    """
    from kit.check.extras import need

    need("check", "jinja2", "nbformat")
    from kit.authoring.course.repository import make_course

    course = make_course(folder, title=title, repository=repository, git=git, kit=kit)
    click.echo(f"{course.folder} is made. What to do next:")
    for number, step in enumerate(course.next_steps, 1):
        click.echo(f"{number}. {step}")


COMMANDS = (init,)
"""All of them, to be added to the `kit` command."""
