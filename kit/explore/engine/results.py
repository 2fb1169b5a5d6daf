"""What states of the engine's machine mean: results, invariants, and who accesses what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.explore.engine.machine import Machine
from kit.explore.engine.records import CALL, WRITE, Record
from kit.explore.engine.state import State
from kit.explore.invariant import Invariant
from kit.explore.plan import Plan
from kit.explore.results import Final, Globals
from kit.explore.search_result import Access, name_of
from kit.explore.steps import watched_variables, watched_words
from kit.lang.image import Variable
from kit.sim.deadlock import circles
from kit.sim.faults import SIGNALS
from kit.sim.process import FIRST_PID
from kit.sim.recording import ThreadId
from kit.sim.waits import WAITS, Reason


class Results:
    """Reads the states of a machine.

    Parameters
    ----------
    machine : Machine
    plan : Plan
    """

    def __init__(self, machine: Machine, plan: Plan) -> None:
        self.machine = machine
        program = machine.threads.program
        self._variables = watched_variables(program, None)
        self._watched = watched_variables(program, plan.watch)
        self._watched_words = watched_words(program, plan.watch)
        self._invariant: Invariant | None = None
        if plan.invariant:
            self._invariant = Invariant(
                plan.invariant, dict(_globals(self._variables, machine.image.data))
            )
        self._holds: dict[tuple[int, ...], bool] = {}
        self._accesses: dict[tuple[int, int], Access] = {}

    def watched(self, words: Iterable[int]) -> frozenset[int]:
        """Return which of some words of the data segment are part of a result."""
        return self._watched_words.intersection(words)

    def is_broken(self, state: State) -> bool:
        """Tell whether the invariant does not hold."""
        if self._invariant is None:
            return False
        data = state[0]
        if data not in self._holds:
            self._holds[data] = self._invariant.holds(dict(_globals(self._variables, data)))
        return not self._holds[data]

    def access(self, thread: int, number: int) -> Access:
        """Return the access that a thread is about to make.

        Parameters
        ----------
        thread : int
        number : int
            Of its record.
        """
        key = thread, number
        if key not in self._accesses:
            machine, image = self.machine, self.machine.image
            following = machine.threads.following[number]
            line = image.line_of(machine.threads.records[number].pc)
            address = machine.address(following.word)
            name = name_of(image, address - machine.place.data_base, address)
            location = FIRST_PID, address
            atomic = following.doing == CALL
            writes = atomic or following.doing == WRITE
            self._accesses[key] = Access(
                location, FIRST_PID, thread + 1, line, name, writes, atomic
            )
        return self._accesses[key]

    # Results

    def needs_takers(self, state: State) -> bool:
        """Tell whether a thread waits forever for what others took, so that it matters who did."""
        return any(
            WAITS[record.detail[0]].needs in ("takers", "holders")
            for _, record in self._waiting(state)
            if record.detail
        )

    def _waiting(self, state: State) -> Iterator[tuple[int, Record]]:
        for thread, number in enumerate(state[1]):
            record = self.machine.threads.records[number]
            if record.pc >= 0:
                yield thread, record

    def final(self, state: State) -> Final:
        """Return the result of a state in which nothing can happen any more."""
        data, _, rest_number = state
        rest = self.machine.rests[rest_number]
        values = _globals(self._watched, data)
        waits = {(FIRST_PID, thread + 1): record.detail for thread, record in self._waiting(state)}
        told = {
            key: (*key, reason, self._detail(reason, word)) for key, (reason, word) in waits.items()
        }
        awaited = {
            key: self._awaited(state, key[1] - 1, reason, word)
            for key, (reason, word) in waits.items()
        }
        return Final(
            ((FIRST_PID, rest.said),) if rest.said else (),
            ((FIRST_PID, values),),
            ((FIRST_PID, None if rest.end is None else rest.end.code),),
            ((FIRST_PID, rest.end.fault),) if rest.end and rest.end.fault else (),
            tuple(told.values()),
            tuple(tuple(told[key] for key in cycle) for cycle in circles(awaited, set())),
            signals=((FIRST_PID, SIGNALS[rest.end.fault]),) if rest.end and rest.end.fault else (),
        )

    def _detail(self, reason: Reason, number: int) -> int:
        """Return which one a thread waits for: an address, or the tid of another thread."""
        return self.machine.address(number) if WAITS[reason].detail == "address" else number + 1

    def _awaited(self, state: State, thread: int, reason: Reason, number: int) -> list[ThreadId]:
        """Return the threads any of which could let one go on that waits."""
        match WAITS[reason].needs:
            case "thread":
                return [(FIRST_PID, number + 1)]
            case "holder":
                return [(FIRST_PID, state[0][number])]
            case "takers":
                return self._takers(state, number)
            case "holders":
                return self._holders(state, thread, reason, number)
        return []

    def _holders(self, state: State, thread: int, reason: Reason, word: int) -> list[ThreadId]:
        """Return who keeps a thread from reading or writing."""
        if state[0][word]:
            return [(FIRST_PID, state[0][word])]
        if reason == "write_lock":
            return self._takers(state, word)
        return self._writer_before(state, word, thread)

    def _takers(self, state: State, word: int) -> list[ThreadId]:
        takers = dict(self.machine.rests[state[2]].takers).get(word, ())
        return [(FIRST_PID, thread + 1) for thread, _ in takers]

    def _writer_before(self, state: State, word: int, thread: int) -> list[ThreadId]:
        """Return the last writer who waits before a thread that wants to read."""
        queue = dict(self.machine.rests[state[2]].queues)[word]
        records = self.machine.threads.records
        before = queue[: queue.index(thread)]
        writers = [one for one in before if records[state[1][one]].detail[0] == "write_lock"]
        return [(FIRST_PID, one + 1) for one in writers[-1:]]


def _globals(variables: Iterable[Variable], data: tuple[int, ...]) -> Globals:
    return tuple((one.name, one.value(one.words_in(data))) for one in variables)
