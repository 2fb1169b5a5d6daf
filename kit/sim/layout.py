"""What an executable instruction is given: pages, a log, and where its image stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Pages = dict[int, list[int]]
"""Virtual page number -> the words of the frame behind it."""

Note = Callable[[int], None]
Execute = Callable[[list[int], Pages, Pages, Note, Note], int]
"""(registers, readable, writable, note value, note stored address) -> next index."""


class Layout(NamedTuple):
    """Where an image stands in its address space, and how addresses split into pages.

    Attributes
    ----------
    shift, mask : int
        ``address >> shift`` is the page, ``address & mask`` the byte in it.
    code_base, data_base : int
        Addresses in bytes.
    code_length : int
        Instructions.
    """

    shift: int
    mask: int
    code_base: int
    data_base: int
    code_length: int
