"""What happened at a tick, in plain sentences.

What the operating system did goes first; where it did nothing, the sentence says what
the running threads computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from kit.lang.image import Image
from kit.lang.instructions import OPERATORS, REGISTER_NAMES, WORD
from kit.lang.system_calls import NAMES
from kit.sim.recording import Event, Key
from kit.trace.histories import ProcessHistory
from kit.trace.history import History
from kit.trace.record import Record

_LOOK_BACK = 64
"""How many instructions back a load is searched that a store belongs to."""


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _named(segments: list[str]) -> str:
    return " and ".join(segments).capitalize()


def _frames(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"frame {numbers[0]}"
    return f"frames {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _first_load(events: list[Event]) -> Event:
    return next(event for event in events if event[1] == "load")


class Narrator:
    """Tells a run.

    Parameters
    ----------
    record : Record
    history : History
        Of the same run.
    """

    def __init__(self, record: Record, history: History) -> None:
        self.record, self.history = record, history

    def sentence(self, tick: int) -> str:
        """Return what happened at `tick`."""
        events = self.record.events.at(tick)
        told = []
        for event in sorted(events, key=lambda event: event[1] != "launch"):
            if event[1] == "load" and event is _first_load(events):
                told.extend(self._loads(events))
            teller: Callable[[Event], str] | None = getattr(self, f"_tell_{event[1]}", None)
            if teller is not None:
                told.append(teller(event))
        told.extend(self._switches(events))
        told[:0] = self._computed(tick, {_caller(event) for event in events})
        return " ".join(sentence for sentence in told if sentence) or self._quiet(tick)

    # Names

    def thread(self, pid: int, tid: int) -> str:
        """Return how a thread is called: T2 of counter (pid 1)."""
        return f"T{tid} of {self.process(pid)}"

    def process(self, pid: int) -> str:
        """Return how a process is called: counter (pid 1)."""
        return f"{self.history.processes[pid].program.name} (pid {pid})"

    def _image(self, pid: int) -> Image:
        return self.history.processes[pid].program.image

    # Events

    def _tell_launch(self, event: Event) -> str:
        return (
            f"The operating system makes process {event[2]} from the program {event[4]}: an entry "
            "in the process table, an address space of its own."
        )

    def _loads(self, events: list[Event]) -> list[str]:
        """Tell of all pages that came from disk, a sentence a process."""
        pages: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for event in events:
            if event[1] == "load":
                _, _, pid, _, segment, _, frame = event
                pages[pid].setdefault(segment, []).append(frame)
        return [
            f"{_named(list(parts))} of {self.process(pid)} "
            f"{'come' if len(parts) > 1 else 'comes'} from disk into RAM, "
            f"{_frames([f for frames in parts.values() for f in frames])}."
            for pid, parts in pages.items()
        ]

    def _tell_thread(self, event: Event) -> str:
        _, _, pid, tid, function, arguments, creator = event
        if not creator:
            return f"{self.process(pid)} gets a stack and its first thread, T1, in main."
        given = ", ".join(map(str, arguments))
        return (
            f"T{creator} spawned {self.thread(pid, tid)} in {function}({given}): it gets a stack "
            "of its own and shares code, data and heap."
        )

    def _tell_block(self, event: Event) -> str:
        tick, _, pid, tid, _, reason, detail = event
        if reason == "join":
            return f"{self.thread(pid, tid)} waits for T{detail} to end and is blocked."
        return (
            f"{self.thread(pid, tid)} sleeps for {_plural(detail - tick, 'tick')} and is blocked."
        )

    def _tell_wake(self, event: Event) -> str:
        _, _, pid, tid, _ = event
        return f"{self.thread(pid, tid)} is woken and queues for a core."

    def _tell_end(self, event: Event) -> str:
        _, _, pid, tid, _, how, _ = event
        if how == "kill":
            return f"T{tid} is ended with its process."
        return f"{self.thread(pid, tid)} ended; its stack is freed."

    def _tell_exit(self, event: Event) -> str:
        _, _, pid, _, code, reason = event
        return (
            f"{self.process(pid)} ended ({reason}, exit code {code}); all its memory is free again."
        )

    def _tell_fault(self, event: Event) -> str:
        _, _, _, _, fault, message = event
        return f"{fault.capitalize()}: {message.partition(': ')[2]}. The whole process ends."

    def _tell_print(self, event: Event) -> str:
        _, _, pid, tid, text = event
        if not text.strip():
            return f"{self.thread(pid, tid)} printed an empty line."
        return f"{self.thread(pid, tid)} printed: {text.rstrip()}"

    def _tell_alloc(self, event: Event) -> str:
        _, _, pid, tid, address, words, *_ = event
        return (
            f"{self.thread(pid, tid)} got {_plural(words, 'word')} of heap at {address:#06x}; "
            "every thread of the process can reach them."
        )

    def _tell_free(self, event: Event) -> str:
        _, _, pid, tid, address, _ = event
        return f"{self.thread(pid, tid)} gave the heap block at {address:#06x} back."

    def _tell_refuse(self, event: Event) -> str:
        _, _, pid, tid, call, reason = event
        return f"{call} of {self.thread(pid, tid)} failed: {reason}."

    def _tell_stuck(self, _: Event) -> str:
        return "Nothing can run any more: every thread waits for another one."

    def _switches(self, events: list[Event]) -> list[str]:
        left = [(e[2], e[3]) for e in events if e[1] == "preempt"]
        told = [f"The slice of {self.thread(*key)} is used up." for key in left]
        for event in events:
            if event[1] == "dispatch":
                _, _, pid, tid, core = event
                told.append(f"{self.thread(pid, tid)} gets core {core}.")
        return told

    # Instructions

    def _computed(self, tick: int, already: set[Key]) -> list[str]:
        """Tell what threads computed, except those whose system call was told `already`."""
        told = []
        for key, thread in self.record.threads.items():
            if key in already:
                continue
            number = thread.retired(tick)
            if number and thread.retired(tick - 1) < number:
                text = self._instruction(key, number - 1, tick)
                if text:
                    told.append(f"{self.thread(*key)} {text}.")
        return told

    def _instruction(self, key: Key, number: int, tick: int) -> str:  # noqa: PLR0911 - a case each
        thread, image = self.record.threads[key], self._image(key[0])
        index, value = thread.started(number), thread.values[number]
        op, a, b, _ = image.code[index]
        match op:
            case "SYS" if any(event[2] == key[0] for event in self.record.events.at(tick)):
                return ""
            case "SYS":
                return f"asked the system: {NAMES[a]}; the answer is {value}"
            case "STORE":
                return self._stored(key, number, tick)
            case "LOAD":
                return f"read {image.variable_at(b)}, {value}, into {REGISTER_NAMES[a]}"
            case "STOREF" | "LOADF":
                return self._own(image, index, value)
            case "CALL":
                called = image.routine_at(thread.targets[number])
                return f"calls {called.name if called else 'a function'}"
            case "RET":
                back = image.routine_at(thread.targets[number])
                return f"returns to {back.name}" if back else "has finished its function"
            case "JZ" | "JNZ" | "JMP":
                line = image.lines[thread.targets[number]]
                return f"goes on at line {line}" if line else "goes on"
        return self._plain(image, index, value)

    def _plain(self, image: Image, index: int, value: int) -> str:
        op = image.code[index].op
        text = image.describe(index)
        if op.removesuffix("I") in OPERATORS:
            return f"computed {REGISTER_NAMES[image.code[index].a]} = {value} ({text})"
        return f"executed {text}"

    def _own(self, image: Image, index: int, value: int) -> str:
        op, a, offset, _ = image.code[index]
        routine = image.routine_at(index)
        slots = routine.slots if routine else {}
        name = next((name for name, place in slots.items() if place == offset), "a word")
        name = "the loop's limit" if " stop@" in name else name.partition("@")[0]
        if op == "STOREF":
            return f"set {name} on its own stack to {value}"
        return f"read {name}, {value}, from its own stack into {REGISTER_NAMES[a]}"

    def _stored(self, key: Key, number: int, tick: int) -> str:
        thread, image = self.record.threads[key], self._image(key[0])
        instruction = image.code[thread.started(number)]
        value, name = thread.values[number], image.variable_at(instruction.b)
        text = f"stored {value} in {name}"
        lost = self._lost_update(key, number, tick)
        if lost:
            return f"{text}; {lost}"
        siblings = [
            f"T{tid}"
            for tid, other in self.history.processes[key[0]].threads.items()
            if tid != key[1] and other.state.at(tick) not in ("", "terminated")
        ]
        if not siblings:
            return text
        return f"{text}; data is shared, so {' and '.join(siblings)} will read {value} too"

    def _lost_update(self, key: Key, number: int, tick: int) -> str:
        """Tell if a store overwrites what another thread stored since this one's load."""
        thread, image = self.record.threads[key], self._image(key[0])
        offset = image.code[thread.started(number)].b
        earlier = self._load_before(key, number, offset)
        if earlier is None:
            return ""
        process = self.history.processes[key[0]]
        page, rest = divmod(process.data_base + offset, process.page_size)
        holding = process.pages[page].at(tick)
        word = (holding.number, rest // WORD) if holding else (0, 0)
        lost = self.history.words.write_before(word, thread.executed_at(number))
        if lost is None:
            return ""
        when, core, value = lost
        writer = self.history.cores[core].at(when - 1) if core >= 0 else None
        if writer is None or writer == key or (when, core) < thread.executed_at(earlier):
            return ""
        return f"T{writer[1]} stored {value} there since T{key[1]} read it: that update is lost"

    def _load_before(self, key: Key, number: int, offset: int) -> int | None:
        """Return the number of the thread's last load of the global it now stores."""
        thread, image = self.record.threads[key], self._image(key[0])
        for earlier in range(number - 1, max(-1, number - _LOOK_BACK), -1):
            instruction = image.code[thread.started(earlier)]
            if instruction.op in ("LOAD", "STORE") and instruction.b == offset:
                return earlier if instruction.op == "LOAD" else None
        return None

    def _quiet(self, tick: int) -> str:
        processes = self.history.processes
        alive = [p for p in processes.values() if p.launched <= tick and _lives(p, tick)]
        for process in alive:
            for tid, thread in process.threads.items():
                if thread.core.at(tick) >= 0:
                    return f"{self.thread(process.pid, tid)} keeps computing."
        for process in alive:
            if process.threads[1].state.at(tick) == "new":
                return (
                    f"The operating system brings {self.process(process.pid)} from disk into RAM."
                )
        if alive:
            return "Every core is idle: all threads are blocked."
        if any(p.launched <= tick for p in processes.values()):
            return "No process is left; the programs lie on disk as before."
        return "The programs lie on disk: static, not executed, no memory given to them."


def _lives(process: ProcessHistory, tick: int) -> bool:
    return process.exit is None or tick < process.exit[0]


def _caller(event: Event) -> Key:
    """Return whose instruction an event already tells of; (0, 0) for nobody's."""
    _, kind, pid, tid, *details = event
    if kind == "thread":
        return pid, details[2]
    return (pid, tid) if kind in _BY_INSTRUCTION else (0, 0)


_BY_INSTRUCTION = frozenset({"print", "fault", "block", "alloc", "free", "refuse", "end"})
"""Events that tell already what the system call at their tick did."""
