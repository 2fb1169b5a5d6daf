"""States of the engine, and what becomes of them when one thread takes a step.

A step is the thing that others could notice, and then what its thread does by itself, up to
before the next one. What others do by themselves because of it, such as a thread that is woken,
belongs to it as well: no one can tell when it happens.
"""

from __future__ import annotations

from kit.explore.engine.compiling import Place, Unsupported
from kit.explore.engine.image import object_kinds
from kit.explore.engine.moment import Moment
from kit.explore.engine.records import OWN_WORDS, READ, SILENT, WRITE, Rules
from kit.explore.engine.state import Rest, State
from kit.explore.engine.threads import Threads
from kit.explore.orders import NO_EVENTS, Events
from kit.explore.plan import Plan
from kit.explore.shortage import frames_for_processes
from kit.lang.instructions import WORD
from kit.lang.program import Program
from kit.sim.memory import AddressSpace

MARGIN = 64
"""Words below the end of a stack that the engine leaves to the computer."""


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

    def left_behind(self, data: tuple[int, ...]) -> tuple[int, ...]:
        """Return what still matters of the words of a process that has ended: its variables."""
        objects = self.threads.objects
        return tuple(
            0 if word in objects else value
            for word, value in enumerate(data[: self.place.data_words])
        )

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
