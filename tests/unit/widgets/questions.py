"""Questions of each form, as hypothesis makes them and by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kit.quiz import Choice, Question
from kit.quiz.misconceptions import MISCONCEPTIONS
from kit.quiz.question import FORMS, ORDER, SEVERAL

IDEAS = ("", *list(MISCONCEPTIONS)[:3])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question, with feedback that tells the choices apart."""
    form = draw(st.sampled_from(FORMS))
    count = draw(st.integers(2, 5))
    places = st.integers(0, count - 1)
    most = count - 1 if form == SEVERAL else 1
    right = draw(st.sets(places, min_size=1, max_size=most)) if form != ORDER else set(range(count))
    ideas = st.sampled_from(IDEAS)
    ticks = st.none() | st.integers(0, 99)
    choices = tuple(
        Choice(f"choice {n}", n in right, f"about {n}", draw(ideas), draw(ticks))
        for n in range(count)
    )
    order = tuple(draw(st.permutations(range(count)))) if form == ORDER else ()
    return Question(
        "?", choices, 100, form=form, order=order, why=draw(st.sampled_from(("", "so")))
    )


@st.composite
def answers(draw: st.DrawFn, question: Question) -> list[int]:
    """Any answer that a page can give to a question."""
    count = len(question.choices)
    if question.form == ORDER:
        return draw(st.permutations(range(count)))
    most = count if question.form == SEVERAL else 1
    places = st.lists(st.integers(0, count - 1), min_size=1, max_size=most, unique=True)
    return draw(places)


def choices(*right: bool, **more: Any) -> tuple[Choice, ...]:
    """Choices called a, b, c … that are right or not."""
    return tuple(
        Choice("abcdef"[n], one, f"why {'abcdef'[n]}", **more) for n, one in enumerate(right)
    )
