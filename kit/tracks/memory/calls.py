"""The innermost calls on a stack, without walking all the way down."""

from __future__ import annotations

from functools import partial
from itertools import islice

from kit.trace import CallFrame, Trace
from kit.trace.call_stack import walk_stack
from kit.trace.process_history import ProcessHistory

MOST_COUNTED = 40
"""Calls that are counted below those that are shown; where there are more, that is said."""


def calls(
    trace: Trace, process: ProcessHistory, tid: int, tick: int, room: int
) -> tuple[list[tuple[int, CallFrame]], str]:
    """Return the innermost calls of a thread, and how many there are below them.

    With each call the address at which its frame pointer stands.

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
    image, index = thread.program.image, record.index_at(tick)
    word = partial(trace.history.words.at, process.pid, tick=tick)
    walked = walk_stack(image, process.code_base, index, record.registers_at(tick, image), word)
    found = [(call.base, call.frame(word)) for call in islice(walked, room)]
    count = len(found) + sum(1 for _ in islice(walked, MOST_COUNTED))
    if count <= room or room == 1:
        return found, ""
    hidden = count - room + 1
    below = f"more than {MOST_COUNTED}" if hidden > MOST_COUNTED else str(hidden)
    return found[: room - 1], f"… {below} calls below"
