"""A whole check: the tiers one after the other, each over all notebooks."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from kit.check.cores import BROWSERS, cores
from kit.check.extras import need
from kit.check.last_failures import failed_first
from kit.check.notebooks import find_checked, find_skipped
from kit.check.profiles import Choice, check_choice, counts
from kit.check.results import TIERS, Result
from kit.check.rules import code_of
from kit.check.settings import Settings
from kit.check.telling_once import without_what_is_told
from kit.check.tiers import Report, Tier
from kit.errors import KitError, nearest, plural

QUICK = ("static", "execution")
"""The tiers that a check runs unless it is asked for others."""

NEEDED = {
    "static": (),
    "execution": (),
    "browser": ("browser", "playwright", "axe_playwright_python", "jupyterlab"),
    "binder": ("binder", "repo2docker", "uv", "playwright"),
}
"""Tier -> the extra of the kit that it needs, and modules of it."""


@dataclass(frozen=True)
class Wishes:
    """How a check is to be run.

    Attributes
    ----------
    jobs : int or None
        How many notebooks are executed at once; as many as there are cores if None.
    choice : Choice
        Which rules count, over what the settings of a course say.
    most_failures : int
        After how many failed notebooks to stop; 0 to go on to the end.
    failed_first : bool
        Whether to begin with those that failed in the last check.
    keep : Path or None
        A folder for the notebooks as they were executed.
    """

    jobs: int | None = None
    choice: Choice = field(default_factory=Choice)
    most_failures: int = 0
    failed_first: bool = False
    keep: Path | None = None


class Watcher:
    """Is told how a check gets on; this one does nothing."""

    def cannot(self, tier: str, why: str) -> None:
        """Hear that a tier will not run, before anything does."""

    def begins(self, tier: str, number: int) -> None:
        """Hear that a tier begins, with so many notebooks."""

    def found(self, result: Result) -> None:
        """Hear that a notebook has been looked at."""


def check(
    paths: Sequence[str | Path],
    tiers: Sequence[str] = QUICK,
    *,
    wishes: Wishes | None = None,
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
    wishes : Wishes, optional
        How to run it.
    watcher : Watcher, optional
        Is told how it gets on.

    Raises
    ------
    KitError
        If a path, a tier or a rule is wrong, or none of the tiers can run.
    """
    for name in tiers:
        if name not in TIERS:
            raise KitError(f"there is no tier '{name}'; {nearest(name, TIERS)}")
    wishes = wishes or Wishes()
    check_choice(wishes.choice)
    need("check", "nbval", "rich", "ruff", "codespell_lib", "markdown_it", "xdist")
    notebooks = find_checked(paths)
    skipped = find_skipped(paths, notebooks)
    return _Check(notebooks, skipped, wishes, watcher or Watcher()).run(tiers)


class _Check:
    """A check that is going on."""

    def __init__(
        self, notebooks: Sequence[Path], skipped: Sequence[Path], wishes: Wishes, watcher: Watcher
    ) -> None:
        self.notebooks, self.wishes, self.watcher = tuple(notebooks), wishes, watcher
        self.skipped = tuple(skipped)
        self.order = failed_first(notebooks) if wishes.failed_first else self.notebooks
        self.done: list[Tier] = []
        self.failed: set[Path] = set()

    def run(self, tiers: Sequence[str]) -> Report:
        """Run some tiers."""
        wanted = [name for name in TIERS if name in tiers]
        missing = {name: why for name in wanted if (why := _missing(name))}
        for name, why in missing.items():
            if len(missing) == len(wanted):
                raise KitError(why)
            self.watcher.cannot(name, why)
        failure: BaseException | None = None
        for name in wanted:
            why = missing.get(name, "") or self._ended(failure)
            if why:
                self.done.append(Tier(name, (), 0.0, stopped=why))
                continue
            tier, error = self._tier(name)
            if isinstance(error, KitError) and not any(o.results for o in (*self.done, tier)):
                raise error
            failure = None if isinstance(error, KitError) else error
            self.done.append(tier)
        if failure is not None and not any(tier.results for tier in self.done):
            raise failure
        return Report(tuple(self.done), self.notebooks, failure)

    def _ended(self, failure: BaseException | None) -> str:
        """Return why no further tier is run; nothing if it is."""
        if failure is not None:
            return "the check was ended before"
        return self._enough

    @property
    def _enough(self) -> str:
        if not 0 < self.wishes.most_failures <= len(self.failed):
            return ""
        return f"{plural(len(self.failed), 'notebook')} failed, as --maxfail wants"

    def _tier(self, name: str) -> tuple[Tier, BaseException | None]:
        """Run a tier; return how it went, and what ended it early, if anything did."""
        started = time.perf_counter()
        skipped = self.skipped if name in ("execution", "browser") else ()
        out = _unreadable(self.done)
        notebooks = [path for path in self.order if path not in out and path not in skipped]
        results: list[Result] = []
        left, error = list(out), None
        stopped = ""
        try:
            if notebooks:
                self.watcher.begins(name, len(notebooks))
                with closing(_run(name, notebooks, self.wishes)) as found:
                    for raw in found:
                        self._take(self._counted(raw), results, left)
                        if self._enough:
                            stopped = self._enough
                            break
        except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001 - it is raised when all is told
            error = raised
        places = {path: place for place, path in enumerate(self.notebooks)}
        results.sort(key=lambda result: places.get(result.path, len(places)))
        seconds = time.perf_counter() - started
        stopped = stopped or _why(error)
        return Tier(name, tuple(results), seconds, tuple(left), stopped, tuple(skipped)), error

    def _take(self, result: Result, results: list[Result], left: list[Path]) -> None:
        """Note a result; one that only says again why a notebook cannot be run is none."""
        told = without_what_is_told(result, self.done)
        if told is None:
            left.append(result.path)
            return
        self.watcher.found(told)
        results.append(told)
        if not told.passed:
            self.failed.add(told.path)

    def _counted(self, result: Result) -> Result:
        """Return a result with the problems of rules that count."""
        choices = [Settings.near(result.path).choice, self.wishes.choice]
        kept = tuple(
            problem
            for problem in result.problems
            if counts(problem.rule, code_of(result.tier, problem.rule), choices)
        )
        return replace(result, problems=kept)


def _unreadable(done: Sequence[Tier]) -> tuple[Path, ...]:
    return tuple(
        result.path
        for tier in done
        if tier.name == "static"
        for result in tier.results
        if any(problem.rule == "readable" for problem in result.problems)
    )


def _missing(tier: str) -> str:
    """Return why a tier cannot run here, as far as that can be seen at once."""
    try:
        need(*NEEDED[tier]) if NEEDED[tier] else None
    except KitError as error:
        return str(error)
    return ""


def _why(error: BaseException | None) -> str:
    """Return why a tier did not come to its end; nothing if it did."""
    if error is None or isinstance(error, KitError):
        return "" if error is None else str(error)
    told = f": {error}" if str(error) else ""
    return (
        "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}{told}"
    )


def _run(name: str, paths: Sequence[Path], wishes: Wishes) -> Generator[Result, None, None]:
    """Run a tier; loaded only now, since each needs packages of its own."""
    if name == "static":
        from kit.check import static

        yield from static.check(paths)
    elif name == "execution":
        from kit.check import execution

        yield from execution.check(paths, wishes.jobs, choice=wishes.choice, keep=wishes.keep)
    elif name == "browser":
        from kit.check import browser

        yield from browser.check(paths, wishes.jobs or min(cores(), BROWSERS))
    else:
        from kit.check import binder

        yield from binder.check(binder.find_repository(paths[0]), paths[0])
