"""Threads by themselves: from one thing that others could notice up to before the next one.

What a thread will still use of itself is a `Record`; equal records are one number. Going on from
a record needs nothing but the value that the last access or call gave, so each way is gone once.

Words that only one thread uses are its own business, but the results of a run show them. So a
thread stops before the first of them, and goes over it together with what others notice next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kit.explore.engine.compiling import Call, Place, Touch, Unsupported, compiled
from kit.explore.engine.image import OWN, QUIET, constant_words
from kit.explore.engine.records import (
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
    Users,
)
from kit.explore.liveness import live_registers
from kit.explore.steps import object_words
from kit.explore.transition_system import LONGEST
from kit.lang.instructions import FP, GENERAL_REGISTERS
from kit.lang.program import Program
from kit.lang.system_calls import ATOMIC
from kit.sim.faults import Fault
from kit.sim.process import FIRST_PID
from kit.sim.waits import Reason


@dataclass
class _Run:
    """A thread on its way.

    Attributes
    ----------
    registers : list of int
        r0 to r7 and the frame pointer.
    data : list of int or None
        The data segment, where it may use words of its own.
    written : list of int
        Those that it wrote.
    """

    number: int
    pc: int
    registers: list[int]
    stack: list[int]
    data: list[int] | None = None
    ticks: int = 0
    written: list[int] = field(default_factory=list)


class Threads:
    """All records of the threads of a program.

    Parameters
    ----------
    program : Program
    place : Place
    rules : Rules

    Attributes
    ----------
    records : list of Record
        By number.
    following : list of Next
        What a thread with this record is about to do.
    ticks : list of int
        How many instructions led to it since the one before.
    users : Users
        Of words that are not shared.
    taken : int
        How many instructions the last way took that was gone.
    written : tuple of int
        Its own words that a thread wrote when it was last let use them.
    """

    def __init__(self, program: Program, place: Place, rules: Rules) -> None:
        self.program, self.rules, self.image = program, rules, program.image
        self.code = compiled(program.image, place)
        self.place = place
        self.constants = constant_words(program.image)
        self.objects = object_words(program)
        self.records: list[Record] = []
        self.following: list[Next] = []
        self.ticks: list[int] = []
        self.users = Users()
        self.taken = 0
        self.written: tuple[int, ...] = ()
        self._numbers: dict[Record, int] = {}
        self._nowhere: dict[str, dict[int, bool]] = {}
        self._known: dict[tuple[int, int, int], int] = {}
        self._live = [
            tuple(n for n in range(GENERAL_REGISTERS) if live_registers(program, pc)[n])
            for pc in range(len(self.code) + 1)
        ]

    def number(self, record: Record, ticks: int = 0) -> int:
        """Return the number of a record; a new one for a new record."""
        number = self._numbers.setdefault(record, len(self.records))
        if number == len(self.records):
            self.records.append(record)
            self.following.append(self._next(record))
            self.ticks.append(ticks)
        return number

    def waiting(self, number: int, reason: Reason, word: int) -> int:
        """Return the record of a thread that waits in its call."""
        record = self.records[number]
        return self.number(record._replace(doing=NOTHING, detail=(reason, word)))

    def ended(self, result: int) -> int:
        """Return the record of a thread that has ended."""
        return self.number(Record(NOTHING, -1, (), 0, (), result))

    def started(self, thread: int, pc: int, stack: tuple[int, ...]) -> int:
        """Return the record of a thread that begins."""
        run = _Run(thread, pc, [0] * (FP + 1), list(stack))
        return self._gone(run)

    def after(self, thread: int, number: int, value: int) -> int:
        """Return the record of a thread when its access or call has been done.

        Parameters
        ----------
        thread : int
            Its number; the first is 0.
        number : int
            Of its record before.
        value : int
            What it has read, or what its call gave; 0 where it has written.
        """
        key = thread, number, value
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._gone(self._resumed(*key))
        return known

    def forget_ways(self) -> None:
        """Go every way anew."""
        self._known.clear()

    def reach(self, thread: int, number: int, data: list[int]) -> tuple[int, int]:
        """Let a thread use its own words, up to before what others notice.

        Parameters
        ----------
        data : list of int
            The data segment; is changed.

        Returns
        -------
        number, ticks : int
            Of its record then, and how long it took.
        """
        record = self.records[number]
        registers = self._restored(record)
        run = _Run(thread, record.pc, registers, list(record.stack), data)
        reached = self._gone(run)
        self.written = tuple(run.written)
        return reached, self.taken

    # One thread

    def _gone(self, run: _Run) -> int:
        record, self.taken = self._go(run)
        return self.number(record, self.taken)

    def _restored(self, record: Record) -> list[int]:
        registers = [0] * (FP + 1)
        for place, value in zip(self._live[record.pc], record.registers, strict=True):
            registers[place] = value
        registers[FP] = record.frame
        return registers

    def _resumed(self, thread: int, number: int, value: int) -> _Run:
        record = self.records[number]
        registers, pc = self._restored(record), record.pc
        if record.doing == PAUSE:
            return _Run(thread, pc, registers, list(record.stack))
        step = self.code[pc]
        if isinstance(step, Call):
            registers[0] = value
        elif isinstance(step, Touch) and not step.writes:
            registers[step.register] = value
        return _Run(thread, pc + 1, registers, list(record.stack))

    def _kept(self, run: _Run, doing: int, detail: Any = None) -> tuple[Record, int]:
        registers = tuple([run.registers[place] for place in self._live[run.pc]])
        frame, stack = run.registers[FP], tuple(run.stack)
        return Record(doing, run.pc, registers, frame, stack, detail), run.ticks

    def _go(self, run: _Run) -> tuple[Record, int]:
        """Let a thread go on, and return what it is about to do then, and how long it took."""
        begins = self._kept(run, OWN_WORDS)
        code, registers, stack, pc = self.code, run.registers, run.stack, run.pc
        try:
            while run.ticks < LONGEST:
                step = code[pc]
                if isinstance(step, Touch):
                    run.pc = pc
                    doing = self._touch(run, step)
                    if doing == OWN_WORDS:
                        return begins
                    if doing != NOTHING:
                        return self._kept(run, doing)
                    pc += 1
                elif isinstance(step, Call):
                    run.pc = pc
                    if step.name not in OWN:
                        silent = self.rules.quiet and step.name in QUIET
                        return self._kept(run, SILENT if silent else CALL)
                    self._own_call(run, step)
                    pc += 1
                else:
                    pc = step(registers, stack)
                run.ticks += 1
        except (Fault, ZeroDivisionError) as fault:
            run.pc = pc
            kind = fault.kind if isinstance(fault, Fault) else "divide by zero"
            return self._kept(run, FAULT, kind)
        except IndexError:
            raise Unsupported("a stack that is used in another way") from None
        run.pc = pc
        return self._kept(run, PAUSE)

    def _touch(self, run: _Run, step: Touch) -> int:
        """Let a thread use a word, unless others could notice; return what it is about to do."""
        try:
            word = step.word(run.registers)
        except Fault as fault:
            self._note_nowhere(run, fault, step)
            raise
        if step.writes and word in self.objects:
            raise Unsupported("a plain write to a lock")
        if word in self.rules.shared or word in self.objects:
            return WRITE if step.writes else READ
        if word in self.constants:
            if step.writes:
                raise Unsupported("a write to a constant")
            run.registers[step.register] = self.image.data[word]
            return NOTHING
        if run.data is None:
            return OWN_WORDS
        self.users.note(word, run.number, writes=step.writes)
        if step.writes:
            run.written.append(word)
            run.data[word] = run.registers[step.register]
        else:
            run.registers[step.register] = run.data[word]
        return NOTHING

    def _note_nowhere(self, run: _Run, fault: Fault, step: Touch) -> None:
        """Note a use of an address at which there is nothing; by several threads it is a race."""
        users = self._nowhere.setdefault(fault.detail, {})
        users[run.number] = users.get(run.number, False) or step.writes
        if len(users) > 1 and any(users.values()):
            raise Unsupported("a race on an address at which there is nothing")

    @staticmethod
    def _own_call(run: _Run, step: Call) -> None:
        registers = run.registers
        if step.name == "work":
            # The call itself is one tick of the work, and is counted by the caller.
            run.ticks += max(0, registers[0] - 1)
            if run.ticks + 1 > LONGEST:
                raise Unsupported("a long work")
            registers[0] = 0
        else:
            registers[0] = run.number + 1 if step.name == "gettid" else FIRST_PID

    def _next(self, record: Record) -> Next:
        doing = record.doing
        if doing not in (READ, WRITE, CALL, SILENT):
            return Next(doing)
        registers, step = self._restored(record), self.code[record.pc]
        if isinstance(step, Touch):
            value = registers[step.register] if step.writes else step.register
            return Next(doing, step.word(registers), value)
        assert isinstance(step, Call), "only these two are noticed"
        word = self._integer(registers[0]) if step.name in ATOMIC else -1
        return Next(doing, word, step.operand, step.name, tuple(registers[:GENERAL_REGISTERS]))

    def _integer(self, address: int) -> int:
        """Return the word at an address; -1 if there is no variable that calls may change."""
        word = self.place.word_at(address)
        return -1 if word in self.constants or word in self.objects else word
