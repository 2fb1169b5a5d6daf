"""Fresh questions about earlier lessons: the same ideas in runs that a reader has not seen."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kit.errors import ArgumentError, KitError, require, require_whole
from kit.quiz.kinds import KINDS
from kit.quiz.question import Question, without_picture
from kit.quiz.suggestions import suggest_questions
from kit.scenarios.scenario import Scenario
from kit.trace import Trace

Run = Callable[..., Trace]
Source = Run | tuple[Run, str]
"""A run of the library or a function that returns a trace; with a kind of question, or of any."""

AROUND = 2
"""How far a number is from the one that a run of the library usually has."""
DRAWS = 12
"""Runs that are tried for a question."""
BEST = 3
"""Of so many of the most telling questions of a run one is drawn."""


class FreshQuestion(NamedTuple):
    """A question about a run that was made for it.

    Attributes
    ----------
    trace : Trace
    kind : str
    details : dict
        The arguments to ask it with: ``ask(trace, kind, **details)``.
    question : Question
    """

    trace: Trace
    kind: str
    details: Mapping[str, Any]
    question: Question


def fresh_questions(sources: Sequence[Source], seed: int) -> tuple[FreshQuestion, ...]:
    """Return a question about each source; the same ones for the same seed.

    Parameters
    ----------
    sources : sequence of callable, or of (callable, str)
        A run of the library, whose numbers are drawn, or a function that returns a trace; with
        it a kind of question, or the most telling kinds are taken.
    seed : int

    Raises
    ------
    ArgumentError
        If nothing can be asked about one of them.

    Examples
    --------
    >>> from kit.scenarios import lost_update
    >>> one, = fresh_questions([(lost_update, "next_thread")], seed=1)
    >>> one.kind, one.trace.digest != lost_update().digest
    ('next_thread', True)
    """
    require_whole("fresh_questions: seed", seed, 0)
    return tuple(
        _fresh(*_checked(source), random.Random(f"{seed} {number}"))
        for number, source in enumerate(sources)
    )


def _checked(source: Any) -> tuple[Run, str]:
    run, kind = source if isinstance(source, tuple) and len(source) == 2 else (source, "")
    require(
        callable(run) and isinstance(kind, str) and kind in ("", *KINDS),
        f"fresh_questions: {source!r} is no source; give a run of the library, such as "
        "lost_update, or a pair of it and a kind of question, such as (lost_update, 'shared')",
    )
    return run, kind


def _fresh(run: Run, kind: str, draw: random.Random) -> FreshQuestion:
    usual = run().digest
    for _ in range(DRAWS):
        try:
            drawn = _drawn(run, draw)
            trace = run(**drawn)
        except KitError:
            continue
        found = suggest_questions(trace, [kind] if kind else (), most=BEST)
        if found and (trace.digest != usual or not drawn):
            one = draw.choice(found[:BEST])
            return FreshQuestion(trace, one.kind, one.details, without_picture(one.question))
    name = getattr(run, "name", getattr(run, "__name__", "the run"))
    asked = f"a question '{kind}'" if kind else "a question"
    raise ArgumentError(f"fresh_questions: {name} has no run with {asked}; name another kind")


def _drawn(run: Run, draw: random.Random) -> dict[str, int]:
    """Return other numbers for a run of the library; texts and switches stay as they are."""
    if not isinstance(run, Scenario):
        return {}
    drawn = {}
    for name, known in run.parameters.items():
        if isinstance(known.default, int) and not isinstance(known.default, bool):
            around = range(known.default - AROUND, known.default + AROUND + 1)
            drawn[name] = draw.choice([one for one in around if known.least <= one <= known.most])
    return drawn
