"""What the kit draws with bqplot, without bqplot's Python half."""

import subprocess
import sys

import bqplot
import ipywidgets
import numpy as np
import pytest

from kit.scenarios import lost_update
from kit.widgets import Timeline
from kit.widgets.pictures import bqplot_models
from kit.widgets.pictures.bqplot_models import numbers_from_json, numbers_to_json

ROWS = ([1.0, 2.5, -3.0], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [], [[], []], [float("nan"), 0.0])
SAMPLE = {"x": [1.0, 2.0], "y": [[1.0, 2.0], [3.0, 4.0]]}
GIVEN = {
    "LinearScale": {"min": 0.0, "max": 4.0, "reverse": True, "allow_padding": False},
    "OrdinalScale": {"reverse": True},
    "Axis": {"side": "left", "tick_values": [0.0, 5.0], "label": "ticks"},
    "Lines": {**SAMPLE, "colors": ["#123456"], "labels": ["", ""], "interactions": {}},
    "Label": {"x": [1.0], "y": [2.0], "text": ["a"], "opacities": [0.5], "font_weight": "bolder"},
    "Bars": {"x": ["one", "two"], "y": [1.0, 2.0], "orientation": "horizontal"},
    "Figure": {"padding_y": 0.0, "fig_margin": {"top": 0, "bottom": 1, "left": 2, "right": 3}},
}
ARRAYS = ("x", "y", "opacities", "tick_values")


def _told(kind: type[ipywidgets.Widget], traits: dict[str, object]) -> dict[str, object]:
    """What a page is told of a model; of other models in it only which they are."""
    scales = {way: bqplot.LinearScale() for way in ("x", "y")}
    own = {"scales": scales} if kind.__name__ in ("Lines", "Label", "Bars") else {}
    own = {"scale": scales["x"]} if kind.__name__ == "Axis" else own
    return {name: _plain(value) for name, value in kind(**own, **traits).get_state().items()}


def _as_arrays(traits: dict[str, object]) -> dict[str, object]:
    """Traits as bqplot wants them: numbers in arrays."""
    numbers = {name: traits[name] for name in ARRAYS if name in traits}
    return traits | {name: np.array(value) for name, value in numbers.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, memoryview):
        return value.tobytes()
    if isinstance(value, str) and value.startswith("IPY_MODEL_"):
        return "a model"
    return value


@pytest.mark.parametrize("name", GIVEN)
def test_page_is_told_the_same_as_by_bqplot(name: str):
    """A model says what bqplot's own says, by default and with what the kit sets."""
    ours, theirs = getattr(bqplot_models, name), getattr(bqplot, name)
    given = GIVEN[name]
    assert _told(ours, given) == _told(theirs, _as_arrays(given))
    assert _told(ours, {}).keys() == _told(theirs, {}).keys()


@pytest.mark.parametrize("rows", ROWS, ids=repr)
def test_numbers_are_packed_as_bqplot_packs_them(rows: list[object]):
    """Numbers become the bytes that bqplot sends, and come back the same."""
    scales = {way: bqplot.LinearScale() for way in ("x", "y")}
    theirs = bqplot.Lines(x=np.array(rows, dtype=float), y=[], scales=scales).get_state()["x"]
    ours = numbers_to_json(rows)
    assert _plain(ours) == _plain(theirs)
    assert repr(numbers_from_json(ours)) == repr(rows)


def test_rows_of_unlike_length_are_refused():
    """What has no shape is told at once, and not drawn wrongly."""
    with pytest.raises(ValueError, match="same length"):
        numbers_to_json([[1.0], [1.0, 2.0]])


def test_marks_of_bqplot_stand_in_a_figure_of_the_kit():
    """What a teacher has drawn with bqplot can be put into the figure of a view."""
    view = Timeline(lost_update())
    scales = {"x": bqplot.LinearScale(min=0, max=1), "y": bqplot.LinearScale(min=0, max=1)}
    mark = bqplot.Lines(x=[0, 1], y=[1, 0], scales=scales)
    axis = bqplot.Axis(scale=scales["x"])
    view.figure.marks = [*view.figure.marks, mark]
    view.figure.axes = [axis]
    told = view.figure.get_state()
    assert told["marks"][-1] == f"IPY_MODEL_{mark.model_id}"
    assert told["axes"] == [f"IPY_MODEL_{axis.model_id}"]


@pytest.mark.notebook
def test_widgets_need_neither_numpy_nor_pandas():
    """The widgets can be imported, and a stage made, where numpy and pandas are not."""
    code = (
        "import sys\n"
        "for name in ('bqplot', 'numpy', 'pandas'): sys.modules[name] = None\n"
        "from kit.scenarios import lost_update\n"
        "from kit.widgets import Metrics, Stage\n"
        "Metrics(Stage(lost_update()).trace)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
