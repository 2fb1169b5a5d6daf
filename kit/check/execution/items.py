"""What pytest runs for a notebook besides its cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kit.check.execution.driving import Driver, as_troubles, settle
from kit.check.execution.exercise_runs import ExerciseRun
from kit.check.execution.kernel_failures import KernelDied, TookTooLong
from kit.check.execution.telling import Found, as_text, short
from kit.check.execution.troubles import (
    ALLOW_STDERR,
    WRITTEN,
    SolutionOwner,
    troubles,
)
from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.errors import plural

if TYPE_CHECKING:
    from kit.check.execution.notebook_file import NotebookFile

MOST_TOLD = 320
"""Characters of what is wrong with an exercise."""
PROPERTY = "kit"
"""Under this name a report carries what the kit found."""


class ItemReport:
    """What an item reports beyond whether it passed.

    Attributes
    ----------
    properties : dict
        ``path``, ``problems``, ``figures``, and whether it is the ``last`` of its notebook.
    place : int
        Of the item among those of its notebook.
    """

    def __init__(self, item: pytest.Item) -> None:
        self.properties: dict[str, Any] = {
            "path": str(item.path),
            "problems": [],
            "figures": {},
            "last": False,
        }
        self.place = 0
        self._counts: Callable[[str], bool] = item.parent.counts  # type: ignore[union-attr]
        item.user_properties.append((PROPERTY, self.properties))

    def figure(self, name: str, value: float) -> None:
        """Tell a figure."""
        self.properties["figures"][name] = value

    def fail(self, problems: list[Problem]) -> None:
        """Raise `Found` if there are problems of rules that count."""
        problems = [problem for problem in problems if self._counts(problem.rule)]
        self.properties["problems"] = [vars(problem) for problem in problems]
        if problems:
            raise Found(problems)


def failure_text(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    """Return what pytest shows of a failed item; None if it is no problem of the notebook."""
    if not isinstance(excinfo.value, Found):
        return None
    return as_text(name_of(item), excinfo.value.problems)


def name_of(item: pytest.Item) -> str:
    """Return how the notebook of an item is called: its path below the root."""
    try:
        return item.path.relative_to(item.config.rootpath).as_posix()
    except ValueError:
        return str(item.path)


class NotebookItem(pytest.Item):
    """One thing that is looked at when the cells of a notebook have run."""

    parent: NotebookFile

    def __init__(self, name: str, parent: NotebookFile, *, last: bool = False) -> None:
        super().__init__(name, parent)
        self.report = ItemReport(self)
        self.report.properties["last"] = last

    def runtest(self) -> None:
        """Look, and fail with what was found."""
        self.report.fail(self.parent.guard(self.look))

    def look(self) -> list[Problem]:
        """Return the problems."""
        raise NotImplementedError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the problems in words."""
        return failure_text(self, excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it is, for pytest."""
        return self.path, None, f"{name_of(self)}, {self.name}"


class Refusal(NotebookItem):
    """Fails with problems that are known without running anything."""

    def __init__(
        self, name: str, parent: NotebookFile, *, problems: list[Problem], last: bool
    ) -> None:
        super().__init__(name, parent, last=last)
        self.problems = problems

    def runtest(self) -> None:
        """Tell them."""
        self.report.fail(self.problems)


class Widgets(NotebookItem):
    """Does with every widget what a person can do, and looks for what failed beside the cells."""

    def look(self) -> list[Problem]:
        """Return what failed."""
        kernel = self.parent.running_kernel
        if not kernel.is_python:
            return []
        known = settle(kernel)
        problems = self.parent.beside(known) + self.parent.forgotten_tasks()
        self.parent.note_seen()
        driver = Driver(kernel, self.parent.settings.notebook_seconds, self.parent.unheard)
        try:
            driver.drive(known["failed"])
        except (KernelDied, TookTooLong) as cause:
            owner, after = kernel.current.owner, kernel.current.judged
            driver.problems.append(self.parent.end(owner, cause, after=after))
        self.report.figure("widgets", len(driver.done))
        if not self.parent.ended:
            problems += self.parent.forgotten_tasks()
        return problems + driver.problems


class Predictions(NotebookItem):
    """Looks at every prediction on the page: a right answer, and others beside it."""

    def look(self) -> list[Problem]:
        """Return what is wrong with them."""
        problems = []
        for prediction in self.parent.running_kernel.ask("predictions") or ():
            texts, right = set(prediction["choices"]), len(prediction["right"])
            several, order = (prediction["form"] == form for form in ("several", "order"))
            found = ""
            if right != 1 and not order and not (several and right):
                found = f"has {plural(right, 'right answer')}"
            elif len(texts) < 2 or (several and right == len(texts)):
                found = "can be answered in only one way"
            if found:
                number = "at least" if several else "exactly"
                remedy = f"give it {number} one right answer and at least one other"
                found = f"the prediction {prediction['prompt']!r} {found}"
                cell = self.parent.running_kernel.cell_of(prediction["id"])
                problem_at = cell.problem if cell else Problem
                problems.append(problem_at("prediction", found, remedy))
        return problems


class ExerciseWidgets(NotebookItem):
    """Asks every `Exercise` on the page: the starter does not pass, and the solution does."""

    def look(self) -> list[Problem]:
        """Return what is wrong with them."""
        problems = []
        for exercise in self.parent.running_kernel.ask("exercises") or ():
            cell = self.parent.running_kernel.cell_of(exercise["id"])
            problem_at = cell.problem if cell else Problem
            for wrong, remedy in exercise["wrong"]:
                found = short(f"the exercise {exercise['prompt']!r}: {wrong}", MOST_TOLD)
                problems.append(problem_at("exercise", found, remedy))
        return problems


class ExerciseItem(NotebookItem):
    """Looks at an exercise: the starter does not solve it, and the solution does."""

    def __init__(self, name: str, parent: NotebookFile, *, exercise: ExerciseRun) -> None:
        super().__init__(name, parent)
        self.exercise = exercise

    def look(self) -> list[Problem]:
        """Return what is wrong with it."""
        problems = list(self.exercise.problems)
        if problems or not self.parent.running_kernel.is_python:
            return problems
        return self._starter() or self._solution()

    def _starter(self) -> list[Problem]:
        number, starter = self.exercise.number, self.exercise.starter
        assert self.exercise.check is not None, "asked only if nothing is missing"
        solved = self.parent.solved.get(self.exercise.check.number)
        if solved is None or solved["value"] is False:
            return []  # or the check has not run through, which is told already
        if solved["value"] is True:
            found = f"the starter of exercise {number} already solves it"
            return [starter.problem("exercise", found, "leave out of it what is asked for")]
        return [self._undecided(solved)]

    def _undecided(self, solved: dict[str, Any]) -> Problem:
        assert self.exercise.check is not None, "asked only if nothing is missing"
        left = f"solved = {solved['text']}" if solved["known"] else "no variable solved"
        found = f"the check of exercise {self.exercise.number} leaves {left}"
        return self.exercise.check.problem("exercise", found, "leave True or False in solved")

    def _solution(self) -> list[Problem]:
        exercise, kernel = self.exercise, self.parent.running_kernel
        assert exercise.answer is not None, "asked only if nothing is missing"
        owner = SolutionOwner(exercise.answer, exercise.number)
        kernel.ask("forget_solved")
        texts: list[tuple[str, Cell]] = [(exercise.solution or "", exercise.starter)]
        texts += [(cell.source, cell) for cell in exercise.steps if not cell.is_skipped]
        for text, cell in texts:
            request = kernel.begin(owner)
            kernel.run(text)
            known = settle(kernel)
            messages = [*request.take(), *kernel.aside.take()]
            found = [*troubles(messages), *as_troubles(known)]
            if cell.may_raise:
                found = [trouble for trouble in found if trouble.kind != "error"]
            if ALLOW_STDERR in cell.tags:
                found = [trouble for trouble in found if trouble.kind not in WRITTEN]
            if self.parent.cause_of(cell, found):
                return []  # the cell that is to blame is told already
            if found:
                return [owner.problem(trouble) for trouble in found]
        solved = kernel.ask("solved")
        if solved["value"] is True:
            return []
        if solved["value"] is False:
            remedy = "correct the fenced block of this cell, or the check"
            return [owner.as_problem("exercise", "does not solve it", remedy)]
        return [self._undecided(solved)]


class Budget(NotebookItem):
    """Looks at the time that the cells took, and at the most memory of the kernel."""

    def __init__(self, name: str, parent: NotebookFile) -> None:
        super().__init__(name, parent, last=True)

    def runtest(self) -> None:
        """Tell the time in any case, also of a notebook that did not come to its end."""
        self.report.figure("running time (s)", round(self.parent.seconds, 2))
        super().runtest()

    def look(self) -> list[Problem]:
        """Return by how much the notebook is over its budget."""
        settings, seconds = self.parent.settings, self.parent.seconds
        megabytes = self.parent.running_kernel.ask("memory") or 0.0
        if megabytes:
            self.report.figure("peak memory (MB)", round(megabytes, 1))
        problems = []
        for found, allowed, name in (
            (f"took {seconds:.1f} s", settings.notebook_seconds, "notebook_seconds"),
            (f"held {megabytes:.0f} MB", settings.notebook_megabytes, "notebook_megabytes"),
        ):
            if (seconds if name == "notebook_seconds" else megabytes) > allowed:
                remedy = (
                    f"make its runs smaller, or allow more with {name} "
                    "in [tool.kit.check] of pyproject.toml"
                )
                exceeded = f"the notebook {found}, and {allowed} are allowed"
                problems.append(Problem("budget", exceeded, remedy))
        return problems
