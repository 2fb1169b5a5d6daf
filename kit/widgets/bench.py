"""The bench: any run, with its programs and its machine to be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import ipywidgets

from kit.errors import KitError, LanguageError, require
from kit.explore import ExplorationResult, explore
from kit.explore import Outcome as Result
from kit.lang.program import Program
from kit.runner import Outcome, outcome_of
from kit.scenarios import lost_update
from kit.sim.journal import Install, Launch, Recipe, Step
from kit.trace import Trace
from kit.trace.link import followed, launched, read_recipe
from kit.widgets.answers.scheduling import Scheduling
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import say_without_kernel, style_sheet
from kit.widgets.runs.code_area import CodeArea
from kit.widgets.runs.editor import rows_of
from kit.widgets.runs.link_field import LinkField
from kit.widgets.runs.machine_form import MachineForm
from kit.widgets.runs.outcomes import Outcomes
from kit.widgets.runs.run_box import RunBox
from kit.widgets.stage import MAIN, Stage
from kit.widgets.views import VIEWS

Show = Callable[[ExplorationResult], ipywidgets.Widget]
"""Shows what `explore` has found out."""
STATES = 20_000
"""Most states that are looked at when every schedule is explored."""


def _whole(trace: Trace) -> Stage:
    """Return a stage with every view, of which the less usual ones are folded."""
    others = [name for name in VIEWS if name not in MAIN]
    return Stage(trace, views=[*MAIN, *others], folded=others)


class Bench(RunBox):
    """A run whose programs and machine can be changed, in all views, on every schedule.

    It begins with a run of the library, and shows any other that is given to it as a link.

    Attributes
    ----------
    recipe : Recipe
        How the run is made that is shown.
    areas : list of CodeArea
        One for each program.
    form : MachineForm
        What the machine is.
    """

    who = "Bench"

    def __init__(self) -> None:
        self.link_field = LinkField(self.show_link)
        self.areas: list[CodeArea] = []
        self.form = MachineForm()
        self._programs = ipywidgets.VBox()
        self._asked = ipywidgets.VBox()
        self._show_asked: Show = Outcomes
        self._tick = 0
        super().__init__(_whole)
        self.children = self._parts()
        self.add_class("kit-bench")
        trace = lost_update()
        assert trace.record.recipe is not None, "it was made here"
        self._take_recipe(trace.record.recipe)
        self._start(lambda: trace, "this run", at_once=True)
        owned_by_cell(self)

    def _parts(self) -> list[ipywidgets.Widget]:
        """Return what is on the page, from top to bottom."""
        unfold = ipywidgets.ToggleButton(description="Machine", icon="microchip")
        again = ipywidgets.Button(description="Run")
        every = ipywidgets.Button(description="Explore every schedule")
        schedule = ipywidgets.Button(description="Be the scheduler")
        for button, deed in ((again, self.run), (every, self.explore), (schedule, self.schedule)):
            button.on_click(lambda _button, deed=deed: deed())
        self.form.layout.display = "none"
        unfold.observe(
            lambda change: setattr(self.form.layout, "display", None if change["new"] else "none"),
            "value",
        )
        tools = ipywidgets.Box([again, unfold, every, schedule])
        tools.add_class("kit-choices")
        for part in (tools, self.form, self.status):
            say_without_kernel(part, how="left out")
        rules = style_sheet("ground.css", "scheduling.css")
        field = self.link_field
        return [
            field,
            self._programs,
            tools,
            self.form,
            self.status,
            self._asked,
            self._place,
            rules,
        ]

    def show_link(self, link: str) -> None:
        """Show the run that a link leads to; what is wrong with it is said.

        Parameters
        ----------
        link : str
        """
        try:
            recipe, tick = read_recipe(link)
        except KitError as error:
            self._take(Outcome(None, error))
            return
        self._take_recipe(recipe)
        self._run(recipe, tick)

    def run(self) -> None:
        """Run the programs as they are now on the machine as it is now."""
        recipe = self._changed()
        if recipe is not None:
            self._run(recipe, self.stage.player.tick)

    def _run(self, recipe: Recipe, tick: int) -> None:
        self._tick = tick
        self._ask_nothing()
        self._start(lambda: followed(recipe), "this run")

    def _take_recipe(self, recipe: Recipe) -> None:
        """Let fields and controls say how a run is made."""
        self.recipe = recipe
        self.form.show(recipe.setup)
        programs = _programs(recipe)
        # Those that are there stay, so that a page keeps what belongs to them.
        for area, program in zip(self.areas, programs, strict=False):
            area.given = program.text
            area.text = program.text
            area.label, area.errors = _file(program), []
        for program in programs[len(self.areas) :]:
            rows = rows_of(program.text)
            area = CodeArea(program.text, self.run, label=_file(program), rows=rows)
            area.observe(self._look, "text")
            self.areas.append(area)
        for area in self.areas[len(programs) :]:
            area.close()
        self.areas = self.areas[: len(programs)]
        self._programs.children = self.areas

    def _changed(self) -> Recipe | None:
        """Return how the run is made now; None if there is a mistake, which is marked."""
        news: dict[Program, Program] = {}
        for area, old in zip(self.areas, _programs(self.recipe), strict=True):
            area.errors = []
            try:
                news[old] = _edited(old, area.text)
            except LanguageError as error:
                line = area.mark(error)
                said = f"There is a mistake in line {line} of {area.label}.{self._still()}"
                self.status.tell("failed", said)
                return None
            except KitError as error:
                self._take(Outcome(None, error))
                return None
        try:
            setup = self.form.applied_to(self.recipe.setup)
        except KitError as error:
            self._take(Outcome(None, error))
            return None
        steps = tuple(_with(step, news) for step in self.recipe.steps)
        self.recipe = Recipe(setup, steps)
        self.form.show(setup)
        return self.recipe

    def _look(self, change: Mapping[str, object]) -> None:
        """Mark the mistake in what was just written, or take the mark away."""
        for area, old in zip(self.areas, _programs(self.recipe), strict=False):
            if area is change["owner"]:
                found: KitError | None = None
                try:
                    _edited(old, area.text)
                except KitError as error:  # what is no mistake at a line is told when it is run
                    found = error
                if not area.mark(found):
                    area.errors = []

    def _show(self, trace: Trace) -> None:
        super()._show(trace)
        player = self.stage.player
        player.tick = min(self._tick, trace.end, player.limit)

    # Every schedule

    def explore(self) -> None:
        """Show every result of the programs, over all schedules."""
        self._ask(Outcomes)

    def schedule(self) -> None:
        """Let the reader be the scheduler, towards the result that fewest schedules lead to."""
        self._ask(_scheduling)

    def _ask(self, show: Show) -> None:
        recipe = self._changed()
        if recipe is None:
            return
        self._ask_nothing()
        self._show_asked = show
        self._start(lambda: explore(launched(recipe), limit=STATES), "this run")

    def _take(self, outcome: Outcome) -> None:
        explored = outcome.result
        if isinstance(explored, ExplorationResult):
            outcome = outcome_of(lambda: self._show_explored(explored))
        super()._take(outcome)

    def _show_explored(self, explored: ExplorationResult) -> None:
        require(
            bool(explored.outcomes),
            f"Bench: no schedule ends within {STATES:,} states; make the program smaller, or let "
            "its loops end",
        )
        self._asked.children = [self._show_asked(explored)]

    def _ask_nothing(self) -> None:
        for one in self._asked.children:
            one.close()
        self._asked.children = []

    def __repr__(self) -> str:
        names = ", ".join(repr(program.name) for program in _programs(self.recipe))
        return f"<Bench of {names or 'no program'}{self._failure()}>"


def _programs(recipe: Recipe) -> list[Program]:
    """Return the programs of a recipe, each once."""
    steps = recipe.steps
    return list(dict.fromkeys(one.program for one in steps if isinstance(one, Launch | Install)))


def _edited(program: Program, text: str) -> Program:
    """Return a program with another text; itself, if that is the same."""
    if text == program.text:
        return program
    return Program(program.name, text, language=program.language)


def _file(program: Program) -> str:
    return program.name + (".asm" if program.language == "assembly" else ".py")


def _with(step: Step, programs: dict[Program, Program]) -> Step:
    """Return a step with the programs that have taken the place of others."""
    if isinstance(step, Launch | Install):
        return replace(step, program=programs[step.program])
    return step


def _scheduling(explored: ExplorationResult) -> Scheduling:
    """Return a program to be scheduled by hand."""
    counted = [one for one in explored.outcomes if one.schedules is not None]
    rarest = min(counted or explored.outcomes, key=lambda one: one.schedules or 0)

    def goal(result: Result) -> bool:
        return result.final == rarest.final

    said = " ".join(explored.words(rarest).split())
    task = f"Reach what the fewest schedules lead to: {said}"
    return Scheduling(explored, goal=goal, task=task)
