"""Figures by which runs are compared: what there is, in which unit, and each run's value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kit.errors import ArgumentError, nearest, require
from kit.trace import Trace
from kit.trace.metrics import ProcessMetrics
from kit.trace.real import RUN, RealTrace, trace_of

MOST_AMOUNTS = 4


@dataclass(frozen=True)
class Value:
    """What a run scored.

    Attributes
    ----------
    number : float or None
        None where there is nothing to measure.
    note : str
        What the number leaves out; "" for nothing.
    """

    number: float | None
    note: str = ""

    @property
    def text(self) -> str:
        """The number as it is written."""
        if self.number is None:
            return "none"
        return f"{self.number:,.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Measure:
    """A figure of a run.

    Attributes
    ----------
    title, unit : str
        "mean turnaround", "ticks".
    measured : callable
        Trace -> its value.
    is_known : bool
        Whether a real run tells it.
    is_of_turns : bool
        Whether a recording of the scheduler does, in which every turn of a thread is.
    """

    title: str
    unit: str
    measured: Callable[[Trace], Value]
    is_known: bool = False
    is_of_turns: bool = False

    def of(self, trace: Trace) -> Value:
        """Return its value; none where a real run does not tell it.

        Parameters
        ----------
        trace : Trace
        """
        if isinstance(trace, RealTrace):
            is_known = self.is_of_turns if trace.seen.scheduled else self.is_known
            if not is_known or trace.seen.kind != RUN:
                return Value(None, "of which a real run says nothing")
        return self.measured(trace)


def _mean(trace: Trace, of: Callable[[ProcessMetrics], int | None], missing: str) -> Value:
    found = [of(process) for process in trace.metrics().processes.values()]
    known = [value for value in found if value is not None]
    left = len(found) - len(known)
    note = f"{left} of {len(found)} processes, {missing}" if left else ""
    return Value(sum(known) / len(known) if known else None, note)


def _turnaround(trace: Trace) -> Value:
    return _mean(trace, lambda process: process.turnaround, "which had not ended")


def _response(trace: Trace) -> Value:
    return _mean(trace, lambda process: process.response, "which never ran")


def _wait(trace: Trace) -> Value:
    return _mean(trace, lambda process: process.wait, "")


def _utilisation(trace: Trace) -> Value:
    offered = trace.end * trace.settings.cores
    return Value(100 * trace.metrics().totals["busy"] / offered if offered else None)


def _total(name: str) -> Callable[[Trace], Value]:
    return lambda trace: Value(trace.metrics().totals[name])


MEASURES: dict[str, Measure] = {
    "turnaround": Measure("mean turnaround", "ticks", _turnaround, is_known=True, is_of_turns=True),
    "response": Measure("mean response", "ticks", _response, is_known=True, is_of_turns=True),
    "wait": Measure("mean wait", "ticks", _wait, is_of_turns=True),
    "utilisation": Measure("utilisation of the cores", "%", _utilisation, is_of_turns=True),
    "ticks": Measure(
        "length of the run", "ticks", _total("ticks"), is_known=True, is_of_turns=True
    ),
    "instructions": Measure("instructions", "count", _total("instructions")),
    "busy": Measure("cores busy", "ticks", _total("busy"), is_of_turns=True),
    "overhead": Measure("work of the system itself", "ticks", _total("overhead")),
    "device_busy": Measure("devices busy", "ticks", _total("device_busy")),
    "switches": Measure(
        "context switches", "count", _total("switches"), is_known=True, is_of_turns=True
    ),
    "faults": Measure("faults", "count", _total("faults")),
    "page_faults": Measure("page faults", "count", _total("page_faults"), is_known=True),
    "tlb_misses": Measure("TLB misses", "count", _total("tlb_misses")),
    "system_calls": Measure("system calls", "count", _total("system_calls")),
    "cache_hits": Measure("cache hits", "count", _total("cache_hits")),
    "cache_misses": Measure("cache misses", "count", _total("cache_misses")),
    "write_backs": Measure("lines written back", "count", _total("write_backs")),
}
"""By name: means over the processes of a run, and totals."""


def checked_measures(who: str, names: object) -> tuple[str, ...]:
    """Return the names of measures as a tuple, without repetition.

    Raises
    ------
    ArgumentError
        If one does not exist, or there is none.
    """
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, list | tuple) or not listed:
        raise ArgumentError(
            f"{who}: of is {names!r}; give names such as ('turnaround', 'response', 'wait')"
        )
    for name in listed:
        known = isinstance(name, str) and name in MEASURES
        require(known, f"{who}: there is no measure {name!r}; {nearest(str(name), MEASURES)}")
    return tuple(dict.fromkeys(listed))


def labelled_runs(who: str, runs: object) -> dict[str, Trace]:
    """Return runs by their labels: a single one, a list, or a mapping that has labels.

    Runs without a label are called by their scheduling policies, where these differ, or
    by number.

    Raises
    ------
    ArgumentError
        If anything else is given.
    """
    only = trace_of(runs)
    if isinstance(only, Trace):
        return {only.settings.scheduler: only}
    hint = 'give a trace, a list of traces, or {"a label": trace}'
    if not isinstance(runs, Mapping | list | tuple) or not runs:
        raise ArgumentError(f"{who}: the runs are {type(runs).__name__}; {hint}")
    traces: list[Trace] = []
    for run in runs.values() if isinstance(runs, Mapping) else runs:
        trace = trace_of(run)
        if not isinstance(trace, Trace):
            raise ArgumentError(f"{who}: one of the runs is {type(run).__name__}, no trace; {hint}")
        traces.append(trace)
    if isinstance(runs, Mapping):
        for label in runs:
            good = isinstance(label, str) and label.strip() != ""
            require(good, f"{who}: a label is {label!r}; give a text")
        return dict(zip(runs, traces, strict=True))
    names = [trace.settings.scheduler for trace in traces]
    if len(set(names)) < len(names):
        names = [f"run {number}" for number in range(1, len(names) + 1)]
    return dict(zip(names, traces, strict=True))


def round_amounts(most: float) -> list[float]:
    """Return a few round numbers from 0 up, the last of them at least `most`."""
    step = 1.0
    while most / step > MOST_AMOUNTS:
        tens = 10 ** math.floor(math.log10(step))
        step = tens * {1: 2, 2: 5}.get(round(step / tens), 10)
    return [step * index for index in range(max(1, math.ceil(most / step)) + 1)]
