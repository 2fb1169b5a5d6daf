"""Questions about the values of globals: at the end, and when they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kit.errors import explain_arguments
from kit.lang.program import Program
from kit.quiz.kinds.kind import LONG, Details, integer_globals, of_process, spread
from kit.quiz.kinds.locking import value_after_release
from kit.quiz.looking import (
    Use,
    ancestors,
    check_at,
    make,
    process_name,
    program_with,
    refuse,
    relatives,
    replay,
    start_of,
    thread_name,
    uses,
)
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.sim.recording import NO_CORE
from kit.trace import Trace


@explain_arguments
def final_value(trace: Trace, name: str, pid: int = FIRST_PID, at: int | None = None) -> Question:
    """Ask for the value of a global when the run ends.

    Parameters
    ----------
    trace : Trace
    name : str
        A global integer of the program.
    pid : int
    at : int, optional
        Tick at which it is asked, before the last store; if not given, the one before the
        first store.

    Notes
    -----
    Wrong ideas: no update is ever lost; each thread has data of its own; a child sees what
    its parent writes; another process's writes are seen here.
    """
    program = program_with("final_value", trace, pid, name)
    found = uses(trace, pid, program, name)
    stores = [use for use in found if use.writes]
    start = start_of(trace, pid, program, name)
    final, shown = (stores[-1].value, stores[-1].tick) if stores else (start, trace.end)
    if at is None:
        at = _before_stores(trace, pid, name, stores)
    check_at("final_value", trace, at)
    if at >= shown:
        raise refuse("final_value", f"nothing is stored in {name}", [shown], at)
    prompt = f"When the run is over, what will {name} be in {process_name(trace, pid, at)}?"
    why = f"Right: the last value stored in {name} is {final}."
    if not stores:
        why = f"Right: no thread stores anything in this {name}, so it stays {final}."
    ideas = _wrong_values(trace, pid, program, name, found, final)
    return make(trace, "final_value", prompt, (str(final), why), ideas, shown, at)


def _before_stores(trace: Trace, pid: int, name: str, stores: Sequence[Use]) -> int:
    """Return the tick before anybody stores into a variable of that name."""
    launched = trace.history.processes[pid].launched
    ticks = [use.tick for use in stores]
    for other in relatives(trace, pid, name):
        found = uses(trace, other, program_with("final_value", trace, other, name), name)
        ticks.extend(use.tick for use in found if use.writes and use.tick > launched)
    return max(launched, min(ticks, default=launched + 1) - 1)


@explain_arguments
def value_read(trace: Trace, name: str, at: int, pid: int = FIRST_PID) -> Question:
    """Ask which value a thread will read that is about to load a global.

    Parameters
    ----------
    trace : Trace
    name : str
        A global integer of the program.
    at : int
        Tick; the first load behind it is asked about.
    pid : int

    Notes
    -----
    Wrong ideas: each thread has data of its own; no update is ever lost; a child sees what
    its parent writes; processes see each other's variables; a lock locks the variable.
    """
    check_at("value_read", trace, at)
    program = program_with("value_read", trace, pid, name)
    found = uses(trace, pid, program, name)
    load = next((use for use in found if not use.writes and use.tick > at), None)
    if load is None:
        loads = [use.tick for use in found if not use.writes]
        raise refuse("value_read", f"no thread reads {name} in process {pid}", loads, at)
    who = thread_name(trace, (pid, load.tid), at)
    prompt = f"At tick {at}: {who} will be the next to read {name}. Which value will it get?"
    before = [use for use in found if use[:2] < load[:2]]
    writer = next((use for use in reversed(before) if use.writes), None)
    why = f"Right: {name} starts with {load.value}, and no thread has changed it yet."
    if writer is not None:
        by = f"T{writer.tid}" if writer.tid else "the system"
        why = f"Right: {by} stored {load.value} there at tick {writer.tick}."
    ideas = [
        *_locked_out(trace, name, found, load),
        *_wrong_values(trace, pid, program, name, before, load.value, load),
        *_earlier(name, before, at),
    ]
    return make(trace, "value_read", prompt, (str(load.value), why), ideas, load.tick, at)


def _locked_out(trace: Trace, name: str, found: list[Use], load: Use) -> Iterator[Idea]:
    """Yield what would be read if a lock kept out threads that do not ask for it."""
    after = value_after_release(trace, found, load)
    if after is not None:
        sentence = (
            f"You would get this if the thread had to wait for the lock. But it does not ask for "
            f"it, and the lock does not stop it: {name} is only a word in memory."
        )
        yield Idea(str(after[0]), sentence, "lock_locks_variable", load.tick)


def _earlier(name: str, before: Sequence[Use], at: int) -> Iterator[Idea]:
    """Yield the value that stood there when it was asked."""
    for use in reversed(before):
        if use.writes and use.tick <= at:
            sentence = (
                f"{name} had this value at tick {at}; look at what happens before it is read."
            )
            yield Idea(str(use.value), sentence, "", use.tick)
            return


def wrong_values(trace: Trace, pid: int, name: str, tick: int, tid: int) -> Iterator[Idea]:
    """Yield what wrong ideas say that a thread finds in a global at a tick.

    Parameters
    ----------
    trace : Trace
    pid : int
    name : str
        Of the global.
    tick, tid : int
    """
    program = program_with("value_printed", trace, pid, name)
    found = [use for use in uses(trace, pid, program, name) if use.tick <= tick]
    stores = [use for use in found if use.writes]
    value = stores[-1].value if stores else start_of(trace, pid, program, name)
    reader = Use(tick, 0, pid, tid, False, value)
    yield from _wrong_values(trace, pid, program, name, found, value, reader)


def _wrong_values(
    trace: Trace,
    pid: int,
    program: Program,
    name: str,
    found: Sequence[Use],
    right: int,
    reader: Use | None = None,
) -> Iterator[Idea]:
    """Yield what wrong ideas make of the uses so far; `reader` is who looks, if it is one."""
    start = start_of(trace, pid, program, name)
    stores = [use for use in found if use.writes]
    writers = Counter(use.tid for use in stores)
    yield from _other_processes(trace, pid, name, found, start, reader)
    if len(writers) > 1:
        lost = next((use for use in _lost(stores, found)), None)
        feedback = (
            "You would get this if no update were lost. Load, add and store are three steps: after "
            "a switch between them one thread can overwrite what another has stored."
        )
        shown = lost.tick if lost else None
        yield Idea(str(replay(start, found)), feedback, "no_update_lost", shown)
    owner = reader.tid if reader else max(writers, key=lambda tid: writers[tid], default=0)
    if set(writers) - {owner}:
        feedback = (
            "You would get this if each thread had its own data. Threads of one process share "
            "code, data and heap; only the stack and the registers are their own."
        )
        own = replay(start, [use for use in found if use.tid == owner])
        other = next((use for use in stores if use.tid != owner), None)
        yield Idea(str(own), feedback, "own_data", other.tick if other else None)
    several = len(trace.history.processes[pid].threads) > 1
    if right != start:
        first = stores[0].tick if stores else None
        feedback = f"That is where {name} starts; look at which thread stores something in it."
        yield Idea(str(start), feedback, "own_data" if several else "file_is_memory", first)
    for tid in sorted(set(writers) - {owner}):
        feedback = f"That counts only what T{tid} adds, but all threads use the same word."
        own = replay(start, [use for use in found if use.tid == tid])
        yield Idea(str(own), feedback, "own_data")


def _lost(stores: Sequence[Use], found: Sequence[Use]) -> Iterator[Use]:
    """Yield the stores that overwrite what another thread stored since their load."""
    for use in stores:
        if use.change is None or use.core == NO_CORE:
            continue
        mine = [u for u in found if u.tid == use.tid and not u.writes and u[:2] < use[:2]]
        between = [u for u in stores if mine and mine[-1][:2] < u[:2] < use[:2]]
        if any(u.tid != use.tid for u in between):
            yield use


def _other_processes(
    trace: Trace, pid: int, name: str, found: Sequence[Use], start: int, reader: Use | None
) -> Iterator[Idea]:
    """Yield what would be there if other processes wrote to the same place."""
    until = reader.tick if reader else trace.end
    above = ancestors(trace, pid)
    since = trace.history.processes[pid].launched
    for other in relatives(trace, pid, name):
        theirs = uses(trace, other, program_with("final_value", trace, other, name), name)
        before = [use for use in theirs if use.writes and use.tick <= since]
        if before and other not in above:
            who = process_name(trace, other, before[-1].tick)
            sentence = (
                f"{who} changed its own memory, not the file: each process of the program "
                "begins with the values in the file."
            )
            left = replay(before[-1].value, found)
            yield Idea(str(left), sentence, "program_is_process", since)
        theirs = [use for use in theirs if since < use.tick <= until]
        stores = [use for use in theirs if use.writes]
        if not stores:
            continue
        who = process_name(trace, other, stores[-1].tick)
        misconception = "shares_memory"
        feedback = (
            f"That counts what {who} stored. It has its own address space: the same name, even "
            "the same virtual address, is mapped to another frame of RAM."
        )
        if other in above:
            misconception = "child_sees_parent"
            feedback = (
                f"That counts what its parent, {who}, stored after fork. The child has a copy: "
                "what one of them writes later, the other does not see."
            )
        merged = sorted([*found, *theirs], key=lambda use: use[:2])
        together = replay(start, merged)
        yield Idea(str(together), feedback, misconception, stores[-1].tick)
        yield Idea(str(stores[-1].value), feedback, misconception, stores[-1].tick)


def propose_value_read(trace: Trace) -> Iterator[Details]:
    """Yield ticks before a store of one thread that another one reads."""
    if trace.end > LONG:
        return
    for name, pid in integer_globals(trace):
        found = uses(trace, pid, program_with("value_read", trace, pid, name), name)
        pairs = [(a, b) for a, b in pairwise(found) if a.writes and not b.writes and a.tid != b.tid]
        for store, _ in spread(pairs, 5):
            yield {"name": name, "at": store.tick - 1, **of_process(pid)}


def propose_final_value(trace: Trace) -> Iterator[Details]:
    """Yield the global integers."""
    if trace.end <= LONG:
        for name, pid in integer_globals(trace):
            yield {"name": name, **of_process(pid)}
