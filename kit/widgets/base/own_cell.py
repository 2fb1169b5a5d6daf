"""What a user's function prints is shown at the cell that made the widget which calls it.

What is printed while a message of the page is handled belongs to that message, and JupyterLab
shows it nowhere.
"""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Cell:
    """The cell that is running now; ipykernel keeps in the context whose output it is."""

    def __init__(self) -> None:
        self._context = contextvars.copy_context()

    def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function so that what it prints, displays or warns of is shown at this cell.

        While another cell runs, that one has asked for it, and shows it.
        """
        if not _is_asked_by_page():
            return function(*arguments)
        return self._context.copy().run(function, *arguments)


class InItsCell:
    """Stands before a class of widgets whose observers and callbacks may be a user's."""

    def __init__(self, *arguments: Any, **traits: Any) -> None:
        self._cell = Cell()
        super().__init__(*arguments, **traits)

    def notify_change(self, change: Any) -> None:
        """Tell observers."""
        cell = self.__dict__.get("_cell")  # traits are set before it is made, too
        tell: Callable[[Any], None] = super().notify_change  # type: ignore[misc]
        if cell is None:
            tell(change)
        else:
            cell.run(tell, change)

    def _handle_msg(self, message: Any) -> None:
        """Take a message of the page; an error in a callback is shown as well."""
        self._cell.run(super()._handle_msg, message)  # type: ignore[misc]


def _is_asked_by_page() -> bool:
    """Tell whether this kernel is handling something else than a cell."""
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython  # noqa: PLC0415 - only where there is a kernel

    shell: Any = get_ipython()
    parent: dict[str, Any] = getattr(shell, "get_parent", dict)() or {}
    return shell is not None and parent.get("header", {}).get("msg_type") != "execute_request"
