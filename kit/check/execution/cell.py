"""A cell that nbval runs, and on which the kit has a second look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbval.plugin import IPyNbCell, NbCellError, coalesce_streams

from kit.check.execution.advice import explained
from kit.check.execution.driving import as_troubles
from kit.check.execution.items import ItemReport, failure_text, name_of
from kit.check.execution.page import shown
from kit.check.execution.telling import plain, short
from kit.check.execution.troubles import CellOwner, Trouble, exception, troubles
from kit.check.exercise_cells import CHECK
from kit.check.notebooks import MAY_RAISE, Cell
from kit.check.results import Problem

if TYPE_CHECKING:
    from kit.check.execution.notebook_file import NotebookFile


MOST_LINES, MOST_CHARACTERS = 2_000, 500_000
"""How much a cell may print: beyond that a page becomes slow."""
MOST_READ = 20_000
"""Characters of what a cell prints in which an answer is looked for."""


class NotebookCell(IPyNbCell):
    """A code cell of a notebook."""

    parent: NotebookFile

    def __init__(self, *, stored: Cell, **inherited: Any) -> None:
        super().__init__(**inherited)
        self.stored = stored
        self.owner = CellOwner(stored)
        self.report = ItemReport(self)

    def setup(self) -> None:
        """Do nothing: nbval would expect a cell behind one that did not end to fail."""

    def runtest(self) -> None:
        """Run the cell, and fail with what was found."""
        self.parent.partial |= bool(self.options["skip"])
        if self.options["skip"]:
            pytest.skip("a tag of the cell says so")
        self.report.figure("cells", 1)
        self.report.fail(self.parent.guard(self._look, self.owner))

    def _look(self) -> list[Problem]:
        kernel = self.parent.running_kernel
        self._request = kernel.begin(self.owner)
        self.parent.start_clock()
        differs = None
        try:
            super().runtest()
        except NbCellError as error:
            differs = self._judged_by_nbval(error)
        self.parent.stop_clock()
        flood = self._flood()
        if not kernel.is_alive():
            raise kernel.death()
        # It goes on for a moment, in which all that follows would seem to work.
        if any(one.get("source") == "ask_exit" for one in kernel.reply.get("payload", ())):
            self.parent.ended = f"cell {self.stored.number} ends the kernel"
            found = "ends the kernel with exit() or quit()"
            return [self.owner.as_problem("kernel-died", found, "take the call away")]
        failed = [self._explained(one) for one in self._troubles()]
        cause = self.parent.cause_of(self.stored, failed)
        if cause:
            self.report.properties["follows"] = cause
            pytest.skip(f"needs what cell {cause} has not made")
        raised = any(one.kind == "error" for one in failed)
        self.parent.partial |= raised
        if self.options["check_exception"]:
            failed = [one for one in failed if one.kind != "error"]
        problems = self._problems(failed)
        if CHECK in self.stored.tags and kernel.reply["status"] == "ok":
            self.parent.solved[self.stored.number] = kernel.ask("solved")
        if self.options["check_exception"] and not raised:
            remedy = f"let it raise one, or take the tag {MAY_RAISE} away"
            problems.append(self.owner.as_problem("did-not-raise", "raised no exception", remedy))
        marked = self.options["check"] and not self.parent.compare_outputs
        if marked and self.cell.execution_count is None:
            found = "is to be compared, and nothing is stored to compare it with"
            differs = self.owner.as_problem("output", found, "run the notebook, and save it")
        if differs is not None and not problems:
            problems.append(differs)
        return [*problems, *flood]

    def _explained(self, trouble: Trouble) -> Trouble:
        kernel = self.parent.running_kernel
        return explained(trouble, self.path.parent, lambda name: kernel.ask("names_of", name) or ())

    def _flood(self) -> list[Problem]:
        """Return whether the page below the cell becomes so long that it is slow."""
        texts = [one.text for one in shown(self._request.messages) if one.output_type == "stream"]
        self.parent.printed[self.stored.number] = "".join(texts)[:MOST_READ]
        lines, size = sum(text.count("\n") for text in texts), sum(map(len, texts))
        if lines <= MOST_LINES and size <= MOST_CHARACTERS:
            return []
        found = f"prints {lines:,} lines with {size:,} characters, which no reader needs"
        return [self.owner.as_problem("long-output", found, "print less, such as the first ten")]

    def _problems(self, failed: list[Trouble]) -> list[Problem]:
        """Return the problems of the cell, and of others whose threads have failed meanwhile."""
        owners = (self.parent.owner_of(trouble, self.owner) for trouble in failed)
        found = (owner.problem(one) for owner, one in zip(owners, failed, strict=True))
        return [problem for problem in found if problem is not None]

    def _troubles(self) -> list[Trouble]:
        """Return what failed while the cell ran.

        An unknown magic is an error only in the reply: IPython writes it to stderr.
        """
        kernel = self.parent.running_kernel
        known, reply = kernel.ask("after"), kernel.reply
        found = troubles([*self._request.take(), *kernel.aside.take()])
        found += as_troubles(known) if known else ()
        if reply["status"] != "error" or any(one.kind == "error" for one in found):
            return found
        error = exception(reply)
        return [error, *(one for one in found if one.text != error.text)]

    def _judged_by_nbval(self, error: NbCellError) -> Problem | None:
        """Return what nbval has found; exceptions are judged from the messages."""
        message, details = str(error), plain(error.inner_traceback or "")
        if message.startswith("Cell execution caused an exception"):
            return None
        if message.startswith("Cell outputs differ"):
            lines = [line for line in details.splitlines() if line.strip()]
            found = f"shows something else than what is stored: {short(lines[0] if lines else '')}"
            remedy = "run `kit store` on the notebook, if what it shows now is right"
            return self.owner.as_problem("output", found, remedy, details)
        if message.startswith("Unrun reference cell has outputs"):
            found = "has stored outputs, but no number that says when it was run"
            return self.owner.as_problem("output", found, "run the notebook, and save it")
        return self.owner.as_problem(
            "pytest", f"is refused by nbval: {short(message)}", "ask nbval"
        )

    def compare_outputs(self, test: Any, ref: Any, skip_compare: Any = None) -> bool:
        """Compare what a page shows, not what was sent to it."""
        del test
        now = coalesce_streams(shown(self._request.messages))
        return bool(super().compare_outputs(now, ref, skip_compare))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        """Return the problems in words."""
        return failure_text(self, excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it is, for pytest."""
        return self.path, None, f"{name_of(self)}, {self.name}"
