"""The keyframes of one view, sent to the browser once."""

from __future__ import annotations

from typing import Any

import ipywidgets
import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.tracks import Picture
from kit.widgets.drawing import Drawing


class Tracks(ipywidgets.Widget):
    """Channels of a picture and the models they drive. It has no view of its own.

    Attributes
    ----------
    header : dict
        The picture's title, its twin in words, and a description a channel.
    targets : tuple of Widget
        The driven mark models; a channel names its own by number.
    data : bytes
        The arrays of all channels, little endian, 4 bytes a number.
    figure : Widget or None
        The figure the marks are in.
    """

    header = traitlets.Dict().tag(sync=True)
    targets = TypedTuple(trait=traitlets.Instance(ipywidgets.Widget)).tag(
        sync=True, **ipywidgets.widget_serialization
    )
    data = traitlets.Bytes().tag(sync=True)
    figure = traitlets.Instance(ipywidgets.Widget, allow_none=True).tag(
        sync=True, **ipywidgets.widget_serialization
    )

    @classmethod
    def of(cls, picture: Picture, drawing: Drawing | None) -> Tracks:
        """Return the tracks of a picture and the marks it was drawn with."""
        marks = drawing.marks if drawing is not None else {}
        places = {name: number for number, name in enumerate(marks)}
        told = {part[:2] for line in picture.twin for part in line if not isinstance(part, str)}
        channels = [
            channel for name, channel in picture.channels.items() if channel.changes or name in told
        ]
        numbers = {(c.mark, c.trait): number for number, c in enumerate(channels)}
        descriptions, data = [], b""
        for channel in channels:
            description, arrays = channel.packed()
            description["target"] = places.get(channel.mark, -1)
            descriptions.append(description)
            data += b"".join(
                array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays
            )
        header: dict[str, Any] = {
            "title": picture.title,
            "width": picture.width,
            "seek": list(picture.seek) if picture.seek else None,
            "twin": [
                [p if isinstance(p, str) else [numbers[p[0], p[1]], p[2]] for p in line]
                for line in picture.twin
            ],
            "channels": descriptions,
        }
        figure = drawing.figure if drawing is not None else None
        return cls(header=header, targets=tuple(marks.values()), data=data, figure=figure)
