"""From traces to keyframes: pictures as arrays, without any widget."""

from kit.tracks.address_spaces import address_spaces
from kit.tracks.channel import Channel
from kit.tracks.cpu import cpu
from kit.tracks.disk import disk
from kit.tracks.narration import narration
from kit.tracks.picture import Mark, Picture
from kit.tracks.timeline import timeline

__all__ = [
    "Channel",
    "Mark",
    "Picture",
    "address_spaces",
    "cpu",
    "disk",
    "narration",
    "timeline",
]
