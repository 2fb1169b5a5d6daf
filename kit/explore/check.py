"""Checking a program on every schedule against what it is meant to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache, partial

from kit.errors import ArgumentError, explain_arguments, nearest, require
from kit.explore.busy import busy_waiting
from kit.explore.explore import LIMIT, Explorable, explore, machine_of
from kit.explore.invariant import Invariant, names_in
from kit.explore.no_return import marked_witness
from kit.explore.outcome import Outcome, faults_in
from kit.explore.outcomes import ExplorationResult
from kit.explore.races import all_in_words
from kit.explore.results import Value
from kit.explore.search_result import Progress, Race, Stop
from kit.explore.spec import Spec
from kit.explore.telling import faults_of, schedule_of, thread_name, waits_of
from kit.lang.signals import how_ended
from kit.trace import Trace

MOST_GLOBALS = 3
"""Globals that a message tells."""
MOST_VALUES = 4
"""Values of an array that a message tells."""


@dataclass(frozen=True)
class Breach:
    """One way in which a program is not what it is meant to be.

    Attributes
    ----------
    kind : str
        "output", "globals", "exit code", "race", "deadlock", "endless", "fault", "invariant",
        "finally", "busy waiting"; "stopped" where a run reached a limit, "limit" where not all
        schedules were covered.
    message : str
        What happens on some schedule, and what was meant to.
    """

    kind: str
    message: str
    _show: Callable[[], Trace] | None = field(default=None, repr=False)

    def witness(self) -> Trace | None:
        """Return the shortest run that shows it; None where none can."""
        return None if self._show is None else self._show()

    def schedule(self) -> tuple[str, ...]:
        """Return that run in words: a sentence for each turn of a thread, and for its end."""
        trace = self.witness()
        return () if trace is None else schedule_of(trace)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Verdict:
    """Whether a program is what it is meant to be, on every schedule.

    Attributes
    ----------
    breaches : tuple of Breach
        None if all is well; at most one of a kind.
    outcomes : ExplorationResult
        What was found.
    """

    breaches: tuple[Breach, ...]
    outcomes: ExplorationResult

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong, and every schedule was covered."""
        return not self.breaches

    @property
    def decided(self) -> bool:
        """Whether it is known: every schedule was covered, or one of them is wrong."""
        return any(breach.kind != "limit" for breach in self.breaches) or self.passed

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        if self.passed:
            return f"Right on every schedule. {self.outcomes.covered}"
        if not self.decided:
            return f"Not decided. {self.breaches[0]}"
        told = ["Not right on every schedule:", *(f"- {breach}" for breach in self.breaches)]
        first = self.breaches[0]
        # How it ends is told already where that is what is wrong.
        schedule = [s for s in first.schedule() if s.removesuffix(".") not in first.message]
        if schedule:
            told += ["A schedule that shows the first of these:", *(f"  {s}" for s in schedule)]
        return "\n".join(told)


@explain_arguments
def check_program(
    program: Explorable,
    spec: Spec,
    *,
    limit: int = LIMIT,
    executor: Executor | None = None,
    progress: bool | Progress = False,
    stop: Stop | None = None,
    spurious: bool = False,
) -> Verdict:
    """Run a program on all its schedules and compare each result with what is meant.

    Parameters
    ----------
    program : Program, Scenario, Machine or callable
        As for `explore`.
    spec : Spec
    limit : int
        Most states to look at. Where it is reached and nothing wrong was found, nothing is
        decided: the verdict has the breach "limit".
    executor : concurrent.futures.Executor, optional
        As for `explore`.
    progress, stop, spurious : optional
        As for `explore`.

    Raises
    ------
    ArgumentError
        If the program cannot be explored, or the specification does not fit it.
    """
    require(
        isinstance(spec, Spec),
        f"check_program: the specification is {spec!r}; give Spec(output=…, globals=…)",
    )
    machine = machine_of(program, "check_program")
    spec.check_names(machine.run(until=machine.now).programs)
    outcomes = explore(
        machine,
        invariant=spec.invariant,
        limit=limit,
        executor=executor,
        progress=progress,
        stop=stop,
        spurious=spurious,
    )
    return Verdict(tuple(_breaches(outcomes, spec)), outcomes)


def _breaches(outcomes: ExplorationResult, spec: Spec) -> Iterator[Breach]:
    end = _end_of(spec)
    for kind, wrong, message in (
        ("fault", lambda o: o.faults, _fault),
        ("deadlock", lambda o: not spec.deadlock and o.deadlock, _waiting),
        ("endless", lambda o: not spec.endless and o.endless, lambda _: "it never ends"),
        # Nobody knows how it would go on, so that nothing of it can be compared.
        ("stopped", lambda o: not spec.endless and o.final.limit, _limit),
        ("output", lambda o: _other_output(o, spec), lambda o: _printed(o, spec)),
        ("globals", lambda o: _other_globals(o, spec), lambda o: _held(o, spec)),
        ("exit code", lambda o: _other_code(o, spec), lambda o: _ended(o, spec)),
        ("finally", lambda o: _other_end(o, end), lambda o: _reached(o, spec)),
    ):
        found = next((outcome for outcome in outcomes.outcomes if wrong(outcome)), None)
        if found is not None:
            # The message is told from the same run that is shown.
            show = cache(partial(marked_witness, outcomes, found, partial(_is_well, wrong)))
            often = _how_often(found, complete=outcomes.complete)
            yield Breach(kind, f"{often}: {message(found)}{_details(kind, found, show)}", show)
    if not outcomes.invariant_holds:
        message_ = f"on some schedule {spec.invariant!r} does not hold"
        yield Breach("invariant", message_, outcomes.broken_invariant)
    races = [] if spec.races else _races(outcomes, spec)
    if races:
        message_ = all_in_words(races, several=outcomes.several_processes)
        yield Breach("race", message_, lambda: outcomes.witness(races[0]))
    busy = () if spec.busy_waiting else busy_waiting(outcomes)
    if busy:
        who = "; ".join(map(str, busy))
        message_ = f"busy waiting, where a thread could block: {who}"
        yield Breach("busy waiting", message_, busy[0].witness)
    if not outcomes.complete:
        yield Breach("limit", undecided(outcomes))


def _is_well(wrong: Callable[[Outcome], object], outcome: Outcome) -> bool:
    """Tell whether an outcome is none of those that are wrong, and ends."""
    return not (wrong(outcome) or outcome.faults or _goes_on(outcome))


def undecided(outcomes: ExplorationResult) -> str:
    """Return what was covered where nothing is known of the rest, and what to do.

    Parameters
    ----------
    outcomes : ExplorationResult
    """
    return (
        f"{outcomes.covered} Nothing can be said of the others: give it more time or "
        "a higher limit=, or make the program smaller, with fewer threads or rounds."
    )


def _races(outcomes: ExplorationResult, spec: Spec) -> list[Race]:
    """Return the races, but for those on globals on which they are allowed."""
    return [race for race in outcomes.races if race.name.partition("[")[0] not in spec.may_race]


def _how_often(outcome: Outcome, *, complete: bool) -> str:
    if outcome.schedules is None or not complete:
        return "on some schedules"
    return "on 1 schedule" if outcome.schedules == 1 else f"on {outcome.schedules:,} schedules"


def _details(kind: str, outcome: Outcome, show: Callable[[], Trace]) -> str:
    """Return where an assert failed and with which values, or at which lines threads wait."""
    failed = any(fault == "failed assert" for _, fault in outcome.final.faults)
    if kind == "deadlock":
        return f": {' '.join(waits_of(show()))}".removesuffix(".")
    if kind != "fault" or not failed:
        return ""
    told = " ".join(faults_of(show())).removesuffix(".")
    values = outcome.globals.get(outcome.first_pid, {})
    named = [name for name in dict.fromkeys(re.findall(r"\w+", told)) if name in values]
    shown = ", ".join(f"{name} = {_brief(values[name])}" for name in named)
    return f": {told}{f'; {shown}' if shown else ''}"


def _fault(outcome: Outcome) -> str:
    """Return which fault it was; then, in brief, what else there is to know."""
    faults = ", ".join(faults_in(outcome.final))
    if any(fault == "failed assert" for _, fault in outcome.final.faults):
        return f"a fault: {faults}"
    values = ", ".join(
        f"{name} = {_brief(value)}"
        for name, value in [*outcome.globals.get(outcome.first_pid, {}).items()][:MOST_GLOBALS]
    )
    return f"a fault: {faults}{f' ({values})' if values else ''}"


def _brief(value: Value | None) -> str:
    """Return a value; of a long array only how it begins."""
    if not isinstance(value, tuple) or len(value) <= MOST_VALUES:
        return str(value)
    return f"({', '.join(map(str, value[:MOST_VALUES]))}, … {len(value)} values)"


def _waiting(outcome: Outcome) -> str:
    several = outcome.final.several_processes
    who = ", ".join(
        f"{thread_name(pid, tid, several=several)} for {reason}"
        for pid, tid, reason, _ in outcome.final.waiting
    )
    return f"threads wait forever ({who})"


def _limit(outcome: Outcome) -> str:
    return f"a limit is reached: {outcome.final.limit}"


def _goes_on(outcome: Outcome) -> bool:
    """Tell whether it has no end whose results could be compared."""
    return outcome.endless or bool(outcome.final.limit)


def _meant(spec: Spec) -> tuple[str, ...]:
    """Return what may be printed; nothing if that is not looked at."""
    return tuple(spec.outputs or ()) if spec.output is None else (spec.output,)


def _other_output(outcome: Outcome, spec: Spec) -> bool:
    meant = [text.rstrip("\n") for text in _meant(spec)]
    if not meant or _goes_on(outcome):
        return False
    return outcome.output[outcome.first_pid].rstrip("\n") not in meant


def _printed(outcome: Outcome, spec: Spec) -> str:
    meant = " or ".join(map(repr, _meant(spec)))
    return f"it prints {outcome.output[outcome.first_pid]!r}, and {meant} is meant"


def _end_of(spec: Spec) -> Invariant | None:
    """Return what is meant to hold at the end; its names are known by now."""
    if not spec.finally_:
        return None
    return Invariant(spec.finally_, dict.fromkeys(names_in(spec.finally_)), label="finally_")


def _other_end(outcome: Outcome, end: Invariant | None) -> bool:
    """Tell whether the globals end as they are not meant to."""
    if end is None or _goes_on(outcome):
        return False
    return not end.holds(outcome.globals[outcome.first_pid])


def _reached(outcome: Outcome, spec: Spec) -> str:
    found = outcome.globals[outcome.first_pid]
    ends = ", ".join(f"{name} = {_brief(found[name])}" for name in names_in(spec.finally_))
    return f"it ends with {ends}, and {spec.finally_!r} is meant"


def _other_globals(outcome: Outcome, spec: Spec) -> dict[str, Value | None]:
    """Return the globals that are not what is meant, with their values."""
    if not spec.globals or _goes_on(outcome):
        return {}
    found = outcome.globals[outcome.first_pid]
    for name in spec.globals:
        if name not in found:
            raise ArgumentError(f"Spec: there is no global '{name}'; {nearest(name, found)}")
    return {name: found[name] for name, value in spec.globals.items() if found[name] != value}


def _held(outcome: Outcome, spec: Spec) -> str:
    wrong = _other_globals(outcome, spec)
    assert spec.globals is not None, "some of them are wrong"
    told = [
        f"{name} ends as {_brief(value)}, and {_brief(spec.globals[name])} is meant"
        for name, value in wrong.items()
    ]
    more = len(told) - MOST_GLOBALS
    return ", ".join([*told[:MOST_GLOBALS], *([f"and {more} more are wrong"] if more > 0 else [])])


def _other_code(outcome: Outcome, spec: Spec) -> bool:
    if spec.exit_code is None or _goes_on(outcome):
        return False
    return outcome.exit_codes[outcome.first_pid] != spec.exit_code


def _ended(outcome: Outcome, spec: Spec) -> str:
    code = outcome.exit_codes[outcome.first_pid]
    signal = outcome.signals.get(outcome.first_pid)
    ends = "it never ends" if code is None else f"its exit code is {code}"
    ends = f"it is {how_ended(None, signal)}" if signal is not None else ends
    return f"{ends}, and {spec.exit_code} is meant"
