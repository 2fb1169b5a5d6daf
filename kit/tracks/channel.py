"""Channels: how one trait of one mark changes over time, for each of its elements.

A channel is what a step function of the trace becomes on its way to the browser: for
each element (a rectangle, a text) the ticks at which it changes and what it becomes.
A change may *glide*: its value moves from the old to the new during the time before
the tick, so that at every whole tick the picture is exactly the state of the machine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

from kit.tracks.numbers import real_numbers, whole_numbers

Numbers = tuple[float, ...]
SPREADS = {"left_right": (0, 1, 1, 0), "top_bottom": (0, 0, 1, 1)}
"""How two numbers become the four corners of a rectangle."""
TEXT_TRAITS = ("text", "colors", "fill_colors", "cells", "states")
"""Traits that are texts, for channels without elements, which show it by no value."""


class Channel:
    """Values over time of one trait, an independent step function an element.

    Parameters
    ----------
    mark, trait : str
        What is driven.
    elements : int
    before : list
        Value of each element before its first change: a tuple of `width` numbers,
        or a text.
    spread : tuple of int, optional
        Which of the numbers makes each entry of a row, for traits that are lists of
        rows; without it a trait is a flat list.
    steady : bool
        Glides move at constant speed instead of starting and ending softly.
    """

    def __init__(
        self,
        mark: str,
        trait: str,
        before: Sequence[Numbers | str],
        spread: tuple[int, ...] | None = None,
        steady: bool = False,
    ) -> None:
        self.mark, self.trait, self.spread, self.steady = mark, trait, spread, steady
        self.is_text = isinstance(before[0], str) if before else trait in TEXT_TRAITS
        self.keys: list[list[tuple[float, Any, float]]] = [[(-1.0, value, 0.0)] for value in before]

    @property
    def elements(self) -> int:
        """How many elements it has."""
        return len(self.keys)

    @property
    def changes(self) -> int:
        """How many changes it holds, of all elements together."""
        return sum(len(keys) - 1 for keys in self.keys)

    def add(self, element: int, tick: float, value: Numbers | str, glide: float = 0.0) -> None:
        """Let an element become `value` at `tick`, moving there during `glide` ticks.

        Ticks of one element never decrease; a second change at one tick replaces the
        first. A glide never starts before the previous change.

        Parameters
        ----------
        element : int
            Its number in the mark.
        tick : float
            Later than, or as late as, its last change.
        value : Numbers or str
            Numbers, or a text where the channel has texts.
        glide : float
            Ticks that the movement takes, before `tick`.
        """
        keys = self.keys[element]
        last_tick, last_value, last_glide = keys[-1]
        if last_tick == tick and len(keys) > 1:
            keys.pop()
            glide = max(glide, last_glide)
            last_tick, last_value, _ = keys[-1]
        if value != last_value:
            keys.append((float(tick), value, max(0.0, min(glide, tick - max(last_tick, 0.0)))))

    def forget(self, element: int, tick: float) -> None:
        """Drop the changes of an element that were to come after `tick`.

        Parameters
        ----------
        element : int
            Its number in the mark.
        tick : float
        """
        keys = self.keys[element]
        while len(keys) > 1 and keys[-1][0] > tick:
            keys.pop()

    def at(self, tick: float) -> list[Any]:
        """Return the value of every element at a whole tick."""
        return [keys[bisect_right(keys, tick, key=lambda k: k[0]) - 1][1] for keys in self.keys]

    def shown_at(self, tick: float) -> list[Any]:
        """Return the value of every element as the page shows it, in the middle of a glide too."""
        if self.is_text:
            return self.at(tick)
        return [self._glided(keys, tick) for keys in self.keys]

    def _glided(self, keys: list[tuple[float, Any, float]], tick: float) -> Numbers:
        following = bisect_right(keys, tick, key=lambda k: k[0])
        before: Numbers = keys[following - 1][1]
        if following == len(keys):
            return before
        end, after, glide = keys[following]
        share = 1 - (end - tick) / glide if glide else 0.0
        if share <= 0:
            return before
        moved = share if self.steady else share * share * (3 - 2 * share)
        pairs = zip(before, after, strict=True)
        return tuple(one + (other - one) * moved for one, other in pairs)

    def trait_at(self, tick: float) -> list[Any]:
        """Return what the trait is at a whole tick: a text, a number, or a row an element."""
        values = self.at(tick)
        if self.is_text:
            return values
        if self.spread is None:
            return [float(value[0]) for value in values]
        return [[float(value[place]) for place in self.spread] for value in values]

    def packed(self) -> tuple[dict[str, Any], list[bytes]]:
        """Return a header and the arrays it describes: starts, ticks, values, glides.

        The arrays are little endian, 4 bytes a number.
        """
        flat = [key for keys in self.keys for key in keys]
        ends = accumulate((len(keys) for keys in self.keys), initial=0)
        arrays = [whole_numbers(ends), real_numbers(tick for tick, _, _ in flat)]
        header: dict[str, Any] = {
            "trait": self.trait,
            "elements": self.elements,
            "keys": len(flat),
            "spread": list(self.spread) if self.spread else None,
            "steady": self.steady,
        }
        if self.is_text:
            table = list(dict.fromkeys(value for _, value, _ in flat))
            places = {value: index for index, value in enumerate(table)}
            header["texts"] = table
            arrays.append(whole_numbers(places[value] for _, value, _ in flat))
        else:
            header["width"] = len(flat[0][1]) if flat else 1
            arrays.append(real_numbers(chain.from_iterable(value for _, value, _ in flat)))
        header["glides"] = any(glide for _, _, glide in flat)
        if header["glides"]:
            arrays.append(real_numbers(glide for _, _, glide in flat))
        return header, arrays
