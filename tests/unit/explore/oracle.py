"""All interleavings of small programs, by plain enumeration: nothing of the kit runs here.

A thread is a row of atomic steps on shared variables and on a register of its own. A program is
drawn as such rows, and written in the lesson language for the explorer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from kit import Program

NAMES = ("x", "y")
Values = tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    """One statement: `kind` is "set", "add", "copy", "lock", "unlock" or "if"."""

    kind: str
    target: str = "x"
    source: str = "x"
    number: int = 0

    @property
    def text(self) -> str:
        """As it is written in the lesson language."""
        match self.kind:
            case "set":
                return f"{self.target} = {self.number}"
            case "add":
                return f"{self.target} = {self.source} + {self.number}"
            case "copy":
                return f"{self.target} = {self.source} * 2 + {self.target}"
            case "lock":
                return "lock.acquire()"
            case _:
                return "lock.release()"

    @property
    def steps(self) -> tuple[tuple[object, ...], ...]:
        """What others can notice of it, in order."""
        match self.kind:
            case "set":
                return (("constant", self.number), ("store", self.target))
            case "add":
                return (
                    ("load", self.source, 1),
                    ("constant+", self.number),
                    ("store", self.target),
                )
            case "copy":
                return (
                    ("load", self.source, 2),
                    ("load+", self.target),
                    ("store", self.target),
                )
            case _:
                return ((self.kind,),)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Statement, ...]:
    """A thread: a few statements, some of them within the lock."""
    plain = st.builds(
        Statement,
        st.sampled_from(["set", "add", "copy"]),
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.integers(1, 3),
    )
    drawn = draw(st.lists(plain, min_size=1, max_size=3))
    if draw(st.booleans()):
        first = draw(st.integers(0, len(drawn) - 1))
        last = draw(st.integers(first + 1, len(drawn)))
        guarded = [Statement("lock"), *drawn[first:last], Statement("unlock")]
        drawn[first:last] = guarded
    return tuple(drawn)


def written(threads: tuple[tuple[Statement, ...], ...]) -> Program:
    """Threads as a program: the first one is `main`, the others are spawned before it goes on."""
    lines = [*(f"{name} = 0" for name in NAMES), "lock = Lock()"]
    for number, row in enumerate(threads[1:], 1):
        lines += [f"def thread{number}():", f"    global {', '.join(NAMES)}"]
        lines += [f"    {statement.text}" for statement in row]
    lines += ["def main():", f"    global {', '.join(NAMES)}"]
    lines += [f"    t{number} = spawn(thread{number})" for number in range(1, len(threads))]
    lines += [f"    {statement.text}" for statement in threads[0]]
    lines += [f"    join(t{number})" for number in range(1, len(threads))]
    return Program("drawn", "\n".join(lines))


def results(threads: tuple[tuple[Statement, ...], ...]) -> set[Values]:
    """The values that the variables can have at the end: every interleaving is gone through."""
    rows = [tuple(step for s in row for step in s.steps) for row in threads]
    start = (tuple(0 for _ in rows), tuple(0 for _ in rows), tuple(0 for _ in NAMES), -1)
    seen, waiting, found = {start}, [start], set()
    while waiting:
        state = waiting.pop()
        following = list(_following(rows, state))
        if not following:
            assert all(place == len(row) for place, row in zip(state[0], rows, strict=True))
            found.add(state[2])
        for other in following:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _following(rows, state) -> Iterator[tuple[object, ...]]:
    places, registers, values, holder = state
    for thread, row in enumerate(rows):
        if places[thread] == len(row):
            continue
        kind, *details = row[places[thread]]
        register, memory, holds = registers[thread], dict(zip(NAMES, values, strict=True)), holder
        if kind == "constant":
            register = details[0]
        elif kind == "constant+":
            register += details[0]
        elif kind == "load":
            register = memory[details[0]] * details[1]
        elif kind == "load+":
            register += memory[details[0]]
        elif kind == "store":
            memory[details[0]] = register
        elif kind == "lock":
            if holder != -1:
                continue
            holds = thread
        else:
            holds = -1
        moved = tuple(p + (n == thread) for n, p in enumerate(places))
        kept = tuple(register if n == thread else r for n, r in enumerate(registers))
        yield moved, kept, tuple(memory[name] for name in NAMES), holds
