"""What can be said of a run in one figure, and how it depends on a scenario's parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.authoring.writing.cells import as_python
from kit.scenarios import Parameter, Scenario
from kit.sim.process import FIRST_PID
from kit.trace import Trace

MOST_PROCESSES = 4
"""Of how many processes the output is looked at."""
UNTOUCHED = ("seed",)
"""Parameters that no exercise is about."""


@dataclass(frozen=True)
class Fact:
    """A figure or a line of output.

    Attributes
    ----------
    question : str
        Asks for it.
    code : str
        Expression of it for a run; ``{run}`` stands for its name.
    of : callable
        The same for a trace; None where it has no such thing.
    """

    question: str
    code: str
    of: Callable[[Trace], Any]

    def in_run(self, run: str) -> str:
        """Return the expression for the run of a name."""
        return self.code.replace("{run}", run)


@dataclass(frozen=True)
class Output(Fact):
    """What a process has printed.

    Attributes
    ----------
    pid : int
    """

    pid: int = FIRST_PID

    def task(self, wanted: str) -> str:
        """Say what is to be reached."""
        last = wanted.splitlines()[-1:]
        if not last:
            return f"process {self.pid} prints nothing"
        return f"the last line that process {self.pid} prints is `{last[0]}`"

    def reached(self, wanted: str) -> str:
        """Return the condition under which the variable `found` is what is wanted."""
        last = wanted.splitlines()[-1:]
        return f"found.endswith({as_python(last[0] + chr(10))})" if last else 'found == ""'


@dataclass(frozen=True)
class Figure(Fact):
    """A number.

    Attributes
    ----------
    says : str
        What is so if it is a certain one; ``{limit}`` stands for it.
    """

    says: str = ""

    def task(self, limit: int, more: bool) -> str:
        """Say what is to be reached."""
        return self.says.format(limit=f"at {'least' if more else 'most'} {limit}")

    def reached(self, limit: int, more: bool) -> str:
        """Return the condition under which the variable `found` is what is wanted."""
        return f"found {'>=' if more else '<='} {limit}"


def _total(name: str) -> Callable[[Trace], int]:
    return lambda trace: trace.metrics().totals[name]


def _turnaround(trace: Trace) -> int | None:
    """Return the sum over several processes, if all have ended."""
    times = [process.turnaround for process in trace.metrics().processes.values()]
    ended = [time for time in times if time is not None]
    return sum(ended) if len(ended) == len(times) > 1 else None


FIGURES = (
    Figure(
        "How many page faults does this run have?",
        '{run}.metrics().totals["page_faults"]',
        _total("page_faults"),
        "there are {limit} page faults",
    ),
    Figure(
        "How many TLB misses does this run have?",
        '{run}.metrics().totals["tlb_misses"]',
        _total("tlb_misses"),
        "there are {limit} TLB misses",
    ),
    Figure(
        "To how many ticks do the turnaround times of all processes add up?",
        "sum(process.turnaround or {run}.end for process in {run}.metrics().processes.values())",
        _turnaround,
        "the turnaround times of all processes add up to {limit} ticks",
    ),
    Figure(
        "How many ticks does this run take?",
        "{run}.end",
        lambda trace: trace.end,
        "the run takes {limit} ticks",
    ),
    Figure(
        "How often does a core switch to another thread?",
        '{run}.metrics().totals["switches"]',
        _total("switches"),
        "a core switches to another thread {limit} times",
    ),
)
"""The figures, the most telling first."""


def _output(pid: int) -> Callable[[Trace], str | None]:
    return lambda trace: trace.output(pid) if pid in trace.history.processes else None


@dataclass(frozen=True)
class Variation:
    """A scenario run with some parameters chosen.

    Attributes
    ----------
    chosen : dict of str to value
        None for the defaults.
    trace : Trace
    """

    chosen: Mapping[str, Any]
    trace: Trace

    @property
    def arguments(self) -> str:
        """What is chosen, as it is written in a call."""
        return ", ".join(f"{name}={as_python(value)}" for name, value in self.chosen.items())


class Variations:
    """The runs of a scenario: as it is, and with other parameters.

    Parameters
    ----------
    scenario : Scenario
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @cached_property
    def usual(self) -> Variation:
        """The run with the defaults."""
        return Variation({}, self.scenario())

    @cached_property
    def single(self) -> tuple[Variation, ...]:
        """Runs in which one parameter is another one; what is chosen from a list first."""
        return tuple(map(self._run, self._single()))

    @cached_property
    def double(self) -> tuple[Variation, ...]:
        """Runs in which two parameters are others, where both are chosen from lists."""
        listed = [chosen for chosen in self._single() if _is_listed(self._parameter(chosen))]
        pairs = itertools.combinations(listed, 2)
        return tuple(self._run({**a, **b}) for a, b in pairs if a.keys() != b.keys())

    def _run(self, chosen: Mapping[str, Any]) -> Variation:
        return Variation(chosen, self.scenario(**chosen))

    def _parameter(self, chosen: Mapping[str, Any]) -> Parameter:
        return self.scenario.parameters[next(iter(chosen))]

    def _single(self) -> list[dict[str, Any]]:
        known = self.scenario.parameters
        names = [name for name in known if name not in UNTOUCHED]
        names.sort(key=lambda name: (not _is_listed(known[name]), name != "quantum"))
        return [{name: value} for name in names for value in _others(known[name])]

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What its first processes print."""
        pids = list(self.usual.trace.history.processes)[:MOST_PROCESSES]
        return tuple(
            Output(f"What does process {pid} print?", f"{{run}}.output({pid})", _output(pid), pid)
            for pid in pids
        )


def _is_listed(parameter: Parameter) -> bool:
    return bool(parameter.choices) or isinstance(parameter.default, bool)


def _others(parameter: Parameter) -> list[Any]:
    """Return values that a parameter can have, without its default."""
    if parameter.choices:
        return [text for text in parameter.choices if text != parameter.default]
    default = parameter.default
    if isinstance(default, bool):
        return [not default]
    values = (parameter.most, parameter.least, 2 * default, default // 2)
    allowed = range(parameter.least, parameter.most + 1)
    return [v for v in dict.fromkeys(values) if v in allowed and v != default]
