"""The minutes of a lesson: words, and what a reader does, each with its time."""

import ast

import pytest

from kit.authoring.coverage.minutes import MOMENT, REVIEWED, WORDS_A_MINUTE, minutes_of


@pytest.mark.parametrize(
    ("code", "minutes"),
    [
        ("Predict.from_trace(trace, kind='next_thread', at=3)", 1.25),
        ("Predict(asked)\nPredict(other)", 2.5),
        ("Explain('Why?', ['It says why.'], 'So.')", 2.5),
        ("Predict(asked)\nReview(one, (two, 'shared'), seed=3)", 1.25 + 2 * REVIEWED),
        ("Predict(asked)\nMoments(trace, [(3, 'Here.'), (5, 'Why?', 'So.')])", 1.25 + 2 * MOMENT),
        ("Predict(asked)\npairs = [(3, 'three'), (5, 'five')]", 1.25),
    ],
)
def test_what_is_done_has_its_time(code: str, minutes: float):
    """Each prediction, question, moment and explanation counts, however it is written."""
    assert minutes_of("", [ast.parse(code)]) == minutes


def test_words_are_read_at_an_even_pace():
    """Twice the words take twice as long."""
    code = [ast.parse("Explain('Why?', [], '')")]
    done = minutes_of("", code)
    assert done is not None
    assert minutes_of("word " * WORDS_A_MINUTE, code) == done + 1
    assert minutes_of("word " * 2 * WORDS_A_MINUTE, code) == done + 2


@pytest.mark.parametrize(
    ("text", "code"), [("[Teacher: why?]", "Predict(a)"), ("Why?", "print(1)")]
)
def test_what_is_not_written_yet_or_has_other_widgets_is_not_counted(text: str, code: str):
    """Nothing is said of its minutes."""
    assert minutes_of(text, [ast.parse(code)]) is None
