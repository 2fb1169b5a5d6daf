"""Checking notebooks, one after the other in a page of JupyterLab."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from kit.check.browser.chromium import need_browser
from kit.check.browser.copies import Copies, make_runnable
from kit.check.browser.ending import Programs
from kit.check.browser.findings import problems_of
from kit.check.browser.lab import PREFERENCES, Lab
from kit.check.browser.servers import running_server
from kit.check.browser.together import Together
from kit.check.browser.visits import visit
from kit.check.notebooks import Notebook, Unreadable
from kit.check.results import Result
from kit.check.settings import Settings


def check_all(paths: Sequence[Path], jobs: int) -> Iterator[Result]:
    """Check notebooks; see `kit.check.browser.check`."""
    return Together(paths, min(jobs, len(paths)), check_each, Programs()).results()


def check_each(
    paths: Iterable[tuple[int, Path]], programs: Programs
) -> Iterator[tuple[int, Result]]:
    """Check notebooks in one JupyterLab and one page; each has a number, which is told with it."""
    with sync_playwright() as playwright:
        need_browser(playwright)  # it is a pity to start JupyterLab for nothing
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
            running_server(
                "lab", Path(home) / "lab", preferences=PREFERENCES, started=programs.add
            ) as server,
            closing(Lab(playwright, server, programs.add)) as lab,
        ):
            copies = Copies(server.root)
            for number, path in paths:
                yield number, check_one(lab, copies, path)


def check_one(lab: Lab, copies: Copies, path: Path) -> Result:
    """Check one notebook in a page that is there already."""
    start = time.monotonic()
    try:
        notebook = Notebook.read(path)
    except Unreadable as unreadable:
        return Result("browser", path, (unreadable.problem,))
    seconds = Settings.near(path).notebook_seconds
    name = copies.name_of(path)
    make_runnable(copies.root / name, notebook)
    seen = visit(lab, name, seconds)
    folder = quote(name.rpartition("/")[0])
    problems = problems_of(notebook, seen, seconds, f"/files/{folder}/")
    took = time.monotonic() - start
    figures = {"widgets": float(len(seen.widgets)), "beyond cells (s)": took - seen.running}
    return Result("browser", path, tuple(problems), took, figures)
