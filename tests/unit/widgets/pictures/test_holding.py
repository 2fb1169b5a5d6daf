"""A question that is not answered holds its player."""

from dataclasses import replace

import pytest

from kit import ArgumentError, Kill, Machine, Program, Write
from kit.quiz import Question
from kit.scenarios import lost_update
from kit.widgets import Compare, Player, Predict, Stage, Timeline, sandbox
from kit.widgets.compare import CLOCKS
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
        stage.branch(Kill(2), at=5)
    assert stage.comparison is None
    predict.answer(1)
    assert (branching.go.disabled, branching.status.value) == (False, "")
    stage.branch(Kill(2), at=5)
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


def named(trace, at: int = 12) -> Question:
    """A question that says which run it is about."""
    return replace(asked(at), run=trace.digest)


def test_every_player_of_the_run_is_held(trace):
    """A stage, a view and a comparison made before or after, and a sandbox; until the answer."""
    before = Player(counter(), tick=60)
    predict = Predict(named(trace), player=Stage(trace).player)
    shared, own = (Compare(trace, lost_update(quantum=2), clock=c, tick=50) for c in CLOCKS)
    back = Compare(lost_update(quantum=2), counter())
    box = sandbox(counter)
    others = [before, Stage(counter(), tick=70).player, Timeline(trace).player, box.stage.player]
    players = [*others, shared.player, own.player, back.player]
    assert [player.limit for player in players] == [12] * len(players)
    assert [player.tick for player in players[:2]] == [12, 12]
    assert own.players[1].locks == {}
    with pytest.raises(ArgumentError, match="until this question is answered"):
        box.stage.player.tick = 13
    predict.answer(0)
    assert not any(player.locks for player in players)
    assert Player(trace).locks == {}


def test_a_question_without_a_player_holds_too(trace):
    """Whoever shows the run waits; when the question is closed, nobody does."""
    player = Player(trace)
    predict = Predict.from_trace(trace, kind="value_read", name="count", at=36)
    assert player.limit == predict.at
    later = Player(trace)
    assert later.limit == predict.at
    predict.close()
    assert player.locks == later.locks == {}


def test_a_question_by_hand_holds_every_player_of_its_run(trace):
    """It does not name its run, so it is about the one that its player shows."""
    player, other = Player(trace), Player(counter())
    predict = Predict(asked(12), player=player)
    assert (player.limit, other.limit, Player(trace).limit) == (12, 12, 12)
    predict.answer(1)
    assert other.locks == {}


def test_a_run_that_shares_the_past_is_held(trace):
    """A branch that goes on beyond the moment, or a run cut off later, shows what is asked."""
    Predict(named(trace), player=Player(trace))
    assert Player(trace.branch(at=20, do=Write(2, "count", 9))).limit == 12
    assert Player(trace.branch(at=12, do=Write(2, "count", 9))).locks == {}
    assert Player(lost_update(quantum=3)).locks == {}


def test_an_earlier_run_of_the_same_machine_is_held():
    """A run that was stopped before its end shows the same as the whole run."""
    machine = Machine()
    machine.launch(Program("p", "def main():\n    for i in range(9):\n        print(i)\n"))
    part = machine.run(until=40)
    whole = machine.run()
    Predict(named(whole), player=Player(whole))
    assert Player(part).limit == 12


def test_a_sandbox_that_comes_to_the_run_is_held():
    """Moving its slider to the run of an open question is no way round it."""
    trace = lost_update()
    predict = Predict(named(trace), player=Player(trace))
    box = sandbox(lost_update, quantum=[3, 5])
    player = box.stage.player
    assert (box.trace.digest, player.limit) == (trace.digest, 12)
    player.trace = lost_update(quantum=3)
    assert player.locks == {}
    player.trace = lost_update(quantum=5)
    assert player.limit == 12
    predict.answer(1)
    assert player.locks == {}
