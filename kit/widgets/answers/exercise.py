"""The exercise: a program to be changed until it is right on every schedule."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from kit.answering.answerable import Answer, is_whole
from kit.answering.flaws import Flaw, flaws_of
from kit.answering.judging import Finding, Judge, Judgement, Launch, Validator, launched
from kit.answering.notebook import register
from kit.errors import explain_arguments, plural, require_whole
from kit.explore import Spec
from kit.lang.program import Program
from kit.runner import Outcome, outcome_of
from kit.trace import Trace
from kit.widgets.answers.exercise_arguments import (
    check_arguments,
    check_names,
    checked_hints,
    solution_file,
    solution_text,
    task_box,
)
from kit.widgets.answers.exercise_sheet import ExerciseSheet
from kit.widgets.base.widget import say_exercise
from kit.widgets.runs.code_area import CodeArea
from kit.widgets.runs.editor import GIVEN, Editor, rows_of
from kit.widgets.runs.run_box import Show, checked_trace
from kit.widgets.stage import Stage

LIMIT = 20_000
"""Most states a check looks at unless told otherwise: some ten seconds."""
ROOM = 4
"""Lines that a solution may need more."""
WITNESS = "a run that is not right"


class Exercise(Editor):
    r"""A program that a person changes until a check finds nothing wrong with it.

    The check runs the program on every schedule, beside the kernel; it can be cancelled. Each
    thing that is wrong is told in a sentence, with a run that shows it. Nothing is run before
    it is asked for.

    Parameters
    ----------
    program : Program or str
        What a person starts from.
    spec : Spec, optional
        What has to hold on every schedule.
    validator : callable, optional
        Takes the trace of a run, and returns "" or a sentence that says what is wrong with it.
        There has to be a `spec`, a `validator`, or both.
    machine : callable, optional
        Takes a `Program` and returns a `Machine` with it launched, for running and checking;
        a machine of default settings if not given.
    hints : sequence of str
        Shown one by one.
    solution : str or pathlib.Path, optional
        A program text, or a path ending in ``.txt`` to a file with it, relative to the folder
        of the notebook. A file that is missing means that there is no solution to be shown.
    task : str
        What is to be done. Text, shown as it is; an empty line begins a paragraph.
    view : callable
        What shows a run: `Stage`, a view such as `Timeline`, or a function that takes a trace
        and returns one of them. Default `Stage`.
    solution_after : int
        After how many checks that did not pass the solution may be seen; default 2.
    limit : int
        Most states to look at; default 20,000.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    text : str
        What stands in the editor.
    passed : bool
        Whether a check has passed; it stays so, whatever is tried afterwards.
    tries : int
        How many checks were made.
    hints_shown : int
    verdict : str
        What the last check came to, in words; empty before.
    unsaved : str
        Why the last answer is not in the file of answers, in words; empty if it is.
    solution : str or None
        The program text of the solution; None if there is none.
    solution_file : str
        The file that it was read from; empty if it was given as a text.
    on_answer : list of callable
        Called with the exercise when what `record` returns may have changed.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit, or nothing says what is right.

    Examples
    --------
    >>> from kit import Program
    >>> from kit.explore import Spec
    >>> Exercise("def main():\n    print(0)", spec=Spec(output="1"), task="Print 1.")
    <Exercise 'program': not checked>
    """

    who = "Exercise"
    kind = "exercise"

    passed = traitlets.Bool(False)
    tries = traitlets.Int(0)
    hints_shown = traitlets.Int(0)
    verdict = traitlets.Unicode("")
    unsaved = traitlets.Unicode("")

    @explain_arguments
    def __init__(
        self,
        program: Program | str,
        *,
        spec: Spec | None = None,
        validator: Validator | None = None,
        machine: Launch | None = None,
        hints: Iterable[str] = (),
        solution: str | Path | None = None,
        task: str = "",
        view: Show = Stage,
        solution_after: int = 2,
        limit: int = LIMIT,
        **traits: Any,
    ) -> None:
        check_arguments(spec, validator, machine, task)
        require_whole("Exercise: solution_after", solution_after, 0)
        require_whole("Exercise: limit", limit, 1)
        self.task = textwrap.dedent(task).strip()
        self.solution = solution_text(solution)
        self.solution_file = solution_file(solution)
        self.on_answer: list[Callable[[Exercise], object]] = []
        self._restoring = False
        self._after = solution_after
        self._findings: tuple[Finding, ...] = ()
        self._judge = Judge(machine if machine is not None else launched, spec, validator, limit)
        self._checked = self._right = ""
        deeds: dict[str, Callable[..., object]] = {
            "show": self.show,
            "solution": self.show_solution,
            "use": self.use_solution,
        }
        self.sheet = ExerciseSheet(deeds, checked_hints(hints))
        super().__init__(program, run=self._run_with_starter, view=view, **traits)
        check_names(spec, (self.area.given, self.solution), self._written)
        self.add_class("kit-exercise")
        for part in (self.area, self.sheet):
            say_exercise(part, self.key)
        self._unlock()
        for name in ("hints_shown", "unsaved"):
            traitlets.link((self.sheet, name), (self, name))
        self.observe(self._changed, "hints_shown")
        register(self)

    def _made_area(self, text: str) -> CodeArea:
        rows = rows_of(text) + ROOM
        return CodeArea(text, self.run, check=self.check, label=self._file, rows=rows)

    def _parts(self) -> list[ipywidgets.Widget]:
        area, status, *shown = super()._parts()
        return [task_box(self.task), area, status, self.sheet, *shown]

    def _open(self) -> None:
        """Show no run before one is asked for, so that a lesson with many exercises opens fast."""
        self.compare.layout.display = "none"

    # What a person does

    def run(self) -> None:
        """Compile and run the text once, as the button does."""
        super().run()
        self._changed()

    def check(self) -> None:
        """Check the text, as the button does: beside the kernel, where there is an event loop."""
        self.area.errors = []
        self._findings = ()
        self._say("", "", ())
        self._checked = text = self.text
        self._start(lambda: self.judge(text), "")

    def judge(self, text: Answer) -> Judgement:
        """Return what a check of a text comes to; the widget stays as it is.

        Parameters
        ----------
        text : str
            A program.
        """
        return self._judge.judge(lambda: self._written(text if isinstance(text, str) else ""))

    def _written(self, text: str) -> Program:
        return Program(self._name, text, language=self._language)

    def show(self, place: int) -> None:
        """Play the run that shows what is wrong.

        Parameters
        ----------
        place : int
            Of what the last check has found, from 0.
        """
        show = self._findings[place].show if 0 <= place < len(self._findings) else None
        if show is not None:
            self._start(lambda: checked_trace(self.who, "the check", show()), WITNESS)

    def show_solution(self) -> None:
        """Show the solution, if there is one and it may be seen."""
        if self.sheet.access == "open":
            self.sheet.solution = self.solution or ""

    def use_solution(self) -> None:
        """Put the solution into the editor, if it was shown."""
        if self.sheet.solution:
            self.area.write(self.sheet.solution)

    # What comes of it

    def _run_with_starter(self, program: Program) -> Trace:
        """Return the run of a program; before the first one run the starter, to compare with."""
        if self.first is None and program.text != self.area.given:
            given = self._written(self.area.given)
            self.first = outcome_of(lambda: self._judge.run(given)).trace
        return self._judge.run(program)

    def _take(self, outcome: Outcome) -> None:
        if isinstance(outcome.result, Judgement):
            self._judged(outcome.result)
            return
        super()._take(outcome)
        if outcome.trace is None or self.trace is not outcome.trace:
            return
        if self._shown == WITNESS:
            self.stage.player.tick = 0
            self.stage.player.playing = True
        elif self._shown == GIVEN and self.first is None:
            self.first = self.trace

    def _pair(self) -> tuple[Trace, Trace] | None:
        return None if self._shown == WITNESS else super()._pair()

    def _judged(self, judgement: Judgement) -> None:
        """Tell what a check came to."""
        self.status.tell("idle", "")
        self.error = judgement.error
        self._findings = judgement.findings
        state = "passed" if judgement.passed else "failed"
        # A mistake is told at its line, in the editor.
        marked = self.area.mark(judgement.error)
        self._say(state, judgement.summary, () if marked else judgement.findings)
        self.tries += 1
        if judgement.passed:
            self.passed, self._right = True, self._checked
        self.verdict = judgement.text
        self._unlock()
        self._changed()

    def _say(self, state: str, verdict: str, findings: tuple[Finding, ...]) -> None:
        told = [{"text": one.text, "shows": one.show is not None} for one in findings]
        with self.sheet.hold_sync():
            self.sheet.state, self.sheet.verdict, self.sheet.findings = state, verdict, told

    def _unlock(self) -> None:
        """Let the solution be seen when it may be."""
        if self.solution is None:
            return
        failed = self.tries if not self.passed else self._after
        missing = self._after - failed
        self.sheet.locked = f"after {_more(missing, self.tries)} not pass"
        self.sheet.access = "open" if missing <= 0 else "locked"

    def _changed(self, _change: Any = None) -> None:
        for callback in () if self._restoring else tuple(self.on_answer):
            self._cell.run(callback, self)

    # What is kept of it

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked; `judge` and `flaws` are the rest of the contract."""
        return {"key": self.key, "kind": self.kind, "prompt": self.prompt}

    @property
    def key(self) -> str:
        """What tells it from others: a digest of its task, its start, and what is meant."""
        text = f"{self._name}\0{self.task}\0{self.area.given}\0{self._judge.spec!r}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def prompt(self) -> str:
        """What is asked, in a line."""
        return " ".join(self.task.partition("\n\n")[0].split()) or self._name

    @property
    def given(self) -> str:
        """The last text that passed; what stands in the editor before one did."""
        return self._right if self.passed else self.text

    def score(self) -> float:
        """Return 1.0 if a check has passed, else 0.0."""
        return 1.0 if self.passed else 0.0

    def record(self) -> dict[str, Any]:
        """Return what is kept of it: ``text``, ``passed``, ``tries``, ``hints_shown``.

        The text is the last one that passed; what stands in the editor before one did.
        """
        return {
            "text": self.given,
            "passed": self.passed,
            "tries": self.tries,
            "hints_shown": self.hints_shown,
        }

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Bring back what `record` returned, and return whether it was that.

        If it was not, nothing changes.
        """
        given: object = record
        kept = given if isinstance(given, Mapping) else {}
        text, passed = kept.get("text"), kept.get("passed")
        tries, hints = kept.get("tries"), kept.get("hints_shown", 0)
        if not (isinstance(text, str) and isinstance(passed, bool)):
            return False
        if not (is_whole(tries) and is_whole(hints)):
            return False
        self._restoring = True
        try:
            self.text, self.passed = text, passed
            self.tries, self.hints_shown = tries, hints
        finally:
            self._restoring = False
        self._right = text if passed else ""
        if passed:
            self._say("passed", "This has passed a check before.", ())
        self._unlock()
        return True

    def validate(self) -> list[str]:
        """Return what is wrong with the exercise itself: each as a part of a sentence.

        The starter must not pass, and there must be a solution that does.
        """
        return [flaw.text for flaw in self.flaws()]

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with the exercise itself, and which part of it to correct."""
        return flaws_of(self.judge, self.area.given, self.solution, self.solution_file)

    @property
    def in_words(self) -> str:
        """The task and the program to start from, for readers of a stored notebook."""
        return "\n".join(["Exercise", *([self.task] if self.task else []), "", self.area.given])

    def __repr__(self) -> str:
        return f"<Exercise {self._name!r}: {self.verdict or 'not checked'}>"


def _more(missing: int, tries: int) -> str:
    checks = plural(missing, "more check" if tries else "check")
    return f"{checks} that {'does' if missing == 1 else 'do'}"
