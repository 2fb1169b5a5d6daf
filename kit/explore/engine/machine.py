"""States of the engine, and what becomes of them when one thread takes a step.

A step is the thing that others could notice, and then what its thread does by itself, up to
before the next one. What others do by themselves because of it, such as a thread that is woken,
belongs to it as well: no one can tell when it happens.
"""

from __future__ import annotations

from typing import NamedTuple

from kit.explore.engine.calls import HANDLERS, NOBODY, Loud
from kit.explore.engine.compiling import Place, Unsupported
from kit.explore.engine.image import object_kinds
from kit.explore.engine.threads import (
    CALL,
    FAULT,
    NOTHING,
    OWN_WORDS,
    PAUSE,
    READ,
    SILENT,
    WRITE,
    Next,
    Record,
    Rules,
    Threads,
)
from kit.explore.orders import NO_EVENTS, Event, Events
from kit.explore.plan import MOST_VALUES, Plan
from kit.explore.shortage import frames_for_processes
from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim.faults import Fault
from kit.sim.memory import AddressSpace
from kit.sim.waits import Reason

MARGIN = 64
"""Words below the end of a stack that the engine leaves to the computer."""

MOST_SILENT = 1000
"""Things that nobody notices in one step; more of them are no longer done at once."""

State = tuple[tuple[int, ...], tuple[int, ...], int]
"""The data segment and the heap; the record of each thread, by number; number of the `Rest`."""


class End(NamedTuple):
    """How the process has ended.

    Attributes
    ----------
    code : int or None
        None where a fault ended it.
    fault : str
        "" if it had none.
    alone : bool
        Whether its last thread has ended, so that it took none with it.
    """

    code: int | None
    fault: str
    alone: bool


Blocks = tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


class Rest(NamedTuple):
    """What belongs to a state besides.

    Attributes
    ----------
    queues : tuple of (int, tuple of int)
        Word -> the threads that wait there, longest first.
    said : str
        What the process has printed.
    takers : tuple of (int, tuple of (int, int))
        Semaphore -> thread and how much it has taken, if that matters.
    end : End or None
    alone : (int, int)
        The thread that is in an atomic block, and in how many.
    heap : tuple
        Blocks of the heap that are free, and those that are given out.
    """

    queues: tuple[tuple[int, tuple[int, ...]], ...] = ()
    said: str = ""
    takers: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()
    end: End | None = None
    alone: tuple[int, int] = NOBODY
    heap: Blocks = ((), ())


class Machine:
    """The program of a plan, and what becomes of its states.

    Parameters
    ----------
    plan : Plan
    program : Program
        The one that it launches.
    rules : Rules
    kind : type
        Of its threads.

    Attributes
    ----------
    threads : Threads
    rests : list of Rest
        By number.
    locks : dict of int to int
        Conditions that share a lock, and it: the words where they begin.
    spurious : bool
        Whether threads may wake at a condition without a notification.
    notify_without_lock : bool
        Whether a thread may notify a condition without holding its lock.
    choices : int
        Among how many the last step has chosen; 0 where there was nothing to choose.
    """

    def __init__(
        self, plan: Plan, program: Program, rules: Rules, kind: type[Threads] = Threads
    ) -> None:
        setup = plan.setup
        self.rules, self.image, self.limits = rules, program.image, setup.limits
        self.spurious, self.notify_without_lock = plan.spurious, setup.notify_without_lock
        memory = AddressSpace(setup.page_size, setup.address_space, setup.stack_size)
        code, data = (
            memory.pages_up(size) for size in (self.image.code_bytes, self.image.data_bytes)
        )
        self._free = frames_for_processes(setup) * setup.page_size - code - data
        self._space = setup.address_space - setup.code_base - code - data
        self._stack, self._guard = setup.stack_size, memory.guard
        self.heap, self.pages_up = setup.heap, memory.pages_up
        self.place = Place(
            setup.code_base,
            setup.code_base + code,
            len(self.image.data),
            setup.stack_size // WORD - MARGIN,
            setup.code_base + code + data,
            self._space // WORD,
        )
        self.objects = object_kinds(self.image)
        locks = self.image.condition_locks
        self.locks = {place // WORD: lock // WORD for place, lock in locks.items()}
        self.check_room(1, 0)
        self.threads = kind(program, self.place, rules)
        self.rests: list[Rest] = []
        self.choices = 0
        self._numbers: dict[Rest, int] = {}

    def check_room(self, threads: int, heap: int) -> None:
        """Give up if there might be no room for the stacks of so many threads and the heap.

        Parameters
        ----------
        threads : int
        heap : int
            In bytes.
        """
        enough = (
            threads <= self.limits.threads
            and threads * self._stack + heap <= self._free
            and (threads + 1) * (self._stack + self._guard) + heap <= self._space
        )
        if not enough:
            raise Unsupported("more memory than the machine surely has room for")

    def heap_size(self, words: int) -> int:
        """Return how many bytes the heap has, if there are so many words with the globals."""
        return WORD * (words - self.place.data_words)

    def address(self, word: int) -> int:
        """Return the address of a word of the data segment or the heap."""
        return self.place.address_of(word)

    def number(self, rest: Rest) -> int:
        """Return the number of what belongs to a state besides."""
        number = self._numbers.setdefault(rest, len(self.rests))
        if number == len(self.rests):
            self.rests.append(rest)
        return number

    def root(self) -> tuple[State, Events]:
        """Return the first state, and what was done silently before it."""
        main = self.threads.started(0, self.image.entry, ())
        moment = Moment(self, (tuple(self.image.data), (main,), self.number(Rest())))
        moment.settles(0)
        return moment.settled()

    def ahead(self, state: State, thread: int) -> tuple[int, list[int] | None, int]:
        """Let a thread use its own words, if that is what it is about to do.

        Returns
        -------
        number : int
            Of its record then.
        data : list of int or None
            The data segment then, if it may be another one.
        ticks : int
            How many instructions it does in all before what others notice.
        """
        number, threads = state[1][thread], self.threads
        if threads.following[number].doing != OWN_WORDS:
            return number, None, threads.ticks[number]
        data = list(state[0])
        number, ticks = threads.reach(thread, number, data)
        return number, data, ticks

    def step(
        self, state: State, thread: int, number: int, data: list[int] | None, choice: int = 0
    ) -> tuple[State, Events]:
        """Return what becomes of a state when a thread does what others notice.

        Parameters
        ----------
        state : State
        thread : int
        number, data
            As `ahead` returned them.
        choice : int
            Which one is chosen, if something is; `choices` says among how many.
        """
        self.choices = 0
        words, records, rest = state
        doing, word, value, _, _ = self.threads.following[number]
        if word >= len(words):
            raise Unsupported("memory beyond the end of the heap")
        if data is None and doing in (READ, WRITE):
            after = self.threads.after(thread, number, words[word] if doing == READ else 0)
            if self.threads.following[after].doing != SILENT:
                if doing == WRITE:
                    words = (*words[:word], value, *words[word + 1 :])
                records = (*records[:thread], after, *records[thread + 1 :])
                return (words, records, rest), NO_EVENTS
        moment = Moment(self, state, choice)
        moment.threads[thread] = number
        if data is not None:
            moment.data = data[:]
        moment.act(thread)
        return moment.settled()


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
        """Count what a thread has taken from a semaphore; nobody gives back more than he took."""
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
            return data, (), machine.number(Rest(said=self.said, end=self._end))
        rest = Rest(self._queues, self.said, self._takers, alone=self.alone, heap=self.heap)
        return data, tuple(self.threads), machine.number(rest)
