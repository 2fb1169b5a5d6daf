"""Locks and semaphores, and the queues of those who wait, in which order.

What a program sees of them is memory: the word of a lock is the tid of its holder, that of
a semaphore its count. The library takes a free one by an atomic instruction; only to sleep, or
to wake who sleeps, it asks the operating system, which keeps the queues of threads that wait
(as with Linux's futexes; the system hands a lock on as it does for ``FUTEX_UNLOCK_PI``). A lock
or a count that is given back goes at once to the thread that has waited longest, so that nobody
can overtake it.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapters on locks and on
semaphores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.lang.instructions import WORD
from kit.sim import page_faults
from kit.sim.calls.kernel import Part
from kit.sim.events.calls import Acquire, Down, GiveUp, LockLeftHeld, Release, Up
from kit.sim.faults import Fault
from kit.sim.process import Process, Thread
from kit.sim.recording import ThreadId
from kit.sim.segments import SegmentName
from kit.sim.waits import TIMED, Reason

if TYPE_CHECKING:
    from kit.sim.calls.handler import Handler
    from kit.sim.computer import Computer

Location = tuple[Any, ...]
"""What `Computer.location` calls a word of memory."""


Choice = Callable[[int], int | None]
"""Says which of so many; None for the first one."""


class WaitQueues(Part):
    """Threads that wait for a lock, a semaphore, a condition or a barrier.

    Attributes
    ----------
    waiting : dict of Location to list of (pid, tid)
        Those who wait at a word, longest first; no empty lists.
    holders : dict of Location to (pid, tid)
        Who holds a lock.
    takers : dict of Location to dict of (pid, tid) to int
        Who has taken how much from a semaphore and not given it back, or reads under a lock
        for readers and writers.
    """

    def __init__(self) -> None:
        self.waiting: dict[Location, list[ThreadId]] = {}
        self.holders: dict[Location, ThreadId] = {}
        self.takers: dict[Location, dict[ThreadId, int]] = {}

    def join(self, place: Location, key: ThreadId) -> None:
        """Let a thread wait behind the others."""
        self.waiting.setdefault(place, []).append(key)

    def first(self, place: Location) -> ThreadId | None:
        """Take out and return who has waited longest, or None."""
        queue = self.waiting.get(place)
        if not queue:
            return None
        key = queue.pop(0)
        if not queue:
            del self.waiting[place]
        return key

    def leave(self, key: ThreadId) -> None:
        """Take a thread out of all queues."""
        for place in [place for place, queue in self.waiting.items() if key in queue]:
            self.waiting[place].remove(key)
            if not self.waiting[place]:
                del self.waiting[place]

    def one_of(self, place: Location, choose: Choice) -> ThreadId | None:
        """Take out and return the chosen one of those who wait, by tid; else who came first."""
        queue = self.waiting.get(place, [])
        chosen = choose(len(queue)) if len(queue) > 1 else None
        if chosen is None:
            return self.first(place)
        key = sorted(queue)[chosen]
        queue.remove(key)
        return key

    def taken(self, place: Location, key: ThreadId, change: int) -> None:
        """Count what a thread has taken from a semaphore; nobody gives back more than he took."""
        counts = self.takers.setdefault(place, {})
        counts[key] = counts.get(key, 0) + change
        if counts[key] <= 0:
            del counts[key]

    def process_forked(self, computer: Computer, parent: Process, child: Process) -> None:
        """Let the thread of a child hold what the calling thread holds in private memory."""
        (tid,) = child.threads
        for place, holder in list(self.holders.items()):
            if holder == (parent.pid, tid) and place[0] == parent.pid:
                self.holders[child.pid, place[1]] = child.pid, tid

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Take a thread that has ended out of the queues; the locks it holds stay held."""
        _uncount(computer, thread)
        pid, tid = key = thread.key
        if thread.waits_for and thread.waits_for[0] in TIMED:
            computer.forget("do", "give_up", *key)
        for counts in self.takers.values():
            counts.pop(key, None)
        self.leave(key)
        for place in [place for place, holder in self.holders.items() if holder == key]:
            address = place[1] if place[0] == pid else 0
            name = "" if address else SegmentName.of(place[0]).area
            computer.note(LockLeftHeld, pid, tid, address, name)

    def process_ended(self, computer: Computer, process: Process) -> None:
        """Drop the queues at a process's private memory."""
        self.forget_process(process.pid)

    def forget_process(self, pid: int) -> None:
        """Drop what is known of the private memory of a process."""
        for table in (self.waiting, self.holders, self.takers):
            for place in [place for place in table if place[0] == pid]:
                del table[place]

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        waiting = tuple((place, tuple(keys)) for place, keys in self.waiting.items())
        # In a fixed order, so that states are equal however they came about.
        takers = tuple(
            (place, tuple(sorted(counts.items())))
            for place, counts in self.takers.items()
            if counts
        )
        return waiting, tuple(self.holders.items()), takers

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        waiting, holders, takers = state
        self.waiting = {place: list(keys) for place, keys in waiting}
        self.holders = dict(holders)
        self.takers = {place: dict(counts) for place, counts in takers}


def queues_of(computer: Computer) -> WaitQueues:
    """Return the queues of a machine."""
    queues: WaitQueues = computer.kernel["locks"]
    return queues


# Locks


def lock_of(process: Process, address: int) -> int:
    """Return the address of the lock of a lock or of a condition in a process."""
    return process.program.image.lock_at(address, process.layout.data_base)


def _acquire(computer: Computer, thread: Thread, number: int) -> None:
    take_lock(computer, thread, lock_of(thread.process, thread.registers[0]))


def take_lock(computer: Computer, thread: Thread, address: int) -> None:
    """Give a lock to the calling thread, or let it wait."""
    if not take_free_lock(computer, thread, address):
        wait_in_queue(computer, thread, "lock", address)


def take_free_lock(computer: Computer, thread: Thread, address: int) -> bool:
    """Give a lock to the calling thread if it is free; False if it is not."""
    process = thread.process
    if computer.read_word(process, address):
        check_is_lock(computer, process, address)
        return False
    _own(computer, thread, computer.location(process, address), address)
    return True


def wait_in_queue(computer: Computer, thread: Thread, reason: Reason, address: int) -> None:
    """Let the calling thread sleep, last in the queue of what is at an address.

    Parameters
    ----------
    computer : Computer
    thread : Thread
    reason : str
        What it waits for, as `kit.sim.waits.WAITS` has it.
    address : int
        Of that, in the address space of the thread's process.
    """
    queues_of(computer).join(computer.location(thread.process, address), thread.key)
    computer.ask(thread, "futex_wait")
    computer.block(thread, reason, address)


def check_is_lock(computer: Computer, process: Process, address: int) -> None:
    """Fault where a thread would wait for a lock at an address where none can be.

    A lock is written to when it is taken: where nothing can be written is none.
    """
    memory, page = process.memory, address // computer.page_size
    if page not in memory.writable and page not in memory.copied:
        page_faults.resolve(computer, process, address, writing=True)


def _own(computer: Computer, thread: Thread, place: Location, address: int) -> None:
    """Let a thread hold the lock at a place, which is at an address for its process."""
    computer.write_word(thread.process, address, thread.tid)
    queues_of(computer).holders[place] = thread.key
    computer.note(Acquire, thread.process.pid, thread.tid, address)


def _release(computer: Computer, thread: Thread, number: int) -> None:
    give_lock_back(computer, thread, lock_of(thread.process, thread.registers[0]))


def give_lock_back(computer: Computer, thread: Thread, address: int) -> None:
    """Hand a lock to whoever has waited longest, or leave it free.

    Raises
    ------
    Fault
        If nobody holds it.
    """
    process, queues = thread.process, queues_of(computer)
    place = computer.location(process, address)
    if not computer.read_word(process, address):
        raise Fault("invalid release", f"released the lock at {address:#06x}, which is free")
    queues.holders.pop(place, None)
    computer.note(Release, process.pid, thread.tid, address)
    following = queues.first(place)
    if following is None:
        computer.write_word(process, address, 0)
        return
    heir = computer.thread(following)
    computer.ask(thread, "futex_wake")
    _own(computer, heir, place, heir.waits_for[1])
    computer.wake(heir, end_wait(computer, heir))


# Semaphores


def _down(computer: Computer, thread: Thread, number: int) -> None:
    if not take_one(computer, thread):
        wait_in_queue(computer, thread, "semaphore", thread.registers[0])


def take_one(computer: Computer, thread: Thread) -> bool:
    """Take one from the semaphore that a thread names; False if it is 0."""
    address, process = thread.registers[0], thread.process
    count = computer.read_word(process, address)
    if count <= 0:
        return False
    queues_of(computer).taken(computer.location(process, address), thread.key, 1)
    computer.write_word(process, address, count - 1)
    computer.note(Down, process.pid, thread.tid, address, count - 1)
    return True


def _up(computer: Computer, thread: Thread, number: int) -> None:
    address, process = thread.registers[0], thread.process
    count = computer.read_word(process, address)
    place = computer.location(process, address)
    queues_of(computer).taken(place, thread.key, -1)
    following = queues_of(computer).first(place)
    if following is None:
        count += 1
        computer.write_word(process, address, count)
    computer.note(Up, process.pid, thread.tid, address, count)
    if following is not None:
        heir = computer.thread(following)
        computer.ask(thread, "futex_wake")
        queues_of(computer).taken(place, heir.key, 1)
        computer.note(Down, heir.process.pid, heir.tid, heir.waits_for[1], count)
        computer.wake(heir, end_wait(computer, heir))


# Ends


def end_wait(computer: Computer, thread: Thread) -> int:
    """Return what a thread is told that got what it waited for: 1 if it could have given up."""
    if thread.waits_for[0] not in TIMED:
        return 0
    computer.forget("do", "give_up", *thread.key)
    return 1


def give_up(computer: Computer, pid: int, tid: int) -> None:
    """Let a thread go on that has waited long enough, and tell it 0."""
    thread, queues = computer.thread((pid, tid)), queues_of(computer)
    computer.note(GiveUp, pid, tid, *thread.waits_for)
    _uncount(computer, thread)
    queues.leave(thread.key)
    computer.wake(thread, 0)


def _uncount(computer: Computer, thread: Thread) -> None:
    """Let a condition or barrier no longer count a thread that waited there."""
    reason, address = thread.waits_for or ("", 0)
    if reason not in ("condition", "timed_condition", "barrier"):
        return
    try:
        waiting = computer.read_word(thread.process, address + WORD)
        computer.write_word(thread.process, address + WORD, max(0, waiting - 1))
    except Fault:
        return  # no frame is left to bring it into: its process ends, or RAM is full


HANDLERS: dict[str, Handler] = {
    "acquire": _acquire,
    "release": _release,
    "down": _down,
    "up": _up,
}
