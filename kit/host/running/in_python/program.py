"""The calls of the lesson language, and how a program begins and ends."""

from __future__ import annotations

import ctypes
import itertools
import os
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from . import locks, memory
from .memory import TICK, Fault
from .recorder import fork, libc, local, note, state, waiting

FLAGS = {
    "r": os.O_RDONLY,
    "r+": os.O_RDWR,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "a": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
}
FAULTS: dict[type[BaseException], int] = {
    ZeroDivisionError: signal.SIGFPE,
    ValueError: signal.SIGFPE,  # a shift by less than nothing
    OverflowError: signal.SIGFPE,
    RecursionError: signal.SIGSEGV,
}
"""What Python raises -> the signal that ends the process; SIGABRT for anything else."""
MOST_THREADS = 1000

libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.signal.restype = ctypes.c_void_p
numbers = itertools.count(2)
threads: dict[int, threading.Thread] = {}
results: dict[int, int] = {}
at_end: list[Callable[[], None]] = []
"""What is done before the process ends by itself."""


class _ThreadExit(BaseException):
    """Ends a thread from anywhere in it."""


def end(code: int) -> None:
    """End the process, with all its threads."""
    for act in at_end:
        act()
    note("end")
    os._exit(code & 255)


def die(number: int) -> None:
    """End the process by a signal."""
    libc.signal(number, None)
    os.kill(os.getpid(), number)
    while True:
        time.sleep(1)


def guarded(function: Callable[[], int | None]) -> int:
    """Run what a thread does; a fault in it ends the process."""
    try:
        return function() or 0
    except _ThreadExit:
        return 0
    except Fault as fault:
        die(fault.args[0])
    except BaseException as error:  # noqa: BLE001 - whatever it is, it ends the process
        die(FAULTS.get(type(error), signal.SIGABRT))
    return 0


def spawn(function: Callable[..., int | None], *given: int, **named: int) -> int:
    number = next(numbers)
    if number >= MOST_THREADS:
        return -1

    def run() -> None:
        local.tid = number
        note("thread")
        results[number] = guarded(lambda: function(*given, **named))
        note("thread_end")
        if number == state.main:
            end_with_the_last()

    thread = threads[number] = threading.Thread(target=run, daemon=True)
    words = " ".join(map(str, [*given, *named.values()]))
    note("create", f"{number} {function.__name__} {words}".rstrip())
    try:
        thread.start()
    except RuntimeError:
        return -1
    return number


def end_with_the_last() -> None:
    """End the process, of which this thread is the first one, when all others have ended."""
    own = threading.current_thread()
    while others := [each for each in [*threads.values()] if each is not own and each.is_alive()]:
        others[0].join()
    end(0)


def join(number: int) -> int:
    thread = threads.get(number)
    if thread is None or number == local.tid:
        return -1
    if thread.is_alive():
        with waiting("wait_for_thread", number):
            thread.join()
    note("join", number)
    return results.get(number, 0)


def thread_exit() -> None:
    raise _ThreadExit


def sleep(ticks: int) -> None:
    if ticks > 0:
        with waiting("sleep", round(ticks * TICK * 1e9)):
            time.sleep(ticks * TICK)


def work(ticks: int) -> None:
    begin = time.thread_time_ns()
    while time.thread_time_ns() - begin < ticks * TICK * 1e9:
        pass


def wait(pid: int = -1) -> int:
    real = -1 if pid == -1 else state.real(pid)
    if real == 0 or pid < -1:
        return -1
    try:
        child, status, used = os.wait4(real, os.WNOHANG)
        if child == 0:
            with waiting("wait_for_child", pid):
                child, status, used = os.wait4(real, 0)
    except OSError:
        return -1
    number, code = state.number(child), os.waitstatus_to_exitcode(status)
    local.status = code
    seconds = round(1e6 * (used.ru_utime + used.ru_stime))
    faults = used.ru_minflt + used.ru_majflt
    note("wait", f"{number} {code} {seconds} {used.ru_nvcsw} {used.ru_nivcsw} {faults}")
    return number


def kill(pid: int, number: int = 9) -> int:
    real = state.real(pid)
    if real == 0 or (number == 9 and pid == state.own):
        return -1
    note("kill", f"{pid} {number}")
    try:
        os.kill(real, number)
    except OSError:
        return -1
    return 0


def exec_(name: str) -> int:
    try:
        os.execve(f"./{name}", [f"./{name}"], os.environ)
    except OSError:
        return -1


def ready(descriptor: int, *, writes: bool) -> bool:
    """Tell whether a call would not have to wait."""
    asked = [descriptor]
    try:
        return any(select.select([] if writes else asked, asked if writes else [], [], 0))
    except (OSError, ValueError):
        return True


def _transfer(descriptor: int, *, writes: bool, do: Callable[[], Any]) -> Any:
    try:
        if ready(descriptor, writes=writes):
            return do()
        with waiting("wait_for_room" if writes else "wait_for_data", descriptor):
            return do()
    except (OSError, OverflowError):
        return None


def read(descriptor: int, buffer: int = 0, most: int = -1) -> int:
    count = 1 if most < 0 and not buffer else most
    if count < 0:
        return -1
    data = _transfer(descriptor, writes=False, do=lambda: os.read(descriptor, 8 * count))
    if data is None:
        return -1
    words = struct.unpack(f"={len(data) // 8}q", data[: len(data) // 8 * 8])
    if not buffer:
        return words[0] if words else -1
    for place, word in enumerate(words):
        memory.poke(buffer + 8 * place, word)
    return len(words)


def write(descriptor: int, word: int, count: int | None = None) -> int:
    if count is not None and count < 0:
        return -1
    data = struct.pack("=q", word) if count is None else ctypes.string_at(word, 8 * count)
    put = _transfer(descriptor, writes=True, do=lambda: os.write(descriptor, data))
    if count is None:
        return 0 if put == 8 else -1
    return -1 if put is None else int(put) // 8


def seek(descriptor: int, place: int) -> int:
    try:
        os.lseek(descriptor, 8 * place, os.SEEK_SET)
    except OSError:
        return -1
    return 0


def open_(name: str, mode: str = "r") -> int:
    try:
        descriptor = os.open(name, FLAGS[mode], 0o600)
    except OSError:
        return -1
    os.set_inheritable(descriptor, True)
    return descriptor


def close(descriptor: int) -> int:
    try:
        os.close(descriptor)
    except OSError:
        return -1
    return 0


def print_(*texts: object, sep: str = " ", end: str = "\n") -> None:
    note("print", (sep.join(map(str, texts)) + end).encode().hex())


CALLS: dict[str, object] = {
    "print": print_,
    "exit": lambda code=0: end(code),
    "spawn": spawn,
    "join": join,
    "thread_exit": thread_exit,
    "gettid": lambda: local.tid,
    "getpid": lambda: state.own,
    "getppid": lambda: state.number(os.getppid()),
    "alloc": memory.alloc,
    "free": memory.free,
    "peek": memory.peek,
    "poke": memory.poke,
    "sleep": sleep,
    "io": lambda ticks=1: sleep(ticks),
    "work": work,
    "fork": fork,
    "exec": exec_,
    "wait": wait,
    "exit_status": lambda: max(getattr(local, "status", 0), -1),
    "term_signal": lambda: max(-getattr(local, "status", 0), 0),
    "kill": kill,
    "ignore": lambda number: 0 * (libc.signal(number, 1) or 0),
    "abort": lambda: die(signal.SIGABRT),
    "open": open_,
    "read": read,
    "write": write,
    "seek": seek,
    "close": close,
    "pipe": memory.pipe,
    "shared": memory.shared,
    "acquire": memory.acquire,
    "release": memory.release,
    "test_and_set": memory.test_and_set,
    "fetch_and_add": memory.fetch_and_add,
    "compare_and_swap": memory.compare_and_swap,
    "Lock": locks.Lock,
    "Semaphore": locks.Semaphore,
    "Condition": locks.Condition,
    "Barrier": locks.Barrier,
    "RWLock": locks.RWLock,
    "Atomic": locks.Atomic,
}
NUMBERS = {
    "wrap": memory.wrap,
    "power": memory.power,
    "array": memory.array,
    "words": memory.words,
    "update": memory.update,
}
"""What `kit.host.running.python_way` puts around numbers and arrays."""
PYTHON = {
    "range": range,
    "len": len,
    "min": min,
    "max": max,
    "abs": lambda number: memory.wrap(abs(number)),
    "sum": sum,
}


def flat(value: object) -> list[int]:
    """Return the words of a global."""
    if isinstance(value, locks.Atomic):
        return [value.value]
    if isinstance(value, list | memory.Array):
        return [word for element in value for word in flat(element)]
    return [int(value)]  # type: ignore[call-overload]


def run(name: str, text: str, variables: Sequence[str], prefix: str) -> None:
    """Run a program from its beginning to its end.

    Parameters
    ----------
    name, text : str
    variables : sequence of str
        The globals whose last values are written down.
    prefix : str
        How the names of `NUMBERS` begin in the text.
    """
    state.begin()
    for number in signal.valid_signals():
        if number not in (signal.SIGXFSZ, signal.SIGKILL, signal.SIGSTOP):
            libc.signal(int(number), None)
    sys.setrecursionlimit(900)
    local.tid = 1
    around = {prefix + name: function for name, function in NUMBERS.items()}
    space: dict[str, Any] = {"__builtins__": PYTHON | around, **CALLS}

    def note_values() -> None:
        for variable in variables:
            note("value", " ".join([variable, *map(str, flat(space[variable]))]))

    at_end.append(note_values)
    note("begin", name)
    exec(compile(text, name, "exec"), space)  # noqa: S102 - checked by the lesson's compiler
    locks.name_all(space)

    def main() -> int:
        end(space["main"]() or 0)
        return 0

    guarded(main)
    # Main has ended alone: the process lasts as long as its other threads.
    end_with_the_last()
