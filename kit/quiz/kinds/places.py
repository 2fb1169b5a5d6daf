"""Questions that are answered on the picture: in which segment something stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.errors import ArgumentError, explain_arguments, nearest, require
from kit.quiz.kinds.kind import Details, of_process, spread
from kit.quiz.looking import check_at, check_process, check_thread, process_name
from kit.quiz.question import CLICK, IN_PICTURE, Choice, Question
from kit.sim.process import FIRST_PID
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.process_history import ThreadHistory

BLOCK, RETURN = "block", "return address"
"""Names of what is neither a variable nor a function."""


class SegmentChoice(NamedTuple):
    """Where something is.

    Attributes
    ----------
    what : str
        How it is called.
    segment : str
    tick : int
        Since when it is there.
    why : str
    function : str
        Of a local variable, the one that has it; else empty.
    leads : bool
        Whether it is a local variable that holds the address of an allocated block.
    """

    what: str
    segment: str
    tick: int
    why: str
    function: str = ""
    leads: bool = False


@explain_arguments
def segment(
    trace: Trace, name: str, at: int, pid: int = FIRST_PID, tid: int | None = None
) -> Question:
    """Ask in which segment something stands; it is answered on the picture.

    Parameters
    ----------
    trace : Trace
    name : str
        A global; a parameter or local variable, such as "i" or "worker.i"; a function, for its
        code; "block" for the next block that is allocated; or "return address" for what the
        next call of a function keeps.
    at : int
        Tick at which the segments are there. A local variable or a block is best asked for
        before it is made: then no view shows it yet.
    pid : int
    tid : int, optional
        The thread whose variable, call or block it is; the first one that fits if not given.

    Notes
    -----
    Wrong ideas: each thread has data and heap of its own; processes see each other's variables;
    a virtual address is a place in RAM.
    """
    check_at("segment", trace, at)
    check_process("segment", trace, pid)
    if tid is not None:
        check_thread("segment", trace, pid, tid)
    require(isinstance(name, str), f"segment: name is {name!r}; give a text, such as 'count'")
    place = _place(trace, name, at, pid, tid)
    segments = [
        (process.pid, found.name)
        for process in trace.at(at).processes.values()
        for found in process.segments
    ]
    if (pid, place.segment) not in segments:
        _refuse(trace, pid, place, at)
    choices = tuple(_choice(trace, *where, pid, place, at) for where in segments)
    return Question(
        f"{place.what} in {process_name(trace, pid, at)}: which segment is it in?{CLICK}",
        choices,
        max(at, place.tick),
        kind="segment",
        at=at,
        form=IN_PICTURE,
        run=trace.digest,
    )


def _refuse(trace: Trace, pid: int, place: SegmentChoice, at: int) -> None:
    steps = trace.history.processes[pid].segments.get(place.segment)
    ticks = [tick for tick, bounds in steps if bounds is not None] if steps else []
    when = f"ask at tick {ticks[0]} or a little later" if ticks else "ask about something else"
    raise ArgumentError(f"segment: process {pid} has no {place.segment} at tick {at}; {when}")


def _choice(trace: Trace, owner: int, name: str, pid: int, place: SegmentChoice, at: int) -> Choice:
    kind, tid, _ = SegmentName.of(name)
    where = (owner, "stack" if tid else name, tid)
    who = process_name(trace, owner, at)
    text = f"{f'stack of T{tid}' if tid else name} of {who}"
    correct = (owner, name) == (pid, place.segment)
    if correct:
        return Choice(text, True, f"Right: {place.why}", "", None, where)
    sentence, idea = f"No: {place.why}", ""
    if owner != pid:
        sentence, idea = f"That is another process. {sentence}", "shares_memory"
        if name == place.segment:
            sentence += " The address may be the same, but it is mapped to another frame."
            idea = "virtual_is_physical"
    elif kind == "stack" and SegmentName.of(place.segment).kind != "stack":
        idea = "own_data"
        sentence = f"A stack holds only the local variables of one thread's calls. {sentence}"
    else:
        same = bool(tid) and trace.history.processes[pid].threads[tid].function == place.function
        idea = _same_process(place, kind, same)
    return Choice(text, False, sentence, idea, None, where)


def _same_process(place: SegmentChoice, kind: str, same: bool) -> str:
    """Return the idea that leads to a wrong segment of the right process.

    Parameters
    ----------
    place : SegmentChoice
    kind : str
        Of the segment that is chosen.
    same : bool
        Whether it is the stack of a thread that began with the same function.
    """
    if kind == "data" and (place.function or place.segment == "heap"):
        return "variables_in_data"
    if kind == "code" and place.function:
        return "one_set_of_locals"
    if kind == "heap" and place.leads:
        return "pointer_is_block"
    return "thread_is_function" if kind == "stack" and same else ""


def _place(trace: Trace, name: str, at: int, pid: int, tid: int | None) -> SegmentChoice:
    """Return where something stands.

    Raises
    ------
    ArgumentError
        If there is nothing of that name.
    """
    process = trace.history.processes[pid]
    image = process.programs.at(at).image
    if name == BLOCK:
        return _block(trace, at, pid, tid)
    if name == RETURN:
        owner = tid or _first(process.threads, at)
        why = f"a call pushes it onto the stack of its thread, here T{owner}."
        return SegmentChoice(
            f"The return address of the next call in T{owner}", f"stack T{owner}", at, why
        )
    if name in image.variables:
        why = "globals are in the data segment, and all threads share it."
        return SegmentChoice(f"The global {name}", "data", at, why)
    if name in image.routines:
        why = "instructions are in the code segment, and all threads share it."
        return SegmentChoice(f"The code of {name}", "code", at, why)
    found = list(_locals(trace, name, at, pid, tid))
    known = [*image.variables, *image.routines, *_all_locals(trace, pid), BLOCK, RETURN]
    require(bool(found), f"segment: there is no '{name}' here; {nearest(str(name), known)}")
    function, variable, owner = found[0]
    why = f"parameters and local variables are on the stack of their thread, here T{owner}."
    what = f"The variable {variable} of {function} in T{owner}"
    shown = _first_use(trace, pid, owner, function, variable, at)
    leads = _leads_to_heap(trace, pid, owner, function, variable)
    return SegmentChoice(what, f"stack T{owner}", shown, why, function, leads)


def _leads_to_heap(trace: Trace, pid: int, tid: int, function: str, variable: str) -> bool:
    """Tell whether the address of an allocated block is ever stored in a local variable."""
    record, process = trace.record.threads.get((pid, tid)), trace.history.processes[pid]
    image = process.threads[tid].program.image
    routine, heap = image.routines[function], process.segments.get("heap")
    for tick, _, number, index in record.executed() if record and heap else ():
        instruction = image.code[index]
        own = instruction.op == "STOREF" and instruction.b == routine.slots[variable]
        start, end = (heap.at(tick) if heap else None) or (0, 0)
        there = own and routine.start <= index < routine.end
        if there and record and start <= record.values[number] < end:
            return True
    return False


def _first_use(trace: Trace, pid: int, tid: int, function: str, variable: str, at: int) -> int:
    """Return when a local variable is first used after a tick; that tick if it never is."""
    record = trace.record.threads.get((pid, tid))
    image = trace.history.processes[pid].threads[tid].program.image
    routine = image.routines[function]
    for tick, _, _, index in record.executed() if record else ():
        instruction = image.code[index]
        there = routine.start <= index < routine.end
        own = instruction.op in ("STOREF", "LOADF") and instruction.b == routine.slots[variable]
        if tick > at and there and own:
            return tick
    return at


def _first(threads: dict[int, ThreadHistory], at: int) -> int:
    there = (t for t, thread in threads.items() if thread.state.at(at) not in ("", "terminated"))
    return next(there, 1)


def _all_locals(trace: Trace, pid: int) -> list[str]:
    routines = trace.history.processes[pid].program.image.routines.values()
    names = {slot for routine in routines for slot in routine.slots if "@" not in slot}
    return sorted(names)


def _locals(
    trace: Trace, name: str, at: int, pid: int, tid: int | None
) -> Iterator[tuple[str, str, int]]:
    """Yield (function, variable, tid) of the local variables of a name, first those to come."""
    function, _, variable = name.rpartition(".")
    process = trace.history.processes[pid]
    for owner, thread in process.threads.items():
        image = thread.program.image
        there = thread.state.at(at) not in ("", "terminated")
        if not there or tid not in (None, owner):
            continue
        started = [thread.function, *_called(trace, pid, owner)]
        for called in dict.fromkeys(started):
            routine = image.routines.get(called)
            if routine and variable in routine.slots and function in ("", called):
                yield called, variable, owner


def _called(trace: Trace, pid: int, tid: int) -> Iterator[str]:
    """Yield the functions that a thread executes, in order."""
    record = trace.record.threads.get((pid, tid))
    image = trace.history.processes[pid].threads[tid].program.image
    for index in dict.fromkeys(record.targets if record else ()):
        routine = image.routine_at(index)
        if routine is not None:
            yield routine.name


def _block(trace: Trace, at: int, pid: int, tid: int | None) -> SegmentChoice:
    events = trace.happened("alloc", pid=pid, tid=tid)
    event = next((e for e in events if e.tick > at), None)
    if event is None:
        last = f"ask before tick {events[-1].tick}" if events else "ask about a variable"
        raise ArgumentError(f"segment: process {pid} allocates no block after tick {at}; {last}")
    what = f"The block that T{event.tid} is about to allocate"
    why = "allocated blocks are in the heap, where every thread of the process can reach them."
    return SegmentChoice(what, "heap", event.tick, why)


def propose_segment(trace: Trace) -> Iterator[Details]:
    """Yield blocks before they are allocated, and local variables before they are written."""
    for event in spread(trace.happened("alloc"), 3):
        yield {"name": "block", "at": event.tick - 1, **of_process(event.pid), "tid": event.tid}
    for event in spread(trace.happened("thread"), 5):
        thread = trace.history.processes[event.pid].threads[event.tid]
        routine = thread.program.image.routines.get(thread.function)
        slots = routine.slots.items() if routine else ()
        own = [name for name, offset in slots if offset < 0 and "@" not in name]
        if own and trace.history.births[event.key].creator is not None:
            name = f"{thread.function}.{own[0]}"
            yield {"name": name, "at": event.tick, **of_process(event.pid), "tid": event.tid}
