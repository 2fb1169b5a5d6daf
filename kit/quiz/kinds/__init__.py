"""Kinds of question. Each computes its answer, and what wrong ideas would answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.errors import nearest, require
from kit.explore import Outcomes
from kit.quiz.kinds.accesses import faults
from kit.quiz.kinds.events import order_of
from kit.quiz.kinds.failure import alive
from kit.quiz.kinds.figures import how_many, metric
from kit.quiz.kinds.output import value_printed
from kit.quiz.kinds.places import segment
from kit.quiz.kinds.processor import next_state, next_thread
from kit.quiz.kinds.schedules import possible_values
from kit.quiz.kinds.sharing import shared
from kit.quiz.kinds.values import final_value, value_read
from kit.quiz.question import Question
from kit.trace import Trace

KINDS: dict[str, Callable[..., Question]] = {
    "next_thread": next_thread,
    "next_state": next_state,
    "value_read": value_read,
    "value_printed": value_printed,
    "final_value": final_value,
    "possible_values": possible_values,
    "segment": segment,
    "shared": shared,
    "faults": faults,
    "alive": alive,
    "order_of": order_of,
    "how_many": how_many,
    "metric": metric,
}
"""Name of a kind of question -> the function that makes one."""


def ask(trace: Trace | Outcomes, kind: str, **details: Any) -> Question:
    """Make a question of a kind; `details` are the arguments of its function.

    Parameters
    ----------
    trace : Trace or Outcomes
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
    return KINDS[kind](trace, **details)
