"""From traces to keyframes: pictures as arrays, without any widget."""

from kit.tracks.address_spaces import address_spaces
from kit.tracks.channel import Channel
from kit.tracks.console import console
from kit.tracks.cpu import cpu
from kit.tracks.differences import differences
from kit.tracks.disk import disk
from kit.tracks.files import files
from kit.tracks.frames import frames
from kit.tracks.heap_list import heap_list
from kit.tracks.lifecycle import lifecycle
from kit.tracks.listing import listing
from kit.tracks.narration import narration
from kit.tracks.perspective import perspective
from kit.tracks.picture import Mark, Picture
from kit.tracks.process_table import process_table
from kit.tracks.timeline import timeline

__all__ = [
    "Channel",
    "Mark",
    "Picture",
    "address_spaces",
    "console",
    "cpu",
    "differences",
    "disk",
    "files",
    "frames",
    "heap_list",
    "lifecycle",
    "listing",
    "narration",
    "perspective",
    "process_table",
    "timeline",
]
