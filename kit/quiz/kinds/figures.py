"""Questions about how many of something there are in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kit.errors import explain_arguments, nearest, require
from kit.lang.call_instructions import is_system_call
from kit.lang.instructions import WORD
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
from kit.trace import Trace

ENDLESS = "no end of them: each child forks again"
"""What there would be if a child started at main."""
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
    is a process; a context switch copies memory; free gives memory back to the system.
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
    found = ideas(trace, pid, answer)
    return make(trace, "how_many", prompt, (str(answer), why), found, shown, at)


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
    calls = len(_calls(trace, pid))
    sentence = (
        "That counts the system calls as well. A call enters the kernel, and the same thread "
        "continues there."
    )
    yield Idea(str(calls + len(_switches(trace, pid))), sentence, "call_is_a_switch")
    sentence = "That counts all turns. Continuing with the same thread is not a context switch."
    yield Idea(str(len(turns)), sentence)


def _fault_ideas(trace: Trace, pid: int | None, _: int) -> Iterator[Idea]:
    size = trace.settings.page_size
    processes = trace.history.processes
    chosen = [process for key, process in processes.items() if pid in (None, key)]
    pages = 0
    for process in chosen:
        image = process.program.image
        pages += -(-image.code_bytes // size) + -(-image.bss_offset // size)
    sentence = (
        "That would be how many pages come back from the swap area. A page also has to be brought "
        "in when it is first used."
    )
    came = [a for a in trace.history.memory.arrivals if pid in (None, a.pid)]
    yield Idea(str(sum(a.kind == "swap_in" for a in came)), sentence, "virtual_is_swap")
    yield Idea(
        "1",
        "The first one does not end the process: the system brings in the page, and the "
        "instruction is tried again.",
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
    if children:
        sentence = "A child continues after the fork that created it; it does not start again."
        yield Idea(ENDLESS, sentence, "child_starts_at_main")
    sentence = "A child also continues after its fork, so it forks again where its parent does."
    yield Idea(str(len(launched) + len(children)), sentence)


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
        "only_output_asks",
    )
    sentence = "A thread that prints, sleeps or ends asks the operating system to do that."
    yield Idea("0", sentence, "needs_no_system")
    changes = trace.history.heaps.changes.items()
    freed = sum(
        one.call == "free" for key, listed in changes if pid in (None, key) for one in listed
    )
    if freed:
        sentence = (
            "That counts each free as well. But free only enters the block into the free list of "
            "the heap, inside the process."
        )
        yield Idea(str(len(_calls(trace, pid)) + freed), sentence, "free_gives_back")
    sentence = (
        "That counts every call of a function. Those of the program and most of the library do not "
        "enter the system."
    )
    yield Idea(str(_called(trace, pid)), sentence, "every_call_asks")


def _called(trace: Trace, pid: int | None) -> int:
    """Return how often a function is called, whether of program, library or system."""
    found = 0
    for key, record in trace.record.threads.items():
        if pid in (None, key[0]):
            code = trace.history.processes[key[0]].threads[key[1]].program.image.code
            found += sum(code[i].op in ("CALL", "LIB", "SYS") for *_, i in record.executed())
    return found


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
        Idea("0", "Then its registers would be lost: the core has only one set.", "", tick),
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


def propose_how_many(trace: Trace) -> Iterator[Details]:
    """Yield what there is to be counted."""
    for of in COUNTED:
        if of != "words saved":
            yield {"of": of}
    switches = [s for s in trace.context_switches if s.saved is not None and s.tick]
    for switch in switches[:1]:
        yield {"of": "words saved", "at": switch.tick - 1}
