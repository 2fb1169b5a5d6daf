"""Predictions that fit a run: questions of the kit that have an answer in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.authoring.writing.cells import as_python
from kit.authoring.writing.document import render
from kit.authoring.writing.facts import FIGURES, Fact, Output, Variations
from kit.authoring.writing.fitting import best_details, best_questions

MOST_IDEAS = 3
MOST_QUESTIONS = 4
"""A lesson has to stay short."""
FEW_QUESTIONS = 3
"""Where there are fewer, one about what the parameters change is asked as well."""


def predictions(runs: Variations, trace: str, stage: str, kinds: Sequence[str]) -> list[str]:
    """Return the code of predictions for the usual run of a scenario.

    Parameters
    ----------
    runs : Variations
    trace, stage : str
        The names of the run and of its stage.
    kinds : sequence of str
        Which questions; if there are none, those that tell most; where these are few,
        one about what the scenario's parameters change, too.
    """
    found = []
    for kind, details in _asked(runs, kinds):
        given = "".join(f", {name}={as_python(value)}" for name, value in details.items())
        options = f'kind="{kind}"{given}, player={stage}.player'
        found.append(f"Predict.from_trace({trace}, {options})")
    if len(found) < FEW_QUESTIONS and not kinds:
        found.extend(_of_own(runs, trace, stage))
    return found


def _asked(runs: Variations, kinds: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield kinds of question with their arguments."""
    run = runs.usual.trace
    if not kinds:
        yield from ((s.kind, s.details) for s in best_questions(run, MOST_QUESTIONS))
    for kind in kinds:
        details = best_details(run, kind)
        if details is not None:
            yield kind, details


def _of_own(runs: Variations, trace: str, stage: str) -> Iterator[str]:
    """Yield a question whose wrong answers are right with other parameters."""
    for fact in (*runs.outputs, *FIGURES):
        usual = fact.of(runs.usual.trace)
        others = {fact.of(run.trace): run for run in reversed(runs.single)}
        ideas = [run for value, run in others.items() if value not in (None, usual)]
        if ideas:
            yield render(
                "question.md.jinja",
                name=runs.scenario.name,
                fact=_value(fact),
                question=as_python(fact.question),
                ideas=[run.arguments for run in ideas[::-1][:MOST_IDEAS]],
                trace=trace,
                stage=stage,
            )
            return


def _value(fact: Fact) -> str:
    value = fact.in_run("run")
    # A choice has to say something, and so has a run that prints nothing.
    return f'{value}.strip() or "nothing"' if isinstance(fact, Output) else f"str({value})"
