"""The browser tier: every notebook works in a real JupyterLab, in a real browser.

It needs the extra ``browser``; everything else of the kit does without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.check.browser.rules import RULES
from kit.check.extras import need
from kit.check.results import Result

__all__ = ["RULES", "check"]


def check(paths: Sequence[Path], jobs: int = 1) -> Iterator[Result]:
    """Open each notebook in a page of JupyterLab, run it, look at it, press its buttons.

    Nothing is changed where the notebooks are: JupyterLab sees copies.

    Parameters
    ----------
    paths : sequence of Path
        Notebooks.
    jobs : int
        How many at once; each has a JupyterLab and a browser of its own.

    Yields
    ------
    Result
        One a notebook, in order, as soon as it is known; its problems have the
        rules of `RULES`, or "readable". Its figures are how many widgets the
        notebook shows, and "beyond cells (s)": how long all but running its cells took.

    Raises
    ------
    KitError
        If Playwright or JupyterLab is not installed, there is no browser, or JupyterLab
        does not start.
    """
    need("browser", "playwright", "axe_playwright_python", "psutil", "jupyterlab")
    from kit.check.browser.checking import check_all  # noqa: PLC0415 - may be missing

    return check_all(paths, jobs)
