"""Questions about what a process prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from kit.errors import explain_arguments
from kit.lang.call_instructions import NAMES
from kit.lang.instructions import FP
from kit.lang.patterns import Pattern
from kit.quiz.kinds.kind import MOST, Details, of_process, spread
from kit.quiz.kinds.values import wrong_values
from kit.quiz.looking import check_at, check_process, integers, make, process_name, refuse
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.sim.recording import ThreadId
from kit.sim.waits import LOCKS
from kit.trace import Trace
from kit.trace.state.processes import Printed

NOTHING = "nothing: it prints nothing after that"
EMPTY = "an empty line"
NAMED = "«{}»"
LEAST_IDEAS = 2
"""Wrong answers with an idea behind them, from which on no others are offered."""
MOST_BACK = 40
"""How many instructions back the loads are searched whose values are printed."""


@explain_arguments
def value_printed(trace: Trace, at: int, pid: int = FIRST_PID) -> Question:
    """Ask what a process prints next.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick at which the process lives.
    pid : int

    Notes
    -----
    Wrong ideas are those about the globals that are printed: no update is ever lost, each
    thread has data of its own, processes see each other's variables. Where a process ends
    before it prints: that its threads go on.
    """
    check_at("value_printed", trace, at)
    check_process("value_printed", trace, pid)
    process = trace.history.processes[pid]
    end = process.exit[0] if process.exit else trace.end
    if at >= end:
        raise refuse("value_printed", f"process {pid} prints nothing", [end], at)
    printed = [line for line in trace.history.prints if line.pid == pid]
    following = next((event for event in printed if event.tick > at), None)
    who = process_name(trace, pid, at)
    prompt = f"At tick {at}: what will {who} print next?"
    if following is None:
        why = f"Right: {who} {_why_nothing(trace, pid)}."
        sentence = "It printed that before."
        ideas = [
            *_never(trace, pid, at),
            *(Idea(said(e), sentence, "", e.tick) for e in printed[-1:]),
        ]
        return make(trace, "value_printed", prompt, (NOTHING, why), ideas, end, at)
    answer = said(following)
    why = f"Right: T{following.tid} prints this at tick {following.tick}."
    ideas = [
        *_of_values(trace, following),
        *_of_stacks(trace, following),
        *_of_the_new(trace, following),
        *_by_state(trace, pid, at, following),
    ]
    if len({idea.text for idea in ideas} - {answer}) < LEAST_IDEAS:
        ideas += [*_other_lines(trace, pid, at, following), *_silent(following)]
    return make(trace, "value_printed", prompt, (answer, why), ideas, following.tick, at)


def said(line: Printed) -> str:
    """Return a printed line as a choice reads: a page shows two spaces as one."""
    return " ".join(line.text.split()) or EMPTY


def _why_nothing(trace: Trace, pid: int) -> str:
    ended = trace.history.processes[pid].exit
    if ended is None:
        return "never prints again: its threads wait until the run ends"
    how = "ends" if ended.signal is None else f"is {ended.told}"
    return f"{how} at tick {ended[0]}, with all its threads, and prints nothing before"


def _never(trace: Trace, pid: int, at: int) -> Iterator[Idea]:
    """Yield lines that the program has and this process never prints."""
    process = trace.history.processes[pid]
    image = process.programs.at(at).image
    before = process.output.at(at).splitlines()
    sentence = f"The program contains this line, but process {pid} {_why_nothing(trace, pid)}."
    shown = process.exit[0] if process.exit else trace.end
    for instruction in image.code:
        if instruction.op == "SYS" and NAMES[instruction.a] == "print":
            text = _next_of(image.texts[instruction.b], before)
            if text is not None:
                yield Idea(text or EMPTY, sentence, _why_it_would(trace, pid), shown)


def _next_of(pattern: Pattern, before: list[str]) -> str | None:
    """Return how a line would read if it were printed now; None for one that was printed."""
    fitting = [line.split() for line in before if _fits(pattern, line)]
    words = pattern.text([0] * pattern.values).split()
    numbers = pattern.values
    if not fitting:
        return " ".join(words)
    if numbers != 1:
        return None
    place = next(n for n, word in enumerate(fitting[-1]) if word.removeprefix("-").isdecimal())
    return " ".join(
        str(int(word) + 1) if n == place else word for n, word in enumerate(fitting[-1])
    )


def _fits(pattern: Pattern, line: str) -> bool:
    """Tell whether a printed line is of this pattern."""
    parts = [
        re.escape(part.strip()) if isinstance(part, str) else r"-?\d+" for part in pattern.parts
    ]
    between = r"\s*" if pattern.exact else r"\s+"
    return re.fullmatch(between.join(parts), line.strip()) is not None


def _why_it_would(trace: Trace, pid: int) -> str:
    """Return the idea of those who think that a process goes on that does not."""
    process = trace.history.processes[pid]
    if process.exit is not None:
        return "thread_dies_alone" if len(process.threads) > 1 else ""
    waits = {
        reason
        for thread in process.threads.values()
        for reason in thread.waits_for.at(trace.end)[:1]
    }
    left = trace.history.synchronisation.left_held
    return "crash_releases_locks" if left and waits & LOCKS else ""


def _silent(event: Printed) -> Iterator[Idea]:
    sentence = f"It does print something: T{event.tid} does, at tick {event.tick}."
    yield Idea(NOTHING, sentence, "", event.tick)


def _of_the_new(trace: Trace, event: Printed) -> Iterator[Idea]:
    """Yield what is printed first by a thread or process that the printing thread made."""
    done: set[ThreadId] = set()
    for other in trace.history.prints:
        key = other.pid, other.tid
        if other.tick <= event.tick or key in done:
            continue
        done.add(key)
        made = _made(trace, key, event)
        if made is not None:
            sentence = (
                f"T{other.tid} of process {other.pid} prints that at tick {other.tick}. A thread "
                "that creates another thread or a process does not wait for it."
            )
            yield Idea(said(other), sentence, "spawn_waits", made)


def _made(trace: Trace, key: ThreadId, event: Printed) -> int | None:
    """Return when a thread was made by the one that prints; None if it was not, before that."""
    birth = trace.history.births.get(key)
    if birth is None or birth.tick >= event.tick or birth.creator is None:
        return None
    spawned = key[0] == event.pid and birth.creator == (event.pid, event.tid)
    forked = key[0] != event.pid and birth.creator[0] == event.pid
    return birth.tick if spawned or forked else None


def _by_state(trace: Trace, pid: int, at: int, event: Printed) -> Iterator[Idea]:
    """Yield what other threads of the process print next, if ideas let them go first."""
    moment = trace.at(at)
    done = {event.tid}
    for other in trace.history.prints:
        if other.pid != pid or other.tick <= event.tick or other.tid in done:
            continue
        done.add(other.tid)
        key, later = (pid, other.tid), f"T{other.tid} prints that later, at tick {other.tick}: "
        if key in moment.running:
            sentence = f"{later}it is running at tick {at}, but another thread gets a turn."
            yield Idea(said(other), sentence, "keeps_the_core", other.tick)
        elif key in moment.blocked:
            sentence = f"{later}it is blocked at tick {at}, and gets no core before it is woken."
            yield Idea(said(other), sentence, "blocked_uses_cpu", other.tick)
        elif key in moment.ready and other.tid < event.tid:
            sentence = f"{later}it is ready, but T{event.tid} has a turn before."
            yield Idea(said(other), sentence, "spawn_order", other.tick)


def _other_lines(trace: Trace, pid: int, at: int, event: Printed) -> Iterator[Idea]:
    """Yield what is printed later, or by another process."""
    for other in trace.history.prints:
        if other.tick <= at or said(other) == said(event):
            continue
        if other.pid == pid:
            yield Idea(said(other), f"That comes later, at tick {other.tick}.", "", other.tick)
        else:
            who = process_name(trace, other.pid, other.tick)
            yield Idea(said(other), f"That is printed by {who}.", "", other.tick)


def _of_values(trace: Trace, event: Printed) -> Iterator[Idea]:
    """Yield the line with what wrong ideas say about the globals in it."""
    pid, tid = event.pid, event.tid
    parts = event.text.strip().split()
    for name, tick, value in _printed_globals(trace, event):
        places = [index for index, part in enumerate(parts) if part == str(value)]
        if not places:
            continue
        for idea in wrong_values(trace, pid, name, tick, tid):
            changed = [*parts[: places[-1]], idea.text, *parts[places[-1] + 1 :]]
            if idea.misconception:
                yield replace(idea, text=" ".join(changed))


def _of_stacks(trace: Trace, event: Printed) -> Iterator[Idea]:
    """Yield the line with what the thread itself last stored in a variable on its stack."""
    key = event.pid, event.tid
    parts = event.text.strip().split()
    image = trace.history.processes[event.pid].threads[event.tid].program.image
    for number, index in _loads(trace, event):
        instruction, record = image.code[index], trace.record.threads[key]
        if instruction.op != "LOADF":
            continue
        tick = record.executed_at(number)[0]
        address = record.registers_at(tick - 1, image)[FP] + instruction.b
        stores = sorted(_stores_at(trace, event.pid, address, tick))
        own = [store for store in stores if store[1] == event.tid]
        value = str(record.values[number])
        if not own or stores[-1][1] == event.tid or value not in parts:
            continue
        place = len(parts) - 1 - parts[::-1].index(value)
        sentence = (
            f"T{stores[-1][1]} stored {value} there. All stacks of a process are in one address "
            "space, so any thread with the address can use them."
        )
        changed = " ".join([*parts[:place], str(own[-1][2]), *parts[place + 1 :]])
        yield Idea(changed, sentence, "protected_stacks", stores[-1][0])
        yield Idea(NOTHING, sentence, "protected_stacks", stores[-1][0])


def _stores_at(trace: Trace, pid: int, address: int, until: int) -> Iterator[tuple[int, int, int]]:
    """Yield (tick, tid, value) of the stores to an address."""
    for key, record in trace.record.threads.items():
        if key[0] == pid:
            image = trace.history.processes[pid].threads[key[1]].program.image
            for tick, _, where, value in record.stores(image):
                if where == address and tick <= until:
                    yield tick, key[1], value


def _loads(trace: Trace, event: Printed) -> Iterator[tuple[int, int]]:
    """Yield (number, index) of what a thread executed for a line, in its source line."""
    record = trace.record.threads[event.pid, event.tid]
    image = trace.history.processes[event.pid].threads[event.tid].program.image
    last = record.retired(event.tick - 1)
    line = image.line_of(record.started(last))
    for number in range(max(0, last - MOST_BACK), last):
        index = record.started(number)
        if image.line_of(index) == line:
            yield number, index


def _printed_globals(trace: Trace, event: Printed) -> Iterator[tuple[str, int, int]]:
    """Yield (name, tick, value) of the globals loaded for a line."""
    program = trace.history.processes[event.pid].threads[event.tid].program
    record, known = trace.record.threads[event.pid, event.tid], integers(program)
    for number, index in _loads(trace, event):
        instruction = program.image.code[index]
        if instruction.op == "LOAD":
            name = program.image.variable_at(instruction.b)
            if name in known:
                yield name, record.executed_at(number)[0], record.values[number]


def propose_value_printed(trace: Trace) -> Iterator[Details]:
    """Yield ticks after which a process prints next, and after its last line."""
    for pid, process in islice(trace.history.processes.items(), MOST):
        ticks = [process.launched, *(e.tick for e in trace.happened("print") if e.pid == pid)]
        for at in spread(dict.fromkeys(ticks), 4):
            yield {"at": at, **of_process(pid)}
