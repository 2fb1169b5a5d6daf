"""Questions about earlier lessons: with program and moment in words, kept as any other."""

import re

import pytest

from kit import ArgumentError, Machine, Program
from kit.answering import notebook as answering
from kit.scenarios import lost_update, one_program_twice
from kit.widgets import Predict, Review


def test_a_review_has_what_it_takes_to_answer():
    """The program with its lines, the machine, where each thread is; each prompt is in words."""
    answering._stores.clear()
    review = Review((lost_update, "next_thread"), (one_program_twice, "shared"), seed=2)
    first, second = review.predictions
    told = review.children[1].value
    assert "count += 1" in told
    assert re.search(r"1 of 2\..*1 core, round robin, quantum \d+\.", told)
    assert re.search(rf"At tick {first.at}:.*T1 is [\w ]+, in main, line \d+: ", told)
    assert "The ready queue, first in front: T" in told
    assert re.search(r"T\d is running since tick \d+, in \w+, line \d+: ", told)
    assert review.in_words.splitlines()[1:] == [f"- {one.prompt}" for one in (first, second)]
    assert repr(review) == review.in_words


def test_its_questions_are_kept_and_counted():
    """They are predictions: answered, restored by their keys, and worth points."""
    answering._stores.clear()
    review = Review((lost_update, "shared"), seed=2)
    (predict,) = review.predictions
    assert isinstance(predict, Predict)
    assert predict.answer(*predict.question.right)
    assert answering.score() == 1.0
    (again,) = Review((lost_update, "shared"), seed=2).predictions
    assert (again.key, again.correct) == (predict.key, True)
    assert review._kit_shows_() == tuple(review.children)
    review.close()
    assert predict.comm is None


def test_names_of_programs_stay_text():
    """What looks like HTML is shown as it is."""

    def run():
        machine = Machine()
        machine.launch(Program("<b>bold</b>", "count = 1\ndef main():\n    print(count < 2)\n"))
        return machine.run()

    review = Review((run, "value_printed"), seed=1)
    assert "<b>bold" not in review.children[1].value
    assert "count &lt; 2" in review.children[1].value


def test_there_is_something_to_ask_about():
    """A review without a source is refused."""
    with pytest.raises(ArgumentError, match="nothing to ask about"):
        Review(seed=1)
