"""What a thread does at a tick, in words: which word it uses, or which call it makes."""

from __future__ import annotations

from typing import NamedTuple

from kit.lang.call_instructions import call_of
from kit.lang.image import Image
from kit.lang.instructions import WORD, Instruction
from kit.lang.objects import OBJECTS
from kit.lang.system_calls import SYSTEM_CALLS
from kit.sim.recording import ThreadId
from kit.sim.registers import touches
from kit.sim.segments import SegmentName
from kit.trace import Trace
from kit.trace.process_state import ThreadState
from kit.trace.state.synchronisation import Location

_ON_ITS_STACK = frozenset(
    ("PUSH", "POP", "CALL", "RET", "ENTER", "LEAVE", "LOADF", "STOREF"),
)
"""Instructions that use the stack of the thread itself, which others do not notice."""
_AT_AN_ADDRESS = frozenset(
    name
    for kind in OBJECTS.values()
    for calls in (
        *kind.methods.values(),
        *kind.blocks.values(),
        *kind.tries.values(),
        (kind.enter, kind.leave),
    )
    for name in calls
) | {name for name, call in SYSTEM_CALLS.items() if call.op in ("TAS", "FAA", "CAS")}
"""Calls that are told the address of a word first."""


class Use(NamedTuple):
    """What a thread does at a tick.

    Attributes
    ----------
    now, past : str
        In words: "reads count", "read".
    line : int
        Of the source; 0 if it has none.
    word : Location or None
        The word that it uses, whichever process speaks of it.
    """

    now: str
    past: str
    line: int
    word: Location | None = None


def use_at(trace: Trace, tick: int, key: ThreadId) -> Use:
    """Return what a thread does at a tick.

    Parameters
    ----------
    trace : Trace
    tick : int
    key : (pid, tid)
    """
    thread = thread_at(trace, tick, key)
    image = trace.at(tick).processes[key[0]].program.image
    line = image.line_of(thread.index)
    if thread.index >= len(image.code):
        return Use("goes on", "went on", line)
    instruction = image.code[thread.index]
    call = call_of(instruction)
    base = trace.history.processes[key[0]].data_base
    touched = _touched(instruction, image, [*thread.registers.values()], base)
    if touched is None:
        now, past = (f"calls {call}", f"called {call}") if call else ("goes on", "went on")
        return Use(now, past, line)
    address, writes = touched
    word, name = _word(trace, tick, key[0], address)
    name = image.variable_at(address - base) or name
    if call:
        method = call.removesuffix(f"_{SYSTEM_CALLS[call].owner.lower()}")
        return Use(f"calls {method} on {name}", f"called {method} on", line, word)
    if writes:
        return Use(f"writes {name}", "wrote", line, word)
    return Use(f"reads {name}", "read", line, word)


def thread_at(trace: Trace, tick: int, key: ThreadId) -> ThreadState:
    """Return a thread as it is at a tick."""
    return trace.at(tick).processes[key[0]].threads[key[1]]


def _touched(
    instruction: Instruction, image: Image, registers: list[int], base: int
) -> tuple[int, bool] | None:
    """Return the address that an instruction uses and whether it writes, if others may notice."""
    call = call_of(instruction)
    if call:
        return (registers[0], True) if call in _AT_AN_ADDRESS else None
    found = touches(instruction, registers, base)
    if found and instruction.op in _ON_ITS_STACK and not image.variable_at(found[0] - base):
        return None
    return found


def _word(trace: Trace, tick: int, pid: int, address: int) -> tuple[Location, str]:
    """Return which word it is, whichever process speaks of it, and how it is called."""
    for segment in trace.at(tick).processes[pid].segments:
        if segment.kind == "shared" and segment.start <= address < segment.end:
            area, offset = SegmentName.of(segment.name).area, address - segment.start
            return (area, offset), f"word {offset // WORD} of the shared memory '{area}'"
    return (pid, address), f"the word at {address:#06x}"
