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
    checked_storyline,
    checked_target,
    checked_title,
    file_name,
    usual_goal,
    usual_storyline,
)
from kit.authoring.writing.own_program import EXAMPLE, OWN, own_scenario, read_program
from kit.check.course import storyline_of
from kit.errors import KitError
from kit.lang.program import Program
from kit.quiz import KINDS
from kit.scenarios import SCENARIOS

ALL_THAT_FIT = "all that fit"
MOST_EMPTY = 3
"""How often somebody may answer nothing to a question that needs an answer."""
LESSONS = "lessons"
"""The folder in which a course keeps its lessons."""

Answer = TypeVar("Answer")


def complete(plan: Plan, folder: Path) -> Plan:
    """Ask for what a plan of a lesson in a folder lacks; what it has already is offered."""
    if not plan.title:
        plan = replace(plan, title=_ask("Title of the lesson", checked_title))
    if not plan.scenarios and plan.program is None:
        _show({name: scenario.title for name, scenario in SCENARIOS.items()})
        asked = (
            "Which of these runs shall it show? Give one name or more, or the file of a program "
            f"of your own, or {OWN} for a small program that you replace by yours"
        )
        plan = _ask(asked, lambda text: _with_run(plan, text), OWN)
    scenarios = checked_scenarios(plan.scenarios, or_none=plan.program is not None)
    if plan.program is not None:
        scenarios.insert(0, own_scenario(plan.program))
    _show({name: kind.about for name, kind in KINDS.items()})

    def questions(text: str) -> tuple[str, ...]:
        return checked_questions([] if text == ALL_THAT_FIT else _names(text), scenarios)

    offered = " ".join(plan.questions) or ALL_THAT_FIT
    most = click.IntRange(MINUTES[0], MINUTES[-1])
    plan = replace(
        plan,
        questions=_ask("Which of these questions?", questions, offered),
        goal=click.prompt("What can students do afterwards?", plan.goal or usual_goal(scenarios)),
        minutes=click.prompt("How many minutes does it take?", plan.minutes, type=most),
        exercise=click.confirm("Shall students also write a program?", plan.exercise),
    )
    storyline = storyline_of(folder)
    if not storyline:
        return plan
    told = plan.storyline or usual_storyline(scenarios, folder)
    if plan.program is None:
        lines = "; ".join(f"{line} {storyline[line]}" for line in told)
        click.echo(f"It tells, of the storyline: {lines}. To say otherwise: --storyline LINE.")
        return plan
    _show({str(line): text for line, text in storyline.items()})

    def lines_of(text: str) -> tuple[int, ...]:
        return checked_storyline(_names(text), folder)

    offered = " ".join(map(str, told))
    return replace(plan, storyline=_ask("Which of these lines does it tell?", lines_of, offered))


def usual_folder() -> Path:
    """Return the folder in which a lesson is made unless somebody says otherwise."""
    return Path(LESSONS) if Path(LESSONS).is_dir() else Path()


def ask_path(title: str) -> Path:
    """Ask for the file of a lesson."""
    return _ask("File", checked_target, str(usual_folder() / file_name(title)))


def _ask(text: str, checked: Callable[[str], Answer], default: str | None = None) -> Answer:
    """Ask until a check has nothing against the answer."""

    def value(answer: str) -> Answer:
        try:
            return checked(answer)
        except KitError as error:
            raise click.UsageError(str(error)) from None

    if default is not None:
        answer: Answer = click.prompt(text, default, value_proc=value)
        return answer
    for _ in range(MOST_EMPTY):
        given = click.prompt(text, "", show_default=False)
        try:
            return checked(given)
        except KitError as error:
            click.echo(f"Error: {error}")
            if given.strip():
                return _ask(text, checked)
    raise KitError(f"nothing was answered to “{text}”; see: kit new --help")


def _with_run(plan: Plan, text: str) -> Plan:
    """Return a plan with the runs that somebody has named."""
    if text.strip() == OWN:
        return replace(plan, program=Program(OWN, EXAMPLE))
    if Path(text.strip()).is_file():
        program = read_program(text.strip())
        own_scenario(program)
        return replace(plan, program=program)
    return replace(plan, scenarios=_scenarios(text))


def _names(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _scenarios(text: str) -> tuple[str, ...]:
    return tuple(scenario.name for scenario in checked_scenarios(_names(text)))


def _show(lines: dict[str, str]) -> None:
    width = max(map(len, lines))
    for name, line in lines.items():
        click.echo(f"{name:{width}}  {line}")
