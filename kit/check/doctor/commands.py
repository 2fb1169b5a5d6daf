"""The command that examines an environment, and the option that names versions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kit.files import check_writable, write_text


@click.command()
@click.option("--json", "as_json", type=click.Path(dir_okay=False), help="Write JSON to this file.")
def doctor(as_json: str | None) -> None:
    """Examine this environment, and say what is wrong and what to do about it.

    Looks at Python and its packages, the kernel, Jupyter, both halves of each widget
    library, and the browser. Exits with 0 if all is well, 1 if something is wrong.
    """
    from kit.check.doctor.examination import examine
    from kit.check.doctor.report import json_of, passed, show

    if as_json:
        check_writable(Path(as_json))
    diagnostics = examine()
    show(diagnostics)
    if as_json:
        write_text(Path(as_json), json_of(diagnostics))
    sys.exit(0 if passed(diagnostics) else 1)


def print_versions(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print the versions of all that matters in a bug report, and end; for ``--version``.

    Parameters
    ----------
    context : click.Context
    wanted : bool
        Whether the option was given.
    """
    if wanted and not context.resilient_parsing:
        from kit.check.doctor.versions import about

        click.echo(about())
        context.exit()


COMMANDS = (doctor,)
"""All of them, to be added to the `kit` command."""
