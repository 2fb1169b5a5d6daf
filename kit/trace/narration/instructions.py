"""A sentence for each instruction that a thread retires, where no event tells of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import NamedTuple

from kit.errors import plural
from kit.lang.call_instructions import CALLING, call_of
from kit.lang.image import Image
from kit.lang.instructions import OPERATORS, REGISTER_NAMES, WORD, Instruction
from kit.lang.signals import Signal
from kit.lang.system_calls import ATOMIC, SYSTEM_CALLS
from kit.sim.recording import NO_CORE, ThreadId
from kit.sim.registers import touches
from kit.trace.call_stack import walk_stack
from kit.trace.narration.names import OWN_STACK, Names
from kit.trace.narration.ranks import FAILS, OWN, SEEN
from kit.trace.record import Record
from kit.trace.replay import History

MOST_FRAMES = 50
"""Calls that are looked through for what a word on the stack belongs to."""

_LOOK_BACK = 64
"""How many instructions back a load is searched that a store belongs to."""


_MOST_NAMED = 4
"""How many other threads are named; of more, the number."""


class Effect(NamedTuple):
    """What an instruction did, without the name of its thread.

    Attributes
    ----------
    text : str
        "" for nothing to tell.
    rank : int
        See `kit.trace.narration.ranks`.
    details : tuple of str
        Further sentences.
    """

    text: str
    rank: int
    details: tuple[str, ...] = ()


class Instructions:
    """Tells what instructions did, at one tick.

    Parameters
    ----------
    record : Record
    history : History
        Of the same run.
    names : Names
        Of the tick.
    """

    def __init__(self, record: Record, history: History, names: Names) -> None:
        self.record, self.history, self.names, self.tick = record, history, names, names.tick

    def _image(self, key: ThreadId) -> Image:
        """Return the program that a thread executes."""
        return self.history.processes[key[0]].threads[key[1]].program.image

    def effect(self, key: ThreadId, number: int) -> Effect:
        """Return what retired instruction `number` of a thread did; no text for nothing to tell."""
        instruction = self._image(key).code[self.record.threads[key].started(number)]
        op = instruction.op
        if op == "STORE":
            return self._stored(key, number)
        asks = op in CALLING and not SYSTEM_CALLS[call_of(instruction)].own
        seen = asks or (op.startswith("STORE") and op != "STOREF")
        return Effect(self._text(key, number), SEEN if seen else OWN)

    def _text(self, key: ThreadId, number: int) -> str:
        thread, image = self.record.threads[key], self._image(key)
        index, value = thread.started(number), thread.values[number]
        instruction = image.code[index]
        op = instruction.op
        if op in CALLING:
            return self._asked(key, number, instruction)
        if op.startswith(("LOAD", "STORE")):
            return self._used_memory(key, number, instruction)
        text = self._control(key, number, instruction)
        if text is None and op.removesuffix("I") in OPERATORS:
            text = f"computes {REGISTER_NAMES[instruction.a]} = {value} ({image.describe(index)})"
        return text or f"executes {image.describe(index)}"

    def _value(self, key: ThreadId, value: int) -> str:
        return self.names.value(key[0], value)

    def _before(self, key: ThreadId, number: int) -> list[int]:
        """Return a thread's registers before instruction `number`."""
        thread = self.record.threads[key]
        return thread.registers_at(thread.executed_at(number)[0] - 1, self._image(key))

    def _control(self, key: ThreadId, number: int, instruction: Instruction) -> str | None:
        thread, image = self.record.threads[key], self._image(key)
        target = thread.targets[number]
        match instruction.op:
            case "CALL":
                called = image.routine_at(target)
                return f"calls {called.name if called else 'a function'}"
            case "RET":
                back = image.routine_at(target)
                return f"returns to {back.name}" if back else "returns from its function"
            case "JZ" | "JNZ" | "JMP":
                line = image.line_of(target)
                return f"continues at line {line}" if line else "continues"
        return None

    # Memory

    def _used_memory(self, key: ThreadId, number: int, instruction: Instruction) -> str:
        thread, image = self.record.threads[key], self._image(key)
        op, value = instruction.op, thread.values[number]
        if op in ("STOREF", "LOADF"):
            return self._own(image, thread.started(number), key[0], value)
        if op == "LOAD":
            name, register = image.variable_at(instruction.b), REGISTER_NAMES[instruction.a]
            return f"reads {name or 'its data'}, {self._value(key, value)}, into {register}"
        return self._through_an_address(key, number, instruction)

    def _own(self, image: Image, index: int, pid: int, value: int) -> str:
        op, a, offset, _ = image.code[index]
        routine = image.routine_at(index)
        name = (routine.slot_at(offset) if routine else None) or "a word"
        name = "the loop's limit" if " stop@" in name else name.partition("@")[0]
        written = self.names.value(pid, value)
        if op == "STOREF":
            return f"sets {name} on its own stack to {written}"
        return f"reads {name}, {written}, from its own stack into {REGISTER_NAMES[a]}"

    def _through_an_address(self, key: ThreadId, number: int, instruction: Instruction) -> str:
        process = self.history.processes[key[0]]
        base = process.data_base_of(process.threads[key[1]].program)
        touched = touches(instruction, self._before(key, number), base)
        assert touched is not None, "these use memory"
        place = self.names.word(*key, touched[0])
        value = self._value(key, self.record.threads[key].values[number])
        inside = self._in_a_frame(key, number, touched[0]) if place == OWN_STACK else ""
        if inside and touched[1] and inside.startswith("the "):
            return f"stores {value} over {inside}, on {place}"
        place = f"{inside} on {place}" if inside else place
        if touched[1]:
            return f"stores {value} in {place}"
        return f"reads {value} from {place} into {REGISTER_NAMES[instruction.a]}"

    def _in_a_frame(self, key: ThreadId, number: int, address: int) -> str:
        """Return what a word of the thread's own stack is called in the calls there; "" if nothing.

        What the processor keeps there is called "the …", so that a store over it is seen.
        """
        process, image = self.history.processes[key[0]], self._image(key)
        registers, index = self._before(key, number), self.record.threads[key].started(number)
        word = partial(self.history.words.at, key[0], tick=self.tick - 1)
        walked = walk_stack(image, process.code_base, index, registers, word)
        for depth, call in enumerate(islice(walked, MOST_FRAMES)):
            routine, place = call.routine, address - call.base
            if place in (0, WORD):
                what = "return address" if place else "saved frame pointer"
                return f"the {what} of {routine.name}"
            name = (routine.slot_at(place) or "").partition("@")[0]
            if name:
                return f"{name} of {routine.name}" if depth else name
        return ""

    def _stored(self, key: ThreadId, number: int) -> Effect:
        thread, image = self.record.threads[key], self._image(key)
        instruction = image.code[thread.started(number)]
        value, name = self._value(key, thread.values[number]), image.variable_at(instruction.b)
        name = name or "its data"
        lost = self._lost_update(key, number)
        if lost is not None:
            writer, other = lost
            return Effect(
                f"stores {value} over the {other} of T{writer} in {name}: that update is lost",
                FAILS,
                (f"T{writer} stored {other} there after T{key[1]} had read {name}.",),
            )
        siblings = [
            f"T{tid}"
            for tid, other in self.history.processes[key[0]].threads.items()
            if tid != key[1] and other.state.at(self.tick) not in ("", "terminated")
        ]
        return Effect(f"stores {value} in {name}", SEEN, _seen_by(siblings))

    def _lost_update(self, key: ThreadId, number: int) -> tuple[int, int] | None:
        """Return who stored what, if a store overwrites it that came after this one's load."""
        thread, image = self.record.threads[key], self._image(key)
        offset = image.code[thread.started(number)].b
        earlier = self._load_before(key, number, offset)
        if earlier is None:
            return None
        process = self.history.processes[key[0]]
        page, rest = divmod(
            process.data_base_of(process.threads[key[1]].program) + offset, process.page_size
        )
        holding = process.pages[page].at(self.tick)
        word = (holding.number, rest // WORD) if holding else (0, 0)
        lost = self.history.words.write_before(word, thread.executed_at(number))
        if lost is None:
            return None
        when, core, value = lost
        writer = self.history.cores[core].at(when - 1) if core != NO_CORE else None
        if writer is None or writer == key or (when, core) < thread.executed_at(earlier):
            return None
        return writer[1], value

    def _load_before(self, key: ThreadId, number: int, offset: int) -> int | None:
        """Return the number of the thread's last load of the global it now stores."""
        thread, image = self.record.threads[key], self._image(key)
        for earlier in range(number - 1, max(-1, number - _LOOK_BACK), -1):
            instruction = image.code[thread.started(earlier)]
            if instruction.op in ("LOAD", "STORE") and instruction.b == offset:
                return earlier if instruction.op == "LOAD" else None
        return None

    # System calls that no event tells of

    def _asked(self, key: ThreadId, number: int, instruction: Instruction) -> str:
        name, value = call_of(instruction), self.record.threads[key].values[number]
        registers = self._before(key, number)
        if name in ATOMIC:
            return self._in_one_step(name, key, registers, value)
        text = _ASKED.get(name)
        if text is not None:
            return text(registers, value)
        return f"calls {name}, which returns {self._value(key, value)}"

    def _in_one_step(self, name: str, key: ThreadId, registers: list[int], value: int) -> str:
        place = self.names.word(*key, registers[0])
        if name == "test_and_set":
            return f"sets {place} to 1 in one step; it was {value}"
        if name == "fetch_and_add":
            return f"adds {registers[1]} to {place} in one step; it was {value}"
        if value:
            return f"finds {registers[1]} in {place} and sets it to {registers[2]}, in one step"
        return f"does not find {registers[1]} in {place}, and leaves it as it is"


def _seen_by(siblings: list[str]) -> tuple[str, ...]:
    """Say which other threads of the process see what one has stored."""
    if not siblings:
        return ()
    if len(siblings) > _MOST_NAMED:
        return (f"Data is shared, so {len(siblings)} other threads now see the new value too.",)
    see = "sees" if len(siblings) == 1 else "see"
    return (f"Data is shared, so {' and '.join(siblings)} now {see} the new value too.",)


def _nothing_to_wait_for(registers: list[int], value: int) -> str:
    return "has nothing to wait for"


def _nobody_notified(registers: list[int], value: int) -> str:
    return "notifies no thread, because none waits there"


_ASKED: dict[str, Callable[[list[int], int], str]] = {
    "work": lambda registers, _: f"computes for {plural(max(1, registers[0]), 'tick')}",
    "wait": lambda *_: "",  # told of the child
    "sleep": _nothing_to_wait_for,
    "io": _nothing_to_wait_for,
    "try_acquire": lambda *_: "does not get the lock, which is held, and does not wait for it",
    "acquire_timed": lambda *_: "does not get the lock, which is held, and does not wait for it",
    "try_down": lambda *_: "takes nothing from the semaphore, which is 0, and does not wait",
    "down_timed": lambda *_: "takes nothing from the semaphore, which is 0, and does not wait",
    "wait_timed": lambda *_: "does not wait to be notified: no time is left",
    "atomic_begin": lambda *_: "begins an atomic block, in which no other thread runs",
    "atomic_end": lambda *_: "ends an atomic block, so that other threads run again",
    "notify": _nobody_notified,
    "notify_all": _nobody_notified,
    "join": lambda registers, value: (
        f"joins T{registers[0]}, which has ended, and gets its result, {value}"
    ),
    "gettid": lambda _, value: f"asks for its own tid: {value}",
    "getpid": lambda _, value: f"asks for its own pid: {value}",
    "getppid": lambda _, value: f"asks for its parent's pid: {value}",
    "exit_status": lambda _, value: (
        "gets no exit code of the child it waited for: a signal ended it"
        if value < 0
        else f"asks for the exit status of the child it waited for: {value}"
    ),
    "term_signal": lambda _, value: (
        f"asks which signal ended the child it waited for: {Signal(value).told}"
        if value
        else "asks which signal ended the child it waited for: none"
    ),
    "sender": lambda _, value: f"asks which process sent that: pid {value}",
}
"""System call -> what is told of it, from the registers before and the answer."""
