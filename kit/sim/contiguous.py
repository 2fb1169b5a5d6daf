"""Memory without paging: every process has one stretch of RAM, from a base to its bounds.

A virtual address is added to the base register, after it was compared with the bounds
register. All that a process has lies in its stretch: code, data, heap and, from its end
downwards, the stacks. Nothing in it is unmapped: address 0 is the first instruction,
there are no guard pages, and a stack that grows too far runs into its neighbour.

RAM is given out by a free list. Where no hole is large enough, a new process waits, though
there may be room enough in all of them together (external fragmentation); with compaction,
the others are moved together first. Frames are only the unit in which RAM is counted here.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapters on address
translation and on free-space management.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.errors import LimitExceeded, explained, nearest, require, require_whole
from kit.sim import cache, paging
from kit.sim.events.memory import Move, NoHole, Place, Relocate
from kit.sim.free_list import FITS, FreeList, HeapPolicy
from kit.sim.settings import KiB

if TYPE_CHECKING:
    from kit.lang.program import Program
    from kit.sim.computer import Computer
    from kit.sim.process import Process


@explained
@dataclass(frozen=True)
class Contiguous:
    """One stretch of RAM for each process, with base and bounds registers.

    How large it is can be said: ``machine.launch(program, size=8 * KiB)``. If it is not,
    it holds code, data, a heap and some stacks.

    Parameters
    ----------
    fit : str
        Which hole a process gets: the "first" that is large enough, the "best", the
        smallest that is, or the "worst", the largest.
    compaction : bool
        Whether processes are moved together when no hole is large enough.
    heap : int
        Bytes for a heap, where no size is said.
    stacks : int
        Stacks for which there is room, where no size is said.
    """

    fit: str = "first"
    compaction: bool = False
    heap: int = KiB
    stacks: int = 4

    def __post_init__(self) -> None:
        require(
            self.fit in FITS, f"Contiguous: fit is {self.fit!r}; {nearest(str(self.fit), FITS)}"
        )
        require(
            type(self.compaction) is bool,
            f"Contiguous: compaction is {self.compaction!r}; give True or False",
        )
        require_whole("Contiguous: heap", self.heap, 0)
        require_whole("Contiguous: stacks", self.stacks, 1)


class Regions:
    """Who has which stretch of RAM.

    Parameters
    ----------
    policy : Contiguous
    start, size : int
        The RAM that can be given out, in bytes.

    Attributes
    ----------
    free_list : FreeList
        Of RAM.
    regions : dict of int to (int, int)
        Pid -> base and size in bytes, in the order of the bases.
    waiting : list of int
        Pids of processes for which there is no hole, in the order in which they came.
    """

    def __init__(self, policy: Contiguous, start: int, size: int) -> None:
        self.policy, self.start, self.size = policy, start, size
        self.free_list = FreeList(start, size, HeapPolicy(policy.fit, header=0))
        self.regions: dict[int, tuple[int, int]] = {}
        self.waiting: list[int] = []

    @property
    def holes(self) -> list[int]:
        """The sizes of the free stretches."""
        return [size for _, size in self.free_list.free]

    def has_room(self, size: int) -> bool:
        """Tell whether a stretch of `size` bytes can be given out, moving others if need be."""
        holes = self.holes
        return size <= max(holes, default=0) or (self.policy.compaction and size <= sum(holes))

    def enter(self, pid: int, base: int, size: int) -> None:
        """Write down that a process has a stretch."""
        self.regions[pid] = base, size
        self.regions = dict(sorted(self.regions.items(), key=lambda region: region[1]))

    def leave(self, pid: int) -> None:
        """Take the stretch of a process back; it may have none."""
        if pid in self.regions:
            self.free_list.release(self.regions.pop(pid)[0])

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return self.free_list.state(), tuple(self.regions.items()), tuple(self.waiting)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        free_list, regions, waiting = state
        self.free_list.restore(free_list)
        self.regions, self.waiting = dict(regions), list(waiting)


def least_size(page_size: int, stack_size: int, program: Program) -> int:
    """Return the bytes that code, data and one stack of a program take, in whole pages."""
    image = program.image
    pages = -(-image.code_bytes // page_size) - (-image.data_bytes // page_size)
    return pages * page_size + stack_size


def size_of(computer: Computer, program: Program, wanted: int) -> int:
    """Return how large a stretch a process of a program gets.

    Parameters
    ----------
    computer : Computer
    program : Program
    wanted : int
        What was said when it was launched; 0 if nothing was. Another program that it runs
        later may need more.
    """
    setup = computer.setup
    least = least_size(setup.page_size, setup.stack_size, program)
    assert setup.contiguous is not None, "the callers have checked it"
    more = setup.contiguous.heap + (setup.contiguous.stacks - 1) * setup.stack_size
    size = max(least, wanted) if wanted else least + more
    return -(-size // setup.page_size) * setup.page_size


def place(computer: Computer, process: Process) -> bool:
    """Give a process a stretch of RAM; False if it has to wait for one.

    Raises
    ------
    LimitExceeded
        If no more frames may be in use.
    """
    regions, size = _regions(computer), process.memory.size
    if not regions.has_room(size):
        return False
    frames = size // computer.page_size
    used, most = len(computer.physical.users) + frames, computer.limits.frames
    if used > most:
        raise LimitExceeded(
            f"tick {computer.now}: '{process.program.name}' (pid {process.pid}) would take frame "
            f"{used}, and at most {most} may be in use; raise Limits(frames=…)"
        )
    if size > max(regions.holes):
        _compact(computer)
    address = regions.free_list.allocate(size).address
    assert address is not None, "there is room for it"
    regions.enter(process.pid, address, size)
    computer.note(Place, process.pid, 0, address, size)
    first = address // computer.page_size
    code = process.layout.data_base // computer.page_size
    paging.map_run(computer, process, 0, first, code, writable=False)
    paging.map_run(computer, process, code, first + code, frames - code, writable=True)
    return True


def queue_for_place(computer: Computer, process: Process) -> None:
    """Let a process begin to be loaded when it has a stretch of RAM: first come, first served."""
    regions = _regions(computer)
    regions.waiting.append(process.pid)
    admit_waiting(computer)
    if process.pid in regions.waiting:
        holes = max(regions.holes, default=0), sum(regions.holes)
        computer.note(NoHole, process.pid, 0, process.memory.size, *holes)


def admit_waiting(computer: Computer) -> None:
    """Let processes begin for which there is a hole now, as long as the first has one."""
    regions = _regions(computer)
    while regions.waiting:
        process = computer.processes[regions.waiting[0]]
        if not process.ended and not place(computer, process):
            return
        regions.waiting.pop(0)
        if not process.ended:
            computer.begin_loading(process)


def copy(computer: Computer, parent: Process, child: Process) -> None:
    """Fill the stretch of a child with what its parent has in its own."""
    for segment in parent.memory.segments.values():
        paging.enter_segment(computer, child, segment)
    for page in child.memory.table:
        paging.fill(computer, child, page, 0, tuple(parent.memory.readable[page]))


def _compact(computer: Computer) -> None:
    """Move all processes to the beginning of RAM, in the order in which they stand there."""
    regions, size = _regions(computer), computer.page_size
    base, moved = regions.start, 0
    for pid, (old, length) in list(regions.regions.items()):
        process = computer.processes[pid]
        if base < old:
            for page in range(length // size):
                move_page(computer, process, page, base // size + page)
            moved += length // size
            computer.note(Relocate, pid, 0, base, length)
        regions.regions[pid] = base, length
        base += length
    left = regions.start + regions.size - base
    holes = ((base, left),) if left else ()
    regions.free_list.restore((holes, tuple(regions.regions.values())))
    computer.dispatcher.charge(moved * computer.setup.costs.move_page)


def move_page(computer: Computer, process: Process, page: int, frame: int) -> None:
    """Move a page to another frame, whose content and entry in the page table go with it.

    Parameters
    ----------
    computer : Computer
    process : Process
    page : int
        Virtual page.
    frame : int
        A free one.
    """
    physical, memory = computer.physical, process.memory
    old, writable = memory.table[page], page in memory.writable
    physical.take_run(frame, 1)
    cache.forget(computer, (frame,))
    physical.words[frame][:] = physical.words[old]
    paging.disconnect(computer, process, page)
    paging.connect(computer, process, page, frame, writable)
    computer.note(Move, process.pid, 0, page, old, frame)


def _regions(computer: Computer) -> Regions:
    assert computer.regions is not None, "only machines with contiguous memory get here"
    return computer.regions
