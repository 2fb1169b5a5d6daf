"""The views of processes and threads as widgets."""

import pytest

from kit.errors import ArgumentError
from kit.scenarios import SCENARIOS
from kit.widgets.pictures.player import Player
from kit.widgets.views import Lifecycle, Perspective, ProcessTable


@pytest.mark.parametrize("kind", [Lifecycle, Perspective, ProcessTable])
def test_another_run_in_the_same_widgets(kind):
    """A view can show another run, also one without any process, and goes on to work."""
    view = kind(SCENARIOS["lost_update"]())
    for name in ("fork_bomb", "one_program", "base_and_bounds"):
        view.trace = SCENARIOS[name]()
        assert view.player.trace is view.trace
    assert view.widgets
    view.close()


def test_show_one_diagram():
    """The life cycle shows threads, processes or both, and says what else it cannot be."""
    trace = SCENARIOS["zombie"]()
    view = Lifecycle(trace, player=Player(trace), show="threads")
    assert not any(name.startswith("process") for name in view.widgets)
    view.show = "both"
    assert {"process tokens", "thread tokens"} <= set(view.widgets)
    view.show = "processes"
    assert not any(name.startswith("thread") for name in view.widgets)
    with pytest.raises(ArgumentError, match="show"):
        Lifecycle(trace, show="files")


def test_table_reads_as_it_looks():
    """The process table at a tick is what a screen reader reads."""
    trace = SCENARIOS["zombie"]()
    view = ProcessTable(trace, player=Player(trace, tick=20))
    rows = view.widgets["processes"].text()
    assert rows[0][:4] == ["1", "init", "0", "blocked"]
    assert rows[1][:4] == ["2", "parent", "1 (init)", "running"]
    assert rows[3] == ["3", "parent", "2", "zombie", "0", "0", "—", "7"]
