"""Questions about the order in which things happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kit.errors import ArgumentError, explain_arguments, require_whole
from kit.quiz.looking import check_at, process_name, thread_name
from kit.quiz.question import ORDER, Choice, Question
from kit.trace import Event, Trace
from kit.trace.names import Names
from kit.trace.waits import waiting

LEAST, MOST = 2, 7


@explain_arguments
def order_of(trace: Trace, at: int, count: int = 4) -> Question:
    """Ask for the order of what happens next.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick before the first of the events.
    count : int
        How many events, 2 to 7; fewer are asked for if there are no more.

    Notes
    -----
    Wrong idea: spawn or fork runs the new one to its end before it returns.
    """
    check_at("order_of", trace, at)
    require_whole("order_of: count", count, LEAST, MOST)
    happening = list(_told(trace, at))
    chosen = _choose(happening, count)
    if len(chosen) < LEAST:
        told = [event.tick for event in trace.events if event.kind in TELLERS]
        last = sorted(set(told))[-2:-1]
        remedy = f"ask before tick {last[0]}" if last else "leave it out"
        raise ArgumentError(f"order_of: less than two things happen after tick {at}; {remedy}")
    texts = [text for _, text in chosen]
    shown = sorted(texts)
    if shown == texts:
        shown.reverse()
    choices = {
        text: Choice(text, True, _feedback(event, chosen), _idea(event, chosen), event.tick)
        for event, text in chosen
    }
    return Question(
        _prompt(at, chosen, happening),
        tuple(choices[text] for text in shown),
        chosen[-1][0].tick,
        kind="order_of",
        at=at,
        form=ORDER,
        order=tuple(shown.index(text) for text in texts),
        why=f"Right: at ticks {', '.join(str(event.tick) for event, _ in chosen)}.",
        run=trace.digest,
    )


Told = tuple[Event, str]


def _prompt(at: int, chosen: Sequence[Told], happening: Sequence[Told]) -> str:
    """Return what is asked; what happens again before the last of it is asked for once."""
    until = [text for event, text in happening if event.tick <= chosen[-1][0].tick]
    again = any(until.count(text) > 1 for _, text in chosen)
    once = ", each for the first time" if again else ""
    return f"After tick {at}: in which order does this happen{once}?"


def _choose(happening: Sequence[Told], count: int) -> list[Told]:
    """Return events of different kinds, each the first one that reads so; then others."""
    firsts: dict[str, Told] = {}
    for event, text in happening:
        firsts.setdefault(text, (event, text))
    chosen: list[Told] = []
    for fresh in (True, False):
        for event, text in firsts.values():
            kinds = {_sort(other) for other, _ in chosen}
            ticks = {other.tick for other, _ in chosen}
            new = _sort(event) not in kinds if fresh else (event, text) not in chosen
            if len(chosen) < count and new and event.tick not in ticks:
                chosen.append((event, text))
    return sorted(chosen, key=lambda pair: pair[0].tick)


def _sort(event: Event) -> str:
    """Return what tells events apart: their kind, and which segment is loaded."""
    return f"{event.kind} {event.details['segment']}" if event.kind == "load" else event.kind


def _told(trace: Trace, at: int) -> Iterator[Told]:
    """Yield what happens after a tick in words."""
    begun: set[tuple[int, int]] = set()
    for event in trace.events:
        key = event.pid, event.tid
        again = event.kind == "dispatch" and key in begun
        if event.kind == "dispatch":
            begun.add(key)
        if event.tick <= at or event.kind not in TELLERS or again:
            continue
        text = TELLERS[event.kind](trace, event)
        if text:
            yield event, text


def _feedback(event: Event, chosen: Sequence[Told]) -> str:
    place = [other for other, _ in chosen].index(event) + 1
    ordinal = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")[place - 1]
    told = f"This comes {ordinal}, at tick {event.tick}."
    if _idea(event, chosen):
        told += " Making a thread or a process does not wait for it: both go on."
    return told


def _idea(event: Event, chosen: Sequence[Told]) -> str:
    """Return the idea of those who put something in the place of this event."""
    for made, _ in chosen:
        if made.kind not in ("thread", "fork") or made.tick >= event.tick:
            continue
        by = made.pid if made.kind == "thread" else made.details["parent"]
        tid = made.details["creator"] if made.kind == "thread" else made.tid
        later = (o for o, _ in chosen if o.tick > event.tick)
        theirs = any((o.pid, o.tid) == (made.pid, made.tid) for o in later)
        if _doer(event) == (by, tid) and theirs:
            return "spawn_waits"
    return ""


def _doer(event: Event) -> tuple[int, int]:
    if event.kind == "thread":
        return event.pid, event.details["creator"]
    return (event.details["parent"], event.tid) if event.kind == "fork" else (event.pid, event.tid)


# Words


def _who(trace: Trace, event: Event) -> str:
    return thread_name(trace, (event.pid, event.tid), event.tick)


def _spawn(trace: Trace, event: Event) -> str:
    creator = event.details["creator"]
    if not creator:
        return ""
    return f"{thread_name(trace, (event.pid, creator), event.tick)} spawns T{event.tid}"


def _fork(trace: Trace, event: Event) -> str:
    parent = event.details["parent"]
    return f"{thread_name(trace, (parent, event.tid), event.tick)} forks process {event.pid}"


def _block(trace: Trace, event: Event) -> str:
    reason, detail = event.details["reason"], event.details["detail"]
    if reason == "sleep":
        return f"{_who(trace, event)} goes to sleep"
    names = Names(trace.history, event.tick)
    return f"{_who(trace, event)} {waiting(names, event.pid, reason, detail)}"


def _end(trace: Trace, event: Event) -> str:
    return "" if event.details["how"] == "kill" else f"{_who(trace, event)} ends"


def _exit(trace: Trace, event: Event) -> str:
    return f"{process_name(trace, event.pid, event.tick)} ends with all its threads"


def _launch(_: Trace, event: Event) -> str:
    return f"process {event.pid} is made from the program {event.details['program']}"


def _load(trace: Trace, event: Event) -> str:
    who = process_name(trace, event.pid, event.tick)
    return f"the {event.details['segment']} of {who} comes from disk into RAM"


def _deadlock(_: Trace, event: Event) -> str:
    return f"a circle of {len(event.details['cycle'])} waiting threads closes: deadlock"


def _exec(_: Trace, event: Event) -> str:
    return f"process {event.pid} goes over to the program {event.details['program']}"


def _reap(trace: Trace, event: Event) -> str:
    parent = event.details["parent"]
    if not parent:
        return ""
    return f"{process_name(trace, parent, event.tick)} has waited for process {event.pid}"


def _print(trace: Trace, event: Event) -> str:
    return f"{_who(trace, event)} prints “{str(event.details['text']).strip()}”"


def _place(trace: Trace, event: Event) -> str:
    return Names(trace.history, event.tick).place(event.pid, event.details["address"])


TELLERS: dict[str, Callable[[Trace, Event], str]] = {
    "launch": _launch,
    "load": _load,
    "thread": _spawn,
    "fork": _fork,
    "exec": _exec,
    "dispatch": lambda trace, e: f"{_who(trace, e)} gets a core for the first time",
    "block": _block,
    "wake": lambda trace, e: f"{_who(trace, e)} is woken",
    "end": _end,
    "exit": _exit,
    "reap": _reap,
    "adopt": lambda trace, e: f"init adopts {process_name(trace, e.pid, e.tick)}",
    "kill": lambda trace, e: f"{_who(trace, e)} kills process {e.details['target']}",
    "fault": lambda trace, e: f"{_who(trace, e)} fails ({e.details['fault']})",
    "page_fault": lambda trace, e: f"{_who(trace, e)} has a page fault",
    "print": _print,
    "alloc": lambda trace, e: f"{_who(trace, e)} gets a block of the heap",
    "acquire": lambda trace, e: f"{_who(trace, e)} takes the lock {_place(trace, e)}",
    "release": lambda trace, e: f"{_who(trace, e)} releases the lock {_place(trace, e)}",
    "barrier": lambda trace, e: f"{_who(trace, e)} is the last at the barrier {_place(trace, e)}",
    "open": lambda trace, e: f"{_who(trace, e)} opens the file {e.details['name']}",
    "pipe": lambda trace, e: f"{_who(trace, e)} makes a pipe",
    "pipe_write": lambda trace, e: f"{_who(trace, e)} writes {e.details['value']} into the pipe",
    "pipe_read": lambda trace, e: f"{_who(trace, e)} reads {e.details['value']} from the pipe",
    "send": lambda trace, e: f"{_who(trace, e)} sends {e.details['value']}",
    "receive": lambda trace, e: f"{_who(trace, e)} receives {e.details['value']}",
    "call": lambda trace, e: f"{_who(trace, e)} calls with {e.details['value']}",
    "serve": lambda trace, e: f"{_who(trace, e)} serves the call with {e.details['value']}",
    "reply": lambda trace, e: f"{_who(trace, e)} replies {e.details['value']}",
    "io_start": lambda trace, e: f"a device begins to work for {_who(trace, e)}",
    "io_done": lambda trace, e: f"the device of {_who(trace, e)} has finished",
    "deadlock": _deadlock,
}
"""Kind of event -> how it reads as something to be put into an order."""
