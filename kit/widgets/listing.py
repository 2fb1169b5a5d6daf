"""The `Listing` view."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.tracks.system.listing import chosen_program, listing
from kit.widgets.view import View


class Listing(View):
    """The text of a program beside its instructions, and which thread stands where.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    program : str
        Name of the program that is shown; default "", the one that was launched first. A
        name that the run does not have is refused; another run that does not have it shows
        its first one.
    """

    heading = ("LISTING", "source and instructions")
    lay_out = staticmethod(listing)

    program = traitlets.Unicode("").tag(option=True)

    @traitlets.validate("program")
    def _program_of_the_run(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        chosen_program(self.trace, name)
        return name

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        if self.program not in ("", *(program.name for program in change["new"].programs)):
            self.program = ""

    def _arrange(self) -> None:
        self._frame.add_class("kit-side-by-side")
        super()._arrange()
