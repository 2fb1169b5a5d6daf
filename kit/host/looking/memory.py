"""`address_space`: what is in the memory of a real process, in the words of the model."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kit.errors import explain_arguments
from kit.host.errors import HostError
from kit.host.looking.access import PROC, checked_pid, program_of, read
from kit.host.looking.spaces import told_as_trace
from kit.host.looking.tables import plain, psutil_for
from kit.host.systems import ELSEWHERE, is_linux, system
from kit.trace.real import RealTrace

_HEADER = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)")
_LIBRARY = re.compile(r"\.so(\.[0-9.]+)?$|\.(dylib|dll)$")
_NAMED = {"[heap": "heap", "[stack": "stack", "[anon": "anonymous"}
"""How names begin that the system gives -> what they are; others are pages of its own."""
KIB = 1024
LEAST_STACK = 64 * KIB
"""A thread's stack is larger; what is smaller and has an unmapped page below it is none."""

LEFT_OUT = {
    "library": "libraries, each mapped once and shared by all processes that use it",
    "file": "files that are mapped into memory",
    "system": "pages of the system itself, for calls that need no trap (vdso)",
    "guard": "pages that may not be touched, below stacks and between libraries",
    "anonymous": "large blocks of the heap, which the allocator gets one by one with mmap",
}
"""Kinds of region that the model does not have -> what they are."""


class Region(NamedTuple):
    """A stretch of an address space that is mapped in one way.

    Attributes
    ----------
    start, end : int
    permissions : str
        As in ``r-xp``: read, write, execute, private or shared.
    path : str
        What is mapped, or what the system calls it; "" for memory without a file.
    kind : str
        "code", "data", "heap", "stack", "shared", or a key of `LEFT_OUT`.
    resident : int
        Bytes of it that are in RAM.
    """

    start: int
    end: int
    permissions: str
    path: str
    kind: str
    resident: int

    @property
    def size(self) -> int:
        """Bytes of addresses."""
        return self.end - self.start


class Footprint(NamedTuple):
    """How much RAM a process takes, in bytes, and how often it had a page fault.

    Attributes
    ----------
    resident : int
        RSS: all its pages that are in RAM.
    proportional : int
        PSS: the same, where a page of several processes counts in parts.
    shared, private : int
        Of those in RAM, pages that others have too, and its own.
    minor_faults, major_faults : int
        Without and with reading from disk.
    """

    resident: int
    proportional: int
    shared: int
    private: int
    minor_faults: int
    major_faults: int


@dataclass(frozen=True)
class HostAddressSpace:
    """The address space of a real process at one moment; `AddressSpaces` of `kit.widgets` draws it.

    Attributes
    ----------
    pid : int
    program : str
        The name of what it runs.
    regions : tuple of Region
        From low addresses to high ones.
    footprint : Footprint or None
        None where the system does not tell it.
    frames : dict of int to int
        First page of each region -> the frame it is in; empty where that may not be seen, which
        is so for everybody but root.
    missing : tuple of str
        What the system does not tell, a sentence each.
    """

    pid: int
    program: str
    regions: tuple[Region, ...]
    footprint: Footprint | None
    frames: dict[int, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @cached_property
    def trace(self) -> RealTrace:
        """The same as a trace of one tick, which `AddressSpaces` draws."""
        name = f"{plain(self.program)} (pid {self.pid})"
        return told_as_trace([[self]], [f"What {name} had in memory when it was looked at."])

    def of_kind(self, kind: str) -> tuple[Region, ...]:
        """Return the regions of a kind."""
        return tuple(region for region in self.regions if region.kind == kind)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{plain(self.program)} (pid {self.pid}):"
        for region in reversed(self.regions):
            name = plain(region.path.rpartition("/")[2])
            yield (
                f"{region.start:#014x} {region.size // KIB:>9} KiB {region.permissions} "
                f"{region.kind:<9} {region.resident // KIB:>8} KiB in RAM  {name}".rstrip()
            )
        if self.footprint is not None:
            yield words_of(self.footprint)
        kinds = dict.fromkeys(r.kind for r in self.regions)
        left = [LEFT_OUT[kind] for kind in kinds if kind in LEFT_OUT]
        if left:
            yield f"The model leaves out: {'; '.join(left)}."
        yield from self.missing

    def __repr__(self) -> str:
        return (
            f"<HostAddressSpace of {self.program!r} (pid {self.pid}): {len(self.regions)} regions>"
        )


def words_of(footprint: Footprint) -> str:
    """Return how much RAM a process takes, in a line."""
    sizes = zip(("RSS", "PSS", "shared", "private"), footprint[:4], strict=True)
    told = ", ".join(f"{name} {size // KIB} KiB" for name, size in sizes)
    return f"{told}; page faults: {footprint.minor_faults} minor, {footprint.major_faults} major"


@explain_arguments
def address_space(pid: int | None = None) -> HostAddressSpace:
    """Return what is in the address space of one of your processes.

    On Linux, from ``/proc``. ``AddressSpaces(kit.host.address_space())`` draws it in the colours
    of the model. On other systems an error says how much memory it has, which psutil tells.

    Parameters
    ----------
    pid : int, optional
        The process; this one, the kernel of the notebook, if not given.

    Raises
    ------
    HostError
        If there is no such process, it is another user's, or the system does not tell.
    """
    number = checked_pid("address_space", pid)
    if not is_linux():
        raise HostError(
            f"address_space: {system()} does not tell what is where in a process"
            f"{_amounts(number)}; {ELSEWHERE}"
        )
    return look_at("address_space", number)


def _amounts(pid: int) -> str:
    """Return how much memory a process has, where psutil tells no more than that."""
    psutil = psutil_for("address_space")
    process = psutil.Process(pid)
    try:
        sizes = process.memory_full_info()
    except psutil.Error:
        try:
            sizes = process.memory_info()
        except psutil.Error:
            return ", and of this one not how much it has"
    own = f", {sizes.uss // KIB} KiB of them its own" if hasattr(sizes, "uss") else ""
    return f", only that {sizes.rss // KIB} KiB of it are in RAM{own}"


def look_at(who: str, pid: int) -> HostAddressSpace:
    """Return the address space of a process.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    pid : int

    Raises
    ------
    HostError
    """
    program = program_of(pid)
    found = tuple(read_regions(read(who, pid, "smaps"), program))
    missing: list[str] = []
    footprint = footprint_of(who, pid)
    if footprint is None:
        missing.append("This system does not tell which pages are shared (smaps_rollup).")
    frames = frames_of(pid, found)
    if not frames:
        missing.append("Which frames its pages are in is told to root only (pagemap).")
    name = Path(program).name or read(who, pid, "comm").strip()
    return HostAddressSpace(pid, name, found, footprint, frames, tuple(missing))


def read_regions(text: str, program: str) -> Iterator[Region]:
    """Yield the regions that ``/proc/PID/smaps`` lists.

    Parameters
    ----------
    text : str
    program : str
        The path of the program that the process runs.
    """
    before: Region | None = None
    header: re.Match[str] | None = None
    # A name may hold what else would end a line; the system writes its line breaks as \012.
    for line in [*text.split("\n"), ""]:
        found = _HEADER.fullmatch(line.rstrip())
        if header is not None and (found or not line):
            region = _region(header, 0, program, before)
            yield region
            before, header = region, None
        if found:
            header = found
        elif header is not None and line.startswith("Rss:"):
            before = _region(header, int(line.split()[1]) * KIB, program, before)
            yield before
            header = None


def _region(header: re.Match[str], resident: int, program: str, before: Region | None) -> Region:
    start, end = int(header[1], 16), int(header[2], 16)
    kind = _kind(start, end, header[3], header[5], program, before)
    return Region(start, end, header[3], header[5], kind, resident)


def _kind(
    start: int, end: int, permissions: str, path: str, program: str, before: Region | None
) -> str:
    if path.startswith("["):
        return next((kind for name, kind in _NAMED.items() if path.startswith(name)), "system")
    if permissions[:3] == "---":
        return "guard"
    if permissions[3] == "s":
        return "shared"
    if path == program:
        return "data" if permissions[1] == "w" else "code"
    if path:
        return "library" if _LIBRARY.search(path) else "file"
    # What starts as zeros, bss, comes right behind the data of the file, a stack behind a guard of
    # a few pages; what the allocator has reserved for later is a large one.
    follows = before.kind if before is not None and before.end == start else ""
    guarded = before is not None and before.size <= LEAST_STACK
    large = guarded and end - start >= LEAST_STACK
    return "data" if follows == "data" else "stack" if follows == "guard" and large else "anonymous"


def footprint_of(who: str, pid: int) -> Footprint | None:
    """Return how much RAM a process takes, or None where that is not told.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    pid : int

    Raises
    ------
    HostError
        If the process has ended.
    """
    if not (PROC / str(pid) / "smaps_rollup").exists():
        return None
    sizes: dict[str, int] = {}
    for line in read(who, pid, "smaps_rollup").splitlines()[1:]:
        name, _, rest = line.partition(":")
        sizes[name] = int(rest.split()[0]) * KIB
    # After the name, which may have blanks and brackets, come the fields from the third on.
    fields = read(who, pid, "stat").rpartition(")")[2].split()
    return Footprint(
        sizes["Rss"],
        sizes["Pss"],
        sizes["Shared_Clean"] + sizes["Shared_Dirty"],
        sizes["Private_Clean"] + sizes["Private_Dirty"],
        int(fields[7]),
        int(fields[9]),
    )


def frames_of(pid: int, regions: tuple[Region, ...]) -> dict[int, int]:
    """Return first page of each region -> its frame; empty where only root may see that.

    Parameters
    ----------
    pid : int
    regions : tuple of Region
    """
    size = os.sysconf("SC_PAGE_SIZE")
    found: dict[int, int] = {}
    try:
        with (PROC / str(pid) / "pagemap").open("rb") as file:
            for region in regions:
                file.seek(region.start // size * 8)
                entry = int.from_bytes(file.read(8), "little")
                frame = entry & ((1 << 55) - 1)
                if entry >> 63 and frame:
                    found[region.start // size] = frame
    except (OSError, OverflowError, ValueError):
        return found
    return found
