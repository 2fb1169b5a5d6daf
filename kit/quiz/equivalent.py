"""Equivalent instances of a question: the same kind, the same ideas offered, another run.

The run is made anew from its recipe, with other numbers in its programs, another quantum and
another seed. What comes of it is taken only if it ends as the original does, and if a question of
the same kind offers wrong answers that come from exactly the same ideas.
"""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kit.errors import KitError
from kit.explore import explore
from kit.lang.program import Program
from kit.quiz.kinds import KINDS, ask, askable
from kit.quiz.other_runs import quantum_of, with_programs, with_quantum
from kit.quiz.question import Question
from kit.quiz.suggestions import worth_of
from kit.sim.journal import Install, Launch, Recipe
from kit.trace import Trace
from kit.trace.link import followed, launched

MOST_TRIED = 8
"""Runs that are tried for each instance that is wanted."""
MOST_STATES = 20_000
"""States to look at where a question is about every schedule."""
LARGEST = 12
"""Numbers in a program up to which another one is as easy to follow."""
ABOUT_SCHEDULES = "possible_values"


@dataclass(frozen=True)
class Instance:
    """A question about a run, of which others like it can be made.

    Attributes
    ----------
    trace : Trace
        The run; of a question about every schedule, one of them.
    question : Question
    details : mapping
        What `kit.quiz.ask` is given besides the run and the kind.
    """

    trace: Trace
    question: Question
    details: Mapping[str, Any]


def equivalent_instances(
    instance: Instance, seed: int, most: int, *, tried: int = MOST_TRIED
) -> list[Instance]:
    """Return other instances of a question, no two of which ask the same.

    Parameters
    ----------
    instance : Instance
        The original, which is not among them.
    seed : int
        The same seed gives the same instances.
    most : int
        How many are wanted; there may be fewer, or none.
    tried : int
        How many runs are tried for each.

    Examples
    --------
    >>> from kit.scenarios import lost_update
    >>> trace = lost_update()
    >>> asked = ask(trace, "final_value", name="count")
    >>> found = equivalent_instances(Instance(trace, asked, {"name": "count"}), seed=1, most=3)
    >>> {one.question.ideas == asked.ideas for one in found}
    {True}
    """
    recipe = instance.trace.record.recipe
    found: dict[str, Instance] = {}
    if recipe is None or instance.question.kind not in KINDS:
        return []
    rng = random.Random(f"{instance.question.key}/{seed}")
    known, answers = {_asks(instance)}, Counter[str]()
    for _ in range(most * tried):
        if len(found) == most:
            break
        # What was the answer of many is the answer of the next one only if there is no other.
        fitting = _fitting(instance, _varied(recipe, rng))
        others = [one for one in fitting if _asks(one) not in known]
        if others:
            least = min(answers[_answer(one)] for one in others)
            made = rng.choice([one for one in others if answers[_answer(one)] == least])
            known.add(_asks(made))
            answers[_answer(made)] += 1
            found[made.question.key] = made
    return list(found.values())


def found_details(trace: Trace, question: Question) -> dict[str, Any] | None:
    """Return what a question about a run was asked with; None if it was not proposed for that run.

    Parameters
    ----------
    trace : Trace
    question : Question
    """
    proposed = askable(trace, question.kind) if question.kind in KINDS else ()
    return next((details for details, made in proposed if made.key == question.key), None)


def _asks(instance: Instance) -> str:
    """Return what two instances have in common that a student would call the same question."""
    programs = [program.text for program in instance.trace.programs]
    question = instance.question
    texts = [choice.text for choice in question.choices]
    return repr((programs, question.prompt, texts, question.right))


def _answer(instance: Instance) -> str:
    return repr(instance.question.answers)


def _fitting(instance: Instance, recipe: Recipe) -> list[Instance]:
    """Return the instances about the run of a recipe that are like the original."""
    try:
        trace = followed(recipe)
        if _ending(trace) != _ending(instance.trace):
            return []
        if instance.question.kind == ABOUT_SCHEDULES:
            explored = explore(launched(recipe), limit=MOST_STATES)
            question = ask(explored, ABOUT_SCHEDULES, **instance.details)
            pairs = [(explored.witness(0), question, instance.details)]
        else:
            kind = instance.question.kind
            listed = (dict(instance.details), *KINDS[kind].propose(trace))
            pairs = [(trace, made, details) for details, made in askable(trace, kind, listed)]
    except KitError:
        return []
    return [Instance(*found) for found in pairs if _is_like(found[1], instance.question)]


def _is_like(question: Question, other: Question) -> bool:
    same = question.ideas == other.ideas and question.form == other.form
    # A question by the lesson's author may be about more than would be proposed.
    return same and (worth_of(question) > 0 or worth_of(other) == 0)


def _ending(trace: Trace) -> object:
    """Return how a run ends, without its numbers: who fails, and what is stuck."""
    exits = sorted(
        (process.program.name, str(process.exit and process.exit[2]))
        for process in trace.history.processes.values()
    )
    return exits, bool(trace.deadlocks), bool(trace.happened("limit"))


def _varied(recipe: Recipe, rng: random.Random) -> Recipe:
    """Return a recipe with other numbers in its programs, another quantum and another seed."""
    made = replace(recipe, setup=replace(recipe.setup, seed=rng.randrange(1000)))
    quantum = quantum_of(recipe)
    if quantum is not None:
        made = with_quantum(made, rng.randrange(max(1, quantum - 2), quantum + 4))
    varied: dict[str, Program] = {}
    for step in recipe.steps:
        if isinstance(step, Launch | Install) and step.program.name not in varied:
            varied[step.program.name] = varied_program(step.program, rng)
    return with_programs(made, varied)


def varied_program(program: Program, rng: random.Random) -> Program:
    """Return a program with other small numbers; the same one if it would not be a program.

    Sizes of arrays, indexes and exit codes stay, because other ones would be another program.

    Parameters
    ----------
    program : Program
    rng : Random
    """
    if program.language != "python":
        return program
    lines = program.text.encode().splitlines(keepends=True)
    numbers = _numbers(ast.parse(program.text))
    # From the end, so that places before stay where they are.
    for node in sorted(numbers, key=lambda one: (one.lineno, one.col_offset), reverse=True):
        assert isinstance(node.value, int)
        assert node.end_col_offset is not None
        if rng.random() < 0.5:
            other = rng.randrange(max(1, node.value - 2), node.value + 4)
            line = lines[node.lineno - 1]
            before, after = line[: node.col_offset], line[node.end_col_offset :]
            lines[node.lineno - 1] = before + str(other).encode() + after
    try:
        return Program(program.name, b"".join(lines).decode())
    except KitError:
        return program


def _numbers(tree: ast.AST) -> list[ast.Constant]:
    """Return the numbers of a program that may be others."""
    kept: set[int] = set()
    for node in ast.walk(tree):
        fixed: list[ast.AST] = []
        if isinstance(node, ast.Subscript):
            fixed = [node.slice]
        elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.List):
            fixed = [node.right, node.left]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            fixed = list(node.args) if node.func.id in ("exit", "alloc", "kill") else []
        kept.update(id(inside) for one in fixed for inside in ast.walk(one))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) is int
        and 1 < node.value <= LARGEST
        and id(node) not in kept
    ]
