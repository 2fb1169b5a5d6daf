"""System calls on a state of the engine; `kit.sim.calls` says what they mean.

A handler changes the moment, and lets its thread go on, wait, or end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kit.explore.engine import heap, rwlocks
from kit.explore.engine.compiling import Unsupported
from kit.explore.engine.state import NOBODY
from kit.lang.instructions import WORD
from kit.lang.signals import MAX_EXIT_CODE
from kit.sim.arithmetic import wrap
from kit.sim.faults import Fault

if TYPE_CHECKING:
    from kit.explore.engine.moment import Moment
    from kit.explore.engine.records import Next

Handler = Callable[["Moment", int, "Next"], None]
"""(state, number of the calling thread, its call)."""


class Loud(Exception):  # noqa: N818 - no error: the search starts again with other rules
    """Others than `main` spawn or join, or a thread is in an atomic block: it matters when."""


# Threads


def _spawn(moment: Moment, thread: int, call: Next) -> None:
    machine = moment.machine
    if machine.rules.quiet and thread:
        raise Loud
    start, *arguments = call.arguments[: call.value + 1]
    index, rest = divmod(start - machine.place.code_base, WORD)
    routine = None if rest else machine.image.routine_at(index)
    if routine is None:
        raise Unsupported("a thread that starts where no function is")
    tid = len(moment.threads)
    machine.check_room(tid + 1, machine.heap_size(len(moment.data)))
    back = machine.image.thread_exit + (not routine.returns_value)
    moment.threads.append(machine.threads.started(tid, index, (*arguments, back)))
    moment.tell("spawn", thread, tid)
    moment.go_on(thread, tid + 1)
    moment.settles(tid)


def _join(moment: Moment, thread: int, call: Next) -> None:
    wanted = call.arguments[0] - 1
    if moment.machine.rules.quiet and thread:
        raise Loud
    moment.tell("join", thread, wanted)
    if wanted == thread or not 0 <= wanted < len(moment.threads):
        moment.go_on(thread, -1)
        return
    record = moment.record(wanted)
    if record.pc < 0:
        moment.tell("joined", thread, wanted)
        moment.go_on(thread, record.detail)
    else:
        moment.wait(thread, "join", wanted)


def _thread_exit(moment: Moment, thread: int, call: Next) -> None:
    result = call.arguments[0] if call.value else 0
    moment.threads[thread] = moment.machine.threads.ended(result)
    moment.tell("end", thread, thread)
    moment.forget(thread)
    for other in range(len(moment.threads)):
        if moment.record(other).detail == ("join", thread) and moment.is_waiting(other):
            moment.tell("joined", other, thread)
            moment.go_on(other, result)
    if all(moment.record(other).pc < 0 for other in range(len(moment.threads))):
        moment.end(0, alone=True)


def _exit(moment: Moment, thread: int, call: Next) -> None:
    moment.end(call.arguments[0] & MAX_EXIT_CODE)


def _abort(moment: Moment, thread: int, call: Next) -> None:
    raise Fault("abort", "")


def _fail_assert(moment: Moment, thread: int, call: Next) -> None:
    raise Fault("failed assert", "")


def _print(moment: Moment, thread: int, call: Next) -> None:
    moment.said += moment.machine.image.texts[call.value].printed(call.arguments)
    if len(moment.said) > moment.machine.limits.output:
        raise Unsupported("more output than the machine takes")
    moment.go_on(thread, 0)


# Locks and semaphores


def _acquire(moment: Moment, thread: int, call: Next) -> None:
    word = moment.lock(call.arguments[0])
    if moment.data[word]:
        moment.queue(word, thread)
        moment.wait(thread, "lock", word)
    else:
        moment.data[word] = thread + 1
        moment.go_on(thread, 0)


def _try_acquire(moment: Moment, thread: int, call: Next) -> None:
    word = moment.lock(call.arguments[0])
    free = not moment.data[word]
    if free:
        moment.data[word] = thread + 1
    moment.go_on(thread, int(free))


def _release(moment: Moment, thread: int, call: Next) -> None:
    _give_back(moment, moment.lock(call.arguments[0]))
    moment.go_on(thread, 0)


def _give_back(moment: Moment, word: int) -> None:
    if not moment.data[word]:
        raise Fault("invalid release", "")
    heir = moment.first(word)
    moment.data[word] = 0 if heir is None else heir + 1
    if heir is not None:
        moment.go_on(heir, 0)


def _down(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "Semaphore")
    if moment.data[word] > 0:
        moment.take(word, thread, 1)
        moment.data[word] -= 1
        moment.go_on(thread, 0)
    else:
        moment.queue(word, thread)
        moment.wait(thread, "semaphore", word)


def _try_down(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "Semaphore")
    any_left = moment.data[word] > 0
    if any_left:
        moment.take(word, thread, 1)
        moment.data[word] -= 1
    moment.go_on(thread, int(any_left))


def _up(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "Semaphore")
    moment.take(word, thread, -1)
    heir = moment.first(word)
    if heir is None:
        moment.data[word] = wrap(moment.data[word] + 1)
    else:
        moment.take(word, heir, 1)
        moment.go_on(heir, 0)
    moment.go_on(thread, 0)


# Conditions and barriers: their second word says how many wait


def _check_held(moment: Moment, thread: int, lock: int) -> None:
    if moment.data[lock] != thread + 1:
        raise Fault("invalid release", "")


def _wait_condition(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "Condition")
    lock = moment.lock(call.arguments[0])
    _check_held(moment, thread, lock)
    _give_back(moment, lock)
    if moment.machine.spurious and moment.choose(2):
        moment.go_on(thread, moment.machine.address(lock))
        return
    moment.queue(word + 1, thread, ordered=False)
    moment.data[word + 1] += 1
    moment.wait(thread, "condition", word)


def _wake(moment: Moment, word: int, notified: int | None) -> bool:
    if notified is None:
        return False
    moment.data[word + 1] -= 1
    machine = moment.machine
    moment.go_on(notified, machine.address(moment.lock(machine.address(word))))
    return True


def _notified(moment: Moment, thread: int, call: Next) -> int:
    if not moment.machine.notify_without_lock:
        _check_held(moment, thread, moment.lock(call.arguments[0]))
    return moment.object(call.arguments[0], "Condition")


def _notify(moment: Moment, thread: int, call: Next) -> None:
    word = _notified(moment, thread, call)
    _wake(moment, word, moment.chosen(word + 1))
    moment.go_on(thread, 0)


def _notify_all(moment: Moment, thread: int, call: Next) -> None:
    word = _notified(moment, thread, call)
    while _wake(moment, word, moment.first(word + 1)):
        pass
    moment.go_on(thread, 0)


def _wait_barrier(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "Barrier")
    if moment.data[word + 1] + 1 < moment.data[word]:
        moment.data[word + 1] += 1
        moment.queue(word, thread)
        moment.wait(thread, "barrier", word)
        return
    moment.data[word + 1] = 0
    while (other := moment.first(word)) is not None:
        moment.go_on(other, 0)
    moment.go_on(thread, 0)


# Atomic blocks


def _atomic_begin(moment: Moment, thread: int, call: Next) -> None:
    if moment.machine.rules.quiet:
        # What others do silently, they cannot do while a thread is in a block.
        raise Loud
    moment.alone = thread, moment.alone[1] + 1
    moment.go_on(thread, 0)


def _atomic_end(moment: Moment, thread: int, call: Next) -> None:
    depth = moment.alone[1] - 1
    if moment.alone[0] == thread:
        moment.alone = (thread, depth) if depth else NOBODY
    moment.go_on(thread, 0)


# Chance


def _choose(moment: Moment, thread: int, call: Next) -> None:
    values = call.arguments[0]
    if values < 1:
        raise Fault("arithmetic fault", "")
    moment.go_on(thread, moment.choose(values))


# One word, read and written in one step


def _test_and_set(moment: Moment, thread: int, call: Next) -> None:
    word = moment.integer(thread, call)
    before, moment.data[word] = moment.data[word], 1
    moment.go_on(thread, before)


def _fetch_and_add(moment: Moment, thread: int, call: Next) -> None:
    word = moment.integer(thread, call)
    before = moment.data[word]
    moment.data[word] = wrap(before + call.arguments[1])
    moment.go_on(thread, before)


def _compare_and_swap(moment: Moment, thread: int, call: Next) -> None:
    _, expected, value = call.arguments[:3]
    word = moment.integer(thread, call)
    equal = moment.data[word] == expected
    if equal:
        moment.data[word] = value
    moment.go_on(thread, int(equal))


HANDLERS: dict[str, Handler] = {
    **heap.HANDLERS,
    **rwlocks.HANDLERS,
    "atomic_begin": _atomic_begin,
    "atomic_end": _atomic_end,
    "spawn": _spawn,
    "join": _join,
    "thread_exit": _thread_exit,
    "exit": _exit,
    "abort": _abort,
    "fail_assert": _fail_assert,
    "print": _print,
    "choose": _choose,
    "acquire": _acquire,
    "release": _release,
    "down": _down,
    "up": _up,
    "try_acquire": _try_acquire,
    "try_down": _try_down,
    "wait_condition": _wait_condition,
    "notify": _notify,
    "notify_all": _notify_all,
    "wait_barrier": _wait_barrier,
    "test_and_set": _test_and_set,
    "fetch_and_add": _fetch_and_add,
    "compare_and_swap": _compare_and_swap,
}
