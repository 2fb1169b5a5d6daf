"""Locks for many readers or one writer on a state of the engine, as `kit.sim.calls.rwlocks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.sim.faults import Fault

if TYPE_CHECKING:
    from kit.explore.engine.moment import Moment
    from kit.explore.engine.records import Next


def _acquire_read(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "RWLock")
    if moment.data[word] or moment.waiting_at(word):
        moment.queue(word, thread)
        moment.wait(thread, "read_lock", word)
    else:
        _read(moment, thread, word)


def _acquire_write(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "RWLock")
    if moment.data[word] or moment.data[word + 1]:
        moment.queue(word, thread)
        moment.wait(thread, "write_lock", word)
    else:
        _write(moment, thread, word)


def _read(moment: Moment, thread: int, word: int) -> None:
    moment.data[word + 1] += 1
    moment.take(word, thread, 1)
    moment.go_on(thread, 0)


def _write(moment: Moment, thread: int, word: int) -> None:
    moment.data[word] = thread + 1
    moment.go_on(thread, 0)


def _release_read(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "RWLock")
    if moment.data[word + 1] <= 0:
        raise Fault("invalid release", "")
    moment.data[word + 1] -= 1
    moment.take(word, thread, -1)
    if not moment.data[word + 1]:
        _hand_on(moment, word)
    moment.go_on(thread, 0)


def _release_write(moment: Moment, thread: int, call: Next) -> None:
    word = moment.object(call.arguments[0], "RWLock")
    if not moment.data[word]:
        raise Fault("invalid release", "")
    moment.data[word] = 0
    _hand_on(moment, word)
    moment.go_on(thread, 0)


def _hand_on(moment: Moment, word: int) -> None:
    """Give a free lock to the writer who has waited longest, or to the readers before the next."""
    reads = False
    while waiting := moment.waiting_at(word):
        reason, _ = moment.record(waiting[0]).detail
        if reason == "write_lock" and reads:
            return
        following = moment.first(word)
        assert following is not None, "one waits"
        if reason == "write_lock":
            _write(moment, following, word)
            return
        reads = True
        _read(moment, following, word)


HANDLERS = {
    "acquire_read": _acquire_read,
    "release_read": _release_read,
    "acquire_write": _acquire_write,
    "release_write": _release_write,
}
