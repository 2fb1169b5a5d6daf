"""The `HeapList` view."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.tracks.memory.heap_list import chosen_process, heap_list
from kit.widgets.view import View


class HeapList(View):
    """The heap of a process to scale, with the free list of its allocator.

    Parameters, attributes and errors are those of `View`, and:

    Attributes
    ----------
    pid : int
        The process whose heap is shown; default 0, the first one that has a heap. A pid
        that the run does not have is refused; another run that does not have it shows its
        first heap.
    """

    heading = ("HEAP", "free list of the allocator")
    lay_out = staticmethod(heap_list)

    pid = traitlets.Int(0).tag(option=True)

    @traitlets.validate("pid")
    def _process_of_the_run(self, proposal: dict[str, Any]) -> int:
        pid: int = proposal["value"]
        chosen_process(self.trace, pid)
        return pid

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        if self.pid not in (0, *change["new"].history.processes):
            self.pid = 0

    def _arrange(self) -> None:
        for name in ("kit-columns", "kit-columns-heap"):
            self._frame.add_class(name)
        super()._arrange()
