"""The `Scheduling` widget: a person chooses which thread goes on, towards a goal."""

from __future__ import annotations

import hashlib
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ipywidgets
import traitlets

from kit.answering.answerable import Answer, is_whole
from kit.answering.flaws import Flaw
from kit.answering.judging import Judgement
from kit.answering.notebook import register
from kit.errors import ArgumentError, explain_arguments, require, require_whole
from kit.explore import ExplorationResult, explore
from kit.explore.explore import Explorable
from kit.explore.walk import Walk
from kit.widgets.answers.exercise_arguments import task_box
from kit.widgets.answers.scheduling_goals import (
    Goal,
    found_goals,
    goals_left,
    reachable_in_html,
    shortest_goal,
    verdict_of,
)
from kit.widgets.base.box import KitBox
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, say_without_kernel, style_sheet
from kit.widgets.compare import Compare
from kit.widgets.pictures.player import Player
from kit.widgets.runs.run_status import RunStatus
from kit.widgets.stage import Stage

VIEWS = ("listing", "timeline")
"""What the stage shows if nothing else was asked for."""
IN_PAGE = sys.platform == "emscripten"
"""Whether a browser's Python runs this: the page it is woken by shows the beginning."""
LIMIT = 20_000
"""Most states that are looked at unless told otherwise."""


class Scheduling(KitBox):
    r"""A program whose scheduler is the person: at each step that matters a thread is chosen.

    Beside it stand the outcomes that can still be reached, and on how many schedules. Whether
    the goal was reached is kept as an answer, and graded.

    Parameters
    ----------
    program : Program, Machine, Scenario, callable or ExplorationResult
        What `kit.explore.explore` takes, or what it has returned.
    goal : str or callable
        What is to be printed; or a test that takes a `kit.explore.Outcome`, such as
        ``lambda outcome: outcome.deadlock``.
    task : str
        What is to be done. Text, shown as it is; said of the output if not given.
    views : sequence of str
        Of the stage; names of `kit.widgets.VIEWS`, default listing, timeline.
    limit : int
        Most states to look at, if nobody has done so yet; default 20,000.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    walk : kit.explore.walk.Walk
        What was chosen, and what can still come of it.
    text : str
        The choices, such as "T2 T3 T2"; setting it begins anew and takes them.
    passed : bool
        Whether the goal was reached; it stays so, whatever is tried afterwards.
    tries : int
        How many runs were brought to their end.
    verdict : str
        Where the run stands with regard to the goal, in words.
    unsaved : str
        Why the last answer is not in the file of answers, in words; empty if it is.
    stage : Stage
    comparison : Compare or None
        One's own run beside the shortest one, once it was asked for.
    on_answer : list of callable
        Called with the widget when what `record` returns may have changed.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit, or not all schedules could be looked at.

    Examples
    --------
    >>> from kit.scenarios import deadlock
    >>> Scheduling(deadlock, goal=lambda outcome: outcome.deadlock, task="Reach the deadlock.")
    <Scheduling: the goal can still be reached>
    """

    kind = "exercise"

    passed = traitlets.Bool(False)
    tries = traitlets.Int(0)
    unsaved = traitlets.Unicode("")

    @explain_arguments
    def __init__(
        self,
        program: Explorable | ExplorationResult,
        *,
        goal: Goal,
        task: str = "",
        views: Iterable[str] = VIEWS,
        limit: int = LIMIT,
        **traits: Any,
    ) -> None:
        require(
            isinstance(goal, str) or callable(goal),
            f"Scheduling: goal is {goal!r}; give the text that is to be printed, or a function "
            "that takes an outcome",
        )
        require_whole("Scheduling: limit", limit, 1)
        refuse_unknown(self, traits)
        if not isinstance(program, ExplorationResult):
            program = explore(program, limit=limit)
        self.walk = Walk(program)
        self.task = textwrap.dedent(task).strip() or f"Make it print {str(goal)!r}."
        self._goals = found_goals(self.walk.explored, goal)
        self.on_answer: list[Callable[[Scheduling], object]] = []
        self._right = ""
        self._status = RunStatus(lambda: None)
        self._outcomes = ipywidgets.HTML()
        self.stage = Stage(self.walk.trace, views=views)
        self.stage.player.is_part = True
        self.comparison: Compare | None = None
        self._parts = [
            task_box(self.task, "BE THE SCHEDULER"),
            self._made_buttons(),
            self._made_tools(),
            self._status,
            self._outcomes,
            style_sheet("ground.css", "scheduling.css"),
        ]
        super().__init__(self._parts, **traits)
        self.add_class("kit-view")
        self.add_class("kit-scheduling")
        self._show("")
        register(self)
        owned_by_cell(self)

    def _made_buttons(self) -> ipywidgets.Box:
        edges = self.walk.explored.graph.edges.values()
        most = max(map(len, edges), default=0)
        self._buttons = [ipywidgets.Button() for _ in range(most)]
        for place, button in enumerate(self._buttons):
            button.add_class("kit-choice")
            button.on_click(lambda _button, place=place: self._choose(place))
        box = ipywidgets.Box(self._buttons)
        box.add_class("kit-choices")
        words = "Choosing the next thread needs a kernel"
        say_without_kernel(box, how="left out", words=words, exercise=self.key)
        return box

    def _made_tools(self) -> ipywidgets.Box:
        self._undo = ipywidgets.Button(description="Undo")
        self._redo = ipywidgets.Button(description="Redo")
        self._anew = ipywidgets.Button(description="Start again")
        self._compare = ipywidgets.Button(description="Show the shortest way")
        for button, deed in (
            (self._undo, self.undo),
            (self._redo, self.redo),
            (self._anew, self.begin_anew),
            (self._compare, self.show_shortest),
        ):
            button.on_click(lambda _button, deed=deed: deed())
        box = ipywidgets.Box([self._undo, self._redo, self._anew, self._compare])
        box.add_class("kit-choices")
        say_without_kernel(box, how="left out")
        return box

    @property
    def player(self) -> Player:
        """The player of its stage."""
        return self.stage.player

    # What a person does

    def _choose(self, place: int) -> None:
        choices = self.walk.choices
        if place < len(choices):
            self.walk.take(choices[place].word)
            self._show(f"{choices[place].text}. ")
            self._ended()

    def undo(self) -> None:
        """Take the last choice back."""
        self.walk.undo()
        self._show("")

    def redo(self) -> None:
        """Choose again what was taken back."""
        self.walk.redo()
        self._show("")

    def begin_anew(self) -> None:
        """Take all choices back."""
        self.walk.begin_anew()
        self._show("")

    def show_shortest(self) -> None:
        """Show the shortest way to the goal beside the own run, once that has ended."""
        if self.walk.outcome is None:
            return
        explored = self.walk.explored
        shortest = explored.witness(shortest_goal(explored, self._goals))
        self._close_comparison()
        labels = ("your schedule", "the shortest one")
        self.comparison = Compare(self.walk.trace, shortest, labels=labels)
        self.children = [*self._parts, self.stage, self.comparison]

    def _close_comparison(self) -> None:
        if self.comparison is not None:
            gone, self.comparison = self.comparison, None
            self.children = [*self._parts, self.stage]
            gone.close()

    # What comes of it

    def _ended(self) -> None:
        """Count a run that has come to its end."""
        outcome = self.walk.outcome
        if outcome is None:
            return
        self.tries += 1
        if outcome in self._goals:
            self.passed, self._right = True, self.text
        for callback in tuple(self.on_answer):
            callback(self)

    def _show(self, did: str) -> None:
        """Bring everything up to date."""
        self._close_comparison()
        choices = self.walk.choices
        for button, choice in zip(self._buttons, choices, strict=False):
            button.description = choice.text
            button.tooltip = f"Let {choice.text}"
        for place, button in enumerate(self._buttons):
            button.disabled = place >= len(choices)
            button.layout.display = "" if place < len(choices) or place == 0 else "none"
        if not choices and self._buttons:
            self._buttons[0].description = "The run has ended"
        self._undo.disabled = self._anew.disabled = not self.walk.can_undo
        self._redo.disabled = not self.walk.can_redo
        self._compare.disabled = self.walk.outcome is None
        trace = self.walk.trace
        # There is nothing to be seen of a run without a tick.
        self.children = [*self._parts, self.stage] if trace.end else self._parts
        self.stage.trace = trace
        self.stage.player.tick = trace.end
        self._outcomes.value = reachable_in_html(self.walk, self._goals)
        self._status.tell(self._state(), f"{did}{self.verdict}")

    def _state(self) -> str:
        if self.walk.outcome in self._goals:
            return "done"
        return "idle" if goals_left(self.walk, self._goals) else "failed"

    @property
    def verdict(self) -> str:
        """Where the run stands with regard to the goal, in words."""
        return verdict_of(self.walk, self._goals)

    @property
    def in_words(self) -> str:
        """The task, the choices and where they have led."""
        return f"{self.task} Chosen: {self.text or 'nothing'}. {self.verdict}"

    # What is kept of it

    @property
    def text(self) -> str:
        """The choices, as they are kept."""
        return " ".join(self.walk.words)

    @text.setter
    def text(self, text: str) -> None:
        walk = self._walked(text)
        self.walk = walk
        self._show("")
        self._ended()

    def _walked(self, text: str) -> Walk:
        walk = Walk(self.walk.explored)
        for word in text.split():
            walk.take(word)
        return walk

    def _kit_asks_(self) -> dict[str, Any]:
        """Return what is asked; `judge` and `flaws` are the rest of the contract."""
        return {"key": self.key, "kind": self.kind, "prompt": self.prompt}

    @property
    def key(self) -> str:
        """What tells it from others: a digest of its task and of what can come of the program."""
        text = f"scheduling\0{self.task}\0{self.walk.explored}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def prompt(self) -> str:
        """What is asked, in a line."""
        return " ".join(self.task.partition("\n\n")[0].split())

    @property
    def given(self) -> str:
        """The choices that reached the goal last; those of now before any did."""
        return self._right if self.passed else self.text

    def judge(self, answer: Answer) -> Judgement:
        """Return whether choices reach the goal; the widget stays as it is.

        Parameters
        ----------
        answer : str
            Such as "T2 T3 T2".
        """
        try:
            walk = self._walked(answer if isinstance(answer, str) else "")
        except ArgumentError as error:
            return Judgement(False, str(error))
        if walk.outcome is None:
            return Judgement(False, "The run has not ended.")
        if walk.outcome in self._goals:
            return Judgement(True, "The goal is reached.")
        return Judgement(False, f"Not the goal: {walk.explored.words(walk.outcome)}.")

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with it for a teacher; nothing, since the goal can be reached."""
        return []

    def score(self) -> float:
        """Return 1.0 if the goal was reached, else 0.0."""
        return 1.0 if self.passed else 0.0

    def record(self) -> dict[str, Any]:
        """Return what is kept of it: ``text``, ``passed``, ``tries``."""
        return {"text": self.given, "passed": self.passed, "tries": self.tries, "hints_shown": 0}

    def restore(self, record: Mapping[str, Any]) -> bool:
        """Bring back what `record` returned, and return whether it was that.

        If it was not, nothing changes.
        """
        given: object = record
        kept = given if isinstance(given, Mapping) else {}
        text, passed, tries = kept.get("text"), kept.get("passed"), kept.get("tries")
        if not (isinstance(text, str) and isinstance(passed, bool) and is_whole(tries)):
            return False
        try:
            walk = self._walked(text)
        except ArgumentError:
            return False
        if not IN_PAGE:
            self.walk = walk
            self._show("")
        self.passed = walk.outcome in self._goals
        self.tries, self._right = tries, text if self.passed else ""
        return True

    def __repr__(self) -> str:
        if self.walk.outcome in self._goals:
            return "<Scheduling: the goal is reached>"
        still = "can still" if goals_left(self.walk, self._goals) else "cannot"
        return f"<Scheduling: the goal {still} be reached>"
