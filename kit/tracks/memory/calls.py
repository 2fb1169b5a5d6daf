"""The innermost calls on a stack, without walking all the way down."""

from __future__ import annotations

from functools import partial

from kit.lang.instructions import FP, SP, WORD
from kit.trace import CallFrame, Trace
from kit.trace.process_history import ProcessHistory
from kit.trace.process_state import variables_of
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
    trace : Trace
    process : ProcessHistory
    tid, tick : int
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
            base = fp if entered else sp - WORD
            word = partial(_word, words, process.pid, base, tick)
            found.append(CallFrame(routine.name, variables_of(routine, word, entered)))
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


def _word(words: Words, pid: int, base: int, tick: int, offset: int) -> int | None:
    return words.at(pid, base + offset, tick)
