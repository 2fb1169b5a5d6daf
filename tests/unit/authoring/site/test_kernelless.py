import copy
import json

import anywidget
import ipywidgets
import pytest
import traitlets

from kit import Machine, Program
from kit.authoring.site.kernelless import closure, share_texts, without_kernel
from kit.explore import Spec, explore
from kit.scenarios import lost_update
from kit.widgets import Editor, Exercise, Outcomes, Predict, Scheduling, Stage, sandbox

pytestmark = pytest.mark.notebook

TEXT = "def main():\n    print('<b>1</b>')\n"
WHERE = '<a class="to-binder" href="https://example.org">open it</a>'


def state_of(*widgets):
    """The models of widgets as a notebook keeps them."""
    state = ipywidgets.Widget.get_manager_state(drop_defaults=False, widgets=None)["state"]
    return closure(json.loads(json.dumps(state)), [widget.model_id for widget in widgets])


def settled(widget):
    """The models of a widget on a page without a kernel."""
    return without_kernel(state_of(widget), [widget.model_id], WHERE)


def texts(state):
    """Everything that HTML widgets say, in one text."""
    return "\n".join(
        model["state"]["value"] for model in state.values() if model["model_name"] == "HTMLModel"
    )


def enabled(state):
    """The controls that could be used."""
    return [
        model["model_name"]
        for model in state.values()
        if model["model_module"].endswith("controls") and model["state"].get("disabled") is False
    ]


def names(state):
    """Which anywidgets there are."""
    return {model["state"].get("_anywidget_id", "").rpartition(".")[2] for model in state.values()}


@pytest.fixture(scope="module")
def trace():
    """A short run."""
    return lost_update(loops=1)


def test_a_stage_plays_and_does_not_ask_what_if(trace):
    """The player and all views stay; instead of "What if" there is a sentence."""
    stage = Stage(trace)
    before = state_of(stage)
    kept = copy.deepcopy(before)
    after = without_kernel(before, [stage.model_id], WHERE)
    assert before == kept, "what is given stays as it is"
    assert "Player" in names(after)
    assert enabled(after) == []
    assert "“The same in C” is written when it is asked for: both need a kernel" in texts(after)
    assert WHERE in texts(after)


def test_a_sandbox_keeps_its_picture(trace):
    """Controls are disabled, and it is said that another run needs a kernel."""
    after = settled(sandbox(lost_update, loops=(1, 3)))
    assert any(m["state"].get("disabled") for m in after.values())
    assert enabled(after) == []
    assert "Another run needs a kernel" in texts(after)
    assert "Player" in names(after)


def test_an_editor_shows_its_program():
    """The text area becomes a listing in which markup is text."""
    after = settled(Editor(Program("one", TEXT)))
    assert "CodeArea" not in names(after)
    assert "&lt;b&gt;1&lt;/b&gt;" in texts(after)
    assert "<b>1" not in texts(after)
    assert "Changing this program needs a kernel" in texts(after)
    assert enabled(after) == []


def test_an_exercise_keeps_task_and_hints():
    """The task, the program and the hints stay; nothing can be run or asked for."""
    made = Exercise(Program("one", TEXT), spec=Spec(output="1"), task="Do <it>.", hints=["A", "B"])
    after = settled(made)
    sheet = next(m["state"] for m in after.values() if m["state"].get("hints"))
    assert (sheet["hints"], sheet["access"]) == (["A", "B"], "none")
    assert "Do &lt;it&gt;." in texts(after)
    assert "Changing, running and checking this program needs a kernel" in texts(after)
    assert enabled(after) == []


def test_outcomes_are_listed():
    """Each outcome stands in a list; choosing another one needs a kernel."""
    machine = Machine()
    machine.launch(Program("one", "def main():\n    print(1)\n"))
    explored = explore(machine)
    after = settled(Outcomes(explored))
    assert "<li>1: prints &#x27;1&#x27;" in texts(after)
    assert "Playing another of them needs a kernel" in texts(after)
    assert enabled(after) == []


def test_being_the_scheduler_needs_a_kernel():
    """What can be reached and the picture stay; the buttons go, and a sentence says why."""
    after = settled(Scheduling(lost_update, goal="count 2", task="Lose all <updates>."))
    assert "Choosing the next thread needs a kernel" in texts(after)
    assert "Lose all &lt;updates&gt;." in texts(after)
    assert enabled(after) == []


def test_a_question_stays_as_it_is(trace):
    """A prediction needs no kernel, so nothing of it changes."""
    asked = Predict.from_trace(trace, kind="final_value", name="count")
    before = state_of(asked)
    assert without_kernel(before, [asked.model_id], WHERE) == before


def test_other_controls_are_disabled():
    """A control of which nothing is known can be seen and not used."""
    box = ipywidgets.VBox([ipywidgets.IntSlider(), ipywidgets.Button(description="Go")])
    after = settled(box)
    assert enabled(after) == []
    assert "These controls need a kernel" in texts(after)


class Pad(anywidget.AnyWidget):
    """A widget of a notebook, which says what it is without a kernel."""

    _esm = "export default { render() {} };"
    angle = traitlets.Int(7).tag(sync=True)
    _without_kernel = traitlets.Dict().tag(sync=True)


@pytest.mark.parametrize(
    ("said", "left", "words"),
    [
        ({}, True, ""),
        ({"how": "works"}, True, ""),
        ({"how": "left out"}, False, ""),
        ({"how": "left out", "words": "Turning needs a kernel"}, False, "Turning needs a kernel"),
        ({"how": "disabled", "words": "Turning needs a kernel"}, True, "Turning needs a kernel"),
    ],
)
def test_a_widget_of_anybody_says_what_it_is_without_a_kernel(said, left, words):
    """It stays, or is left out, with a sentence after it or in its place."""
    after = settled(ipywidgets.VBox([Pad(_without_kernel={**said, "state": {"angle": 0}})]))
    angles = [model["state"]["angle"] for model in after.values() if "angle" in model["state"]]
    assert angles == ([0] if left else [])
    assert (words in texts(after)) if words else not texts(after)


def test_what_nobody_shows_is_left_out(trace):
    """Only what a page shows, and what that refers to, is in it."""
    shown, other = ipywidgets.Label("a"), ipywidgets.Label("b")
    after = without_kernel(state_of(shown, other), [shown.model_id], WHERE)
    assert set(after) == {shown.model_id, shown.layout.model_id, shown.style.model_id}


def test_texts_are_shared(trace):
    """Texts of one class stand once, in a table; the models name them."""
    questions = [Predict.from_trace(trace, kind="final_value", name="count") for _ in range(2)]
    state, table = state_of(*questions), {}
    module = Predict._esm if isinstance(Predict._esm, str) else None
    share_texts(state, table)
    one, two = (state[asked.model_id]["state"] for asked in questions)
    assert one["_esm"] == two["_esm"] != module
    assert "fieldset" in table[one["_esm"]]
    assert table[one["_css"]] == questions[0]._css
    assert "\n.kit-predict" in table[one["_css"]]
    before = dict(table)
    share_texts(state_of(*questions), table)
    assert table == before
