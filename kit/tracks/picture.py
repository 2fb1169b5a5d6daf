"""A picture: what to draw and how it changes, without any widget.

A view lays a trace out as a few marks, each of many elements: rectangles, texts,
outlines. The widget layer turns marks into bqplot marks and channels into buffers.
Coordinates are nominal pixels from the top left; the browser stretches x to the
width it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.cancellation import check_cancelled
from kit.tracks.channel import SPREADS, Channel
from kit.tracks.subjects import BETWEEN, Subject
from kit.tracks.time_axis import TimeAxis
from kit.tracks.told import told

Part = str | tuple[str, str, int]
"""A piece of a sentence: a text, or (mark, trait, element) whose current text is meant."""

ABOUT = "about"
"""Name of the channel that says what each element of a mark is about; it is no trait."""
SUBJECTS = "subjects"
"""The same of a widget of our own, which is told, because its elements take events themselves."""
BY_TEXT = "by_text"
"""Of a table, what a cell is about by its text."""
DRAWN = ("rectangles", "texts", "outlines", "sentences")
"""Kinds of marks that are no widgets of our own."""

CHANGES = 16
"""Changes of a picture between two looks at whether it is still wanted."""


@dataclass
class Mark:
    """Many elements drawn in one way.

    Attributes
    ----------
    kind : str
        "rectangles", "texts" and "outlines" are drawn together in one figure; "table" is a
        widget of its own; "sentences" are only told.
    fixed : dict
        What does not change: see the functions of `Picture` that make marks.
    """

    name: str
    kind: str
    fixed: dict[str, Any]


@dataclass
class Picture:
    """Marks and their channels.

    Attributes
    ----------
    title : str
        What the picture shows, for screen readers.
    width, height : float
        Nominal pixels.
    least_width : float
        Below this many pixels the picture scrolls instead of shrinking.
    text_alternative : list of (list of Part)
        The picture in words, a sentence an entry.
    time : TimeAxis or None
        Where ticks stand, if any mark stands in ticks; see `along_time`.
    births : dict of str to list of int
        For a mark that tells from the start what is still to come: the tick before which each
        of its elements is not shown while a question holds the run.
    ties : dict of str to (str, str)
        Drawn mark -> (mark, trait) of what is only told, whose change is marked at the element
        of the same number, because what changes itself cannot be.
    subjects : dict of str to str
        The key and the name of everything in it that a person can point at; see `about`.
    stepped : list of str
        Tables whose cells tell by their text what they are about, and to whose changes steps go.
    """

    title: str
    width: float
    height: float
    least_width: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    channels: dict[tuple[str, str], Channel] = field(default_factory=dict)
    text_alternative: list[list[Part]] = field(default_factory=list)
    time: TimeAxis | None = None
    births: dict[str, list[int]] = field(default_factory=dict)
    ties: dict[str, tuple[str, str]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    stepped: list[str] = field(default_factory=list)
    _until_look: int = field(default=CHANGES, repr=False, compare=False)

    def rectangles(
        self,
        name: str,
        boxes: Sequence[tuple[float, float, float, float]],
        fills: Sequence[str],
        *,
        strokes: Sequence[str] | None = None,
        opacity: Sequence[float] | float = 1.0,
        fill_opacity: float = 1.0,
        stroke_width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Add rectangles given as (left, top, right, bottom).

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        boxes : sequence of (float, float, float, float)
            In the units of the picture, y downwards; one an element.
        fills : sequence of str
            CSS colours, one an element.
        strokes : sequence of str, optional
            CSS colours of the outlines; none if not given.
        opacity : sequence of float or float
            From 0 to 1, for each element or for all.
        fill_opacity : float
            From 0 to 1, of the fill alone.
        stroke_width : float
            In nominal pixels.
        dashed : bool
            Whether the outlines are.
        """
        count = len(boxes)
        opacities = [opacity] * count if isinstance(opacity, int | float) else list(opacity)
        self.marks.append(
            Mark(
                name,
                "rectangles",
                {
                    "colors": list(strokes or fills),
                    "fill_opacity": fill_opacity,
                    "stroke_width": stroke_width,
                    "dashed": dashed,
                },
            )
        )
        self._channel(name, "x", [(b[0], b[2]) for b in boxes], SPREADS["left_right"])
        self._channel(name, "y", [(b[1], b[3]) for b in boxes], SPREADS["top_bottom"])
        self._channel(name, "fill_colors", list(fills))
        self._channel(name, "opacities", [(value,) for value in opacities])

    def texts(
        self,
        name: str,
        places: Sequence[tuple[float, float]],
        texts: Sequence[str],
        *,
        colors: Sequence[str] | str = "#1f2d3a",
        size: float = 12.0,
        bold: bool = False,
        mono: bool = False,
        align: str = "start",
    ) -> None:
        """Add texts, vertically centred on their places.

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        places : sequence of (float, float)
            x and y in the units of the picture, one an element.
        texts : sequence of str
            At the start, one an element; "" for none.
        colors : sequence of str or str
            CSS colours, for each element or for all.
        size : float
            Of the letters, in nominal pixels.
        bold : bool
        mono : bool
            Whether all letters are of one width, as program text is.
        align : str
            "start", "middle" or "end": which end of the text stands at its place.
        """
        shades = [colors] * len(places) if isinstance(colors, str) else list(colors)
        fixed = {"size": size, "bold": bold, "mono": mono, "align": align}
        self.marks.append(Mark(name, "texts", fixed))
        self._channel(name, "x", [(place[0],) for place in places])
        self._channel(name, "y", [(place[1],) for place in places])
        self._channel(name, "text", list(texts))
        self._channel(name, "colors", shades)

    def outlines(
        self,
        name: str,
        lines: Sequence[Sequence[tuple[float, float]]],
        *,
        colors: Sequence[str],
        stroke_width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Add open lines through points; all have the same number of points.

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        lines : sequence of sequence of (float, float)
            Points of each line, as (x, y) in the units of the picture.
        colors : sequence of str
            CSS colours, one a line.
        stroke_width : float
            In nominal pixels.
        dashed : bool
        """
        fixed = {"colors": list(colors), "stroke_width": stroke_width, "dashed": dashed}
        self.marks.append(Mark(name, "outlines", fixed))
        spread = tuple(range(len(lines[0]))) if lines else ()
        self._channel(name, "x", [tuple(p[0] for p in line) for line in lines], spread)
        self._channel(name, "y", [tuple(p[1] for p in line) for line in lines], spread)

    def table(
        self,
        name: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        live: Sequence[int] = (),
        **fixed: Any,
    ) -> None:
        """Add a table, a widget of its own that is its own text alternative.

        Its channels are `cells`, an element for each live cell, row after row, and `states`,
        an element a row: "" or any of the words "hidden", "marked" (where something happens
        now), "ended", "mine" and "other", which the style sheet knows.

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        headings : sequence of str
            One a column.
        rows : sequence of sequence of str
            What stands there at the start.
        live : sequence of int
            Columns whose cells change; only they have elements.
        **fixed
            ``mono``, ``numbers``: columns of program text, of figures. ``parents``: for each
            row the row it folds away under, or -1. ``caption``: a text. ``height``: pixels
            above which it scrolls.
        """
        fixed = {
            "headings": list(headings),
            "rows": [list(row) for row in rows],
            "live": list(live),
            "parents": [-1] * len(rows),
            **fixed,
        }
        self.marks.append(Mark(name, "table", fixed))
        self._channel(name, "cells", [row[column] for row in rows for column in live])
        self._channel(name, "states", [""] * len(rows))

    def own(self, name: str, kind: str, fixed: dict[str, Any], **channels: Sequence[Any]) -> None:
        """Add a widget of its own.

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        kind : str
            A key of `kit.widgets.pictures.drawing.OWN`.
        fixed : dict
            Traits that do not change.
        **channels
            Trait -> what each of its elements is at the start: texts, or numbers.
        """
        self.marks.append(Mark(name, kind, fixed))
        for trait, before in channels.items():
            values = [v if isinstance(v, str | tuple) else (float(v),) for v in before]
            self._channel(name, trait, values)

    def along_time(self, *names: str) -> None:
        """Let marks stand in ticks, instead of pixels, along the axis of `time`."""
        for mark in self.marks:
            if mark.name in names:
                mark.fixed["time"] = True

    def sentences(self, name: str, count: int) -> None:
        """Add texts that are not drawn, only told in words.

        Parameters
        ----------
        name : str
            Of the mark; unique in the picture.
        count : int
            How many there are; each is "" at the start.
        """
        self.marks.append(Mark(name, "sentences", {}))
        self._channel(name, "text", [""] * count)

    def _channel(
        self, mark: str, trait: str, before: list[Any], spread: tuple[int, ...] | None = None
    ) -> None:
        self.channels[mark, trait] = Channel(mark, trait, before, spread)

    def change(
        self, mark: str, trait: str, element: int, tick: float, value: Any, glide: float = 0.0
    ) -> None:
        """Let one trait of one element become `value` at `tick`; see `Channel.add`.

        A single number may be given for traits that are flat lists. Every so many changes it
        looks whether the picture is still wanted.

        Parameters
        ----------
        mark : str
            Its name.
        trait : str
            What changes: "x", "y", "text", "opacity" and so on, as the kind of mark has
            them.
        element : int
            Its number in the mark.
        tick : float
        value : Any
        glide : float
            Ticks that the movement takes, before `tick`.
        """
        self._until_look -= 1
        if not self._until_look:
            self._until_look = CHANGES
            check_cancelled()
        if not isinstance(value, str | tuple):
            value = (float(value),)
        self.channels[mark, trait].add(element, tick, value, glide)

    def about(
        self, mark: str, element: int, subject: Subject | Sequence[Subject] | None, tick: float = 0
    ) -> None:
        """Say what an element is about from a tick on, so that a person can point at it.

        Parameters
        ----------
        mark : str
            Its name.
        element : int
            Its number in the mark; of a table, the number of the live cell.
        subject : Subject, sequence of Subject or None
            Of several, who points at the element means the first. None if it is about nothing
            that can be pointed at.
        tick : float
        """
        channel = self.channels.get((mark, ABOUT)) or self.channels.get((mark, SUBJECTS))
        if channel is None:
            count = next(c.elements for (name, _), c in self.channels.items() if name == mark)
            drawn = next(one.kind for one in self.marks if one.name == mark) in DRAWN
            trait = ABOUT if drawn else SUBJECTS
            channel = self.channels[mark, trait] = Channel(mark, trait, [""] * count)
        several = (subject,) if isinstance(subject, Subject) else subject or ()
        self.subjects |= {one.key: one.name for one in several}
        channel.add(element, tick, BETWEEN.join(one.key for one in several))

    def about_texts(
        self, table: str, subjects: Mapping[str, Sequence[Subject]], *, steps: bool = True
    ) -> None:
        """Say what live cells of a table are about wherever their text tells it.

        It takes no room beside the texts themselves, where those change at every tick.

        Parameters
        ----------
        table : str
            Name of the mark.
        subjects : mapping of str to sequence of Subject
            By the text of a cell.
        steps : bool
            Whether a change of the table is one to which a person steps who points at a subject.
        """
        mark = next(one for one in self.marks if one.name == table)
        self.subjects |= {one.key: one.name for several in subjects.values() for one in several}
        self.stepped += [table] if steps else []
        mark.fixed[BY_TEXT] = {
            text: BETWEEN.join(one.key for one in several) for text, several in subjects.items()
        }

    @property
    def moving(self) -> list[Channel]:
        """The channels that change at all."""
        return [channel for channel in self.channels.values() if channel.changes]

    def told(self, tick: float) -> list[str]:
        """Return in words what it shows at a whole tick, a sentence or a row of a table an entry.

        The page tells the same from the same channels, in JavaScript.
        """
        return told(self, tick)
