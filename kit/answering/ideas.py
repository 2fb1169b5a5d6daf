"""Which mistaken ideas the answers of a reader show, in this notebook and in those next to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kit.answering.left_behind import MOST_PLACES, has_notebook
from kit.answering.notebook import AnswerStore
from kit.quiz.answers import EXERCISE, EXPLANATION, SUFFIX, AnswersError, AnswersFile, read
from kit.quiz.ideas import Shown, shown_by, states_of
from kit.quiz.misconceptions import MISCONCEPTIONS, Misconception, name_of

HERE = "this one"
"""What the notebook of this kernel is called in a list of lessons."""


@dataclass(frozen=True)
class LessonIdeas:
    """What the answers in one notebook show.

    Attributes
    ----------
    lesson : str
        What the notebook is called, in words.
    shown : tuple of (str, str)
        For each answered question, the ideas that the first and the last answer show, by name.
    """

    lesson: str
    shown: tuple[Shown, ...]


def files_beside(store: AnswerStore) -> list[AnswersFile]:
    """Return the answers of the other notebooks in the folder of this one, in order of names.

    What is damaged, or was left behind by a notebook that is gone, is left out.
    """
    own = store.place.path
    if own is None or store.place.why:
        return []
    found = []
    for path in sorted(islice(own.parent.glob(f"*{SUFFIX}"), MOST_PLACES)):
        if path.name != own.name:
            with suppress(AnswersError, OSError):
                answers_file = read(path)
                if has_notebook(path, answers_file):
                    found.append(answers_file)
    return found


def ideas_in(store: AnswerStore, beside: list[AnswersFile]) -> list[LessonIdeas]:
    """Return what all answers of a reader show, those of this notebook last.

    Parameters
    ----------
    store : AnswerStore
    beside : list of AnswersFile
        Of other notebooks.
    """
    named = [(_in_words(one.notebook), one) for one in beside]
    lessons = [LessonIdeas(name, _shown(one)) for name, one in (*named, (HERE, store.answers_file))]
    return [one for one in lessons if one.shown]


def _shown(answers_file: AnswersFile) -> tuple[Shown, ...]:
    records = (one for _, one in sorted(answers_file.answers.items()))
    return tuple(shown_by(one for one in records if one["kind"] not in (EXERCISE, EXPLANATION)))


def _in_words(notebook: str) -> str:
    return Path(notebook).stem.replace("_", " ")


def known_ideas(store: AnswerStore) -> dict[str, Misconception]:
    """Return the ideas of the kit, and those that this notebook's questions bring along."""
    questions = [getattr(item, "question", None) for item in store.items.values()]
    choices = (choice for one in questions for choice in getattr(one, "choices", ()))
    own = {name_of(choice.misconception): choice.met for choice in choices}
    return MISCONCEPTIONS | {name: idea for name, idea in own.items() if idea is not None}


def told(lessons: list[LessonIdeas]) -> dict[str, str]:
    """Return each idea that answers show with its state, by name."""
    return states_of(pair for one in lessons for pair in one.shown)
