"""What happened at a tick, in plain sentences.

What the operating system did goes first; where it did nothing, the sentence says what
the running threads computed.
"""

from __future__ import annotations

from collections import defaultdict

from kit.lang.image import Image
from kit.lang.instructions import OPERATORS, REGISTER_NAMES, WORD
from kit.lang.system_calls import NAMES
from kit.sim.recording import NO_CORE, Event, Key
from kit.trace import told, told_calls
from kit.trace.histories import ProcessHistory
from kit.trace.history import History
from kit.trace.names import Names
from kit.trace.record import Record

TELLERS = told.TELLERS | told_calls.TELLERS
"""Kind of event -> what makes a sentence of it."""

TOLD_TOGETHER = frozenset({"load", "dispatch", "preempt"})
"""Kinds of which all at one tick make a sentence."""

SILENT = frozenset(
    {"segment", "drop", "map", "unmap", "protect", "move", "swap_copy", "fill", "admit"}
)
"""Kinds that are part of what another event tells."""

BEFORE_EFFECT = frozenset(
    {
        "launch",
        "place",
        "relocate",
        "no_hole",
        "load",
        "page_fault",
        "own",
        "copy",
        "swap_out",
        "swap_in",
        "flush",
        "tlb_miss",
    }
)
"""Kinds by which a page is found: what the instruction does with it comes behind them."""

_FIRST = {"launch": 0, "page_fault": 1}
"""Kinds that are told before the others of their tick."""

_LOOK_BACK = 64
"""How many instructions back a load is searched that a store belongs to."""


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
        self.record, self.history, self.names = record, history, Names(history)

    def sentence(self, tick: int) -> str:
        """Return what happened at `tick`."""
        events = self.record.events.at(tick)
        sentences = self._told(events, before=True)
        sentences += self._computed(tick, {_caller(event) for event in events})
        sentences += self._told(events, before=False)
        sentences += self._switches(events)
        return " ".join(sentence for sentence in sentences if sentence) or self._quiet(tick)

    def _told(self, events: list[Event], before: bool) -> list[str]:
        """Tell the events that come before an instruction has its effect, or the others."""
        sentences = []
        for event in sorted(events, key=lambda event: _FIRST.get(event[1], len(_FIRST))):
            kind = event[1]
            if (kind in BEFORE_EFFECT) is not before:
                continue
            if kind == "load" and event is _first_load(events):
                sentences.extend(self._loads(events))
            elif kind in TELLERS:
                sentences.append(TELLERS[kind](self.names, event))
        return sentences

    def _image(self, key: Key) -> Image:
        """Return the program that a thread executes."""
        return self.history.processes[key[0]].threads[key[1]].program.image

    def _loads(self, events: list[Event]) -> list[str]:
        """Tell of all pages that came from disk, a sentence a process."""
        pages: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for event in events:
            if event[1] == "load":
                _, _, pid, _, segment, _, frame = event
                pages[pid].setdefault(segment, []).append(frame)
        return [
            f"{_named(list(parts))} of {self.names.process(pid)} "
            f"{'come' if len(parts) > 1 else 'comes'} from disk into RAM, "
            f"{_frames([f for frames in parts.values() for f in frames])}."
            for pid, parts in pages.items()
        ]

    def _switches(self, events: list[Event]) -> list[str]:
        bumped = [(event[2], event[3]) for event in events if event[1] == "bump"]
        left = [(event[2], event[3]) for event in events if event[1] == "preempt"]
        sentences = [
            f"The slice of {self.names.thread(*key)} is used up."
            for key in left
            if key not in bumped
        ]
        sentences += [self._given(event) for event in events if event[1] == "dispatch"]
        return sentences

    def _given(self, event: Event) -> str:
        """Tell of a core that is given to a thread, and what that replaces."""
        tick, _, pid, tid, core = event
        given = f"{self.names.thread(pid, tid)} gets core {core}"
        last = self.history.last_on(core, tick)
        if last in (None, (pid, tid)):
            return f"{given}."
        space = " and its address space" if last[0] != pid else ""
        return f"{given}: its registers{space} replace those of {self.names.thread(*last)}."

    # Instructions

    def _computed(self, tick: int, already: set[Key]) -> list[str]:
        """Tell what threads computed, except those whose system call was told `already`."""
        sentences = []
        for key, thread in self.record.threads.items():
            if key in already:
                continue
            number = thread.retired(tick)
            if number and thread.retired(tick - 1) < number:
                text = self._instruction(key, number - 1, tick)
                if text:
                    sentences.append(f"{self.names.thread(*key)} {text}.")
        return sentences

    def _instruction(self, key: Key, number: int, tick: int) -> str:  # noqa: PLR0911 - a case each
        thread, image = self.record.threads[key], self._image(key)
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
                line = image.line_of(thread.targets[number])
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
        thread, image = self.record.threads[key], self._image(key)
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
        thread, image = self.record.threads[key], self._image(key)
        offset = image.code[thread.started(number)].b
        earlier = self._load_before(key, number, offset)
        if earlier is None:
            return ""
        process = self.history.processes[key[0]]
        page, rest = divmod(
            process.data_base_of(process.threads[key[1]].program) + offset, process.page_size
        )
        holding = process.pages[page].at(tick)
        word = (holding.number, rest // WORD) if holding else (0, 0)
        lost = self.history.words.write_before(word, thread.executed_at(number))
        if lost is None:
            return ""
        when, core, value = lost
        writer = self.history.cores[core].at(when - 1) if core != NO_CORE else None
        if writer is None or writer == key or (when, core) < thread.executed_at(earlier):
            return ""
        return f"T{writer[1]} stored {value} there since T{key[1]} read it: that update is lost"

    def _load_before(self, key: Key, number: int, offset: int) -> int | None:
        """Return the number of the thread's last load of the global it now stores."""
        thread, image = self.record.threads[key], self._image(key)
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
                    return f"{self.names.thread(process.pid, tid)} keeps computing."
        for process in alive:
            if any(thread.state.at(tick) == "new" for thread in process.threads.values()):
                name = self.names.process(process.pid)
                return f"The operating system brings {name} from disk into RAM."
        if alive:
            return "Every core is idle: all threads are blocked."
        if any(p.launched <= tick for p in processes.values()):
            return "No process is left; the programs lie on disk as before."
        return "The programs lie on disk: static, not executed, no memory given to them."


def _lives(process: ProcessHistory, tick: int) -> bool:
    return process.exit is None or tick < process.exit[0]


def _caller(event: Event) -> Key:
    """Return whose system call or fault an event already tells of; (0, 0) for nobody's."""
    _, kind, pid, tid, *details = event
    if kind == "thread":
        return pid, details[2]
    if kind == "fork":
        return details[1], tid
    return (pid, tid) if kind in _BY_INSTRUCTION else (0, 0)


_BY_INSTRUCTION = frozenset(told_calls.TELLERS) - {"io_done", "lock_left_held"} | {
    "print",
    "fault",
    "block",
    "alloc",
    "free",
    "end",
    "kill",
}
"""Events that tell already what the system call at their tick did."""
