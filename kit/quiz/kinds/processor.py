"""Questions about who gets a core, and in which state a thread is next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kit.errors import explain_arguments
from kit.quiz.kinds.kind import MOST, Details, of_process, of_thread, spread
from kit.quiz.looking import check_at, check_thread, make, refuse, thread_name
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.sim.recording import ThreadId
from kit.sim.waits import LOCKS
from kit.trace import Event, Trace
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import waiting

QUEUES = ("first in, first out", "round robin")
"""Policies that give the core to who has waited longest, as a run's settings call them."""


@explain_arguments
def next_thread(trace: Trace, at: int) -> Question:
    """Ask which thread the next free core is given to after a tick.

    Parameters
    ----------
    trace : Trace
    at : int
        Tick; some thread must be given a core after it.

    Notes
    -----
    Wrong ideas: the running thread keeps the core; a blocked thread takes its turn; the
    last one to queue goes first.
    """
    check_at("next_thread", trace, at)
    dispatches = trace.happened("dispatch")
    following = next((event for event in dispatches if event.tick > at), None)
    if following is None:
        raise refuse("next_thread", "no thread is given a core", [e.tick for e in dispatches], at)
    key = following.pid, following.tid
    # With several cores, who is given another one at the same tick is next as well.
    also = {(e.pid, e.tid) for e in dispatches if e.tick == following.tick} - {key}
    ideas = [
        *_keeps(trace, at, following),
        *_is_blocked(trace, at, following),
        *_is_ready(trace, at, following),
        *_are_later(trace, following),
    ]
    names = {thread_name(trace, other, at) for other in also}
    prompt = f"At tick {at}: which thread is given a core next?"
    why = f"Right: {_reason(trace, at, following)}"
    answer = thread_name(trace, key, at)
    kept = [idea for idea in ideas if idea.text not in names]
    return make(trace, "next_thread", prompt, (answer, why), kept, following.tick, at)


def _is_queue(trace: Trace) -> bool:
    return trace.settings.scheduler.startswith(QUEUES)


def _reason(trace: Trace, at: int, following: Event) -> str:
    key, tick = (following.pid, following.tid), following.tick
    policy = trace.settings.scheduler
    if key in trace.at(at).ready:
        if _is_queue(trace):
            return "it has been in the ready queue longest."
        return f"the policy of this machine ({policy}) chooses it."
    came = trace.happened(pid=key[0], tid=key[1], after=at, until=tick)
    kinds = [event.kind for event in came]
    if "wake" in kinds:
        sentence = "it is woken before that, and"
    elif "preempt" in kinds:
        sentence = "its quantum is used up before that, and"
    else:
        sentence = "it is new, and"
    first = (
        "no thread has waited longer" if _is_queue(trace) else f"the policy ({policy}) chooses it"
    )
    return f"{sentence} {first}."


def _leaving(trace: Trace, key: ThreadId, at: int, until: int) -> Event | None:
    """Return how a running thread leaves its core after a tick."""
    pid, tid = key
    left = trace.happened("preempt", "block", "end", pid=pid, tid=tid, after=at, until=until)
    return left[0] if left else None


def _keeps(trace: Trace, at: int, following: Event) -> Iterator[Idea]:
    for core, key in enumerate(trace.at(at).running):
        if key is None:
            continue
        left, who = _leaving(trace, key, at, following.tick), thread_name(trace, key, at)
        if left is None:
            yield Idea(who, f"It is running already, on core {core}.")
        elif left.kind == "preempt":
            sentence = f"It is running now, but at tick {left.tick} another thread gets a turn."
            yield Idea(who, sentence, "keeps_the_core", left.tick)
        elif left.kind == "block":
            sentence = (
                f"It is running now, but at tick {left.tick} it blocks: it {_waits(trace, left)}."
            )
            yield Idea(who, sentence, "keeps_the_core", left.tick)
        else:
            yield Idea(who, f"It is running now, and ends at tick {left.tick}.", "", left.tick)


def _waits(trace: Trace, event: Event) -> str:
    reason, detail = trace.history.blocks[event.key, event.tick]
    return waiting(Names(trace.history, event.tick), event.pid, reason, detail)


def _is_blocked(trace: Trace, at: int, following: Event) -> Iterator[Idea]:
    for key in trace.at(at).blocked:
        woken = next(iter(trace.happened("wake", pid=key[0], tid=key[1], after=at)), None)
        sentence = (
            "It is blocked: it waits for something else, and gets no core before that has happened."
        )
        if woken is not None and woken.tick <= following.tick:
            sentence = (
                f"It is woken at tick {woken.tick}, but others came before it into the queue."
            )
        yield Idea(thread_name(trace, key, at), sentence, "blocked_uses_cpu", at)


def _is_ready(trace: Trace, at: int, following: Event) -> Iterator[Idea]:
    ready = trace.at(at).ready
    for key in reversed(ready):
        who = thread_name(trace, key, at)
        if not _is_queue(trace):
            sentence = (
                f"It is ready, but this policy ({trace.settings.scheduler}) chooses another one."
            )
            first = key == ready[0]
            yield Idea(who, sentence, "always_a_queue" if first else "", following.tick)
        elif len(ready) > 1 and key == ready[-1]:
            sentence = "It is ready, but it came last; another thread has waited longer."
            yield Idea(who, sentence, "queue_is_a_stack", at)
        else:
            sentence = "It is ready, but another thread has waited longer."
            yield Idea(who, sentence, "", at)


def _are_later(trace: Trace, following: Event) -> Iterator[Idea]:
    """Yield who is made or woken by then and comes later, where there is nobody else."""
    moment = trace.at(following.tick)
    for key in moment.ready:
        sentence = "It joins the queue only then, so it gets a core later."
        yield Idea(thread_name(trace, key, following.tick), sentence, "", following.tick)


# States

STATES = {
    "ready": "ready: could run, and waits for a core",
    "running": "running: on a core",
    "blocked": "blocked: waiting for something other than a core",
    "terminated": "terminated: it has ended",
}
"""State -> how it reads as a choice."""


@explain_arguments
def next_state(trace: Trace, tid: int, at: int, pid: int = FIRST_PID) -> Question:
    """Ask in which state a thread is next.

    Parameters
    ----------
    trace : Trace
    tid : int
    at : int
        Tick at which it is there.
    pid : int

    Notes
    -----
    Wrong ideas: a running thread keeps the core; what is blocked is ready, or runs at once
    when it is woken; a fault ends only one thread; a crash releases locks.
    """
    check_at("next_state", trace, at)
    check_thread("next_state", trace, pid, tid)
    steps = trace.history.processes[pid].threads[tid].state
    now, who = steps.at(at), thread_name(trace, (pid, tid), at)
    changes = [(tick, state) for tick, state in steps if tick > at and state != now]
    if now in ("", "terminated") or (not changes and now != "blocked"):
        ticks = [tick for tick, state in steps if state]
        raise refuse("next_state", f"the state of {who} does not change", ticks, at)
    tick, state = changes[0] if changes else (trace.end, "")
    stays = f"it stays {now} until the run ends"
    answer = STATES.get(state, stays)
    events = trace.happened(pid=pid, tid=tid, after=at, until=tick)
    why = f"Right: {_change(trace, who, state, tick, events)}"
    ideas = [*_crash(trace, pid, tid, now, state, at), *_state_ideas(now, state, tick)]
    if now == "blocked" and state:
        ideas.append(Idea(stays, f"What it waits for does happen: look at tick {tick}.", "", tick))
    passed = _passed(now, state, events)
    kept = [idea for idea in ideas if idea.text not in passed]
    prompt = f"At tick {at}, {who} is {now}. In which state will it be next?"
    return make(trace, "next_state", prompt, (answer, why), kept, tick, at)


def _passed(now: str, state: str, events: Sequence[Event]) -> set[str]:
    """Return states that it passes through within one tick: neither right nor wrong."""
    through = {"wake": "ready", "preempt": "ready", "block": "blocked", "admit": "ready"}
    found = {through[event.kind] for event in events if event.kind in through}
    return {STATES[name] for name in found - {now, state}}


def _change(trace: Trace, who: str, state: str, tick: int, events: Sequence[Event]) -> str:
    if not state:
        waits = trace.happened("stuck", "deadlock")
        ending = (
            "it waits for something that never happens" if waits else "it still waits at the end"
        )
        return f"{who} stays blocked: {ending}."
    first = {event.kind: event for event in reversed(events)}
    sentence = f"it is {state}"
    if state == "ready":
        sentence = _READY[next((kind for kind in _READY if kind in first), "preempt")]
    elif state == "running":
        sentence = "it gets a core"
    elif state == "blocked":
        sentence = f"it {_waits(trace, first['block'])}"
    elif state == "terminated":
        pid, tid = first["end"].key
        ended = trace.history.processes[pid].threads[tid].ended
        killed = ended is not None and ended.how == "kill"
        sentence = "it ends because its whole process ends" if killed else "it has ended"
    return f"at tick {tick} {sentence}."


_READY = {
    "admit": "it is admitted, and waits for a core",
    "wake": "it is woken, and has to wait for a core",
    "preempt": "its quantum is used up, and it waits for a core again",
}
"""What makes a thread ready, and how that is told."""


def _crash(trace: Trace, pid: int, tid: int, now: str, state: str, at: int) -> Iterator[Idea]:
    """Yield ideas about what a fault, or the end of a process, does to this thread."""
    exited = trace.history.processes[pid].exit
    waits = trace.history.processes[pid].threads[tid].waits_for.at(at)
    left = next(iter(trace.history.synchronisation.left_held), None)
    if now == "blocked" and not state and LOCKS.intersection(waits[:1]) and left is not None:
        sentence = (
            f"The holder of the lock ended at tick {left.tick} without releasing it. A lock is a "
            "word in memory, and nothing sets it back."
        )
        for name in ("ready", "running"):
            yield Idea(STATES[name], sentence, "crash_releases_locks", left.tick)
    if state == "terminated" and exited is not None:
        steps = trace.history.processes[pid].threads[tid].state
        siblings = len(trace.history.processes[pid].threads) > 1
        if siblings and steps.ticks[-1] == exited[0]:
            sentence = f"At tick {exited[0]} its whole process ends, with all its threads."
            name = {"ready": "running", "blocked": "ready"}.get(now, "ready")
            yield Idea(STATES[name], sentence, "thread_dies_alone", exited[0])


def _state_ideas(now: str, state: str, tick: int) -> Iterator[Idea]:
    """Yield the other states, with what leads to them."""
    for (of, name), (sentence, misconceptions) in WRONG_STATES.items():
        if of == now and name != state:
            yield Idea(STATES[name], sentence, misconceptions.get(state, ""), tick)


ALWAYS = ("ready", "running", "blocked", "terminated", "")
_QUEUES = "First it is loaded, and then it has to wait for a core."
WRONG_STATES: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("running", "terminated"): (
        (
            "It has not finished yet: it leaves the core when its quantum is used up, or if it has "
            "to wait."
        ),
        dict.fromkeys(ALWAYS, "keeps_the_core"),
    ),
    ("running", "ready"): (
        "Its quantum is not used up: it leaves the core because it has to wait, or ends.",
        {"blocked": "blocked_uses_cpu"},
    ),
    ("running", "blocked"): (
        "It does not have to wait for anything it asks for: that is already there.",
        {"ready": "blocked_uses_cpu"},
    ),
    ("blocked", "running"): (
        (
            "No thread goes straight from blocked to running: a thread that is woken is ready, and "
            "has to wait for a core."
        ),
        dict.fromkeys(ALWAYS, "woken_runs_at_once"),
    ),
    ("blocked", "ready"): (
        "What it waits for has not happened yet.",
        dict.fromkeys(ALWAYS, "blocked_uses_cpu"),
    ),
    ("blocked", "terminated"): (
        "It has to be woken before it can end, because it has to execute something to end.",
        {},
    ),
    ("ready", "blocked"): (
        "Only a running thread can block: it has to execute something to ask for it.",
        dict.fromkeys(ALWAYS, "blocked_uses_cpu"),
    ),
    ("ready", "terminated"): ("Nothing ends it before it has had a turn.", {}),
    ("ready", "running"): ("It does not get a turn before then.", {}),
    ("new", "running"): (_QUEUES, {"ready": "spawn_waits"}),
    ("new", "blocked"): (_QUEUES, {}),
    ("new", "terminated"): (_QUEUES, {}),
}
"""(state, wrong next state) -> what is told, and the idea behind it by the right state."""


def propose_next_thread(trace: Trace) -> Iterator[Details]:
    """Yield ticks before another thread gets a core, where several are there."""
    turns = [(a, b) for a, b in pairwise(trace.happened("dispatch")) if a.key != b.key]
    busy = []
    for before, turn in turns:
        at = max(before.tick, turn.tick - 1)
        if 0 <= at < turn.tick:
            busy.append(at)
    choices = dict.fromkeys(busy)
    for at in spread(choices, 2 * MOST):
        moment = trace.at(at)
        if len(moment.ready) + len(moment.blocked) > 1 or len(moment.ready) == 1:
            yield {"at": at}


def propose_next_state(trace: Trace) -> Iterator[Details]:
    """Yield threads before they change their state, and those that never will."""
    for kind in ("preempt", "block", "wake"):
        for event in spread(trace.happened(kind), 4):
            yield of_thread(event, event.tick - 1)
    for event in trace.happened("end"):
        ended = trace.history.processes[event.pid].threads[event.tid].ended
        if ended is not None and ended.how == "kill" and event.tick:
            yield of_thread(event, event.tick - 1)
    for key in trace.at(trace.end).blocked:
        since = trace.history.processes[key[0]].threads[key[1]].state.since(trace.end)
        yield {"tid": key[1], "at": since, **of_process(key[0])}
