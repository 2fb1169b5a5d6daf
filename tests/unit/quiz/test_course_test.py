"""The test of the course: twenty ideas, in two forms that are equally hard."""

from itertools import combinations

import pytest

from kit import ArgumentError
from kit.quiz import MISCONCEPTIONS, Question
from kit.quiz.course_test import course_test

TESTS = {form: course_test(form) for form in ("before", "after")}
PAIRS = list(zip(*TESTS.values(), strict=True))
LEAST_LED = 0.6

pairs = pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda item: item.idea)


def choice_of(question: Question, idea: str) -> set[str]:
    """Return the choices that an idea leads to."""
    return {choice.text for choice in question.choices if choice.misconception == idea}


def test_there_are_twenty_ideas():
    """Each question is about another idea of the table."""
    ideas = [item.idea for item in TESTS["before"]]
    assert len(ideas) == len(set(ideas)) == 20
    assert set(ideas) <= MISCONCEPTIONS.keys()


@pytest.mark.parametrize("form", TESTS)
def test_each_question_offers_what_its_idea_leads_to(form: str):
    """Who has the idea finds an answer, and it is not the right one."""
    for item in TESTS[form]:
        led = choice_of(item.question, item.idea)
        right = {item.question.choices[place].text for place in item.question.right}
        # Of several, what an idea leads to is to leave a right one out.
        assert led, item.idea
        assert item.question.form == "several" or not led & right, item.idea


@pairs
def test_both_forms_are_equally_hard(one, other):
    """Same kind, same number of choices, same ideas behind them; other numbers."""
    first, second = one.question, other.question
    assert one.idea == other.idea
    assert (first.kind, first.form) == (second.kind, second.form)
    assert len(first.choices) == len(second.choices)
    assert len(first.right) == len(second.right)
    named = [sorted(str(c.misconception) for c in item.choices) for item in (first, second)]
    assert named[0] == named[1]
    assert one.program.text != other.program.text
    assert first.key != second.key


def test_no_question_is_asked_twice():
    """All forty have keys of their own, so that an answer belongs to one of them."""
    items = [item for form in TESTS.values() for item in form]
    assert all(a.question.key != b.question.key for a, b in combinations(items, 2))


def test_most_wrong_choices_follow_from_an_idea():
    """What a person answers says what that person thinks."""
    wrong = [
        choice for item in TESTS["before"] for choice in item.question.choices if not choice.correct
    ]
    assert sum(bool(choice.misconception) for choice in wrong) >= LEAST_LED * len(wrong)


def test_a_slip_in_the_form_is_told():
    """There are two forms."""
    with pytest.raises(ArgumentError, match="give one of before, after"):
        course_test("during")
