"""A sentence for each kind of event: locks, files, pipes, messages and devices."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.events.event import Event
from kit.trace.names import Names
from kit.trace.told import Teller


def _who(names: Names, event: Event) -> str:
    return names.thread(event[2], event[3])


def _where(names: Names, event: Event) -> str:
    return names.place(event[2], event[4])


def _acquire(names: Names, event: Event) -> str:
    return f"{_who(names, event)} holds the lock {_where(names, event)}."


def _release(names: Names, event: Event) -> str:
    return f"{_who(names, event)} releases the lock {_where(names, event)}."


def _lock_left_held(names: Names, event: Event) -> str:
    tick, _, pid, tid, _, area = event
    exited = names.history.processes[pid].exit
    if not area and exited is not None and exited[0] == tick:
        return ""  # the lock is gone with the memory of its process
    lock = f"a lock in the shared memory '{area}'" if area else f"the lock {_where(names, event)}"
    return f"T{tid} ended holding {lock}: it will never release it."


def _down(names: Names, event: Event) -> str:
    count = event[5]
    return f"{_who(names, event)} took one from the semaphore {_where(names, event)}: {count} left."


def _up(names: Names, event: Event) -> str:
    count = event[5]
    if not count:
        return (
            f"{_who(names, event)} gave one to the semaphore {_where(names, event)}, for the "
            "thread that waited longest."
        )
    return f"{_who(names, event)} gave one to the semaphore {_where(names, event)}: {count} now."


def _notify(names: Names, event: Event) -> str:
    _, _, _, _, _, pid, tid = event
    where = f"at the condition {_where(names, event)}"
    return f"{_who(names, event)} notifies {names.thread(pid, tid)} {where}."


def _barrier(names: Names, event: Event) -> str:
    parties = f"{plural(event[5], 'thread')} at the barrier {_where(names, event)}"
    return f"{_who(names, event)} is the last of {parties}: all go on."


def _refuse(names: Names, event: Event) -> str:
    return f"{event[4]} of {_who(names, event)} failed: {event[5]}."


def _file(names: Names, event: Event) -> str:
    return f"The file '{event[4]}' with {plural(len(event[5]), 'word')} is put on the disk."


def _open(names: Names, event: Event) -> str:
    _, _, _, _, descriptor, name, mode = event
    return f"{_who(names, event)} opened '{name}' ({mode}) as descriptor {descriptor}."


def _read(names: Names, event: Event) -> str:
    _, _, _, _, _, name, position, value = event
    return f"{_who(names, event)} read {value}, word {position} of '{name}'."


def _file_end(names: Names, event: Event) -> str:
    return f"{_who(names, event)} is at the end of '{event[5]}' (descriptor {event[4]})."


def _write(names: Names, event: Event) -> str:
    _, _, _, _, _, name, position, value = event
    return f"{_who(names, event)} wrote {value} as word {position} of '{name}'."


def _seek(names: Names, event: Event) -> str:
    return f"{_who(names, event)} goes to word {event[5]} of descriptor {event[4]}."


def _close(names: Names, event: Event) -> str:
    if not event[3]:
        return f"Descriptor {event[4]} of {names.process(event[2])} is closed with it."
    return f"{_who(names, event)} closed descriptor {event[4]}."


def _pipe(names: Names, event: Event) -> str:
    _, _, _, _, read_end, write_end, number = event
    return (
        f"{_who(names, event)} made pipe {number}: descriptor {read_end} reads from it, "
        f"{write_end} writes to it."
    )


def _pipe_read(names: Names, event: Event) -> str:
    return f"{_who(names, event)} read {event[5]} from pipe {event[4]}."


def _pipe_write(names: Names, event: Event) -> str:
    return f"{_who(names, event)} wrote {event[5]} into pipe {event[4]}."


def _pipe_end(names: Names, event: Event) -> str:
    return f"Nobody can write to pipe {event[4]} any more: {_who(names, event)} reads its end."


def _send(names: Names, event: Event) -> str:
    return f"{_who(names, event)} sent {event[5]} to {names.process(event[4])}."


def _receive(names: Names, event: Event) -> str:
    return f"{_who(names, event)} received {event[5]} from {names.process(event[4])}."


def _call(names: Names, event: Event) -> str:
    return f"{_who(names, event)} called {names.process(event[4])} with {event[5]}."


def _serve(names: Names, event: Event) -> str:
    _, _, _, _, pid, tid, word = event
    return f"{_who(names, event)} serves the call of {names.thread(pid, tid)}: {word}."


def _reply(names: Names, event: Event) -> str:
    _, _, _, _, pid, tid, word = event
    return f"{_who(names, event)} replied {word} to {names.thread(pid, tid)}."


def _io_start(names: Names, event: Event) -> str:
    _, _, _, _, device, ticks = event
    return f"Device {device} begins to work for {_who(names, event)}: {plural(ticks, 'tick')}."


def _io_done(names: Names, event: Event) -> str:
    return f"Device {event[4]} has finished and interrupts, for {_who(names, event)}."


TELLERS: dict[str, Teller] = {
    "acquire": _acquire,
    "release": _release,
    "lock_left_held": _lock_left_held,
    "down": _down,
    "up": _up,
    "notify": _notify,
    "barrier": _barrier,
    "refuse": _refuse,
    "file": _file,
    "open": _open,
    "read": _read,
    "file_end": _file_end,
    "write": _write,
    "seek": _seek,
    "close": _close,
    "pipe": _pipe,
    "pipe_read": _pipe_read,
    "pipe_write": _pipe_write,
    "pipe_end": _pipe_end,
    "send": _send,
    "receive": _receive,
    "call": _call,
    "serve": _serve,
    "reply": _reply,
    "io_start": _io_start,
    "io_done": _io_done,
}
"""Kind of event -> what makes a sentence of it."""
