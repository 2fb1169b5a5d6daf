"""Kinds of question. Each computes its answer, and what wrong ideas would answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kit.errors import ArgumentError, explain_arguments, nearest, require, require_whole
from kit.lang.instructions import WORD
from kit.lang.objects import INTEGER
from kit.quiz.question import Idea, Question, question
from kit.trace import Trace

_NO_LOSS = (
    "That would be so if no update were lost. Load, add and store are three steps: a switch "
    "between them lets one thread overwrite what another has stored."
)
_OWN_DATA = (
    "That would be so if each thread had data of its own. Threads of one process share code, data "
    "and heap; only stack and registers are their own."
)
_OTHER_PROCESS = (
    "That adds what another process did. Its address space is its own: the same name, even the "
    "same virtual address, is another frame of RAM."
)
_NEAR = "Close, but count the stores: each one replaces the value that was there."
_STILL_RUNNING = "It runs now; when its slice ends, the others get their turn first."
_BLOCKED = "It is blocked: it waits for something else, and until then a core is no use to it."
_NOT_YET = "It is ready, but another one has been in the queue for longer."


@explain_arguments
def final_value(trace: Trace, name: str, pid: int = 1) -> Question:
    """Ask for the value of a global when the run ends.

    Parameters
    ----------
    trace : Trace
    name : str
        A global integer of the program.
    pid : int

    Notes
    -----
    Wrong ideas: no update is ever lost; each thread has data of its own; a thread's
    writes stay with the thread; another process's writes are seen here.
    """
    program = _check_global(trace, name, pid)
    values = trace.at(trace.end).processes[pid].globals
    final = values[name]
    assert isinstance(final, int)  # checked: no array
    stores = list(_stores(trace, name, pid))
    image = trace.history.processes[pid].program.image
    initial = image.data[image.variables[name].offset // WORD]
    shown = stores[-1][0] if stores else trace.end
    prompt = f"When the run is over, what will {name} be in {program} (pid {pid})?"
    why = f"Right: the last value stored in {name} is {final}."
    return question(
        prompt, str(final), why, _value_ideas(trace, name, pid, final, initial, stores), shown
    )


def _value_ideas(
    trace: Trace,
    name: str,
    pid: int,
    final: int,
    initial: int,
    stores: list[tuple[int, int, int]],
) -> Iterator[Idea]:
    counts: dict[int, int] = {}
    for _, tid, _ in stores:
        counts[tid] = counts.get(tid, 0) + 1
    if len(counts) > 1:
        yield str(initial + sum(counts.values())), _NO_LOSS
        yield str(initial + max(counts.values())), _OWN_DATA
    for other, process in trace.history.processes.items():
        if other != pid and name in process.program.image.variables:
            value = trace.at(trace.end).processes[other].globals[name]
            if isinstance(value, int):
                yield str(final + value), _OTHER_PROCESS
    yield str(initial), f"That is where {name} starts; look who stores into it."
    for near in (final + 1, final - 1, final + 2):
        yield str(near), _NEAR


def _stores(trace: Trace, name: str, pid: int) -> Iterator[tuple[int, int, int]]:
    """Yield (tick, tid, value) of every store into a global by its process."""
    process = trace.history.processes[pid]
    offset = process.program.image.variables[name].offset
    yield from sorted(
        (tick, tid, value)
        for (owner, tid), record in trace.record.threads.items()
        if owner == pid
        for tick, _, address, value in record.stores(process.program.image)
        if address == process.data_base + offset
    )


def _check_global(trace: Trace, name: str, pid: int) -> str:
    known = trace.history.processes
    require(
        pid in known,
        f"final_value: there is no process {pid!r}; {nearest(str(pid), map(str, known))}",
    )
    variables = known[pid].program.image.variables
    integers = [v.name for v in variables.values() if v.kind == INTEGER and not v.is_array]
    require(
        name in integers, f"final_value: no global integer '{name}'; {nearest(str(name), integers)}"
    )
    return known[pid].program.name


@explain_arguments
def next_thread(trace: Trace, at: int) -> Question:
    """Ask which thread the next free core is given to after a tick.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick; some thread must be given a core after it.

    Notes
    -----
    Wrong ideas: the running thread keeps the core; a blocked thread takes its turn; the
    last one to queue goes first.
    """
    require_whole("next_thread: at", at, 0, trace.end)
    dispatches = [event for event in trace.events if event.kind == "dispatch"]
    following = next((event for event in dispatches if event.tick > at), None)
    if following is None:
        last = dispatches[-1].tick - 1 if dispatches else -1
        remedy = f"ask at an earlier tick, {last} or before" if last >= 0 else "leave it out"
        raise ArgumentError(f"next_thread: no thread is given a core after tick {at}; {remedy}")
    names = {
        (pid, tid): f"T{tid} of {process.program.name} (pid {pid})"
        for pid, process in trace.history.processes.items()
        for tid in process.threads
    }
    moment = trace.at(at)
    answer = names[following.pid, following.tid]
    running = [key for key in moment.cores if key is not None]
    ideas: list[Idea] = [
        *((names[key], _STILL_RUNNING) for key in running),
        *((names[key], _BLOCKED) for key in moment.blocked),
        *((names[key], _NOT_YET) for key in reversed(moment.ready)),
    ]
    prompt = f"At tick {at}: which thread is given a core next?"
    why = "Right: it has been in the ready queue for longest."
    return question(prompt, answer, why, ideas, following.tick)


KINDS: dict[str, Callable[..., Question]] = {
    "final_value": final_value,
    "next_thread": next_thread,
}
"""Name of a kind of question -> the function that makes one."""


def ask(trace: Trace, kind: str, **details: Any) -> Question:
    """Make a question of a kind; `details` are the arguments of its function."""
    require(kind in KINDS, f"There is no question '{kind}'; {nearest(str(kind), KINDS)}")
    return KINDS[kind](trace, **details)
