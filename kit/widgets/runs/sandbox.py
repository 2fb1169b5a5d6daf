"""The sandbox: controls that run something anew, and one stage that shows each run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from kit.errors import LimitExceeded, require
from kit.scenarios import Scenario
from kit.trace import Trace
from kit.widgets.base.controls import control_box, in_words, make_controls, name_of
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.runs.run_box import RunBox, Show, check_view, checked_trace
from kit.widgets.stage import Stage

WRITTEN = (ipywidgets.Text, ipywidgets.IntText, ipywidgets.FloatText)
"""Controls in which a person writes anything, instead of choosing."""


class Sandbox(RunBox):
    """Controls that run a function anew, and a stage that shows each run; made by `sandbox`.

    Attributes
    ----------
    controls : dict of str to Widget
        By the names of the function's parameters; setting the ``value`` of one runs.
    trace : Trace or None
        The run that the picture shows.
    error : Exception or None
        Why the last run failed, or which limit it reached.
    stage : Widget or None
        What shows the trace; None before there is one.
    running : bool
        Whether a run is going on.
    """

    who = "sandbox"

    def __init__(self, function: Callable[..., Trace], view: Show, given: dict[str, Any]) -> None:
        self.function, self.name = function, name_of(function)
        self.controls = make_controls(function, given)
        made = self.controls.values()
        self._lent = [one for one in made if any(one is value for value in given.values())]
        super().__init__(view)
        known = function.parameters if isinstance(function, Scenario) else {}
        meanings = {name: parameter.meaning for name, parameter in known.items()}
        self._box = control_box(self.controls, meanings)
        for control in self.controls.values():
            control.observe(self._changed, "value")
        self.children = [self._box, self.status, self._place]
        self.add_class("kit-sandbox")
        self._run(at_once=True)
        owned_by_cell(self)

    def _changed(self, _change: dict[str, Any]) -> None:
        self._run()

    def _run(self, *, at_once: bool = False) -> None:
        values = {name: one.get_interact_value() for name, one in self.controls.items()}

        def work() -> Trace:
            return checked_trace(self.who, self.name, self.function(**values))

        self._start(work, in_words(self.controls) or "the run", at_once=at_once)

    def close(self) -> None:
        """Take it off the page, stop its run, and leave no model of it behind.

        Controls that were given as widgets stay: they belong to whoever made them.
        """
        if self.comm is None:
            return
        for control in self.controls.values():
            control.unobserve(self._changed, "value")
        for row in self._box.children[:-1]:
            row.children = [one for one in row.children if one not in self._lent]
        super().close()

    def _kit_failure_(self) -> BaseException | None:
        """Return the error that it shows; what can only be chosen must lead to none but a limit."""
        written = any(isinstance(one, WRITTEN) for one in self.controls.values())
        excused = written or isinstance(self.error, LimitExceeded)
        return super()._kit_failure_() if excused else self.error

    @property
    def in_words(self) -> str:
        """What was chosen, and what its picture shows."""
        shown = getattr(self.stage, "in_words", "")
        return f"{self.name}: {in_words(self.controls)}\n{shown}".rstrip()

    def __repr__(self) -> str:
        words = in_words(self.controls)
        return f"<Sandbox of {self.name}{': ' if words else ''}{words}{self._failure()}>"


def sandbox(
    function: Callable[..., Trace] | None = None, /, *, view: Show = Stage, **controls: Any
) -> Sandbox:
    """Return controls for the parameters of a function, with a stage of what it returns.

    Moving a control runs the function anew, beside the kernel, and shows the run in the same
    pictures at the same tick. A run that takes long shows its progress and can be cancelled;
    a newer one cancels it. An error is shown in words, and the picture stays.

    Parameters
    ----------
    function : callable or Scenario
        Returns a trace. A scenario has a control for each of its parameters.
    view : callable
        What shows the trace: `Stage`, a view such as `Timeline`, or a function that takes a
        trace and returns one of them. Default `Stage`.
    **controls
        As for ipywidgets' ``interact``, by the names of the parameters: ``(1, 10)`` or
        ``(1, 10, 2)`` for a slider, a list or a dict for a choice, a bool for a box to tick,
        a text, a widget with a value, or ``ipywidgets.fixed(…)``. Parameters with a default
        need none.

    Returns
    -------
    Sandbox

    Raises
    ------
    ArgumentError
        If a control has no parameter, a parameter no control, or one cannot be made.

    Examples
    --------
    >>> from kit.scenarios import lost_update
    >>> sandbox(lost_update, loops=(1, 5), quantum=[1, 3, 5])
    <Sandbox of lost_update: loops = 3, quantum = 5>
    """
    require(
        callable(function),
        f"sandbox: the function is {function!r}; give one that returns a trace, "
        "as in sandbox(run, quantum=(1, 10)), or a scenario",
    )
    assert function is not None, "None cannot be called"
    check_view("sandbox", view)
    return Sandbox(function, view, controls)
