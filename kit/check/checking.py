"""A whole check: the tiers one after the other, each over all notebooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.check.extras import need
from kit.check.notebooks import find_checked
from kit.check.results import TIERS, Result
from kit.errors import KitError, nearest, plural

QUICK = ("static", "execution")
"""The tiers that a check runs unless it is asked for others."""


@dataclass(frozen=True)
class Tier:
    """How all notebooks fared in one tier.

    Attributes
    ----------
    name : str
        One of `TIERS`.
    results : tuple of Result
        In the order of the notebooks.
    seconds : float
        How long all of them took together.
    left_out : tuple of Path
        Notebooks that were not looked at, because an earlier tier could not read them.
    stopped : str
        Why it did not come to its end, and what to do; nothing if it did.
    """

    name: str
    results: tuple[Result, ...]
    seconds: float
    left_out: tuple[Path, ...] = ()
    stopped: str = ""

    @property
    def passed(self) -> bool:
        """Whether something was looked at, and there is no problem."""
        whole = bool(self.results) and not self.left_out and not self.stopped
        return whole and all(result.passed for result in self.results)

    @property
    def line(self) -> str:
        """The tier in one line: what was looked at, and how it went."""
        if self.stopped and not self.results:
            return f"{self.name}: not run: {self.stopped}"
        number = sum(len(result.problems) for result in self.results)
        notebooks = sum(result.path.suffix == ".ipynb" for result in self.results)
        looked = "the repository" if self.name == "binder" else plural(notebooks, "notebook")
        went = "passed" if self.passed else f"failed, {plural(number, 'problem')}"
        not_seen = f", {plural(len(self.left_out), 'notebook')} not run" if self.left_out else ""
        end = f"; then stopped: {self.stopped}" if self.stopped else ""
        return f"{self.name}: {went}{not_seen} ({looked}, {self.seconds:.1f} s){end}"


@dataclass(frozen=True)
class Report:
    """A whole check.

    Attributes
    ----------
    tiers : tuple of Tier
        In the order in which they ran.
    notebooks : tuple of Path
    failure : BaseException or None
        What ended the check early, if it was neither a problem nor a `KitError`.
    """

    tiers: tuple[Tier, ...]
    notebooks: tuple[Path, ...]
    failure: BaseException | None = None

    @property
    def passed(self) -> bool:
        """Whether every tier passed."""
        return all(tier.passed for tier in self.tiers)


class Watcher:
    """Is told how a check gets on; this one does nothing."""

    def begins(self, tier: str, number: int) -> None:
        """Hear that a tier begins, with so many notebooks."""

    def found(self, result: Result) -> None:
        """Hear that a notebook has been looked at."""


Check = Callable[[Sequence[Path]], Iterator[Result]]


def check(
    paths: Sequence[str | Path],
    tiers: Sequence[str] = QUICK,
    *,
    jobs: int | None = None,
    watcher: Watcher | None = None,
) -> Report:
    """Check notebooks.

    What has been found is never lost: a tier that cannot run, or not to its end, is told beside
    the results of the others.

    Parameters
    ----------
    paths : sequence of path
        Notebooks, or folders with notebooks.
    tiers : sequence of str
        Of `TIERS`; they run in the order of that table.
    jobs : int, optional
        How many notebooks are executed at once; as many as there are cores if left out.
    watcher : Watcher, optional
        Is told how it gets on.

    Raises
    ------
    KitError
        If a path or a tier is wrong, or none of the tiers can run.
    """
    for name in tiers:
        if name not in TIERS:
            raise KitError(f"there is no tier '{name}'; {nearest(name, TIERS)}")
    need("check", "nbval", "rich", "ruff", "codespell_lib", "markdown_it", "xdist")
    notebooks = find_checked(paths)
    done: list[Tier] = []
    failure: BaseException | None = None
    for name in TIERS:
        if name not in tiers:
            continue
        unreadable = _unreadable(done)
        readable = [path for path in notebooks if path not in unreadable]
        if failure is not None:
            done.append(Tier(name, (), 0.0, stopped="the check was ended before"))
            continue
        tier, error = _run(name, readable, unreadable, jobs, watcher or Watcher())
        if isinstance(error, KitError) and not any(one.results for one in (*done, tier)):
            raise error
        failure = None if isinstance(error, KitError) else error
        done.append(tier)
    if failure is not None and not any(tier.results for tier in done):
        raise failure
    return Report(tuple(done), tuple(notebooks), failure)


def _unreadable(done: Sequence[Tier]) -> tuple[Path, ...]:
    return tuple(
        result.path
        for tier in done
        if tier.name == "static"
        for result in tier.results
        if any(problem.rule == "readable" for problem in result.problems)
    )


def _run(
    name: str,
    notebooks: Sequence[Path],
    unreadable: tuple[Path, ...],
    jobs: int | None,
    watcher: Watcher,
) -> tuple[Tier, BaseException | None]:
    """Run a tier; return how it went, and what ended it early, if anything did."""
    started = time.perf_counter()
    results: list[Result] = []
    error: BaseException | None = None
    try:
        if notebooks:
            watcher.begins(name, len(notebooks))
            for result in _tier(name, jobs)(notebooks):
                watcher.found(result)
                results.append(result)
    except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001 - it is raised when all is told
        error = raised
    places = {path: place for place, path in enumerate(notebooks)}
    results.sort(key=lambda result: places.get(result.path, len(places)))
    seconds = time.perf_counter() - started
    return Tier(name, tuple(results), seconds, unreadable, _why(error)), error


def _why(error: BaseException | None) -> str:
    """Return why a tier did not come to its end; nothing if it did."""
    if error is None or isinstance(error, KitError):
        return "" if error is None else str(error)
    told = f": {error}" if str(error) else ""
    return (
        "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}{told}"
    )


def _tier(name: str, jobs: int | None) -> Check:
    """Return what runs a tier; loaded only now, since each needs packages of its own."""
    if name == "static":
        from kit.check import static

        return static.check
    if name == "execution":
        from kit.check import execution

        return lambda paths: execution.check(paths, jobs)
    if name == "browser":
        need("browser", "playwright", "axe_playwright_python", "jupyterlab")
        from kit.check import browser

        return browser.check
    need("binder", "repo2docker", "uv", "playwright")
    from kit.check import binder

    return lambda paths: binder.check(binder.find_repository(paths[0]), paths[0])
