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
    """What takes time beyond one tick an instruction; all in ticks, all 0 by default.

    Parameters
    ----------
    load_page : int
        Bringing one page of a program from disk into RAM.
    context_switch : int
        Giving a core to another thread than the one it ran last.
    """

    load_page: int = 0
    context_switch: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            require_whole(f"Costs: {field.name}", getattr(self, field.name), 0)

    @classmethod
    def free(cls) -> Costs:
        """Return costs with which only instructions take time."""
        return cls()

    @classmethod
    def realistic(cls) -> Costs:
        """Return costs that show what a switch and a load are worth beside an instruction."""
        return cls(load_page=4, context_switch=3)


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
    output : int
        Characters printed, by all processes.
    """

    ticks: int = 100_000
    processes: int = 64
    threads: int = 1024
    output: int = 100_000

    def __post_init__(self) -> None:
        for field in fields(self):
            require_whole(f"Limits: {field.name}", getattr(self, field.name), 1)
