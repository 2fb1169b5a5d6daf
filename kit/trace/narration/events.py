"""A sentence for each kind of event: processes, threads and memory.

Those of locks, files, pipes, messages and devices are in `kit.trace.narration.calls`.
"""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events import memory, processes, scheduling
from kit.trace.narration.names import Names
from kit.trace.narration.table import SentenceTable
from kit.trace.narration.waiting import waiting

sentence_for = SentenceTable()


@sentence_for
def _launch(names: Names, event: processes.Launch) -> str:
    return (
        f"The operating system makes process {event.pid} from the program {event.program}: an "
        "entry in the process table, an address space of its own."
    )


@sentence_for
def _thread(names: Names, event: processes.ThreadMade) -> str:
    if not event.creator:
        return f"{names.whose(event)} gets a stack and its first thread, T{event.tid}, in main."
    given = ", ".join(map(str, event.arguments))
    return (
        f"T{event.creator} spawned {names.who(event)} in {event.function}({given}): it gets a "
        "stack of its own and shares code, data and heap."
    )


@sentence_for
def _fork(names: Names, event: processes.Fork) -> str:
    text = (
        f"{names.thread(event.parent, event.tid)} forked: process {event.pid} is a copy with only "
        "this thread."
    )
    if names.history.record.settings.contiguous:
        return text
    return f"{text} Both use the same frames until one of them writes (copy on write)."


@sentence_for
def _exec(names: Names, event: processes.Exec) -> str:
    return (
        f"{names.process(event.pid, before=1)} runs {event.program} from now on: same pid and open "
        f"files, a new address space, and one thread, T{event.tid}, that begins in main."
    )


@sentence_for
def _kill(names: Names, event: processes.Kill) -> str:
    return f"{names.who(event)} kills process {event.target}."


@sentence_for
def _adopt(names: Names, event: processes.Adopt) -> str:
    return f"{names.whose(event)} is an orphan: init (pid 0) adopts it."


@sentence_for
def _reap(names: Names, event: processes.Reap) -> str:
    who = names.process(event.parent) if event.parent else "Init"
    return f"{who} has waited for {names.whose(event)}: its entry in the process table is gone."


@sentence_for
def _end(names: Names, event: processes.End) -> str:
    process = names.history.processes[event.pid]
    if event.tick in process.programs.ticks:
        return ""  # exec tells of it
    if event.how == "kill" and process.exit is not None and process.exit[0] == event.tick:
        return f"{names.who(event)} is ended with its process."
    if event.how == "kill":
        return f"{names.who(event)} is ended by force; its stack is freed."
    if event.how == "exception":
        others = (
            other.state.at(event.tick) for key, other in process.threads.items() if key != event.tid
        )
        alone = all(state in ("", "terminated") for state in others)
        rest = "" if alone else "; its siblings go on"
        return f"The exception ends {names.who(event)}{rest}."
    return f"{names.who(event)} ended; its stack is freed."


@sentence_for
def _exit(names: Names, event: processes.Exit) -> str:
    history = names.history
    held = {page.at(event.tick - 1) for page in history.processes[event.pid].pages.values()} - {
        None
    }
    kept = any(
        h.frame >= 0 and history.frames[h.frame].at(event.tick) for h in held if h is not None
    )
    memory = "what it did not share of its memory" if kept else "all its memory"
    text = (
        f"{names.whose(event)} ended ({event.reason}, exit code {event.exit_code}); {memory} is "
        "free again."
    )
    reaped, parent = (
        history.processes[event.pid].reaped,
        history.processes[event.pid].parents.at(event.tick),
    )
    if reaped is None or reaped > event.tick:
        text += f" It is a zombie until {names.process(parent)} waits for it."
    return text


@sentence_for
def _fault(names: Names, event: processes.Faulted) -> str:
    text = f"{event.fault.capitalize()}: {event.message.partition(': ')[2]}."
    exited = names.history.processes[event.pid].exit
    whole = exited is not None and (exited[0], exited[2]) == (event.tick, event.fault)
    return f"{text} {'The whole process ends.' if whole else 'Nobody catches it.'}"


@sentence_for
def _chosen(names: Names, event: processes.Chosen) -> str:
    return f"{names.who(event)} chose {event.value} from 0 to {event.values - 1}."


@sentence_for
def _print(names: Names, event: processes.Print) -> str:
    said = event.text.rstrip() or event.text.rstrip("\n")
    if not said:
        what = "an empty line" if event.text else "nothing"
        return f"{names.who(event)} printed {what}."
    return f'{names.who(event)} printed "{said}".'


@sentence_for
def _wake(names: Names, event: scheduling.Wake) -> str:
    return f"{names.who(event)} is woken and queues for a core."


@sentence_for
def _block(names: Names, event: scheduling.Block) -> str:
    return (
        f"{names.who(event)} {waiting(names, event.pid, event.reason, event.detail)} and is "
        "blocked."
    )


@sentence_for
def _await(names: Names, event: scheduling.Await) -> str:
    return f"{names.who(event)} now {waiting(names, event.pid, event.reason, event.detail)}."


@sentence_for
def _bump(names: Names, event: scheduling.Bump) -> str:
    return f"{names.who(event)} has to leave core {event.core} to another thread."


@sentence_for
def _intervene(names: Names, event: processes.Intervene) -> str:
    who = names.who(event) if event.tid else names.whose(event)
    return {
        "kill process": f"From outside, {who} is killed.",
        "kill thread": f"From outside, {who} is killed.",
        "inject": f"From outside, {who} is made to fail.",
        "run next": f"From outside, {who} is given core {event.detail}.",
        "write": f"From outside, {event.detail} is written into the memory of {who}.",
    }[event.action]


@sentence_for
def _deadlock(names: Names, event: scheduling.Deadlock) -> str:
    waits = [f"T{tid} of pid {pid}" for pid, tid, *_ in event.cycle]
    circle = ", which waits for ".join([*waits[1:], waits[0]])
    return f"Deadlock: {waits[0]} waits for {circle}. None of them can go on by itself."


@sentence_for
def _limit(names: Names, event: processes.Limit) -> str:
    return f"The run is stopped: {event.message}."


@sentence_for
def _stuck(names: Names, event: scheduling.Stuck) -> str:
    return "Nothing can run any more: every thread waits for what will never come."


# Memory


@sentence_for
def _alloc(names: Names, event: memory.Alloc) -> str:
    return (
        f"{names.who(event)} got {plural(event.words, 'word')} of heap at {event.address:#06x}; "
        "every thread of the process can reach them."
    )


@sentence_for
def _free(names: Names, event: memory.Free) -> str:
    return f"{names.who(event)} gave the heap block at {event.address:#06x} back."


@sentence_for
def _page_fault(names: Names, event: memory.PageFault) -> str:
    verb = "write" if event.writing else "read"
    return (
        f"Page fault: {names.who(event)} wants to {verb} {event.address:#06x}, and the page table "
        "does not allow it yet."
    )


@sentence_for
def _own(names: Names, event: memory.Own) -> str:
    return (
        f"{names.whose(event)} is the only one left that uses frame {event.frame}: page "
        f"{event.page} may be written now."
    )


@sentence_for
def _copy(names: Names, event: memory.Copy) -> str:
    return (
        f"{names.whose(event)} writes page {event.page}, which it shared: it gets a copy of frame "
        f"{event.original} in frame {event.copy} (copy on write)."
    )


@sentence_for
def _share(names: Names, event: memory.Share) -> str:
    if event.mode != "w":
        return ""
    return f"Page {event.page} of {names.whose(event)} is frame {event.frame}, which it shares."


@sentence_for
def _area(names: Names, event: memory.Area) -> str:
    return f"Page {event.number} of the shared memory '{event.name}' gets frame {event.frame}."


@sentence_for
def _place(names: Names, event: memory.Place) -> str:
    return (
        f"{names.whose(event)} gets {event.size} bytes of RAM in one stretch: its base register is "
        f"{event.base:#06x}, its bounds register {event.size:#06x}."
    )


@sentence_for
def _relocate(names: Names, event: memory.Relocate) -> str:
    return (
        f"{names.whose(event)} is moved down to {event.base:#06x}; of what it sees itself nothing "
        "changes, only its base register."
    )


@sentence_for
def _no_hole(names: Names, event: memory.NoHole) -> str:
    return (
        f"{names.whose(event)} needs {event.size} bytes of RAM in one stretch; {event.total} are "
        f"free, but at most {event.largest} of them lie together: it waits."
    )


@sentence_for
def _swap_out(names: Names, event: memory.SwapOut) -> str:
    return (
        f"RAM is full: page {event.page} of {names.whose(event)} goes from frame {event.frame} to "
        f"slot {event.slot} of the swap area."
    )


@sentence_for
def _swap_in(names: Names, event: memory.SwapIn) -> str:
    return (
        f"Page {event.page} of {names.whose(event)} comes back from slot {event.slot} of the swap "
        f"area into frame {event.frame}."
    )


@sentence_for
def _flush(names: Names, event: memory.Flush) -> str:
    return (
        f"Core {event.core} goes over to another address space: all entries of its TLB are dropped."
    )


@sentence_for
def _tlb_miss(names: Names, event: memory.TlbMiss) -> str:
    return (
        f"TLB miss: core {event.core} looks page {event.page} of {names.whose(event)} up in the "
        "page table."
    )
