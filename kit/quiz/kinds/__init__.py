"""Kinds of question. Each computes its answer, and what wrong ideas would answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from kit.errors import ArgumentError, nearest, require
from kit.explore import ExplorationResult
from kit.quiz.kinds.accesses import faults, propose_faults
from kit.quiz.kinds.events import order_of, propose_order_of
from kit.quiz.kinds.failure import alive, propose_alive
from kit.quiz.kinds.figures import how_many, propose_how_many
from kit.quiz.kinds.kind import Details, Kind
from kit.quiz.kinds.output import propose_value_printed, value_printed
from kit.quiz.kinds.places import propose_segment, segment
from kit.quiz.kinds.processor import next_thread, propose_next_thread
from kit.quiz.kinds.schedules import possible_values
from kit.quiz.kinds.sharing import propose_shared, shared
from kit.quiz.kinds.states import next_state, propose_next_state
from kit.quiz.kinds.times import metric, propose_metric
from kit.quiz.kinds.values import final_value, propose_final_value, propose_value_read, value_read
from kit.quiz.question import Question
from kit.trace import Trace

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(next_thread, propose_next_thread),
        Kind(next_state, propose_next_state),
        Kind(value_read, propose_value_read),
        Kind(value_printed, propose_value_printed),
        Kind(final_value, propose_final_value),
        Kind(possible_values),
        Kind(segment, propose_segment),
        Kind(shared, propose_shared),
        Kind(faults, propose_faults, scenario="stacks_can_be_reached"),
        Kind(alive, propose_alive, scenario="fault_in_a_thread"),
        Kind(order_of, propose_order_of),
        Kind(how_many, propose_how_many),
        Kind(metric, propose_metric, scenario="three_jobs"),
    )
}
"""The kinds of question by their names, in the order in which they are shown."""


def ask(trace: Trace | ExplorationResult, kind: str, **details: Any) -> Question:
    """Make a question of a kind; `details` are the arguments of its function.

    Parameters
    ----------
    trace : Trace or ExplorationResult
        The run; for possible_values what `explore` found.
    kind : str
        A key of `KINDS`.
    **details

    Raises
    ------
    ArgumentError
        If there is no such kind, or it has no question here.
    """
    require(kind in list(KINDS), f"There is no question '{kind}'; {nearest(str(kind), KINDS)}")
    return KINDS[kind].ask(trace, **details)


def askable(
    trace: Trace, kind: str, listed: Iterable[Details] | None = None
) -> Iterator[tuple[Details, Question]]:
    """Yield the questions of a kind that a run has, each with the details that it is asked with.

    Parameters
    ----------
    trace : Trace
    kind : str
        A key of `KINDS`.
    listed : iterable of dict, optional
        The details to try; those that the kind proposes for the run if left out.
    """
    for details in KINDS[kind].propose(trace) if listed is None else listed:
        with suppress(ArgumentError):
            yield details, ask(trace, kind, **details)
