"""What a part of the operating system's own memory looks like."""

from __future__ import annotations

from typing import Any, Protocol


class Part(Protocol):
    """A table the operating system keeps, such as its locks or its pipes."""

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs: immutable."""

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
