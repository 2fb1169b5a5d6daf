"""A state of the engine that is being changed by a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.explore.engine.calls import HANDLERS, Loud
from kit.explore.engine.compiling import Unsupported
from kit.explore.engine.records import (
    CALL,
    FAULT,
    NOTHING,
    PAUSE,
    READ,
    SILENT,
    WRITE,
    Next,
    Record,
)
from kit.explore.engine.state import NOBODY, End, Rest, State
from kit.explore.orders import Event, Events
from kit.explore.plan import MOST_VALUES
from kit.lang.instructions import WORD
from kit.sim.faults import Fault
from kit.sim.waits import Reason

if TYPE_CHECKING:
    from kit.explore.engine.machine import Machine

MOST_SILENT = 1000
"""Things that nobody notices in one step; more of them are no longer done at once."""


class Moment:
    """A state that is being changed.

    Attributes
    ----------
    data : list of int
    threads : list of int
        Number of the record of each.
    said : str
    alone : (int, int)
    heap : tuple
        As in `Rest`.
    """

    def __init__(self, machine: Machine, state: State, choice: int = 0) -> None:
        self.machine, self._choice = machine, choice
        self._state = state
        self.data, self.threads = list(state[0]), list(state[1])
        rest = machine.rests[state[2]]
        self.said = rest.said
        self._queues = rest.queues
        self._takers = rest.takers
        self.alone, self.heap = rest.alone, rest.heap
        self._end: End | None = None
        self._unsettled: list[int] = []
        self._events: list[Event] = []
        self._acting = -1

    # For system calls

    def record(self, thread: int) -> Record:
        """Return the record of a thread."""
        return self.machine.threads.records[self.threads[thread]]

    def is_waiting(self, thread: int) -> bool:
        """Tell whether a thread waits in its call."""
        record = self.record(thread)
        return record.doing == NOTHING and record.pc >= 0

    def go_on(self, thread: int, value: int) -> None:
        """Let a thread go on after its call."""
        threads = self.machine.threads
        number = threads.after(thread, self.threads[thread], value)
        self.threads[thread] = number
        self.settles(thread)

    def settles(self, thread: int) -> None:
        """Let a thread do what nobody notices, if that comes next."""
        if self.machine.threads.following[self.threads[thread]].doing == SILENT:
            self._unsettled.append(thread)

    def wait(self, thread: int, reason: Reason, word: int) -> None:
        """Let a thread wait in its call."""
        self._leave_block(thread)
        threads = self.machine.threads
        self.threads[thread] = threads.waiting(self.threads[thread], reason, word)

    def tell(self, what: str, thread: int, other: int) -> None:
        """Note something that was done silently, with whom it concerns."""
        if self.machine.rules.quiet and (thread != self._acting or what == "joined"):
            self._events.append((what, thread + 1, other + 1))

    def end(self, code: int | None, fault: str = "", *, alone: bool = False) -> None:
        """Let the process end."""
        self._end = End(code, fault, alone and self.machine.rules.quiet)

    def object(self, address: int, *kinds: str) -> int:
        """Return the word at an address where there is an object of one of some kinds."""
        word, rest = divmod(address - self.machine.place.data_base, WORD)
        if rest or self.machine.objects.get(word) not in kinds:
            raise Unsupported("a lock where none was declared")
        return word

    def lock(self, address: int) -> int:
        """Return the word of the lock at an address, or of the condition there."""
        word = self.object(address, "Lock", "Condition")
        return self.machine.locks.get(word, word)

    def integer(self, thread: int, call: Next) -> int:
        """Return the word that a thread reads and writes in one step."""
        if call.word < 0:
            raise Unsupported("an atomic access to no variable")
        self.machine.threads.users.note(call.word, thread, writes=True)
        return call.word

    def choose(self, values: int) -> int:
        """Return which of so many is chosen."""
        if values > MOST_VALUES:
            raise Unsupported("more values than are tried")
        self.machine.choices = values
        return self._choice

    def queue(self, word: int, thread: int, *, ordered: bool = True) -> None:
        """Let a thread wait behind the others; by tid, where the order does not matter."""
        queues = dict(self._queues)
        queue = (*queues.get(word, ()), thread)
        queues[word] = queue if ordered else tuple(sorted(queue))
        self._queues = tuple(sorted(queues.items()))

    def waiting_at(self, word: int) -> tuple[int, ...]:
        """Return the threads that wait at a word, longest first."""
        return dict(self._queues).get(word, ())

    def chosen(self, word: int) -> int | None:
        """Take out and return one of those who wait, or None."""
        queue = list(self.waiting_at(word))
        if len(queue) < 2:
            return self.first(word)
        thread = queue.pop(self.choose(len(queue)))
        self._queues = tuple(sorted({**dict(self._queues), word: tuple(queue)}.items()))
        return thread

    def first(self, word: int) -> int | None:
        """Take out and return who has waited longest, or None."""
        queues = dict(self._queues)
        if word not in queues:
            return None
        first, *others = queues.pop(word)
        if others:
            queues[word] = tuple(others)
        self._queues = tuple(sorted(queues.items()))
        return first

    def take(self, word: int, thread: int, change: int) -> None:
        """Count what a thread takes or gives back; no thread gives back more than it took."""
        if not self.machine.rules.takers:
            return
        takers = {semaphore: dict(counts) for semaphore, counts in self._takers}
        counts = takers.setdefault(word, {})
        counts[thread] = max(0, counts.get(thread, 0) + change)
        self._keep_takers(takers)

    def _leave_block(self, thread: int) -> None:
        """Let a thread be in no atomic block any more."""
        if self.alone[0] == thread:
            self.alone = NOBODY

    def forget(self, thread: int) -> None:
        """Forget what a thread has taken that has ended, and what block it was in."""
        self._leave_block(thread)
        if self._takers:
            takers = {semaphore: dict(counts) for semaphore, counts in self._takers}
            for counts in takers.values():
                counts.pop(thread, None)
            self._keep_takers(takers)

    def _keep_takers(self, takers: dict[int, dict[int, int]]) -> None:
        kept = (
            (semaphore, tuple(sorted((who, n) for who, n in counts.items() if n)))
            for semaphore, counts in sorted(takers.items())
        )
        self._takers = tuple((semaphore, counts) for semaphore, counts in kept if counts)

    # A step

    def act(self, thread: int) -> None:
        """Let a thread do what it is about to do."""
        following = self.machine.threads.following[self.threads[thread]]
        if following.doing in (CALL, SILENT):
            self._call(thread, following)
        elif following.doing == FAULT:
            fault = self.record(thread).detail
            self.end(None, fault)
        elif following.doing == READ:
            self.go_on(thread, self.data[following.word])
        else:
            assert following.doing in (WRITE, PAUSE), "who waits is not let act"
            if following.doing == WRITE:
                self.data[following.word] = following.value
            self.go_on(thread, 0)

    def _call(self, thread: int, call: Next) -> None:
        self._acting = thread
        try:
            HANDLERS[call.name](self, thread, call)
        except Fault as fault:
            self.end(None, fault.kind)
        self._acting = -1

    def settled(self) -> tuple[State, Events]:
        """Return the state when all have done what nobody notices, and what that was."""
        done = 0
        while self._unsettled and self._end is None:
            thread = self._unsettled.pop()
            done += 1
            if done > MOST_SILENT:
                raise Loud
            call = self.machine.threads.following[self.threads[thread]]
            HANDLERS[call.name](self, thread, call)
        return self._frozen(), tuple(self._events)

    def _frozen(self) -> State:
        machine, data = self.machine, tuple(self.data)
        if self._end is not None:
            data = machine.left_behind(data)
            return data, (), machine.number(Rest(said=self.said, end=self._end))
        rest = Rest(self._queues, self.said, self._takers, alone=self.alone, heap=self.heap)
        return data, tuple(self.threads), machine.number(rest)
