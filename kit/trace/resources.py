"""What the operating system keeps besides processes and memory, at one tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kit.lang.image import Variable
from kit.lang.instructions import WORD
from kit.lang.objects import VALUES
from kit.sim.recording import ThreadId
from kit.sim.segments import SegmentName
from kit.sim.waits import Reason
from kit.trace.replay import History
from kit.trace.state.messages import Letter
from kit.trace.state.synchronisation import Location


@dataclass(frozen=True)
class OpenFileState:
    """A file that is open, or an end of a pipe.

    Attributes
    ----------
    kind : str
        "file", "read end" or "write end".
    name : str
        Of the file; "" for a pipe.
    mode : str
        As given to ``open``; "r" or "w" for a pipe.
    pipe : int
        Number of the pipe; 0 for a file.
    position : int
        Word at which the file is read or written next.
    users : tuple of (pid, descriptor)
        By what it is known: more than one where a child shares it with its parent.
    """

    kind: str
    name: str
    mode: str
    pipe: int
    position: int
    users: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SynchronisationState:
    """A lock, semaphore, condition, barrier or lock for readers and writers.

    Attributes
    ----------
    kind : str
        "Lock", "Semaphore", "Condition", "Barrier" or "RWLock".
    name : str
        Of the variable; "" for a word that is none.
    pid : int
        Whose memory it is in; 0 for shared memory.
    area : str
        The shared memory it is in; "" for none.
    address : int
        In bytes; in shared memory from its start.
    word : int
        What is there in memory: a lock's or condition's holder as a tid, a semaphore's count,
        how many threads a barrier waits for; 0 at a condition that shares a lock.
    holder : (pid, tid) or None
        Who holds the lock, or the lock of the condition, which several may share, or writes; it
        may have ended.
    waiting : tuple of (pid, tid)
        Who waits, longest first; at a condition, who waits to be notified.
    queued : tuple of (pid, tid)
        At a condition, who waits for its lock.
    taken : tuple of ((pid, tid), int)
        Threads that have not ended, and how much each has taken from a semaphore and not
        given back, or how often it reads.
    """

    kind: str
    name: str
    pid: int
    area: str
    address: int
    word: int
    holder: ThreadId | None = None
    waiting: tuple[ThreadId, ...] = ()
    queued: tuple[ThreadId, ...] = ()
    taken: tuple[tuple[ThreadId, int], ...] = ()


@dataclass(frozen=True)
class PipeState:
    """A pipe.

    Attributes
    ----------
    words : tuple of int
        Oldest first.
    read_ends, write_ends : tuple of (pid, descriptor)
    readers, writers : tuple of (pid, tid)
        Threads that wait for a word, or for room, longest first.
    """

    words: tuple[int, ...]
    read_ends: tuple[tuple[int, int], ...]
    write_ends: tuple[tuple[int, int], ...]
    readers: tuple[ThreadId, ...]
    writers: tuple[ThreadId, ...]


@dataclass(frozen=True)
class MailboxState:
    """What waits for a process, and who waits for that.

    Attributes
    ----------
    messages, calls : tuple of ((pid, tid), int)
        Who sent which word, or calls with which; those that nobody has taken, oldest first.
    receivers, servers : tuple of (pid, tid)
        Threads of the process that wait for a message, or for a call.
    senders : tuple of (pid, tid)
        Threads that wait for room.
    """

    messages: tuple[Letter, ...]
    calls: tuple[Letter, ...]
    receivers: tuple[ThreadId, ...]
    servers: tuple[ThreadId, ...]
    senders: tuple[ThreadId, ...]


class _Waiter(NamedTuple):
    order: int
    key: ThreadId
    reason: Reason
    detail: int


class Resources:
    """Looks them up.

    Parameters
    ----------
    history : History
    tick : int
    """

    def __init__(self, history: History, tick: int) -> None:
        self._history, self._tick = history, tick

    # Who waits

    @cached_property
    def _waiters(self) -> list[_Waiter]:
        """All blocked threads, those that have waited longest first."""
        found = []
        for pid, tid in self._history.living.at(self._tick):
            thread = self._history.processes[pid].threads[tid]
            waits = thread.waits_for.at(self._tick)
            if waits:
                found.append(_Waiter(thread.queued.at(self._tick), (pid, tid), *waits))
        return sorted(found)

    def _waiting(
        self, reason: Reason, detail: int | None = None, pid: int = 0
    ) -> tuple[ThreadId, ...]:
        """Return who waits for something, those of a process only if one is given."""
        return tuple(
            waiter.key
            for waiter in self._waiters
            if waiter.reason == reason
            and detail in (None, waiter.detail)
            and pid in (0, waiter.key[0])
        )

    # Files and pipes

    @property
    def files(self) -> dict[str, tuple[int, ...]]:
        """Words of each file on the disk, by name."""
        files = self._history.files.files.items()
        found = {name: file.at(self._tick) for name, file in files}
        return {name: words for name, words in found.items() if words is not None}

    @cached_property
    def tables(self) -> dict[int, dict[int, OpenFileState]]:
        """Pid -> descriptor -> what it names."""
        tables = {
            pid: table
            for pid, steps in self._history.files.tables.items()
            if (table := steps.at(self._tick))
        }
        users: dict[int, list[tuple[int, int]]] = {}
        for pid, table in sorted(tables.items()):
            for descriptor, opened in table:
                users.setdefault(id(opened), []).append((pid, descriptor))
        return {
            pid: {
                descriptor: OpenFileState(
                    opened.kind,
                    opened.name,
                    opened.mode,
                    opened.pipe,
                    opened.positions.at(self._tick),
                    tuple(users[id(opened)]),
                )
                for descriptor, opened in table
            }
            for pid, table in tables.items()
        }

    @property
    def pipes(self) -> dict[int, PipeState]:
        """The pipes of which an end is open, by number."""
        ends: dict[int, dict[str, set[tuple[int, int]]]] = {}
        for table in self.tables.values():
            for opened in table.values():
                if opened.pipe:
                    both = ends.setdefault(opened.pipe, {"read end": set(), "write end": set()})
                    both[opened.kind].update(opened.users)
        return {
            number: PipeState(
                self._history.pipes.words[number].at(self._tick),
                tuple(sorted(both["read end"])),
                tuple(sorted(both["write end"])),
                self._at_pipe(number, "pipe_read"),
                self._at_pipe(number, "pipe_write"),
            )
            for number, both in sorted(ends.items())
        }

    def _at_pipe(self, pipe: int, reason: Reason) -> tuple[ThreadId, ...]:
        return tuple(
            waiter.key
            for waiter in self._waiters
            if waiter.reason == reason and self.tables[waiter.key[0]][waiter.detail].pipe == pipe
        )

    # Messages and devices

    @property
    def mailboxes(self) -> dict[int, MailboxState]:
        """The mailboxes of the processes that live, by pid."""
        mail, tick = self._history.mail, self._tick
        return {
            pid: MailboxState(
                mail.messages[pid].at(tick),
                mail.calls[pid].at(tick),
                self._waiting("message", pid=pid),
                self._waiting("call", pid=pid),
                self._waiting("send", pid),
            )
            for pid, process in self._history.processes.items()
            if process.lives(tick)
        }

    @property
    def served(self) -> dict[ThreadId, tuple[ThreadId, ...]]:
        """Thread that serves calls -> the callers that wait for its reply, first one first."""
        waiting = set(self._waiting("reply"))
        served = self._history.mail.serving.items()
        found = {
            server: tuple(caller for caller in callers.at(self._tick) if caller in waiting)
            for server, callers in served
        }
        return {server: callers for server, callers in sorted(found.items()) if callers}

    @property
    def devices(self) -> dict[int, ThreadId]:
        """Device that works -> the thread whose request it works on, which may have ended."""
        work = self._history.devices.work.items()
        found = ((device, steps.at(self._tick)) for device, steps in sorted(work))
        return {device: key for device, key in found if key is not None}

    @property
    def device_queue(self) -> tuple[ThreadId, ...]:
        """Threads whose requests wait for a free device, longest first."""
        return self._waiting("io", -1)

    # Locks and their kin

    @cached_property
    def synchronisation(self) -> tuple[SynchronisationState, ...]:
        """Locks, semaphores, conditions and barriers that exist: declared ones, then others."""
        declared = {place: (kind, name) for place, kind, name in self._declared()}
        used = self._history.synchronisation.kinds
        others = {
            place: (_strongest(kinds, self._tick), "")
            for place, kinds in used.items()
            if place not in declared and min(kinds.values()) <= self._tick and self._is_there(place)
        }
        return tuple(
            self._state(place, kind, name) for place, (kind, name) in (declared | others).items()
        )

    def _is_there(self, place: Location) -> bool:
        owner = self._history.processes.get(place[0]) if isinstance(place[0], int) else None
        return isinstance(place[0], str) or (owner is not None and owner.lives(self._tick))

    def _declared(self) -> Iterator[tuple[Location, str, str]]:
        """Yield (place, kind, name) of the variables that programs declare."""
        for pid, process in self._history.processes.items():
            states = {thread.state.at(self._tick) for thread in process.threads.values()}
            if not process.lives(self._tick) or states <= {"", "new", "terminated"}:
                continue  # gone, or still being loaded
            program = process.programs.at(self._tick)
            base = process.data_base_of(program)
            for variable in program.image.variables.values():
                for offset, name in _objects(variable):
                    yield (pid, base + offset), variable.kind, name

    def _state(self, place: Location, kind: str, name: str) -> SynchronisationState:
        known = self._history.synchronisation
        owner, address = place
        reasons: tuple[Reason, ...] = _REASONS[kind]
        lock = self._lock_of(place)
        return SynchronisationState(
            kind,
            name,
            pid=owner if isinstance(owner, int) else 0,
            area=owner if isinstance(owner, str) else "",
            address=address,
            word=self._word(place),
            holder=known.holders[lock].at(self._tick) if lock in known.holders else None,
            waiting=self._at(place, *reasons),
            queued=self._at(lock, "lock", "timed_lock") if kind == "Condition" else (),
            taken=tuple(
                (key, count)
                for key, count in (
                    known.takers[place].at(self._tick) if place in known.takers else ()
                )
                if key in self._history.living.at(self._tick)
            ),
        )

    def _lock_of(self, place: Location) -> Location:
        """Return where the lock of a condition stands; anything else is what is meant itself."""
        owner, address = place
        if not isinstance(owner, int):
            return place
        process = self._history.processes[owner]
        program = process.programs.at(self._tick)
        return owner, program.image.lock_at(address, process.data_base_of(program))

    def _word(self, place: Location) -> int:
        pid, address = self._history.synchronisation.speakers.get(place, place)
        assert isinstance(pid, int), "what is in shared memory is there because somebody used it"
        word = self._history.words.at(pid, address, self._tick)
        if word is not None:
            return word
        process = self._history.processes[pid]
        program = process.programs.at(self._tick)
        offset = (address - process.data_base_of(program)) // WORD
        on_disk = program.image.data
        return on_disk[offset] if 0 <= offset < len(on_disk) else 0

    def _at(self, place: Location, *reasons: Reason) -> tuple[ThreadId, ...]:
        return tuple(
            waiter.key
            for waiter in self._waiters
            if waiter.reason in reasons and self._place(waiter.key[0], waiter.detail) == place
        )

    def _place(self, pid: int, address: int) -> Location:
        process = self._history.processes[pid]
        for name in process.standing.at(self._tick):
            bounds, part = process.segments[name].at(self._tick), SegmentName.of(name)
            if part.kind == "shared" and bounds is not None and bounds[0] <= address < bounds[1]:
                return part.area, address - bounds[0]
        return pid, address


_REASONS: dict[str, tuple[Reason, ...]] = {
    "Lock": ("lock", "timed_lock"),
    "Semaphore": ("semaphore", "timed_semaphore"),
    "Condition": ("condition", "timed_condition"),
    "Barrier": ("barrier",),
    "RWLock": ("read_lock", "write_lock"),
}
"""Kind -> what threads wait for there."""


def _objects(variable: Variable) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) of the objects of a variable; none for integers."""
    if variable.kind not in VALUES:
        for element in range(variable.count):
            first = element * variable.words
            yield variable.offset + first * WORD, variable.name_of(first)


def _strongest(kinds: dict[str, int], tick: int) -> str:
    """Return what a word is that was used as several: a condition is a lock as well."""
    used = [kind for kind, since in kinds.items() if since <= tick]
    return "Condition" if "Condition" in used else used[0]
