"""What widgets say of themselves is what their JavaScript does."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

import kit.widgets
from kit import Program
from kit.explore import Spec, explore
from kit.explore.state_graph import state_graph
from kit.quiz import ask
from kit.scenarios import deadlock, lost_update
from kit.widgets import Answers, Exercise, Explain, Player, Predict
from kit.widgets.answers.exercise_sheet import ExerciseSheet
from kit.widgets.base.widget import ScriptWidget
from kit.widgets.pictures.curtain import Curtain
from kit.widgets.pictures.frame_grid import FrameGrid
from kit.widgets.pictures.moment_list import MomentList
from kit.widgets.pictures.table import Table
from kit.widgets.pictures.zoom import Zoom
from kit.widgets.runs.code_area import CodeArea
from kit.widgets.runs.graph_of_states import GraphOfStates
from kit.widgets.runs.link_field import LinkField
from kit.widgets.runs.run_status import RunStatus

SENT = re.compile(r"\bmodel\.send\(\{([^}]*)\}")
# Tells a kernel that the last view of a widget is gone: no person does that.
GONE = frozenset({"gone"})
# What a script tells the other widgets of the page, or what the kernel hears and nobody needs.
SET_BESIDE = {"Player": {"speed"}, "Zoom": {"window"}, "CodeArea": {"text"}}


def told(script: str) -> set[frozenset[str]]:
    """Return what a script sends: for each message its names, and what is to be done."""
    found = set()
    for written in SENT.findall(script):
        parts = [part.strip() for part in written.split(",")]
        names = {part.partition(":")[0].strip() for part in parts}
        do = re.search(r'do: "(\w+)"', written)
        found.add(frozenset(names | ({do[1]} if do else set())))
    return found - {GONE}


def said(widget: Any) -> set[frozenset[str]]:
    """Return what a widget says that can be sent to it, in the same way."""
    messages = [one["send"] for one in widget._kit_gestures_() if "send" in one]
    return {frozenset({*message, message["do"]}) for message in messages}


def sheet() -> ExerciseSheet:
    """Return what stands below an exercise, with everything a person can press."""
    made = ExerciseSheet({}, ["Think."])
    made.findings, made.access = [{"text": "It prints 2.", "shows": True}], "open"
    made.solution = "def main():\n    pass"
    return made


def status() -> RunStatus:
    """Return the line of a run that is going on."""
    made = RunStatus(lambda: None)
    made.start()
    return made


def explanation() -> Explain:
    """Return an explanation that was written, so that its rubric can be ticked."""
    made = Explain("Why?", ["It says why."], "Because.")
    made.write("So.")
    return made


def graph() -> GraphOfStates:
    """Return the graph of states of a small program."""
    explored = explore(deadlock)
    return GraphOfStates(explored, state_graph(explored))


MAKE = {
    "Answers": Answers,
    "CodeArea": lambda: CodeArea("x = 1", lambda: None, check=lambda: None),
    "ControlsAid": kit.widgets.base.controls.ControlsAid,
    "Curtain": lambda: Curtain(object()),
    "ExerciseSheet": sheet,
    "Explain": explanation,
    "FrameGrid": FrameGrid,
    "GraphOfStates": graph,
    "Ideas": kit.widgets.Ideas,
    "LinkField": lambda: LinkField(lambda _link: None),
    "MomentList": lambda: MomentList(ticks=[1, 2], texts=["Here.", "Why?"], answers=["", "So."]),
    "Player": lambda: Player(lost_update()),
    "Predict": lambda: Predict(ask(lost_update(), "final_value", name="count")),
    "RunStatus": status,
    "Table": Table,
    "Zoom": Zoom,
}


def every_class(cls: type) -> set[str]:
    """Return the names of the kit's own classes below one."""
    below = cls.__subclasses__()
    names = {one.__name__ for one in below if one.__module__.startswith("kit.")}
    return names.union(*map(every_class, below)) - {"TableAlone"}


def test_every_widget_with_a_script_is_looked_at():
    """A new one has to be made here, too."""
    assert every_class(ScriptWidget) == set(MAKE)


@pytest.mark.parametrize("name", MAKE)
def test_what_can_be_sent_is_said(name: str):
    """Each message in the JavaScript is a gesture of the widget, with the same names in it."""
    widget = MAKE[name]()
    assert said(widget) == told(str(widget._esm))


@pytest.mark.parametrize("name", MAKE)
def test_what_can_be_set_is_said(name: str):
    """Each synced trait that the widget's own JavaScript sets is a gesture, and Python takes it."""
    widget = MAKE[name]()
    sets = [one["set"] for one in widget._kit_gestures_() if "set" in one]
    assert {trait for one in sets for trait in one} <= set(widget.keys)
    script = str(widget._esm)
    written = set(re.findall(r'this\.model\.set\("(\w+)"', script))
    assert written - SET_BESIDE.get(name, set()) <= {trait for one in sets for trait in one}
    for one in sets:
        widget.set_state(one)
        assert {trait: getattr(widget, trait) for trait in one} == one


def test_an_exercise_and_a_prediction_say_what_they_ask():
    """What is right of a question is told; a program is judged, and an exercise looked at."""
    predict = MAKE["Predict"]()
    asks: Mapping[str, Any] = predict._kit_asks_()
    assert asks["right"] == list(predict.question.right)
    assert len(asks["choices"]) == len(predict.question.choices)
    assert predict.judge(asks["right"]).passed
    assert not predict.judge([]).passed
    exercise = Exercise(
        Program("p", "def main():\n    print(0)"), spec=Spec(output="1"), task="Print 1."
    )
    assert exercise._kit_asks_()["kind"] == "exercise"
    assert exercise.judge("def main():\n    print(1)").passed
    assert not exercise.judge([0]).passed
    assert [flaw.text for flaw in exercise.flaws()] == ["there is no solution"]
