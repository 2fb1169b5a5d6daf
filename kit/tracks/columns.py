"""Columns and bands: where each segment of each address space stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.trace.histories import ProcessHistory

LINE_HEIGHT = 17.0
HEADER = 20.0
CHARACTER = 7.4
"""Nominal width of a character of a line, in pixels."""


@dataclass
class Band:
    """Where one segment stands in its column; nominal pixels."""

    name: str
    kind: str
    tid: int
    lines: int
    top: float = 0.0

    @property
    def height(self) -> float:
        """Header and lines."""
        return HEADER + self.lines * LINE_HEIGHT + 6.0

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height


@dataclass
class Column:
    """One process: its bands from top to bottom, and where it stands."""

    process: ProcessHistory
    left: float
    right: float
    bands: list[Band] = field(default_factory=list)
    hidden_stacks: int = 0

    @property
    def characters(self) -> int:
        """How many characters fit into a line."""
        return int((self.right - self.left - 22.0) / CHARACTER)
