"""Asking a teacher what a new lesson shall be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from kit.authoring.writing.lessons import (
    MINUTES,
    Plan,
    checked_questions,
    checked_scenarios,
    checked_target,
    checked_title,
    file_name,
    usual_goal,
)
from kit.errors import KitError
from kit.quiz import KINDS
from kit.scenarios import SCENARIOS

ALL_THAT_FIT = "all that fit"
LESSONS = "lessons"
"""The folder in which a course keeps its lessons."""

Answer = TypeVar("Answer")


def complete(plan: Plan) -> Plan:
    """Ask for what a plan lacks; what it has already is the answer that is offered."""
    if not plan.title:
        plan = replace(plan, title=_ask("Title of the lesson", checked_title))
    if not plan.scenarios:
        _show({name: scenario.title for name, scenario in SCENARIOS.items()})
        asked = "Which of these runs shall it show? Give one name or more"
        plan = replace(plan, scenarios=_ask(asked, _scenarios))
    scenarios = checked_scenarios(plan.scenarios)
    _show({kind: (make.__doc__ or "").partition("\n")[0] for kind, make in KINDS.items()})

    def questions(text: str) -> tuple[str, ...]:
        return checked_questions([] if text == ALL_THAT_FIT else _names(text), scenarios)

    offered = " ".join(plan.questions) or ALL_THAT_FIT
    most = click.IntRange(MINUTES[0], MINUTES[-1])
    return replace(
        plan,
        questions=_ask("Which of these questions?", questions, offered),
        goal=click.prompt("What can students do afterwards?", plan.goal or usual_goal(scenarios)),
        minutes=click.prompt("How many minutes does it take?", plan.minutes, type=most),
        exercise=click.confirm("Shall students also write a program?", plan.exercise),
    )


def ask_path(title: str) -> Path:
    """Ask for the file of a lesson."""
    folder = Path(LESSONS) if Path(LESSONS).is_dir() else Path()
    return _ask("File", checked_target, str(folder / file_name(title)))


def _ask(text: str, checked: Callable[[str], Answer], default: str | None = None) -> Answer:
    """Ask until a check has nothing against the answer."""

    def value(answer: str) -> Answer:
        try:
            return checked(answer)
        except KitError as error:
            raise click.UsageError(str(error)) from None

    answer: Answer = click.prompt(text, default, value_proc=value)
    return answer


def _names(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _scenarios(text: str) -> tuple[str, ...]:
    return tuple(scenario.name for scenario in checked_scenarios(_names(text)))


def _show(lines: dict[str, str]) -> None:
    width = max(map(len, lines))
    for name, line in lines.items():
        click.echo(f"{name:{width}}  {line}")
