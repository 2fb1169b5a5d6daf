"""Questions about every schedule of a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kit.errors import explain_arguments, nearest, require, require_whole
from kit.explore import ExplorationResult
from kit.lang.call_instructions import call_of
from kit.lang.objects import INTEGER
from kit.quiz.kinds.locking import CONDITIONS, lone_locker, lost_notify
from kit.quiz.looking import Use, process_name, program_with, replay, start_of, uses
from kit.quiz.question import SEVERAL, Choice, Idea, Question
from kit.sim.process import FIRST_PID
from kit.trace import Trace

MOST_RIGHT, MOST_WRONG = 4, 3


@explain_arguments
def possible_values(explored: ExplorationResult, name: str, pid: int = FIRST_PID) -> Question:
    """Ask which final values of a global are possible on some schedule.

    Parameters
    ----------
    explored : ExplorationResult
        What `kit.explore.explore` found; it has to be complete.
    name : str
        A global integer of the program.
    pid : int

    Notes
    -----
    Wrong ideas: what came out once, or mostly, is what comes out; no update is ever lost; each
    thread has data of its own; a lock protects code, or locks the variable; a notify is
    remembered.
    """
    require(
        isinstance(explored, ExplorationResult),
        "possible_values: this is about every schedule; give explore(program), not a trace",
    )
    require(
        explored.complete,
        "possible_values: not all schedules were covered; explore a smaller program, or with a "
        "larger limit",
    )
    require(isinstance(name, str), f"possible_values: name is {name!r}; give that of a global")
    require_whole("possible_values: pid", pid, 1)
    values = _values(explored, name, pid)
    run = explored.witness(0)
    who = process_name(run, pid, run.end)
    raced = any(race.name == name for race in explored.races)
    why = "race" if raced and not _has_locks(run, pid) else "locks" if raced else "order"
    if why == "locks" and lone_locker(explored, name):
        why = "one lock"
    if why == "order" and _waits_for_condition(run, pid):
        why = "conditions"
    unheard = _unheard(explored, name, pid) if why == "conditions" else set()
    right = [
        Choice(
            str(value),
            True,
            *_left_out(value, index, values, "early notify" if value in unheard else why),
        )
        for index, value in enumerate(_shown(values))
    ]
    wrong: dict[str, Choice] = {}
    for idea in _wrong(run, name, pid, raced):
        told = bool(idea.misconception) or not wrong
        if int(idea.text) not in values and told and len(wrong) < MOST_WRONG:
            wrong.setdefault(idea.text, Choice(idea.text, False, idea.feedback, idea.misconception))
    choices = sorted([*right, *wrong.values()], key=lambda choice: int(choice.text))
    stuck = any(outcome.final.waiting for outcome in explored.outcomes)
    over = "the run is over" if stuck else f"{who} ends"
    several = "each of them on some schedule" if len(values) > 1 else "on every schedule"
    return Question(
        f"Taking all schedules together: which values can {name} have when {over}?",
        tuple(choices),
        0,
        kind="possible_values",
        form=SEVERAL,
        why=f"Right: that is what {name} ends with, {several}.",
        run=run.digest,
    )


def _values(explored: ExplorationResult, name: str, pid: int) -> list[int]:
    """Return the final values, the most frequent first."""
    counts: Counter[int] = Counter()
    known: set[str] = set()
    for outcome in explored.outcomes:
        found = outcome.globals.get(pid, {})
        known.update(key for key, value in found.items() if isinstance(value, int))
        value = found.get(name)
        if isinstance(value, int):
            # Infinitely many schedules are more than any number of them.
            counts[value] += 1 << 60 if outcome.schedules is None else outcome.schedules
    require(
        bool(counts),
        f"possible_values: no global integer '{name}' in process {pid}; "
        f"{nearest(str(name), sorted(known))}",
    )
    return [value for value, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def _shown(values: list[int]) -> list[int]:
    """Return what is asked about: the most frequent value, the extremes, then others."""
    chosen = dict.fromkeys([values[0], min(values), max(values), *values])
    return list(chosen)[:MOST_RIGHT]


def _left_out(value: int, place: int, values: list[int], why: str) -> tuple[str, str]:
    """Return what is told to those who think that a possible value is not, and their idea.

    Parameters
    ----------
    value : int
    place : int
        Of the value, among all that are shown.
    values : list of int
        All that are possible.
    why : str
        What makes the result depend on the schedule: a "race", one although there are "locks", or
        although one of the two has "one lock", or the "order" in which threads come to what they
        share, which is told of "conditions", and of an "early notify".
    """
    if len(values) == 1:
        return "Every schedule ends with this value.", ""
    if place == 0 and why != "early notify":
        return "Most schedules lead to this value.", ""
    sentence, idea = LEFT_OUT[why]
    end = "" if idea != "worked_once" else ", even if most do not"
    return f"Some schedules end with {value}{end}: {sentence}", idea


LEFT_OUT = {
    "early notify": (
        "notify comes when no thread waits yet, and it is not kept for a later wait.",
        "notify_is_remembered",
    ),
    "one lock": (
        "one thread has the lock, but the other never asks for it, so nothing stops that one.",
        "lock_locks_variable",
    ),
    "locks": (
        "there are locks, but not every thread that uses the data takes the same one.",
        "lock_per_code",
    ),
    "conditions": (
        "a thread that is woken has to wait for the lock again, and others may come first.",
        "woken_runs_at_once",
    ),
    "race": (
        "other results, however often you saw them, prove nothing about this one.",
        "worked_once",
    ),
}
"""What makes the result depend on the schedule -> what is told, and the idea behind it."""
LEFT_OUT["order"] = LEFT_OUT["race"]


def _unheard(explored: ExplorationResult, name: str, pid: int) -> set[int]:
    """Return the values with which it only ends where a notify came too early."""
    early: dict[int, bool] = {}
    for outcome in explored.outcomes:
        value = outcome.globals.get(pid, {}).get(name)
        if not isinstance(value, int):
            continue
        waiting = {(one[0], one[1]) for one in outcome.final.waiting if one[2] in CONDITIONS}
        run = explored.witness(outcome) if waiting else None
        lost = run is not None and any(lost_notify(run, key, run.end) for key in waiting)
        early[value] = lost and early.get(value, True)
    return {value for value, lost in early.items() if lost}


def _has_locks(run: Trace, pid: int) -> bool:
    variables = run.history.processes[pid].program.image.variables.values()
    return any(variable.kind != INTEGER for variable in variables)


def _waits_for_condition(run: Trace, pid: int) -> bool:
    code = run.history.processes[pid].program.image.code
    return any(call_of(instruction) == "wait_condition" for instruction in code)


def _wrong(run: Trace, name: str, pid: int, raced: bool) -> Iterator[Idea]:
    program = program_with("possible_values", run, pid, name)
    start, found = start_of(run, pid, program, name), uses(run, pid, program, name)
    writers = Counter(use.tid for use in found if use.writes)
    total = replay(start, found)
    if len(writers) > 1:
        yield Idea(
            str(total),
            "You would get this if no update could be lost, but here every schedule loses one.",
            "no_update_lost",
        )
        yield _of_one(run, pid, start, found)
    sentence = f"That is where {name} starts, but every schedule changes it."
    yield Idea(str(start), sentence, "own_data" if len(writers) > 1 else "")
    sentence = "No schedule ends there: look at the value that the last store is computed from."
    for value in sorted(_without_some(start, found), reverse=True):
        yield Idea(str(value), sentence, "any_update_lost" if raced else "")


def _of_one(run: Trace, pid: int, start: int, found: list[Use]) -> Idea:
    """Return the value that is left of the updates of one thread alone."""
    if _waits_for_condition(run, pid):
        mine = [use for use in found if use.tid == 1]
        sentence = "You would get this if no thread that waits were woken."
        return Idea(str(replay(start, mine)), sentence, "blocked_for_good")
    writers = Counter(use.tid for use in found if use.writes)
    most = max(writers, key=lambda tid: writers[tid])
    mine = [use for use in found if use.tid == most]
    sentence = "You would get this if each thread had its own data."
    return Idea(str(replay(start, mine)), sentence, "own_data")


def _without_some(start: int, found: list[Use]) -> set[int]:
    """Return the values that are left if any of the updates are lost."""
    values = {start}
    for use in found:
        if use.writes:
            values |= {use.value if use.change is None else value + use.change for value in values}
    return values
