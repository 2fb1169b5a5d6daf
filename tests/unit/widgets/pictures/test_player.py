"""The widgets as Python sees them, without any page."""

import json

import pytest
import traitlets

from kit import ArgumentError, Machine, TraceError
from kit.explore import explore
from kit.quiz import ask
from kit.scenarios import SCENARIOS
from kit.trace.link import read_link
from kit.tracks import Picture
from kit.tracks.picture import ABOUT
from kit.widgets import VIEWS, Cpu, Editor, Outcomes, Player, Predict, Stage
from kit.widgets.pictures.drawing import Drawing
from kit.widgets.stage import MAIN
from tests.running import run, scenario
from tests.unit.tracks.runs import counter
from tests.unit.tracks.test_extremes import crowded_processes, crowded_threads, empty, only_loading

EVERY_VIEW = tuple(VIEWS.values())
EVERY = (*EVERY_VIEW, Player, Stage)
PAYLOAD = 200_000


@pytest.fixture(scope="module")
def trace():
    """The run of the first lesson."""
    return counter()


@pytest.mark.parametrize(
    ("widget", "given", "hint"),
    [
        (Stage, "spede", "did you mean 'speed'?"),
        (Stage, "colour", "use one of title, views, folded, speed, tick, layout"),
        (Player, "playin", "did you mean 'playing'?"),
        (Player, "end", "use one of beside, tick, playing"),
        *((view, "playr", "did you mean 'player'?") for view in EVERY_VIEW),
        *((view, "background", "use one of player, folded, layout") for view in EVERY_VIEW),
    ],
)
def test_unknown_argument(trace, widget, given, hint):
    """An argument that does not exist is refused with what could be meant."""
    with pytest.raises(ArgumentError) as caught:
        widget(trace, **{given: 1})
    message = str(caught.value)
    assert message.startswith(f"{widget.__name__} has no argument '{given}'; {hint}")


@pytest.mark.parametrize("widget", EVERY)
@pytest.mark.parametrize("wrong", [None, Machine(), [1, 2], "trace"])
def test_what_is_no_trace(widget, wrong):
    """Anything but a trace is refused with where a trace comes from."""
    with pytest.raises(ArgumentError, match=rf"^{widget.__name__}: .*machine\.run\(\)"):
        widget(wrong)


@pytest.mark.parametrize("view", EVERY_VIEW)
def test_player_of_another_trace(trace, view):
    """A view refuses a player that plays something else, and what is no player."""
    with pytest.raises(ArgumentError, match=rf"^{view.__name__}: the player belongs to another"):
        view(trace, player=Player(counter()))
    for wrong in ("player", trace):
        with pytest.raises(ArgumentError, match=rf"^{view.__name__}: .*such as .*stage\.player"):
            view(trace, player=wrong)


def test_prediction_with_a_player_of_another_trace(trace):
    """A prediction refuses a player that cannot show its moment."""
    with pytest.raises(ArgumentError, match="the player belongs to another"):
        Predict.from_trace(trace, kind="final_value", name="count", player=Player(counter()))
    with pytest.raises(ArgumentError, match=r"give stage\.player"):
        Predict(ask(trace, "final_value", name="count"), player=trace)


@pytest.mark.parametrize("tick", [-1, 103, 10**9])
def test_tick_outside_the_trace(trace, tick):
    """A tick that the trace does not have is refused, and the player stays where it was."""
    player = Player(trace, tick=5)
    with pytest.raises(ArgumentError, match=f"tick {tick} is not in the trace; give .* 0 to 102"):
        player.tick = tick
    assert player.tick == 5
    with pytest.raises(ArgumentError, match="is not in the trace"):
        Stage(trace, tick=tick)


@pytest.mark.parametrize("trait", ["speed", "ticks_per_second"])
@pytest.mark.parametrize("value", [0, -1.0])
def test_time_does_not_stand_still(trace, trait, value):
    """A rate of zero or less is refused."""
    with pytest.raises(ArgumentError, match=f"{trait} is .*; give more than 0"):
        Player(trace, **{trait: value})


def test_end_is_read_only(trace):
    """The last tick comes from the trace alone."""
    with pytest.raises(traitlets.TraitError):
        Player(trace).end = 3


@pytest.mark.parametrize("widget", EVERY)
def test_text_is_stable(trace, widget):
    """Two equal widgets read the same, without addresses, also where no widget can be shown."""
    one, other = widget(trace), widget(trace)
    assert repr(one) == repr(other)
    assert "0x" not in repr(one)
    assert one.model_id not in repr(one)
    bundle = one._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == getattr(one, "in_words", repr(one))
    assert data["text/plain"] == getattr(other, "in_words", repr(other))
    assert one.model_id not in data["text/plain"]
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == one.model_id


def test_text_names_the_run(trace):
    """The text of a stage, of a view, of a player and of a prediction says what is in it."""
    assert repr(Stage(trace)) == "<Stage of <Trace: 'counter'; 102 ticks>>"
    assert repr(Cpu(trace)) == "<Cpu of <Trace: 'counter'; 102 ticks>>"
    assert repr(Player(trace, tick=7)) == "<Player at tick 7 of 102>"
    predict = Predict.from_trace(trace, kind="final_value", name="count")
    assert repr(predict).startswith(f"<Predict: {predict.question.prompt} ")


def test_payload_of_the_first_lesson(trace):
    """All keyframes of the first lesson, which cross the wire once, take less than 200 kB."""
    tracks = Stage(trace).player.tracks
    assert len(tracks) == 1 + len(MAIN)
    size = sum(len(one.data) + len(json.dumps(one.header).encode()) for one in tracks)
    assert size < PAYLOAD


def test_views_alone_have_their_own_player(trace):
    """A view without a player makes one and shows it; views of a stage share the stage's."""
    for view in EVERY_VIEW:
        alone, other = view(trace), view(trace)
        assert alone.player is not other.player
        assert alone.player in alone.children
        shared = Player(trace)
        together = [view(trace, player=shared), Cpu(trace, player=shared)]
        assert all(one.player is shared and shared not in one.children for one in together)
        assert len(shared.tracks) == 3
    stage = Stage(trace)
    assert {one.player for one in stage.views.values()} == {stage.player}
    assert tuple(stage.views) == MAIN


def test_long_run_plays_within_a_minute(trace):
    """A short run plays at four ticks a second, a long one faster; what is asked for counts."""
    assert Player(trace).ticks_per_second == 4.0
    long = crowded_threads()
    assert Player(long).ticks_per_second == long.end / 60
    assert Player(long, ticks_per_second=2).ticks_per_second == 2.0


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(crowded_threads, marks=pytest.mark.slow),
        crowded_processes,
        empty,
        only_loading,
    ],
)
def test_extreme_runs_have_a_stage(make):
    """A crowded, an empty or a cut run has a stage like any other."""
    run = make()
    stage = Stage(run)
    assert stage.player.end == run.end
    if run.history.processes:
        assert stage.player.title
    for view in EVERY_VIEW:
        assert view(run).widgets


@pytest.mark.parametrize("make", [counter, crowded_threads, empty])
def test_marks_fit_their_channels(make):
    """Each channel drives a trait that its mark has, with one value an element."""
    run = make()
    for view in EVERY_VIEW:
        picture: Picture = view.lay_out(run)
        marks = Drawing(picture).widgets
        for (name, trait), channel in picture.channels.items():
            if name in marks and trait != ABOUT:
                value = getattr(marks[name], trait)
                if channel.spread and channel.elements == 1:
                    value = [value]  # bqplot makes a list of one row that row
                assert len(value) == channel.elements, f"{view.__name__}: {name}.{trait}"


def test_what_elements_are_about_is_told_to_no_mark(trace):
    """Only the page asks those channels; no mark has such a trait."""
    header = Cpu(trace).tracks.header
    told = [
        (number, one["target"])
        for number, one in enumerate(header["channels"])
        if one["trait"] == ABOUT
    ]
    assert [number for number, _ in told] == [number for number, _ in header["about"]]
    assert {target for _, target in told} == {-1}


def test_headings_show_markup_as_text(trace):
    """Nothing in a stage puts a title into HTML."""
    stage = Stage(trace, title="<img src=x onerror=alert(1)>")
    assert stage.player.title == "<img src=x onerror=alert(1)>"
    found = [stage]
    for widget in found:
        found.extend(getattr(widget, "children", ()))
        if type(widget).__name__ == "HTML":
            assert "<img" not in widget.value


def test_a_player_has_a_link_to_its_run(trace):
    """What the page needs for it comes along, and Python makes the same."""
    player = Player(trace, tick=7)
    assert player.link() == f"run.html#run={player.links['']}&t=7"
    assert read_link(player.link()).trace.digest == trace.digest
    player.trace = other = scenario("deadlock")
    assert read_link(player.link("https://example.org/run.html")).trace.digest == other.digest


def test_a_link_that_is_asked_for_wrongly(trace):
    """What a link does not take is named, with what it does."""
    stage = Stage(trace)
    outcomes = Outcomes(explore(SCENARIOS["lost_update"]))
    for widget in (stage, stage.player, outcomes, Editor(trace.programs[0], run=lambda _: trace)):
        with pytest.raises(ArgumentError, match=r"\.link has no argument 'tick'; use one of page"):
            widget.link(tick=5)
    with pytest.raises(ArgumentError, match=r"Stage\.save has no argument 'tick'; did you mean"):
        stage.save("a.svg", tick=5)


def test_each_run_on_a_clock_has_a_link(trace):
    """They are told apart by their labels."""
    player = Player(trace, beside={"before": trace, "after": scenario("deadlock")})
    assert list(player.links) == ["before", "after"]
    assert read_link(f"run={player.links['after']}").trace.digest == scenario("deadlock").digest


def test_a_run_without_a_link_says_why():
    """The page shows the sentence in place of copying."""
    lines = "\n".join(f"    print({n * n * 7919 % 1000003}, {n})" for n in range(2000))
    player = Player(run(f"def main():\n{lines}"))
    assert "at most 8192 are sure to arrive" in player.links[""]
    with pytest.raises(TraceError, match="save it as a file"):
        player.link()
