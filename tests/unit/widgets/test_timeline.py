"""The timeline and the CPU as widgets: options, another run, the zoom."""

import pytest

from kit import ArgumentError
from kit.scenarios import SCENARIOS
from kit.widgets.pictures.zoom import Zoom
from kit.widgets.views import Cpu, Timeline
from tests.unit.tracks.runs import counter


@pytest.mark.parametrize(
    ("view", "option", "hint"),
    [
        (Timeline, {"lanes": "process"}, "'lanes'"),
        (Timeline, {"direction": "left"}, "'direction'"),
        (Timeline, {"lane": "core"}, "did you mean 'lanes'?"),
        (Cpu, {"registers": "some"}, "'registers'"),
    ],
)
def test_wrong_options_are_refused(view, option, hint):
    """An option that does not exist, or a value it does not have, is refused with what fits."""
    with pytest.raises(ArgumentError) as caught:
        view(counter(), **option)
    assert str(caught.value).startswith(view.__name__)
    assert hint in str(caught.value)


def test_lanes_and_direction_change_in_the_same_widgets():
    """Setting an option shows the same run anew, in the same figure and with the same zoom."""
    view = Timeline(counter())
    figure, zoom, scale = view.figure, view.widgets["zoom"], view.drawing.scales["time"]
    assert (zoom.down, len(zoom.lanes)) == (False, 3)
    view.lanes = "core"
    assert (zoom.down, len(zoom.lanes)) == (False, 1)
    view.direction = "down"
    assert zoom.down
    assert zoom.plain is view.drawing.scales["y"]
    assert (view.figure, view.widgets["zoom"], zoom.scale) == (figure, zoom, scale)
    assert scale.reverse
    playhead = view.widgets["playhead"]
    assert (playhead.scales["x"], playhead.scales["y"]) == (view.drawing.scales["x"], scale)
    view.direction = "right"
    assert (playhead.scales["x"], playhead.scales["y"]) == (scale, view.drawing.scales["y"])
    assert not scale.reverse


def test_caption_says_what_a_lane_is():
    """The heading names threads or cores, also when the option changes."""
    view = Timeline(counter(), lanes="core")
    assert "one lane for each core" in view.children[1].value
    view.lanes = "thread"
    assert "one lane for each thread" in view.children[1].value


def test_zoom_works_on_the_marks_of_its_figure():
    """After another run is shown, the zoom knows its marks, bars and length."""
    view = Timeline(counter())
    other = SCENARIOS["messages"]()
    view.trace = other
    zoom = view.widgets["zoom"]
    assert (zoom.end, len(zoom.lanes)) == (other.end, 2)
    assert zoom.writing is view.widgets["notes"]
    assert zoom.bars in view.figure.marks
    view.trace = SCENARIOS["main_ends_alone"]()
    for mark in (zoom.bars, zoom.states, zoom.ruler):
        assert mark in view.figure.marks
    assert zoom.writing is view.widgets.get("notes")


@pytest.mark.parametrize("window", [[5, 3], [-1, 4], [1, 2, 3], [7]])
def test_zoom_refuses_what_is_no_window(window):
    """A window is empty, or a first and a later last tick."""
    zoom = Zoom()
    with pytest.raises(Exception, match="give first and last tick"):
        zoom.window = window
    zoom.window = [3, 5]
    assert zoom.window == [3.0, 5.0]


def test_all_registers_are_shown_when_asked_for():
    """The option shows eleven registers instead of three."""
    view = Cpu(counter())
    assert len(view.widgets["registers"].text) == 3
    view.registers = "all"
    assert len(view.widgets["registers"].text) == 11


def test_closing_leaves_no_part_of_a_timeline_open():
    """The zoom, its scale and all marks are closed with the view."""
    view = Timeline(counter(), direction="down")
    parts = [view.widgets["zoom"], view.drawing.scales["time"], *view.figure.marks, view.figure]
    assert all(part.comm is not None for part in parts)
    view.close()
    assert all(part.comm is None for part in parts)
