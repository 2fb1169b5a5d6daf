"""Questions about who survives."""

from __future__ import annotations

from collections.abc import Iterator

from kit.errors import explain_arguments, require
from kit.lang.signals import Signal
from kit.quiz.kinds.kind import Details, spread
from kit.quiz.looking import check_at, process_name, refuse, thread_name
from kit.quiz.question import SEVERAL, Choice, Question
from kit.sim.process import INIT
from kit.sim.recording import ThreadId
from kit.trace import Event, Trace

NOBODY = "none of these"
MOST_THREADS = 6


@explain_arguments
def alive(trace: Trace, at: int) -> Question:
    """Ask who is still there after the next fault, kill or end of a process.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick before it.

    Notes
    -----
    Wrong ideas: a fault, or exit, ends only one thread; a fault in one process ends others; who
    has ended leaves nothing.
    """
    check_at("alive", trace, at)
    deaths = list(_deaths(trace))
    death = next((event for event in deaths if event.tick > at), None)
    if death is None:
        ticks = [event.tick for event in deaths]
        raise refuse("alive", "no process ends, and no thread fails,", ticks, at)
    tick, dying = death.tick, death.pid
    ended = {event.pid for event in trace.happened("exit", after=tick - 1, until=tick)}
    require(
        len(ended) < 2,
        f"alive: {len(ended)} processes end at tick {tick}, and one question is about one of "
        f"them; ask at tick {tick} or later",
    )
    threads = _chosen(_living(trace, tick - 1), dying)
    left = _living(trace, tick)
    choices = [_thread(trace, key, death, key in left) for key in threads]
    choices.extend(_entry(trace, dying, tick))
    nobody = not any(choice.correct for choice in choices)
    sentence = "Look at the others: they continue."
    if nobody:
        sentence = f"None of them is left: {_why(trace, death)}"
    choices.append(Choice(NOBODY, nobody, sentence, "" if nobody else _all(trace, death), tick))
    prompt = f"{_what_happens(trace, death)} Which of these still exist after that?"
    why = f"Right: {_why(trace, death)}"
    return Question(
        prompt,
        tuple(choices),
        tick,
        kind="alive",
        at=at,
        form=SEVERAL,
        why=why,
        run=trace.digest,
    )


def _why(trace: Trace, death: Event) -> str:
    if death.kind == "end":
        return "only that thread ends; the process continues while it has another one."
    who = process_name(trace, death.pid, death.tick)
    history = trace.history.processes[death.pid]
    kept = history.exit is not None and (history.reaped is None or history.reaped > death.tick)
    entry = " Its entry stays in the process table until its parent waits for it." if kept else ""
    others = ", and the other processes continue" if len(trace.history.processes) > 1 else ""
    return f"{who} ends with all its threads{others}.{entry}"


def _deaths(trace: Trace) -> Iterator[Event]:
    """Yield what ends a process, or a thread by force; the end of a process, or else the first."""
    known, found = trace.history.processes, dict[int, Event]()
    for event in trace.happened("end", "exit"):
        # A process that goes over to another program ends its threads, not itself.
        replaced = event.tick in {tick for tick, *_ in known[event.pid].execs}
        # A main thread that ends alone is a surprise: its process goes on.
        alone = event.kind == "end" and event.tid != 1 and _how(trace, event) == "end"
        if event.kind == "end" and (alone or replaced):
            continue
        if event.tick not in found or (event.kind == "exit") > (found[event.tick].kind == "exit"):
            found[event.tick] = event
    yield from found.values()


def _how(trace: Trace, end: Event) -> str:
    """Return how a thread ended: by itself, by an exception or by force."""
    ended = trace.history.processes[end.pid].threads[end.tid].ended
    return ended.how if ended is not None else ""


def _living(trace: Trace, tick: int) -> list[ThreadId]:
    return [
        (pid, tid)
        for pid, process in trace.at(max(0, tick)).processes.items()
        for tid, thread in process.threads.items()
        if thread.state != "terminated"
    ]


def _chosen(threads: list[ThreadId], dying: int) -> list[ThreadId]:
    """Return not too many of them: those of the process that ends, then the others."""
    own = [key for key in threads if key[0] == dying][:MOST_THREADS]
    others = [key for key in threads if key[0] != dying]
    return sorted(own + others[: max(2, MOST_THREADS - len(own))])


def _cause(trace: Trace, death: Event) -> Event | None:
    """Return the fault, kill or act from outside that leads to it."""
    tick = death.tick
    found = trace.happened("fault", "kill", "intervene", after=tick - 1, until=tick)
    # A signal that another process gets at that tick has nothing to do with it.
    own = (e for e in found if e.kind != "kill" or e.details["target"] == death.pid)
    return next(own, None)


def _failing(trace: Trace, death: Event) -> int:
    """Return the tid of who fails, calls exit or returns from main; 0 if nobody does."""
    cause = _cause(trace, death)
    if cause is not None:
        return cause.tid if cause.kind == "fault" else 0
    return death.tid


def _what_happens(trace: Trace, death: Event) -> str:
    tick, cause = death.tick, _cause(trace, death)
    victim = process_name(trace, death.pid, tick)
    if cause is not None and cause.kind == "fault":
        who = thread_name(trace, (cause.pid, cause.tid), tick)
        fault = next(
            f for f in trace.history.faults if (f.tick, f.pid, f.tid) == (tick, *cause.key)
        )
        return f"At tick {tick}, {who} fails ({fault.kind})."
    if cause is not None and cause.kind == "kill":
        who = thread_name(trace, (cause.pid, cause.tid), tick)
        return f"At tick {tick}, {who} {Signal(cause.details['signal']).sending} {victim}."
    if cause is not None:
        return f"At tick {tick}, {victim} is ended from outside."
    if death.kind == "end":
        who = thread_name(trace, (death.pid, death.tid), tick)
        how = "ends because it calls thread_exit" if _how(trace, death) == "end" else "is ended"
        return f"At tick {tick}, {who} {how}."
    exited = trace.history.processes[death.pid].exit
    if exited is None or exited.reason != "exit" or not death.tid:
        return f"At tick {tick}, {victim} ends."
    how = "calls exit" if _calls_exit(trace, death) else "returns from main"
    return f"At tick {tick}, {thread_name(trace, (death.pid, death.tid), tick)} {how}."


def _calls_exit(trace: Trace, death: Event) -> bool:
    """Tell whether the program says exit, and not only returns from main."""
    record = trace.record.threads[death.pid, death.tid]
    image = trace.history.processes[death.pid].threads[death.tid].program.image
    return bool(image.line_of(record.index_at(death.tick - 1)))


def _thread(trace: Trace, key: ThreadId, death: Event, lives: bool) -> Choice:
    tick, who = death.tick, thread_name(trace, key, death.tick)
    failing, cause = _failing(trace, death), _cause(trace, death)
    if lives and key[0] != death.pid:
        sentence = f"{who} continues: each process has its own address space."
        return Choice(who, True, sentence, "all_die", tick)
    if lives:
        sentence = f"{who} continues: here only one thread ends."
        return Choice(who, True, sentence, "", tick)
    if key[0] == death.pid and key[1] != failing and failing:
        sentence = f"{who} ends too, because the whole process ends, with all its threads."
        return Choice(who, False, sentence, "thread_dies_alone", tick)
    if cause is not None and cause.kind == "fault" and key[0] == death.pid:
        sentence = f"{who} ends at tick {tick}: the program does not handle this fault."
        return Choice(who, False, sentence, "fault_is_survived", tick)
    return Choice(who, False, f"{who} ends at tick {tick}.", "", tick)


def _all(trace: Trace, death: Event) -> str:
    """Return the idea of those who think that nothing is left, though something is."""
    if death.kind == "end" and death.tid == 1:
        return "main_ends_all"
    others = any(key[0] != death.pid for key in _living(trace, death.tick))
    return "all_die" if others else ""


def _entry(trace: Trace, pid: int, tick: int) -> Iterator[Choice]:
    """Yield the entry of a process that has a parent: it stays until that one has waited."""
    process = trace.history.processes[pid]
    if process.exit is None or process.exit[0] != tick:
        return
    parent = process.parents.at(tick - 1)
    if parent == INIT:
        return
    text = f"the entry of {process_name(trace, pid, tick)} in the process table"
    if process.reaped is None or process.reaped > tick:
        sentence = f"Its entry stays, with how it ended, until process {parent} waits for it."
        yield Choice(text, True, sentence, "killed_leaves_nothing", tick)
    else:
        yield Choice(text, False, f"Process {parent} has already waited for it.", "", tick)


def propose_alive(trace: Trace) -> Iterator[Details]:
    """Yield ticks before a process ends."""
    deaths = dict.fromkeys(event.tick for event in trace.happened("fault", "kill", "exit"))
    for tick in spread(deaths, 6):
        if tick:
            yield {"at": tick - 1}
