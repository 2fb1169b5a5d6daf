"""How a page table is built: in one piece, or in two levels.

A linear table has an entry for every page of the address space. In two levels the table is cut
into pages of its own; a *page directory* has an entry for each of them, and those without any
valid entry do not exist. A TLB miss then loads two entries, one after the other.

Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on smaller tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kit.errors import explained, require, require_whole


class TableSize(NamedTuple):
    """What a page table takes, in bytes.

    Attributes
    ----------
    directory : int
        The page directory; 0 where there is none.
    tables : int
        The pages of the table that exist, or the one linear table.
    linear : int
        What a linear table of the same address space takes.
    """

    directory: int
    tables: int
    linear: int

    @property
    def total(self) -> int:
        """Directory and tables."""
        return self.directory + self.tables


@explained
@dataclass(frozen=True)
class PageTable:
    """How the page table of each process is built.

    Parameters
    ----------
    levels : int
        1 for a linear table, 2 for a page directory and tables of a page each.
    entry : int
        Bytes of an entry; a power of two.
    """

    levels: int = 2
    entry: int = 4

    def __post_init__(self) -> None:
        require_whole("PageTable: levels", self.levels, 1, 2)
        require_whole("PageTable: entry in bytes", self.entry, 1, 64)
        require(
            self.entry & (self.entry - 1) == 0,
            f"PageTable: entry is {self.entry} bytes; give a power of two such as 4",
        )

    def entries(self, page_size: int) -> int:
        """Return how many entries a page holds."""
        return page_size // self.entry

    def split(self, page: int, page_size: int) -> tuple[int, int]:
        """Return which entry of the directory, and which of its table, a virtual page has."""
        return divmod(page, self.entries(page_size))

    def reach(self, page_size: int) -> int:
        """Return how large an address space two levels can be for, where each is a page."""
        return self.entries(page_size) ** 2 * page_size

    def tables(self, pages: Iterable[int], page_size: int) -> tuple[int, ...]:
        """Return the directory entries that are valid where these pages are."""
        return tuple(sorted({self.split(page, page_size)[0] for page in pages}))

    def size(self, pages: Iterable[int], page_size: int, address_space: int) -> TableSize:
        """Return what the page table takes where these virtual pages have an entry.

        Parameters
        ----------
        pages : iterable of int
        page_size, address_space : int
            In bytes.
        """
        linear = address_space // page_size * self.entry
        if self.levels == 1:
            return TableSize(0, linear, linear)
        return TableSize(page_size, len(self.tables(pages, page_size)) * page_size, linear)
