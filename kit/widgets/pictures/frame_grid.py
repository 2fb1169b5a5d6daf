"""A grid of frames or slots whose cells the player drives."""

from __future__ import annotations

from typing import Any

import traitlets

from kit.tracks.memory.frames import COLORS
from kit.widgets.base.assets import module, style
from kit.widgets.base.widget import ScriptWidget


class _Numbers(traitlets.List[int]):
    """A list of whole numbers that also takes an array, as channels give it."""

    def validate(self, obj: Any, value: Any) -> Any:
        return super().validate(obj, [int(number) for number in value])


class FrameGrid(ScriptWidget):
    """Frames of RAM, or slots of the swap area, a cell each; see `kit.tracks.memory.frames`.

    One of the cells can be pointed at, or chosen by keyboard: a line below tells what is
    in it. How many columns there are follows the width, in the browser.

    Attributes
    ----------
    unit : str
        "frame" or "slot".
    label : str
        What the grid shows, for screen readers.
    total : int
        How many cells there would be if there was room for all.
    first, count : int
        Number of the first cell, and how many cells there are.
    reserved : int
        Frames at the start that the operating system has.
    size : int
        Bytes in each.
    contiguous : bool
        Whether memory is given out in stretches, so that a base is worth telling.
    owners : list of list
        [kind, pid, program, segment] of what owns cells.
    states : list of list
        What cells can be: [owner, page, label, other pages, "c" if it is copied when it is
        written]; empty texts at the end are left out, and a free cell is [].
    live : list of (list of int)
        The frames or slots that change, as runs of [first, how many].
    shown : list of int
        For each of those the number of its state.
    changed : list of int
        Which of these changed at the tick that is shown; set in the browser.
    subjects : list of str
        The keys of what each of them is about now, as those of a `Table`.
    pointed : str
        The key of what a person points at; set in the browser.
    summary : list of str
        How many are in use, and how large they are.
    legend : list of (list of str)
        [look, what it means].
    colors : dict of str to (list of str)
        Kind -> its pale and its strong colour.
    """

    _esm = module("dom.js", "changed_cells.js", "pointed_cells.js", "frame_grid.js")
    _css = style("frame_grid.css", "changed_cells.css")

    unit = traitlets.Enum(("frame", "slot"), default_value="frame").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    first = traitlets.Int(0).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    reserved = traitlets.Int(0).tag(sync=True)
    size = traitlets.Int(1024).tag(sync=True)
    contiguous = traitlets.Bool(False).tag(sync=True)
    owners: traitlets.List[list[Any]] = traitlets.List().tag(sync=True)
    states: traitlets.List[list[Any]] = traitlets.List().tag(sync=True)
    live: traitlets.List[list[int]] = traitlets.List().tag(sync=True)
    shown = _Numbers().tag(sync=True)
    changed: traitlets.List[int] = traitlets.List().tag(sync=True)
    subjects: traitlets.List[str] = traitlets.List().tag(sync=True)
    pointed = traitlets.Unicode("").tag(sync=True)
    summary: traitlets.List[str] = traitlets.List().tag(sync=True)
    legend: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    colors: traitlets.Dict[str, list[str]] = traitlets.Dict(COLORS).tag(sync=True)

    def text(self) -> list[str]:
        """Return what owns each cell now, as "heap of pid 2"; "" for what is free."""
        places = [first + step for first, length in self.live for step in range(length)]
        cells = range(self.first, self.first + self.count)
        found = {place: "system" if place < self.reserved else "" for place in cells}
        for place, number in zip(places, self.shown, strict=True):
            if self.states[number]:
                kind, pid, _, segment = self.owners[self.states[number][0]]
                found[place] = f"{segment or kind} of pid {pid}"
        return list(found.values())

    def __repr__(self) -> str:
        return f"<FrameGrid: {self.label}; {self.total} {self.unit}s>"
