"""The `Cpu` view."""

from __future__ import annotations

import traitlets

from kit.tracks import cpu
from kit.widgets.view import View

WIDEST = "440px"
"""On a wider page tokens would only become longer."""


class Cpu(View):
    """Cores with the running threads, the ready queue, and who is blocked and why.

    A context switch shows what is saved of the thread that leaves and restored of the next
    one. More than four cores have a line of a grid each, without registers.

    Parameters and errors are those of `View`.

    Attributes
    ----------
    registers : str
        "few" for pc, sp and r0 of the running threads; "all" for r0 to r7, fp, sp and pc;
        default "few".
    """

    heading = ("CPU", "executes threads")
    lay_out = staticmethod(cpu)

    registers = traitlets.Enum(("few", "all"), default_value="few").tag(option=True)

    def _arrange(self) -> None:
        self.figure.layout.max_width = WIDEST
        super()._arrange()
