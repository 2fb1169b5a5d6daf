"""A check as a table for people, and as JSON and JUnit XML for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import junitparser
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kit import __version__
from kit.check.checking import QUICK, Watcher, Wishes, check
from kit.check.keeping import check_place, keep_failures
from kit.check.last_failures import remember
from kit.check.results import TIERS, Problem, Result
from kit.check.rules import code_of
from kit.check.tiers import Report, Tier
from kit.errors import KitError, plural
from kit.files import check_writable, check_writable_folder, write_text

WIDE = 160
"""Columns of a table that goes into a file or a log."""
MOST_DETAILS = 40
"""How many lines of a traceback are shown."""


def check_and_report(
    paths: Sequence[str],
    *,
    browser: bool = False,
    binder: bool = False,
    everything: bool = False,
    only: Sequence[str] = (),
    wishes: Wishes | None = None,
    junit: str | None = None,
    as_json: str | None = None,
) -> bool:
    """Check notebooks, show how it went, write it to files, and tell whether all is well.

    Parameters
    ----------
    paths : sequence of str
        Notebooks, or folders with notebooks.
    browser, binder, everything : bool
        Which tiers to add to the quick ones.
    only : sequence of str
        Run these tiers and no others.
    wishes : Wishes, optional
        How to run it.
    junit, as_json : str, optional
        Files to write.

    Raises
    ------
    KitError
        If it could not be asked like that, and nothing is run then; or if a file cannot be
        written, when the table has been printed.
    """
    added = [t for t, on in (("browser", browser), ("binder", binder)) if on or everything]
    files = [(Path(path), write) for path, write in ((junit, junit_of), (as_json, json_of)) if path]
    for path, _ in files:
        check_writable(path)
    keep = wishes.keep if wishes else None
    if keep:
        check_place(keep, paths)
        check_writable_folder(keep)
    with ProgressBar(Console(stderr=True)) as progress:
        report = check(paths, only or (*QUICK, *added), wishes=wishes, watcher=progress)
    remember(report)
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = WIDE
    console.print(table(report))
    _write(report, files)
    if keep:
        keep_failures(report, keep)
    if report.failure is not None:
        raise report.failure
    return report.passed


def _write(report: Report, files: Sequence[tuple[Path, Callable[[Report], str]]]) -> None:
    """Write a report to files; one that cannot be written keeps none of the others back."""
    errors = []
    for path, write in files:
        try:
            write_text(path, write(report))
        except KitError as error:
            errors.append(error)
    if errors:
        raise errors[0]


class ProgressBar(Watcher):
    """Shows how a check gets on, a bar a tier; only where somebody is looking.

    Parameters
    ----------
    console : rich.console.Console
        Where to show it.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}"),
            console=console,
            transient=True,
            # A notebook's page takes no part of an output back, so a bar would be many lines.
            disable=not console.is_interactive or "JPY_PARENT_PID" in os.environ,
        )
        self._task: Any = None

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def cannot(self, tier: str, why: str) -> None:
        """Say so at once, also where nobody is looking at a bar."""
        self._console.print(Text(f"{tier}: will not run: {why}", "yellow"), soft_wrap=True)

    def begins(self, tier: str, number: int) -> None:
        """Begin the bar of a tier."""
        self._task = self._progress.add_task(tier, total=number, last="")

    def found(self, result: Result) -> None:
        """Move it on."""
        self._progress.update(self._task, advance=1, last=result.path.name)


def table(report: Report) -> RenderableType:
    """Return a report for people: a row a notebook, what is wrong, and a line a tier.

    Parameters
    ----------
    report : Report
    """
    parts: list[RenderableType] = [_overview(report)]
    for tier in report.tiers:
        for result in tier.results:
            if result.problems or result.notes:
                notes = [Text(f"  {note}", "yellow") for note in result.notes]
                texts = (_as_text(one, result.tier) for one in result.problems)
                parts += ["", Text(f"{result.path}", "bold"), *notes, *texts]
    parts.append("")
    parts += [Text(tier.line, "green" if tier.passed else "red") for tier in report.tiers]
    return Group(*parts)


def _overview(report: Report) -> Table:
    shown = Table(box=None, padding=(0, 2, 0, 0))
    shown.add_column("notebook", overflow="fold")
    for tier in report.tiers:
        shown.add_column(tier.name, no_wrap=True)
    for path in _rows(report):
        shown.add_row(Text(str(path)), *(_cell(tier, path) for tier in report.tiers))
    return shown


def _rows(report: Report) -> Iterator[Path]:
    """Yield what was looked at: the notebooks, then repositories."""
    listed = [result.path for tier in report.tiers for result in tier.results]
    yield from dict.fromkeys((*report.notebooks, *listed))


def _cell(tier: Tier, path: Path) -> Text:
    if path in tier.left_out:
        return Text("- not run", "yellow")
    if path in tier.skipped:
        return Text("- skipped", "dim")
    results = [result for result in tier.results if result.path == path]
    if not results:
        return Text("")
    number = sum(len(result.problems) for result in results)
    seconds = f"{sum(result.seconds for result in results):.1f} s"
    memory = max((r.figures.get("peak memory (MB)", 0) for r in results), default=0)
    measured = f"{seconds}, {memory:.0f} MB" if memory else seconds
    if number:
        return Text(f"✗ {plural(number, 'problem')}, {measured}", "red")
    return Text(f"✓ {measured}", "green")


def _as_text(problem: Problem, tier: str) -> Text:
    where = f"{problem.place}: " if problem.place else ""
    text = Text("  ").append("✗ ", "red").append(where, "bold").append(problem.found)
    code = code_of(tier, problem.rule)
    text.append(f" [{problem.rule}] {code}\n    → {problem.remedy}", "dim")
    lines = problem.details.splitlines()
    for line in lines[-MOST_DETAILS:]:
        text.append(f"\n      {line}", "dim")
    return text


def json_of(report: Report) -> str:
    """Return a report as JSON.

    Parameters
    ----------
    report : Report
    """
    content = {
        "kit": __version__,
        "passed": report.passed,
        "tiers": [
            {
                "tier": tier.name,
                "about": TIERS[tier.name],
                "passed": tier.passed,
                "seconds": round(tier.seconds, 3),
                "not_run": [path.as_posix() for path in tier.left_out],
                "skipped": [path.as_posix() for path in tier.skipped],
                "stopped": tier.stopped,
                "results": [_result(result) for result in tier.results],
            }
            for tier in report.tiers
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _result(result: Result) -> dict[str, Any]:
    return {
        "path": result.path.as_posix(),
        "passed": result.passed,
        "seconds": round(result.seconds, 3),
        "figures": dict(result.figures),
        "notes": list(result.notes),
        "problems": [
            {"code": code_of(result.tier, problem.rule), **vars(problem)}
            for problem in result.problems
        ],
    }


def junit_of(report: Report) -> str:
    """Return a report as JUnit XML: a suite a tier, a case a notebook.

    Parameters
    ----------
    report : Report
    """
    suites = junitparser.JUnitXml("kit check")
    for tier in report.tiers:
        suite = junitparser.TestSuite(tier.name)
        for result in tier.results:
            suite.add_testcase(_case(result))
        for path in tier.left_out:
            case = junitparser.TestCase(path.as_posix(), tier.name)
            case.result = [junitparser.Error("not run: it cannot be read", "not run")]
            suite.add_testcase(case)
        for path in tier.skipped:
            case = junitparser.TestCase(path.as_posix(), tier.name)
            case.result = [junitparser.Skipped("the course says so")]
            suite.add_testcase(case)
        if tier.stopped:
            case = junitparser.TestCase(tier.name, tier.name)
            case.result = [junitparser.Error(_clean(tier.stopped), "not run to its end")]
            suite.add_testcase(case)
        suites.add_testsuite(suite)
    suites.update_statistics()
    xml: bytes = suites.tostring()
    return xml.decode()


def _case(result: Result) -> junitparser.TestCase:
    case = junitparser.TestCase(result.path.as_posix(), result.tier, result.seconds)
    failures: list[junitparser.junitparser.FinalResult] = []
    for problem in result.problems:
        message = f"{problem} {code_of(result.tier, problem.rule)}"
        failure = junitparser.Failure(_clean(message), problem.rule)
        failure.text = _clean(problem.details or problem.remedy)
        failures.append(failure)
    case.result = failures
    if result.figures:
        measured = ", ".join(f"{name}: {value:g}" for name, value in result.figures.items())
        case.system_out = measured
    return case


def _clean(text: str) -> str:
    """Leave out what XML cannot hold, which a traceback or a notebook's text may have."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 0x20)
