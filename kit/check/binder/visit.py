"""Starting JupyterLab from the rehearsal's environment, and running a lesson in a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from kit.check.binder.environment import Environment
from kit.check.binder.repository import Repository
from kit.check.browser.copies import make_runnable
from kit.check.browser.findings import problems_of
from kit.check.browser.lab import PREFERENCES, Lab
from kit.check.browser.servers import NEWS, Server, running_server
from kit.check.browser.visits import visit
from kit.check.notebooks import Notebook, Unreadable
from kit.check.results import Problem, Result
from kit.check.settings import Settings
from kit.errors import KitError

POP_UP = ".Toastify__toast"
POP_UP_SECONDS = 10
HAS_NEWS = f"() => window.jupyterapp.hasPlugin('{NEWS}')"
# Notes the time at which an output first shows a picture or a widget.
WATCH = """() => {
    const pictures = '.jp-OutputArea-output :is(svg, canvas, img, .jupyter-widgets)';
    const look = () => {
        const shown = [...document.querySelectorAll(pictures)].some((picture) => {
            const { width, height } = picture.getBoundingClientRect();
            return width > 10 && height > 10;
        });
        if (shown) window.kitFirstPicture = Date.now() / 1000;
        else requestAnimationFrame(look);
    };
    look();
}"""
FIRST_PICTURE = "() => window.kitFirstPicture ?? null"
EXECUTES = re.compile(r"^\s*exec\b.*\$@", re.MULTILINE)


@dataclass(frozen=True)
class Rehearsed:
    """What is rehearsed: a lesson of a repository, in an environment.

    Attributes
    ----------
    repository : Repository
    environment : Environment
    lesson : Path
        In the original.
    """

    repository: Repository
    environment: Environment
    lesson: Path

    @property
    def name(self) -> str:
        """Name of the lesson, as seen from the repository."""
        inside = self.lesson.resolve().relative_to(self.repository.origin.resolve())
        return inside.as_posix()


def open_lesson(rehearsed: Rehearsed, known: Sequence[Problem] = ()) -> Result:
    """Open a lesson in JupyterLab and run all of it.

    Parameters
    ----------
    rehearsed : Rehearsed
    known : sequence of Problem
        What is known to be wrong already, for the result.

    Raises
    ------
    KitError
        If there is no browser, or the settings of the course cannot be read.
    """
    began = time.perf_counter()
    found = list(known)
    figures: dict[str, float] = {}
    try:
        notebook = Notebook.read(rehearsed.repository.copy / rehearsed.name)
        make_runnable(rehearsed.environment.home / rehearsed.name, notebook)
        found.extend(_findings(rehearsed, notebook, figures))
    except Unreadable as unreadable:
        found.append(unreadable.problem)
    took = time.perf_counter() - began
    return Result("binder", rehearsed.lesson, tuple(found), took, figures)


def _findings(
    rehearsed: Rehearsed, notebook: Notebook, figures: dict[str, float]
) -> Iterator[Problem]:
    """Yield what is wrong with a lesson; put what is measured into `figures`."""
    seconds = Settings.near(rehearsed.lesson).notebook_seconds
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        playwright = stack.enter_context(sync_playwright())
        started = time.time()
        try:
            server = stack.enter_context(_server(rehearsed, Path(home)))
        except KitError as error:
            said, _, log = str(error).partition("\n")
            remedy = "look whether the packages fit together; try it in a new environment"
            yield Problem("server", said.partition(": ")[0], remedy, details=log)
            return
        figures["server start (s)"] = time.time() - started
        lab = stack.enter_context(closing(Lab(playwright, server)))
        lab.log.traffic.page.evaluate(WATCH)
        seen = visit(lab, rehearsed.name, seconds)
        place = f"/files/{quote(rehearsed.name.rpartition('/')[0])}/"
        yield from problems_of(notebook, seen, seconds, place)
        if not lab.is_open:
            # What took it away has been told.
            return
        page = lab.log.traffic.page
        first = page.evaluate(FIRST_PICTURE)
        if first is not None:
            figures["start to first picture (s)"] = first - started
            up = figures["server start (s)"]
            figures["server up to first picture (s)"] = first - started - up
        yield from _pop_ups(page)


def _server(rehearsed: Rehearsed, home: Path) -> AbstractContextManager[Server]:
    return running_server(
        "lab",
        home,
        python=_python(rehearsed, home),
        preferences=PREFERENCES,
        root=rehearsed.environment.home,
        environment=rehearsed.environment.variables(),
    )


def _python(rehearsed: Rehearsed, home: Path) -> Path:
    """Return what starts Python; through the repository's start script, as on Binder."""
    python = rehearsed.environment.python
    name = rehearsed.repository.name("start")
    # One that does not hand over would live on when the server is to stop.
    if not EXECUTES.search(rehearsed.repository.read(name) or ""):
        return python
    start = rehearsed.repository.copy / name
    start.chmod(0o755)
    through = home / "python"
    through.write_text(f'#!/bin/sh\nexec "{start}" "{python}" "$@"\n', encoding="utf-8")
    through.chmod(0o755)
    return through


def _pop_ups(page: Page) -> list[Problem]:
    """Return a problem if something pops up that has nothing to do with the lesson."""
    pop_ups = page.locator(POP_UP)
    if page.evaluate(HAS_NEWS):
        try:
            pop_ups.first.wait_for(timeout=1000 * POP_UP_SECONDS)
        except PlaywrightTimeout:
            return []
    said = [" ".join(text.split()) for text in pop_ups.all_inner_texts()]
    if not said:
        return []
    found = f"JupyterLab pops up a message at every visitor: {said[0]}"
    remedy = f'write into postBuild: jupyter labextension disable "{NEWS}"'
    return [Problem("news", found, remedy, details="\n".join(said[1:]))]
