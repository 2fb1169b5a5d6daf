"""`race`: how often each result of a program comes, on this computer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kit.errors import explain_arguments, require_whole
from kit.explore import explore
from kit.explore.explore import LIMIT, Explorable
from kit.explore.outcome import Outcome
from kit.explore.outcomes import NOT_LIKELIHOODS, ExplorationResult
from kit.host.in_words import as_printed
from kit.host.looking.tables import Cell, HostTable
from kit.host.running.building import compiler
from kit.host.running.run import Bounds, prepare, run_often
from kit.host.running.trace import HostTrace
from kit.host.systems import need_linux
from kit.lang.signals import Signal, how_ended

Ends = tuple[tuple[int, int | None, Signal | None], ...]
"""Pid, exit code and signal of each process."""
Result = tuple[tuple[tuple[int, str], ...], Ends]
"""What tells one result from another: what each process printed, by pid, and how it ended."""


BARS = ("runs (%)", "schedules (%)")
NOT_COUNTED = "not counted"
"""Instead of a part of the schedules, where they have no end or not all of them were followed."""


@dataclass(frozen=True)
class RaceResult:
    """How often each result came, next to all that are possible.

    Attributes
    ----------
    times : int
    counts : dict of Result to int
        The most frequent first.
    explored : ExplorationResult
    """

    times: int
    counts: dict[Result, int]
    explored: ExplorationResult

    @property
    def possible(self) -> frozenset[Result]:
        """Every result that some schedule has."""
        return frozenset(map(_result_of_outcome, self.explored.outcomes))

    @property
    def unexplained(self) -> tuple[Result, ...]:
        """Results that came though no schedule has them: of the memory of real processors."""
        return tuple(result for result in self.counts if result not in self.possible)

    @property
    def _never(self) -> list[Result]:
        """The results that are possible and did not come."""
        return [result for result in sorted(self.possible, key=str) if result not in self.counts]

    @property
    def table(self) -> HostTable:
        """The results as a table with bars: first those that came, then those that did not."""
        parts = self._parts_of_schedules()
        not_found = "no" if self.explored.complete else "not found"
        rows: list[tuple[Cell, ...]] = []
        for result in [*self.counts, *self._never]:
            times = self.counts.get(result, 0)
            runs, schedules = _percent(times, self.times), parts.get(result, 0.0)
            possible = "yes" if result in parts else not_found
            rows.append((times, runs, schedules, _words(result), possible))
        headings = ("times", *BARS, "result", "possible in the model")
        note = f"{self.times} real runs, next to the results that explore finds on all schedules."
        return HostTable(headings, tuple(rows), (note, NOT_LIKELIHOODS), BARS)

    def _parts_of_schedules(self) -> dict[Result, Cell]:
        """Return which part of all schedules leads to each result, in percent."""
        numbers: Counter[Result] = Counter()
        for outcome in self.explored.outcomes:
            numbers[_result_of_outcome(outcome)] += outcome.schedules or 0
        every = self.explored.schedules
        if not every or not self.explored.complete:
            return dict.fromkeys(numbers, NOT_COUNTED)
        return {result: _percent(number, every) for result, number in numbers.items()}

    _repr_pretty_ = as_printed

    def __str__(self) -> str:
        width = max(len(f"{number}") for number in (*self.counts.values(), 0))
        lines = [f"{n:{width}} times: {_words(result)}" for result, n in self.counts.items()]
        lines += [f"{0:{width}} times: {_words(one)}, which is possible" for one in self._never]
        return "\n".join(lines)


@explain_arguments
def race(
    scenario: Explorable,
    times: int = 1000,
    *,
    seconds: float = 2,
    memory: int = 256,
    processes: int = 64,
    limit: int = LIMIT,
) -> RaceResult:
    """Run a program many times, and count its results next to those of `explore`.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
    times : int
    seconds : float
        How long one run may take; a deadlock takes all of it.
    memory, processes : int
        As for `run`.
    limit : int
        As for `explore`.

    Raises
    ------
    HostError
        If it has no translation to C, or this computer cannot run it.
    ArgumentError
        If it cannot be explored.
    """
    bounds = Bounds("race", seconds, memory, processes)
    require_whole("race: times", times, 1, 100_000)
    prepared = prepare(scenario, "race")
    # Before anything is explored, which takes a while.
    need_linux("race")
    compiler("race")
    explored = explore(scenario, limit=limit)
    traces = run_often(prepared, times, bounds)
    counts = Counter(map(_result_of, traces))
    return RaceResult(len(traces), dict(counts.most_common()), explored)


def _result_of(trace: HostTrace) -> Result:
    return _result(trace.outputs, trace.exit_codes, trace.signals)


def _result_of_outcome(outcome: Outcome) -> Result:
    return _result(outcome.output, outcome.exit_codes, outcome.signals)


def _result(
    outputs: Mapping[int, str], codes: Mapping[int, int | None], signals: Mapping[int, Signal]
) -> Result:
    ends = tuple((pid, code, signals.get(pid)) for pid, code in sorted(codes.items()))
    return tuple(sorted(outputs.items())), ends


def _percent(part: int, whole: int) -> float:
    """Return a part in percent, to two digits where it is small."""
    # In whole numbers, as there can be more schedules than a float can hold.
    percent = part * 10**12 // max(whole, 1) / 10**10
    return round(percent, 1) if percent >= 1 else float(f"{percent:.2g}")


def _words(result: Result) -> str:
    outputs, ends = result
    said = [f"process {pid} prints {text!r}" for pid, text in outputs if text]
    for pid, code, signal in ends:
        if code is None and signal is None:
            said.append(f"process {pid} never ends")
        elif code != 0:
            said.append(f"process {pid}: {how_ended(code, signal)}")
    return ", ".join(said) or "nothing is printed"
