"""What a prediction is made of: the run that it is about, and what the page needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from kit.answering.choosing import tried
from kit.answering.notebook import known
from kit.errors import ArgumentError, require
from kit.explore import ExplorationResult
from kit.quiz import Question
from kit.quiz.instances import other_instances
from kit.quiz.misconceptions import name_of
from kit.quiz.question import ORDER, Choice, without_picture
from kit.trace import Trace
from kit.widgets.base.widget import Gesture
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.view import check_player, check_trace

TAKEN_FROM_THE_PAGE = ("chosen", "tries")
"""What a page may say of a question; whether an answer is right is computed here."""


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


def shared_question(question: Question) -> dict[str, Any]:
    """Return what the page needs to know of a question, by the names of the widget's traits."""
    return {
        "key": question.key,
        "kind": question.kind,
        "prompt": question.prompt,
        "form": question.form,
        "choices": [shared(choice) for choice in question.choices],
        "order": list(question.order),
        "why": question.why,
        "tick": question.tick,
        "at": question.at,
    }


def check_source(trace: Trace | ExplorationResult, player: Player | None) -> None:
    """Check what a prediction is to be made from.

    Raises
    ------
    ArgumentError
        If it is no run and no result of `explore`, or the player shows another run.
    """
    if isinstance(trace, ExplorationResult):
        require(
            player is None,
            "Predict.from_trace: a question about every schedule is about no single run; "
            "leave player out",
        )
    else:
        check_trace("Predict.from_trace", trace)
        check_player("Predict.from_trace", trace, player)


def gestures(question: Question, tries: int) -> list[Gesture]:
    """Return every kind of answer that a person can give: wrong ones, the right one last.

    Parameters
    ----------
    question : Question
    tries : int
        How many answers there are then.
    """
    found = []
    for chosen in tried(question):
        numbers = ", ".join(str(place + 1) for place in chosen)
        says = f"was answered with choice{'s' if len(chosen) > 1 else ''} {numbers}"
        given = {"chosen": chosen, "correct": question.is_right(chosen), "tries": tries}
        found.append({"says": says, "set": given})
    return found


def checked_instances(instances: Sequence[Question] | None) -> Sequence[Question]:
    """Return other instances of a question, if they are such; none for None.

    Raises
    ------
    ArgumentError
        If they are no questions.
    """
    given: object = () if instances is None else instances
    require(
        isinstance(given, list | tuple) and all(isinstance(one, Question) for one in given),
        f"Predict: instances is {given!r}; give a list of questions of the same kind",
    )
    return instances or ()


def instances_of(
    trace: Trace | ExplorationResult, asked: Question, details: Mapping[str, Any]
) -> tuple[Question, ...]:
    """Return other instances of a question; none is asked elsewhere in the notebook.

    Parameters
    ----------
    trace : Trace or ExplorationResult
    asked : Question
    details : mapping
        What it was asked with.
    """
    if isinstance(trace, ExplorationResult):
        return ()
    besides: list[Any] = [one for one in known() if hasattr(one, "leave_out")]
    for one in besides:
        one.leave_out(asked)
    return other_instances(trace, asked, details, [one.question for one in besides])


def shared_instance(asked: Question, player: Player | None) -> dict[str, Any]:
    """Return what the page needs to know of another instance of a question.

    One that is answered on the picture is answered by its choices here, and what its player does
    not show is not looked up there.
    """
    runs = [] if player is None else [run.digest for run in player.traces]
    return {
        "key": asked.key,
        "prompt": asked.prompt,
        "form": without_picture(asked).form,
        "choices": [shared(choice) for choice in asked.choices],
        "order": list(asked.order),
        "why": asked.why,
        "tick": asked.tick,
        "at": asked.at,
        "pictured": not asked.run or asked.run in runs,
    }


def described(question: Question) -> dict[str, Any]:
    """Return what is asked, what is right, and which ideas lead to what is wrong."""
    ideas = [name_of(choice.misconception) for choice in question.choices]
    offered = () if question.form == ORDER else question.choices
    return {
        "key": question.key,
        "kind": question.kind,
        "prompt": question.prompt,
        "form": question.form,
        "choices": [choice.text for choice in question.choices],
        "right": list(question.right),
        "misconceptions": sorted(question.ideas),
        "wrong": [name_of(choice.misconception) for choice in offered if not choice.correct],
        "ideas": ideas,
    }


def models_of(player: Player | None) -> list[str]:
    """Return the models of a player and its views, which a question about them waits for."""
    if player is None or player.comm is None:
        return []
    views = [player, *player.views.values()]
    return [one.model_id for one in views if isinstance(one, ipywidgets.Widget)]


def right_places(
    form: str, choices: Sequence[Mapping[str, Any]], order: Sequence[int]
) -> list[int]:
    """Return which places the page takes for the right answer.

    Parameters
    ----------
    form : str
    choices : sequence of mapping
        As the page has them.
    order : sequence of int
    """
    if form == ORDER:
        return list(order)
    return [place for place, choice in enumerate(choices) if choice["correct"]]


def names_of(kind: str, details: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a sentence has to name to say the answer: the variable, or the thread.

    Nothing where it may well be named with that value: a variable that is read later on can have
    been set to it in the program itself.

    Parameters
    ----------
    kind : str
    details : mapping
        What the question is asked with.
    """
    if kind in ("final_value", "possible_values") and isinstance(details.get("name"), str):
        return (details["name"],)
    tid = details.get("tid")
    return (f"T{tid}",) if kind == "next_state" and tid is not None else ()
