"""A sentence for each kind of event: processes and threads.

The first has to fit into twenty words together with the line of the program; what else there
is to say of an event comes after it, as details. Those of memory are in
`kit.trace.narration.memory_events`, those of locks, files, pipes, messages and devices in
`kit.trace.narration.calls`.
"""

from __future__ import annotations

from kit.lang.signals import Signal, effect_of
from kit.sim.events import processes, scheduling
from kit.sim.faults import SIGNALS
from kit.sim.process import INIT
from kit.trace.narration.failures import failure
from kit.trace.narration.names import Names
from kit.trace.narration.sentences import Said
from kit.trace.narration.table import SentenceTable
from kit.trace.narration.waiting import waiting

sentence_for: SentenceTable[Said] = SentenceTable()


@sentence_for
def _launch(names: Names, event: processes.Launch) -> Said:
    process = f"process {event.pid}" if names.several else "a process"
    return (
        f"The operating system creates {process} to run the program {event.program}.",
        "The process has an entry in the process table and an address space of its own.",
        "Its thread T1 is new: it cannot run before code and stack are there.",
    )


@sentence_for
def _thread(names: Names, event: processes.ThreadMade) -> Said:
    if not event.creator:
        return f"{names.who(event)} gets a stack and can begin, in main."
    given = ", ".join(map(str, event.arguments))
    return (
        f"{names.thread(event.pid, event.creator)} creates T{event.tid} to run {event.function}.",
        f"T{event.tid} begins with {event.function}({given}), on a stack of its own.",
        "It shares code, data and heap with the other threads of its process.",
    )


@sentence_for
def _fork(names: Names, event: processes.Fork) -> Said:
    details = [
        f"Process {event.pid} is a copy of its parent, but only with the thread that forked."
    ]
    if names.history.record.settings.paged:
        details.append("Both use the same frames until one of them writes (copy on write).")
    who = names.thread(event.parent, event.tid)
    return (f"{who} forks: its child is process {event.pid}.", *details)


@sentence_for
def _exec(names: Names, event: processes.Exec) -> Said:
    process = names.process(event.pid, before=1)
    return (
        f"{process} now runs {event.program}, in a single new thread, T{event.tid}.",
        f"T{event.tid} begins in main.",
        "The process keeps its pid and its open files, but its address space is new.",
    )


_NOTHING = {
    Signal.SIGCHLD: "Its default action is to do nothing.",
    Signal.SIGCONT: "It lets a stopped process go on, and this one is not stopped.",
}
"""Signal -> why it does nothing."""


@sentence_for
def _kill(names: Names, event: processes.Kill) -> Said:
    signal, target = Signal(event.signal), names.history.processes[event.target]
    process, before = f"Process {event.target}", event.tick - 1
    if signal == Signal.SIGKILL:
        does = f"It sends it {signal.told}, which no process can ignore."
    else:
        ignored = signal in target.signals.at(event.tick).ignored
        stopped = target.signals.at(before).stopped
        does = {
            "none": _NOTHING.get(signal, f"{process} is stopped already."),
            "ignored": f"{process} ignores it, so nothing else happens.",
            "stop": f"{process} is stopped: its threads do not run until SIGCONT comes.",
            "continue": f"{process} goes on.",
            "pending": "",
            "end": "Its default action ends the process.",
        }[effect_of(signal, ignored=ignored, stopped=stopped)]
    if target.exit is not None and target.exit.tick < event.tick:
        does = f"{process} has ended already and is a zombie, so nothing else happens."
    if signal == Signal.SIGKILL:
        return f"{names.who(event)} kills process {event.target}.", does
    said = f"{names.who(event)} sends {signal.told} to process {event.target}."
    return (said, does) if does else said


@sentence_for
def _pending(names: Names, event: processes.Pending) -> Said:
    signal = Signal(event.signal).told
    return f"{names.whose(event)} is stopped, so {signal} waits until SIGCONT comes."


@sentence_for
def _ignore(names: Names, event: processes.Ignore) -> Said:
    return (
        f"{names.who(event)} lets its process ignore {Signal(event.signal).told} from now on.",
        "A child inherits that, and it stays so after exec.",
    )


@sentence_for
def _adopt(names: Names, event: processes.Adopt) -> Said:
    return f"init adopts {names.whose(event)}, because its parent has ended."


@sentence_for
def _reap(names: Names, event: processes.Reap) -> Said:
    who = "init" if event.parent == INIT else names.process(event.parent)
    return (
        f"{who} collects the exit status of {names.whose(event)}.",
        f"The entry of {names.whose(event)} is removed from the process table.",
    )


@sentence_for
def _end(names: Names, event: processes.End) -> Said:
    process = names.history.processes[event.pid]
    if event.tick in process.programs.ticks:
        return ""  # exec tells of it
    who, freed = names.who(event), "Its stack is freed."
    if event.how == "kill" and process.exit is not None and process.exit[0] == event.tick:
        return f"{who} ends because its whole process ends."
    if event.how == "kill":
        return f"{who} is ended by force.", freed
    if event.how == "exception":
        others = (
            other.state.at(event.tick) for key, other in process.threads.items() if key != event.tid
        )
        alone = all(state in ("", "terminated") for state in others)
        rest = "" if alone else "; the other threads continue"
        return f"The exception ends {who}{rest}.", freed
    return f"{who} ends.", freed


@sentence_for
def _exit(names: Names, event: processes.Exit) -> Said:
    who, signal = names.whose(event), event.signal
    left = _left_of(names, event)
    if signal is not None:
        instead = f"It has a signal in place of an exit code: {signal.conventions}."
        return (f"{who} is ended by {signal.told}.", *left, instead)
    why = "" if event.reason == "exit" else f": {event.reason}"
    return (f"{who} ends with exit code {event.exit_code}{why}.", *left)


def _left_of(names: Names, event: processes.Exit) -> list[str]:
    """Tell what becomes of the memory, and of the entry, of a process that ends."""
    history = names.history
    process, who = history.processes[event.pid], names.whose(event)
    held = {page.at(event.tick - 1) for page in process.pages.values()} - {None}
    kept = any(
        h.frame >= 0 and history.frames[h.frame].at(event.tick) for h in held if h is not None
    )
    freed = "the memory that it did not share" if kept else "all its memory"
    details = [f"The operating system frees {freed}."]
    if process.reaped is None or process.reaped > event.tick:
        parent = names.process(process.parents.at(event.tick))
        details.append(f"{who} is a zombie until {parent} waits for it.")
    return details


@sentence_for
def _fault(names: Names, event: processes.Faulted) -> Said:
    exited = names.history.processes[event.pid].exit
    whole = exited is not None and (exited.tick, exited.reason) == (event.tick, event.fault)
    first, *details = failure(names, event)
    sent = f"The system sends {SIGNALS[event.fault].told}, which ends the whole process."
    ends = sent if whole else f"No handler catches it, so T{event.tid} ends."
    return (first, *details, ends)


@sentence_for
def _chosen(names: Names, event: processes.Chosen) -> Said:
    return f"{names.who(event)} chooses {event.value} from 0 to {event.values - 1}."


@sentence_for
def _print(names: Names, event: processes.Print) -> Said:
    said = event.text.rstrip() or event.text.rstrip("\n")
    if not said:
        what = "an empty line" if event.text else "nothing"
        return f"{names.who(event)} prints {what}."
    return f'{names.who(event)} prints "{said}".'


@sentence_for
def _wake(names: Names, event: scheduling.Wake) -> Said:
    return f"{names.who(event)} is woken and waits for a core."


@sentence_for
def _block(names: Names, event: scheduling.Block) -> Said:
    why = waiting(names, event.pid, event.reason, event.detail)
    return f"{names.who(event)} blocks: it {why}."


@sentence_for
def _await(names: Names, event: scheduling.Await) -> Said:
    return f"{names.who(event)} now {waiting(names, event.pid, event.reason, event.detail)}."


@sentence_for
def _bump(names: Names, event: scheduling.Bump) -> Said:
    return f"{names.who(event)} is preempted: core {event.core} goes to another thread."


@sentence_for
def _intervene(names: Names, event: processes.Intervene) -> Said:
    who = names.who(event) if event.tid else names.whose(event)
    return {
        "kill process": f"From outside, {who} is killed.",
        "kill thread": f"From outside, {who} is killed.",
        "inject": f"From outside, {who} is made to fail.",
        "run next": f"From outside, {who} is given core {event.detail}.",
        "write": f"From outside, {event.detail} is written into the memory of {who}.",
    }[event.action]


@sentence_for
def _deadlock(names: Names, event: scheduling.Deadlock) -> Said:
    waits = [names.thread(pid, tid) for pid, tid, *_ in event.cycle]
    circle = ", which waits for ".join([*waits[1:], waits[0]])
    if len(waits) == 1:
        first = f"{waits[0]} waits for itself: deadlock."
    elif len(waits) == 2:
        first = f"{waits[0]} and {waits[1]} wait for each other: deadlock."
    else:
        first = f"{len(waits)} threads now wait for each other in a circle: deadlock."
    return (
        first,
        f"{waits[0]} waits for {circle}.",
        "None of them can continue unless something else releases what it waits for.",
    )


@sentence_for
def _limit(names: Names, event: processes.Limit) -> Said:
    what, _, rest = event.message.partition("; ")
    details = (f"To do: {rest}.",) if rest else ()
    return (f"The run is stopped: {what}.", *details)


@sentence_for
def _stuck(names: Names, event: scheduling.Stuck) -> Said:
    return "No thread can run: every one is waiting for something that will never happen."
