"""A sentence for each kind of event: locks, files, pipes, messages and devices."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events import calls
from kit.trace.narration.names import Names
from kit.trace.narration.table import SentenceTable

sentence_for = SentenceTable()

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
    | calls.BarrierFull
)


def _where(names: Names, event: _AtAnAddress) -> str:
    return names.place(event.pid, event.address)


@sentence_for
def _system_call(names: Names, event: calls.SystemCall) -> str:
    return f"{names.who(event)} asks the system to {_ASKED[event.call]} ({event.call})."


_ASKED = {
    "brk": "make the heap longer",
    "futex_wait": "let it sleep until it is woken",
    "futex_wake": "wake who sleeps there",
    "kill": "send its own process a signal",
}


@sentence_for
def _acquire(names: Names, event: calls.Acquire) -> str:
    return f"{names.who(event)} holds the lock {_where(names, event)}."


@sentence_for
def _release(names: Names, event: calls.Release) -> str:
    return f"{names.who(event)} releases the lock {_where(names, event)}."


@sentence_for
def _acquire_read(names: Names, event: calls.AcquireRead) -> str:
    others = event.readers - 1
    also = f", as {plural(others, 'other')} do" if others > 1 else ", as one other does"
    lock = f"the lock {_where(names, event)}{also if others else ''}"
    return f"{names.who(event)} may read under {lock}."


@sentence_for
def _release_read(names: Names, event: calls.ReleaseRead) -> str:
    left = f"{plural(event.readers, 'reader')} left" if event.readers else "nobody does now"
    return f"{names.who(event)} stops reading under the lock {_where(names, event)}: {left}."


@sentence_for
def _acquire_write(names: Names, event: calls.AcquireWrite) -> str:
    return f"{names.who(event)} may write under the lock {_where(names, event)}, alone."


@sentence_for
def _release_write(names: Names, event: calls.ReleaseWrite) -> str:
    return f"{names.who(event)} stops writing under the lock {_where(names, event)}."


@sentence_for
def _lock_left_held(names: Names, event: calls.LockLeftHeld) -> str:
    exited = names.history.processes[event.pid].exit
    if not event.area and exited is not None and exited[0] == event.tick:
        return ""  # the lock is gone with the memory of its process
    lock = (
        f"a lock in the shared memory '{event.area}'"
        if event.area
        else f"the lock {_where(names, event)}"
    )
    return f"T{event.tid} ended holding {lock}: it will never release it."


@sentence_for
def _down(names: Names, event: calls.Down) -> str:
    count = event.count
    return f"{names.who(event)} took one from the semaphore {_where(names, event)}: {count} left."


@sentence_for
def _up(names: Names, event: calls.Up) -> str:
    count = event.count
    if not count:
        return (
            f"{names.who(event)} gave one to the semaphore {_where(names, event)}, for the "
            "thread that waited longest."
        )
    return f"{names.who(event)} gave one to the semaphore {_where(names, event)}: {count} now."


@sentence_for
def _notify(names: Names, event: calls.Notify) -> str:
    woken = names.thread(event.waiting_pid, event.waiting_tid)
    return (
        f"{names.who(event)} notifies {woken} at the condition {_where(names, event)}: "
        f"T{event.waiting_tid} has to acquire the lock again."
    )


@sentence_for
def _barrier(names: Names, event: calls.BarrierFull) -> str:
    parties = f"{plural(event.parties, 'thread')} at the barrier {_where(names, event)}"
    return f"{names.who(event)} is the last of {parties}: all go on."


@sentence_for
def _refuse(names: Names, event: calls.Refuse) -> str:
    return f"{event.call} of {names.who(event)} failed: {event.reason}."


@sentence_for
def _file(names: Names, event: calls.FilePut) -> str:
    return f"The file '{event.name}' with {plural(len(event.words), 'word')} is put on the disk."


@sentence_for
def _open(names: Names, event: calls.Open) -> str:
    return (
        f"{names.who(event)} opened '{event.name}' ({event.mode}) as descriptor {event.descriptor}."
    )


@sentence_for
def _read(names: Names, event: calls.Read) -> str:
    return f"{names.who(event)} read {event.value}, word {event.position} of '{event.name}'."


@sentence_for
def _file_end(names: Names, event: calls.FileEnd) -> str:
    return f"{names.who(event)} is at the end of '{event.name}' (descriptor {event.descriptor})."


@sentence_for
def _write(names: Names, event: calls.Write) -> str:
    return f"{names.who(event)} wrote {event.value} as word {event.position} of '{event.name}'."


@sentence_for
def _seek(names: Names, event: calls.Seek) -> str:
    return f"{names.who(event)} goes to word {event.position} of descriptor {event.descriptor}."


@sentence_for
def _close(names: Names, event: calls.Close) -> str:
    if not event.tid:
        return f"Descriptor {event.descriptor} of {names.whose(event)} is closed with it."
    return f"{names.who(event)} closed descriptor {event.descriptor}."


@sentence_for
def _pipe(names: Names, event: calls.PipeMade) -> str:
    return (
        f"{names.who(event)} made pipe {event.pipe}: descriptor {event.read_end} reads from it, "
        f"{event.write_end} writes to it."
    )


@sentence_for
def _pipe_read(names: Names, event: calls.PipeRead) -> str:
    return f"{names.who(event)} read {event.value} from pipe {event.pipe}."


@sentence_for
def _pipe_write(names: Names, event: calls.PipeWrite) -> str:
    return f"{names.who(event)} wrote {event.value} into pipe {event.pipe}."


@sentence_for
def _pipe_end(names: Names, event: calls.PipeEnd) -> str:
    return f"Nobody can write to pipe {event.pipe} any more: {names.who(event)} reads its end."


@sentence_for
def _send(names: Names, event: calls.Send) -> str:
    return f"{names.who(event)} sent {event.value} to {names.process(event.to)}."


@sentence_for
def _receive(names: Names, event: calls.Receive) -> str:
    return f"{names.who(event)} received {event.value} from {names.process(event.sender)}."


@sentence_for
def _call(names: Names, event: calls.Call) -> str:
    return f"{names.who(event)} called {names.process(event.to)} with {event.value}."


@sentence_for
def _serve(names: Names, event: calls.Serve) -> str:
    return (
        f"{names.who(event)} serves the call of "
        f"{names.thread(event.caller_pid, event.caller_tid)}: {event.value}."
    )


@sentence_for
def _reply(names: Names, event: calls.Reply) -> str:
    return (
        f"{names.who(event)} replied {event.value} to "
        f"{names.thread(event.caller_pid, event.caller_tid)}."
    )


@sentence_for
def _io_start(names: Names, event: calls.IoStart) -> str:
    return (
        f"Device {event.device} begins to work for {names.who(event)}: "
        f"{plural(event.ticks, 'tick')}."
    )


@sentence_for
def _io_done(names: Names, event: calls.IoDone) -> str:
    return f"Device {event.device} has finished and interrupts, for {names.who(event)}."
