"""`explore`: run a program on all its schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Protocol

from kit.errors import ArgumentError, explain_arguments, require, require_whole
from kit.explore.outcomes import ExplorationResult
from kit.explore.plan import Plan, at_once, plain, roomy
from kit.explore.search import search
from kit.explore.search_result import Progress, Stop
from kit.lang.program import Program
from kit.sim.journal import Install, Launch, PutFile, Run
from kit.trace import Machine

LIMIT = 100_000
"""Most states that are looked at unless told otherwise."""


class Launched(Protocol):
    """What can say which machine to explore; a `kit.scenarios.Scenario` is one."""

    def machine(self) -> Machine:
        """Return a machine with everything launched, before its first tick."""


Explorable = Launched | Machine | Program | Callable[[], Machine]


@explain_arguments
def explore(
    scenario: Explorable,
    *,
    until: int | None = None,
    watch: Iterable[str] | None = None,
    invariant: str = "",
    limit: int = LIMIT,
    executor: Executor | None = None,
    progress: bool | Progress = False,
    stop: Stop | None = None,
    spurious: bool = False,
) -> ExplorationResult:
    """Run a program on all its schedules, and return every result.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
        A machine with everything launched and nothing run yet, or what makes one. A program
        is launched once on a machine of its own.
    until : int, optional
        Tick at which every schedule is stopped; to its end if not given. For programs that go
        on for ever, in ever new states.
    watch : iterable of str, optional
        The globals that count as part of a result; all if not given.
    invariant : str
        What has to hold of the globals of the first process at every point at which another
        thread can be chosen, such as "0 <= used <= 2"; see `kit.explore.invariant`.
    limit : int
        Most states to look at. Where it is reached, `ExplorationResult.complete` is False.
    executor : concurrent.futures.Executor, optional
        Looks at many states at once, in other processes or on other machines. What it loses is
        looked at here. A program of one process whose threads share its globals, locks and
        their kin is explored here all the same, because that is much faster.
    progress : bool or callable
        True shows a bar (tqdm); a function is told how many states have been looked at, and
        how many are known.
    stop : callable, optional
        Is asked at each state whether to end there, as at the limit: for a limit in seconds give
        ``kit.cancellation.after(10)``.
    spurious : bool
        Whether a thread may also wake at a condition without a notification, as POSIX and Java
        allow it.

    Returns
    -------
    ExplorationResult

    Raises
    ------
    ArgumentError
        If it cannot be explored.

    Notes
    -----
    Explored is a machine with one core, on which nothing takes time but instructions, and to
    which everything comes at tick 0; what several cores could do is among its schedules, since
    one instruction after the other has its effect. Another thread can be chosen before every
    system call and every access to a word that several threads use and at least one writes: all
    else a thread does by itself, and nobody can notice when (partial-order reduction with
    thread-local steps: Godefroid, *Partial-Order Methods for the Verification of Concurrent
    Systems*, 1996). Where one thread ends the process while others still run, the end counts as a
    use of the globals that these were about to write, since the result shows how far they came.
    States that are equal are looked at once. Sleepers wake when their time has
    come, counted in ticks.

    A thread that `notify` wakes competes for the lock with all others, so another thread may come
    before it. Which of several waiting threads `notify` wakes is a choice of the schedule. No
    thread wakes without a notification unless ``spurious=True``.

    Each word that is freed becomes 0xDEADBEEF, also where a witness is shown, so that it shows in a
    result if one is used afterwards.

    `choose` gives each of its values: every value counts as a schedule of its own.

    Explored as they are: memory and its sizes, demand paging, replacement and swap, the heap's
    policy, limits but that of ticks, what exceptions end, and whether one may notify without the
    lock. Without effect on what is found,
    since they only say who runs and how long something takes: cores, scheduler, seed, costs, TLB,
    devices, what becomes of a core or thread at I/O, and when and with what priority, share or
    cores a program was launched, caches and how page tables are built. Refused: contiguous
    memory, segments, and machines to which something was done from outside.

    While memory is not short, which page is in RAM makes no difference, and the number of
    schedules is that of a machine with room for all. Where RAM and swap area may be full, the
    next page to leave depends on every instruction of every thread: another one can then be
    chosen before each.
    """
    require_whole("explore: limit", limit, 1)
    if until is not None:
        require_whole("explore: until", until, 1)
    require(
        isinstance(invariant, str),
        f"explore: invariant is {invariant!r}; give a text such as '0 <= used <= 2'",
    )
    require(
        executor is None or isinstance(executor, Executor),
        f"explore: executor is {executor!r}; give one of concurrent.futures, such as "
        "ProcessPoolExecutor(), or what a dask client's get_executor() returned",
    )
    require(
        stop is None or callable(stop),
        f"explore: stop is {stop!r}; give a function that returns True when it should end, such as "
        "kit.cancellation.after(10)",
    )
    require(isinstance(spurious, bool), f"explore: spurious is {spurious!r}; give True or False")
    names = None if watch is None else _checked_names(watch)
    plan = plan_of(scenario, invariant, watch=names, until=until, spurious=spurious)
    if callable(progress):
        return ExplorationResult(search(plan, limit, executor, progress, stop))
    if not progress:
        return ExplorationResult(search(plan, limit, executor, None, stop))
    with _Bar(limit) as bar:
        return ExplorationResult(search(plan, limit, executor, bar.show, stop))


def plan_of(
    scenario: Explorable,
    invariant: str = "",
    *,
    watch: frozenset[str] | None = None,
    until: int | None = None,
    spurious: bool = False,
) -> Plan:
    """Return what `explore` goes through.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
    invariant : str
    watch : frozenset of str or None
    until : int or None
    spurious : bool
        All as for `explore`.

    Raises
    ------
    ArgumentError
        If it cannot be explored.
    """
    machine = machine_of(scenario)
    recipe = machine.run(until=machine.now).record.recipe
    assert recipe is not None, "a run that has just been made has one"
    for step in recipe.steps:
        if not isinstance(step, (Launch, Install, PutFile, Run)):
            raise ArgumentError(
                f"explore: {step!r} was done to the machine; explore one on which nothing was done"
            )
    steps = at_once(recipe.steps)
    real = plain(recipe.setup, spurious=spurious)
    plan = Plan(real, steps, watch=watch, invariant=invariant, until=until)
    room = roomy(real)
    return plan if room is None else replace(plan, setup=room, real=real)


def _checked_names(watch: Iterable[str]) -> frozenset[str]:
    require(
        not isinstance(watch, str), f"explore: watch is {watch!r}; give a list such as [{watch!r}]"
    )
    return frozenset(map(str, watch))


def machine_of(scenario: Explorable, who: str = "explore") -> Machine:
    """Return the machine to explore, before its first tick.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
    who : str
        The function that was called, for errors.

    Raises
    ------
    ArgumentError
        If there is none, or it has run.
    """
    made: object = scenario
    if isinstance(scenario, Program):
        made = Machine()
        made.launch(scenario)
    elif hasattr(scenario, "machine"):
        made = scenario.machine()
    elif callable(scenario):
        made = scenario()
    require(
        isinstance(made, Machine),
        f"{who}: got {scenario!r}; give a scenario, a program, a machine, or a function that "
        "returns a machine with everything launched",
    )
    assert isinstance(made, Machine), "this was just checked"
    require(made.now == 0, f"{who}: {made!r} has run already; give one that has not")
    return made


class _Bar:
    """A bar of the states that were looked at, of those that are known."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def __enter__(self) -> _Bar:
        try:
            from tqdm.auto import tqdm  # noqa: PLC0415 - only who asks for the bar needs it
        except ImportError:
            raise ArgumentError(
                "explore: progress=True needs tqdm; run: pip install tqdm"
            ) from None
        self._bar = tqdm(unit=" states", leave=False)
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.close()

    def show(self, looked: int, known: int) -> None:
        """Move the bar on."""
        self._bar.total = min(known, self._limit)
        self._bar.update(looked - self._bar.n)
