"""A question that is not answered holds its player."""

from dataclasses import replace

import pytest

from kit import ArgumentError, Kill
from kit.quiz import Question
from kit.scenarios import lost_update
from kit.widgets import Player, Predict, Stage
from tests.unit.tracks.runs import counter
from tests.unit.widgets.questions import choices


@pytest.fixture(scope="module")
def trace():
    """The run of the first lesson."""
    return counter()


def asked(at: int | None, prompt: str = "what then?") -> Question:
    """A question about a tick; the right answer is that at place 1."""
    return Question(prompt, choices(False, True), 40, at=at)


def test_the_player_stops_until_it_is_answered(trace):
    """A tick beyond the question is refused in words; any answer lets the player go on."""
    player = Player(trace)
    predict = Predict(asked(12), player=player)
    assert (player.locks, player.limit) == ({predict.key: 12}, 12)
    player.tick = 12
    with pytest.raises(
        ArgumentError, match="until this question is answered: “what then"
    ) as caught:
        player.tick = 13
    assert "the run stops at tick 12" in str(caught.value)
    assert player.tick == 12
    predict.answer(0)
    assert (player.locks, player.prompts, player.limit) == ({}, {}, trace.end)
    player.tick = 13


def test_the_page_is_held_too(trace):
    """What a page says of its tick goes as far as the lock, and it cannot take locks away."""
    player = Player(trace)
    predict = Predict(asked(12), player=player)
    player.set_state({"tick": 90, "locks": {}, "prompts": {}})
    assert (player.tick, player.locks) == (12, {predict.key: 12})
    player.set_state({"tick": -5, "playing": True})
    assert (player.tick, player.playing) == (0, True)
    predict.set_state({"chosen": [0], "correct": True, "tries": 1})
    player.set_state({"tick": 90})
    assert player.tick == 90


def test_a_player_that_is_beyond_goes_back(trace):
    """The question is asked before its answer has been seen, as far as the page is concerned."""
    player = Player(trace, tick=80)
    predict = Predict(asked(12), player=player)
    assert player.tick == 12
    predict.close()
    assert player.locks == {}


def test_the_first_of_several_questions_holds(trace):
    """They are answered one after the other, in any order."""
    player = Player(trace)
    first, last = (Predict(asked(at, str(at)), player=player) for at in (12, 30))
    assert player.limit == 12
    last.answer(1)
    assert player.limit == 12
    first.answer(1)
    assert player.limit == trace.end


def test_a_question_that_hides_nothing_holds_nobody(trace):
    """Nor does one that was answered before, or has no player."""
    player = Player(trace, tick=50)
    Predict(asked(None), player=player)
    assert (player.locks, player.tick) == ({}, 50)
    Predict(asked(12))
    assert player.locks == {}


def test_a_cell_that_is_run_again_keeps_its_lock(trace):
    """The old widget goes after the new one came, but the lock is the new one's."""
    player = Player(trace)
    old = Predict(asked(12), player=player)
    new = Predict(asked(12), player=player)
    old.close()
    assert player.limit == 12
    new.close()
    assert player.limit == trace.end


def test_another_run_is_not_held(trace):
    """The question was about the run before; answering it later is no mistake."""
    stage = Stage(trace)
    predict = Predict(asked(12), player=stage.player)
    stage.trace = counter()
    assert stage.player.locks == {}
    stage.player.tick = 60
    predict.answer(1)
    assert stage.player.tick == 60


def test_nobody_branches_past_a_question(trace):
    """It is refused in Python, and said beside the controls; after the answer it works."""
    stage = Stage(trace)
    branching = stage.branching
    branching.unfold.value = True
    assert not branching.go.disabled
    predict = Predict(asked(12), player=stage.player)
    assert branching.go.disabled
    assert "stops at tick 12 until this question is answered" in branching.status.value
    with pytest.raises(ArgumentError, match="another run would go on, but the run stops at tick"):
        stage.branch(Kill(1), at=5)
    assert stage.comparison is None
    predict.answer(1)
    assert (branching.go.disabled, branching.status.value) == (False, "")
    stage.branch(Kill(1), at=5)
    assert stage.comparison is not None


def test_prompts_with_markup_stay_text(trace):
    """The controls show them as they are."""
    stage = Stage(trace)
    stage.branching.unfold.value = True
    Predict(asked(12, "<b>what</b>?"), player=stage.player)
    assert "<b>" not in stage.branching.status.value


def test_the_same_run_again_is_held(trace):
    """Another run and back, or an equal one, is no way past a question that is not answered."""
    stage = Stage(trace)
    question = replace(asked(12), run=trace.digest)
    predict = Predict(question, player=stage.player)
    stage.trace = counter()
    assert stage.player.locks == {predict.key: 12}
    stage.trace = lost_update(quantum=3)
    assert stage.player.locks == {}
    stage.player.tick = 60
    stage.trace = trace
    assert (stage.player.locks, stage.player.tick) == ({predict.key: 12}, 12)
    predict.answer(0)
    stage.trace = lost_update(quantum=3)
    stage.trace = trace
    assert stage.player.locks == {}
    other = Predict(replace(question, prompt="and then?"), player=stage.player)
    other.close()
    stage.trace = counter()
    assert stage.player.locks == {}
