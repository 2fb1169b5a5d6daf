"""New lessons, ready to run, with the teacher's own text still to be written."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from kit.authoring.storyline import STORYLINE
from kit.authoring.writing.cells import Block, blocks_of, notebook_of
from kit.authoring.writing.document import render
from kit.authoring.writing.facts import Variations
from kit.authoring.writing.fitting import best_details
from kit.authoring.writing.own_program import OWN, as_text, own_scenario
from kit.authoring.writing.predictions import predictions
from kit.authoring.writing.scenario_exercises import choosing, programming, solution, topic
from kit.check.course import in_short, storyline_of
from kit.errors import KitError, nearest
from kit.files import check_writable, unwritable, write_text
from kit.lang.program import Program
from kit.quiz import KINDS
from kit.scenarios import Scenario, find

MINUTES = range(1, 121)
LINES = {
    "processes": (1, 2, 3),
    "threads": (5, 6, 7),
    "talking": (4,),
    "failure": (8,),
    "scheduling": (11,),
    "memory": (11,),
}
"""Which lines of the storyline a topic of scenarios tells, if nothing else was said."""
HEADINGS = ("What runs", "Predict", "Explore", "Change", "Explain", "Transfer")
"""What a lesson's template has for headings, which its title must not be."""
PLACEHOLDER = "[Teacher:"
"""What each place begins with that the teacher is to fill in."""


@dataclass(frozen=True)
class Plan:
    """What a new lesson shall be.

    Attributes
    ----------
    title : str
    scenarios : sequence of str
        Names of the library's scenarios, at least one.
    questions : sequence of str
        Kinds of question; all that have an answer if empty.
    exercise : bool
        Whether students also write a program, besides choosing parameters.
    goal : str
        What students can do afterwards; made from the scenarios if empty.
    minutes : int
    storyline : sequence of int
        Lines of the storyline; those of the scenarios if empty.
    program : Program or None
        One of the teacher's own, shown besides the scenarios or in place of them.
    """

    title: str
    scenarios: Sequence[str]
    questions: Sequence[str] = ()
    exercise: bool = False
    goal: str = ""
    minutes: int = 20
    storyline: Sequence[int] = ()
    program: Program | None = None


@dataclass(frozen=True)
class Lesson:
    """A new lesson.

    Attributes
    ----------
    text : str
        The notebook, as a file holds it.
    predictions, exercises, placeholders : int
        How many questions and exercises it has, and places for the teacher's text.
    solutions : dict of str to str
        The files beside it that its exercises name for their solutions, and what is in them.
    """

    text: str
    predictions: int
    exercises: int
    placeholders: int
    solutions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """What a lesson's template has to know of one of its scenarios."""

    scenario: Scenario
    trace: str
    stage: str
    program: Program | None = None
    predictions: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def id(self) -> str:
        return OWN if self.program else self.scenario.name.replace("_", "-")

    @property
    def text(self) -> str:
        return as_text(self.program) if self.program else ""

    @property
    def title(self) -> str:
        return self.scenario.title

    @property
    def look_for(self) -> tuple[str, ...]:
        return self.scenario.look_for

    @property
    def parameters(self) -> list[tuple[str, str]]:
        known = self.scenario.parameters
        return [(name, f"{known[name].meaning} ({known[name].span})") for name in known]


def new_lesson(plan: Plan, folder: Path | None = None) -> Lesson:
    """Return a lesson that runs and passes its check as it is.

    Parameters
    ----------
    plan : Plan
    folder : Path, optional
        Where it will be; here if left out.

    Raises
    ------
    KitError
        If something in the plan does not exist, or has no answer in the runs.
    """
    folder = folder or Path()
    title = checked_title(plan.title)
    scenarios = checked_scenarios(plan.scenarios, or_none=plan.program is not None)
    if plan.program is not None:
        scenarios.insert(0, own_scenario(plan.program))
    _check_numbers(plan, folder)
    parts = _parts(scenarios, checked_questions(plan.questions, scenarios), plan.program)
    exercises, solutions = _exercises(scenarios[0], also_write=plan.exercise)
    goal = _sentence(one_line(plan.goal) or usual_goal(scenarios))
    text = render(
        "lesson.md.jinja",
        title=title,
        goal=goal,
        minutes=plan.minutes,
        parts=parts,
        exercises=exercises,
    )
    blocks = list(blocks_of(text))
    course = {"title": title, "goal": goal, "minutes": plan.minutes}
    if lines := sorted(set(plan.storyline)) or usual_storyline(scenarios, folder):
        course["storyline"] = lines
    asked = sum(len(part.predictions) for part in parts)
    text = notebook_of(blocks, course)
    return Lesson(text, asked, len(exercises), _placeholders(blocks), solutions)


def write_lesson(path: str | Path, plan: Plan) -> tuple[Path, Lesson]:
    """Write a new lesson with the files that it needs, and return where it is.

    Each lesson has solutions of its own: a file that exists already is another lesson's.

    Parameters
    ----------
    path : path
        A file that does not exist; ``.ipynb`` is added if it has no ending.
    plan : Plan

    Raises
    ------
    KitError
        If that is no place for it, or the plan is wrong; nothing is written then.
    """
    target = checked_target(path)
    lesson = _with_own_files(new_lesson(plan, target.parent), target.parent)
    try:
        for name, solved in lesson.solutions.items():
            place = target.parent / name
            place.parent.mkdir(exist_ok=True)
            write_text(place, solved)
        write_text(target, lesson.text)
    except OSError as error:
        raise unwritable(target, error) from None
    return target, lesson


def _with_own_files(lesson: Lesson, folder: Path) -> Lesson:
    """Return a lesson whose solutions have names that are not taken in its folder."""
    text, solutions = lesson.text, {}
    for name, solved in lesson.solutions.items():
        plain = PurePosixPath(name)
        more = (plain.with_stem(f"{plain.stem}_{number}") for number in itertools.count(2))
        names = itertools.chain([plain], more)
        free = next(one for one in names if not (folder / one).exists())
        solutions[str(free)] = solved
        text = text.replace(name, str(free))
    return replace(lesson, text=text, solutions=solutions)


def checked_target(path: str | Path) -> Path:
    """Return the file that a new lesson is written to.

    Raises
    ------
    KitError
        If it exists, its folder does not or cannot be written, or it would be no notebook.
    """
    target = Path(path)
    if target.is_dir():
        raise KitError(f"{target}: this is a folder; add the name of the new notebook")
    if not target.suffix:
        target = target.with_name(f"{target.name}.ipynb")
    if target.suffix != ".ipynb":
        raise KitError(f"{target}: notebooks end in .ipynb; write {target.stem}.ipynb")
    if target.exists():
        raise KitError(f"{target}: there is such a file already; name another one")
    if not target.parent.is_dir():
        raise KitError(f"{target.parent}: there is no such folder; make it, or name another one")
    check_writable(target)
    return target


def one_line(text: str) -> str:
    """Return a text without line breaks and double spaces."""
    return " ".join(text.split())


def checked_title(text: str) -> str:
    """Return a title.

    Raises
    ------
    KitError
        If it is empty, or is also another heading.
    """
    title = one_line(text)
    if not title:
        raise KitError('the title is empty; say what the lesson is about, as in --title "Threads"')
    if title.capitalize() in HEADINGS:
        raise KitError(f"the title '{title}' is also another heading; choose a longer one")
    return title


def checked_scenarios(names: Sequence[str], *, or_none: bool = False) -> list[Scenario]:
    """Return the scenarios of some names, each one once.

    Parameters
    ----------
    names : sequence of str
    or_none : bool
        Whether there may be none.

    Raises
    ------
    KitError
        If there is none of a name, or no name.
    """
    if not names and not or_none:
        raise KitError(
            "a lesson needs a run; choose a scenario that `kit scenarios` lists, or give a "
            "program of your own with --program FILE"
        )
    return [find(name) for name in dict.fromkeys(names)]


def checked_questions(kinds: Sequence[str], scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return kinds of question, each one once.

    Raises
    ------
    KitError
        If one does not exist, or has no answer in the run of any of the scenarios.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise KitError(f"there is no question '{kind}'; {nearest(kind, KINDS)}")
    if kinds:
        traces = [scenario() for scenario in scenarios]
        known = [kind for kind in KINDS if any(best_details(trace, kind) for trace in traces)]
        for kind in kinds:
            if kind not in known:
                runs = ", ".join(scenario.name for scenario in scenarios)
                remedy = f"ask '{known[0]}'" if known else "leave it out"
                raise KitError(
                    f"the question '{kind}' has no answer in the run of {runs}; {remedy}"
                )
    return tuple(dict.fromkeys(kinds))


def file_name(title: str) -> str:
    """Return a name for the file of a lesson, made from its title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return f"{'_'.join(re.findall('[a-z0-9]+', plain)) or 'lesson'}.ipynb"


def _check_numbers(plan: Plan, folder: Path) -> None:
    if plan.minutes not in MINUTES:
        raise KitError(
            f"minutes is {plan.minutes}; give a number from {MINUTES[0]} to {MINUTES[-1]}"
        )
    checked_storyline(plan.storyline, folder)


def checked_storyline(lines: Iterable[int | str], folder: Path) -> tuple[int, ...]:
    """Return lines of the storyline by their numbers.

    Parameters
    ----------
    lines : iterable of int or str
    folder : Path
        Where the lesson will be, since its course may have a storyline of its own.

    Raises
    ------
    KitError
        If there is none of a number.
    """
    storyline = storyline_of(folder)
    known = {str(line): line for line in storyline}
    found = []
    for line in lines:
        if str(line) not in known:
            remedy = f"give one from 1 to {len(storyline)}: {in_short(storyline)}"
            if not storyline:
                remedy = "write the course's own into storyline in [tool.kit] of pyproject.toml"
            raise KitError(f"the storyline has no line {line}; {remedy}")
        found.append(known[str(line)])
    return tuple(found)


def usual_goal(scenarios: Sequence[Scenario]) -> str:
    """Return a goal made from the titles of scenarios."""
    return f"Explain what this shows: {'; '.join(scenario.title for scenario in scenarios)}."


def usual_storyline(scenarios: Sequence[Scenario], folder: Path) -> list[int]:
    """Return the lines of the storyline that scenarios tell, or its last line.

    A course with a storyline of its own has these lines where it words them alike.
    """
    lines = {line for scenario in scenarios for line in LINES.get(topic(scenario), (11,))}
    texts = {STORYLINE[line] for line in lines}
    storyline = storyline_of(folder)
    return [line for line, text in storyline.items() if text in texts] or [*storyline][-1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _parts(
    scenarios: Sequence[Scenario], kinds: Sequence[str], program: Program | None
) -> list[_Part]:
    found = []
    for number, scenario in enumerate(scenarios, 1):
        ending = f"_{number}" if len(scenarios) > 1 else ""
        trace, stage = f"trace{ending}", f"stage{ending}"
        asked = predictions(Variations(scenario), trace, stage, kinds)
        own = program if number == 1 else None
        found.append(_Part(scenario, trace, stage, own, asked))
    return found


def _exercises(scenario: Scenario, *, also_write: bool) -> tuple[list[str], dict[str, str]]:
    """Return the cells of the exercises, at least one, as a lesson needs it; and the solutions."""
    about_parameters = choosing(scenario)
    found = [] if about_parameters is None else [about_parameters.text]
    if not also_write and found:
        return found, {}
    return [*found, programming(scenario)], dict([solution(scenario)])


def _placeholders(blocks: Sequence[Block]) -> int:
    return sum(block.source.count(PLACEHOLDER) for block in blocks)
