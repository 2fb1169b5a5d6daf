"""Widgets of a cell that is run again."""

import pytest
from ipywidgets.widgets import widget as registry

from kit.widgets import Compare, Listing, Metrics, Player, Predict, Stage, Timeline
from kit.widgets.base import lifetimes
from tests.unit.tracks.runs import counter


@pytest.fixture
def run_cell(monkeypatch):
    """Say which cell is running, for which time, and which were deleted."""
    monkeypatch.setattr(lifetimes, "_made", {})

    def say(cell: str, run: str, *deleted: str) -> None:
        monkeypatch.setattr(lifetimes, "_running", lambda: (cell, run, list(deleted)))

    return say


def say_gone(widget) -> None:
    """Let the page say that nobody shows a widget any more."""
    widget.release_channel._handle_custom_msg({"gone": True}, [])


@pytest.mark.parametrize(
    "make",
    [Stage, Player, Timeline, lambda trace: Compare(trace, trace)],
)
def test_a_cell_run_again_closes_what_nobody_shows(run_cell, make):
    """What a cell made is kept while another cell shows it, and closed with all its parts then."""
    trace = counter()
    before = set(registry._instances)
    run_cell("a", "first")
    old = make(trace)
    made = set(registry._instances) - before
    run_cell("a", "second")
    new = make(trace)
    assert made <= set(registry._instances)
    say_gone(old)
    assert not made & set(registry._instances)
    assert new.comm is not None


def test_other_cells_are_left_alone(run_cell):
    """Another cell, and the same run of a cell, close nothing."""
    trace = counter()
    run_cell("a", "first")
    one, two = Metrics(trace), Metrics(trace)
    run_cell("b", "second")
    three = Metrics(trace)
    assert all(widget.comm is not None for widget in (one, two, three))
    run_cell("a", "third")
    Metrics(trace)
    assert [widget.comm is None for widget in (one, two, three)] == [True, True, False]


def test_deleted_cells_let_go(run_cell):
    """A cell that was deleted takes its widgets with it."""
    run_cell("a", "first")
    gone = Metrics(counter())
    run_cell("b", "second", "a")
    Metrics(counter())
    assert gone.comm is None


def test_views_on_a_player_of_another_cell(run_cell):
    """A view that was made again on a player of another cell leaves that, without the old view."""
    run_cell("a", "first")
    player = Player(counter())
    run_cell("b", "second")
    old = Listing(player.trace, player=player)
    run_cell("b", "third")
    new = Listing(player.trace, player=player)
    assert old.comm is None
    assert old.tracks not in player.tracks
    assert new.tracks in player.tracks


def test_parts_of_a_stage_stay_with_it(run_cell):
    """The views of a stage that another cell still shows are not closed one by one."""
    run_cell("a", "first")
    stage = Stage(counter())
    run_cell("a", "second")
    Predict.from_trace(stage.trace, kind="final_value", name="count", player=stage.player)
    assert all(view.comm is not None for view in stage.views.values())
    say_gone(stage)
    assert all(view.comm is None for view in stage.views.values())
