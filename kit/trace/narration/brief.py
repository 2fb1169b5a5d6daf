"""What happens in a few words, such as can be put into an order: "T2 of sum (pid 2) ends"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kit.errors import plural
from kit.lang.signals import Signal
from kit.sim.events import calls, memory, processes, scheduling
from kit.sim.events.event import Event
from kit.sim.process import INIT
from kit.sim.recording import ThreadId
from kit.trace.narration.names import Names
from kit.trace.narration.table import SentenceTable
from kit.trace.narration.waiting import waiting
from kit.trace.replay import History


class Happening(NamedTuple):
    """Something that happens.

    Attributes
    ----------
    tick : int
    sort : str
        What tells it apart from others: the kind of event, and which segment is loaded.
    key : (pid, tid)
        Whom it concerns.
    doer : (pid, tid)
        Who does it: for a thread or process that is made, who makes it.
    makes : bool
        Whether a thread is made.
    text : str
    """

    tick: int
    sort: str
    key: ThreadId
    doer: ThreadId
    makes: bool
    text: str


def happenings(history: History) -> Iterator[Happening]:
    """Yield what happens in a run, in order; of turns on a core, the first of each thread."""
    begun: set[ThreadId] = set()
    for event in history.record.events:
        if isinstance(event, scheduling.Dispatch):
            if event.key in begun:
                continue
            begun.add(event.key)
        text = (
            sentence_for[event.kind](Names(history, event.tick), event)
            if event.kind in sentence_for
            else ""
        )
        if text:
            doer = _doer(event)
            makes = isinstance(event, (processes.ThreadMade, processes.Fork))
            yield Happening(event.tick, _sort(event), event.key, doer, makes, text)


def _sort(event: Event) -> str:
    return f"load {event.segment}" if isinstance(event, memory.Load) else event.kind


def _doer(event: Event) -> ThreadId:
    if isinstance(event, processes.ThreadMade):
        return event.pid, event.creator
    return (event.parent, event.tid) if isinstance(event, processes.Fork) else event.key


sentence_for: SentenceTable[str] = SentenceTable()


@sentence_for
def _launch(_: Names, event: processes.Launch) -> str:
    return f"process {event.pid} is created from the program {event.program}"


@sentence_for
def _load(names: Names, event: memory.Load) -> str:
    return f"the {event.segment} of {names.whose(event)} is loaded from disk into RAM"


@sentence_for
def _thread(names: Names, event: processes.ThreadMade) -> str:
    if not event.creator:
        return ""
    return f"{names.thread(event.pid, event.creator)} spawns T{event.tid}"


@sentence_for
def _fork(names: Names, event: processes.Fork) -> str:
    return f"{names.thread(event.parent, event.tid)} forks process {event.pid}"


@sentence_for
def _exec(_: Names, event: processes.Exec) -> str:
    return f"process {event.pid} switches to the program {event.program}"


@sentence_for
def _dispatch(names: Names, event: scheduling.Dispatch) -> str:
    return f"{names.who(event)} gets a core for the first time"


@sentence_for
def _block(names: Names, event: scheduling.Block) -> str:
    if event.reason == "sleep":
        return f"{names.who(event)} goes to sleep"
    return f"{names.who(event)} {waiting(names, event.pid, event.reason, event.detail)}"


@sentence_for
def _wake(names: Names, event: scheduling.Wake) -> str:
    return f"{names.who(event)} is woken"


@sentence_for
def _end(names: Names, event: processes.End) -> str:
    return "" if event.how == "kill" else f"{names.who(event)} ends"


@sentence_for
def _exit(names: Names, event: processes.Exit) -> str:
    if event.signal is not None:
        return f"{names.whose(event)} is ended by {event.signal.name}, with all its threads"
    return f"{names.whose(event)} ends with all its threads"


@sentence_for
def _reap(names: Names, event: processes.Reap) -> str:
    if event.parent == INIT:
        return ""
    return f"{names.process(event.parent)} collects the exit status of process {event.pid}"


@sentence_for
def _adopt(names: Names, event: processes.Adopt) -> str:
    return f"init adopts {names.whose(event)}"


@sentence_for
def _kill(names: Names, event: processes.Kill) -> str:
    return f"{names.who(event)} {Signal(event.signal).sending} process {event.target}"


@sentence_for
def _ignore(names: Names, event: processes.Ignore) -> str:
    return f"{names.who(event)} ignores {Signal(event.signal).name}"


@sentence_for
def _fault(names: Names, event: processes.Faulted) -> str:
    return f"{names.who(event)} faults ({event.fault})"


@sentence_for
def _page_fault(names: Names, event: memory.PageFault) -> str:
    return f"{names.who(event)} has a page fault"


@sentence_for
def _chosen(names: Names, event: processes.Chosen) -> str:
    return f"{names.who(event)} chooses {event.value}"


@sentence_for
def _print(names: Names, event: processes.Print) -> str:
    return f"{names.who(event)} prints “{event.text.strip()}”"


@sentence_for
def _alloc(names: Names, event: memory.Alloc) -> str:
    return f"{names.who(event)} gets a block of the heap"


@sentence_for
def _acquire(names: Names, event: calls.Acquire) -> str:
    return f"{names.who(event)} acquires {names.object(event.pid, 'lock', event.address)}"


@sentence_for
def _acquire_read(names: Names, event: calls.AcquireRead) -> str:
    return (
        f"{names.who(event)} acquires {names.object(event.pid, 'lock', event.address)} for reading"
    )


@sentence_for
def _acquire_write(names: Names, event: calls.AcquireWrite) -> str:
    return (
        f"{names.who(event)} acquires {names.object(event.pid, 'lock', event.address)} for writing"
    )


@sentence_for
def _release(names: Names, event: calls.Release) -> str:
    return f"{names.who(event)} releases {names.object(event.pid, 'lock', event.address)}"


@sentence_for
def _barrier(names: Names, event: calls.BarrierFull) -> str:
    place = names.object(event.pid, "barrier", event.address)
    return f"{names.who(event)} is the last at {place}"


@sentence_for
def _open(names: Names, event: calls.Open) -> str:
    return f"{names.who(event)} opens the file {event.name}"


@sentence_for
def _pipe(names: Names, event: calls.PipeMade) -> str:
    return f"{names.who(event)} creates a pipe"


@sentence_for
def _pipe_write(names: Names, event: calls.PipeWrite) -> str:
    return f"{names.who(event)} writes {event.value} into the pipe"


@sentence_for
def _pipe_read(names: Names, event: calls.PipeRead) -> str:
    return f"{names.who(event)} reads {event.value} from the pipe"


@sentence_for
def _stream_write(names: Names, event: calls.StreamWrite) -> str:
    return f"{names.who(event)} writes {plural(len(event.values), 'word')} into the pipe"


@sentence_for
def _stream_read(names: Names, event: calls.StreamRead) -> str:
    return f"{names.who(event)} reads {plural(len(event.values), 'word')} from the pipe"


@sentence_for
def _send(names: Names, event: calls.Send) -> str:
    return f"{names.who(event)} sends {event.value}"


@sentence_for
def _receive(names: Names, event: calls.Receive) -> str:
    return f"{names.who(event)} receives {event.value}"


@sentence_for
def _call(names: Names, event: calls.Call) -> str:
    return f"{names.who(event)} calls with {event.value}"


@sentence_for
def _serve(names: Names, event: calls.Serve) -> str:
    return f"{names.who(event)} takes the call with {event.value}"


@sentence_for
def _reply(names: Names, event: calls.Reply) -> str:
    return f"{names.who(event)} replies {event.value}"


@sentence_for
def _io_start(names: Names, event: calls.IoStart) -> str:
    return f"a device starts work for {names.who(event)}"


@sentence_for
def _io_done(names: Names, event: calls.IoDone) -> str:
    return f"the device of {names.who(event)} has finished"


@sentence_for
def _deadlock(_: Names, event: scheduling.Deadlock) -> str:
    return f"{len(event.cycle)} threads wait for each other in a circle: deadlock"
