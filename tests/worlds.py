"""What hypothesis draws for the whole machine: every system call, setting and policy."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from kit import (
    FIFO,
    MLFQ,
    SJF,
    STCF,
    Cache,
    Contiguous,
    Costs,
    Cyclic,
    Fair,
    HeapPolicy,
    Limits,
    Lottery,
    PageTable,
    Priority,
    Program,
    Replacement,
    RoundRobin,
    Segmentation,
    Stride,
)
from tests.strategies import Setup

Draw = Callable[[st.SearchStrategy[Any]], Any]

_STEPS = [
    "counter += 1",
    "log[n % 4] = counter * n",
    "with lock: counter += 1",
    "lock.acquire()",
    "lock.release()",
    "with other: work(n)",
    "with atomic(): counter = counter * 2 - counter + n",
    "with atomic(), lock: work(n * 5)",
    "with atomic(): io(n)",
    "x = lock.acquire(blocking=False)",
    "x = lock.acquire(timeout=n * 9)",
    "x = slots.acquire(False)",
    "x = slots.acquire(timeout=n * 5)",
    "with condition: x = condition.wait(timeout=n * 7)",
    "with lock: x = changed.wait(n)",
    "with condition: condition.wait()",
    "with condition: condition.notify()",
    "with lock: changed.wait()",
    "with changed: changed.notify_all()",
    "changed.notify()",
    "with condition: condition.notify_all()",
    "slots.acquire()",
    "slots.release()",
    "gate.wait()",
    "with table.reading(): work(n)",
    "with table.writing(): counter += 1",
    "table.acquire_read()",
    "table.release_read()",
    "table.acquire_write()",
    "table.release_write()",
    "x = fork()",
    "if fork() == 0: exit(n)",
    "x = wait()",
    "x = wait(x)",
    "x = exit_status()",
    "x = kill(n + 2)",
    "x = kill(n + 2, SIGTERM)",
    "x = kill(n + 2, SIGSTOP)",
    "x = kill(n + 2, SIGCONT)",
    "x = ignore(SIGTERM - n)",
    'x = exec("other")',
    'x = exec("nothing")',
    'f = open("data")',
    'f = open("data", "r+")',
    'f = open("log", "a")',
    "x = read(f)",
    "x = write(f, n)",
    "x = read(f, log, n)",
    "x = read(f, p, n * 3)",
    "x = write(f, log, n)",
    "x = write(f + 1, p, n * 5)",
    "x = write(f + 1, log, 4)",
    "x = seek(f, n)",
    "x = close(f)",
    "f = pipe()",
    "x = write(f + 1, counter)",
    "x = close(f + 1)",
    "x = send(n, n)",
    "x = recv()",
    "x = call(n, 5)",
    "x = serve()",
    "reply(n)",
    "p = shared('board', 3)",
    "poke(p, peek(p) + 1)",
    "x = fetch_and_add(address(counter), 1)",
    "x = test_and_set(address(counter))",
    "x = choose(n + 1)",
    "io(n)",
    "io()",
    "sleep(n)",
    "work(n * 3)",
    "p = alloc(n + 1)",
    "x = alloc(n * 90)",
    "free(p)",
    "x = spawn(worker, n - 1)",
    "x = join(x)",
    "x = deep(n * 6)",
    'print("n", n, x)',
    "for i in range(n): counter += i",
]
_RARE = ["exit(n)", "thread_exit()", "x = 7 // n", "poke(8, 1)", "x = log[n * 3]", "assert n == 1"]

_HEAD = """
counter = 0
log = [1, 2, 3, 4]
lock = Lock()
other = Lock()
condition = Condition()
changed = Condition(lock)
slots = Semaphore(1)
gate = Barrier(2)
table = RWLock()
def deep(k):
    if k <= 0:
        return 1
    return deep(k - 1) + 1
"""


@st.composite
def busy_programs(draw: Draw, name: str = "busy") -> Program:
    """A program that asks the system for anything."""
    steps = st.lists(st.sampled_from(_STEPS * 3 + _RARE), min_size=1, max_size=7)
    spawns = draw(st.integers(0, 2))
    local = ["    global counter", "    x = n", "    f = 0", "    p = address(log[0])"]
    lines = [
        "def worker(n):",
        *local,
        "    if n < 0: return 0",
        *(f"    {line}" for line in draw(steps)),
        "    return x",
        "def main():",
        "    n = 2",
        *local,
        *(f"    t{k} = spawn(worker, {k})" for k in range(spawns)),
        *(f"    {line}" for line in draw(steps)),
        *(f"    x = join(t{k})" for k in range(spawns)),
    ]
    return Program(name, _HEAD + "\n".join(lines))


schedulers = st.one_of(
    st.integers(1, 9).map(RoundRobin),
    st.sampled_from(
        [FIFO(), SJF(), STCF(), Priority(), Stride(quantum=4), Fair(), Lottery(quantum=3)]
    ),
    st.sampled_from([MLFQ(quantum=3), MLFQ(quantum=(2, 4, 8), boost=40), Cyclic()]),
)


caches = st.sampled_from([None, None, Cache(4, 16, 2), Cache(8, 64), Cache(2, 8, 2)])


@st.composite
def memories(draw: Draw) -> dict[str, Any]:
    """How a machine gives out memory."""
    page_size = draw(st.sampled_from([64, 128, 256]))
    swaps = draw(st.booleans())
    policy = st.sampled_from(["fifo", "lru", "clock"]).map(Replacement)
    return {
        "page_size": page_size,
        "ram": page_size * draw(st.sampled_from([16, 24, 60, 400])),
        "address_space": page_size * 512,
        "stack_size": page_size * draw(st.sampled_from([1, 4])),
        "demand": draw(st.booleans()),
        "replacement": draw(policy) if swaps else None,
        "swap": page_size * draw(st.sampled_from([4, 40])) if swaps else 0,
        "heap": HeapPolicy(draw(st.sampled_from(["first", "best", "worst"])), coalesce=swaps),
        **draw(st.sampled_from([{}, {"tlb": 2}, {"tlb": 8}, {"tlb": 8, "asid": True}])),
        "page_table": draw(st.sampled_from([None, PageTable(1), PageTable(2, 2)])),
    }


@st.composite
def stretches(draw: Draw) -> dict[str, Any]:
    """How a machine without paging gives out memory."""
    page_size = draw(st.sampled_from([64, 128, 256]))
    policy = st.builds(
        Contiguous,
        fit=st.sampled_from(["first", "best", "worst"]),
        compaction=st.booleans(),
        heap=st.sampled_from([0, 256, 1024]),
        stacks=st.integers(1, 3),
    )
    return {
        "page_size": page_size,
        "ram": page_size * draw(st.sampled_from([80, 120, 240])),
        "stack_size": page_size * draw(st.sampled_from([1, 4])),
        "contiguous": draw(policy),
    }


@st.composite
def segments(draw: Draw) -> dict[str, Any]:
    """How a machine gives out memory a segment at a time."""
    page_size = draw(st.sampled_from([64, 128]))
    fits = st.sampled_from(["first", "best", "worst"])
    return {
        "page_size": page_size,
        "ram": page_size * draw(st.sampled_from([60, 120, 240])),
        "address_space": page_size * 512,
        "stack_size": page_size * draw(st.sampled_from([1, 4])),
        "segmentation": Segmentation(draw(st.sampled_from([2, 3])), draw(fits)),
    }


@st.composite
def worlds(
    draw: Draw, memory: st.SearchStrategy[dict[str, Any]] | None = None, most_cores: int = 3
) -> Setup:
    """A machine of any kind with one or two processes that ask for anything."""
    anything = st.one_of(memories(), memories(), stretches(), segments())
    settings = {
        "cores": draw(st.integers(1, most_cores)),
        "scheduler": draw(schedulers),
        "seed": draw(st.integers(0, 3)),
        "costs": draw(st.sampled_from([Costs.free(), Costs(io=3), Costs.realistic()])),
        "limits": Limits(ticks=300, threads=12, output=400, processes=6, files=12),
        "devices": draw(st.sampled_from([None, 1])),
        "switch_on_io": draw(st.sampled_from([True, True, False])),
        "io_completion": draw(st.sampled_from(["queue", "run"])),
        "exceptions": draw(st.sampled_from(["process", "thread"])),
        "notify_without_lock": draw(st.booleans()),
        "timer": draw(st.sampled_from([True, True, True, False])),
        **draw(anything if memory is None else memory),
        "cache": draw(caches),
    }
    programs = [draw(busy_programs()), draw(busy_programs("other"))]
    launches = zip(programs, [0, draw(st.integers(0, 40))], strict=True)
    return Setup(settings, tuple(launches), (("data", (7, 8, 9)),))
