"""Questions about the state that a thread is in next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.errors import explain_arguments
from kit.lang.call_instructions import is_system_call
from kit.quiz.kinds.accesses import accesses
from kit.quiz.kinds.kind import LONG, Details, of_process, of_thread, spread
from kit.quiz.kinds.locking import holds, lost_notify
from kit.quiz.looking import check_at, check_thread, make, refuse, thread_name, waits
from kit.quiz.question import Idea, Question
from kit.sim.process import FIRST_PID
from kit.sim.recording import ThreadId
from kit.sim.waits import LOCKS
from kit.trace import Event, Trace

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
    when it is woken; a fault ends only one thread; a crash releases locks; a deadlock resolves
    itself, or is noticed; a system call is a context switch; waiting in a loop uses no core; a
    lock locks the variable; a notify is remembered.
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
    ideas = [
        *_crash(trace, pid, tid, now, state, at),
        *_deadlocked(trace, now, state),
        *_unheard(trace, (pid, tid), now, state, at),
        *_locked_out(trace, (pid, tid), now, (at, tick)),
        *_calling(trace, (pid, tid), now, state, (at, tick)),
        *_state_ideas(now, state, tick),
    ]
    if now == "blocked" and state:
        sentence = f"What it waits for does happen: look at tick {tick}."
        ideas.append(Idea(stays, sentence, "blocked_for_good", tick))
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
        never = trace.happened("stuck", "deadlock")
        ending = (
            "it waits for something that never happens" if never else "it still waits at the end"
        )
        return f"{who} stays blocked: {ending}."
    first = {event.kind: event for event in reversed(events)}
    sentence = f"it is {state}"
    if state == "ready":
        sentence = _READY[next((kind for kind in _READY if kind in first), "preempt")]
    elif state == "running":
        sentence = "it gets a core"
    elif state == "blocked":
        sentence = f"it {waits(trace, first['block'])}"
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
    reason = trace.history.processes[pid].threads[tid].waits_for.at(at)[:1]
    left = next(iter(trace.history.synchronisation.left_held), None)
    if now == "blocked" and not state and LOCKS.intersection(reason) and left is not None:
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


def _deadlocked(trace: Trace, now: str, state: str) -> Iterator[Idea]:
    """Yield what would have to happen for a thread in a deadlock to leave it."""
    found = trace.happened("deadlock")
    if now != "blocked" or state or not found:
        return
    tick = found[0].tick
    sentence = "Each thread of the circle waits for another one of it: none of them can release."
    yield Idea(STATES["ready"], sentence, "deadlock_resolves", tick)
    sentence = "Nothing ends it: the system does not look for circles among the locks of a program."
    yield Idea(STATES["terminated"], sentence, "deadlock_is_noticed", tick)


def _unheard(trace: Trace, key: ThreadId, now: str, state: str, at: int) -> Iterator[Idea]:
    """Yield what would follow if a notify that woke no thread were kept."""
    early = lost_notify(trace, key, at) if now == "blocked" and not state else None
    if early is not None:
        sentence = (
            f"The notify at tick {early} came when no thread waited. It is not kept, and no other "
            "one follows."
        )
        yield Idea(STATES["ready"], sentence, "notify_is_remembered", early)


def _locked_out(trace: Trace, key: ThreadId, now: str, ticks: tuple[int, int]) -> Iterator[Idea]:
    """Yield what would follow if a lock stopped a thread that does not ask for it."""
    if now != "running" or trace.end > LONG:
        return
    found = list(holds(trace, key[0]))
    for access in accesses(trace, key):
        current = [hold for hold in found if hold.start <= access.tick < hold.end]
        if not ticks[0] < access.tick <= ticks[1] or any(hold.key == key for hold in current):
            continue
        for hold in current:
            under = (a for a in accesses(trace, hold.key) if hold.start <= a.tick <= hold.end)
            if any(a.address == access.address and a.writes for a in under):
                who = f"T{hold.key[1]}"
                sentence = (
                    f"{who} holds a lock while it changes this variable, but this thread does not "
                    "ask for the lock: nothing stops it."
                )
                yield Idea(STATES["blocked"], sentence, "lock_locks_variable", access.tick)
                return


def _calling(
    trace: Trace, key: ThreadId, now: str, state: str, ticks: tuple[int, int]
) -> Iterator[Idea]:
    """Yield what would follow from what a running thread executes until its state changes."""
    record = trace.record.threads.get(key)
    if now != "running" or record is None:
        return
    code = trace.history.processes[key[0]].threads[key[1]].program.image.code
    at, until = ticks
    done = [index for tick, *_, index in record.executed() if at < tick <= until]
    calls = [index for index in done if is_system_call(code[index])]
    if state == "terminated" and len(calls) > 1:
        sentence = "It makes system calls before it ends, and what they ask for is there already."
        yield Idea(STATES["blocked"], sentence, "calls_block", until)
        sentence = (
            "Its quantum is not used up. A system call enters the kernel, and the same thread "
            "continues there."
        )
        yield Idea(STATES["ready"], sentence, "call_is_a_switch", until)
    pid, tid = key
    turn = max(e.tick for e in trace.happened("dispatch", pid=pid, tid=tid) if e.tick <= at)
    steps = [(tick, index) for tick, *_, index in record.executed() if tick > turn]
    tried = {i for tick, i in steps if tick <= until and code[i].op in ("TAS", "CAS")}
    again = any(index in tried for tick, index in steps if tick > until)
    if state == "ready" and again:
        sentence = (
            "It waits in a loop, and each round is executed on the core: it has not asked the "
            "system to wait for anything."
        )
        yield Idea(STATES["blocked"], sentence, "spinning_is_waiting", until)


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
        "It does not have to wait for what it asks for: that is there already.",
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
    ("ready", "blocked"): (
        "Only a running thread can block: it has to execute something to ask for it.",
        dict.fromkeys(ALWAYS, "blocked_uses_cpu"),
    ),
    ("ready", "terminated"): ("Nothing ends it before it has had a turn.", {}),
    ("ready", "running"): ("It does not get a turn before then.", {}),
    ("new", "running"): (_QUEUES, {"ready": "woken_runs_at_once"}),
    ("new", "blocked"): (_QUEUES, {}),
    ("new", "terminated"): (_QUEUES, {}),
}
"""(state, wrong next state) -> what is told, and the idea behind it by the right state."""


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
