"""A sentence for each kind of event: processes, threads and memory.

Those of locks, files, pipes, messages and devices are in `kit.trace.told_calls`.
"""

from __future__ import annotations

from collections.abc import Callable

from kit.errors import plural
from kit.sim.events.event import Event
from kit.trace.names import Names
from kit.trace.waits import waiting

Teller = Callable[[Names, Event], str]


def _launch(names: Names, event: Event) -> str:
    return (
        f"The operating system makes process {event[2]} from the program {event[4]}: an entry "
        "in the process table, an address space of its own."
    )


def _thread(names: Names, event: Event) -> str:
    _, _, pid, tid, function, arguments, creator = event
    if not creator:
        return f"{names.process(pid)} gets a stack and its first thread, T{tid}, in main."
    given = ", ".join(map(str, arguments))
    return (
        f"T{creator} spawned {names.thread(pid, tid)} in {function}({given}): it gets a stack "
        "of its own and shares code, data and heap."
    )


def _fork(names: Names, event: Event) -> str:
    _, _, pid, tid, _, parent = event
    told = f"{names.thread(parent, tid)} forked: process {pid} is a copy with only this thread."
    if names.history.record.settings.contiguous:
        return told
    return f"{told} Both use the same frames until one of them writes (copy on write)."


def _exec(names: Names, event: Event) -> str:
    _, _, pid, tid, program = event
    return (
        f"{names.process(pid, before=1)} runs {program} from now on: same pid and open files, a "
        f"new address space, and one thread, T{tid}, that begins in main."
    )


def _kill(names: Names, event: Event) -> str:
    return f"{names.thread(event[2], event[3])} kills process {event[4]}."


def _adopt(names: Names, event: Event) -> str:
    return f"{names.process(event[2])} is an orphan: init (pid 0) adopts it."


def _reap(names: Names, event: Event) -> str:
    _, _, pid, _, parent = event
    who = names.process(parent) if parent else "Init"
    return f"{who} has waited for {names.process(pid)}: its entry in the process table is gone."


def _end(names: Names, event: Event) -> str:
    tick, _, pid, tid, _, how, _ = event
    process = names.history.processes[pid]
    if tick in process.programs.ticks:
        return ""  # exec tells of it
    if how == "kill" and process.exit is not None and process.exit[0] == tick:
        return f"{names.thread(pid, tid)} is ended with its process."
    if how == "kill":
        return f"{names.thread(pid, tid)} is ended by force; its stack is freed."
    if how == "exception":
        others = (other.state.at(tick) for key, other in process.threads.items() if key != tid)
        alone = all(state in ("", "terminated") for state in others)
        rest = "" if alone else "; its siblings go on"
        return f"The exception ends {names.thread(pid, tid)}{rest}."
    return f"{names.thread(pid, tid)} ended; its stack is freed."


def _exit(names: Names, event: Event) -> str:
    tick, _, pid, _, code, reason = event
    history = names.history
    held = {page.at(tick - 1) for page in history.processes[pid].pages.values()} - {None}
    kept = any(h.frame >= 0 and history.frames[h.frame].at(tick) for h in held if h is not None)
    memory = "what it did not share of its memory" if kept else "all its memory"
    told = f"{names.process(pid)} ended ({reason}, exit code {code}); {memory} is free again."
    reaped, parent = history.processes[pid].reaped, history.processes[pid].parents.at(tick)
    if reaped is None or reaped > tick:
        told += f" It is a zombie until {names.process(parent)} waits for it."
    return told


def _fault(names: Names, event: Event) -> str:
    tick, _, pid, _, fault, message = event
    told = f"{fault.capitalize()}: {message.partition(': ')[2]}."
    exited = names.history.processes[pid].exit
    whole = exited is not None and (exited[0], exited[2]) == (tick, fault)
    return f"{told} {'The whole process ends.' if whole else 'Nobody catches it.'}"


def _print(names: Names, event: Event) -> str:
    _, _, pid, tid, text = event
    if not text.strip():
        return f"{names.thread(pid, tid)} printed an empty line."
    return f'{names.thread(pid, tid)} printed "{text.rstrip()}".'


def _wake(names: Names, event: Event) -> str:
    return f"{names.thread(event[2], event[3])} is woken and queues for a core."


def _block(names: Names, event: Event) -> str:
    _, _, pid, tid, _, reason, detail = event
    return f"{names.thread(pid, tid)} {waiting(names, pid, reason, detail)} and is blocked."


def _await(names: Names, event: Event) -> str:
    _, _, pid, tid, reason, detail = event
    return f"{names.thread(pid, tid)} now {waiting(names, pid, reason, detail)}."


def _bump(names: Names, event: Event) -> str:
    _, _, pid, tid, core = event
    return f"{names.thread(pid, tid)} has to leave core {core} to another thread."


def _intervene(names: Names, event: Event) -> str:
    _, _, pid, tid, action, detail = event
    who = names.thread(pid, tid) if tid else names.process(pid)
    return {
        "kill process": f"From outside, {who} is killed.",
        "kill thread": f"From outside, {who} is killed.",
        "inject": f"From outside, {who} is made to fail.",
        "run next": f"From outside, {who} is given core {detail}.",
        "write": f"From outside, {detail} is written into the memory of {who}.",
    }[action]


def _deadlock(names: Names, event: Event) -> str:
    waits = [f"T{tid} of pid {pid}" for pid, tid, *_ in event[4]]
    circle = ", which waits for ".join([*waits[1:], waits[0]])
    return f"Deadlock: {waits[0]} waits for {circle}. None of them can go on by itself."


def _limit(names: Names, event: Event) -> str:
    return f"The run is stopped: {event[4]}."


def _stuck(names: Names, event: Event) -> str:
    return "Nothing can run any more: every thread waits for what will never come."


# Memory


def _alloc(names: Names, event: Event) -> str:
    _, _, pid, tid, address, words, *_ = event
    return (
        f"{names.thread(pid, tid)} got {plural(words, 'word')} of heap at {address:#06x}; "
        "every thread of the process can reach them."
    )


def _free(names: Names, event: Event) -> str:
    _, _, pid, tid, address, _ = event
    return f"{names.thread(pid, tid)} gave the heap block at {address:#06x} back."


def _page_fault(names: Names, event: Event) -> str:
    _, _, pid, tid, address, writing, _ = event
    verb = "write" if writing else "read"
    return (
        f"Page fault: {names.thread(pid, tid)} wants to {verb} {address:#06x}, and the page table "
        "does not allow it yet."
    )


def _own(names: Names, event: Event) -> str:
    _, _, pid, _, page, frame = event
    return (
        f"{names.process(pid)} is the only one left that uses frame {frame}: page {page} may be "
        "written now."
    )


def _copy(names: Names, event: Event) -> str:
    _, _, pid, _, page, original, copy, _ = event
    return (
        f"{names.process(pid)} writes page {page}, which it shared: it gets a copy of frame "
        f"{original} in frame {copy} (copy on write)."
    )


def _share(names: Names, event: Event) -> str:
    _, _, pid, _, page, frame, mode = event
    if mode != "w":
        return ""
    return f"Page {page} of {names.process(pid)} is frame {frame}, which it shares."


def _area(names: Names, event: Event) -> str:
    _, _, _, _, name, number, frame = event
    return f"Page {number} of the shared memory '{name}' gets frame {frame}."


def _place(names: Names, event: Event) -> str:
    _, _, pid, _, base, size = event
    return (
        f"{names.process(pid)} gets {size} bytes of RAM in one stretch: its base register is "
        f"{base:#06x}, its bounds register {size:#06x}."
    )


def _relocate(names: Names, event: Event) -> str:
    _, _, pid, _, base, _ = event
    return (
        f"{names.process(pid)} is moved down to {base:#06x}; of what it sees itself nothing "
        "changes, only its base register."
    )


def _no_hole(names: Names, event: Event) -> str:
    _, _, pid, _, size, largest, total = event
    return (
        f"{names.process(pid)} needs {size} bytes of RAM in one stretch; {total} are free, but at "
        f"most {largest} of them lie together: it waits."
    )


def _swap_out(names: Names, event: Event) -> str:
    _, _, pid, _, page, frame, slot = event
    return (
        f"RAM is full: page {page} of {names.process(pid)} goes from frame {frame} to slot {slot} "
        "of the swap area."
    )


def _swap_in(names: Names, event: Event) -> str:
    _, _, pid, _, page, frame, slot = event
    return (
        f"Page {page} of {names.process(pid)} comes back from slot {slot} of the swap area into "
        f"frame {frame}."
    )


def _flush(names: Names, event: Event) -> str:
    return (
        f"Core {event[4]} goes over to another address space: all entries of its TLB are dropped."
    )


def _tlb_miss(names: Names, event: Event) -> str:
    _, _, pid, _, core, page = event
    return f"TLB miss: core {core} looks page {page} of {names.process(pid)} up in the page table."


TELLERS: dict[str, Teller] = {
    "launch": _launch,
    "thread": _thread,
    "fork": _fork,
    "exec": _exec,
    "kill": _kill,
    "adopt": _adopt,
    "reap": _reap,
    "end": _end,
    "exit": _exit,
    "fault": _fault,
    "print": _print,
    "wake": _wake,
    "block": _block,
    "await": _await,
    "bump": _bump,
    "intervene": _intervene,
    "deadlock": _deadlock,
    "limit": _limit,
    "stuck": _stuck,
    "alloc": _alloc,
    "free": _free,
    "page_fault": _page_fault,
    "own": _own,
    "copy": _copy,
    "share": _share,
    "area": _area,
    "place": _place,
    "relocate": _relocate,
    "no_hole": _no_hole,
    "swap_out": _swap_out,
    "swap_in": _swap_in,
    "flush": _flush,
    "tlb_miss": _tlb_miss,
}
"""Kind of event -> what makes a sentence of it."""
