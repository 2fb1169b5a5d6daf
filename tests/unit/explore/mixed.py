"""Random programs of what the fast engine takes: words shared and not, locks, and faults."""

from __future__ import annotations

from hypothesis import strategies as st

from kit import Program

_GLOBALS = """
x = 0
y = 0
own = [0, 0, 0]
table = [0, 0]
limit = 2
lock = Lock()
items = Semaphore(1)
change = Condition()
room = Condition(lock)
full = [Condition(), Condition(lock)]
meet = Barrier(2)
hall = RWLock()
head = 0
"""

_PLAIN = (
    "x += 1",
    "y = x + limit",
    "own[{me}] += 1",
    "own[{me}] = x",
    "table[y % 2] += 1",
    "table[{me} % 2] = x",
    "print({me}, x)",
    "print(f'{x}-', end='')",
    "x, y = y, x",
    "x = x if x < 2 else min(y, 1)",
    "z = choose(2)",
    "assert x < 2, 'x'",
    "y = 6 // (2 - x)",
    "y = table[x]",
    "z = gettid()",
    "work(3)",
    "fetch_and_add(address(x), 1)",
    "z = test_and_set(address(y))",
    "z = compare_and_swap(address(x), 0, 5)",
    "meet.wait()",
    "z = twice(z)",
    "row = [x, z]\nrow[y % 2] += 1\nz = row[0] + row[x % 2]",
    "head = alloc(2)",
    "head[1] += 1",
    "x = head[0]",
    "free(head)",
    "z = alloc(x)\nif z: z[0] = y",
    "z = fetch_and_add(head, 1)",
)
_BLOCKS = (
    "with lock:\n    {one}\n    {other}",
    "items.acquire()\n{one}\n{other}\nitems.release()",
    "items.release()",
    "with atomic():\n    {one}\n    {other}",
    "with atomic():\n    x = y\n    with atomic():\n        {one}\n    y = x + 1",
    "with atomic(), lock:\n    {one}",
    "z = lock.acquire(blocking=False)",
    "if lock.acquire(False):\n    {one}\n    lock.release()\nelse:\n    {other}",
    "z = items.acquire(blocking=False)",
    "items.acquire()",
    "lock.release()",
    "with change:\n    while x == 0:\n        change.wait()\n    {one}",
    "with change:\n    {one}\n    change.notify()",
    "with change:\n    x = 1\n    change.notify_all()",
    "with lock:\n    while x == 0:\n        room.wait()\n    {one}",
    "with room:\n    {one}\n    full[1].notify()\n    full[1].wait()",
    "with full[y % 2]:\n    x = 1\n    room.notify()\n    full[y % 2].notify()",
    "with hall.reading():\n    {one}",
    "with hall.writing():\n    {one}\n    {other}",
    "hall.acquire_write()",
    "hall.acquire_read()",
    "hall.release_read()",
    "for i in range(2):\n    {one}",
    "if x == 1:\n    {one}\nelse:\n    {other}",
)
_ENDS = ("", "return x", "thread_exit()", "exit(3)")
_LATE = ("z = join(1)", "z = spawn(thread2)", "z = join(3)", "z = join(9)")


@st.composite
def _statement(draw: st.DrawFn, me: int) -> str:
    one, other = (draw(st.sampled_from(_PLAIN)) for _ in range(2))
    if draw(st.booleans()):
        return one.replace("{me}", str(me))
    lines = [
        _filled(line, {"{one}": one, "{other}": other})
        for line in draw(st.sampled_from(_BLOCKS)).splitlines()
    ]
    return "\n".join(lines).replace("{me}", str(me))


def _filled(line: str, statements: dict[str, str]) -> str:
    """Put statements into a line, each line of them as far in as that line."""
    margin = line[: len(line) - len(line.lstrip())]
    for name, statement in statements.items():
        line = line.replace(name, statement.replace("\n", f"\n{margin}"))
    return line


@st.composite
def _body(draw: st.DrawFn, me: int, most: int) -> list[str]:
    drawn = draw(st.lists(_statement(me), max_size=most))
    if me and draw(st.integers(0, 9)) == 0:
        drawn.append(draw(st.sampled_from(_LATE)))
    return [line for statement in drawn for line in statement.splitlines()]


def _function(head: str, body: list[str], end: str) -> str:
    first = ["global x, y, head", "z = 1", *body, "own[0] += 0 * z"]
    return "\n".join([head, *(f"    {line}" for line in [*first, *filter(None, [end])])])


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program of `main` and two other functions, the second of which is spawned up to twice."""
    ends = [draw(st.sampled_from(_ENDS)) for _ in range(2)]
    parts = [_GLOBALS, "def twice(n):\n    return n + n"]
    for number in (1, 2):
        body = draw(_body(number, 2))
        parts.append(_function(f"def thread{number}():", body, ends[number - 1]))
    main = ["a = spawn(thread1)", *draw(_body(0, 1)), "b = spawn(thread2)", *draw(_body(0, 1))]
    main += draw(st.sampled_from([[], ["c = spawn(thread2)", "join(c)"]]))
    main += draw(st.lists(st.sampled_from(["join(a)", "join(b)", "print(join(b))"]), max_size=2))
    parts.append(_function("def main():", main, draw(st.sampled_from(["", "thread_exit()"]))))
    return Program("mixed", "\n".join(parts) + "\n")
