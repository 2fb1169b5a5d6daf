"""`fork_and_write`: what a fork costs in memory, before and after the child writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kit.errors import explain_arguments, require_whole
from kit.host.errors import HostError
from kit.host.in_words import as_printed
from kit.host.looking.access import need_proc
from kit.host.looking.memory import KIB, HostAddressSpace, look_at
from kit.host.looking.spaces import told_as_trace
from kit.trace.real import RealTrace

FORKER = Path(__file__).parent / "forker.py"
MOMENTS = ("before fork", "after fork", "after the child has written")
COLUMNS = ("RSS", "PSS", "shared", "private")


@dataclass(frozen=True)
class ForkMemory:
    """A process and its child, looked at before a fork, after it, and after the child wrote.

    `AddressSpaces` of `kit.widgets` shows it, a tick a moment.

    Attributes
    ----------
    mebibytes : int
        How much the parent had filled, and the child wrote to.
    moments : tuple of tuple of HostAddressSpace
        The parent, and from the second moment on the child.
    """

    mebibytes: int
    moments: tuple[tuple[HostAddressSpace, ...], ...]

    @cached_property
    def trace(self) -> RealTrace:
        """The same as a trace, which `AddressSpaces` draws."""
        return told_as_trace(
            self.moments,
            (
                f"The parent has filled {self.mebibytes} MiB.",
                "It has forked: parent and child share these pages.",
                f"The child has written to them: {self.copied} page faults have copied its pages.",
            ),
        )

    @property
    def copied(self) -> int:
        """Page faults of the child while it wrote: each copied a page."""
        before, after = (spaces[1].footprint for spaces in self.moments[1:])
        return after.minor_faults - before.minor_faults if before and after else 0

    _repr_pretty_ = as_printed

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        heads = "".join(f"{column:>12}" for column in COLUMNS)
        yield f"{'':<28} {'process':<8}{heads}{'minor faults':>14}"
        for moment, spaces in zip(MOMENTS, self.moments, strict=True):
            for who, space in zip(("parent", "child"), spaces, strict=False):
                sizes = space.footprint
                if sizes is not None:
                    cells = "".join(f"{size // KIB:>8} KiB" for size in sizes[:4])
                    yield f"{moment:<28} {who:<8}{cells}{sizes.minor_faults:>14}"
        yield (
            f"The child wrote to {self.mebibytes} MiB that it shared with its parent: "
            f"{self.copied} page faults copied its pages."
        )


@explain_arguments
def fork_and_write(mebibytes: int = 8) -> ForkMemory:
    """Run a program that fills memory, forks, and whose child writes to all of it.

    On Linux. It shows copy on write: after the fork both share the pages, and each page that the
    child writes to is copied in a minor fault.

    Parameters
    ----------
    mebibytes : int
        How much memory it fills, up to 256.

    Raises
    ------
    HostError
        If this system does not tell what processes have in memory.
    """
    require_whole("fork_and_write: mebibytes", mebibytes, 1, 256)
    need_proc("fork_and_write")
    command = [sys.executable, "-I", "-S", str(FORKER), str(mebibytes << 20)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None, "both are pipes"
        assert program.stdout is not None
        try:
            program.stdout.readline()
            found: list[tuple[HostAddressSpace, ...]] = [(_look(program.pid),)]
            program.stdin.write(b"f")
            program.stdin.flush()
            child = int(program.stdout.readline() or 0)
            if not child:
                raise HostError("fork_and_write: this system did not let the program fork")
            found.append((_look(program.pid), _look(child)))
            program.stdin.write(b"w")
            program.stdin.flush()
            program.stdout.readline()
            found.append((_look(program.pid), _look(child)))
        finally:
            # Without input it ends by itself, and so does its child.
            program.stdin.close()
    return ForkMemory(mebibytes, tuple(found))


def _look(pid: int) -> HostAddressSpace:
    return look_at("fork_and_write", pid)
