"""The keyframes of one view, sent to the browser once a run."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.tracks import Picture
from kit.tracks.picture import ABOUT, BY_TEXT, SUBJECTS
from kit.widgets.base.closing import living_widgets
from kit.widgets.pictures.drawing import Drawing


class Tracks(ipywidgets.Widget):
    """Channels of a picture and the models they drive. It has no view of its own.

    Attributes
    ----------
    header : dict
        The picture's title, its text alternative, a description a channel; which targets stand
        in ticks, and which are marked when a channel changes that is only told; and by target
        what is not shown before a tick while a question holds the run.
    targets : tuple of Widget
        The driven models; a channel names its own by number.
    data : bytes
        The arrays of all channels, little endian, 4 bytes a number.
    figure : Widget or None
        The figure the marks are in.
    """

    header = traitlets.Dict().tag(sync=True)
    targets = TypedTuple(trait=traitlets.Instance(ipywidgets.Widget)).tag(
        sync=True, **living_widgets
    )
    data = traitlets.Bytes().tag(sync=True)
    figure = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **living_widgets)

    def __init__(self, picture: Picture, drawing: Drawing | None = None) -> None:
        super().__init__(**_traits(picture, drawing))

    def update(self, picture: Picture, drawing: Drawing | None = None) -> None:
        """Hold the channels of another picture of the same view."""
        with self.hold_sync():
            for name, value in _traits(picture, drawing).items():
                setattr(self, name, value)


def _traits(picture: Picture, drawing: Drawing | None) -> dict[str, Any]:
    widgets = drawing.widgets if drawing is not None else {}
    places = {name: number for number, name in enumerate(widgets)}
    told = {
        part[:2] for line in picture.text_alternative for part in line if not isinstance(part, str)
    }
    channels = [
        channel for name, channel in picture.channels.items() if channel.changes or name in told
    ]
    numbers = {(c.mark, c.trait): number for number, c in enumerate(channels)}
    descriptions: list[dict[str, Any]] = []
    data: list[bytes] = []
    for channel in channels:
        description, arrays = channel.packed()
        is_trait = channel.trait != ABOUT
        description["target"] = places.get(channel.mark, -1) if is_trait else -1
        descriptions.append(description)
        data.extend(arrays)
    header: dict[str, Any] = {
        "title": picture.title,
        "width": picture.width,
        "twin": [
            [p if isinstance(p, str) else [numbers[p[0], p[1]], p[2]] for p in line]
            for line in picture.text_alternative
        ],
        "channels": descriptions,
        "timed": [places[mark.name] for mark in picture.marks if mark.fixed.get("time")],
        "ties": [
            [numbers[told], places[name]] for name, told in picture.ties.items() if told in numbers
        ],
        "about": [
            *(
                [number, places[mark]]
                for (mark, trait), number in numbers.items()
                if trait in (ABOUT, SUBJECTS)
            ),
            *(
                [numbers[mark.name, "cells"], places[mark.name], mark.fixed[BY_TEXT]]
                for mark in picture.marks
                if mark.name in picture.stepped and (mark.name, "cells") in numbers
            ),
        ],
        "subjects": picture.subjects,
        "births": [[places[name], ticks] for name, ticks in picture.births.items()],
    }
    return {
        "header": header,
        "targets": tuple(widgets.values()),
        "data": b"".join(data),
        "figure": drawing.figure if drawing is not None else None,
    }
