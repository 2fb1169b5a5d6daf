"""The editor: a program changed in the page, run, and shown beside the one that was given."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import ipywidgets

from kit.answering.judging import launched
from kit.errors import ArgumentError, require
from kit.lang.program import Program
from kit.runner import Outcome
from kit.trace import Trace
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, say_without_kernel
from kit.widgets.compare import Compare
from kit.widgets.runs.code_area import CodeArea
from kit.widgets.runs.run_box import RunBox, Show, check_view, checked_trace
from kit.widgets.stage import Stage

GIVEN, EDITED = "the program as given", "the edited program"
LEAST_ROWS, MOST_ROWS = 6, 24


def run_alone(program: Program) -> Trace:
    """Return the run of a program on a machine of default settings."""
    return launched(program).run()


class Editor(RunBox):
    """A program that a person changes and runs; a mistake is marked at its line.

    The run goes on beside the kernel, and is shown in the same pictures at the same tick;
    one that takes long shows its progress and can be cancelled. An error is shown in words,
    and the picture stays.

    Parameters
    ----------
    program : Program or str
    run : callable, optional
        Takes the program and returns a trace; without one a machine of default settings
        runs it.
    view : callable
        What shows the trace: `Stage`, a view such as `Timeline`, or a function that takes a
        trace and returns one of them. Default `Stage`.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    text : str
        What stands in the text area. Setting it does not run it; `run` does.
    program : Program or None
        The last text without a mistake, compiled.
    trace : Trace or None
        The run that the picture shows.
    first : Trace or None
        The run of the program as it was given.
    error : Exception or None
        The mistake in the text, why the last run failed, or which limit it reached.
    stage : Widget or None
        What shows the trace; None before there is one.
    compare : Checkbox
        Whether the first run is shown beside the one of the edited program.
    comparison : Compare or None
        Both runs, while they are.
    running : bool
        Whether a run is going on.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    who = "Editor"

    def __init__(
        self,
        program: Program | str,
        *,
        run: Callable[[Program], Trace] = run_alone,
        view: Show = Stage,
        **traits: Any,
    ) -> None:
        require(
            isinstance(program, Program | str),
            f"{self.who}: the program is {type(program).__name__}; "
            "give Program(name, text) or a text",
        )
        if not callable(run):
            raise ArgumentError(f"Editor: run is {run!r}; give a function that takes a program")
        check_view(self.who, view)
        refuse_unknown(self, traits)
        compiled = program if isinstance(program, Program) else None
        self._name = compiled.name if compiled else "program"
        self._language = compiled.language if compiled else "python"
        text = compiled.text if compiled else textwrap.dedent(str(program))
        self._launch = run
        self.program: Program | None = compiled
        self.first: Trace | None = None
        self.comparison: Compare | None = None
        self.area = self._made_area(text)
        self.area.observe(self._look, "text")
        self.compare = ipywidgets.Checkbox(description="next to the first run", indent=False)
        super().__init__(view, **traits)
        for part in (self.compare, self.status):
            say_without_kernel(part, how="left out")
        self._beside = ipywidgets.VBox()
        self.children = self._parts()
        self.compare.observe(self._arrange, "value")
        self.add_class("kit-editor")
        self._open()
        owned_by_cell(self)

    def _made_area(self, text: str) -> CodeArea:
        return CodeArea(text, self.run, label=self._file, rows=rows_of(text))

    def _parts(self) -> list[ipywidgets.Widget]:
        """Return what stands on the page, from top to bottom."""
        return [self.area, self.status, self.compare, self._place, self._beside]

    def _open(self) -> None:
        """Do what is done when it is made: show the program as given."""
        self._run(at_once=True)
        self.first = self.trace

    @property
    def _file(self) -> str:
        """What errors call the text."""
        return self._name + (".asm" if self._language == "assembly" else ".py")

    @property
    def text(self) -> str:
        """What stands in the text area."""
        return str(self.area.text)

    @text.setter
    def text(self, text: str) -> None:
        require(isinstance(text, str), f"{self.who}: the text is {text!r}; give a text")
        self.area.text = text

    def run(self) -> None:
        """Compile and run the text, as the button does."""
        self._run()

    def _run(self, *, at_once: bool = False) -> None:
        self.area.errors = []
        self._wanted = GIVEN if self.text == self.area.given else EDITED
        try:
            program = self._compile()
        except Exception as error:  # noqa: BLE001 - it is shown to the person
            self._runner.cancel()
            self._take(Outcome(None, error))
            return
        self.program = program
        launch = self._launch

        def work() -> Trace:
            return checked_trace(self.who, "run", launch(program))

        self._start(work, self._wanted, at_once=at_once)

    def _look(self, _change: object) -> None:
        """Mark the mistake in what was just written, or take the mark away."""
        found: BaseException | None = None
        try:
            self._compile()
        except Exception as error:  # noqa: BLE001 - what cannot be read is told when it is run
            found = error
        if not self.area.mark(found):
            self.area.errors = []

    def _compile(self) -> Program:
        """Return the text as a program; the one that was given, if it is still the same."""
        known = self.program
        if known is not None and known.text == self.text:
            return known
        return Program(self._name, self.text, language=self._language)

    def _take(self, outcome: Outcome) -> None:
        super()._take(outcome)
        line = self.area.mark(outcome.error)
        if line:
            self.status.tell("failed", f"There is a mistake in line {line}.{self._still()}")
        self._arrange()

    def _arrange(self, _change: Any = None) -> None:
        """Show the one picture, or both runs beside each other."""
        now, shown, pair = self.trace, self.comparison, self._pair()
        self.compare.layout.display = "none" if pair is None else None
        wanted = pair if self.compare.value else None
        if wanted == (None if shown is None else (shown.a, shown.b)):
            return
        tick = (self.stage if shown is None else shown).player.tick
        self.comparison = None if wanted is None else _comparison(*wanted, tick)
        if wanted is None and now is not None:
            self.stage.player.tick = min(tick, now.end, self.stage.player.limit)
        self._beside.children = [] if self.comparison is None else [self.comparison]
        self._place.layout.display = None if self.comparison is None else "none"
        if shown is not None:
            shown.close()

    def _pair(self) -> tuple[Trace, Trace] | None:
        """Return the runs that can be compared; None while there is only one."""
        first, now = self.first, self.trace
        return (first, now) if first is not None and now is not None and first is not now else None

    @property
    def in_words(self) -> str:
        """The program that was given, and what its picture shows."""
        shown = getattr(self.stage, "in_words", "")
        return f"{self._file}\n\n{self.area.given.strip()}\n\n{shown}".rstrip()

    def __repr__(self) -> str:
        lines = len(self.text.strip().splitlines())
        return f"<Editor of {self._name!r}: {lines} lines{self._failure()}>"


def _comparison(first: Trace, now: Trace, tick: int) -> Compare:
    tick = min(tick, max(first.end, now.end))
    return Compare(first, now, labels=("as given", "as edited"), tick=tick)


def rows_of(text: str) -> int:
    """Return how many lines of a text are to be seen at once."""
    return min(max(len(text.splitlines()) + 1, LEAST_ROWS), MOST_ROWS)
