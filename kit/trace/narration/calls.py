"""A sentence for each kind of event: locks, files, pipes, messages and devices."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events import calls
from kit.trace.narration.names import Names
from kit.trace.narration.sentences import Said
from kit.trace.narration.table import SentenceTable

sentence_for: SentenceTable[Said] = SentenceTable()

_AtAnAddress = (
    calls.Acquire
    | calls.Release
    | calls.AcquireRead
    | calls.ReleaseRead
    | calls.AcquireWrite
    | calls.ReleaseWrite
    | calls.LockLeftHeld
    | calls.Down
    | calls.Up
    | calls.Notify
    | calls.GiveUp
    | calls.BarrierFull
)


def _which(names: Names, sort: str, event: _AtAnAddress) -> str:
    return names.object(event.pid, sort, event.address)


@sentence_for
def _system_call(names: Names, event: calls.SystemCall) -> Said:
    return f"{names.who(event)} makes the system call {event.call} to {_PURPOSE[event.call]}."


_PURPOSE = {
    "brk": "make the heap larger",
    "futex_wait": "sleep until it is woken",
    "futex_wake": "wake threads that sleep there",
    "kill": "send its own process a signal",
}


@sentence_for
def _acquire(names: Names, event: calls.Acquire) -> Said:
    return f"{names.who(event)} acquires {_which(names, 'lock', event)}."


@sentence_for
def _release(names: Names, event: calls.Release) -> Said:
    return f"{names.who(event)} releases {_which(names, 'lock', event)}."


@sentence_for
def _acquire_read(names: Names, event: calls.AcquireRead) -> Said:
    first = f"{names.who(event)} acquires {_which(names, 'lock', event)} for reading."
    if event.readers == 1:
        return first
    return first, f"{event.readers} threads now hold it for reading."


@sentence_for
def _release_read(names: Names, event: calls.ReleaseRead) -> Said:
    left = plural(event.readers, "reader") if event.readers else "no reader"
    return (
        f"{names.who(event)} stops reading and releases {_which(names, 'lock', event)}.",
        f"It has {left} left.",
    )


@sentence_for
def _acquire_write(names: Names, event: calls.AcquireWrite) -> Said:
    return f"{names.who(event)} acquires {_which(names, 'lock', event)} for writing, alone."


@sentence_for
def _release_write(names: Names, event: calls.ReleaseWrite) -> Said:
    return f"{names.who(event)} stops writing and releases {_which(names, 'lock', event)}."


@sentence_for
def _lock_left_held(names: Names, event: calls.LockLeftHeld) -> Said:
    exited = names.history.processes[event.pid].exit
    if not event.area and exited is not None and exited[0] == event.tick:
        return ""  # the lock is gone with the memory of its process
    lock = (
        f"a lock in the shared memory '{event.area}'"
        if event.area
        else _which(names, "lock", event)
    )
    return f"T{event.tid} ended while it held {lock}, which will never be released."


@sentence_for
def _down(names: Names, event: calls.Down) -> Said:
    semaphore = _which(names, "semaphore", event)
    return f"{names.who(event)} acquires {semaphore}, which is now {event.count}."


@sentence_for
def _up(names: Names, event: calls.Up) -> Said:
    released = f"{names.who(event)} releases {_which(names, 'semaphore', event)}"
    if not event.count:
        return f"{released}; the thread that has waited longest gets it."
    return f"{released}, which is now {event.count}."


@sentence_for
def _give_up(names: Names, event: calls.GiveUp) -> Said:
    what = _which(names, event.reason.removeprefix("timed_"), event)
    return f"{names.who(event)} has waited long enough for {what} and gives up."


@sentence_for
def _notify(names: Names, event: calls.Notify) -> Said:
    woken = names.thread(event.waiting_pid, event.waiting_tid)
    return (
        f"{names.who(event)} notifies {woken} at {_which(names, 'condition', event)}.",
        f"T{event.waiting_tid} has to acquire the lock again before it continues.",
    )


@sentence_for
def _barrier(names: Names, event: calls.BarrierFull) -> Said:
    parties = plural(event.parties, "thread")
    return (
        f"{names.who(event)} is the last of {parties} at {_which(names, 'barrier', event)}: all "
        "continue."
    )


@sentence_for
def _refuse(names: Names, event: calls.Refuse) -> Said:
    return f"{names.who(event)} calls {event.call}, which fails: {event.reason}."


MOST_LISTED = 16


def _words(values: tuple[int, ...]) -> str:
    return plural(len(values), "word")


def _listed(values: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, values[:MOST_LISTED]))
    hidden = len(values) - MOST_LISTED
    return f"{shown} and {hidden} more" if hidden > 0 else shown


def _these(values: tuple[int, ...]) -> str:
    return f"They are {_listed(values)}." if len(values) > 1 else f"It is {values[0]}."


def _partly(values: tuple[int, ...], wanted: int, verb: str) -> tuple[str, ...]:
    """Return what is said where a call moves fewer words at once than it was told to."""
    if len(values) == wanted:
        return ()
    return (f"It {verb} {plural(wanted, 'word')}.",)


@sentence_for
def _file(names: Names, event: calls.FilePut) -> Said:
    return f"The file '{event.name}' is put on the disk, with {plural(len(event.words), 'word')}."


@sentence_for
def _open(names: Names, event: calls.Open) -> Said:
    return (
        f"{names.who(event)} opens '{event.name}' ({event.mode}) as descriptor {event.descriptor}."
    )


@sentence_for
def _read(names: Names, event: calls.Read) -> Said:
    return f"{names.who(event)} reads {event.value}, word {event.position} of '{event.name}'."


@sentence_for
def _read_words(names: Names, event: calls.ReadWords) -> Said:
    if not event.values:
        return f"{names.who(event)} is at the end of '{event.name}', so its read returns 0."
    return (
        f"{names.who(event)} reads {_words(event.values)} of '{event.name}'.",
        *_partly(event.values, event.most, "asked for"),
        f"From word {event.position} on: {_listed(event.values)}.",
    )


@sentence_for
def _file_end(names: Names, event: calls.FileEnd) -> Said:
    return f"{names.who(event)} is at the end of '{event.name}', so its read returns -1."


@sentence_for
def _write(names: Names, event: calls.Write) -> Said:
    return f"{names.who(event)} writes {event.value} as word {event.position} of '{event.name}'."


@sentence_for
def _write_words(names: Names, event: calls.WriteWords) -> Said:
    return (
        f"{names.who(event)} writes {_words(event.values)} to '{event.name}'.",
        f"From word {event.position} on: {_listed(event.values)}.",
    )


@sentence_for
def _seek(names: Names, event: calls.Seek) -> Said:
    return f"{names.who(event)} moves to word {event.position} of descriptor {event.descriptor}."


@sentence_for
def _close(names: Names, event: calls.Close) -> Said:
    if not event.tid:
        return f"Descriptor {event.descriptor} of {names.whose(event)} is closed with it."
    return f"{names.who(event)} closes descriptor {event.descriptor}."


@sentence_for
def _pipe(names: Names, event: calls.PipeMade) -> Said:
    return (
        f"{names.who(event)} creates pipe {event.pipe}.",
        f"Descriptor {event.read_end} reads from it, descriptor {event.write_end} writes to it.",
    )


@sentence_for
def _pipe_read(names: Names, event: calls.PipeRead) -> Said:
    return f"{names.who(event)} reads {event.value} from pipe {event.pipe}."


@sentence_for
def _pipe_write(names: Names, event: calls.PipeWrite) -> Said:
    return f"{names.who(event)} writes {event.value} into pipe {event.pipe}."


@sentence_for
def _stream_read(names: Names, event: calls.StreamRead) -> Said:
    return (
        f"{names.who(event)} reads {_words(event.values)} from pipe {event.pipe}.",
        *_partly(event.values, event.most, "asked for"),
        _these(event.values),
    )


@sentence_for
def _stream_write(names: Names, event: calls.StreamWrite) -> Said:
    return (
        f"{names.who(event)} writes {_words(event.values)} into pipe {event.pipe}.",
        *_partly(event.values, event.asked, "is writing"),
        _these(event.values),
    )


@sentence_for
def _pipe_end(names: Names, event: calls.PipeEnd) -> Said:
    return (
        f"The read of {names.who(event)} returns end-of-file.",
        f"No process has the writing end of pipe {event.pipe} open any longer.",
    )


@sentence_for
def _send(names: Names, event: calls.Send) -> Said:
    return f"{names.who(event)} sends {event.value} to {names.process(event.to)}."


@sentence_for
def _receive(names: Names, event: calls.Receive) -> Said:
    return f"{names.who(event)} receives {event.value} from {names.process(event.sender)}."


@sentence_for
def _call(names: Names, event: calls.Call) -> Said:
    return f"{names.who(event)} calls {names.process(event.to)} with {event.value}."


@sentence_for
def _serve(names: Names, event: calls.Serve) -> Said:
    caller = names.thread(event.caller_pid, event.caller_tid)
    return f"{names.who(event)} takes the call of {caller}: {event.value}."


@sentence_for
def _reply(names: Names, event: calls.Reply) -> Said:
    caller = names.thread(event.caller_pid, event.caller_tid)
    return f"{names.who(event)} replies {event.value} to {caller}."


@sentence_for
def _io_start(names: Names, event: calls.IoStart) -> Said:
    return (
        f"Device {event.device} starts work for {names.who(event)}, for "
        f"{plural(event.ticks, 'tick')}."
    )


@sentence_for
def _io_done(names: Names, event: calls.IoDone) -> Said:
    return f"Device {event.device} has finished its work for {names.who(event)} and interrupts."
