"""Checking notebooks by a run of pytest in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from kit.check.cores import cores
from kit.check.execution.plugin import CHOICE_OPTION, KEEP_OPTION, REPORT_OPTION
from kit.check.extras import need
from kit.check.notebooks import find_notebooks
from kit.check.profiles import Choice
from kit.check.results import Problem, Result
from kit.check.settings import Settings
from kit.errors import plural

TIER = "execution"
PERIOD = 0.1
"""Seconds between two looks at what pytest has told."""
PATIENCE = 5
"""Seconds in which killed processes are waited for."""
USAGE_ERROR = 4
"""pytest's exit code if it does not even start."""
OUTPUT = 8000
"""Characters of pytest's output that are shown when it breaks."""

_SETTINGS = Path(__file__).parent / "pytest.ini"


_Results = Generator[Result, None, dict[Path, Path]]


def check(
    paths: Sequence[str | Path],
    jobs: int | None = None,
    *,
    choice: Choice | None = None,
    keep: Path | None = None,
) -> Iterator[Result]:
    """Run notebooks from top to bottom, and do what a person could do with their widgets.

    Parameters
    ----------
    paths : sequence of path
        Notebooks, or folders with notebooks.
    jobs : int, optional
        How many notebooks to run at a time; as many as there are cores if not given.
    choice : Choice, optional
        Which rules count, over what the settings of a course say.
    keep : Path, optional
        A folder for the notebooks as they were executed, at their places below the folder that
        all of them have in common.

    Yields
    ------
    Result
        One a notebook, as soon as it is known. Its figures are "cells" and "widgets", how
        many were run and operated, "running time (s)", and "peak memory (MB)".

    Raises
    ------
    KitError
        If a path is wrong, a setting is, or nbval is not installed.
    """
    need("check", "nbval", "xdist", "psutil")
    notebooks = {path.resolve(): path for path in find_notebooks(paths)}
    for path in notebooks.values():
        Settings.near(path)  # a wrong setting is told once, and not for each notebook
    for path in [path for path in notebooks if "[" in str(path) or "::" in str(path)]:
        remedy = "give the file or its folder another name"
        problem = Problem("readable", "pytest can take no path with [ or :: in it", remedy)
        yield Result(TIER, notebooks.pop(path), (problem,))
    own = [f"{CHOICE_OPTION}={json.dumps(asdict(choice))}"] if choice else []
    if keep:
        folders = {"keep": str(keep.resolve()), "from": _common_folder(map(str, notebooks))}
        own.append(f"{KEEP_OPTION}={json.dumps(folders)}")
    if notebooks:
        lost = yield from _run_together(notebooks, jobs or cores(), own)
        for path, given in lost.items():
            yield from _run_together({path: given}, 1, own)


def _run_together(notebooks: dict[Path, Path], jobs: int, own: Sequence[str]) -> _Results:
    """Yield the results of notebooks run beside each other; return those to be run alone."""
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as folder:
        return (yield from _Run(notebooks, jobs, Path(folder), own).results())


@dataclass
class _Notebook:
    """What is known of a notebook so far."""

    given: Path
    problems: list[Problem] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    done: bool = False
    follow: Counter[int] = field(default_factory=Counter)

    def take(self, report: dict[str, Any]) -> None:
        self.problems += [Problem(**problem) for problem in report["problems"]]
        for name, value in report["figures"].items():
            self.figures[name] = self.figures.get(name, 0.0) + value
        self.seconds += report["seconds"]
        if report["follows"]:
            self.follow[report["follows"]] += 1
        if report["broken"]:
            self.problems.append(_broken("the notebook could not be run", report["broken"]))
        self.done = report["last"]

    @property
    def result(self) -> Result:
        problems = [self._with_followers(problem) for problem in self.problems]
        problems.sort(key=lambda problem: problem.cell or sys.maxsize)
        problems = list(_each_once(problems))
        return Result(TIER, self.given, tuple(problems), round(self.seconds, 2), self.figures)

    def _with_followers(self, problem: Problem) -> Problem:
        """Return a problem with the number of cells that fail only because of it."""
        number = self.follow.pop(problem.cell or 0, 0)
        if not number:
            return problem
        needs = "needs" if number == 1 else "need"
        return replace(problem, found=f"{problem.found}; {plural(number, 'later cell')} {needs} it")


def _each_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield problems, but of those with the same words only the first, with the other cells."""
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for one in problems:
        alike.setdefault((one.rule, one.found, one.remedy), []).append(one)
    for first, *others in alike.values():
        cells = len({one.cell for one in others} - {first.cell})
        if cells:
            does = "does" if cells == 1 else "do"
            found = f"{first.found}; so {does} {plural(cells, 'later cell')}"
            yield replace(first, found=found)
        else:
            yield first


def _broken(found: str, details: str) -> Problem:
    remedy = "look at the details; if it is not the notebook, report it to the makers of the kit"
    return Problem("pytest", found, remedy, details=details)


class _Run:
    """A run of pytest over some notebooks.

    Parameters
    ----------
    notebooks : dict of Path to Path
        Absolute paths, and how they were given.
    jobs : int
    folder : Path
        For files that nobody needs afterwards.
    own : sequence of str
        Options of the kit.
    """

    def __init__(
        self, notebooks: dict[Path, Path], jobs: int, folder: Path, own: Sequence[str]
    ) -> None:
        self.own = own
        self.known = {str(path): _Notebook(given) for path, given in notebooks.items()}
        self.jobs = min(jobs, len(notebooks))
        self.report, self.output = folder / "report.jsonl", folder / "output.txt"
        self.arguments = folder / "arguments.txt"
        self.report.touch()
        self.arguments.write_text("\n".join(self.known), encoding="utf-8")
        self.broken: list[str] = []

    @property
    def command(self) -> list[str]:
        """The command, with as little of the surroundings in it as can be."""
        own = "kit.check.execution"
        plugins = ["kit.check.quick_start", "nbval.plugin", "xdist.plugin", f"{own}.plugin"]
        workers = ["-n", str(self.jobs), "--dist", "loadfile", "--max-worker-restart", "0"]
        return [
            *(sys.executable, "-m", "pytest"),
            *(word for plugin in plugins for word in ("-p", plugin)),
            *("-p", "no:cacheprovider", "--noconftest", "-c", str(_SETTINGS)),
            f"--rootdir={_common_folder(self.known)}",
            *("--nbval-lax", "--nbval-current-env", "--tb=short", "-q"),
            f"{REPORT_OPTION}={self.report}",
            *self.own,
            *(workers if self.jobs > 1 else ()),
            f"@{self.arguments}",
        ]

    def results(self) -> _Results:
        """Run, and yield results; the last of them when pytest has ended.

        Returns
        -------
        dict of Path to Path
            Notebooks without a result, because another one took pytest down.
        """
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        with self.output.open("wb") as output, self.report.open(encoding="utf-8") as lines:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
            )
            try:
                return (yield from self._follow(process, lines))
            finally:
                _end(process)

    def _follow(self, process: subprocess.Popen[bytes], lines: IO[str]) -> _Results:
        unfinished = list(self.known.values())
        last: list[_Notebook] = []
        running, rest = True, ""
        while running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PERIOD)
                running = False
            rest = self._take(rest + lines.read())
            for notebook in [one for one in unfinished if one.done]:
                unfinished.remove(notebook)
                if unfinished:
                    yield notebook.result
                else:  # there must be one left to say how pytest has ended
                    last = [notebook]
        code, lost = process.returncode, {}
        if len(self.known) > 1 and code != USAGE_ERROR:  # one of them took the others down
            lost = {Path(path): one.given for path, one in self.known.items() if not one.done}
            unfinished.clear()
        self._judge_end(code, last, unfinished)
        for notebook in [*last, *unfinished]:
            yield notebook.result
        return lost

    def _take(self, text: str) -> str:
        """Take whole lines of the report; return what is not one yet."""
        *whole, rest = text.split("\n")
        for line in whole:
            report = json.loads(line)
            notebook = self.known.get(report["path"])
            if notebook is not None:
                notebook.take(report)
            elif report["broken"]:
                self.broken.append(report["broken"])
        return rest

    def _judge_end(self, code: int, last: list[_Notebook], unfinished: list[_Notebook]) -> None:
        """Add a problem wherever pytest did not come to its end: nothing passes silently."""
        text = self.output.read_text(encoding="utf-8", errors="replace")[-OUTPUT:]
        details = "\n\n".join([*self.broken, text])
        for notebook in unfinished:
            found = f"pytest ended before the notebook did (exit code {code})"
            notebook.problems.append(_broken(found, details))
        failed = any(notebook.problems for notebook in self.known.values())
        if last and code != int(failed):
            found = f"pytest did not run as it should (exit code {code})"
            last[0].problems.append(_broken(found, details))


def _common_folder(paths: Iterable[str]) -> str:
    """Return the folder below which all notebooks are, for only so they have names apart."""
    return os.path.commonpath([os.path.dirname(path) for path in paths])  # noqa: PTH120


def _end(process: subprocess.Popen[bytes]) -> None:
    """End pytest and all it has started, if nobody wants its results any more."""
    if process.poll() is None:
        import psutil  # noqa: PLC0415 - every run of pytest loads this file, see plugin.py

        started = psutil.Process(process.pid).children(recursive=True)
        for one in started:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.kill()
        process.wait()
        psutil.wait_procs(started, timeout=PATIENCE)
