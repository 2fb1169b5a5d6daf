"""Questions about what becomes of an access to memory: nothing special, a page fault, the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.errors import ArgumentError, explain_arguments
from kit.lang.instructions import WORD
from kit.quiz.looking import check_at, check_process, check_thread, make, refuse, thread_name
from kit.quiz.question import Idea, Question
from kit.sim.recording import Key
from kit.sim.registers import touches
from kit.sim.segments import SegmentName
from kit.trace import Event, Trace
from kit.trace.narration.names import Names
from kit.trace.references import executed


class Access(NamedTuple):
    """A thread reads or writes a word.

    Attributes
    ----------
    tick : int
        When the instruction has done it, or when it faults.
    pid, tid : int
    address : int
        Bytes.
    writes : bool
    instruction : int
        Its index in the code.
    """

    tick: int
    pid: int
    tid: int
    address: int
    writes: bool
    instruction: int


ALL_END = "The process ends, with all its threads"


@explain_arguments
def faults(
    trace: Trace, at: int, pid: int = 1, tid: int | None = None, special: bool = True
) -> Question:
    """Ask what happens at the next access to memory that is special; at the next one if none is.

    Special are page faults, fatal faults, and accesses to another thread's stack.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick before it.
    pid : int
    tid : int, optional
        The thread; any of the process if not given.
    special : bool
        Whether accesses are passed over of which there is nothing to tell.

    Notes
    -----
    Wrong ideas: a page fault is an error; the whole program is in RAM; a virtual address is a
    place in RAM; a fault ends only its thread; stacks are protected from each other.
    """
    check_at("faults", trace, at)
    check_process("faults", trace, pid)
    if tid is not None:
        check_thread("faults", trace, pid, tid)
    keys = [key for key in trace.record.threads if key[0] == pid and tid in (None, key[1])]
    events = [
        event
        for event in trace.happened("page_fault", "fault", pid=pid, tid=tid, after=at)
        if event.key in keys
    ]
    event = events[0] if events else None
    found = [access for key in keys for access in accesses(trace, key) if access.tick > at]
    strange = [access for access in found if stack_owner(trace, access) not in (0, access.tid)]
    access = min(strange if special else found, default=None)
    if event is not None and (access is None or event.tick <= access.tick):
        return _about_event(trace, event, at)
    if access is None:
        access = min(found, default=None)
    if access is None:
        done = [a.tick for key in keys for a in accesses(trace, key)]
        raise refuse("faults", f"process {pid} uses no memory", done, at)
    return _nothing_special(trace, access, at)


def accesses(trace: Trace, key: Key) -> Iterator[Access]:
    """Yield every access of a thread to a word of memory that succeeded, in order."""
    for done in executed(trace.record, trace.history, key):
        if done.touched is not None:
            yield Access(done.tick, *key, *done.touched, done.instruction)


def stack_owner(trace: Trace, access: Access) -> int:
    """Return the tid of the thread in whose stack a word stands; 0 if it is in none."""
    for name, steps in trace.history.processes[access.pid].segments.items():
        start, end = steps.at(access.tick) or steps.at(access.tick - 1) or (0, 0)
        part = SegmentName.of(name)
        if part.kind == "stack" and start <= access.address < end:
            return part.tid
    return 0


def _prompt(trace: Trace, key: Key, at: int, doing: str, index: int) -> str:
    program = trace.history.processes[key[0]].threads[key[1]].program
    line = program.image.line_of(index)
    lines = program.text.splitlines()
    source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    where = f" (line {line}: {source})" if source else ""
    return f"After tick {at}, {thread_name(trace, key, at)} {doing}{where}. What happens?"


def _doing(trace: Trace, key: Key, address: int, writes: bool, tick: int) -> str:
    verb = "wants to write" if writes else "wants to read"
    thread = trace.history.processes[key[0]].threads[key[1]]
    start = trace.history.processes[key[0]].code_base
    if start <= address < start + thread.program.image.code_bytes and not writes:
        return f"wants to fetch its next instruction, at {address:#06x}"
    name = Names(trace.history, tick).word(*key, address)
    where = f"{address:#06x}"
    place = f"the word at {where}" if where in name else f"{name}, at {where}"
    return f"{verb} {place}"


def _in_ram(address: int, writes: bool, tick: int) -> Idea:
    """Return what would be so if addresses were places in RAM."""
    verb = "changes" if writes else "reads"
    return Idea(
        f"It {verb} what stands at {address:#06x} in RAM, whoever's that is",
        "An address of a program is virtual: the page table of its process says which frame "
        "stands behind it, if any.",
        "virtual_is_physical",
        tick,
    )


def _plain(writes: bool) -> str:
    return f"Nothing special: the word is {'written' if writes else 'read'}"


# Nothing special


def _nothing_special(trace: Trace, access: Access, at: int) -> Question:
    key = access.pid, access.tid
    owner = stack_owner(trace, access)
    stack = owner not in (0, access.tid)
    doing = _doing(trace, key, access.address, access.writes, access.tick)
    why = "Right: the page is in RAM, and the page table allows it."
    protected = "The page is in RAM, and the page table allows it."
    if stack:
        why = (
            f"Right: the stack of T{owner} stands in the same address space. It is private only by "
            "convention."
        )
        protected = "All stacks of a process stand in one address space; nothing guards a word."
    idea = "protected_stacks" if stack else ""
    several = len(trace.history.processes[access.pid].threads) > 1
    alone = f"Only T{access.tid} ends; the others go on"
    ideas = [
        Idea(ALL_END, protected, idea, access.tick),
        *([Idea(alone, protected, idea, access.tick)] if several else []),
        Idea(
            "A page fault: the page is brought in, and the program goes on",
            "The page is there already.",
            "",
            access.tick,
        ),
        _in_ram(access.address, access.writes, access.tick),
    ]
    prompt = _prompt(trace, key, at, doing, access.instruction)
    answer = _plain(access.writes), why
    return make(trace, "faults", prompt, answer, ideas, access.tick, at)


# Faults


def _about_event(trace: Trace, event: Event, at: int) -> Question:
    if event.kind == "page_fault":
        return _page_fault(trace, event, at)
    return _fatal(trace, event, at)


def _page_fault(trace: Trace, event: Event, at: int) -> Question:
    key, tick = (event.pid, event.tid), event.tick
    address, writes = event.details["address"], bool(event.details["writing"])
    index = trace.record.threads[key].index_at(tick - 1)
    page = address // trace.settings.page_size
    kinds = _mended(trace, event, page)
    if not kinds:
        raise ArgumentError(
            f"faults: at tick {tick} {thread_name(trace, key, tick)} has a page fault, and ends, "
            f"or the run does, before the page has come; ask at tick {tick} or later"
        )
    what, told = _brought(kinds)
    copied = "copy" in kinds or "own" in kinds
    plain = "The page has to be brought in first: it comes when it is touched, not before."
    if copied:
        plain = "Both use the frame until one of them writes; then the writer gets a copy."
    ideas = [
        Idea(
            f"{ALL_END}",
            "A page fault is no error: the system mends it, and the instruction is tried again.",
            "fault_is_an_error",
            tick,
        ),
        Idea(_plain(writes), plain, _plain_idea(trace, event.pid, kinds), tick),
        _in_ram(address, writes, tick),
    ]
    doing = _doing(trace, key, address, writes, tick)
    prompt = _prompt(trace, key, at, doing, index)
    answer = f"A page fault: {what}, and the program goes on"
    return make(trace, "faults", prompt, (answer, f"Right: {told}"), ideas, tick, at)


def _mended(trace: Trace, fault: Event, page: int) -> set[str]:
    """Return the kinds of the events that bring a page, which may take some ticks."""
    came = trace.happened(*_MENDING, pid=fault.pid, after=fault.tick - 1)
    found = [event for event in came if event.details["page"] == page]
    return {e.kind for e in found if e.tick == found[0].tick}


_MENDING = ("map", "load", "swap_in", "copy", "own", "share")


def _brought(kinds: set[str]) -> tuple[str, str]:
    """Return what a page fault leads to, and why."""
    if "swap_in" in kinds:
        return "the page comes back from the swap area", "the page was put there to make room."
    if "copy" in kinds:
        return (
            "its process gets a copy of the page",
            "the frame was shared since fork, to be copied when somebody writes.",
        )
    if "own" in kinds:
        return (
            "its process keeps the page, for itself alone",
            "nobody else uses the frame any more, so that it need not be copied.",
        )
    if "load" in kinds:
        return "the page is brought from disk", "it is touched for the first time."
    return "the page gets a frame", "it is touched for the first time; nothing of it is on disk."


def _plain_idea(trace: Trace, pid: int, kinds: set[str]) -> str:
    if kinds & {"copy", "own"}:
        parent = trace.history.processes[pid].parent
        return "child_sees_parent" if parent else "shares_memory"
    return "loads_everything"


def _fatal(trace: Trace, event: Event, at: int) -> Question:
    key, tick, kind = (event.pid, event.tid), event.tick, event.details["fault"]
    record, process = trace.record.threads[key], trace.history.processes[event.pid]
    index = record.index_at(tick - 1)
    program = process.threads[event.tid].program
    registers = record.registers_at(tick - 1, program.image)
    code = program.image.code
    instruction = code[index] if index < len(code) else None
    base = process.data_base_of(program)
    touched = touches(instruction, registers, base) if instruction else None
    doing = "goes on"
    if touched is not None and kind in _OF_MEMORY and touched[0] % WORD == 0:
        doing = _doing(trace, key, *touched, tick)
    whole = process.exit is not None and process.exit[0] == tick
    all_end, alone = f"{ALL_END} ({kind})", f"Only T{event.tid} ends; the others go on"
    ends = f"Right: {kind}, and nothing in the program handles it."
    answer, wrong = (all_end, alone) if whole else (alone, all_end)
    if whole and len(process.threads) == 1:
        wrong = ""
    told = "A fatal fault ends the whole process." if whole else "Here it ends only its thread."
    ideas = [
        Idea(wrong, told, "thread_dies_alone" if whole else "", tick),
        *([_in_ram(*touched, tick)] if "wants" in doing and touched else []),
        Idea(
            "A page fault: the page is brought in, and the program goes on",
            "There is no page to be brought in that it could use.",
            "",
            tick,
        ),
        Idea(
            _plain(touched[1]) if "wants" in doing and touched else "Nothing special",
            "The processor cannot carry it out, and tells the system.",
            "",
            tick,
        ),
    ]
    prompt = _prompt(trace, key, at, doing, index)
    kept = [idea for idea in ideas if idea.text]
    return make(trace, "faults", prompt, (answer, ends), kept, tick, at)


_OF_MEMORY = frozenset({"segmentation fault", "protection fault", "stack overflow", "bus error"})
"""Faults that are about the address that an instruction uses."""
