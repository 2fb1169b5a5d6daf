import json

import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Program
from kit.explore import explore
from kit.scenarios import lost_update
from kit.widgets import Outcomes, Predict

GRAPH = ("places", "texts", "told", "reach", "ends", "steps", "ways", "outcomes")
SPIN = Program("<b>spin</b>", "x = 0\ndef main():\n    while x == 0:\n        pass")


@pytest.fixture(scope="module")
def explored():
    """Every schedule of two threads that count."""
    return explore(lost_update)


def test_each_outcome_has_a_bar_and_a_line(explored):
    """Bars and list name the same outcomes, with their numbers."""
    shown = Outcomes(explored)
    names = [str(outcome) for outcome in explored.outcomes]
    assert list(shown.chart.bars.x) == names
    assert sum(shown.chart.bars.y) == pytest.approx(100)
    assert [text.split(": ", 1)[1].rsplit(" (", 1)[0] for text, _ in shown._list.options] == names
    assert explored.outcomes[0].schedules is not None
    assert f"{explored.outcomes[0].schedules:,}" in shown.chart.numbers.text[0]


def test_choosing_one_plays_its_witness(explored):
    """Choosing an outcome shows the run that has it, from the start, playing."""
    shown = Outcomes(explored)
    figures = dict(shown.stage.views)
    for place, outcome in enumerate(explored.outcomes):
        shown.chosen = place
        assert shown.stage.trace.output(2) == outcome.output[2]
        if place:
            assert shown.player.playing
            assert shown.player.title == str(outcome)
    assert dict(shown.stage.views) == figures


def test_clicking_a_bar_chooses_it(explored):
    """A click on a bar, which selects it, chooses its outcome."""
    shown = Outcomes(explored)
    shown.chart.bars.selected = [2]
    assert shown.chosen == 2
    assert shown._list.value == 2


def test_two_outcomes_beside_each_other(explored):
    """A second outcome is shown beside the first, at their first difference."""
    shown = Outcomes(explored)
    shown.beside = 1
    assert shown.comparison is not None
    outputs = shown.comparison.a.output(2), shown.comparison.b.output(2)
    assert outputs == (explored.outcomes[0].output[2], explored.outcomes[1].output[2])
    assert f"tick {shown.comparison.player.tick}:" in shown.comparison.differences.caption
    shown.beside = -1
    assert shown.comparison is None


def test_a_bad_outcome_is_marked_up_to_where_it_could_still_have_ended_well(explored):
    """Which outcomes are good is said by the teacher; the timeline of another one has the mark."""
    shown = Outcomes(explored, good=lambda outcome: outcome.output[2] == "count 6\n")
    for place, outcome in enumerate(explored.outcomes):
        shown.chosen = place
        marked = shown.stage.trace.no_return is not None
        assert marked == (outcome.output[2] != "count 6\n")
        assert ("no return" in shown.stage.views["timeline"].widgets) == marked
    plain = Outcomes(explored)
    assert plain.stage.trace.no_return is None


def test_the_graph_of_states_follows_the_chosen_outcome(explored):
    """It is there and folded, marks the way of what is played, and says which ends are good."""
    shown = Outcomes(explored, good=lambda outcome: outcome.output[2] == "count 6\n")
    assert shown.graph is not None
    assert not shown.graph.opened
    assert len(shown.graph.places) == explored.states
    assert [good for _, good in shown.graph.outcomes].count(True) == 1
    shown.chosen = 3
    assert shown.graph.outcome == 3
    assert len(shown.graph.ways[3]) == len(explored.way_to(explored.outcomes[3]))


def test_the_graph_of_states_can_be_wanted_or_not(explored):
    """A large one is there only if it is asked for, and then refused with a reason."""
    opened = Outcomes(explored, graph=True).graph
    assert opened is not None
    assert opened.opened
    assert Outcomes(explored, graph=False).graph is None
    large = explore(lost_update.machine(loops=5))
    assert Outcomes(large).graph is None
    with pytest.raises(ArgumentError, match="at most 250 can be drawn"):
        Outcomes(large, graph=True)


def test_the_graph_of_states_sends_each_text_once(explored):
    """210 states and 325 steps take less than a tenth of what a run may."""
    graph = Outcomes(explored).graph
    assert graph is not None
    assert len(set(graph.texts)) == len(graph.texts)
    sent = json.dumps({name: getattr(graph, name) for name in GRAPH}, separators=(",", ":"))
    assert len(sent) < 20_000


def test_it_closes_with_all_its_parts(explored):
    """Closing it leaves no model behind, not even those of a comparison."""
    before = set(_instances)
    shown = Outcomes(explored)
    shown.beside = 1
    shown.close()
    assert set(_instances) <= before


def test_endless_outcome_is_shown_as_text():
    """An outcome with no end of schedules has a bar and words; markup in names stays text."""
    shown = Outcomes(explore(SPIN))
    assert list(shown.chart.numbers.text) == ["no end of schedules"]
    assert "<b>" not in shown._summary.value


def test_mistakes_are_explained(explored):
    """What is no exploration, or no outcome of it, is one sentence."""
    with pytest.raises(ArgumentError, match="explore"):
        Outcomes(lost_update())
    with pytest.raises(ArgumentError, match="did you mean 'views'"):
        Outcomes(explored, view=["cpu"])
    with pytest.raises(ArgumentError, match="there is no outcome 9"):
        Outcomes(explored).chosen = 9
    with pytest.raises(ArgumentError, match="higher limit"):
        Outcomes(explore(lost_update, limit=2))


def test_it_is_not_seen_while_a_question_about_it_is_open():
    """Whichever was made first; the words of it wait as well, and another result does not."""
    explored, other = explore(lost_update), explore(lost_update)
    before = Outcomes(explored)
    first = Predict.from_trace(explored, kind="possible_values", name="count")
    after = Outcomes(explored)
    assert "count 2" in Outcomes(other).in_words
    for shown in (before, after):
        assert shown.curtain.drawn
        assert "count 2" not in shown.in_words
        assert list(shown.curtain.questions) == [first]
    first.answer(0)
    for shown in (before, after):
        assert not shown.curtain.drawn
        assert shown.in_words == str(explored)
