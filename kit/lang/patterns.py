"""What calls with texts are given: texts, and where a value goes between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

SPEC = re.compile(r"(?:.?[<>=^])?[+\- ]?#?0?\d{0,2}[,_]?[bdoxX]?")
"""How a value may be formatted: Python's format of a whole number, at most 99 wide."""


@dataclass(frozen=True)
class Value:
    """Where a value goes.

    Attributes
    ----------
    spec : str
        How it is written, as behind the colon in an f-string: "05d". "" for plainly.
    """

    spec: str = ""

    def text(self, value: int) -> str:
        """Return a value as it is written."""
        return format(value, self.spec)


Part = str | Value


@dataclass(frozen=True)
class Pattern:
    """What one call is given.

    Attributes
    ----------
    parts : tuple of str or Value
    exact : bool
        Whether ``print`` writes just this, and not blanks between the parts and a new line
        behind them, as it does by itself.
    """

    parts: tuple[Part, ...]
    exact: bool = False

    @property
    def texts(self) -> list[str]:
        """The texts in it."""
        return [part for part in self.parts if isinstance(part, str)]

    @property
    def values(self) -> int:
        """How many values it takes."""
        return len(self.parts) - len(self.texts)

    def text(self, values: Iterable[int]) -> str:
        """Return it with the values put in, but for the new line behind it."""
        following = iter(values)
        said = [
            part if isinstance(part, str) else part.text(next(following)) for part in self.parts
        ]
        return "".join(said) if self.exact else " ".join(said)

    def printed(self, values: Iterable[int]) -> str:
        """Return what `print` writes of it: the text, and a new line unless it says its own end."""
        return self.text(values) + ("" if self.exact else "\n")

    def assembly(self) -> str:
        """Return it as a line of assembly."""
        written = [
            json.dumps(part)
            if isinstance(part, str)
            else f"_:{json.dumps(part.spec)}"
            if part.spec
            else "_"
            for part in self.parts
        ]
        return f"{'.write' if self.exact else '.print'} {', '.join(written)}".rstrip()


def is_format(spec: str) -> bool:
    """Tell whether a value can be formatted so."""
    if SPEC.fullmatch(spec) is None:
        return False
    try:
        format(0, spec)
    except ValueError:
        return False
    return True
