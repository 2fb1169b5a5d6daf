"""Step functions: how one thing changes over time."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from typing import Generic, TypeVar

from kit.cancellation import checked

Value = TypeVar("Value")


class Steps(Generic[Value]):
    """A value over time: constant from one change to the next.

    Parameters
    ----------
    before : Value
        The value before the first change.
    compact : bool
        Whether the values are 64-bit integers, to be kept as such.

    Attributes
    ----------
    ticks : array of int
        When it changes, strictly increasing.
    values : sequence of Value
        What it becomes.
    """

    __slots__ = ("before", "ticks", "values")

    def __init__(self, before: Value, compact: bool = False) -> None:
        self.before = before
        self.ticks = array("q")
        self.values: MutableSequence[Value] = array("q") if compact else []  # type: ignore[assignment]

    def add(self, tick: int, value: Value) -> None:
        """Append a change; a second change at one tick replaces the first."""
        if self.ticks and self.ticks[-1] == tick:
            self.values[-1] = value
        elif not self.ticks or self.values[-1] != value:
            self.ticks.append(tick)
            self.values.append(value)

    @property
    def last(self) -> Value:
        """The value after the last change."""
        return self.values[-1] if self.values else self.before

    def at(self, tick: int) -> Value:
        """Return the value at `tick`, changes at `tick` included."""
        index = bisect_right(self.ticks, tick)
        return self.values[index - 1] if index else self.before

    def since(self, tick: int) -> int:
        """Return when the value at `tick` was reached; -1 if there was no change yet."""
        index = bisect_right(self.ticks, tick)
        return self.ticks[index - 1] if index else -1

    def __iter__(self) -> Iterator[tuple[int, Value]]:
        return zip(self.ticks, self.values, strict=True)

    def __len__(self) -> int:
        return len(self.ticks)

    def __repr__(self) -> str:
        return f"<Steps: {len(self)} changes>"


class Growing:
    """A text that grows over time, kept once: what stands at a tick is how much of it.

    Attributes
    ----------
    ticks : array of int
        When it grows, strictly increasing.
    ends : array of int
        Its length from then on.
    """

    __slots__ = ("_pieces", "ends", "ticks")

    def __init__(self) -> None:
        self.ticks, self.ends = array("q"), array("q")
        self._pieces: list[str] = []

    @property
    def whole(self) -> str:
        """All of it, as it is at the end."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def add(self, tick: int, text: str) -> None:
        """Append a text."""
        end = (self.ends[-1] if self.ends else 0) + len(text)
        self._pieces.append(text)
        if self.ticks and self.ticks[-1] == tick:
            self.ends[-1] = end
        else:
            self.ticks.append(tick)
            self.ends.append(end)

    def at(self, tick: int) -> str:
        """Return the text at `tick`, what is added at `tick` included."""
        index = bisect_right(self.ticks, tick)
        return self.whole[: self.ends[index - 1]] if index else ""

    def __len__(self) -> int:
        return len(self.ticks)


def counted(many: Iterable[Steps[Value]], wanted: Callable[[Value], bool]) -> Steps[int]:
    """Return how many of some step functions have a wanted value, over time."""
    count, changes = 0, defaultdict[int, int](int)
    for steps in many:
        before = wanted(steps.before)
        count += before
        for tick, value in checked(steps):
            now = wanted(value)
            changes[tick] += now - before
            before = now
    found = Steps(count)
    for tick in checked(sorted(changes)):
        count += changes[tick]
        found.add(tick, count)
    return found
