"""Widgets that show a real run as they show a simulated one."""

import pytest

from kit import ArgumentError
from kit.widgets import (
    VIEWS,
    AddressSpaces,
    Compare,
    Console,
    Metrics,
    Player,
    ProcessTable,
    Stage,
    Timeline,
)
from kit.widgets.views import REAL_VIEWS
from tests.unit.host.looking.test_memory import a_space
from tests.unit.host.running.logs import real_run
from tests.unit.tracks.test_beside_real import model


@pytest.mark.parametrize("name", VIEWS)
def test_views_show_it_or_say_why_not(name: str):
    """Timeline, console, process table and life cycle take a real run, the others refuse it."""
    real = real_run()
    if name in REAL_VIEWS:
        view = VIEWS[name](real)
        view.player.tick = real.trace.end
        assert view.trace is real.trace
        assert "counter" in view.in_words
    else:
        with pytest.raises(ArgumentError, match="a real run says nothing of what it shows; take"):
            VIEWS[name](real)


def test_each_says_what_a_tick_is():
    """Below the picture it is told that the run is real, and how long a tick is."""
    real = real_run()
    clock = real.trace.clock
    assert Timeline(real).widgets["zoom"].legend[-1] == clock
    assert Console(real).widgets["console"].caption == clock
    assert ProcessTable(real).widgets["processes"].caption.startswith(clock)
    assert Player(real).links == {
        "": "link: a real run cannot be done again, so no link leads to it; copy one to the "
        "simulated run"
    }


def test_what_is_not_recorded_is_not_made_up():
    """Frames, files and registers are no zeros but left open."""
    real = real_run()
    view = ProcessTable(real, player=None)
    view.player.tick = real.trace.end // 2
    row = next(line for line in view.in_words.splitlines() if line.startswith("2 | "))
    assert row.split(" | ")[5:7] == ["—", "—"]


def test_a_stage_has_the_views_that_it_can_have():
    """A stage of a real run shows what there is, and offers no other way to go on."""
    real = real_run()
    stage = Stage(real)
    assert list(stage.views) == ["timeline", "process_table", "console"]
    assert stage.branching not in stage.children
    assert stage.player.subtitle.endswith("2 cores · this computer · a tick is 100 ns")
    with pytest.raises(ArgumentError, match="Frames: a real run says nothing"):
        Stage(real, views=["frames"])


def test_model_and_reality_are_beside_each_other():
    """Each has its own clock, and a table says what is equal."""
    real = real_run()
    compare = Compare(model(), real)
    assert compare.labels == ("model", "this computer")
    assert [player.trace for player in compare.players] == [compare.a, real.trace]
    assert [list(views) for views in compare.views] == [["timeline", "console"]] * 2
    assert compare.differences in compare.children
    assert compare.in_words.splitlines()[0] == real.trace.clock
    with pytest.raises(ArgumentError, match="a tick of a real run is no tick of the model"):
        Compare(model(), real, clock="shared")
    with pytest.raises(ArgumentError, match="give the simulated run first"):
        Compare(real, model())


def test_metrics_are_those_that_are_known():
    """What a real run does not tell is none, and says so; its ticks are explained."""
    real = real_run()
    metrics = Metrics({"model": model(), "here": real}, of=("wait", "switches", "page_faults"))
    rows = {row[0]: row[2:] for row in metrics.table.rows}
    assert rows["mean wait"][1] == "none*"
    assert rows["context switches"][1] == "12"
    assert rows["page faults"][1] == "90"
    assert "of which a real run says nothing" in metrics.table.caption
    assert f"here: {real.trace.clock}" in metrics.table.caption
    assert list(Metrics(real).runs) == ["this computer"]


def test_a_real_address_space_has_the_colours_of_the_model():
    """Its segments are bands of `AddressSpaces`, which shows of a real one names and sizes."""
    space = a_space()
    view = AddressSpaces(space)
    told = view.in_words
    assert "own program · pid 77 · RSS 9 MiB, of which private 3 MiB" in told
    for line in ("code · 8 KiB", "heap · 1 MiB", "stack T2 · 1 MiB", "shared libc.so.6 · 2 MiB"):
        assert line in told.replace("1024 KiB", "1 MiB").replace("2048 KiB", "2 MiB")
    with pytest.raises(ArgumentError, match="Timeline: a real address space says nothing of what"):
        Timeline(space)
