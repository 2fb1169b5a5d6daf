"""The view of physical memory as Python sees it, without any page."""

import pytest

from kit import ArgumentError
from kit.scenarios import SCENARIOS
from kit.widgets import Player
from kit.widgets.views import Frames


@pytest.fixture(scope="module")
def trace():
    """A process that forks."""
    return SCENARIOS["fork_copies_on_write"]()


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_a_view(name):
    """Each named run has a grid of its frames and, where there is one, of its swap area."""
    trace = SCENARIOS[name]()
    view = Frames(trace)
    assert list(view.widgets) == (["ram", "swap"] if trace.settings.swap else ["ram"])
    assert view.figure is None
    ram = view.widgets["ram"]
    assert len(ram.text()) == trace.settings.ram // trace.settings.page_size
    assert (
        ram.text()[: trace.settings.reserved_frames] == ["system"] * trace.settings.reserved_frames
    )


def test_it_shows_where_the_player_stands(trace):
    """A view on a player that stands somewhere shows that tick before anybody plays."""
    for tick in (0, 7, trace.end):
        view = Frames(trace, player=Player(trace, tick=tick))
        users = trace.at(tick).frame_users
        text = view.widgets["ram"].text()
        assert [place for place, owner in enumerate(text) if owner not in ("", "system")] == [
            *users
        ]
        assert all(text[frame].endswith(f" of pid {u[0][0]}") for frame, u in users.items())
        assert view.widgets["ram"].summary[0] == f"{6 + len(users)} of 64 frames in use"


def test_another_run_in_the_same_widgets(trace):
    """Another run is shown in the same grid; one of slots comes and goes with the swap area."""
    view = Frames(trace)
    ram = view.widgets["ram"]
    view.trace = SCENARIOS["full_ram"]()
    assert view.widgets["ram"] is ram
    assert (ram.count, ram.reserved, ram.size) == (8, 1, 256)
    swap = view.widgets["swap"]
    assert swap.count == 32
    view.trace = SCENARIOS["base_and_bounds"]()
    assert list(view.widgets) == ["ram"]
    assert swap.comm is None
    assert ram.contiguous
    view.close()
    assert ram.comm is None


def test_unknown_argument(trace):
    """An argument that does not exist is refused."""
    with pytest.raises(ArgumentError, match="Frames has no argument 'colour'"):
        Frames(trace, colour=1)


def test_text_is_stable(trace):
    """The text of the view and of its grid says what is in them, without addresses."""
    view = Frames(trace)
    assert repr(view) == "<Frames of <Trace: 'forking', 'forking'; 30 ticks>>"
    assert repr(view.widgets["ram"]) == "<FrameGrid: Physical frames; 64 frames>"
    bundle = view.widgets["ram"]._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == repr(view.widgets["ram"])
