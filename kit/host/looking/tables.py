"""What a look at the system gives: rows under headings, as plain text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from kit.errors import ArgumentError, nearest
from kit.host.errors import HostError
from kit.host.in_words import as_printed
from kit.host.systems import ELSEWHERE, system

Cell = int | float | str


def plain(text: str) -> str:
    """Return a name that others have chosen as one line that does nothing but be read."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@dataclass(frozen=True)
class HostTable:
    """What the system tells of some real things, a row each.

    Attributes
    ----------
    headings : tuple of str
    rows : tuple of tuple
        Numbers and texts, one for each heading.
    notes : tuple of str
        What the numbers mean, and what the system does not tell, a sentence each.
    bars : tuple of str
        Headings of the numbers that a picture draws as bars, side by side, named by the first
        other column of texts, else by the first column. A text among the numbers has no bar.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()

    def column(self, heading: str) -> tuple[Cell, ...]:
        """Return what stands under a heading, a value for each row."""
        if heading not in self.headings:
            hint = nearest(str(heading), self.headings)
            raise ArgumentError(f"HostTable.column: there is no {heading!r}; {hint}")
        place = self.headings.index(heading)
        return tuple(row[place] for row in self.rows)

    _repr_pretty_ = as_printed

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        texts = [list(self.headings), *([plain(str(cell)) for cell in row] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        first = self.rows[0] if self.rows else self.headings
        for line in texts:
            cells = (
                text.rjust(width) if isinstance(sample, int | float) else text.ljust(width)
                for text, width, sample in zip(line, widths, first, strict=True)
            )
            yield "  ".join(cells).rstrip()
        yield from self.notes


def psutil_for(who: str) -> ModuleType:
    """Return psutil, which comes with ipykernel and so with every notebook.

    Parameters
    ----------
    who : str
        The function that was called, for errors.

    Raises
    ------
    HostError
        If it is not installed, or there are no processes.
    """
    if sys.platform == "emscripten":
        raise HostError(f"{who}: {system()} sees no processes; {ELSEWHERE}")
    try:
        import psutil  # noqa: PLC0415 - only these functions need it
    except ImportError:
        raise HostError(f"{who}: psutil is not installed here; pip install psutil") from None
    module: ModuleType = psutil
    return module
