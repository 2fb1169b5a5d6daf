"""The same in C: the programs of a run next to their C texts, made when somebody asks for them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import ipywidgets

from kit.errors import KitError
from kit.lang.program import Program
from kit.trace import Trace
from kit.trace.real import RUN, RealTrace
from kit.widgets.base.controls import ControlsAid
from kit.widgets.base.widget import say_without_kernel
from kit.widgets.pictures.player import Player

COMPILE = "cc -std=c11 -pthread -fwrapv"
"""How a C text is compiled; see `kit.host.c_text`."""


def has_texts(trace: Trace) -> bool:
    """Tell whether the programs of a run are known, and not only their names.

    Parameters
    ----------
    trace : Trace
    """
    if not isinstance(trace, RealTrace):
        return True
    return trace.seen.kind == RUN and not trace.seen.scheduled


class InC(ipywidgets.ToggleButton):
    """The button "The same in C": while it is pressed, its box shows each program in C, too.

    Nothing is translated, and nothing is sent to the page, before it is pressed.

    Parameters
    ----------
    player : Player

    Attributes
    ----------
    shown : HTML or None
        The programs and their C texts; None until they were asked for.
    """

    def __init__(self, player: Player) -> None:
        super().__init__(description="The same in C", icon="code")
        self.player = player
        self.box: ipywidgets.Box | None = None
        self.shown: ipywidgets.HTML | None = None
        self._of: Trace | None = None
        self.observe(self._show, "value")
        player.observe(self._show, "trace")

    def _show(self, _change: Any = None) -> None:
        """Show the programs of the run, or hide them; they are translated once."""
        if not self.value:
            if self.shown is not None:
                self.shown.layout.display = "none"
            return
        if self.shown is None:
            self.shown = ipywidgets.HTML()
            self.shown.add_class("kit-in-c")
            if self.box is not None:
                self.box.children = [*self.box.children, self.shown]
        if self._of is not self.player.trace:
            self._of = self.player.trace
            self.shown.value = in_c(self._of)
        self.shown.layout.display = ""


def alone(button: InC) -> ipywidgets.VBox:
    """Return the button in a box of its own, for a run that cannot go on in another way.

    Parameters
    ----------
    button : InC
    """
    button.box = ipywidgets.VBox([button, ControlsAid(layout={"display": "none"})])
    button.box.add_class("kit-branching")
    button.box.add_class("kit-controls")
    say_without_kernel(button.box, how="left out", words="“The same in C” needs a kernel")
    return button.box


def in_c(trace: Trace) -> str:
    """Return the programs of a run next to their C texts, as HTML.

    Parameters
    ----------
    trace : Trace
    """
    if not has_texts(trace):
        return "<p>Of these programs only the names are known.</p>"
    return "".join(part for program in trace.programs for part in _parts(program))


def _parts(program: Program) -> Iterator[str]:
    # Nothing of the real machine is imported with the widgets.
    from kit.host.c import c_text  # noqa: PLC0415

    name = html.escape(program.name)
    try:
        text = c_text(program)
    except KitError as error:
        why = html.escape(str(error).rstrip("."))
        yield f'<p role="status"><b>{name}</b> cannot be written in C: {why}.</p>'
        return
    yield f"<p><b>{name}</b>, and the same in C; each comment there has the line that it comes "
    yield f"from. <code>{COMPILE} {name}.c</code> compiles it.</p>"
    lines = program.text.rstrip("\n").split("\n")
    width = len(str(len(lines)))
    numbered = "\n".join(f"{number:>{width}}  {line}" for number, line in enumerate(lines, 1))
    yield f'<div class="kit-both">{_area(name, numbered)}{_area(f"{name}.c", text)}</div>'


def _area(label: str, text: str) -> str:
    """Return a text that can be scrolled by keys; its label is HTML already."""
    shown = html.escape(text.rstrip("\n"))
    return f'<pre tabindex="0" role="group" aria-label="{label}">{shown}</pre>'
