"""The commands for writing notebooks: make one, see what there is, clean, open."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.authoring.storyline import STORYLINE
from kit.check.course import in_short, storyline_of
from kit.check.extras import need
from kit.check.printing import publish, to_a_file
from kit.errors import KitError, plural

if TYPE_CHECKING:
    from kit.authoring.writing.catalogue import Item

STDIN = "-"
REPEATED = "can be repeated"


@click.command()
@click.argument("path", required=False)
@click.option("--title", default="", help="What the lesson is called.")
@click.option(
    "--scenario",
    "scenarios",
    metavar="NAME",
    multiple=True,
    help=f"A run to show, of those that `kit scenarios` lists; {REPEATED}.",
)
@click.option(
    "--program",
    metavar="FILE",
    help="A text file with a program of your own to show, in place of a scenario or besides.",
)
@click.option(
    "--question",
    "questions",
    metavar="KIND",
    multiple=True,
    help=f"A prediction to ask for, of `kit questions`; {REPEATED}. Default: all that fit.",
)
@click.option("--exercise", is_flag=True, help="Let students also write a program.")
@click.option("--goal", default="", help="What students can do afterwards.")
@click.option("--minutes", default=20, show_default=True, help="How long it takes.")
@click.option(
    "--storyline",
    metavar="LINE",
    type=int,
    multiple=True,
    help="A line of the storyline that it tells, the course's own or, without one, "
    f"{in_short(STORYLINE)}; {REPEATED}.",
)
def new(path: str | None, **options: Any) -> None:
    """Make a new lesson in PATH that runs and passes its check as it is.

    It has the six steps, and says where your own text goes. If the title is left out, or both
    scenario and program, it asks.
    """
    need("check", "jinja2")
    from kit.authoring.writing.interview import ask_path, complete, usual_folder
    from kit.authoring.writing.lessons import PLACEHOLDER, Plan, checked_target, write_lesson
    from kit.authoring.writing.own_program import read_program

    file = options.pop("program")
    plan = Plan(**options, program=None if file is None else read_program(file))
    if path is not None:
        checked_target(path)
    if not plan.title or not (plan.scenarios or plan.program):
        plan = complete(plan, usual_folder() if path is None else Path(path).parent)
    target, lesson = write_lesson(ask_path(plan.title) if path is None else path, plan)
    predictions = plural(lesson.predictions, "prediction")
    click.echo(f"{target} is made, with {predictions} and {plural(lesson.exercises, 'exercise')}.")
    for name in lesson.solutions:
        click.echo(f"A solution is in {target.parent / name}: leave it out of what students get.")
    storyline = storyline_of(target)
    if storyline and not plan.storyline and (plan.program or storyline != STORYLINE):
        click.echo('Say in its metadata "kit" which lines of the storyline it tells.')
    click.echo(
        f"{lesson.placeholders} places are marked {PLACEHOLDER} …]: there your own text goes."
    )
    click.echo(f"Open it: kit preview {shlex.quote(str(target))}")


@click.command()
@click.argument("name", required=False)
def scenarios(name: str | None) -> None:
    """List the named runs of the library, or show what one of them is about."""
    from kit.authoring.writing import catalogue
    from kit.scenarios import find

    if name is not None:
        click.echo(str(find(name)))
    else:
        _print(catalogue.scenarios(), catalogue.SCENARIOS_START)


@click.command()
@click.argument("name", required=False)
def widgets(name: str | None) -> None:
    """List the widgets and the code that makes them, or tell all about one of them."""
    from kit.authoring.writing import catalogue

    if name in catalogue.OWN_NAMES:
        _print([catalogue.own_question()], catalogue.START, catalogue.OWN_NAME)
    else:
        _print(catalogue.widgets(), catalogue.START, name, "widget")


@click.command()
@click.argument("name", required=False)
def questions(name: str | None) -> None:
    """List the kinds of question and the code that asks them, or tell all about one.

    The last one, own, is how to write a question by hand.
    """
    from kit.authoring.writing import catalogue

    name = catalogue.OWN_NAME if name in catalogue.OWN_NAMES else name
    listed = [*catalogue.questions(), catalogue.own_question()]
    _print(listed, catalogue.START, name, "question")


def _print(items: Sequence[Item], start: str, name: str | None = None, what: str = "") -> None:
    from kit.authoring.writing.catalogue import item

    if name is not None:
        one = item(items, name, what)
        click.echo(f"{one.about}\n\n{start}\n{one.snippet}")
        return
    click.echo(f"Each can be pasted into a cell below this one:\n\n{_indented(start)}")
    for one in items:
        code = one.snippet.replace("\n\n", "\n")
        click.echo(f"\n{one.name}: {one.line}\n{_indented(code)}")


def _indented(code: str) -> str:
    return textwrap.indent(code, "    ")


@click.command()
@to_a_file
def gallery(output: Path | None) -> None:
    """Print the notebook in which every widget, question and scenario can be tried."""
    need("check", "jinja2")
    from kit.authoring.writing.gallery import gallery_notebook

    publish(gallery_notebook, output)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--title", help="What the course is called; default: [tool.kit] title.")
@to_a_file
def coverage(paths: tuple[str, ...], title: str | None, output: Path | None) -> None:
    """Print which lesson in PATHS covers what: storyline, widgets, questions, misconceptions.

    Each lesson is run, because its questions are computed. Pages that are no lessons are
    left out.
    """
    need("check", "nbclient", "jinja2")
    from kit.authoring.coverage import coverage_page, covered_by
    from kit.check.notebooks import find_notebooks, readable

    lessons = [path for path in find_notebooks(paths) if readable(path).is_lesson]
    if not lessons:
        raise KitError(f"{paths[0]}: there is no lesson; a lesson says so in its metadata")
    publish(lambda: coverage_page([covered_by(path) for path in lessons], title), output)


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something would.")
@click.option(
    "--install-filter",
    is_flag=True,
    help="Let git clean what is committed to the repository in the current folder.",
)
def clean(paths: tuple[str, ...], check: bool, install_filter: bool) -> None:
    """Remove from the notebooks in PATHS what running them, or an editor, has left there.

    Outputs go, but for cells tagged keep-output or nbval-check-output; so do execution
    counts and the state of widgets. Each cell gets an id of its own, and the kernel is
    python3. A single - reads a notebook from standard input and writes it to standard
    output.
    """
    from kit.authoring.writing.git_filter import install_filter as install
    from kit.check.cleaning import clean_bytes

    if install_filter:
        for line in install(Path()):
            click.echo(f"set: {line}")
        if not paths:
            return
    if paths == (STDIN,):
        sys.stdout.buffer.write(clean_bytes(sys.stdin.buffer.read()))
    elif not paths or STDIN in paths:
        raise click.UsageError("name notebooks or folders, or a single - for standard input")
    else:
        _clean_files(paths, check)


def _clean_files(paths: Sequence[str], check: bool) -> None:
    from kit.check.cleaning import clean_file
    from kit.check.notebooks import find_notebooks

    changed, wrong = False, False
    for path in find_notebooks(paths):
        try:
            changes = clean_file(path, write=not check)
        except KitError as error:
            click.echo(f"kit: {error}", err=True)
            wrong = True
            continue
        changed |= bool(changes)
        if changes:
            verb = "to be cleaned" if check else "cleaned"
            click.echo(f"{path}: {verb}: {', '.join(changes)}")
    if wrong or (check and changed):
        sys.exit(2 if wrong else 1)


@click.command()
@click.argument("paths", nargs=-1, required=True)
def store(paths: tuple[str, ...]) -> None:
    """Run the notebooks in PATHS and store what their cells say, for readers without a kernel.

    Widgets are stored in words. The cells are tagged nbval-check-output, so that `kit check`
    notices when what is stored is no longer true. What a cell tagged nbval-ignore-output
    says, because it differs each time, is not stored.
    """
    need("check", "nbclient")
    from kit.authoring.writing.storing import store as store_one
    from kit.check.notebooks import find_notebooks

    for path in find_notebooks(paths):
        click.echo(f"{path}: {'stored' if store_one(path) else 'nothing has changed'}")


@click.command()
@click.argument("path")
@click.option(
    "--browser/--no-browser", default=True, help="Open it in a browser, or only say where it is."
)
def preview(path: str, browser: bool) -> None:
    """Open the notebook in PATH in JupyterLab.

    One that runs already is used; otherwise JupyterLab is started on the folder of the
    notebook, and runs until you stop it with Ctrl-C.
    """
    need("lessons", "jupyterlab", "psutil")
    from kit.check.notebooks import find_notebooks

    if Path(path).is_dir():
        raise KitError(f"{path}: this is a folder; name one notebook in it")
    _open(find_notebooks([path])[0], browser=browser)


def _open(notebook: Path, *, browser: bool) -> None:
    from kit.authoring.writing.preview import address_in_running_server, start_server

    address = address_in_running_server(notebook)
    if address is None:
        start_server(notebook, browser=browser)
        return
    click.echo(f"It is at {address}")
    if browser:
        click.launch(address)


@click.command()
@click.argument("what")
@click.option("--tick", type=click.IntRange(0), default=0, help="The moment that it shows.")
@click.option(
    "--site",
    metavar="ADDRESS",
    help="Of the site that shows it; default: [tool.kit.site] address in pyproject.toml.",
)
@click.option(
    "--perfetto",
    type=click.Path(dir_okay=False),
    help="Also write the run to this file, for ui.perfetto.dev.",
)
def link(what: str, tick: int, site: str | None, perfetto: str | None) -> None:
    """Print a link to the run of WHAT: a trace, a program's file, or the name of a scenario.

    The run itself is in the link, which is only data: the program, the machine, and what was
    done to it. `kit open` and the page run.html of any site of the kit show it.
    """
    from kit.authoring.site.settings import site_address
    from kit.authoring.writing.linked import run_in
    from kit.trace.link import PAGE, link_of
    from kit.trace.perfetto import write_perfetto

    trace = run_in(what)
    if perfetto is not None:
        write_perfetto(trace, perfetto)
    address = site_address(Path(what)) if site is None else site
    page = f"{address.rstrip('/')}/{PAGE}" if address else PAGE
    click.echo(link_of(trace, tick, page))


@click.command("open")
@click.argument("address", metavar="LINK")
@click.argument("path", required=False)
@click.option(
    "--browser/--no-browser", default=True, help="Open it in JupyterLab, or only make it."
)
def open_link(address: str, path: str | None, browser: bool) -> None:
    """Make a notebook of the run that LINK leads to, and open it in JupyterLab.

    The notebook has the program, the machine, and a stage at that moment. It is written to
    PATH, or to run.ipynb. A LINK is only data; nothing of it is run but in the simulated machine.
    """
    import importlib.util

    from kit.authoring.writing.linked import write_linked

    target = write_linked(address, path)
    click.echo(f"{target} is made.")
    if browser and all(importlib.util.find_spec(name) for name in ("jupyterlab", "psutil")):
        _open(target, browser=True)


COMMANDS = (
    *(new, scenarios, widgets, questions, gallery, coverage, clean, store, preview),
    *(link, open_link),
)
"""All of them, to be added to the `kit` command."""
