"""What questions look up in a run: names, uses of a global, checks of arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kit.errors import ArgumentError, nearest, require, require_whole
from kit.lang.instructions import WORD
from kit.lang.objects import INTEGER
from kit.lang.program import Program
from kit.quiz.question import Idea, Question, question
from kit.sim.recording import NO_CORE, ThreadId
from kit.trace import Event, Trace
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import waiting


class Use(NamedTuple):
    """One use of a global by a thread.

    Attributes
    ----------
    tick, core, pid, tid : int
        The core is `NO_CORE` where the system wrote it.
    writes : bool
    value : int
        Read, or stored.
    change : int or None
        Of a store that was computed from the value before, such as ``x += 2``: by how much;
        None for what replaces it.
    """

    tick: int
    core: int
    pid: int
    tid: int
    writes: bool
    value: int
    change: int | None = None


def thread_name(trace: Trace, key: ThreadId, tick: int) -> str:
    """Return how a thread is called at a tick: T2 of counter (pid 2)."""
    return Names(trace.history, tick).thread(*key)


def process_name(trace: Trace, pid: int, tick: int) -> str:
    """Return how a process is called at a tick: counter (pid 2)."""
    return Names(trace.history, tick).process(pid)


def waits(trace: Trace, event: Event) -> str:
    """Return what the thread of a "block" waits for from then on, as part of a sentence."""
    reason, detail = trace.history.blocks[event.key, event.tick]
    return waiting(Names(trace.history, event.tick), event.pid, reason, detail)


def make(
    trace: Trace,
    kind: str,
    prompt: str,
    answer: tuple[str, str],
    ideas: Iterable[Idea | tuple[str, str]],
    tick: int,
    at: int,
) -> Question:
    """Return a question with one right answer; `answer` is it and what is told of it.

    Parameters
    ----------
    trace : Trace
    kind : str
        Name of the kind.
    prompt : str
    answer : (str, str)
        The right answer, and what is told of it.
    ideas : iterable of Idea or (str, str)
        Wrong answers; of those with one text the first one counts.
    tick : int
        The tick that shows the answer.
    at : int
        The last tick at which it cannot be seen.
    """
    return question(prompt, *answer, ideas, tick, kind=kind, at=at, run=trace.digest)


# Checks


def check_run(kind: str, trace: object) -> None:
    """Refuse what is no run."""
    if not isinstance(trace, Trace):
        found = type(trace).__name__
        raise ArgumentError(f"{kind}: the run is {found}; give what machine.run() returned")


def check_at(kind: str, trace: Trace, at: object) -> None:
    """Refuse what is no tick of the run."""
    check_run(kind, trace)
    require_whole(f"{kind}: at", at, 0, trace.end)


def check_process(kind: str, trace: Trace, pid: object) -> None:
    """Refuse a process that never was."""
    check_run(kind, trace)
    known = trace.history.processes
    good = isinstance(pid, int) and pid in known
    require(good, f"{kind}: there is no process {pid!r}; {nearest(str(pid), map(str, known))}")


def check_thread(kind: str, trace: Trace, pid: int, tid: object) -> None:
    """Refuse a thread that never was.

    Parameters
    ----------
    kind : str
        The kind of question, for the error.
    trace : Trace
    pid : int
    tid : object
    """
    check_process(kind, trace, pid)
    known = trace.history.processes[pid].threads
    good = isinstance(tid, int) and tid in known
    require(
        good,
        f"{kind}: process {pid} has no thread {tid!r}; {nearest(str(tid), map(str, known))}",
    )


def refuse(kind: str, found: str, ticks: Iterable[int], at: int) -> ArgumentError:
    """Return the error of a kind that finds nothing behind a tick.

    Parameters
    ----------
    kind, found : str
        `found` says what there is not.
    ticks : iterable of int
        The ticks at which there would have been something.
    at : int
    """
    last = max((tick for tick in ticks if tick <= at), default=0) - 1
    remedy = f"ask at an earlier tick, {last} or before" if last >= 0 else "leave it out"
    return ArgumentError(f"{kind}: {found} after tick {at}; {remedy}")


# Globals


def integers(program: Program) -> list[str]:
    """Return the names of a program's global integers; arrays and objects are none."""
    variables = program.image.variables.values()
    return [v.name for v in variables if v.kind == INTEGER and not v.is_array]


def program_with(kind: str, trace: Trace, pid: int, name: object) -> Program:
    """Return the program of a process that has a global integer; the last one if several have.

    Parameters
    ----------
    kind : str
        The kind of question, for the error.
    trace : Trace
    pid : int
    name : object
        Of the global.
    """
    check_process(kind, trace, pid)
    process = trace.history.processes[pid]
    ran = [process.programs.before, *process.programs.values]
    for program in reversed(ran):
        if name in integers(program):
            return program
    raise ArgumentError(
        f"{kind}: no global integer '{name}'; {nearest(str(name), integers(ran[-1]))}"
    )


def start_of(trace: Trace, pid: int, program: Program, name: str) -> int:
    """Return the value with which a process begins: its file's, or its parent's after fork.

    Parameters
    ----------
    trace : Trace
    pid : int
    program : Program
    name : str
        Of the global.
    """
    process = trace.history.processes[pid]
    if program is process.program and process.origin == "fork":
        found = trace.at(process.launched).processes[process.parent].globals[name]
        assert isinstance(found, int), "checked: no array"
        return found
    return program.image.data[program.image.variables[name].offset // WORD]


def uses(trace: Trace, pid: int, program: Program, name: str) -> list[Use]:
    """Return every use of a global integer by the process that has it, in order.

    Parameters
    ----------
    trace : Trace
    pid : int
    program : Program
    name : str
        Of the global.
    """
    process = trace.history.processes[pid]
    offset = program.image.variables[name].offset
    address = process.data_base_of(program) + offset
    found = [
        use
        for (owner, tid) in trace.record.threads
        if owner == pid and process.threads[tid].program == program
        for use in _by_thread(trace, (pid, tid), program, offset, address)
    ]
    found.extend(_by_system(trace, pid, address, start_of(trace, pid, program, name), found))
    return sorted(found, key=lambda use: use[:2])


def _by_thread(
    trace: Trace, key: ThreadId, program: Program, offset: int, address: int
) -> Iterator[Use]:
    image, record = program.image, trace.record.threads[key]
    stored = {tick for tick, _, where, _ in record.stores(image) if where == address}
    loaded: tuple[int, int] | None = None
    for tick, core, number, index in record.executed():
        instruction, value = image.code[index], record.values[number]
        line = image.line_of(index)
        if instruction.op == "LOAD" and instruction.b == offset:
            loaded = line, value
            yield Use(tick, core, *key, writes=False, value=value)
        elif tick in stored:
            change = value - loaded[1] if loaded and loaded[0] == line else None
            loaded = None
            yield Use(tick, core, *key, writes=True, value=value, change=change)


def _by_system(
    trace: Trace, pid: int, address: int, start: int, stores: list[Use]
) -> Iterator[Use]:
    """Yield what the system wrote there, such as fetch_and_add; not the loading of the file."""
    size, launched = trace.settings.page_size, trace.history.processes[pid].launched
    own = sorted((use.tick, use.value) for use in stores if use.writes)
    for fill in trace.history.memory.fills:
        tick, core, place = fill.tick, fill.core, (address - fill.page * size) // WORD - fill.word
        if fill.pid != pid or not 0 <= place < len(fill.values) or tick <= launched:
            continue
        value = fill.values[place]
        before = next((earlier for when, earlier in reversed(own) if when < tick), start)
        if value != before:
            own = sorted([*own, (tick, value)])
            by = trace.history.cores[core].at(tick - 1) if core != NO_CORE else None
            tid = by[1] if by else 0
            yield Use(tick, core, pid, tid, True, value, value - before)


def replay(start: int, found: Iterable[Use]) -> int:
    """Return the value if each change had been added to what was there: no update is lost."""
    value = start
    for use in found:
        if use.writes:
            value = use.value if use.change is None else value + use.change
    return value


def relatives(trace: Trace, pid: int, name: str) -> list[int]:
    """Return the other processes whose program has a global integer of that name."""
    return [
        other
        for other, process in trace.history.processes.items()
        if other != pid and name in integers(process.program)
    ]


def ancestors(trace: Trace, pid: int) -> set[int]:
    """Return who made a process, who made that one, and so on."""
    found: set[int] = set()
    while pid in trace.history.processes and pid not in found:
        found.add(pid)
        pid = trace.history.processes[pid].parent
    return found
