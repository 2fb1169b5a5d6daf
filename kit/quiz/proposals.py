"""At which moments a kind of question is worth asking: details to try, for each kind.

What an instruction does happens at tick 1 at the earliest, so that there is a tick before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, islice, pairwise
from typing import Any

from kit.quiz.kinds.accesses import accesses, stack_owner
from kit.quiz.kinds.figures import COUNTED, MEANINGS
from kit.quiz.looking import integers, program_with, uses
from kit.trace import Event, Trace

Details = dict[str, Any]

MOST = 8
"""Details that are tried of one sort."""
LONG = 5000
"""Ticks from which on a run is not looked at instruction by instruction."""


def _spread(items: Iterable[Any], most: int = MOST) -> list[Any]:
    """Return some of many, from the first to the last."""
    listed = list(items)
    if len(listed) <= most:
        return listed
    return [listed[place * (len(listed) - 1) // (most - 1)] for place in range(most)]


def next_thread(trace: Trace) -> Iterator[Details]:
    """Yield ticks before another thread gets a core, where several are there."""
    turns = [(a, b) for a, b in pairwise(trace.happened("dispatch")) if a.key != b.key]
    busy = []
    for before, turn in turns:
        at = max(before.tick, turn.tick - 1)
        if 0 <= at < turn.tick:
            busy.append(at)
    choices = dict.fromkeys(busy)
    for at in _spread(choices, 2 * MOST):
        moment = trace.at(at)
        if len(moment.ready) + len(moment.blocked) > 1 or len(moment.ready) == 1:
            yield {"at": at}


def next_state(trace: Trace) -> Iterator[Details]:
    """Yield threads before they change their state, and those that never will."""
    for kind in ("preempt", "block", "wake"):
        for event in _spread(trace.happened(kind), 4):
            yield _of_thread(event, event.tick - 1)
    for event in trace.happened("end"):
        ended = trace.history.processes[event.pid].threads[event.tid].ended
        if ended is not None and ended.how == "kill" and event.tick:
            yield _of_thread(event, event.tick - 1)
    for key in trace.at(trace.end).blocked:
        since = trace.history.processes[key[0]].threads[key[1]].state.since(trace.end)
        yield {"tid": key[1], "at": since, **_pid(key[0])}


def _of_thread(event: Event, at: int) -> Details:
    return {"tid": event.tid, "at": at, **_pid(event.pid)}


def _pid(pid: int) -> Details:
    return {"pid": pid} if pid != 1 else {}


def _globals(trace: Trace) -> list[tuple[str, int]]:
    return [
        (name, pid)
        for pid, process in trace.history.processes.items()
        for name in integers(process.program)
    ][:MOST]


def value_read(trace: Trace) -> Iterator[Details]:
    """Yield ticks before a store of one thread that another one reads."""
    if trace.end > LONG:
        return
    for name, pid in _globals(trace):
        found = uses(trace, pid, program_with("value_read", trace, pid, name), name)
        pairs = [(a, b) for a, b in pairwise(found) if a.writes and not b.writes and a.tid != b.tid]
        for store, _ in _spread(pairs, 5):
            yield {"name": name, "at": store.tick - 1, **_pid(pid)}


def value_printed(trace: Trace) -> Iterator[Details]:
    """Yield ticks after which a process prints next, and after its last line."""
    for pid, process in islice(trace.history.processes.items(), MOST):
        ticks = [process.launched, *(e.tick for e in trace.happened("print") if e.pid == pid)]
        for at in _spread(dict.fromkeys(ticks), 4):
            yield {"at": at, **_pid(pid)}


def final_value(trace: Trace) -> Iterator[Details]:
    """Yield the global integers."""
    if trace.end <= LONG:
        for name, pid in _globals(trace):
            yield {"name": name, **_pid(pid)}


def possible_values(_: Trace) -> Iterator[Details]:
    """Yield nothing: this is about every schedule, not about one run."""
    yield from ()


def segment(trace: Trace) -> Iterator[Details]:
    """Yield blocks before they are allocated, and local variables before they are written."""
    for event in _spread(trace.happened("alloc"), 3):
        yield {"name": "block", "at": event.tick - 1, **_pid(event.pid), "tid": event.tid}
    for event in _spread(trace.happened("thread"), 5):
        thread = trace.history.processes[event.pid].threads[event.tid]
        routine = thread.program.image.routines.get(thread.function)
        slots = routine.slots.items() if routine else ()
        own = [name for name, offset in slots if offset < 0 and "@" not in name]
        if own and trace.history.births[event.key].creator is not None:
            name = f"{thread.function}.{own[0]}"
            yield {"name": name, "at": event.tick, **_pid(event.pid), "tid": event.tid}


def shared(trace: Trace) -> Iterator[Details]:
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
        for at in _spread([since, *(tick for tick in copies if tick > since)], 3):
            yield {"at": min(trace.end, at + 1), "one": one, "other": other}


def faults(trace: Trace) -> Iterator[Details]:
    """Yield ticks before faults, and before accesses to another thread's stack."""
    for event in [
        *_spread(trace.happened("fault"), 4),
        *_spread(trace.happened("page_fault"), 4),
    ]:
        yield {"at": event.tick - 1, **_pid(event.pid), "tid": event.tid}
    if trace.end > LONG:
        return
    for key in islice((key for key in trace.record.threads if key[1] > 1), MOST):
        for access in accesses(trace, key):
            if stack_owner(trace, access) not in (0, access.tid):
                yield {"at": access.tick - 1, **_pid(key[0]), "tid": key[1]}
                break


def alive(trace: Trace) -> Iterator[Details]:
    """Yield ticks before a process ends."""
    deaths = dict.fromkeys(event.tick for event in trace.happened("fault", "kill", "exit"))
    for tick in _spread(deaths, 6):
        if tick:
            yield {"at": tick - 1}


def order_of(trace: Trace) -> Iterator[Details]:
    """Yield the beginning, and ticks before something is made, waits or is shared."""
    telling = trace.happened("fork", "thread", "block", "acquire", "pipe", "send", "call", "fault")
    ticks = dict.fromkeys([0, *(max(0, event.tick - 1) for event in telling)])
    for at in _spread(ticks, 6):
        yield {"at": at}


def how_many(trace: Trace) -> Iterator[Details]:
    """Yield what there is to be counted."""
    for of in COUNTED:
        if of != "words saved":
            yield {"of": of}
    switches = [s for s in trace.context_switches if s.saved is not None and s.tick]
    for switch in switches[:1]:
        yield {"of": "words saved", "at": switch.tick - 1}


def metric(trace: Trace) -> Iterator[Details]:
    """Yield the times of processes that share the machine with others."""
    known = trace.history.processes
    for pid in islice(known, 4) if len(known) > 1 else ():
        for of in MEANINGS:
            yield {"of": of, "pid": pid, **({"at": known[pid].launched} if pid > 1 else {})}


PROPOSALS: dict[str, Callable[[Trace], Iterator[Details]]] = {
    "next_thread": next_thread,
    "next_state": next_state,
    "value_read": value_read,
    "value_printed": value_printed,
    "final_value": final_value,
    "possible_values": possible_values,
    "segment": segment,
    "shared": shared,
    "faults": faults,
    "alive": alive,
    "order_of": order_of,
    "how_many": how_many,
    "metric": metric,
}
"""Name of a kind -> what yields details that are worth trying."""
