"""What an executable instruction is given: pages, a log, and where its image stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kit.lang.instructions import WORD
from kit.sim.faults import Fault

WORD_SHIFT = 3
"""``address >> WORD_SHIFT`` counts words; a word has ``1 << WORD_SHIFT`` bytes."""

ALIGNMENT = WORD - 1
"""What no address of a word has a bit of."""

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

    def no_instruction(self, address: int, did: str) -> Fault:
        """Return the fault of who would go on where no instruction begins.

        A page without code may not be executed, so fetching from it is a segmentation fault, as
        it is where there is no page. In a page of code stands something that is no instruction.

        Parameters
        ----------
        address : int
        did : str
            What led there, such as "returned to 0x0005".
        """
        end = self.code_base + self.code_length * WORD
        first, last = self.code_base >> self.shift, (end - 1) >> self.shift
        if first <= address >> self.shift <= last:
            return Fault("illegal instruction", f"{did}, where there is no instruction")
        return Fault("segmentation fault", f"{did}, which is outside its code")
