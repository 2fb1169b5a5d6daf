"""What a person can point at in a picture, so that it is marked in all others too."""

from __future__ import annotations

from dataclasses import dataclass

from kit.lang.objects import INTEGER
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.process_history import ProcessHistory
from kit.tracks.palette import process_name, thread_name

CHARACTERS = 24
BETWEEN = "\x1f"
"""Between the keys of several subjects."""


@dataclass(frozen=True)
class Subject:
    """What can be pointed at: a thread, a process, a variable, which may be a lock, and so on.

    Attributes
    ----------
    key : str
        The same in all pictures of a run: "thread:2:1", "process:2", "variable:2:count".
    name : str
        As people read it.
    """

    key: str
    name: str


def thread_subject(trace: Trace, key: ThreadId) -> Subject:
    """Return a thread, as what can be pointed at."""
    pid, tid = key
    return Subject(f"thread:{pid}:{tid}", f"thread {thread_name(trace, key, CHARACTERS)}")


def process_subject(trace: Trace, pid: int) -> Subject:
    """Return a process, as what can be pointed at."""
    name = process_name(trace, pid, CHARACTERS)
    number = "" if name.endswith(f" #{pid}") else f" (pid {pid})"
    return Subject(f"process:{pid}", f"process {name}{number}")


def variable_subject(process: ProcessHistory, name: str, *, alone: bool) -> Subject:
    """Return a global variable of a process, as what can be pointed at.

    Parameters
    ----------
    process : ProcessHistory
    name : str
    alone : bool
        Whether no other process of the run has variables.
    """
    known = process.program.image.variables.get(name)
    kind = known.kind.lower() if known is not None and known.kind != INTEGER else "variable"
    of = "" if alone else f" of pid {process.pid}"
    return Subject(f"variable:{process.pid}:{name}", f"{kind} {name}{of}")


def call_subject(trace: Trace, key: ThreadId, function: str, base: int) -> Subject:
    """Return a call of a function, by its frame on the stack.

    Parameters
    ----------
    trace : Trace
    key : (pid, tid)
    function : str
    base : int
        The address that its frame pointer has.
    """
    where = f"in {thread_name(trace, key, CHARACTERS)}, frame at {base:#06x}"
    return Subject(f"call:{key[0]}:{key[1]}:{base}:{function}", f"call of {function} {where}")


def frame_subject(number: int) -> Subject:
    """Return a frame of RAM, as what can be pointed at."""
    return Subject(f"frame:{number}", f"frame {number}")


def block_subject(pid: int, address: int) -> Subject:
    """Return a block of a heap, as what can be pointed at.

    Parameters
    ----------
    pid : int
    address : int
        That of its first word, as `alloc` returned it.
    """
    return Subject(f"block:{pid}:{address}", f"block at {address:#x} of pid {pid}")


def file_subject(name: str) -> Subject:
    """Return a file on the disk, as what can be pointed at."""
    return Subject(f"file:{name}", f"file {name[:CHARACTERS]}")


def pipe_subject(number: int) -> Subject:
    """Return a pipe, as what can be pointed at."""
    return Subject(f"pipe:{number}", f"pipe {number}")


def object_in(sentence: str, process: ProcessHistory) -> str:
    """Return the lock, or other object, of a process that a sentence names; "" for none."""
    objects = {v.name for v in process.program.image.variables.values() if v.kind != INTEGER}
    return next((word for word in sentence.split() if word in objects), "")
