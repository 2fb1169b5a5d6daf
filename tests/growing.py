"""Programs that do one thing over and over: no tick may cost more than those before."""

from typing import Any

from kit import (
    MLFQ,
    Contiguous,
    Limits,
    Machine,
    Program,
    Replacement,
    RoundRobin,
    Stride,
)

LOOPS = {
    "exec": 'def main(): exec("p")',
    "fork": "if fork() == 0: exit(0)\nwait()",
    "fork, two at once": "if fork() == 0: exit(0)\nif fork() == 0: exit(0)\nwait()\nwait()",
    "fork, never waited for": "if fork() == 0: exit(0)\nsleep(4)",
    "fork, orphaned": "if fork() == 0:\n    if fork() == 0: exit(0)\n    exit(0)\nwait()\nsleep(9)",
    "fork, the child goes on": "if fork() != 0: exit(0)",
    "fork, the child fails": "if fork() == 0: x = 1 // 0\nwait()",
    "fork and exec": 'if fork() == 0:\n    exec("nothing")\n    exec("end")\nwait()',
    "spawn": "join(spawn(worker))",
    "spawn, never joined": "spawn(worker)\nwork(40)",
    "spawn, the worker goes on": "spawn(main)\nthread_exit()",
    "spawn, it ends with a semaphore": "join(spawn(taker))\nslots.release()",
    "alloc": "p = alloc(3)\nfree(p)",
    "alloc, freed later": "p = alloc(4)\nq = alloc(5)\nfree(p)\nfree(q)",
    "open": 'f = open("d", "w")\nwrite(f, 3)\nclose(f)',
    "write": 'if f == 0: f = open("d", "w")\nwrite(f, 3)',
    "read": 'f = open("data")\nread(f)\nclose(f)',
    "send": "if getpid() == 2 and f == 0:\n    f = fork()\nif f != 0: recv()\nelse: send(2, 5)",
    "call": (
        "if getpid() == 2 and f == 0:\n    f = fork()\n"
        "if f != 0:\n    serve()\n    reply(1)\nelse:\n    call(2, 5)"
    ),
    "pipe": "f = pipe()\nwrite(f + 1, 5)\nread(f)\nclose(f)\nclose(f + 1)",
    "stream": (
        "f = pipe()\nlog = [1, 2, 3]\nx = write(f + 1, log, 3)\nx = read(f, log, 3)\n"
        "close(f)\nclose(f + 1)"
    ),
    "pipe, left to the end of a child": "if fork() == 0:\n    f = pipe()\n    exit(0)\nwait()",
    "shared": 'p = shared("board", 3)\npoke(p, peek(p) + 1)',
    "io": "io(2)",
    "sleep": "sleep(2)",
    "lock": "with lock: work(1)",
    "semaphore": "slots.acquire()\nslots.release()",
    "barrier": "gate.wait()",
    "calls that fail": 'open("nothing")\njoin(77)\nalloc(0)\nclose(9)\nkill(88)\nwait()',
    "print": "print(1)",
    "pages that come and go": "for i in range(12): table[i * 16] += 1",
    "pages of children": (
        "if fork() == 0:\n    for i in range(12): table[i * 16] += 1\n    exit(0)\nwait()"
    ),
}
"""What is done over and over -> how; a text without `main` is the body of its loop."""

_HEAD = """
lock = Lock()
slots = Semaphore(1)
gate = Barrier(1)
table = [0] * 200
def worker(): return 1
def taker():
    slots.acquire()
    thread_exit()
"""

_PAGED = {
    "page_size": 128,
    "ram": 24 * 128,
    "stack_size": 256,
    "replacement": Replacement("lru"),
    "swap": 64 * 128,
}
_SETTINGS: dict[str, dict[str, Any]] = {
    "pages that come and go": _PAGED,
    "pages of children": {**_PAGED, "demand": True},
    "fork, two at once": {"scheduler": MLFQ(quantum=3)},
    "spawn": {"scheduler": Stride(quantum=4)},
    "fork": {"contiguous": Contiguous("best", compaction=True)},
}
"""Machines that are not of the plain kind."""


def program(name: str) -> Program:
    """Return one of `LOOPS` as a program."""
    text = LOOPS[name]
    if "def main" not in text:
        body = "\n".join(f"        {line}" for line in text.splitlines())
        text = f"{_HEAD}def main():\n    f = 0\n    while True:\n{body}\n"
    return Program("p", text)


def machine(name: str, **settings: Any) -> Machine:
    """Return a machine with one of `LOOPS`, before its first tick."""
    chosen = {"scheduler": RoundRobin(quantum=5), **_SETTINGS.get(name, {}), **settings}
    made = Machine(limits=Limits(ticks=10**7, output=10**8), **chosen)
    made.put_file("data", [1, 2, 3])
    made.install(Program("end", "def main(): exit(0)"))
    made.launch(program(name))
    return made
