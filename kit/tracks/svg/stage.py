"""A whole stage as SVG: heading, narration and views, at a moment or as it plays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.trace import Trace
from kit.tracks.palette import INK, PANEL, QUIET
from kit.tracks.picture import Picture
from kit.tracks.svg.animation import animated
from kit.tracks.svg.figures import Elements, Figure
from kit.tracks.svg.grids import FrameGrid
from kit.tracks.svg.tables import Table
from kit.tracks.svg.writing import SANS, box, clean, element, sentence, width_of, wrapped, written

WIDTH, EDGE, GAP = 1232.0, 16.0, 14.0
"""Pixels of the picture, around what is in it, and between two views."""
CAPTION, LEGEND = 24.0, 16.0
SIDE_BY_SIDE = 700.0
"""Pixels from which on two tables of a view are beside each other."""
ROOM = {"disk": 150.0, "address_spaces": 0.0, "frames": 268.0, "cpu": 250.0}
"""Views that share a row, and how wide they are; the one with 0 takes what is left."""
TITLE, SENTENCE, BAND = 20.0, 13.0, "#edf2f7"


@dataclass(frozen=True)
class Shown:
    """A view of the stage: its name, what is written above it, its picture, what it zooms to."""

    name: str
    heading: tuple[str, str]
    picture: Picture
    window: tuple[float, ...] = ()


class _Caption:
    """What is written above a view, in bold and after it."""

    def __init__(self, heading: tuple[str, str], width: float) -> None:
        self.heading, self.width, self.height = heading, width, CAPTION

    def draw(self, _tick: int) -> Elements:
        strong, rest = self.heading
        after = width_of(strong, bold=True) + 6.0
        return {
            (0,): written(0.0, CAPTION / 2, strong, fill=INK, bold=True),
            (1,): written(after, CAPTION / 2, rest, fill=QUIET),
        }


class _Lines:
    """Lines of text that never change."""

    def __init__(self, lines: Sequence[str], width: float) -> None:
        self.lines, self.width, self.height = lines, width, LEGEND * len(lines) + 4.0

    def draw(self, _tick: int) -> Elements:
        return {
            (n,): written(0.0, LEGEND * (n + 0.5), line, fill=QUIET)
            for n, line in enumerate(self.lines)
        }


class _Head:
    """The title, what the run is made of, the tick, and the sentence of the narration."""

    def __init__(self, stage: StagePicture, ticks: Sequence[int]) -> None:
        self.stage, self.width = stage, stage.inner
        self.lines = max(len(self._told(tick)) for tick in ticks)
        self.top = 8.0 + (TITLE + 8.0 if stage.title else 0.0) + (20.0 if stage.subtitle else 0.0)
        self.height = self.top + 20.0 * self.lines + 20.0

    def _told(self, tick: int) -> list[list[tuple[str, bool]]]:
        """Return the sentence in lines of words, of which some are program text."""
        first = self.stage.trace.narration(tick).first
        pieces = re.split(r"`([^`]*)`", first)
        lines: list[list[tuple[str, bool]]] = [[]]
        used, room = 0.0, self.width - 140.0
        for place, piece in enumerate(pieces):
            for word in re.findall(r"\s*\S+|\s+$", piece) if place % 2 == 0 else [piece]:
                wide = width_of(word, SENTENCE, mono=place % 2 == 1)
                if used + wide > room and lines[-1]:
                    lines.append([])
                    used = 0.0
                lines[-1].append((word if used else word.lstrip(), place % 2 == 1))
                used += wide
        return lines

    def draw(self, tick: int) -> Elements:
        stage = self.stage
        drawn: Elements = {}
        if stage.title:
            drawn[0,] = written(0.0, TITLE / 2 + 4.0, stage.title, size=TITLE, bold=True)
        if stage.subtitle:
            drawn[1,] = written(0.0, self.top - 12.0, stage.subtitle, size=SENTENCE, fill=QUIET)
        bottom = self.height - 8.0
        drawn[2,] = box(0.0, self.top, self.width, bottom, fill=BAND, rx=5.0)
        clock = f"t = {tick} / {stage.trace.end}"
        drawn[3,] = written(12.0, self.top + 16.0, clock, size=SENTENCE, mono=True)
        for part, words in enumerate(self._told(tick)):
            drawn[4, part] = sentence(140.0, self.top + 16.0 + 20.0 * part, words, SENTENCE)
        return drawn


Block = Figure | FrameGrid | Table | _Lines | _Head | _Caption


class StagePicture:
    """A stage laid out for some ticks.

    Parameters
    ----------
    trace : Trace
    views : sequence of Shown
    ticks : sequence of int
        Those that will be drawn; everything has the same place at all of them.
    title, subtitle : str
        Above the pictures; "" for none.
    held : bool
        Whether a question holds the run: what is still to come has no name then.

    Attributes
    ----------
    width, height : float
        Pixels.
    """

    def __init__(
        self,
        trace: Trace,
        views: Sequence[Shown],
        ticks: Sequence[int],
        *,
        title: str = "",
        subtitle: str = "",
        held: bool = False,
    ) -> None:
        self.trace, self.views, self.ticks, self.held = trace, views, ticks, held
        self.title, self.subtitle = title, "" if held else subtitle
        self.width, self.inner = WIDTH, WIDTH - 2 * EDGE
        self.blocks: list[tuple[float, float, Block]] = []
        y = self._put(EDGE, EDGE, _Head(self, ticks))
        beside = [view for view in views if view.name in ROOM]
        x, lowest = EDGE, y
        for view, width in zip(beside, self._widths(beside), strict=True):
            lowest = max(lowest, self._view(x, y, width, view))
            x += width + GAP
        y = lowest
        below = [view for view in views if view.name not in ROOM]
        for view in sorted(below, key=lambda view: view.name != "timeline"):
            y = self._view(EDGE, y, self.inner, view)
        self.height = y + EDGE - GAP

    def _widths(self, beside: Sequence[Shown]) -> list[float]:
        """Return how wide the views of a row are; without one that stretches they share it."""
        room = self.inner - GAP * (len(beside) - 1)
        wanted = [ROOM[view.name] for view in beside]
        if 0.0 in wanted:
            return [wide or room - sum(wanted) for wide in wanted]
        return [min(wide * room / sum(wanted), 2 * wide) for wide in wanted]

    def _put(self, x: float, y: float, block: Block) -> float:
        self.blocks.append((x, y, block))
        return y + block.height

    def _view(self, x: float, y: float, width: float, view: Shown) -> float:
        """Put the parts of a view below each other; return where it ends."""
        picture = view.picture
        y = self._put(x, y, _Caption(view.heading, width))
        parts: list[Block] = []
        if any(mark.kind in ("rectangles", "texts", "outlines") for mark in picture.marks):
            parts.append(Figure(picture, width, held=self.held, window=view.window))
        parts += [
            FrameGrid(picture, mark, width) for mark in picture.marks if mark.kind == "frames"
        ]
        for mark in picture.marks:
            if mark.kind == "zoom" and mark.fixed["legend"] and not self.held:
                parts.append(_Lines(wrapped(" · ".join(mark.fixed["legend"]), width), width))
        for part in parts:
            y = self._put(x, y, part) + 4.0
        tables = [mark for mark in picture.marks if mark.kind == "table"]
        columns = len(tables) if view.name == "listing" and width >= SIDE_BY_SIDE else 1
        wide = (width - GAP * (columns - 1)) / columns
        for first in range(0, len(tables), columns):
            chosen = tables[first : first + columns]
            row = [Table(picture, mark, wide, self.ticks) for mark in chosen]
            ends = [self._put(x + n * (wide + GAP), y, table) for n, table in enumerate(row)]
            y = max(ends) + 4.0
        return y + GAP

    def moment(self, tick: int) -> str:
        """Return the stage at a tick, as the text of an SVG file."""
        content = "".join(
            _placed(x, y, block, "".join(one for _, one in sorted(block.draw(tick).items())))
            for x, y, block in self.blocks
        )
        return self._file(content, f"tick {tick}", self._told(tick))

    def stretch(self, seconds_a_tick: float) -> str:
        """Return the stage as it plays through its ticks, again and again, as text of an SVG file.

        Parameters
        ----------
        seconds_a_tick : float
        """
        drawn = [[block.draw(tick) for tick in self.ticks] for _, _, block in self.blocks]
        style, contents = animated(drawn, seconds_a_tick)
        content = "".join(
            _placed(x, y, block, one)
            for (x, y, block), one in zip(self.blocks, contents, strict=True)
        )
        first, last = self.ticks[0], self.ticks[-1]
        sentences = [self.trace.narration(tick).first for tick in self.ticks]
        told = [f"Tick {tick}: {one}" for tick, one in zip(self.ticks, sentences, strict=True)]
        return self._file(style + content, f"ticks {first} to {last}", told)

    def _told(self, tick: int) -> list[str]:
        lines = [self.trace.narration(tick).first]
        for view in self.views:
            lines.append(f"{' '.join(part for part in view.heading if part)}:")
            lines += view.picture.told(tick)
        return lines

    def _file(self, content: str, when: str, told: Sequence[str]) -> str:
        width, height = f"{self.width:.0f}", f"{self.height:.0f}"
        name = f"{self.title}, {when}" if self.title else when
        words = element("title", clean(name), id="kit-title")
        words += element("desc", clean("\n".join(told)), id="kit-words")
        ground = element("rect", width=width, height=height, fill=PANEL)
        root = element(
            "svg",
            words + ground + content,
            xmlns="http://www.w3.org/2000/svg",
            width=width,
            height=height,
            viewBox=f"0 0 {width} {height}",
            font_family=SANS,
            role="img",
            aria_labelledby="kit-title kit-words",
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def _placed(x: float, y: float, block: Block, content: str) -> str:
    """Return what is drawn of a block at its place; what reaches beyond is cut off."""
    if not content:
        return ""
    return element("svg", content, x=x, y=y, width=block.width, height=block.height)
