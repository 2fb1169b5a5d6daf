"""All interleavings of threads that wait at a condition, by enumeration: the kit does not run here.

The rule is that of Mesa: `wait` releases the lock and sleeps; `notify` wakes one of the threads
that sleep, no matter which; a thread that was woken acquires the lock when it is free, like any
other thread.
"""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from kit import Program

Result = tuple[int, int, bool]
"""x, the order of the marks, and whether threads wait for ever."""

_LINES = {
    "mark": "order = order * 4 + {}",
    "add": "x += 1",
    "take": "x -= 1",
    "wait": "c.wait()",
    "if": "if x < 1: c.wait()",
    "while": "while x < 1: c.wait()",
    "notify": "c.notify()",
    "notify_all": "c.notify_all()",
}


_SECTIONS = st.lists(st.sampled_from(list(_LINES)), min_size=1, max_size=2).map(tuple)

Thread = tuple[tuple[str, ...], ...]
"""Critical sections, each of a few statements."""


@st.composite
def threads(draw: st.DrawFn) -> tuple[Thread, ...]:
    """Two threads of one or two critical sections, or three of one."""
    counts = draw(st.sampled_from([(1, 1), (1, 2), (2, 2), (1, 1, 1)]))
    return tuple(tuple(draw(_SECTIONS) for _ in range(count)) for count in counts)


def written(drawn: tuple[Thread, ...], *, shares: bool = False) -> Program:
    """Threads as a program, in which `main` spawns them and waits for their ends.

    Parameters
    ----------
    drawn : tuple of Thread
    shares : bool
        Whether the condition is made with a lock, which each section then takes by its own name.
    """
    made = ["lock = Lock()", "c = Condition(lock)"] if shares else ["c = Condition()"]
    lines = ["x = 0", "order = 0", *made]
    for number, thread in enumerate(drawn, 1):
        lines += [f"def thread{number}():", "    global x, order"]
        for section in thread:
            lines.append("    with lock:" if shares else "    with c:")
            lines += [f"        {_LINES[statement].format(number)}" for statement in section]
    lines.append("def main():")
    lines += [f"    t{number} = spawn(thread{number})" for number in range(1, len(drawn) + 1)]
    lines += [f"    join(t{number})" for number in range(1, len(drawn) + 1)]
    return Program("drawn", "\n".join(lines))


@dataclass(frozen=True)
class _State:
    """Where each thread is, who holds the lock (-1: nobody), who sleeps, and the variables."""

    places: tuple[int, ...]
    holder: int
    sleeping: tuple[int, ...]
    x: int
    order: int


def results(drawn: tuple[Thread, ...]) -> set[Result]:
    """Every result: all interleavings are gone through."""
    rows = [
        tuple(step for section in thread for step in ("lock", *section, "unlock"))
        for thread in drawn
    ]
    start = _State((0,) * len(rows), -1, (), 0, 0)
    seen, waiting, found = {start}, [start], set()
    while waiting:
        state = waiting.pop()
        following = [
            after
            for thread in range(len(rows))
            if _may(rows, state, thread)
            for after in _steps(rows, state, thread)
        ]
        if not following:
            stuck = any(place < 2 * len(row) for place, row in zip(state.places, rows, strict=True))
            found.add((state.x, state.order, stuck))
        for other in following:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _may(rows: list[tuple[str, ...]], state: _State, thread: int) -> bool:
    """Whether a thread can take a step; at an odd place it has waited, and wants the lock back."""
    place = state.places[thread]
    if place >= 2 * len(rows[thread]) or thread in state.sleeping:
        return False
    wants_lock = place % 2 == 1 or rows[thread][place // 2] == "lock"
    return state.holder == -1 if wants_lock else True


def _steps(rows: list[tuple[str, ...]], state: _State, thread: int) -> list[_State]:
    """What a step can lead to: `notify` may wake any one of those that sleep."""
    after = _step(rows, state, thread)
    place = state.places[thread]
    if place % 2 == 0 and rows[thread][place // 2] == "notify" and state.sleeping:
        woken = ({*state.sleeping} - {one} for one in state.sleeping)
        return [replace(after, sleeping=tuple(sorted(still))) for still in woken]
    return [after]


def _step(rows: list[tuple[str, ...]], state: _State, thread: int) -> _State:
    place, holder, sleeping = state.places[thread], state.holder, state.sleeping
    x, order, step = state.x, state.order, rows[thread][place // 2]
    after = place + 2
    if place % 2:
        holder = thread
        after = place - 1 if step == "while" else place + 1
    elif step == "lock":
        holder = thread
    elif step == "unlock":
        holder = -1
    elif step == "wait" or (step in ("if", "while") and x < 1):
        holder, sleeping, after = -1, tuple(sorted((*sleeping, thread))), place + 1
    elif step == "notify_all":
        sleeping = ()
    elif step == "mark":
        order = order * 4 + thread + 1
    else:
        x += {"add": 1, "take": -1}.get(step, 0)
    places = tuple(after if n == thread else p for n, p in enumerate(state.places))
    return _State(places, holder, sleeping, x, order)
