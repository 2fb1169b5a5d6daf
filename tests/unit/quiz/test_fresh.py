"""Fresh questions about earlier lessons: drawn by a seed, about runs that nobody has seen."""

import pytest

from kit import ArgumentError
from kit.quiz.fresh import fresh_questions
from kit.quiz.question import IN_PICTURE
from kit.scenarios import SCENARIOS, fault_in_a_thread, lost_update, one_program, threads_share


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_makes_the_same_questions(seed: int):
    """They are of the kinds that were asked for, about another run than the usual one."""
    sources = [(lost_update, "shared"), (one_program, "final_value"), threads_share]
    asked = fresh_questions(sources, seed)
    assert [one.question for one in asked] == [
        one.question for one in fresh_questions(sources, seed)
    ]
    assert [one.kind for one in asked[:2]] == ["shared", "final_value"]
    usual = {lost_update().digest, one_program().digest, threads_share().digest}
    assert not usual & {one.question.run for one in asked}


def test_another_seed_makes_another_question():
    """Of ten seeds at least five make questions of their own."""
    sources = [(lost_update, "value_read")]
    asked = [fresh_questions(sources, seed)[0].question for seed in range(10)]
    assert len({one.key for one in asked}) >= 5


def test_a_run_without_numbers_is_asked_about_as_it_is():
    """Its texts and switches stay as they are, because they make another lesson of it."""
    (asked,) = fresh_questions([(fault_in_a_thread, "alive")], 1)
    assert asked.trace.digest == fault_in_a_thread().digest


def test_no_question_needs_a_picture():
    """What is answered on the picture elsewhere is answered by its choices."""
    for seed in range(3):
        (asked,) = fresh_questions([(threads_share, "segment")], seed)
        assert asked.question.form != IN_PICTURE
        assert "Click" not in asked.question.prompt


@pytest.mark.parametrize("name", ["lost_update", "three_jobs", "demand_paging", "zombie"])
def test_a_function_that_returns_a_trace_is_a_source(name: str):
    """A teacher's own run has nothing to be drawn."""
    trace = SCENARIOS[name]()

    def run():
        return trace

    (asked,) = fresh_questions([run], 3)
    assert asked.trace is trace


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("lost_update", "is no source"),
        ((lost_update, "next"), "is no source"),
        ((one_program, "segment"), "one_program has no run with a question 'segment'"),
    ],
)
def test_what_cannot_be_asked_is_told(source: object, words: str):
    """With what is wrong, and what to give."""
    with pytest.raises(ArgumentError, match=words):
        fresh_questions([source], 1)
