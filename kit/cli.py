"""The `kit` command."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kit import __version__
from kit.errors import KitError


@click.group()
@click.version_option(__version__, prog_name="os-course-kit")
def commands() -> None:
    """See what an operating system does with a program: tools for teachers."""


@commands.command()
@click.argument("paths", nargs=-1, required=True)
def check(paths: tuple[str, ...]) -> None:
    """Execute the notebooks in PATHS (files or folders) from top to bottom.

    Every cell must run without an error. Exits with 0 if all do.
    """
    from kit.authoring.check import check as check_notebooks

    sys.exit(check_notebooks(paths))


@commands.command()
@click.argument("name", required=False)
def scenarios(name: str | None) -> None:
    """List the named runs of the library, or show what one of them is about."""
    from kit.scenarios import SCENARIOS, find

    if name is not None:
        click.echo(str(find(name)))
        return
    width = max(map(len, SCENARIOS))
    for scenario in SCENARIOS.values():
        click.echo(f"{scenario.name:{width}}  {scenario.title}")


@commands.command()
def language() -> None:
    """Print the page on the lesson language, made from the compiler's own tables."""
    from kit.authoring.language import language_page

    click.echo(language_page(), nl=False)


def main() -> NoReturn:
    """Run the command; a mistake of the user is one sentence, not a traceback."""
    try:
        commands(standalone_mode=True)
    except KitError as error:
        click.echo(f"kit: {error}", err=True)
        sys.exit(2)
    sys.exit(0)
