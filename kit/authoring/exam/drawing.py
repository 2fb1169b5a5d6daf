"""Which instances are in which paper: drawn from a pool for each question of the lessons."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.authoring.running import Running
from kit.check.notebooks import Notebook
from kit.check.runnable import executable
from kit.errors import KitError
from kit.explore import explore
from kit.quiz import ask
from kit.quiz.equivalent import ABOUT_SCHEDULES, Instance, equivalent_instances
from kit.quiz.question import without_picture
from kit.trace.link import launched, read_link

POOL = 12
"""Instances of a question from which the papers draw."""
_WRITE = "__import__('kit.answering.instances', fromlist=['x']).write_instances({path!r})"


@dataclass(frozen=True)
class Pool:
    """The instances of one question of a lesson.

    Attributes
    ----------
    lesson : str
        Name of the notebook.
    prompt : str
        What the original asks.
    instances : list of Instance
    """

    lesson: str
    prompt: str
    instances: list[Instance]


@dataclass(frozen=True)
class Paper:
    """What one student gets.

    Attributes
    ----------
    name : str
        Such as "exam-007".
    asked : list of Instance
        One of each pool, in their order.
    """

    name: str
    asked: list[Instance]


@dataclass(frozen=True)
class Exam:
    """An exam, or a problem set.

    Attributes
    ----------
    title : str
    seed : int
    pools : list of Pool
    papers : list of Paper
    left_out : list of str
        What the lessons ask and the exam does not, with the reason, a sentence each.
    """

    title: str
    seed: int
    pools: list[Pool]
    papers: list[Paper]
    left_out: list[str]


def draw(
    lessons: Sequence[Path],
    *,
    title: str,
    students: int,
    seed: int,
    pool: int = POOL,
    tell: Callable[[str], object] = str,
) -> Exam:
    """Return an exam with a paper for each student.

    Parameters
    ----------
    lessons : sequence of Path
        Notebooks; they are run.
    title : str
    students : int
    seed : int
        The same seed gives the same exam.
    pool : int
        How many instances of each question there are at most.
    tell : callable
        Is told what is being done.

    Raises
    ------
    KitError
        If a lesson does not run, or none of them asks anything that has another instance.
    """
    pools: list[Pool] = []
    left_out: list[str] = []
    for lesson in lessons:
        tell(f"running {lesson.name}")
        for told in _asked_in(lesson):
            tell(f"{lesson.name}: {told['prompt']}")
            made, why = _pool(told, lesson.name, seed, pool)
            if made:
                pools.append(made)
            else:
                left_out.append(f"{lesson.name}: {told['prompt']} Left out: {why}.")
    if not pools:
        reasons = " ".join(left_out) or "They ask nothing about a run."
        raise KitError(f"there is nothing to make an exam of; name other lessons. {reasons}")
    width = max(3, len(str(students)))
    papers = [
        Paper(f"exam-{number:0{width}}", _drawn(pools, f"{seed}/{number}"))
        for number in range(1, students + 1)
    ]
    return Exam(title, seed, pools, papers, left_out)


def _drawn(pools: Iterable[Pool], seed: str) -> list[Instance]:
    rng = random.Random(seed)
    return [rng.choice(pool.instances) for pool in pools]


def _asked_in(lesson: Path) -> list[dict[str, Any]]:
    """Return what a lesson asks, as its kernel says."""
    stored = Notebook.read(lesson)
    with Running(executable(stored), lesson) as running:
        asked: list[dict[str, Any]] = json.loads(running.written(_WRITE))
    return asked


def _pool(told: dict[str, Any], lesson: str, seed: int, most: int) -> tuple[Pool | None, str]:
    if "why" in told:
        return None, str(told["why"])
    original = _read(told)
    found = equivalent_instances(original, seed, most)
    if not found:
        return None, "no other run leads to a question of this kind about the same ideas"
    return Pool(lesson, str(told["prompt"]), list(map(on_paper, found))), ""


def on_paper(instance: Instance) -> Instance:
    """Return an instance whose question needs no picture that can be clicked.

    Parameters
    ----------
    instance : Instance
    """
    return replace(instance, question=without_picture(instance.question))


def _read(told: dict[str, Any]) -> Instance:
    """Return the question that a lesson asks, about its run."""
    trace = read_link(f"#run={told['run']}").trace
    kind, details = str(told["kind"]), dict(told["details"])
    if kind == ABOUT_SCHEDULES:
        recipe = trace.record.recipe
        assert recipe is not None, "it has just been read from a link"
        explored = explore(launched(recipe))
        return Instance(explored.witness(0), ask(explored, kind, **details), details)
    return Instance(trace, ask(trace, kind, **details), details)
