"""Questions about the memory that threads and processes share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import NamedTuple

from kit.errors import ArgumentError, explain_arguments, require
from kit.quiz.kinds.kind import Details, spread
from kit.quiz.looking import (
    ancestors,
    check_at,
    check_process,
    check_thread,
    process_name,
    thread_name,
)
from kit.quiz.question import SEVERAL, Choice, Question
from kit.sim.recording import ThreadId
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.process_history import pages_of

NOTHING = "none of these"
PARTS = ("code", "data", "heap", "stack")
Who = int | tuple[int, int]


class Pair(NamedTuple):
    """The two that are asked about, and how they are called."""

    one: ThreadId
    other: ThreadId
    names: str


@explain_arguments
def shared(trace: Trace, at: int, one: Who, other: Who) -> Question:
    """Ask what two threads, or two processes, share.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick at which both are there. A player stops where the answer was last another one: for
        two threads, before the second of them is made.
    one, other : int or (pid, tid)
        A process, or a thread.

    Notes
    -----
    Wrong ideas: each thread has data and heap of its own; the same address is the same place in
    RAM; a child sees what its parent writes; fork copies all memory at once.
    """
    check_at("shared", trace, at)
    first, second = _key(trace, one), _key(trace, other)
    require(first != second, f"shared: one and other are both {one}; give two different ones")
    for key in (first, second):
        _check_there(trace, key, at)
    threads = first[0] == second[0]
    pair = Pair(first, second, _names(trace, first, second, at))
    found = _of_threads(trace, pair, at) if threads else _of_processes(trace, pair, at)
    before = at - 1
    while before > 0 and _answer(trace, pair, before) == _answer(trace, pair, at):
        before -= 1
    choices = tuple(found)
    nothing = next((c.feedback for c in choices if c.correct and c.text == NOTHING), "")
    return Question(
        _prompt(pair, at, threads=threads),
        choices,
        at,
        kind="shared",
        at=max(0, before),
        form=SEVERAL,
        why=_why(pair, nothing),
        run=trace.digest,
    )


def _prompt(pair: Pair, at: int, *, threads: bool) -> str:
    if threads:
        return f"At tick {at}: which of these do {pair.names} share?"
    return f"At tick {at}: which of these are in the same frames of RAM for {pair.names}?"


def _key(trace: Trace, who: object) -> ThreadId:
    """Return (pid, tid); tid 0 for a whole process."""
    if isinstance(who, int) and not isinstance(who, bool):
        check_process("shared", trace, who)
        return who, 0
    if isinstance(who, tuple | list) and len(who) == 2:
        check_thread("shared", trace, *who)
        return who[0], who[1]
    raise ArgumentError(f"shared: {who!r} is neither a pid nor (pid, tid); give one of them")


def _there(trace: Trace, key: ThreadId, tick: int) -> bool:
    process = trace.history.processes[key[0]]
    if process.launched > tick or (process.exit is not None and process.exit[0] <= tick):
        return False
    return not key[1] or process.threads[key[1]].state.at(tick) not in ("", "terminated")


def _check_there(trace: Trace, key: ThreadId, at: int) -> None:
    if _there(trace, key, at):
        return
    ticks = [tick for tick in range(trace.end + 1) if _there(trace, key, tick)]
    who = f"thread {key}" if key[1] else f"process {key[0]}"
    when = f"ask from tick {ticks[0]} to {ticks[-1]}" if ticks else "ask about another one"
    raise ArgumentError(f"shared: {who} is not there at tick {at}; {when}")


def _names(trace: Trace, one: ThreadId, other: ThreadId, at: int) -> str:
    if one[0] == other[0]:
        return f"T{one[1]} and {thread_name(trace, other, at)}"
    return f"{process_name(trace, one[0], at)} and {process_name(trace, other[0], at)}"


def _answer(trace: Trace, pair: Pair, tick: int) -> object:
    """Return what can be compared with the answer of another tick; None if one is not there."""
    if not all(_there(trace, key, tick) for key in pair[:2]):
        return None
    if pair.one[0] == pair.other[0]:
        return True
    names = sorted({*_areas(trace, pair, tick), *PARTS})
    return tuple(_same_frames(trace, pair, name, tick) for name in names)


def _why(pair: Pair, nothing: str) -> str:
    """Return what is told to who is right; `nothing` says why the two share nothing."""
    if pair.one[0] == pair.other[0]:
        return (
            "Right: threads of one process share what the process was given. Only the path of "
            "execution is its own: stack and registers."
        )
    if nothing:
        return f"Right: {nothing[0].lower()}{nothing[1:]}"
    return "Right: these are the parts that both page tables map to the same frames."


# Threads


def _of_threads(trace: Trace, pair: Pair, at: int) -> Iterator[Choice]:
    names = {segment.name for segment in trace.at(at).processes[pair.one[0]].segments}
    own = "It belongs to the process, and both threads are part of that process."
    yield Choice("code", True, f"{own} Both execute the same program.", "", at)
    for name in ("data", "heap"):
        if name in names:
            yield Choice(name, True, own, "own_data", at)
    for name in sorted(names):
        if SegmentName.of(name).kind == "shared":
            yield Choice(_area(name), True, own, "own_data", at)
    if _has_files(trace, pair.one[0], at):
        yield Choice("open files", True, "Descriptors belong to the process.", "", at)
    sentence = (
        "Each thread has its own stack, because it runs its own function calls. All stacks are "
        "in one address space, though, so any thread with the address can use them."
    )
    yield Choice("stack", False, sentence, "", at)
    sentence = "Each thread has its own values in them; a context switch saves and restores them."
    yield Choice("registers", False, sentence, "shared_registers", at)


def _has_files(trace: Trace, pid: int, at: int) -> bool:
    """Tell whether a process has opened something by then."""
    ticks = trace.history.files.tables[pid].ticks
    return bool(ticks) and ticks[0] <= at


# Processes


def _of_processes(trace: Trace, pair: Pair, at: int) -> Iterator[Choice]:
    some = False
    for name in (*PARTS, *_areas(trace, pair, at)):
        same = _same_frames(trace, pair, name, at)
        if same is None:
            continue
        some = some or same
        sentence, misconception = _told(trace, pair, name, same)
        yield Choice(_area(name), same, sentence, misconception, at)
    sentence = "Each process has its own values in them; a context switch saves and restores them."
    yield Choice("registers", False, sentence, "shared_registers", at)
    if not some:
        yield Choice(NOTHING, True, _apart(trace, pair, at))
        return
    sentence = "Look at the frames: some are used by pages of both."
    yield Choice(NOTHING, False, sentence, _nothing_idea(trace, pair, at), at)


def _nothing_idea(trace: Trace, pair: Pair, at: int) -> str:
    """Return the idea of those who think that two processes share nothing, though they do."""
    one, other = pair.one[0], pair.other[0]
    if any(_same_frames(trace, pair, name, at) for name in _areas(trace, pair, at)):
        return "isolation_is_total"
    related = one in ancestors(trace, other) or other in ancestors(trace, one)
    return "fork_copies_at_once" if related else "own_code"


def _apart(trace: Trace, pair: Pair, at: int) -> str:
    """Return why no part is the same; of one that is so here and there nobody is asked."""
    tables = (trace.at(at).processes[key[0]].page_table.values() for key in pair[:2])
    if not set.intersection(*map(set, tables)):
        return "Their page tables have no frame in common."
    return "For each of these, the two page tables lead to different frames."


def _area(name: str) -> str:
    part = SegmentName.of(name)
    return f"the shared memory '{part.area}'" if part.kind == "shared" else name


def _areas(trace: Trace, pair: Pair, at: int) -> list[str]:
    names: dict[str, None] = {}
    for key in pair[:2]:
        process = trace.history.processes[key[0]]
        for name, bounds in process.segments.items():
            if SegmentName.of(name).kind == "shared" and bounds.at(at) is not None:
                names[name] = None
    return sorted(names)


def _frames(trace: Trace, pid: int, part: str, tick: int) -> set[int]:
    """Return the frames of a part of an address space; "stack" is all its stacks."""
    process, size = trace.history.processes[pid], trace.settings.page_size
    found = set()
    for name, steps in process.segments.items():
        if part in (name, SegmentName.of(name).kind):
            for page in pages_of(steps.at(tick), size):
                held = process.pages[page].at(tick) if page in process.pages else None
                if held is not None and held.frame >= 0:
                    found.add(held.frame)
    return found


def _same_frames(trace: Trace, pair: Pair, part: str, tick: int) -> bool | None:
    """Tell whether a part is in the same frames; None if in some only, or it is not there."""
    one, other = (_frames(trace, key[0], part, tick) for key in pair[:2])
    if not one or not other:
        return None
    if one == other:
        return True
    return None if one & other else False


def _told(trace: Trace, pair: Pair, name: str, same: bool) -> tuple[str, str]:
    """Return what is told of a part, and the idea behind the wrong answer."""
    one, other = pair.one[0], pair.other[0]
    related = one in ancestors(trace, other) or other in ancestors(trace, one)
    if same and SegmentName.of(name).kind == "shared":
        return "Both asked for this memory by its name, so both page tables lead to it.", ""
    if same and name == "code" and not related:
        return (
            "Both run one program, and neither can write its code: once is enough.",
            "own_code",
        )
    if same:
        sentence = (
            "After fork both page tables lead to the same frames; only a process that writes gets "
            "a copy (copy on write)."
        )
        return sentence, "fork_copies_at_once"
    sentence = "The virtual addresses may be equal; the page tables lead to different frames."
    if name == "code":
        return f"Each process was loaded from the file separately. {sentence}", "program_is_process"
    if name == "data":
        idea = "child_sees_parent" if related else "shares_memory"
        return f"Each process has its own data. {sentence}", idea
    return f"Each process has its own {name}. {sentence}", "virtual_is_physical"


def propose_shared(trace: Trace) -> Iterator[Details]:
    """Yield pairs of threads, and of processes, when both are there."""
    for pid, process in trace.history.processes.items():
        tids = [tid for tid, thread in process.threads.items() if thread.program == process.program]
        made = {tid: process.threads[tid].state.ticks[0] for tid in tids}
        for one, other in islice(combinations(tids[:3], 2), 2):
            at = min(trace.end, max(made[one], made[other]) + 1)
            yield {"at": at, "one": (pid, one), "other": (pid, other)}
    for one, other in islice(combinations(trace.history.processes, 2), 4):
        known = trace.history.processes
        since = max(known[one].launched, known[other].launched)
        copies = [e.tick for e in trace.happened("copy", "load") if e.pid in (one, other)]
        for at in spread([since, *(tick for tick in copies if tick > since)], 3):
            yield {"at": min(trace.end, at + 1), "one": one, "other": other}
