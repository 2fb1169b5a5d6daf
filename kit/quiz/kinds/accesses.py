"""Questions about what becomes of an access to memory: nothing special, a page fault, the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kit.errors import ArgumentError, explain_arguments
from kit.lang.instructions import WORD
from kit.quiz.kinds.kind import LONG, MOST, Details, of_process, spread
from kit.quiz.looking import check_at, check_process, check_thread, make, refuse, thread_name
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.sim.recording import ThreadId
from kit.sim.registers import touches
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.narration.names import Names
from kit.trace.references import executed
from kit.trace.state.processes import Fault


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


ALL_END = "The whole process ends, with all its threads"
BROUGHT_IN = "A page fault: the page is brought in, and the program continues"


@explain_arguments
def faults(
    trace: Trace, at: int, pid: int = FIRST_PID, tid: int | None = None, special: bool = True
) -> Question:
    """Ask what happens at the next access to memory that is special; at the next one if none is.

    Special are page faults, fatal faults, and accesses to another thread's stack or to a block
    that was freed.

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
    place in RAM; a fault ends only its thread; stacks are protected from each other; free gives
    memory back to the system.
    """
    check_at("faults", trace, at)
    check_process("faults", trace, pid)
    if tid is not None:
        check_thread("faults", trace, pid, tid)
    keys = [key for key in trace.record.threads if key[0] == pid and tid in (None, key[1])]
    found = [access for key in keys for access in accesses(trace, key)]
    later = [access for access in found if access.tick > at]
    strange = [access for access in later if _is_strange(trace, access)]
    access = min(strange if special else later, default=None)
    asked = _of_fault(trace, keys, at, trace.end if access is None else access.tick)
    if asked is not None:
        return asked
    if not later:
        raise refuse("faults", f"process {pid} uses no memory", [a.tick for a in found], at)
    return _nothing_special(trace, access or min(later), at)


def _of_fault(trace: Trace, keys: list[ThreadId], at: int, last: int) -> Question | None:
    """Return the question about the next fault of some threads, if it comes until `last`."""
    paged = [f for f in trace.history.memory.page_faults if f.key in keys and at < f.tick <= last]
    fatal = [f for f in trace.history.faults if (f.pid, f.tid) in keys and at < f.tick <= last]
    # After a fatal one in the same tick, of another thread, nothing of the process continues.
    if paged and not (fatal and fatal[0].tick <= paged[0].tick):
        first = paged[0]
        return _page_fault(trace, first.key, first.address, bool(first.writing), first.tick, at)
    return _fatal(trace, fatal[0], at) if fatal else None


def accesses(trace: Trace, key: ThreadId) -> Iterator[Access]:
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


def _is_strange(trace: Trace, access: Access) -> bool:
    return stack_owner(trace, access) not in (0, access.tid) or freed_at(trace, access) is not None


def freed_at(trace: Trace, access: Access) -> int | None:
    """Return when the block was freed in which a word is; None if it is in no such block."""
    freed: int | None = None
    for change in trace.history.heaps.changes.get(access.pid, ()):
        end = change.address + change.words * WORD
        if change.tick < access.tick and change.address <= access.address < end:
            freed = change.tick if change.call == "free" else None
    return freed


def _prompt(trace: Trace, key: ThreadId, at: int, doing: str, index: int) -> str:
    program = trace.history.processes[key[0]].threads[key[1]].program
    line = program.image.line_of(index)
    lines = program.text.splitlines()
    source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    where = f" (line {line}: {source})" if source else ""
    return f"After tick {at}, {thread_name(trace, key, at)} {doing}{where}. What happens?"


def _doing(trace: Trace, key: ThreadId, address: int, writes: bool, tick: int) -> str:
    verb = "is about to write" if writes else "is about to read"
    thread = trace.history.processes[key[0]].threads[key[1]]
    start = trace.history.processes[key[0]].code_base
    if start <= address < start + thread.program.image.code_bytes and not writes:
        return f"is about to fetch its next instruction, at {address:#06x}"
    name = Names(trace.history, tick).word(*key, address)
    where = f"{address:#06x}"
    place = f"the word at {where}" if where in name else f"{name}, at {where}"
    return f"{verb} {place}"


def _in_ram(address: int, writes: bool, tick: int) -> Idea:
    """Return what would be so if addresses were places in RAM."""
    verb = "changes" if writes else "reads"
    return Idea(
        f"It {verb} the word at {address:#06x} of RAM, whichever process that belongs to",
        "A program uses virtual addresses: the page table of its process says which frame each "
        "of them is mapped to, if any.",
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
            f"Right: the stack of T{owner} is in the same address space. It is private only by "
            "convention."
        )
        protected = (
            "All stacks of a process are in one address space, and nothing guards their words."
        )
    freed = freed_at(trace, access)
    if freed is not None:
        why = (
            f"Right: free gave the block back to the heap at tick {freed}, and not to the system. "
            "Its page is still mapped, so the hardware does not notice the mistake."
        )
        protected = (
            "free gives the block back to the heap of the process. The system knows nothing of "
            "it, and the page is still mapped."
        )
    idea = "protected_stacks" if stack else "free_gives_back" if freed is not None else ""
    own_table = "page_table_per_thread" if stack else ""
    several = len(trace.history.processes[access.pid].threads) > 1
    alone = f"Only T{access.tid} ends; the other threads continue"
    ideas = [
        Idea(ALL_END, protected, idea, access.tick),
        *([Idea(alone, protected, idea, access.tick)] if several else []),
        Idea(BROUGHT_IN, "The page is in RAM already.", own_table, access.tick),
        _in_ram(access.address, access.writes, access.tick),
    ]
    prompt = _prompt(trace, key, at, doing, access.instruction)
    answer = _plain(access.writes), why
    return make(trace, "faults", prompt, answer, ideas, access.tick, at)


# Faults


def _page_fault(
    trace: Trace, key: ThreadId, address: int, writes: bool, tick: int, at: int
) -> Question:
    index = trace.record.threads[key].index_at(tick - 1)
    page = address // trace.settings.page_size
    kinds = _mended(trace, key[0], page, tick)
    if not kinds:
        raise ArgumentError(
            f"faults: at tick {tick} {thread_name(trace, key, tick)} has a page fault, and ends, "
            f"or the run does, before the page has come; ask at tick {tick} or later"
        )
    what, sentence = _brought(kinds)
    copied = "copy" in kinds or "own" in kinds
    plain = "The page is not in RAM yet: it is brought in when it is first used, and not before."
    if copied:
        plain = "Both use the same frame until one of them writes; that one then gets a copy."
    ideas = [
        Idea(
            f"{ALL_END}",
            "A page fault is not an error: the system brings in the page and the instruction "
            "is tried again.",
            "fault_is_an_error",
            tick,
        ),
        Idea(_plain(writes), plain, _plain_idea(kinds), tick),
        _in_ram(address, writes, tick),
    ]
    doing = _doing(trace, key, address, writes, tick)
    prompt = _prompt(trace, key, at, doing, index)
    answer = f"A page fault: {what}, and the program continues"
    return make(trace, "faults", prompt, (answer, f"Right: {sentence}"), ideas, tick, at)


def _mended(trace: Trace, pid: int, page: int, tick: int) -> set[str]:
    """Return how a page comes after a page fault, which may take some ticks."""
    arrivals = trace.history.memory.arrivals
    came = [a for a in arrivals if a.tick >= tick and (a.pid, a.page) == (pid, page)]
    return {arrival.kind for arrival in came if arrival.tick == came[0].tick}


def _brought(kinds: set[str]) -> tuple[str, str]:
    """Return what a page fault leads to, and why."""
    if "swap_in" in kinds:
        return "the page comes back from the swap area", "it was moved there to make room in RAM."
    if "copy" in kinds:
        return (
            "its process gets a copy of the page",
            "both have used the same frame since fork; it is copied when one of them writes.",
        )
    if "own" in kinds:
        return (
            "its process keeps the page, without a copy",
            "no other process uses the frame any longer, so there is no need for a copy.",
        )
    if "share_code" in kinds:
        return (
            "the page is mapped to the frame in which another process has it",
            "processes of one program share its code.",
        )
    if "load" in kinds:
        return "the page is brought from disk", "it is used for the first time."
    return (
        "the page is mapped to a frame",
        "it is used for the first time, and nothing of it is on disk.",
    )


def _plain_idea(kinds: set[str]) -> str:
    return "fork_copies_at_once" if kinds & {"copy", "own"} else "loads_everything"


def _fatal(trace: Trace, event: Fault, at: int) -> Question:
    key, tick, process = (event.pid, event.tid), event.tick, trace.history.processes[event.pid]
    index, touched = _attempted(trace, event)
    whole = process.exit is not None and process.exit[0] == tick
    all_end, alone = (
        f"{ALL_END} ({event.kind})",
        f"Only T{event.tid} ends; the other threads continue",
    )
    ends = f"Right: {event.kind}, and nothing in the program handles it."
    answer, wrong = (all_end, alone) if whole else (alone, all_end)
    ideas = []
    if not whole:
        ideas.append(Idea(wrong, "On this machine an exception ends only its thread.", "", tick))
    elif len(process.threads) > 1:
        sentence = "A fatal fault ends the whole process."
        ideas.append(Idea(wrong, sentence, "thread_dies_alone", tick))
    if touched is not None:
        ideas.append(_in_ram(*touched, tick))
    sentence = "No page could be brought in that would make this possible."
    ideas.append(Idea(BROUGHT_IN, sentence, "any_page_can_come" if touched else "", tick))
    plain = "Nothing special" if touched is None else _plain(touched[1])
    sentence = "The processor cannot carry out the instruction, and tells the system."
    ideas.append(Idea(plain, sentence, "addresses_unchecked" if touched else "", tick))
    doing = "continues" if touched is None else _doing(trace, key, *touched, tick)
    prompt = _prompt(trace, key, at, doing, index)
    return make(trace, "faults", prompt, (answer, ends), ideas, tick, at)


def _attempted(trace: Trace, event: Fault) -> tuple[int, tuple[int, bool] | None]:
    """Return the instruction that failed, and the access to memory that made it fail, if any."""
    record = trace.record.threads[event.pid, event.tid]
    process = trace.history.processes[event.pid]
    program = process.threads[event.tid].program
    index, code = record.index_at(event.tick - 1), program.image.code
    if index >= len(code) or event.kind not in _OF_MEMORY:
        return index, None
    registers = record.registers_at(event.tick - 1, program.image)
    touched = touches(code[index], registers, process.data_base_of(program))
    if code[index].op == "RET" and touched is not None:
        page = touched[0] // trace.settings.page_size
        # Its return address could be read: it is that one which leads nowhere.
        return index, None if process.segment_of(page, event.tick - 1) else touched
    return index, touched if touched is not None and touched[0] % WORD == 0 else None


_OF_MEMORY = frozenset({"segmentation fault", "protection fault", "stack overflow", "bus error"})
"""Faults that are about the address that an instruction uses."""


def propose_faults(trace: Trace) -> Iterator[Details]:
    """Yield ticks before faults, and before accesses to another thread's stack."""
    for event in [
        *spread(trace.happened("fault"), 4),
        *spread(trace.happened("page_fault"), 4),
    ]:
        yield {"at": event.tick - 1, **of_process(event.pid), "tid": event.tid}
    if trace.end > LONG:
        return
    heaps = trace.history.heaps.changes
    chosen = (key for key in trace.record.threads if key[1] > 1 or key[0] in heaps)
    for key in islice(chosen, MOST):
        for access in accesses(trace, key):
            if _is_strange(trace, access):
                yield {"at": access.tick - 1, **of_process(key[0]), "tid": key[1]}
                break
