"""Questions about which thread gets a core."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kit.errors import explain_arguments
from kit.quiz.kinds.kind import MOST, Details, spread
from kit.quiz.looking import check_at, make, refuse, thread_name, waits
from kit.quiz.question import Idea, Question
from kit.sim.recording import ThreadId
from kit.trace import Event, Trace

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
                f"It is running now, but at tick {left.tick} it blocks: it {waits(trace, left)}."
            )
            yield Idea(who, sentence, "keeps_the_core", left.tick)
        else:
            sentence = f"It is running now, and ends at tick {left.tick}."
            yield Idea(who, sentence, "", left.tick)


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
            earlier = key[0] == following.pid and key[1] < following.tid
            yield Idea(who, sentence, "spawn_order" if earlier else "", at)


def _are_later(trace: Trace, following: Event) -> Iterator[Idea]:
    """Yield who is made or woken by then and comes later, where there is nobody else."""
    moment = trace.at(following.tick)
    for key in moment.ready:
        sentence = "It joins the queue only then, so it gets a core later."
        yield Idea(thread_name(trace, key, following.tick), sentence, "", following.tick)


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
