"""The files on disk that programs read and write, small, with what is in them."""

from __future__ import annotations

from typing import NamedTuple

from kit.errors import plural
from kit.trace import Trace
from kit.tracks.palette import LINE, QUIET, shorten
from kit.tracks.picture import Picture
from kit.tracks.subjects import file_subject

MOST_FILES = 3
FILE_HEIGHT, GAP, FOLD, EDGE = 70.0, 8.0, 12.0, 8.0
NAME_CHARACTERS, LINE_CHARACTERS = 14, 13
MORE_HEIGHT = 18.0
FRESH = 3.0
"""Ticks for which content that changed is lit up."""
KNOWN_WORDS = 12
"""Words of a file that are followed; of the others only how many there are."""


class Content(NamedTuple):
    """What is in a file from a tick on: its first words, and how many there are in all."""

    tick: int
    words: tuple[int, ...]
    length: int


def contents(trace: Trace) -> dict[str, list[Content]]:
    """Return for each file, in order of appearance, its content over time."""
    return {
        name: [
            Content(tick, tuple(words[:KNOWN_WORDS]), len(words))
            for tick, words, _ in file.contents()
        ]
        for name, file in trace.history.files.files.items()
    }


def draw_data_files(
    picture: Picture, files: dict[str, list[Content]], across: tuple[float, float]
) -> None:
    """Add the files below what is in the picture.

    Parameters
    ----------
    files : dict of str to list of Content
    across : tuple of float
        Left and right edge of a file.
    """
    shown = list(files.items())[:MOST_FILES]
    if not shown:
        return
    left = across[0] + EDGE
    tops = [picture.height + index * FILE_HEIGHT for index in range(len(shown))]
    count = len(shown)
    shapes = [_shape(across, top) for top in tops]
    nowhere = [[shape[0]] * len(shape) for shape in shapes]
    picture.outlines("data files", nowhere, colors=[LINE] * count, stroke_width=1.5)
    boxes = [(left - 3.0, top + 25.0, across[1] - 4.0, top + 41.0) for top in tops]
    picture.rectangles("written", boxes, ["#fff3c4"] * count, opacity=0.0)
    picture.texts("file names", [(left, top + 14.0) for top in tops], [""] * count, bold=True)
    picture.texts("words", [(left, top + 33.0) for top in tops], [""] * count, mono=True)
    picture.texts("lengths", [(left, top + 51.0) for top in tops], [""] * count, colors=QUIET)
    picture.sentences("files told", count)
    for index, (name, changes) in enumerate(shown):
        _follow(picture, index, name, changes, shapes[index])
    picture.height += count * FILE_HEIGHT
    hidden = len(files) - count
    if hidden:
        more = f"and {plural(hidden, 'more file')}"
        picture.texts("more files", [(across[0], picture.height + 4.0)], [more], colors=QUIET)
        picture.text_alternative.append([more])
        picture.height += MORE_HEIGHT


def _shape(across: tuple[float, float], top: float) -> list[tuple[float, float]]:
    left, right = across
    bottom = top + FILE_HEIGHT - GAP
    return [
        (left, top),
        (right - FOLD, top),
        (right, top + FOLD),
        (right, bottom),
        (left, bottom),
        (left, top),
    ]


def _follow(
    picture: Picture,
    place: int,
    name: str,
    changes: list[Content],
    shape: list[tuple[float, float]],
) -> None:
    made = changes[0].tick
    picture.change("data files", "x", place, made, tuple(x for x, _ in shape))
    picture.change("data files", "y", place, made, tuple(y for _, y in shape))
    picture.change("file names", "text", place, made, shorten(name, NAME_CHARACTERS))
    for mark in ("file names", "words"):
        picture.about(mark, place, file_subject(name), made)
    for number, (tick, words, length) in enumerate(changes):
        count = plural(length, "word")
        more = ", …" if length > len(words) else ""
        listed = ", ".join(map(str, words)) + more
        picture.change("words", "text", place, tick, shorten(listed, LINE_CHARACTERS))
        picture.change("lengths", "text", place, tick, count if words else "empty file")
        sentence = f"file {name}: {count}{': ' if words else ''}{listed}"
        picture.change("files told", "text", place, tick, sentence)
        if number and tick > made:
            picture.channels["written", "opacities"].forget(place, tick)
            picture.change("written", "opacities", place, tick, 1.0)
            picture.change("written", "opacities", place, tick + FRESH, 0.0, glide=FRESH)
    picture.text_alternative.append([("files told", "text", place)])
