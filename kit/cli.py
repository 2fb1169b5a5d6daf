"""The `kit` command."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from kit.authoring.class_report.commands import COMMANDS as CLASS_REPORT
from kit.authoring.course.commands import COMMANDS as COURSE
from kit.authoring.exam.commands import COMMANDS as EXAM
from kit.authoring.grading.commands import COMMANDS as GRADING
from kit.authoring.site.commands import COMMANDS as SITE
from kit.authoring.writing.commands import COMMANDS as WRITING
from kit.check import quick_start  # noqa: F401 - it is for what is imported later
from kit.check.doctor.commands import COMMANDS as DOCTOR
from kit.check.doctor.commands import print_versions
from kit.check.printing import prepare_streams, publish, read_names_as_utf8, to_a_file
from kit.errors import KitError


@click.group()
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_versions,
    help="Print the versions of all that matters in a bug report.",
)
def commands() -> None:
    """See what an operating system does with a program: tools for teachers."""


@commands.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--browser", is_flag=True, help="Also run them in JupyterLab, in a real browser.")
@click.option("--binder", is_flag=True, help="Also check that the repository starts on Binder.")
@click.option("--all", "everything", is_flag=True, help="All of that.")
@click.option("--only", metavar="TIER", multiple=True, help="Only this tier; can be repeated.")
@click.option("--profile", default="", help="Which rules count: course (all), or widgets.")
@click.option("--on", metavar="RULE", multiple=True, help="Let this rule count; can be repeated.")
@click.option("--off", metavar="RULE", multiple=True, help="Leave this rule out; can be repeated.")
@click.option("--failed-first", is_flag=True, help="Begin with what failed the last time.")
@click.option("--maxfail", type=click.IntRange(1), help="Stop when so many failed.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep executed notebooks in this folder, and a page of each that failed.",
)
@click.option("--jobs", "-j", type=click.IntRange(1), help="Notebooks at once; as many as cores.")
@click.option("--junit", type=click.Path(dir_okay=False), help="Write JUnit XML to this file.")
@click.option("--json", "as_json", type=click.Path(dir_okay=False), help="Write JSON to this file.")
def check(
    paths: tuple[str, ...],
    *,
    profile: str,
    on: tuple[str, ...],
    off: tuple[str, ...],
    failed_first: bool,
    maxfail: int | None,
    keep: Path | None,
    jobs: int | None,
    **options: Any,
) -> None:
    """Check the notebooks in PATHS (files or folders).

    First what can be seen without running anything, then every cell in a real kernel,
    every widget in it, every exercise. Exits with 0 if all is well, 1 if not, 2 if it
    could not be asked like that.
    """
    from kit.check.extras import need

    need("check", "rich", "junitparser")
    from kit.check.checking import Wishes
    from kit.check.profiles import Choice
    from kit.check.reports import check_and_report

    choice = Choice(profile, on, off)
    wishes = Wishes(jobs, choice, most_failures=maxfail or 0, failed_first=failed_first, keep=keep)
    sys.exit(0 if check_and_report(paths, wishes=wishes, **options) else 1)


@commands.command()
@click.argument("rule", required=False)
@to_a_file
def rules(rule: str | None, output: Path | None) -> None:
    """List the rules of the check as a table in Markdown, or tell all about one of them.

    RULE is a code such as KC113, or a name such as links.
    """
    from kit.check.extras import need

    need("check", "IPython", "markdown_it", "nbformat")
    from kit.check.rules import all_rules, as_table, rules_called

    found = all_rules() if rule is None else rules_called(rule)
    pages = "\n\n".join(one.page() for one in found) + "\n"
    publish(lambda: as_table(found) if rule is None else pages, output)


@commands.command()
@to_a_file
def language(output: Path | None) -> None:
    """Print the page on the lesson language, made from the compiler's own tables."""
    from kit.authoring.language import language_page

    publish(language_page, output)


for command in (*WRITING, *GRADING, *CLASS_REPORT, *EXAM, *COURSE, *SITE, *DOCTOR):
    commands.add_command(command)


def main() -> NoReturn:
    """Run the command; a mistake of the user is one sentence, not a traceback."""
    read_names_as_utf8()
    prepare_streams()
    ended_by = _end_in_order()
    status = _status()
    if ended_by:
        status = 128 + ended_by[0]  # as shells say it
    try:
        sys.stdout.flush()
    except OSError as error:
        _tell(f"standard output cannot be written ({error.strerror})")
        status = 2
        with suppress(OSError, ValueError):  # Python would try again, and complain
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def _status() -> Any:
    """Run the command, and return what it exits with."""
    try:
        commands(standalone_mode=True)
    except SystemExit as end:
        return end.code
    except KitError as error:
        _tell(str(error))
    except OSError as error:
        # What has a better sentence is caught where it happens.
        name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        _tell(f"{name}{error.strerror or error}; look at the place, its permissions and the disk")
    return 2


def _end_in_order() -> list[int]:
    """Let each signal that is to end the command do what Ctrl-C does; return those that come.

    So programs that it has started are ended, and its temporary folders removed. Another signal
    does not disturb that.
    """
    came: list[int] = []

    def end(number: int, _frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What is ignored, as `nohup` and shells wish, stays so.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)
    return came


def _tell(sentence: str) -> None:
    with suppress(OSError):
        click.echo(f"kit: {sentence}", err=True)
