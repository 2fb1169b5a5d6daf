"""A prediction as Python sees it: answers, what is kept of them, and what it believes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ArgumentError
from kit.answering import notebook as answering
from kit.quiz import Choice, Idea, Misconception, Question, ask, final_value, question
from kit.scenarios import lost_update
from kit.widgets import AddressSpaces, Player, Predict, Stage
from tests.unit.tracks.runs import counter
from tests.unit.widgets.questions import answers, choices, questions


@pytest.fixture(scope="module")
def trace():
    """The run of the first lesson."""
    return counter()


def asked(form: str = "one", **more) -> Question:
    """A question of a form, about tick 12 of the run; the right answer is that at place 1."""
    order = (1, 2, 0) if form == "order" else ()
    right = (True, True, True) if form == "order" else (False, True, form == "several")
    return Question(f"{form}?", choices(*right), 40, at=12, form=form, order=order, **more)


@given(st.data())
def test_every_answer_is_judged_by_the_question(data):
    """What a question says of an answer is what the widget says, and only a right one scores."""
    answering._stores.clear()
    question = data.draw(questions())
    predict = Predict(question)
    assert (predict.chosen, predict.correct, predict.tries, predict.score()) == ([], False, 0, 0.0)
    for tries in (1, 2):
        chosen = data.draw(answers(question))
        right = question.is_right(chosen)
        assert predict.answer(*chosen) is right
        assert (predict.chosen, predict.correct, predict.tries) == (chosen, right, tries)
        assert predict.score() == float(right)
    predict.close()


@given(st.data())
def test_the_page_is_not_believed(data):
    """A page that calls a wrong answer right, or chooses what there is not, changes nothing."""
    answering._stores.clear()
    question = data.draw(questions())
    predict = Predict(question)
    chosen = data.draw(answers(question))
    predict.set_state({"chosen": chosen, "correct": True, "tries": 1, "choices": [], "key": "x"})
    assert predict.correct is question.is_right(chosen)
    assert predict.score() == float(question.is_right(chosen))
    assert (len(predict.choices), predict.key) == (len(question.choices), question.key)
    for wrong in ([9], [-1], [0, 0], ["0"], "0", None, [True], [0.5]):
        predict.set_state({"chosen": wrong, "correct": True, "tries": 2})
        assert (predict.chosen, predict.tries) == (chosen, 1)
    predict.close()


@pytest.mark.parametrize(
    ("form", "places"),
    [("one", [0, 1]), ("mark", [0, 2]), ("order", [0]), ("several", [3]), ("several", [1, 1])],
)
def test_what_cannot_be_an_answer_is_refused(form, places):
    """From Python it is said, and the answer before stays."""
    predict = Predict(asked(form))
    with pytest.raises(ArgumentError, match="cannot be an answer; give the places of choices"):
        predict.answer(*places)
    assert predict.chosen == []
    with pytest.raises(ArgumentError, match="no place was given"):
        predict.answer()


def test_correct_is_computed():
    """Setting it to what it is not has no effect."""
    predict = Predict(asked())
    predict.correct = True
    assert predict.correct is False
    predict.answer(1)
    predict.correct = False
    assert predict.correct is True


def test_every_check_is_told_once():
    """Also of the same answer; what is taken back, restored or only chosen is no check."""
    predict = Predict(asked())
    told = []
    predict.on_answer.append(lambda one: told.append((one, list(one.chosen), one.correct)))
    predict.set_state({"chosen": [0], "correct": False, "tries": 1})
    predict.set_state({"chosen": [0], "correct": False, "tries": 2})
    predict.set_state({"chosen": [1], "correct": True, "tries": 3})
    assert told == [(predict, [0], False), (predict, [0], False), (predict, [1], True)]
    predict.set_state({"chosen": [], "correct": False, "tries": 0})
    predict.restore({"chosen": [1], "tries": 2})
    predict.chosen = [0]
    assert len(told) == 3


@pytest.mark.parametrize("form", ["one", "several", "order", "mark"])
def test_an_answer_comes_back(form, trace):
    """What was recorded, through JSON, makes another widget of the same question the same."""
    question = asked(form)
    one, other = (Predict(question, player=Player(trace)) for _ in range(2))
    one.answer(*((2, 0, 1) if form == "order" else (2,)))
    record = json.loads(json.dumps(one.record()))
    assert record["choice"] == [question.choices[place].text for place in one.chosen]
    assert (record["kind"], record["prompt"], record["seed"]) == ("own", f"{form}?", 0)
    assert other.restore(record) is True
    assert (other.chosen, other.correct, other.tries) == (one.chosen, one.correct, 1)
    assert other.record() == one.record()
    assert other.player.locks == {}


@pytest.mark.parametrize(
    "record",
    [{}, {"chosen": [1]}, {"chosen": [7], "tries": 1}, {"chosen": "1", "tries": 1},
     {"chosen": [1], "tries": "1"}, {"chosen": [], "tries": 1}, {"chosen": [0, 1], "tries": 1}],
)  # fmt: skip
def test_a_foreign_answer_is_refused(record):
    """It changes nothing."""
    predict = Predict(asked())
    assert predict.restore(record) is False
    assert (predict.chosen, predict.tries) == ([], 0)


def test_the_page_gets_the_ideas_in_words():
    """What is told of a wrong answer goes along, so that it works without a kernel."""
    choice = Choice("3", False, "No.", "own_data", 7)
    predict = Predict(Question("?", (Choice("4", True, "Yes."), choice), 9))
    right, wrong = predict.choices
    assert (right["idea"], right["tick"]) == ("", None)
    assert wrong["idea"] == "each thread has its own data and heap"
    assert wrong["instead"].startswith("Threads of one process share")
    assert wrong["tick"] == 7


def test_a_mark_is_answered_on_the_pictures_of_its_player(trace):
    """Each address space on the page gets the places of the choices, as shares of its picture."""
    places = ((2, "data", 0), (2, "stack", 1), (2, "heap", 0))
    offered = tuple(
        Choice(name, name == "data", "", place=(pid, name, tid)) for pid, name, tid in places
    )
    stage = Stage(trace, views=("address_spaces", "timeline"))
    predict = Predict(Question("?", offered, 20, at=20, form="mark"), player=stage.player)
    (found,) = predict.places
    assert found["figure"] is stage.address_spaces.figure
    boxes = {int(place): shares for place, *shares in found["boxes"]}
    assert sorted(boxes) == [0, 1], "there is no heap at that tick"
    for left, top, width, height in boxes.values():
        assert min(left, top, width, height) >= 0
        assert left + width <= 1
        assert top + height <= 1
    assert boxes[1][1] < boxes[0][1], "a stack stands above the data"
    stage.address_spaces.detail = "overview"
    assert [box[1:] for box in predict.places[0]["boxes"]] != list(boxes.values())
    stage.trace = counter()
    assert predict.places == [], "another run shows other places"


def test_a_view_that_comes_later_is_marked_too(trace):
    """And one that is closed no more; nothing is looked at for a question that is closed."""
    player = Player(trace)
    offered = (
        Choice("data", True, "", place=(1, "data", 0)),
        Choice("code", False, "", place=(1, "code", 0)),
    )
    predict = Predict(Question("?", offered, 20, at=20, form="mark"), player=player)
    assert predict.places == []
    view = AddressSpaces(trace, player=player)
    assert [one["figure"] for one in predict.places] == [view.figure]
    view.close()
    assert predict.places == []
    predict.close()
    AddressSpaces(trace, player=player)
    assert predict.places == []


@pytest.mark.parametrize("record", [None, 5, [], {}])
def test_what_is_no_record_is_not_restored(record):
    """Whatever else is given does not fit, and nothing has changed."""
    predict = Predict(Question("?", choices(False, True), 0))
    assert predict.restore(record) is False
    assert predict.tries == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tick": 9999}, "tick is 9999; the run ends at 102"),
        ({"tick": 9999, "at": 9998}, "tick is 9999; the run ends at 102"),
        ({"ideas": [Idea("b", "No.", tick=103)]}, "the tick of 'b' is 103; the run ends at 102"),
    ],
)
def test_a_question_by_hand_fits_the_run(trace, changed, told: str):
    """A prediction knows the run of its player, and refuses a moment that is not in it."""
    given = {"prompt": "?", "answer": "a", "why": "So.", "ideas": [("b", "No.")], "tick": 20}
    assert trace.end == 102
    with pytest.raises(ArgumentError, match=told):
        Predict(question(**{**given, **changed}), player=Player(trace))
    assert Predict(question(**given), player=Player(trace)).player is not None


def test_a_question_about_another_run_is_refused(trace):
    """A player that cannot show the answer is no player of the question."""
    other = final_value(lost_update(quantum=3), "count")
    with pytest.raises(ArgumentError, match="is about another run than its player shows"):
        Predict(other, player=Player(trace))


def test_a_prediction_without_its_arguments_is_explained(trace):
    """What is missing is a sentence of the kit, not a TypeError."""
    with pytest.raises(ArgumentError, match="Predict: missing a required argument: 'question'"):
        Predict(player=Player(trace), layout={})
    with pytest.raises(ArgumentError, match="missing a required argument: 'kind'"):
        Predict.from_trace(trace)


def test_the_page_is_told_of_own_misconceptions(trace):
    """An idea of the teacher's own is shown as those of the kit are."""
    own = Misconception("a lock costs nothing", "To take it is a system call.")
    made = Predict(question("?", "a", "So.", [Idea("b", "No.", own)], 20), player=Player(trace))
    shown = next(one for one in made.choices if one["text"] == "b")
    assert (shown["misconception"], shown["idea"]) == (own.idea, own.idea)
    assert shown["instead"] == own.instead


def test_after_two_wrong_answers_another_instance_is_asked():
    """It holds the run at its own moment, is judged by itself, and its right answer counts."""
    answering._stores.clear()
    trace = lost_update()
    stage = Stage(trace)
    predict = Predict.from_trace(trace, kind="value_read", name="count", at=48, player=stage.player)
    right, first = predict.question.answer, predict.instances[0]
    wrong = [place for place in range(len(predict.choices)) if place != right]
    assert stage.player.locks == {predict.key: 48}
    predict.answer(wrong[0])
    assert (stage.player.locks, predict.misses) == ({}, [[wrong[0]]])
    predict.answer(wrong[1])
    assert (stage.player.locks, predict.correct) == ({predict.key: 68}, False)
    assert predict.record().get("instance") is None
    places = [choice["correct"] for choice in first["choices"]]
    assert predict.answer(places.index(True))
    assert (stage.player.locks, predict.score(), predict.tries) == ({}, 1.0, 3)
    kept = answering.store().answers_file.answers[predict.key]
    assert [one.get("instance") for one in kept["history"]] == [None, None, first["key"]]
    assert (kept["instance"], kept["choice"]) == (
        first["key"],
        [first["choices"][places.index(True)]["text"]],
    )
    again = Predict(predict.question, instances=[ask(trace, "value_read", name="count", at=68)])
    assert (again.misses, again.chosen, again.correct) == (predict.misses, predict.chosen, True)
    assert answering.score(out_of=10) == 10.0


def test_a_kernel_that_was_busy_catches_up():
    """Of several answers a page then tells the last, which counts for the instance it is to."""
    answering._stores.clear()
    predict = Predict.from_trace(lost_update(), kind="value_read", name="count", at=48)
    wrong = [place for place, choice in enumerate(predict.choices) if not choice["correct"]][:2]
    first = predict.instances[0]
    right = [choice["correct"] for choice in first["choices"]].index(True)
    predict.set_state({"chosen": wrong[:1], "misses": [wrong[:1]], "tries": 1})
    misses = [wrong[:1], wrong[1:]]
    predict.set_state({"chosen": [right], "misses": misses, "correct": True, "tries": 3})
    assert (predict.correct, predict.tries, predict.misses) == (True, 3, misses)
    assert predict.record()["instance"] == first["key"]


def test_a_kernel_that_was_busy_counts_each_wrong_answer_once():
    """The last one is among those that the page tells of."""
    answering._stores.clear()
    predict = Predict.from_trace(lost_update(), kind="value_read", name="count", at=48)
    wrong = [place for place, choice in enumerate(predict.choices) if not choice["correct"]][:2]
    misses = [[place] for place in wrong]
    predict.set_state({"chosen": misses[-1], "misses": misses, "tries": 2})
    assert (predict.correct, predict.tries, predict.misses) == (False, 2, misses)
    assert predict.record().get("instance") is None


def test_without_another_instance_one_may_try_as_often_as_one_likes():
    """The question stays, and so does its explanation."""
    answering._stores.clear()
    predict = Predict(asked())
    for tries in range(1, 5):
        assert not predict.answer(0)
        assert (predict.misses, predict.tries, predict.chosen) == ([], tries, [0])
    assert "misses" not in predict.record()


def test_a_question_of_its_own_is_no_instance_of_an_earlier_one():
    """What is asked later in a notebook is not asked before that as an instance."""
    answering._stores.clear()
    trace = lost_update()
    first = Predict.from_trace(trace, kind="value_read", name="count", at=48)
    assert [one["at"] for one in first.instances] == [68, 83]
    Predict.from_trace(trace, kind="value_read", name="count", at=68)
    assert [one["at"] for one in first.instances] == [83]


def test_instances_are_questions():
    """Anything else is refused, with what to give."""
    with pytest.raises(ArgumentError, match="instances is"):
        Predict(asked(), instances=["What?"])
