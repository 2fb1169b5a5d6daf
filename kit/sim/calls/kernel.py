"""What a part of the operating system's own memory looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kit.sim.computer import Computer
    from kit.sim.process import Process, Thread


class Part(Protocol):
    """A table the operating system keeps, such as its locks or its pipes.

    A part that keeps something for threads or processes is told when they end.
    """

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs: immutable."""

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""

    def process_forked(self, computer: Computer, parent: Process, child: Process) -> None:
        """Give a child what it has from its parent."""

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Take a thread that has ended out of every queue."""

    def process_ended(self, computer: Computer, process: Process) -> None:
        """Take back what a process had, before its memory is taken back."""
