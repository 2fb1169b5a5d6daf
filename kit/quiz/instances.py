"""Other instances of a question: what is asked after two wrong answers, in place of another click.

An instance is of the same kind and about the same idea: at another moment of the run, of another
thread or variable, of a run with another quantum, or of a program with another number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from kit.errors import KitError
from kit.lang.program import Program
from kit.quiz.kinds import ask, askable
from kit.quiz.kinds.kind import LONG, Details
from kit.quiz.other_runs import quantum_of, with_programs, with_quantum
from kit.quiz.question import ORDER, Question, without_picture
from kit.quiz.suggestions import alike, worth_of
from kit.sim.journal import Launch, Recipe
from kit.trace import Trace
from kit.trace.link import followed

ENOUGH = 2
"""Wrong answers to one instance after which the next one is asked."""
MOST = 2
"""Instances of a question besides itself."""
WHOLE_RUN = ("final_value", "how_many", "metric")
"""Kinds that ask about a run as a whole, so that another run needs no picture."""
NUMBERS = ("final_value", "value_read", "value_printed")
"""Kinds that are asked of a program with other numbers as well: it runs for as many ticks."""
MORE = (1, 3)
"""What is added to the number with which a global begins."""
QUANTA = (1, -1, 2, -2, 3, 4)
"""What is added to the quantum, in the order in which it is tried."""

_NUMBER = re.compile(r"^(\w+) *= *(\d+) *$", re.MULTILINE)
"""A global that begins with a number."""

Rank = tuple[int, int, int, int, int, int]
"""How good an instance is; the best has the lowest."""


def shown_instance(wrong: int, others: int) -> int:
    """Return which instance is asked now: 0 for the question itself.

    Parameters
    ----------
    wrong : int
        How many wrong answers were given.
    others : int
        How many instances there are besides the question.
    """
    return min(wrong // ENOUGH, others)


def other_instances(
    trace: Trace,
    question: Question,
    details: Mapping[str, Any],
    asked: Collection[Question] = (),
) -> tuple[Question, ...]:
    """Return other instances of a question that `ask` has made; none where there is no other.

    Those whose moment has not been seen yet when the question has been explained have an `at`,
    so that players stop there; in the others nothing is to be hidden.

    Parameters
    ----------
    trace : Trace
    question : Question
        About that run.
    details : mapping
        What it was asked with.
    asked : collection of Question
        What else is asked about runs; none of these is an instance.
    """
    known = {alike(question), *(alike(one) for one in asked if one.run == question.run)}
    found: list[Question] = []
    seen = _explained(question)
    moments = (made for _, made in sorted(_elsewhere(trace, question, details), key=itemgetter(0)))
    for made in (*moments, *_other_runs(trace, question, details)):
        if len(found) < MOST and alike(made) not in known:
            known.add(alike(made))
            hidden = made.run == question.run and made.at is not None and made.at >= seen
            shown = made if hidden else replace(made, at=None)
            found.append(without_picture(shown))
            seen = max(seen, _explained(made)) if hidden else seen
    return tuple(found)


def _explained(question: Question) -> int:
    """Return the last tick that an explanation of it can lead to."""
    return max([question.tick, *(choice.tick or 0 for choice in question.choices)])


def _fits(question: Question, made: Question) -> bool:
    """Tell whether another question is about the same idea, and worth asking."""
    same = not question.ideas or bool(question.ideas & made.ideas)
    alike_form = without_picture(made).form == without_picture(question).form
    return same and alike_form and worth_of(made) > 0


def _elsewhere(
    trace: Trace, question: Question, details: Mapping[str, Any]
) -> Iterator[tuple[Rank, Question]]:
    """Yield instances in the same run, each with its rank: the best has the lowest."""
    at, seen = question.at or 0, _explained(question)
    for number, (other, made) in enumerate(askable(trace, question.kind)):
        again = other.get("at") == details.get("at") and question.form == ORDER
        if _fits(question, made) and not again:
            shared = len(question.ideas & made.ideas)
            agree = sum(details.get(name) == value for name, value in other.items())
            same = question.answers == made.answers
            moment = made.at or 0
            yield (-shared, int(same), -agree, int(moment < seen), abs(moment - at), number), made


def _other_runs(trace: Trace, question: Question, details: Mapping[str, Any]) -> Iterator[Question]:
    """Yield the same question about other runs, where no picture of them is needed."""
    recipe = trace.record.recipe
    if recipe is None or question.kind not in WHOLE_RUN + NUMBERS or trace.end > LONG:
        return
    for begun, other, asked in _variants(recipe, question.kind, details):
        try:
            made = ask(followed(other), question.kind, **asked)
        except KitError:
            continue
        if _fits(question, made) and made.answers != question.answers:
            yield replace(made, prompt=f"{begun} {made.prompt}")


def _variants(
    recipe: Recipe, kind: str, details: Mapping[str, Any]
) -> Iterator[tuple[str, Recipe, Details]]:
    """Yield how to run it otherwise: what is said of it, and what is asked then."""
    before = quantum_of(recipe)
    if kind in WHOLE_RUN and before is not None:
        asked = {name: value for name, value in details.items() if name != "at"}
        for more in QUANTA:
            quantum = before + more
            if quantum > 0:
                said = f"Now the quantum is {quantum}, not {before}."
                yield said, with_quantum(recipe, quantum), asked
    if kind in NUMBERS:
        for said, other in _with_other_numbers(recipe):
            yield said, other, dict(details)


def _with_other_numbers(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    """Yield recipes with programs in which one global begins with another number."""
    launched = (step.program for step in recipe.steps if isinstance(step, Launch))
    programs = {program.name: program for program in launched}
    for program in programs.values():
        for found in _NUMBER.finditer(program.text):
            name, number = found[1], int(found[2])
            for more in MORE:
                said = f"Now {name} begins with {number + more}, not {number}"
                said += f" in {program.name}." if len(programs) > 1 else "."
                parameters: dict[str, Any] = {name: number + more}
                try:
                    changed = Program(program.name, program.text, **parameters)
                except KitError:
                    continue
                yield said, with_programs(recipe, {program.name: changed})
