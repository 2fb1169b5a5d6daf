"""Real address spaces told as those of the model: segments by name, on a clock of moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.host.looking.tables import plain
from kit.lang.program import MAX_NAME, Program
from kit.sim.events.memory import SegmentSet
from kit.sim.events.processes import Launch, ThreadMade
from kit.sim.events.scheduling import Admit
from kit.sim.process import INIT
from kit.sim.recording import Events
from kit.trace.real import MEMORY, RealTrace, Seen, real_settings
from kit.trace.record import Record

if TYPE_CHECKING:
    from kit.host.looking.memory import HostAddressSpace, Region

MOST_FILES = 5
"""Libraries and mapped files that are shown one by one, the largest; others are put together."""
NAME_CHARACTERS = 24
_PLACEHOLDER = "def main(): pass"
SHARED = {"library", "file", "shared", "system"}


def told_as_trace(
    moments: Sequence[Sequence[HostAddressSpace]], sentences: Sequence[str]
) -> RealTrace:
    """Return address spaces as a trace that `AddressSpaces` draws.

    Parameters
    ----------
    moments : sequence of sequence of HostAddressSpace
        Those of some processes at each moment; a moment is a tick.
    sentences : sequence of str
        What is told of each moment.
    """
    events, programs = Events(), dict[str, Program]()
    standing: dict[int, dict[str, tuple[int, int]]] = {}
    facts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tick, spaces in enumerate(moments):
        for space in spaces:
            if space.pid not in standing:
                name = plain(space.program)[:MAX_NAME] or "?"
                programs.setdefault(name, Program(name, _PLACEHOLDER))
                events.add(Launch(tick, space.pid, 0, name, INIT))
                events.add(ThreadMade(tick, space.pid, 1, "main", (), 0))
                events.add(Admit(tick, space.pid, 1))
            if space.footprint is not None:
                resident, private = space.footprint.resident >> 20, space.footprint.private >> 20
                fact = f"RSS {resident} MiB, of which private {private} MiB"
                facts[space.pid].append((tick, fact))
            before = standing.get(space.pid, {})
            now = standing[space.pid] = dict(segments_of(space.regions))
            for name, bounds in now.items():
                if before.get(name) != bounds:
                    events.add(SegmentSet(tick, space.pid, 0, name, *bounds))
    end = max(len(moments) - 1, 1)
    record = Record(real_settings(1), end, tuple(programs.values()), events, {}, None)
    return RealTrace(record, Seen(0, kind=MEMORY, facts=facts, moments=sentences))


def segments_of(regions: Sequence[Region]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the segments that regions make up, as (name, (start, end)).

    What is in several pieces stands as one of the same size.

    Parameters
    ----------
    regions : sequence of Region
    """
    own: dict[str, list[Region]] = defaultdict(list)
    files: dict[str, list[Region]] = defaultdict(list)
    stacks = [region for region in regions if region.kind == "stack"]
    for region in regions:
        if region.kind in SHARED:
            files[_called(region)].append(region)
        elif region.kind in ("code", "data", "heap"):
            own[region.kind].append(region)
        elif region.kind == "anonymous":
            own["heap by mmap"].append(region)
    for name, pieces in own.items():
        yield name, _whole(pieces)
    for tid, region in enumerate(reversed(stacks), 1):
        yield f"stack T{tid}", (region.start, region.end)
    ordered = sorted(files, key=lambda name: -sum(region.size for region in files[name]))
    for name in ordered[:MOST_FILES]:
        yield f"shared {name}", _whole(files[name])
    rest = [region for name in ordered[MOST_FILES:] for region in files[name]]
    if rest:
        yield f"shared {len(ordered) - MOST_FILES} other files", _whole(rest)


def _called(region: Region) -> str:
    name = plain(region.path.rpartition("/")[2].strip("[]")) or "memory"
    return name if len(name) <= NAME_CHARACTERS else f"{name[: NAME_CHARACTERS - 1]}…"


def _whole(pieces: Sequence[Region]) -> tuple[int, int]:
    start = min(region.start for region in pieces)
    return start, start + sum(region.size for region in pieces)
