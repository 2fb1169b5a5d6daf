"""A simulated run next to a real one of the same programs: what is equal, what differs, and why."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kit.errors import plural
from kit.lang.image import written
from kit.sim.recording import ThreadId
from kit.trace import Event, Trace
from kit.trace.narration.names import Names
from kit.trace.real import RealTrace, duration
from kit.tracks.palette import shorten
from kit.tracks.picture import Picture

EQUAL, DIFFERS, NOTHING = "equal", "differs", "nothing"
CHARACTERS = 60
MOST_ROWS = 40
NUMBER = re.compile(r"(-?\d+)")
LARGEST = 1 << 32
"""Real addresses are above it, and numbers of lessons are not."""

FIRST = "no lock and no join decides which comes first, so the scheduler does"
RACE = "it depends on which thread is first, and each run decides that again; see kit.host.race"
STOPPED = "the real run was ended before it came to that"
CLOCKS = "a tick is one step of the model; how long a step takes here is up to this computer"
SWITCHES = "this computer has other cores and other work, and gives each thread a long turn"


class Row(NamedTuple):
    """What is compared: what it is in both runs, whether that is equal, and if not, why."""

    what: str
    model: str
    real: str
    verdict: str
    why: str = ""


def compared(trace: Trace, real: RealTrace) -> list[Row]:
    """Return what a simulated and a real run have in common, and in what they differ.

    Parameters
    ----------
    trace : Trace
    real : RealTrace
    """
    return [
        *_made(trace, real),
        *_results(trace, real),
        *_forced(trace, real),
        *_firsts(trace, real),
        *_times(trace, real),
    ]


def beside_real(trace: Trace, real: RealTrace, labels: tuple[str, str]) -> Picture:
    """Lay out as a table what a simulated and a real run have in common, and what not.

    Parameters
    ----------
    trace : Trace
    real : RealTrace
    labels : (str, str)
        What the two runs are called, the simulated one first.
    """
    picture = Picture("Model and reality", 0.0, 0.0)
    rows = compared(trace, real)
    shown = rows[:MOST_ROWS]
    hidden = len(rows) - len(shown)
    picture.table(
        "differences",
        ["what", *labels, "equal?"],
        [[*row[:3], f"{row.verdict}: {row.why}" if row.why else row.verdict] for row in shown],
        mono=(1, 2),
        caption=" ".join([real.clock, *([f"{hidden} more rows are not shown."] if hidden else [])]),
    )
    for number, row in enumerate(shown):
        if row.verdict == DIFFERS:
            picture.change("differences", "states", number, 0, "marked")
    return picture


def in_words(trace: Trace, real: RealTrace, labels: tuple[str, str]) -> list[str]:
    """Return the same as sentences: first what is equal, then what differs and why.

    Parameters
    ----------
    trace : Trace
    real : RealTrace
    labels : (str, str)
    """
    rows = compared(trace, real)
    equal = [f"{row.what} ({row.real})" for row in rows if row.verdict != DIFFERS]
    lines = [f"Equal: {'; '.join(equal)}."] if equal else []
    lines += [
        f"Different: {row.what}: {row.model} ({labels[0]}), {row.real} ({labels[1]}), "
        f"because {row.why}."
        for row in rows
        if row.verdict == DIFFERS
    ]
    return lines


def _row(what: str, both: Sequence[str], why: str) -> Row:
    """Return a row of what something is in the model and in reality."""
    model, real = both
    same = model == real
    return Row(what, _told(model), _told(real), EQUAL if same else DIFFERS, "" if same else why)


def _told(text: str) -> str:
    return shorten(text.rstrip("\n").replace("\n", " ⏎ ") or NOTHING, CHARACTERS)


def _made(trace: Trace, real: RealTrace) -> Iterator[Row]:
    """Compare which processes and threads there were."""
    both = [_family(run) for run in (trace, real)]
    why = STOPPED if real.seen.stopped else RACE
    yield _row("processes, with parents", [", ".join(family) for family in both], why)
    counts = [
        ", ".join(f"{len(p.threads)} of pid {pid}" for pid, p in run.history.processes.items())
        for run in (trace, real)
    ]
    yield _row("threads", counts, why)


def _family(run: Trace) -> list[str]:
    found = []
    for pid, process in sorted(run.history.processes.items()):
        of = f" of {process.parent}" if process.origin == "fork" else ""
        found.append(f"{process.program.name} (pid {pid}{of})")
    return found


def _results(trace: Trace, real: RealTrace) -> Iterator[Row]:
    """Compare what was printed, how processes ended, and the last values of globals."""
    model, host = (run.at(run.end).processes for run in (trace, real))
    for pid in [pid for pid in model if pid in host]:
        whose = f"{model[pid].name} (pid {pid})"
        if trace.output(pid) or real.output(pid):
            yield _output(f"output of {whose}", trace.output(pid), real.output(pid), real)
        ends = [one[pid].ended for one in (model, host)]
        told = [end.told if end is not None else "still there" for end in ends]
        yield _row(f"end of {whose}", told, STOPPED if real.seen.stopped else RACE)
        for name, value in real.seen.globals.get(pid, {}).items():
            both = written(model[pid].globals[name]), written(value)
            why = "real addresses are larger" if _alike(*both) else RACE
            yield _row(f"{name} of {whose}", both, why)


def _output(what: str, model: str, real: str, run: RealTrace) -> Row:
    if _alike(model, real) and model != real:
        found = _row(what, (model, real), "")
        return found._replace(verdict="equal but for addresses", why="real ones are larger")
    same_lines = Counter(model.splitlines()) == Counter(real.splitlines())
    why = FIRST if same_lines else STOPPED if run.seen.stopped else RACE
    return _row(what, (model, real), why)


def _alike(model: str, real: str) -> bool:
    """Tell whether texts are equal but for addresses."""
    parts = [NUMBER.split(text) for text in (model, real)]
    return len(parts[0]) == len(parts[1]) and all(
        one == other or (other.isdigit() and int(other) > LARGEST)
        for one, other in zip(*parts, strict=True)
    )


def _forced(trace: Trace, real: RealTrace) -> Iterator[Row]:
    """Compare what must come before what, whoever runs when."""
    found = [_orders(run) for run in (trace, real)]
    # A thread that ended before it was joined is waited for by nobody.
    both = [what for what in found[0] if what in found[1]]
    if both:
        counts = [
            f"{sum(orders[what] for what in both)} of {plural(len(both), 'order')} hold"
            for orders in found
        ]
        why = STOPPED if real.seen.stopped else RACE
        yield _row("order that the program forces", counts, why)
    for name in dict.fromkeys(name for run in (trace, real) for name in _turns_at_locks(run)):
        told = [
            f"{plural(len(_turns_at_locks(run).get(name, [])), 'time')}, never by two at once"
            if _exclusive(run, name)
            else "by two at once"
            for run in (trace, real)
        ]
        yield _row(f"{name} is held", told, STOPPED if real.seen.stopped else RACE)


def _orders(run: Trace) -> dict[str, bool]:
    """Return what has to come before what, and whether it did."""
    found: dict[str, bool] = {}
    turns: dict[ThreadId, int] = {}
    ended: dict[object, int] = {}
    waits: dict[ThreadId, tuple[str, int]] = {}
    for event in run.events:
        key = event.key
        if event.kind == "dispatch":
            turns.setdefault(key, event.tick)
        elif event.kind == "end":
            ended[key] = event.tick
        elif event.kind == "exit":
            ended[event.pid] = event.tick
        elif event.kind == "block":
            waits[key] = event.details["reason"], event.details["detail"]
        elif event.kind == "wake" and waits.get(key, ("",))[0] == "join":
            awaited = event.pid, waits[key][1]
            told = f"T{awaited[1]} of {event.pid} ends before T{key[1]} goes on"
            found[told] = ended.get(awaited, event.tick + 1) <= event.tick
        elif event.kind == "reap":
            told = f"process {event.pid} ends before its status is collected"
            found[told] = ended.get(event.pid, event.tick + 1) <= event.tick
    for key, birth in run.history.births.items():
        if birth.creator is not None and key in turns:
            found[f"{key} is made before it runs"] = birth.tick <= turns[key]
    return found


def _turns_at_locks(run: Trace) -> dict[str, list[ThreadId]]:
    """Return who held each lock, in order."""
    found: dict[str, list[ThreadId]] = defaultdict(list)
    for event in run.happened("acquire", "acquire_write"):
        found[_lock(run, event)].append(event.key)
    return found


def _lock(run: Trace, event: Event) -> str:
    """Return how the lock of an event is called."""
    names = Names(run.history, event.tick)
    name = names.object(event.pid, "lock", event.details["address"], quoted=False)
    return f"{name} of pid {event.pid}" if names.several else name


def _exclusive(run: Trace, lock: str) -> bool:
    """Tell whether a lock was never held by two threads at once."""
    holder: ThreadId | None = None
    for event in run.happened("acquire", "acquire_write", "release", "release_write"):
        if _lock(run, event) != lock:
            continue
        if event.kind.startswith("acquire"):
            if holder is not None:
                return False
            holder = event.key
        else:
            holder = None
    return True


def _firsts(trace: Trace, real: RealTrace) -> Iterator[Row]:
    """Compare who came first, where that is open."""
    printed = [[(line.pid, line.tid) for line in run.history.prints] for run in (trace, real)]
    if len({*printed[0], *printed[1]}) > 1:
        yield _row("which thread prints, in order", [_listed(keys) for keys in printed], FIRST)
    locks = [_turns_at_locks(run) for run in (trace, real)]
    for name in dict.fromkeys([*locks[0], *locks[1]]):
        keys = [run.get(name, []) for run in locks]
        if len({*keys[0], *keys[1]}) > 1:
            yield _row(
                f"which thread acquires {name}, in order", [_listed(each) for each in keys], FIRST
            )
    ends = [[event.key for event in run.happened("end")] for run in (trace, real)]
    if len({*ends[0], *ends[1]}) > 1:
        yield _row("which thread ends, in order", [_listed(each) for each in ends], FIRST)


def _listed(keys: list[ThreadId]) -> str:
    several = len({pid for pid, _ in keys}) > 1
    return ", ".join(f"T{tid} of {pid}" if several else f"T{tid}" for pid, tid in keys)


def _times(trace: Trace, real: RealTrace) -> Iterator[Row]:
    """Compare what no model can have from a computer: times, and how often threads switch."""
    took = duration(real.end * real.seen.nanoseconds)
    yield Row("time", plural(trace.end, "tick"), took, DIFFERS, CLOCKS)
    switches = [str(run.metrics().totals["switches"]) for run in (trace, real)]
    yield _row("context switches", switches, SWITCHES)
    cores = [str(run.settings.cores) for run in (trace, real)]
    yield _row("cores", cores, "the model has as many as the lesson says")
