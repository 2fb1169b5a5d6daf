"""Questions about numbers: how many of something, how long something takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from kit.errors import ArgumentError, explain_arguments, nearest, require
from kit.lang.instructions import WORD
from kit.lang.system_calls import is_system_call
from kit.quiz.kinds.kind import Details
from kit.quiz.looking import (
    check_at,
    check_process,
    check_run,
    make,
    process_name,
    refuse,
    thread_name,
)
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory

MOST_EXACT = 10
"""Nobody can tell larger numbers from the next ones by thinking."""
Count = Callable[[Trace, int | None], list[int]]
"""Returns the ticks at which what is counted happens."""
Ideas = Callable[[Trace, int | None, int], Iterator[Idea]]
"""Yields what wrong ideas lead to, given the right number."""


@explain_arguments
def how_many(trace: Trace, of: str, at: int = 0, pid: int | None = None) -> Question:
    """Ask how many of something there are in the whole run.

    Parameters
    ----------
    trace : Trace
    of : str
        "context switches", "page faults", "TLB misses", "processes", "threads", "system
        calls"; or "words saved", which is about the first context switch after `at`.
    at : int
        Tick at which it is asked; some of them are still to come.
    pid : int, optional
        Only those of a process; all if not given.

    Notes
    -----
    Wrong ideas: who runs keeps the core; threads on one core run at the same time; the whole
    program is in RAM before it starts; a page fault is an error; exec makes a process; a program
    is a process; a context switch copies memory.
    """
    check_run("how_many", trace)
    require(of in list(COUNTED), f"how_many: 'of' is {of!r}; {nearest(str(of), COUNTED)}")
    check_at("how_many", trace, at)
    if pid is not None:
        check_process("how_many", trace, pid)
    require(
        pid is None or of not in _OF_ALL,
        f"how_many: {of} are not counted by process; leave pid out",
    )
    if of == "words saved":
        return _words_saved(trace, at)
    count, ideas, what = COUNTED[of]
    ticks = count(trace, pid)
    if ticks and max(ticks) <= at and max(ticks) > 0:
        raise refuse("how_many", f"there are no {of}", ticks, at)
    answer, shown = len(ticks), max(ticks, default=trace.end)
    whose = "" if pid is None else f" of {process_name(trace, pid, at)}"
    prompt = f"How many {of}{whose} will there be in the whole run? ({what})"
    why = f"Right: {answer}, the last one at tick {shown}." if ticks else "Right: there are none."
    found = [*ideas(trace, pid, answer), *(_near(answer) if answer <= MOST_EXACT else _far(answer))]
    return make(trace, "how_many", prompt, (str(answer), why), found, shown, at)


def _far(answer: int) -> Iterator[Idea]:
    for number in (answer * 2, answer // 2, answer * 3, answer // 3):
        yield Idea(
            str(number),
            "That is far off: look at what causes one of them, and how often that happens.",
        )


def _near(answer: int) -> Iterator[Idea]:
    for number in (answer + 1, answer - 1, answer * 2, answer + 2, answer + 3):
        if number >= 0:
            yield Idea(str(number), "Close, but go through the run and count.")


def _of_kind(kind: str) -> Count:
    def count(trace: Trace, pid: int | None) -> list[int]:
        return [event.tick for event in trace.happened(kind, pid=pid)]

    return count


def _switches(trace: Trace, pid: int | None) -> list[int]:
    return [s.tick for s in trace.context_switches if pid in (None, s.entering[0])]


def _switch_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    turns = trace.happened("dispatch", pid=pid)
    threads = {(e.pid, e.tid) for e in turns}
    yield Idea(
        str(len(threads) - 1),
        "That would be right if each thread ran to its end in one turn. But it leaves the core if "
        "it blocks, or when its quantum is used up, and comes back later.",
        "keeps_the_core",
    )
    if trace.settings.cores == 1:
        yield Idea(
            "0",
            "A core executes one thread at a time: it has to switch to let another one run.",
            "two_at_once",
        )
    sentence = "That counts all turns. Continuing with the same thread is not a context switch."
    yield Idea(str(len(turns)), sentence)


def _fault_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    size = trace.settings.page_size
    processes = trace.history.processes
    chosen = [process for key, process in processes.items() if pid in (None, key)]
    pages = 0
    for process in chosen:
        image = process.program.image
        pages += -(-image.code_bytes // size) + -(-image.data_bytes // size)
    yield Idea(
        "0",
        "A page fault is not an error: it tells the system to bring in a page, or to copy one.",
        "fault_is_an_error",
    )
    sentence = (
        "That is how many pages of code and data its file has. Only a page that is used is "
        "brought in, and stacks need frames, too."
    )
    yield Idea(str(pages), sentence, "loads_everything")
    faults = trace.history.memory.page_faults
    touched = {(e.pid, e.address // size) for e in faults if pid in (None, e.pid)}
    sentence = "That counts each page once, but a page that had to leave RAM faults again."
    yield Idea(str(len(touched)), sentence)


def _miss_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    misses = trace.history.memory.tlb_misses
    pages = {(e.pid, e.page) for e in misses if pid in (None, e.pid)}
    sentence = (
        "That counts each page once, but a translation that had to leave the TLB is missed again."
    )
    yield Idea(str(len(pages)), sentence)
    switches = len(trace.context_switches)
    sentence = (
        "Switches are not the only cause: the TLB holds few translations, and new ones need room."
    )
    yield Idea(str(switches), sentence)


def _processes(trace: Trace, _: int | None) -> list[int]:
    return [process.launched for process in trace.history.processes.values()]


def _process_ideas(trace: Trace, _: int | None, answer: int) -> Iterator[Idea]:
    known = trace.history.processes
    execs = trace.happened("exec")
    if execs:
        sentence = "exec creates no process: it replaces the program of the same one."
        yield Idea(str(answer + len(execs)), sentence, "exec_makes_process", execs[0].tick)
    sentence = "That is the number of programs, and one program can run as many processes."
    yield Idea(str(len(trace.programs)), sentence, "program_is_process")
    launched = [p for p in known.values() if p.origin == "launch"]
    children = [p for p in known.values() if p.parent in {q.pid for q in launched}]
    sentence = "A child also continues after its fork, so it forks again where its parent does."
    yield Idea(str(len(launched) + len(children)), sentence)
    if children:
        yield Idea(str(len(children)), "Count the process that forks, too.")


def _threads(trace: Trace, pid: int | None) -> list[int]:
    return [
        thread.state.ticks[0]
        for key, process in trace.history.processes.items()
        for thread in process.threads.values()
        if pid in (None, key)
    ]


def _thread_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    births = trace.history.births.items()
    mine = [key for key, (_, by) in births if by and by[0] == key[0] and pid in (None, key[0])]
    sentence = "That counts the threads that are spawned. Each process also begins with one: main."
    yield Idea(str(len(mine)), sentence)
    processes = len(trace.history.processes) if pid is None else 1
    sentence = "That would be one thread per process, but spawn creates more in the same one."
    yield Idea(str(processes), sentence, "program_is_process")


def _calls(trace: Trace, pid: int | None) -> list[int]:
    found: list[int] = []
    for key, record in trace.record.threads.items():
        if pid in (None, key[0]):
            code = trace.history.processes[key[0]].threads[key[1]].program.image.code
            enters = [is_system_call(instruction) for instruction in code]
            found.extend(tick for tick, _, _, i in record.executed() if enters[i])
    return sorted([*found, *_of_kind("system_call")(trace, pid)])


def _call_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    printed = len(_of_kind("print")(trace, pid))
    yield Idea(
        str(printed),
        "print is a system call, but so is everything else that the system is asked for.",
    )
    yield Idea("0", "A thread that prints, sleeps or ends asks the operating system to do that.")


COUNTED: dict[str, tuple[Count, Ideas, str]] = {
    "context switches": (
        _switches,
        _switch_ideas,
        "each time a core switches from one thread to another",
    ),
    "page faults": (
        _of_kind("page_fault"),
        _fault_ideas,
        "each time a page has to be brought in, or copied, before it can be used",
    ),
    "TLB misses": (
        _of_kind("tlb_miss"),
        _miss_ideas,
        "each time a translation has to be looked up in the page table",
    ),
    "processes": (_processes, _process_ideas, "all that were ever created, ended ones included"),
    "threads": (_threads, _thread_ideas, "all that were ever created, that of main included"),
    "system calls": (
        _calls,
        _call_ideas,
        "each time a thread, or the library for it, asks the operating system",
    ),
    "words saved": (_switches, _switch_ideas, ""),
}
"""What can be counted -> how, what wrong ideas say, and what counts."""


def _words_saved(trace: Trace, at: int) -> Question:
    """Ask how many words the next context switch saves."""
    switches = [s for s in trace.context_switches if s.saved is not None]
    switch = next((s for s in switches if s.tick > at), None)
    if switch is None:
        ticks = [s.tick for s in switches]
        raise refuse("how_many", "no context switch saves anything", ticks, at)
    assert switch.saved is not None, "those were left out"
    tick, pid = switch.tick, switch.leaving[0]
    answer = len(switch.saved)
    process = trace.at(tick - 1).processes[pid]
    memory = len(process.page_table) * trace.settings.page_size // WORD
    stack = next((s for s in process.segments if s.tid == switch.leaving[1]), None)
    sentence = (
        "A context switch copies no memory: it saves and restores registers. Everything in memory "
        "stays where it is."
    )
    ideas = [
        Idea(str(memory), sentence, "switch_copies_memory", tick),
        Idea("0", "Then its registers would be lost when another thread runs.", "", tick),
        Idea("1", "The program counter is one of them; the other registers are saved, too."),
    ]
    if stack is not None:
        words = (stack.end - stack.start) // WORD
        ideas.insert(1, Idea(str(words + answer), sentence, "switch_copies_memory", tick))
    who = thread_name(trace, switch.leaving, at)
    prompt = f"After tick {at}: how many words of {who} does the next context switch save?"
    why = f"Right: its registers, {', '.join(switch.saved)}."
    return make(trace, "how_many", prompt, (str(answer), why), ideas, tick, at)


_OF_ALL = ("processes", "words saved")

# Times

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
    one core run at the same time. Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy
    Pieces*, chapter on scheduling.
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
    ideas = [*_time_ideas(trace, of, pid, values), *_near(answer)]
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
        yield from _turnaround_ideas(process, running, once)
    for name, value in values.items():
        if name != of and value is not None:
            yield Idea(str(value), f"That is its {name} time: {MEANINGS[name]}.")


def _turnaround_ideas(process: ProcessHistory, running: int, once: int) -> Iterator[Idea]:
    if process.exit is not None and process.launched:
        sentence = f"That counts from tick 0; it was launched at tick {process.launched}."
        yield Idea(str(process.exit[0]), sentence)
    yield Idea(
        str(running),
        "That counts only the ticks on a core. It also waits for a core, or is blocked.",
    )
    sentence = "That leaves out the time for which it waits for a core again after its first turn."
    yield Idea(str(once), sentence)


def propose_how_many(trace: Trace) -> Iterator[Details]:
    """Yield what there is to be counted."""
    for of in COUNTED:
        if of != "words saved":
            yield {"of": of}
    switches = [s for s in trace.context_switches if s.saved is not None and s.tick]
    for switch in switches[:1]:
        yield {"of": "words saved", "at": switch.tick - 1}


def propose_metric(trace: Trace) -> Iterator[Details]:
    """Yield the times of processes that share the machine with others."""
    known = trace.history.processes
    for pid in islice(known, 4) if len(known) > 1 else ():
        for of in MEANINGS:
            yield {"of": of, "pid": pid, **({"at": known[pid].launched} if pid > FIRST_PID else {})}
