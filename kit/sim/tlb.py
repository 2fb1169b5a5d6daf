"""The TLB: each core's memory of recent translations from page to frame.

Definition: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on the TLB.
Entries leave in the order of their last use (LRU).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.events.memory import Flush

if TYPE_CHECKING:
    from kit.sim.computer import Computer

Translated = tuple[int, int]
"""(pid, virtual page) of an entry."""


class Tlb:
    """The TLBs of all cores.

    Parameters
    ----------
    cores : int
    entries : int
        In each core's TLB.
    asid : bool
        Whether entries carry an address-space id; otherwise a switch to another
        address space flushes the TLB.
    """

    def __init__(self, cores: int, entries: int, asid: bool) -> None:
        self.entries, self.asid = entries, asid
        self.tlbs: list[dict[Translated, None]] = [{} for _ in range(cores)]

    def lookup(self, core: int, pid: int, page: int) -> bool:
        """Tell whether a core knows a page, and let it know it from now on."""
        tlb, key = self.tlbs[core], (pid, page)
        hit = key in tlb
        if hit:
            del tlb[key]
        elif len(tlb) == self.entries:
            del tlb[next(iter(tlb))]
        tlb[key] = None
        return hit

    def forget(self, pid: int, page: int) -> None:
        """Drop a page whose translation has changed from every TLB."""
        for tlb in self.tlbs:
            tlb.pop((pid, page), None)

    def switch(self, computer: Computer, core: int, pid: int) -> None:
        """Hear that a core goes over to another address space."""
        if not self.asid and self.tlbs[core]:
            self.tlbs[core].clear()
            computer.note(Flush, pid, 0, core)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(tuple(tlb) for tlb in self.tlbs)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.tlbs = [dict.fromkeys(tlb) for tlb in state]
