"""Which words a core used, instruction by instruction, and which it tried to use in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.lang.instructions import WORD
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.references import executed

_ADDRESS = re.compile(r"(?:read|wrote) (0x[0-9a-f]+)")


@dataclass(frozen=True)
class Access:
    """A use of a word, or an attempt.

    Attributes
    ----------
    address : int
        In bytes, virtual.
    writing : bool
    fault : str
        The kind of fault by which it was refused; "" if it was not.
    """

    tick: int
    core: int
    key: ThreadId
    address: int
    writing: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Step:
    """What one instruction used: its own word, and a word of data if it uses one."""

    fetch: Access | None
    data: Access | None


def steps_of(trace: Trace, core: int) -> Iterator[tuple[int, Step]]:
    """Yield (tick, step) of the instructions on a core, thread by thread."""
    for key in trace.record.threads:
        pid, _ = key
        base = trace.history.processes[pid].code_base
        for done in executed(trace.record, trace.history, key):
            if done.core != core:
                continue
            fetch = Access(done.tick, core, key, base + done.instruction * WORD)
            data = None
            if done.touched is not None:
                data = Access(done.tick, core, key, *done.touched)
            yield done.tick, Step(fetch, data)
    yield from _refused(trace, core)


def _refused(trace: Trace, core: int) -> Iterator[tuple[int, Step]]:
    """Yield the accesses that ended in a fault."""
    for tick, pid, tid, fault, message in trace.history.faults:
        match = _ADDRESS.search(message)
        if match is None or trace.history.cores[core].at(tick - 1) != (pid, tid):
            continue
        writing = match[0].startswith("wrote")
        yield tick, Step(None, Access(tick, core, (pid, tid), int(match[1], 16), writing, fault))
