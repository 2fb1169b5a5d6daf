"""What the sandbox and the editor share: runs that are shown in one stage."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

import kit
from kit.errors import ArgumentError, KitError, LimitExceeded, explain_arguments, require
from kit.runner import Outcome, Runner, Work, outcome_of
from kit.trace import Trace
from kit.trace.link import PAGE
from kit.widgets.base.box import KitBox
from kit.widgets.pictures.layouts import Layout, forget, lay_out_before
from kit.widgets.pictures.player import Player
from kit.widgets.runs.run_status import RunStatus

_INSIDE = str(Path(kit.__file__).parent) + os.sep
MOST_LINES = 12
LINGERS = (
    "The run before has not stopped, because its function does not look whether it is still "
    "wanted. It is left to end by itself, and its result is not shown."
)

Show = Callable[[Trace], ipywidgets.Widget]
"""What shows a trace: `Stage`, a view, or a function that makes one of them."""


class RunBox(KitBox):
    """Runs something again and again, and shows each run in the same widgets.

    Attributes
    ----------
    trace : Trace or None
        The run that the picture shows.
    error : Exception or None
        Why the last run failed, or which limit it reached.
    stage : Widget or None
        What shows the trace; None before there is one.
    status : RunStatus
    """

    trace = traitlets.Instance(Trace, allow_none=True)
    error = traitlets.Instance(BaseException, allow_none=True)

    who = "RunBox"
    """What errors call it."""

    def __init__(self, view: Show, **traits: Any) -> None:
        self._view = view
        self.stage: Any = None
        self.status = RunStatus(self.cancel)
        self._place = ipywidgets.VBox()
        self._runner = Runner(self._take, self._tell_lingering)
        self._wanted = self._shown = ""
        super().__init__(**traits)

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._runner.running

    def cancel(self) -> None:
        """Stop the run that is going on; the picture stays as it is."""
        if self._runner.cancel():
            self.status.tell("cancelled", f"Cancelled.{self._still()}")

    @explain_arguments
    def link(self, page: str = PAGE) -> str:
        """Return a link to the run that the picture shows, as `Player.link` does.

        Parameters
        ----------
        page : str
            Address of the page that shows it; that of a site ends in ``run.html``.

        Raises
        ------
        ArgumentError
            If there is no run yet.
        """
        require(self.stage is not None, f"{self.who}.link: there is no run yet; run the program")
        link: str = self.stage.player.link(page)
        return link

    def _start(self, work: Work, wanted: str, *, at_once: bool = False) -> None:
        """Run something.

        Parameters
        ----------
        work : callable
        wanted : str
            What the picture will show, in words: "quantum = 3".
        at_once : bool
            Whether to wait for it: the cell that makes the widget shows the picture.
        """
        self._wanted = wanted
        if at_once:
            self._take(outcome_of(work))
        else:
            layouts = self._layouts()
            self.status.start()
            self._runner.start(lambda: _laid_out(work, layouts))

    def _layouts(self) -> list[Layout]:
        """Return how the next run will be laid out, as far as that is known."""
        if self.stage is not None:
            return list(self.stage.player.layouts)
        return list(getattr(self._view, "usual_layouts", list)())

    def _take(self, outcome: Outcome) -> None:
        """Show what became of a run."""
        trace = outcome.trace
        if trace is not None:
            try:
                self._show(trace)
                self._shown = self._wanted
            except Exception as error:  # noqa: BLE001 - whoever chose the view is to see it
                outcome = Outcome(None, error)
            finally:
                forget(trace)
        self.error = outcome.error
        self._tell(outcome)

    def _tell_lingering(self) -> None:
        self.status.note = LINGERS if self._runner.lingering else ""

    def _show(self, trace: Trace) -> None:
        if self.stage is None:
            self.stage = _made(self._view, trace, self.who)
            self._place.children = [self.stage]
        else:
            self.stage.player.trace = trace
        self.trace = trace

    def _tell(self, outcome: Outcome) -> None:
        error, shown = outcome.error, self._shown
        if error is None:
            self.status.tell("done", f"The picture shows {shown}.")
        elif outcome.trace is not None:
            self.status.tell("limit", f"{sentence(error)} The picture shows {shown} up to there.")
        else:
            self.status.tell("failed", sentence(error) + self._still(), user_lines(error))

    def _kit_failure_(self) -> BaseException | None:
        """Return the error that it shows, unless it is one for the person who wrote a program."""
        return None if isinstance(self.error, KitError) else self.error

    def _still(self) -> str:
        """Return what is still to be seen, as one more sentence."""
        return f" The picture still shows {self._shown}." if self._shown else ""

    def _failure(self) -> str:
        """Return what its text says of the last error."""
        return "" if self.error is None else f"; {in_words(self.error)}"

    def close(self) -> None:
        """Take it off the page, stop its run, and leave no model of it behind."""
        if self.comm is not None:
            self._runner.cancel()
            super().close()


def _laid_out(work: Work, layouts: list[Layout]) -> object:
    """Run something, and lay out the trace, beside the kernel; also one that ends at a limit."""
    try:
        made = work()
    except LimitExceeded as limit:
        _lay_out(limit.trace, layouts)
        raise
    _lay_out(made, layouts)
    return made


def _lay_out(made: object, layouts: list[Layout]) -> None:
    if isinstance(made, Trace):
        # What cannot be laid out fails again where it is to be shown, and is told there.
        with suppress(Exception):
            lay_out_before(made, layouts)


def in_words(error: BaseException) -> str:
    """Return an error as people read it: one of the kit is a sentence already."""
    if isinstance(error, KitError):
        return str(error)
    name, text = type(error).__name__, str(error)
    return f"{name}: {text}" if text else name


def sentence(error: BaseException) -> str:
    """Return an error in words, with an end to which another sentence can be added."""
    text = in_words(error)
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def user_lines(error: BaseException) -> str:
    """Return where an error happened, in the user's own program text, not in our inside."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(_INSIDE)
    ]
    lines = []
    for frame in frames:
        cell = "ipykernel_" in frame.filename or frame.filename.startswith("<")
        place = "" if cell else f"{Path(frame.filename).name}, "
        lines.append(f"{place}line {frame.lineno}, in {frame.name}: {frame.line}")
    return "\n".join(lines[-MOST_LINES:])


def checked_trace(who: str, what: str, result: object) -> Trace:
    """Return what a function returned, if it is a trace.

    Raises
    ------
    ArgumentError
    """
    if isinstance(result, Trace):
        # The step functions take long for a long run; here nobody waits for them.
        result.history  # noqa: B018
        return result
    found = "nothing" if result is None else type(result).__name__
    raise ArgumentError(
        f"{who}: {what} returned {found}; let it end in 'return machine.run()', "
        "for a trace is what can be shown"
    )


def _made(view: Show, trace: Trace, who: str) -> ipywidgets.Widget:
    made = view(trace)
    require(
        isinstance(made, ipywidgets.Widget) and isinstance(getattr(made, "player", None), Player),
        f"{who}: view made {type(made).__name__}, which has no player; "
        "give Stage, a view such as Timeline, or a function that returns one of them",
    )
    return made


def check_view(who: str, view: object) -> None:
    """Raise `ArgumentError` unless `view` can be called."""
    require(
        callable(view),
        f"{who}: view is {view!r}; give Stage, a view such as Timeline, "
        "or a function that takes a trace and returns one of them",
    )
