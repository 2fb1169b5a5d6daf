"""How what was seen is shown as the last value of a cell: in the words that `print` shows."""

from __future__ import annotations

from typing import Any


def as_printed(self: object, printer: Any, _cycle: bool) -> None:
    """Let IPython show a text, as a class's ``_repr_pretty_``; its fields are for programs.

    Each class has to name it for itself, because IPython prefers the ``__repr__`` of a class to
    what a class above it has.
    """
    printer.text(str(self))
