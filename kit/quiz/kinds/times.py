"""Questions about the times by which schedules are compared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kit.errors import ArgumentError, explain_arguments, nearest, require
from kit.quiz.kinds.kind import Details
from kit.quiz.looking import check_at, check_process, check_run, make, process_name, refuse
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.trace import Trace
from kit.trace.metrics import ProcessMetrics
from kit.trace.process_history import ProcessHistory

LITTLE = 0.9
"""How much of the time it has to be at most that it takes if no thread waits, to be told apart."""
MEANINGS = {
    "turnaround": "from its launch to its end",
    "response": "from its launch to its first turn on a core",
    "waiting": "spent in the ready queue by its threads, all added up",
}


@explain_arguments
def metric(trace: Trace, of: str, pid: int, at: int = 0) -> Question:
    """Ask for a time by which schedules are compared, in ticks.

    Parameters
    ----------
    trace : Trace
    of : str
        "turnaround", "response" or "waiting".
    pid : int
    at : int
        Tick at which it is asked, before the time is over.

    Notes
    -----
    Wrong ideas: one time is taken for another one; what is blocked waits for a core; threads on
    one core run at the same time; more threads are always faster. Definitions: Arpaci-Dusseau,
    *Operating Systems: Three Easy Pieces*, chapter on scheduling.
    """
    check_run("metric", trace)
    require(of in list(MEANINGS), f"metric: 'of' is {of!r}; {nearest(str(of), MEANINGS)}")
    check_at("metric", trace, at)
    check_process("metric", trace, pid)
    figures = trace.metrics().processes[pid]
    values = {
        "turnaround": figures.turnaround,
        "response": figures.response,
        "waiting": figures.wait,
    }
    answer, shown = values[of], _known(trace, of, pid)
    if answer is None:
        what = "has not ended" if of == "turnaround" else "never had a turn"
        raise ArgumentError(f"metric: process {pid} {what}; ask about another one")
    if at >= shown:
        raise refuse("metric", f"the {of} time of process {pid} is known", [shown], at)
    who = process_name(trace, pid, at)
    prompt = f"How long will the {of} time of {who} be, in ticks ({MEANINGS[of]})?"
    why = f"Right: {answer}, {MEANINGS[of]}."
    ideas = _time_ideas(trace, of, pid, values)
    return make(trace, "metric", prompt, (str(answer), why), ideas, shown, at)


def _known(trace: Trace, of: str, pid: int) -> int:
    """Return from which tick on a time does not change any more."""
    process = trace.history.processes[pid]
    end = process.exit[0] if process.exit else trace.end
    if of == "turnaround":
        return end
    steps = [thread.state for thread in process.threads.values()]
    if of == "response":
        running = [tick for state in steps for tick, name in state if name == "running"]
        return min(running, default=end)
    pairs = [pair for state in steps for pair in zip(state, list(state)[1:], strict=False)]
    return max((after[0] for before, after in pairs if before[1] == "ready"), default=end)


def _time_ideas(trace: Trace, of: str, pid: int, values: dict[str, int | None]) -> Iterator[Idea]:
    process = trace.history.processes[pid]
    figures = trace.metrics().processes[pid]
    running = sum(thread.running for thread in figures.threads.values())
    blocked = sum(thread.blocked for thread in figures.threads.values())
    if of == "waiting" and blocked:
        sentence = "Blocked time does not count: then it waits for something other than a core."
        yield Idea(str(figures.wait + blocked), sentence, "blocked_uses_cpu")
    at_once = {"turnaround": running + blocked, "waiting": 0, "response": 0}[of]
    if len(trace.history.processes) > 1 and trace.settings.cores == 1:
        sentence = "That would be right if no other process ran in between."
        yield Idea(str(at_once), sentence, "two_at_once")
    if of == "turnaround":
        once = running + blocked + (values["response"] or 0)
        yield from _launch_ideas(process)
        if len(process.threads) == 1:
            yield from _turn_ideas(running, once)
        else:
            yield from _threads_ideas(trace, process, figures, running)
    shares = len(trace.history.processes) > 1
    for name, value in values.items():
        if name != of and value is not None and (shares or of != "turnaround"):
            mixed = "" if "waiting" in (name, of) else "response_is_turnaround"
            yield Idea(str(value), f"That is its {name} time: {MEANINGS[name]}.", mixed)


def _launch_ideas(process: ProcessHistory) -> Iterator[Idea]:
    if process.exit is not None and process.launched:
        sentence = f"That counts from tick 0; it was launched at tick {process.launched}."
        yield Idea(str(process.exit[0]), sentence, "turnaround_is_end", process.launched)


def _turn_ideas(running: int, once: int) -> Iterator[Idea]:
    """Yield what is left out of the time of a process with one thread."""
    sentence = "That leaves out the time for which it waits for a core again after its first turn."
    yield Idea(str(once), sentence, "keeps_the_core")
    sentence = "That counts only the ticks on a core. It also waits for a core, or is blocked."
    yield Idea(str(running), sentence)


def _threads_ideas(
    trace: Trace, process: ProcessHistory, figures: ProcessMetrics, running: int
) -> Iterator[Idea]:
    """Yield how long it would take if each thread had a core, or waited for the one before."""
    spawned = {tid: thread for tid, thread in figures.threads.items() if tid > 1}
    states = {tid: process.threads[tid].state for tid in spawned}
    turnaround = figures.turnaround or 0
    after = process.launched + turnaround - max(steps.ticks[-1] for steps in states.values())
    alone = max(states[tid].ticks[0] + one.running for tid, one in spawned.items())
    apart = alone - process.launched + max(0, after)
    if len(spawned) > 1 and apart <= LITTLE * turnaround:
        yield Idea(str(apart), *_apart(trace.settings.cores, len(spawned)))
    if trace.settings.cores > 1:
        sentence = "You would get this if each thread began only when the one before had ended."
        yield Idea(str(running), sentence, "spawn_waits")


def _apart(cores: int, threads: int) -> tuple[str, str]:
    """Return what is told to those who think that no thread waits, and their idea."""
    told = "You would get this if each thread had a core of its own. "
    if cores == 1:
        return f"{told}But there is one core, and its threads take turns.", "two_at_once"
    if cores > threads:
        return f"{told}They do, but they have to wait for each other.", "more_threads_faster"
    return f"{told}But {threads} threads have to share {cores} cores.", "more_threads_faster"


def propose_metric(trace: Trace) -> Iterator[Details]:
    """Yield the times of processes that share the machine with others, or have many threads."""
    known = trace.history.processes
    if len(known) == 1 and trace.settings.cores > 1:
        for pid, process in known.items():
            if process.exit is not None and len(process.threads) > 2:
                yield {"of": "turnaround", "pid": pid}
    for pid in islice(known, 4) if len(known) > 1 else ():
        for of in MEANINGS:
            yield {"of": of, "pid": pid, **({"at": known[pid].launched} if pid > FIRST_PID else {})}
