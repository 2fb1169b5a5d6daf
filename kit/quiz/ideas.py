"""Mistaken ideas that answers show: held, shaken or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.quiz.history import first_of
from kit.quiz.misconceptions import name_of
from kit.quiz.question import ORDER, Question, makes

HELD, SHAKEN, DROPPED = STATES = ("held", "shaken", "dropped")
"""What can be said of an idea that answers show."""

Shown = tuple[str, str]
"""The ideas that the first and the last answer to a question show, by name; empty for none."""


def idea_of(form: str, right: Sequence[int], ideas: Sequence[str], chosen: Sequence[int]) -> str:
    """Return the idea that leads to an answer; nothing if it is right, or none is known.

    In an order every choice has its place, so that a place says nothing about an idea.

    Parameters
    ----------
    form : str
        Of the question.
    right : sequence of int
        Places of the choices that make the right answer.
    ideas : sequence of str
        What leads to each choice, by name; empty for what no known idea leads to.
    chosen : sequence of int
        Places that were chosen.
    """
    if form == ORDER or makes(form, right, chosen):
        return ""
    wrong = [place for place in chosen if place not in right]
    found = [ideas[place] for place in wrong if place < len(ideas)]
    return next(filter(None, found), "")


def idea_in(question: Question, chosen: Sequence[int]) -> str:
    """Return the idea that leads to an answer to a question, by name, as `idea_of` does."""
    ideas = [name_of(choice.misconception) for choice in question.choices]
    return idea_of(question.form, question.right, ideas, chosen)


def shown_by(records: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """Return what the first and the last of the answers in each answer record show.

    Parameters
    ----------
    records : iterable of mapping
        As a file of answers has them; an exercise and an explanation show no idea.
    """
    return [
        ((first_of(record) or {}).get("idea", ""), record.get("idea", "")) for record in records
    ]


def states_of(shown: Iterable[Shown]) -> dict[str, str]:
    """Return the ideas that one reader's answers show, each with its state, in order of names.

    An idea is held if last answers show it, dropped if only first ones did, and shaken if it is
    dropped at one question and held at another. The page does the same in JavaScript, because a
    published page has no kernel.

    Parameters
    ----------
    shown : iterable of (str, str)
        For each question, the ideas that its first and its last answer show.
    """
    pairs = list(shown)
    now = {last for _, last in pairs} - {""}
    left = {first for first, last in pairs if first != last} - {""}
    return {
        idea: (SHAKEN if idea in left else HELD) if idea in now else DROPPED
        for idea in sorted(now | left)
    }
