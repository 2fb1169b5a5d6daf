"""What a teacher can set about a machine: costs and limits."""

from __future__ import annotations

from dataclasses import dataclass, fields

from kit.errors import explained, require_whole

KiB = 1024
"""Bytes in a kibibyte."""
MiB = 1024 * KiB
"""Bytes in a mebibyte."""


@explained
@dataclass(frozen=True, kw_only=True)
class Costs:
    """What takes time beyond one tick an instruction; all in ticks; by default only `io` does.

    Parameters
    ----------
    load_page : int
        Bringing one page of a program from disk into RAM.
    context_switch : int
        Giving a core to another thread than the one it ran last: saving and restoring
        registers; the timer's interrupt that leads to it is part of it.
    address_space_switch : int
        More of the same where that thread belongs to another process: changing the page
        table's base register.
    system_call : int
        Trap and return-from-trap, for each system call. A library call makes one only where
        it has to ask the system, an instruction none.
    interrupt : int
        Handling the interrupt of a device that has finished.
    io : int
        What a device needs for a request of a program that does not say: ``io()``.
    page_fault : int
        Handling a page fault that needs no disk.
    page_in, page_out : int
        Reading a page from the swap area, and writing one to it that has changed.
    tlb_miss : int
        Loading an entry of the page table, where the machine has a TLB; in a page table of
        two levels a miss loads two.
    cache_hit, cache_miss : int
        Using a word that is in the cache, and bringing its line from RAM, where the machine
        has caches.
    write_back : int
        Writing a dirty line from a cache to RAM.
    move_page : int
        Moving so much of a process as fits into a frame, where memory is compacted.
    """

    load_page: int = 0
    context_switch: int = 0
    address_space_switch: int = 0
    system_call: int = 0
    interrupt: int = 0
    io: int = 10
    page_fault: int = 0
    page_in: int = 0
    page_out: int = 0
    tlb_miss: int = 0
    move_page: int = 0
    cache_hit: int = 0
    cache_miss: int = 0
    write_back: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            require_whole(f"Costs: {field.name}", getattr(self, field.name), 0)

    @classmethod
    def free(cls) -> Costs:
        """Return costs with which only instructions and devices take time."""
        return cls()

    @classmethod
    def realistic(cls) -> Costs:
        """Return costs that show what each of these is worth beside an instruction.

        The order is that of real machines, the distances are not: a disk is thousands
        of times slower than that, and a lesson could not show both.
        """
        return cls(
            load_page=4,
            context_switch=3,
            address_space_switch=2,
            system_call=1,
            interrupt=1,
            io=20,
            page_fault=2,
            page_in=20,
            page_out=20,
            tlb_miss=1,
            move_page=2,
        )


@explained
@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a run is stopped, so that no program runs for ever.

    Parameters
    ----------
    ticks : int
        Length of a run.
    processes : int
        Processes alive at once.
    threads : int
        Threads alive at once, in all processes.
    frames : int
        Frames of RAM in use at once.
    files : int
        Files and ends of pipes open at once, in all processes.
    output : int
        Characters printed, by all processes.
    """

    ticks: int = 100_000
    processes: int = 64
    threads: int = 1024
    frames: int = 1 << 20
    files: int = 256
    output: int = 100_000

    def __post_init__(self) -> None:
        for field in fields(self):
            require_whole(f"Limits: {field.name}", getattr(self, field.name), 1)
