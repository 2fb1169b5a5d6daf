"""A notebook as pytest collects it: nbval's, with more to look at than its cells."""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbFile, find_comment_markers, find_metadata_tags

from kit.check.execution.advice import NO_MAGIC, UNDEFINED
from kit.check.execution.asked import Asked
from kit.check.execution.cell import NotebookCell
from kit.check.execution.driving import NOTHING, as_troubles
from kit.check.execution.exercise_runs import exercises
from kit.check.execution.items import (
    Budget,
    ExerciseItem,
    ExerciseWidgets,
    NotebookItem,
    Predictions,
    Refusal,
    Widgets,
)
from kit.check.execution.keeping import keep_executed
from kit.check.execution.kernel import Kernel
from kit.check.execution.kernel_failures import KernelDied, NotStarted, TookTooLong, ending
from kit.check.execution.plugin import CHOICE_OPTION, KEEP_OPTION
from kit.check.execution.rules import RULES
from kit.check.execution.telling import short
from kit.check.execution.troubles import CellOwner, Owner, Trouble, troubles
from kit.check.kernels import PRESENT
from kit.check.notebooks import Cell, Notebook, Unreadable
from kit.check.patience import Patience
from kit.check.profiles import Choice, counts
from kit.check.results import Problem
from kit.check.runnable import executable
from kit.check.settings import Settings
from kit.check.static.magics import bound_names
from kit.errors import KitError, plural

_MAGICS = "%"
"""Among the names: all that an extension of IPython brings."""
_LOADS = re.compile(r"^\s*%(?:re)?load_ext\b", re.MULTILINE)
_CELL_FILE = re.compile(r'File "([^"]*ipykernel_[^"]*)"')


class NotebookFile(IPyNbFile):
    """A notebook: its cells, and then widgets, predictions, exercises and the budget.

    Attributes
    ----------
    stored : Notebook
    settings : Settings
    ended : str
        Why nothing more of it can be run; empty while it can.
    solved : dict of int to dict
        What the variable ``solved`` held after each cell tagged exercise-check, by its number.
    partial : bool
        Whether some cell was not run, or not to its end.
    seen : set of str
        The model ids of questions, exercises and their players that could be seen when all
        cells had run.
    printed : dict of int to str
        What each cell has printed, by its number, as far as anybody reads it.
    seconds : float
        From the start of its first cell to the end of the last that has run, without those in
        which its kernel was ready and had no core.
    """

    stored: Notebook
    settings: Settings
    kernel: Kernel | None

    def __init__(self, *arguments: Any, **inherited: Any) -> None:
        super().__init__(*arguments, **inherited)
        self.ended = ""
        self.solved: dict[int, dict[str, Any]] = {}
        self.seconds = 0.0
        self.seen: set[str] = set()
        self.printed: dict[int, str] = {}
        self.partial = False
        self._unmade: dict[str, int] = {}
        self._started: Patience | None = None
        self._not_started: NotStarted | None = None
        self._refused = False
        self._choices: list[Choice] | None = None
        self.settings = Settings()

    # -- collecting ---------------------------------------------------------------------

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items of the notebook; one that says why if it cannot be run."""
        try:
            self.stored = Notebook.read(self.path)
            self.settings = Settings.near(self.path)
        except Unreadable as unreadable:
            yield self._refusal([unreadable.problem])
            return
        except KitError as mistake:
            yield self._refusal([Problem("readable", str(mistake), "correct it there")])
            return
        problems = [one for one in (*self._bad_ids(), *self._no_code()) if self.counts(one.rule)]
        if problems:
            yield self._refusal(problems)
            return
        try:
            self.nb = executable(self.stored)
        except KitError as bad:
            found, _, remedy = str(bad).removeprefix(f"{self.path}: ").rpartition("; ")
            yield self._refusal([Problem("readable", found, remedy)])
            return
        for place, item in enumerate(self._items()):
            item.report.place = place
            yield item

    def _refusal(self, problems: list[Problem]) -> pytest.Item:
        self._refused = True
        return Refusal.from_parent(self, name=problems[0].rule, problems=problems, last=True)

    def _items(self) -> Iterator[NotebookCell | NotebookItem]:
        for stored in self.stored.code:
            yield NotebookCell.from_parent(
                self,
                name=f"Cell {stored.number}",
                cell_num=stored.number,
                cell=self.nb.cells[stored.number - 1],
                options=self._options(stored),
                stored=stored,
            )
        found, stray = exercises(self.stored.cells)
        yield Widgets.from_parent(self, name="widgets")
        yield Predictions.from_parent(self, name="predictions")
        yield Asked.from_parent(self, name="what is asked")
        yield ExerciseWidgets.from_parent(self, name="exercise widgets")
        for exercise in found:
            name = f"exercise {exercise.number}"
            yield ExerciseItem.from_parent(self, name=name, exercise=exercise)
        if stray:
            yield Refusal.from_parent(self, name="exercises", problems=stray, last=False)
        yield Budget.from_parent(self, name="budget")

    def _options(self, cell: Cell) -> defaultdict[str, bool]:
        """Return what nbval is to do with a cell, which its tags and its comments say."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of two that contradict each other the last counts
            options = {
                **dict(find_metadata_tags(cell.metadata)),
                **dict(find_comment_markers(cell.source)),
            }
        options |= {"skip": cell.is_skipped, "check_exception": cell.may_raise}
        return defaultdict(bool, {"check": self.compare_outputs, **options})

    def _bad_ids(self) -> Iterator[Problem]:
        remedy = "run `kit clean` on the notebook, which gives every cell an id of its own"
        without = [cell for cell in self.stored.cells if not cell.id]
        if without:
            many = len(without) > 1
            found = f"{plural(len(without), 'cell')} {'have' if many else 'has'} no id"
            yield without[0].problem("ids", found, remedy)
        counted = Counter(cell.id for cell in self.stored.cells if cell.id)
        for cell_id, number in counted.items():
            if number > 1:
                last = [cell for cell in self.stored.cells if cell.id == cell_id][-1]
                found = f"{number} cells have the id {cell_id!r}"
                yield last.problem("ids", found, remedy)

    def _no_code(self) -> Iterator[Problem]:
        if not any(cell.source.strip() for cell in self.stored.code):
            found = "the notebook has no code, so there is nothing to run"
            yield Problem("code", found, "add a code cell, or write the text as a Markdown file")

    def counts(self, rule: str) -> bool:
        """Tell whether a rule counts for this notebook."""
        if self._choices is None:
            own = self.config.getoption(CHOICE_OPTION)
            given = json.loads(own) if own else {}
            asked = Choice(**given)
            self._choices = [self.settings.choice, asked]
        code = RULES[rule].code if rule in RULES else ""
        return counts(rule, code, self._choices)

    # -- setting up ---------------------------------------------------------------------

    def setup(self) -> None:
        """Start the kernel, as nbval does."""
        if self._refused:
            return
        option = self.config.option
        name = self.nb.metadata.get("kernelspec", {}).get("name", "python3")
        if option.nbval_current_env:
            name = PRESENT
        elif option.nbval_kernel_name:
            name = option.nbval_kernel_name
        try:
            self.kernel = Kernel(
                name,
                self.path.parent,
                startup_seconds=option.nbval_kernel_startup_timeout,
                cell_seconds=option.nbval_cell_timeout or self.settings.cell_seconds,
                temporary=Path(option.kit_report).parent if option.kit_report else None,
            )
        except NotStarted as reason:
            self._not_started = reason
            return
        self.kernel.keeping = bool(self.config.getoption(KEEP_OPTION))
        self.setup_sanitize_files()
        if getattr(option, "cov_source", None):
            from nbval.cover import setup_coverage  # noqa: PLC0415 - loads coverage

            setup_coverage(self.config, self.kernel, self.fspath)

    def teardown(self) -> None:
        """Stop the kernel, in whatever state it is."""
        keep = self.config.getoption(KEEP_OPTION)
        if keep and self.kernel is not None:
            folders = json.loads(keep)
            name = self.path.relative_to(folders["from"])
            keep_executed(self.stored, self.kernel, Path(folders["keep"]) / name)
        super().teardown()
        if self.kernel is not None:
            self.kernel.stop()

    @property
    def running_kernel(self) -> Kernel:
        """The kernel, for those that run only while there is one."""
        assert self.kernel is not None, "`guard` has looked"
        return self.kernel

    # -- while items run ----------------------------------------------------------------

    def start_clock(self) -> None:
        """Note when the first cell starts."""
        if self._started is None:
            self._started = self.running_kernel.patience()

    def stop_clock(self) -> None:
        """Note when a cell has ended."""
        if self._started is not None:
            self.seconds = self._started.passed

    def guard(self, look: Callable[[], list[Problem]], owner: Owner | None = None) -> list[Problem]:
        """Return the problems that an item finds, also if the kernel dies meanwhile.

        Parameters
        ----------
        look : callable
            Returns the problems.
        owner : Owner, optional
            Who runs; the notebook as a whole if not given.
        """
        if self.ended:
            pytest.skip(f"not run, because {self.ended}")
        if self._not_started is not None:
            self.ended = "the kernel was not started"
            return [Problem("kernel", self._not_started.found, self._not_started.remedy)]
        kernel = self.running_kernel
        if not kernel.is_alive():
            return [self.end(kernel.current.owner, kernel.death(), after=True)]
        try:
            problems = look()
            if not self.ended:
                problems = problems + self.late_problems()
        except (KernelDied, TookTooLong) as cause:
            before = kernel.current
            problems = [self.end(owner or before.owner, cause, after=before.judged)]
        return problems

    def cause_of(self, cell: Cell, failed: list[Trouble]) -> int:
        """Return which earlier cell is to blame for the failure of a cell; 0 if it is itself.

        A cell that fails does not make the names that later ones need.
        """
        errors = [one for one in failed if one.kind == "error"]
        if not errors or cell.may_raise:
            return 0
        cause = self.needed(errors[0]) if len(failed) == 1 else 0
        unmade = bound_names(cell.source, self.path.parent)
        if NO_MAGIC.match(errors[0].text):
            unmade.add("*")  # what its magic would have made of it is not known
        if _LOADS.search(cell.source):
            unmade.add(_MAGICS)
        for name in unmade:
            self._unmade.setdefault(name, cause or cell.number)
        return cause

    def needed(self, trouble: Trouble) -> int:
        """Return which cell has failed that would have made what is missing; 0 if none."""
        found = UNDEFINED.match(trouble.text)
        if found and trouble.kind == "error":
            return self._unmade.get(found[1]) or self._unmade.get("*", 0)
        return self._unmade.get(_MAGICS, 0) if NO_MAGIC.match(trouble.text) else 0

    def unheard(self, trouble: Trouble) -> bool:
        """Tell whether a trouble does not count, or only shows what a cell has not made."""
        is_left_out = trouble.kind == "stderr" and not self.counts("stderr")
        return is_left_out or bool(self.needed(trouble))

    def end(self, owner: Owner, cause: KernelDied | TookTooLong, *, after: bool = False) -> Problem:
        """Return the problem behind which nothing more of the notebook can be run."""
        place = f" in cell {owner.cell.number}" if owner.cell else ""
        what = "the kernel died" if isinstance(cause, KernelDied) else "something did not end"
        self.ended = f"{what}{place}"
        return ending(owner, cause, after=after)

    def late_problems(self) -> list[Problem]:
        """Return what has failed since its owner was looked at."""
        kernel = self.running_kernel
        problems = self.beside(kernel.ask("after") or NOTHING)
        for request in kernel.begun:
            if request.judged and request.messages:
                late = [one for one in troubles(request.take()) if not self.unheard(one)]
                problems += filter(None, (request.owner.problem(one, late=True) for one in late))
        return problems

    def beside(self, known: dict[str, Any]) -> list[Problem]:
        """Return what has failed in threads, or was said while the probe was asked.

        It belongs to the cell whose code it is, or else to whoever was looked at last.
        """
        kernel = self.running_kernel
        found = [*troubles(kernel.aside.take()), *as_troubles(known)]
        found = [one for one in found if not self.unheard(one)]
        problems = (self.owner_of(one, kernel.current.owner).problem(one) for one in found)
        return [problem for problem in problems if problem is not None]

    def note_seen(self) -> None:
        """Note what can be seen now of what is asked; operating widgets may take it away."""
        kernel = self.running_kernel
        for one in kernel.ask("asked", sorted(kernel.shown)) or ():
            self.seen.update([one["id"]] if one["seen"] else [])
            self.seen.update([one["player"]] if one["playable"] else [])

    def forgotten_tasks(self) -> list[Problem]:
        """Return the exceptions of tasks that nobody has asked for."""
        raised = self.running_kernel.ask("unretrieved")
        found = [Trouble("task", short(one["text"]), one["details"]) for one in raised]
        problems = (self.owner_of(one, CellOwner(None)).problem(one) for one in found)
        return [problem for problem in problems if problem is not None]

    def owner_of(self, trouble: Trouble, otherwise: Owner) -> Owner:
        """Return the cell in whose code a thread or a task has failed."""
        files = _CELL_FILE.findall(trouble.details)
        if trouble.kind in ("task", "thread") and files:
            for text in reversed(self.running_kernel.ask("sources", files)):
                for cell in self.stored.code:
                    if text.strip() and cell.source.strip() == text.strip():
                        return CellOwner(cell)
        return otherwise
