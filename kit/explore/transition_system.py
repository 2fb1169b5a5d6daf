"""A computer that an explorer moves on: one step of one thread, from any state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kit.errors import LimitExceeded
from kit.explore.invariant import Invariant
from kit.explore.pages import KnownPages
from kit.explore.plan import FOREVER, ChosenQueue, Location, Plan
from kit.explore.results import Final, Pages, final_of, memory_of, result_of
from kit.explore.search_result import Access, name_of
from kit.explore.shortage import Shortage
from kit.explore.state import State, choices_of, digest_of, state_of
from kit.explore.steps import (
    CALL,
    LOCAL,
    object_words,
    steps_of,
    watched_words,
    words_shared_on_purpose,
)
from kit.explore.transition import Transition
from kit.lang.call_instructions import call_of
from kit.lang.instructions import SP, WORD
from kit.lang.system_calls import ATOMIC
from kit.sim.calls.buffers import buffer_of
from kit.sim.calls.heap import freed_words
from kit.sim.computer import Computer
from kit.sim.events.processes import Faulted, Print
from kit.sim.process import Process, Thread
from kit.sim.recording import Events, ThreadId, ThreadLog
from kit.sim.registers import touches
from kit.sim.snapshots import restore

LONGEST = 1000
"""Most ticks a thread goes on by itself before another one may be chosen."""

Memory = dict[int, Pages]
"""The globals of each process that lives, by pid, as `memory_of` returns them."""

Users = dict[Location, dict[ThreadId, bool]]
"""Who has used which word, and whether it wrote there."""


class TransitionSystem:
    """A computer of a plan.

    Parameters
    ----------
    plan : Plan

    Attributes
    ----------
    users : Users
        What was seen since `take_users` was last called.
    exposed : set of (pid, tid)
        Threads whose stack another thread was seen to use.
    short : bool
        Whether the machine might have been short of memory, had it not been given more.
    root : State
        The first state.
    root_digest : bytes
    root_is_broken : bool
        Whether the invariant does not hold there.
    pages : KnownPages
        Of the states that were found here or sent here.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.users: Users = {}
        self.exposed: set[ThreadId] = set(plan.exposed)
        self.short = False
        self._own: set[Location] = set()
        self.pages = KnownPages()
        self._computer = Computer(plan.setup)
        for step in plan.steps:
            step.apply(self._computer)
        self._computer.run(until=0)
        queue = self._computer.dispatcher.queue
        assert isinstance(queue, ChosenQueue), "the setup of a plan has this policy"
        self._queue = queue
        self._said: dict[int, str] = {}
        self._faults: set[tuple[int, str]] = set()
        self._shortage = None if plan.real is None else Shortage(plan.real)
        self._look_for_shortage(0)
        self._take_notes()
        self.root = self._state({})
        self._invariant = self._made_invariant()
        self.root_is_broken = self._is_broken({})
        self.root_digest = digest_of(self.root, self._computer, plan.exposed, self.pages)

    # States

    def transitions(self, state: State) -> Iterator[Transition]:
        """Yield what becomes of a state for each thread that could run next.

        Parameters
        ----------
        state : State
        """
        own: dict[ThreadId, set[Location]] = {}
        ended: set[tuple[ThreadId, int]] = set()
        before = {pid for pid, _ in state.ended}
        for key in state.choices:
            transition = self.step(state, key)
            own[key] = self._own
            yield transition
            for value in range(1, self._queue.values):
                yield self.step(state, key, value)
            ended |= {(key, pid) for pid, _ in transition.state.ended if pid not in before}
        self._note_cut(own, ended)

    def _note_cut(
        self, own: dict[ThreadId, set[Location]], ended: set[tuple[ThreadId, int]]
    ) -> None:
        """Note that the end of a process reads what others of its threads were about to write.

        Results show how far these came. The end counts as a user without a thread, tid 0.
        """
        for key, pid in ended:
            for other, locations in own.items():
                if other != key and other[0] == pid:
                    for location in locations:
                        self.users.setdefault(location, {})[pid, 0] = False

    def step(self, state: State, key: ThreadId, value: int = 0) -> Transition:
        """Return what becomes of a state when a thread takes a step.

        Parameters
        ----------
        state : State
        key : (pid, tid)
            One of its `choices`.
        value : int
            What `choose` gives, if the step leads up to one.
        """
        self._go_back(state)
        self._queue.value, self._queue.values = value, 0
        self._own = set()
        computer, before = self._computer, self._computer.now
        pages = computer.physical.pages_in_use if self._shortage else 0
        thread = computer.thread(key)
        self._queue.chosen = key
        until = FOREVER if self.plan.until is None else self.plan.until
        while thread.state == "blocked" and computer.now < until:
            computer.run(until=min(computer.timers[0][0], until))
        start = computer.now
        memory: Memory = {}
        access, limit = None, ""
        try:
            if start < until:
                memory, access = self._run(thread, min(LONGEST, until - start))
        except LimitExceeded as reached:
            limit = str(reached).partition(": ")[2].partition(";")[0]
        stops = thread.state != "running"
        if not stops:
            computer.dispatcher.preempt(computer.cores[thread.core], "expire")
        self._queue.chosen = None
        ran, passed = computer.now - start, computer.now - before
        self._look_for_shortage(pages)
        self._take_notes()
        following = self._state(memory, state.ended)
        if computer.now >= until and following.choices:
            limit = f"stopped at tick {until}"
        if limit:
            following = replace(following, choices=(), limit=limit)
        digest = digest_of(
            following, computer, self.plan.exposed, self.pages, timed=until < FOREVER
        )
        broken = self._is_broken(memory)
        chosen = value if self._queue.values else None
        return Transition(key, ran, passed, stops, access, digest, following, broken, chosen)

    def _go_back(self, state: State) -> None:
        restore(state.snapshot(self._computer))
        self._said, self._faults = dict(state.said), set(state.faults)

    def _state(self, memory: Memory, ended: tuple[Any, ...] = ()) -> State:
        """Return the state of the computer as it stands, nobody running."""
        computer = self._computer
        finals = dict(ended)
        for pid, words in memory.items():
            if computer.processes[pid].ended and pid not in finals:
                finals[pid] = final_of(computer.processes[pid], words, self.plan.watch)
        said, faults = tuple(sorted(self._said.items())), tuple(sorted(self._faults))
        return state_of(computer, said, faults, tuple(sorted(finals.items())))

    def _look_for_shortage(self, pages: int) -> None:
        """Find out whether the real machine might have been short of memory in a step.

        Parameters
        ----------
        pages : int
            In use before it.
        """
        if self._shortage is not None:
            self.short = self.short or self._shortage.is_possible(self._computer, pages)

    def _take_notes(self) -> None:
        """Keep of the record what counts as a result, and drop the rest."""
        computer = self._computer
        for event in computer.events.others:
            if isinstance(event, Print) and event.text:
                self._said[event.pid] = self._said.get(event.pid, "") + event.text
            elif isinstance(event, Faulted):
                self._faults.add((event.pid, event.fault))
        fresh = Events()
        fresh.keys = computer.events.keys
        computer.events = fresh
        for process in computer.processes.values():
            for thread in process.threads.values():
                if thread.log.bursts or thread.log.checkpoints:
                    thread.log, thread.context = ThreadLog(thread.pc), None

    # Steps

    def _run(self, thread: Thread, most: int) -> tuple[Memory, Access | None]:
        """Let a thread go on up to and including what others can notice.

        Parameters
        ----------
        thread : Thread
        most : int
            Ticks after which it is stopped anyway.

        Returns
        -------
        Memory
            As the last instruction found it.
        Access or None
        """
        computer, start = self._computer, self._computer.now
        # Which page leaves next depends on every instruction; alone, that makes no difference.
        closely = computer.executor.observes and any(choices_of(computer))
        memory: Memory = {}
        known = -1
        while True:
            # Which words a page is mapped to changes with an event, or with any use of swap.
            if known != len(computer.events.others) or computer.swap is not None:
                known = len(computer.events.others)
                memory = {pid: self._memory(process) for pid, process in computer.alive.items()}
            ticks, access, noticed = self._next(thread)
            if closely and not thread.busy:
                ticks, noticed = 1, True
            computer.run(until=min(computer.now + ticks, start + most))
            over = thread.state != "running" or computer.now - start >= most
            if noticed or over or thread.process.ended:
                return memory, access if noticed else None

    def _memory(self, process: Process) -> Pages:
        return memory_of(process, self._computer.swap)

    def _next(self, thread: Thread) -> tuple[int, Access | None, bool]:
        """Return how long the next part of a step is, its access, and whether it is noticed."""
        if thread.busy:
            return thread.busy, None, False
        process = thread.process
        steps = steps_of(process.program)
        if thread.pc >= len(steps.kinds):
            return 1, None, True
        kind = steps.kinds[thread.pc]
        if kind == CALL:
            self._note_used(process, thread)
            return 1, self._atomic(process, thread), True
        if kind == LOCAL and thread.key not in self.plan.exposed:
            return steps.ahead[thread.pc], None, False
        return self._access(process, thread)

    def _access(self, process: Process, thread: Thread) -> tuple[int, Access | None, bool]:
        image = process.program.image
        touched = touches(image.code[thread.pc], thread.registers, process.layout.data_base)
        if touched is None:
            return 1, None, False
        address, writes = touched
        segment = process.memory.segment_at(address)
        if segment is not None and segment.tid:
            owner = (process.pid, segment.tid)
            if owner == thread.key and owner not in self.plan.exposed:
                return 1, None, False
            if owner != thread.key or address < thread.registers[SP]:
                self.exposed.add(owner)
        location = self._noted(process, thread, address, writes=writes)
        # The word of a lock is changed by system calls.
        program, word = process.program, (address - process.layout.data_base) // WORD
        if location in self.plan.shared or word in object_words(program):
            return 1, self._told(thread, address, location, writes=writes), True
        if writes and word in watched_words(program, self.plan.watch):
            self._own.add(location)
        return 1, None, False

    def _atomic(self, process: Process, thread: Thread) -> Access | None:
        """Return the access of an instruction that reads and writes in one step."""
        if call_of(process.program.image.code[thread.pc]) not in ATOMIC:
            return None
        address = thread.registers[0]
        location = self._noted(process, thread, address, writes=True)
        return self._told(thread, address, location, writes=True, atomic=True)

    def _note_used(self, process: Process, thread: Thread) -> None:
        """Note the words that a call uses itself: of a block to be freed, or of a buffer."""
        instruction = process.program.image.code[thread.pc]
        words, writes = buffer_of(thread, instruction)
        if call_of(instruction) == "free":
            words, writes = freed_words(process, thread.registers[0]), True
        for address in words:
            self._noted(process, thread, address, writes=writes)
            segment = process.memory.segment_at(address)
            if segment is not None and segment.tid not in (0, thread.tid):
                self.exposed.add((process.pid, segment.tid))

    def _noted(self, process: Process, thread: Thread, address: int, *, writes: bool) -> Location:
        """Return which word is at an address, and note who uses it."""
        location = self._computer.location(process, address)
        users = self.users.setdefault(location, {})
        users[thread.key] = users.get(thread.key, False) or writes
        return location

    @staticmethod
    def _told(
        thread: Thread, address: int, location: Location, *, writes: bool, atomic: bool = False
    ) -> Access | None:
        """Return an access; None where threads may make it at the same time on purpose."""
        program = thread.process.program
        offset = address - thread.process.layout.data_base
        if offset // WORD in words_shared_on_purpose(program):
            return None
        line, name = program.image.line_of(thread.pc), name_of(program.image, offset, address)
        return Access(location, *thread.key, line, name, writes, atomic)

    # The invariant

    def _made_invariant(self) -> Invariant | None:
        if not self.plan.invariant:
            return None
        return Invariant(self.plan.invariant, self._globals({}))

    def _globals(self, memory: Memory) -> dict[str, Any]:
        """Return the globals of the first process, its last ones if it has just ended."""
        process = self._computer.processes[min(self._computer.processes)]
        words = memory[process.pid] if process.ended else self._memory(process)
        return dict(final_of(process, words, None)[2])

    def _is_broken(self, memory: Memory) -> bool:
        """Tell whether the invariant does not hold, given the memory before the last instruction.

        The globals of a first process that had ended even before were looked at when it did.
        """
        if self._invariant is None:
            return False
        process = self._computer.processes[min(self._computer.processes)]
        if process.ended and process.pid not in memory:
            return False
        return not self._invariant.holds(self._globals(memory))

    # What was learned

    def take_users(self) -> Users:
        """Return who has used which word since this was last asked."""
        taken, self.users = self.users, {}
        return taken

    def final(self, state: State) -> Final:
        """Return the result of a state in which nothing can happen any more."""
        self._go_back(state)
        finals = dict(state.ended)
        for process in self._computer.processes.values():
            if process.pid not in finals:
                finals[process.pid] = final_of(process, self._memory(process), self.plan.watch)
        return result_of(self._computer, state, finals)
