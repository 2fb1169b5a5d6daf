"""The innermost calls on a stack, without walking all the way down."""

from __future__ import annotations

from kit.lang.instructions import FP, SP, WORD
from kit.trace import CallFrame, Trace
from kit.trace.histories import ProcessHistory
from kit.trace.words import Words

MOST_COUNTED = 40
"""Calls that are counted below those that are shown; where there are more, that is said."""


def calls(
    trace: Trace, process: ProcessHistory, tid: int, tick: int, room: int
) -> tuple[list[CallFrame], str]:
    """Return the innermost calls of a thread, and how many there are below them.

    `ThreadState.call_stack` returns all of them with all their variables, which is too
    much to do at every tick of a deep recursion.

    Parameters
    ----------
    room : int
        Lines for them and for the words that count the others.
    """
    thread, record = process.threads[tid], trace.record.threads.get((process.pid, tid))
    if record is None or thread.state.at(tick) == "terminated":
        return [], ""
    image, words = thread.program.image, trace.history.words
    registers = record.registers_at(tick, image)
    index, fp, sp = record.index_at(tick), registers[FP], registers[SP]
    found: list[CallFrame] = []
    count = 0
    while count < room + MOST_COUNTED and (routine := image.routine_at(index)) is not None:
        entered = index != routine.start and image.code[index].op != "RET"
        if count < room:
            # Before ENTER and after LEAVE a function has only its arguments.
            slots = {name: at for name, at in routine.slots.items() if entered or at >= 0}
            base = fp if entered else sp - WORD
            values = _values(words, process.pid, slots, base, tick)
            found.append(CallFrame(routine.name, values))
        count += 1
        back = words.at(process.pid, fp + WORD if entered else sp, tick)
        caller = words.at(process.pid, fp, tick) if entered else fp
        if back is None or caller is None:
            break
        index, fp, sp = (back - process.code_base) // WORD, caller, 0
    if count <= room or room == 1:
        return found[:room], ""
    hidden = count - room + 1
    below = f"more than {MOST_COUNTED}" if hidden > MOST_COUNTED else str(hidden)
    return found[: room - 1], f"… {below} calls below"


def _values(words: Words, pid: int, slots: dict[str, int], base: int, tick: int) -> dict[str, int]:
    """Return the variables that have been written; those of the compiler are left out."""
    found = {
        name: words.at(pid, base + offset, tick)
        for name, offset in slots.items()
        if "@" not in name
    }
    return {name: value for name, value in found.items() if value is not None}
