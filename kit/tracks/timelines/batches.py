"""Many lines as one element: hundreds of them are drawn, but as few paths.

Between two of them stands a point that is no number, where bqplot lifts the pen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kit.tracks.channel import Channel
from kit.tracks.picture import Mark, Picture

Segment = tuple[tuple[float, float], tuple[float, float]]

BATCH = 50
"""The most lines in one element. Few, because the browser paints again every path whose
surroundings change."""
UP = math.nan


def lines_in_batches(
    picture: Picture, name: str, lines: Sequence[Segment], *, color: str, stroke_width: float
) -> None:
    """Add a mark of straight lines of one colour.

    Parameters
    ----------
    picture : Picture
    name : str
        Of the mark; unique in the picture.
    lines : sequence of Segment
    color : str
        CSS colour.
    stroke_width : float
        In nominal pixels.
    """
    batches = [lines[index : index + BATCH] for index in range(0, len(lines), BATCH)]
    size = max((len(part) for part in batches), default=0)
    fixed = {"colors": [color] * len(batches), "stroke_width": stroke_width, "dashed": False}
    picture.marks.append(Mark(name, "outlines", fixed))
    for index, trait in enumerate(("x", "y")):
        rows = [_row([(one[index], other[index]) for one, other in part], size) for part in batches]
        spread = tuple(range(len(rows[0]))) if rows else ()
        picture.channels[name, trait] = Channel(name, trait, rows, spread)


def in_a_row(shapes: Sequence[tuple[Any, ...]], between: Any) -> tuple[Any, ...]:
    """Return the coordinates of some shapes one after the other, with one between two."""
    return tuple(number for shape in shapes for number in (between, *shape))[1:]


def _row(shapes: list[tuple[float, ...]], size: int) -> tuple[float, ...]:
    """Return the coordinates of some shapes, as long as those of `size`.

    What is missing stands in front: bqplot puts an (empty) label to the last point.
    """
    row = in_a_row(shapes, UP)
    return (UP,) * (size * (len(shapes[0]) + 1) - 1 - len(row)) + row
