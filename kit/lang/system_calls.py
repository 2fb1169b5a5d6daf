"""The table of calls: what a program can call, and who does it.

A *system call* enters the operating system. A *library call* is done by the library that is
linked with the program; it makes a system call only where it cannot do without. What is
neither is an *instruction*, which the processor carries out alone. The compiler checks calls
against the table, the machine has one handler an entry, and the language page is made from it.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapters on the memory API
(``malloc`` is a library call, ``brk`` a system call) and on locks (futexes); ``futex(7)``.
"""

from __future__ import annotations

from kit.lang.system_call import SystemCall

_LOCK = "`futex_wait`, to sleep while it is held"
_WAKE = "`futex_wake`, if a thread waits"

SYSTEM_CALLS: dict[str, SystemCall] = {
    "print": SystemCall(
        0,
        6,
        False,
        "write texts and at most 6 integers to the console, a line unless end says otherwise",
        form='print("count", x)',
    ),
    "exit": SystemCall(
        0, 1, False, "end the process and all its threads; code 0 if not given", form="exit(n)"
    ),
    "spawn": SystemCall(
        1,
        6,
        True,
        "start a thread in function f; its tid, or -1 if there is no room for its stack",
        form="spawn(f, x)",
    ),
    "join": SystemCall(
        1,
        1,
        True,
        "wait until thread t ends; what f returned, or -1 if there is no such thread",
        form="join(t)",
        op="LIB",
        asks="`futex_wait`, if it has not ended yet",
    ),
    "thread_exit": SystemCall(
        0, 0, False, "end the calling thread; its siblings go on", form="thread_exit()"
    ),
    "gettid": SystemCall(0, 0, True, "the calling thread's tid", form="gettid()", own=True),
    "getpid": SystemCall(0, 0, True, "the calling process's pid", form="getpid()", own=True),
    "getppid": SystemCall(
        0,
        0,
        True,
        "the pid of the parent; 1, which is init's, once that has ended",
        form="getppid()",
    ),
    "alloc": SystemCall(
        1,
        1,
        True,
        "n words from the heap; their address, or 0 if none is left",
        form="alloc(n)",
        op="LIB",
        asks="`brk`, when the heap has to grow",
    ),
    "free": SystemCall(
        1, 1, False, "give words from alloc back to the heap", form="free(p)", op="LIB"
    ),
    "sleep": SystemCall(1, 1, False, "block for n ticks", form="sleep(n)"),
    "work": SystemCall(1, 1, False, "compute for n ticks", form="work(n)", own=True, op="WORK"),
    "io": SystemCall(
        0, 1, False, "let a device work for n ticks; block until it is done", form="io(n)"
    ),
    "fork": SystemCall(
        0,
        0,
        True,
        "copy the process: the child's pid, 0 in the child, -1 if there is no room",
        form="fork()",
    ),
    "exec": SystemCall(
        1,
        1,
        True,
        "run another program in this process; -1 if there is none",
        1,
        form='exec("prog")',
    ),
    "wait": SystemCall(
        0, 1, True, "wait for a child to end; its pid, or -1 if there is no child", form="wait(p)"
    ),
    "exit_status": SystemCall(
        0,
        0,
        True,
        "the exit code of the child last waited for; -1 if a signal ended it",
        form="exit_status()",
        own=True,
        op="LIB",
    ),
    "kill": SystemCall(
        1,
        2,
        True,
        "send process p a signal, SIGKILL if none is given; 0, or -1 if there is none such",
        form="kill(p, SIGTERM)",
    ),
    "abort": SystemCall(
        0,
        0,
        False,
        "end the process as a failed assert does",
        form="abort()",
        op="LIB",
        asks="`kill`",
    ),
    "open": SystemCall(
        1,
        2,
        True,
        'open a file, "r", "r+", "w" or "a"; -1 if there is none',
        2,
        form='open("data", "r")',
    ),
    "read": SystemCall(
        1,
        3,
        True,
        "the next word of a file or pipe; -1 at its end",
        form="read(d)",
        other=(
            "read(d, a, n)",
            "as in POSIX: read at most n words to address a; how many came, 0 at the end, or -1",
        ),
    ),
    "write": SystemCall(
        2,
        3,
        True,
        "write a word to a file or pipe; 0, or -1 if it is not open",
        form="write(d, x)",
        other=(
            "write(d, a, n)",
            "as in POSIX: write the n words at address a; how many, or -1",
        ),
    ),
    "seek": SystemCall(
        2, 2, True, "go to word n of a file; 0, or -1 if it is not open", form="seek(d, n)"
    ),
    "close": SystemCall(1, 1, True, "close a file or an end of a pipe; 0, or -1", form="close(d)"),
    "pipe": SystemCall(
        0, 0, True, "make a pipe: descriptor d reads from it, d + 1 writes to it; d", form="pipe()"
    ),
    "send": SystemCall(
        2, 2, True, "send a word to process p; 0, or -1 if there is none", form="send(p, x)"
    ),
    "recv": SystemCall(0, 0, True, "wait for a message; its word", form="recv()"),
    "sender": SystemCall(
        0, 0, True, "pid of whom the last message or call came from", form="sender()", op="LIB"
    ),
    "call": SystemCall(
        2, 2, True, "call process p; what it replies, -1 if it is gone", form="call(p, x)"
    ),
    "serve": SystemCall(0, 0, True, "wait for a call; its word", form="serve()"),
    "reply": SystemCall(1, 1, False, "answer the call last served", form="reply(x)"),
    "shared": SystemCall(
        2,
        2,
        True,
        "n words of memory shared under a name; their address, or 0 if there is none",
        1,
        form='shared("name", n)',
    ),
    "acquire": SystemCall(
        1,
        1,
        False,
        "take the lock at an address, waiting until it is free",
        form="acquire(a)",
        op="LIB",
        asks=_LOCK,
    ),
    "release": SystemCall(
        1, 1, False, "give the lock at an address back", form="release(a)", op="LIB", asks=_WAKE
    ),
    "down": SystemCall(
        1,
        1,
        False,
        "take one from the semaphore at an address, waiting for one",
        form="down(a)",
        op="LIB",
        asks="`futex_wait`, to sleep while the count is 0",
    ),
    "up": SystemCall(
        1, 1, False, "give one to the semaphore at an address", form="up(a)", op="LIB", asks=_WAKE
    ),
    "wait_condition": SystemCall(
        1,
        1,
        True,
        "release the lock and wait to be notified; the address of the lock, to acquire it again",
        owner="Condition",
        op="LIB",
        asks="`futex_wait`, and `futex_wake` if a thread waits for the lock",
    ),
    "notify": SystemCall(
        1, 1, False, "wake one thread that waits", owner="Condition", op="LIB", asks=_WAKE
    ),
    "notify_all": SystemCall(
        1, 1, False, "wake all threads that wait", owner="Condition", op="LIB", asks=_WAKE
    ),
    "wait_barrier": SystemCall(
        1,
        1,
        False,
        "wait until as many threads as it counts are here",
        owner="Barrier",
        op="LIB",
        asks="`futex_wait`; the last one `futex_wake`",
    ),
    "test_and_set": SystemCall(
        1, 1, True, "set the word at an address to 1; what it was", form="test_and_set(a)", op="TAS"
    ),
    "fetch_and_add": SystemCall(
        2,
        2,
        True,
        "add to the word at an address; what it was",
        form="fetch_and_add(a, x)",
        op="FAA",
    ),
    "compare_and_swap": SystemCall(
        3,
        3,
        True,
        "if the word at an address is x, make it y; 1 if it was, else 0",
        form="compare_and_swap(a, x, y)",
        op="CAS",
    ),
    "fail_assert": SystemCall(
        1,
        1,
        False,
        "end the process: an assert was not true",
        texts=1,
        owner="compiler",
        op="LIB",
        asks="`kill`",
    ),
    "choose": SystemCall(
        1,
        1,
        True,
        "a number from 0 to n - 1, by the machine's seed; each of them where all is explored",
        form="choose(n)",
    ),
    "acquire_read": SystemCall(
        1,
        1,
        False,
        "read under the lock, waiting until no thread writes",
        owner="RWLock",
        op="LIB",
        asks=_LOCK,
    ),
    "release_read": SystemCall(1, 1, False, "stop reading", owner="RWLock", op="LIB", asks=_WAKE),
    "acquire_write": SystemCall(
        1,
        1,
        False,
        "write under the lock, waiting until no other thread uses it",
        owner="RWLock",
        op="LIB",
        asks=_LOCK,
    ),
    "release_write": SystemCall(1, 1, False, "stop writing", owner="RWLock", op="LIB", asks=_WAKE),
    "try_acquire": SystemCall(
        1,
        1,
        True,
        "take the lock if it is free; 1, or 0 if it is not",
        owner="Lock",
        op="LIB",
    ),
    "acquire_timed": SystemCall(
        2,
        2,
        True,
        "take the lock, waiting at most n ticks; 1, or 0 if it was not free",
        owner="Lock",
        op="LIB",
        asks=_LOCK,
    ),
    "try_down": SystemCall(
        1,
        1,
        True,
        "take one from the semaphore unless it is 0; 1, or 0 if it is",
        owner="Semaphore",
        op="LIB",
    ),
    "down_timed": SystemCall(
        2,
        2,
        True,
        "take one from the semaphore, waiting at most n ticks; 1, or 0 if none came",
        owner="Semaphore",
        op="LIB",
        asks="`futex_wait`, to sleep while the count is 0",
    ),
    "wait_timed": SystemCall(
        2,
        2,
        True,
        "release the lock and wait at most n ticks to be notified; 1, or 0 if no thread did",
        owner="Condition",
        op="LIB",
        asks="`futex_wait`, and `futex_wake` if a thread waits for the lock",
    ),
    "atomic_begin": SystemCall(
        0, 0, False, "let no other thread run until the block ends", owner="compiler", op="LIB"
    ),
    "atomic_end": SystemCall(
        0, 0, False, "let other threads run again", owner="compiler", op="LIB"
    ),
    "term_signal": SystemCall(
        0,
        0,
        True,
        "the signal that ended the child last waited for; 0 if none did",
        form="term_signal()",
        own=True,
        op="LIB",
    ),
    "ignore": SystemCall(
        1,
        1,
        True,
        "let the process ignore a signal from now on; 0, or -1 if that cannot be",
        form="ignore(SIGTERM)",
    ),
}
"""All of them, by name."""

ATOMIC = frozenset({"test_and_set", "fetch_and_add", "compare_and_swap"})
"""Instructions that read and write one word in one step."""

LIBRARY_ASKS = {
    "brk": "make the heap longer",
    "futex_wait": "sleep until woken, if the word still says so",
    "futex_wake": "wake threads that sleep at a word",
    "kill": "send the own process a signal",
}
"""System calls that only the library makes."""

_WITH_TEXTS = ("print", *(n for n, call in SYSTEM_CALLS.items() if call.texts and not call.owner))
TAKES_TEXTS = f"{', '.join(_WITH_TEXTS[:-1])} and {_WITH_TEXTS[-1]}"
"""The calls that are given texts, as messages list them."""

FILE_MODES = {
    "r": "read, from its beginning; it must exist",
    "r+": "read and write, from its beginning; it must exist",
    "w": "write; what it held is gone",
    "a": "write at its end",
}
"""How a file can be opened."""

MEMORY_CALLS = {
    "peek": SystemCall(
        1, 1, True, "the word at address a: one load, at any address", form="peek(a)"
    ),
    "poke": SystemCall(
        2, 2, False, "write x at address a: one store, at any address", form="poke(a, x)"
    ),
    "len": SystemCall(
        1, 1, True, "the number of elements of an array, known when compiling", form="len(log)"
    ),
    "address": SystemCall(
        1, 1, True, "the address of a variable or an element of an array", form="address(count)"
    ),
}
"""Written like calls, but compiled to plain instructions without the system."""

CALLABLE = {
    **{name: call for name, call in SYSTEM_CALLS.items() if not call.owner},
    **MEMORY_CALLS,
}
"""Everything a program can call besides its own functions."""
