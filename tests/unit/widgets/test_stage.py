"""The stage, its branches and comparisons, as Python sees them."""

import pytest
from ipywidgets.widgets import widget as registry

from kit import ArgumentError, Inject, Kill, LimitExceeded, RunNext, Trace, Write
from kit.scenarios import SCENARIOS
from kit.widgets import VIEWS, Compare, Player, Stage, Timeline
from kit.widgets.branching import ACTIONS, intervention
from tests.unit.tracks.runs import counter
from tests.unit.tracks.test_extremes import crowded_processes, empty


@pytest.fixture(scope="module")
def trace() -> Trace:
    """The run of the first lesson."""
    return counter()


def models() -> set[str]:
    """The ids of all widgets that are alive."""
    return set(registry._instances)


def test_views_by_name(trace):
    """A stage shows the views it was asked for, once each, and has them by name."""
    stage = Stage(trace, views=["timeline", "cpu", "timeline"])
    assert list(stage.views) == ["timeline", "cpu"]
    assert isinstance(stage.timeline, Timeline)
    with pytest.raises(AttributeError, match="this stage has no 'disk'"):
        _ = stage.disk
    assert list(Stage(trace, views=list(VIEWS)).views) == list(VIEWS)


@pytest.mark.parametrize(
    ("views", "message"),
    [
        (["timelin"], "Stage: there is no view 'timelin'; did you mean 'timeline'"),
        ("timeline", "Stage: views is 'timeline'; give a list of names"),
        ([3], "Stage: there is no view 3; use one of"),
        (None, "Stage: views is None; give a list of names"),
    ],
)
def test_wrong_views(trace, views, message):
    """A view that does not exist is refused with what could be meant."""
    with pytest.raises(ArgumentError) as caught:
        Stage(trace, views=views)
    assert str(caught.value).startswith(message)


def test_folded_views(trace):
    """A teacher folds views by name, at once or later; one that is not shown is refused."""
    assert all(
        "kit-fold" in view._caption.value for view in Stage(trace, views=VIEWS).views.values()
    )
    stage = Stage(trace, folded=["disk"])
    assert [name for name, view in stage.views.items() if view.folded] == ["disk"]
    assert '<details class="kit-fold">' in stage.disk._caption.value
    stage.disk.folded = False
    assert '<details class="kit-fold" open>' in stage.disk._caption.value
    with pytest.raises(ArgumentError, match="no view 'console' to fold; name it in views"):
        Stage(trace, folded=["console"])


def test_the_timeline_is_nearest_to_the_pictures(trace):
    """Whatever the order in which views are named, the timeline stands first of those below."""
    stage = Stage(trace, views=["cpu", "process_table", "timeline"])
    assert list(stage.children[2:4]) == [stage.timeline, stage.process_table]


def test_another_trace_in_the_same_widgets(trace):
    """Setting the trace shows another run in the same figures, at the same tick."""
    other = SCENARIOS["counter_with_lock"]()
    stage = Stage(trace, tick=40)
    figures = {name: view.figure for name, view in stage.views.items()}
    before = {name: view.tracks.data for name, view in stage.views.items()}
    stage.trace = other
    assert stage.player.tick == 40
    assert (stage.player.trace, stage.player.end) == (other, other.end)
    for name, view in stage.views.items():
        assert view.trace is other
        assert view.figure is figures[name]
        assert view.tracks.data == Stage(other).views[name].tracks.data
    assert stage.timeline.tracks.data != before["timeline"]
    stage.player.trace = trace
    assert stage.trace is trace
    assert {name: view.tracks.data for name, view in stage.views.items()} == before
    stage.timeline.trace = other
    assert stage.trace is other


def test_a_shorter_trace_ends_the_player_there(trace):
    """A place behind the end of the new run becomes its end."""
    stage = Stage(trace, tick=trace.end)
    short = trace.branch(at=20, do=Kill(2))
    stage.trace = short
    assert stage.player.tick == stage.player.end == short.end < trace.end


@pytest.mark.slow
def test_every_scenario_can_follow_every_other():
    """A stage goes through all scenarios, and each time shows what a new one would."""
    stage = Stage(counter(), views=list(VIEWS))
    for scenario in SCENARIOS.values():
        run = scenario()
        stage.trace = run
        for name, view in stage.views.items():
            fresh = VIEWS[name](run)
            assert view.tracks.header == fresh.tracks.header, f"{scenario.name}: {name}"
            assert set(view.widgets) == set(fresh.widgets)
            fresh.close()


def test_branch_shows_both_runs(trace):
    """A branch at the shown tick appears beside the old run, and is what `Trace.branch` gives."""
    stage = Stage(trace, tick=40)
    other = stage.branch(Write(2, "count", 50))
    assert other.digest == trace.branch(at=40, do=Write(2, "count", 50)).digest
    assert stage.comparison is stage.children[-1]
    assert (stage.comparison.a, stage.comparison.b) == (trace, other)
    assert stage.comparison.player.tick == 40
    again = stage.branch(Kill(2), at=10, label="killed")
    assert stage.comparison.b is again
    assert stage.comparison.labels == ("as it was", "killed")
    assert sum(isinstance(child, Compare) for child in stage.children) == 1
    with pytest.raises(ArgumentError, match="there is no process 10"):
        stage.branch(Kill(10))
    assert stage.comparison.b is again


def test_what_if_by_its_controls(trace):
    """The controls offer what there is at the tick, run it, and say what is not possible."""
    stage = Stage(trace, tick=40)
    form = stage.branching
    form.unfold.value = True
    form.action.value = "set a variable"
    assert [label for label, _ in form.whom.options] == [
        f"count = {trace.at(40).processes[2].globals['count']} of counter (pid 2)"
    ]
    form.value.value = 50
    form.go.click()
    assert stage.comparison.b.digest == trace.branch(at=40, do=Write(2, "count", 50)).digest
    form.action.value = "run a thread next"
    ready = [f"counter T{tid} (pid 2), ready" for _, tid in trace.at(40).ready]
    assert [label for label, _ in form.whom.options] == ready
    stage.player.tick = trace.end
    assert form.go.disabled
    assert form.whom.options == (("none at this tick", None),)
    assert form.go.description == f"Run on from tick {trace.end}"


def test_what_is_chosen_stays_chosen(trace):
    """Who was chosen stays chosen at another tick where there is the same choice."""
    stage = Stage(trace, tick=30)
    form = stage.branching
    form.unfold.value = True
    form.action.value = "kill a thread"
    form.whom.index = 1
    label = form.whom.label.split(",")[0]
    stage.player.tick = 31
    assert form.whom.label.startswith(label)


@pytest.mark.parametrize(
    ("action", "whom", "expected"),
    [
        ("kill a process", (2,), Kill(2)),
        ("kill a thread", (2, 2), Kill(2, 2)),
        ("let a thread fail", (2, 2), Inject(2, 2, "abort")),
        ("run a thread next", (2, 3), RunNext(2, 3)),
        ("set a variable", (2, "log", 2), Write(2, "log", 9, 2)),
    ],
)
def test_interventions(action, whom, expected):
    """Each action of the controls is an intervention of the machine."""
    assert intervention(action, whom, "abort", 9) == expected


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_whatever_is_offered_is_possible(name):
    """What the controls offer at a tick of a scenario can be done there."""
    trace = SCENARIOS[name]()
    tick = trace.end // 2
    for action, choices in ACTIONS.items():
        for label, whom in choices(trace.at(tick))[:2]:
            try:
                other = trace.branch(at=tick, do=intervention(action, whom, "abort", 1))
            except LimitExceeded as limit:  # such as a lock that nobody releases any more
                other = limit.trace
            assert other.end >= tick, label


def test_compare_on_one_clock_and_on_two(trace):
    """On one clock one player moves all, on two each run has its own."""
    other = SCENARIOS["counter_with_lock"]()
    compare = Compare(trace, other, labels=("without", "with"), tick=10)
    assert compare.player.end == max(trace.end, other.end)
    assert {view.player for side in compare.views for view in side.values()} == {compare.player}
    assert compare.player.tick == 10
    assert {side["timeline"].widgets["zoom"].end for side in compare.views} == {other.end}
    assert compare.differences.text()[0][0]
    compare.player.tick = compare.player.end
    apart = Compare(trace, other, clock="own", views=["console"] if "console" in VIEWS else ["cpu"])
    assert [player.end for player in apart.players] == [trace.end, other.end]
    assert apart.differences is None
    assert repr(compare) == f"<Compare without: {trace!r} with with: {other!r}>"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"labels": "ab"}, "Compare: labels is 'ab'; give two different texts"),
        ({"labels": ("a", "a")}, "Compare: labels is"),
        ({"clock": "wall"}, "Compare: clock is 'wall'; give 'shared' or 'own'"),
        ({"view": ["cpu"]}, "Compare has no argument 'view'; did you mean 'views'"),
        ({"views": ["cpus"]}, "Compare: there is no view 'cpus'"),
        ({"tick": 10**6}, "Player: tick 1000000 is not in the trace"),
    ],
)
def test_wrong_comparisons(trace, given, message):
    """A comparison says what does not fit."""
    with pytest.raises(ArgumentError) as caught:
        Compare(trace, trace, **given)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("make", [Stage, Player, Timeline, lambda trace: Compare(trace, trace)])
def test_closing_leaves_no_model(trace, make):
    """Closing a widget closes everything that was made with it."""
    before = models()
    widget = make(trace)
    if isinstance(widget, Stage):
        widget.branch(Kill(2), at=30)
        widget.trace = SCENARIOS["fork_copies_on_write"]()
        widget.branch(at=3)
    assert len(models() - before) >= 3
    widget.close()
    assert models() == before


def test_closing_a_view_leaves_the_others(trace):
    """A view that is closed leaves its player and the other views on it."""
    player = Player(trace)
    kept, gone = Timeline(trace, player=player), Timeline(trace, player=player)
    gone.close()
    assert kept.tracks in player.tracks
    assert gone.tracks not in player.tracks
    assert player.comm is not None
    kept.trace = SCENARIOS["zombie"]()
    assert player.trace is kept.trace


@pytest.mark.parametrize("make", [crowded_processes, empty])
def test_odd_runs_can_be_compared(make):
    """A crowd and an empty machine have a comparison like any other run."""
    run = make()
    assert Compare(run, counter()).player.end >= run.end
