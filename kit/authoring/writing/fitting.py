"""Finding the question of a kind that tells most about a run."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from kit.errors import ArgumentError
from kit.lang.objects import INTEGER
from kit.quiz import KINDS, Question
from kit.trace import Trace

MOST_DIGITS = 4
"""A longer number is an address, or nothing that anybody works out."""


def best_details(trace: Trace, kind: str) -> Mapping[str, Any] | None:
    """Return the arguments of the most telling question of a kind; None if it has none.

    What tells most is what has feedback of its own for most choices.
    """
    best, most = None, (0, 0)
    for details in _details(trace, kind):
        try:
            question = KINDS[kind](trace, **details)
        except ArgumentError:
            continue
        worth = (len({choice.feedback for choice in question.choices}), len(question.choices))
        if worth > most and _can_be_answered(question):
            best, most = details, worth
    return best


def _details(trace: Trace, kind: str) -> Iterator[dict[str, Any]]:
    """Yield arguments that a question could have, by the names of its parameters."""
    signature = inspect.signature(KINDS[kind]).parameters
    wanted = [name for name in signature if name != "trace"]
    globals_ = [
        {"name": variable.name, "pid": pid}
        for pid, process in trace.history.processes.items()
        for variable in process.program.image.variables.values()
        if variable.kind == INTEGER and not variable.is_array
    ]
    of_ticks = _ticks(trace) if "at" in wanted else [0]
    of_globals = globals_ if "name" in wanted else [{}]
    for tick, variable in itertools.product(of_ticks, of_globals):
        details = {**variable, "at": tick}
        yield {
            name: details[name]
            for name in wanted
            if name in details and details[name] != signature[name].default
        }


def _ticks(trace: Trace) -> list[int]:
    """Return the ticks to ask at: where there are several threads, if there are."""
    moments = {tick: trace.at(tick) for tick in range(trace.end)}
    alive = {
        tick: sum(core is not None for core in moment.cores)
        + len(moment.ready)
        + len(moment.blocked)
        for tick, moment in moments.items()
    }
    return [tick for tick, threads in alive.items() if threads > 1] or list(alive)


def _can_be_answered(question: Question) -> bool:
    right = question.choices[question.answer].text.removeprefix("-")
    is_number = right.isdecimal()
    return len(question.choices) > 1 and not (is_number and len(right) > MOST_DIGITS)
