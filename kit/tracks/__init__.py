"""From traces to keyframes: pictures as arrays, without any widget."""

from kit.tracks.channel import Channel
from kit.tracks.differences import differences
from kit.tracks.memory.address_spaces import address_spaces
from kit.tracks.memory.disk import disk
from kit.tracks.memory.frames import frames
from kit.tracks.memory.heap_list import heap_list
from kit.tracks.memory.translation import translation
from kit.tracks.moments import Moment, moments
from kit.tracks.narration import narration
from kit.tracks.picture import Mark, Picture
from kit.tracks.processor.cpu import cpu
from kit.tracks.processor.crossing import crossing
from kit.tracks.system.console import console
from kit.tracks.system.files import files
from kit.tracks.system.lifecycle import lifecycle
from kit.tracks.system.listing import listing
from kit.tracks.system.perspective import perspective
from kit.tracks.system.process_table import process_table
from kit.tracks.timelines.timeline import timeline

__all__ = [
    "Channel",
    "Mark",
    "Moment",
    "Picture",
    "address_spaces",
    "console",
    "cpu",
    "crossing",
    "differences",
    "disk",
    "files",
    "frames",
    "heap_list",
    "lifecycle",
    "listing",
    "moments",
    "narration",
    "perspective",
    "process_table",
    "timeline",
    "translation",
]
