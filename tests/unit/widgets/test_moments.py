"""The list of moments beside a stage."""

import pytest

from kit.errors import ArgumentError
from kit.scenarios import lost_update
from kit.trace.narration.story import LATER
from kit.tracks import Moment
from kit.widgets import Moments, Predict, Stage


def test_it_follows_the_player_of_a_stage():
    """Another run shows those that it is long enough for."""
    trace = lost_update()
    stage = Stage(trace, views=["cpu"])
    shown = Moments(trace, [(9, "Who runs?", "T3."), (101, "Over.")], player=stage.player)
    assert shown.moments == (Moment(9, "Who runs?", "T3."), Moment(101, "Over."))
    assert shown.widgets["list"].player is stage.player
    assert shown.in_words == "MOMENTS worth a look\nt = 9: Who runs?\nt = 101: Over."
    stage.trace = lost_update(loops=1)
    assert shown.widgets["list"].ticks == [9]


def test_its_words_end_where_a_question_holds_the_player():
    """What comes later is not told before the question has been answered."""
    trace = lost_update()
    stage = Stage(trace, views=["cpu"])
    asked = Predict.from_trace(trace, kind="value_read", name="count", at=52, player=stage.player)
    shown = Moments(trace, [(9, "Here."), (57, "It gets 2.")], player=stage.player)
    begun = "MOMENTS worth a look\nt = 9: Here.\n"
    assert shown.in_words == begun + LATER
    asked.answer(0)
    assert shown.in_words == begun + "t = 57: It gets 2."


def test_what_was_answered_is_kept_by_place():
    """The page tells it; texts of the teacher stay as they are."""
    shown = Moments(lost_update(), [(9, "Who <b>runs</b>?", "T3.")])
    assert shown.written == {}
    for content in ("?", {"do": "answer"}, {"do": "answer", "place": 7, "text": "Nowhere."}):
        shown.widgets["list"]._handle_custom_msg(content, [])
    assert shown.written == {}
    (gesture,) = shown.widgets["list"]._kit_gestures_()
    assert gesture["says"] == "was answered at tick 9"
    shown.widgets["list"]._handle_custom_msg({**gesture["send"], "text": "T2, I think."}, [])
    assert shown.written == {0: "T2, I think."}
    assert shown.widgets["list"]._kit_gestures_() == []
    assert shown.widgets["list"].texts == ["Who <b>runs</b>?"]


def test_mistakes_are_explained():
    """A wrong tick is told before anything is shown."""
    with pytest.raises(ArgumentError, match="is no tick of this run"):
        Moments(lost_update(), [(999, "Never.")])
    with pytest.raises(ArgumentError, match="Moments"):
        Moments(lost_update(), [(9, "Here.")], detail="values")
