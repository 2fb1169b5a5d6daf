"""What a prediction is made of: the run that it is about, and what the page needs to know."""

from __future__ import annotations

from typing import Any

from kit.errors import ArgumentError, require
from kit.quiz import Question
from kit.quiz.misconceptions import name_of
from kit.quiz.question import Choice
from kit.trace import Trace
from kit.widgets.pictures.player import Player


def run_of(question: Question, player: Player | None) -> Trace | None:
    """Return the run that a question is about, if it has a player.

    Raises
    ------
    ArgumentError
        If its player shows another run, or the run has not got so many ticks.
    """
    if player is None:
        return None
    runs = player.traces if question.run else [player.trace]
    run = next((run for run in runs if question.run in ("", run.digest)), None)
    if run is None:
        raise ArgumentError(
            f"Predict: the question {question.prompt!r} is about another run than its player "
            "shows; give the player of that run, or leave player out"
        )
    ticks = {"tick": question.tick, "at": question.at}
    ticks |= {f"the tick of {choice.text!r}": choice.tick for choice in question.choices}
    for name, tick in ticks.items():
        require(
            tick is None or tick <= run.end, f"Predict: {name} is {tick}; the run ends at {run.end}"
        )
    return run


def shared(choice: Choice) -> dict[str, Any]:
    """Return what the page needs to know of a choice, so that it works without a kernel."""
    idea = choice.met
    return {
        "text": choice.text,
        "correct": choice.correct,
        "feedback": choice.feedback,
        "misconception": name_of(choice.misconception),
        "idea": idea.idea if idea else "",
        "instead": idea.instead if idea else "",
        "tick": choice.tick,
    }
