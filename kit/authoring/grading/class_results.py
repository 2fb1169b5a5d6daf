"""What a whole class has answered: by student, by question, by idea."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kit.authoring.grading.marking import FOREIGN, HANDED_IN, Graded, GradedAnswer
from kit.authoring.grading.students import (
    NBGRADER,
    handed_in,
    is_late,
    pattern_of,
    student_of,
)
from kit.quiz.ideas import DROPPED, SHAKEN, states_of

LEAST_COPIED = 3
"""So many answers that are the same to the second are no coincidence."""


@dataclass(frozen=True)
class Submission:
    """A graded file of a student.

    Attributes
    ----------
    student : str
    graded : Graded
    late : bool or None
        None if there is no deadline, or no time is known.
    replaced : bool
        Whether the student has handed in this lesson again, later.
    note : str
        What else is to be known.
    """

    student: str
    graded: Graded
    late: bool | None = None
    replaced: bool = False
    note: str = ""

    @property
    def answers(self) -> list[GradedAnswer]:
        """The answers to what the lesson asks."""
        return [one for one in self.graded.answers if one.note != FOREIGN]


@dataclass(frozen=True)
class QuestionResult:
    """How a class fared with one question or exercise.

    Attributes
    ----------
    lesson, question, kind : str
    asked, answered, right : int
        Numbers of students.
    first_known, first_right : int
        Of how many the first answer is known, and how many were right at first.
    wrong, idea : str
        The wrong answer that most have given, at first if that is known, and what leads to it.
    wrong_by : int
        How many gave it.
    """

    lesson: str
    question: str
    kind: str
    asked: int
    answered: int
    right: int
    first_known: int
    first_right: int
    wrong: str
    wrong_by: int
    idea: str


@dataclass(frozen=True)
class IdeaResult:
    """How many of a class have an idea that leads to wrong answers.

    Attributes
    ----------
    idea, lesson : str
    met : int
        Students whose first or last answer to some question of the lesson shows it.
    dropped : int
        Of these, those whose last answers no longer do.
    shaken : int
        Of these, those who have dropped it at one question, and show it at another still.
    holders : tuple of str
        The students whose last answers show it, by name.
    """

    idea: str
    lesson: str
    met: int
    dropped: int
    shaken: int = 0
    holders: tuple[str, ...] = ()

    @property
    def held(self) -> int:
        """How many hold it as they did at first."""
        return self.met - self.dropped - self.shaken


def submissions(
    graded: Sequence[Graded], folders: Sequence[Path], student: str, due: datetime | None
) -> list[Submission]:
    """Return whose graded files these are, in order, with what is late, double or copied.

    Parameters
    ----------
    graded : sequence of Graded
        Those that could not be graded are left out.
    folders : sequence of Path
        That were graded.
    student : str
        How to tell whose a file is; see `pattern_of`.
    due : datetime or None
    """
    patterns = pattern_of(student)
    found = []
    for one in (one for one in graded if not one.problem):
        time = handed_in(one.file, one.time, stamped=student == NBGRADER)
        name = student_of(one.file, folders, patterns)
        late = is_late(one.file, time, due)
        found.append(Submission(name, replace(one, time=time), late))
    return _copied(_replaced(found))


def not_graded(graded: Sequence[Graded], folders: Sequence[Path], student: str) -> list[Submission]:
    """Return whose files could not be graded, so that nobody is forgotten.

    Parameters
    ----------
    graded : sequence of Graded
        Those that could be graded are left out.
    folders : sequence of Path
        That were graded.
    student : str
        How to tell whose a file is; see `pattern_of`.
    """
    patterns = pattern_of(student)
    return [
        Submission(student_of(one.file, folders, patterns), one, note=f"not graded: {one.problem}")
        for one in graded
        if one.problem
    ]


def _replaced(found: list[Submission]) -> list[Submission]:
    last: dict[tuple[str, str], Submission] = {}
    for one in found:
        key = (one.student, one.graded.notebook)
        if key not in last or one.graded.time >= last[key].graded.time:
            last[key] = one
    kept = {id(one) for one in last.values()}
    return [
        one
        if id(one) in kept
        else replace(
            one,
            replaced=True,
            note=f"handed in again: {last[one.student, one.graded.notebook].graded.file.name}",
        )
        for one in found
    ]


def _copied(found: list[Submission]) -> list[Submission]:
    first: dict[tuple[str, str], Submission] = {}
    noted = []
    for one in found:
        same = first.setdefault((one.graded.notebook, one.graded.digest), one)
        given = sum(answer.tries > 0 for answer in one.answers)
        copied = same.student != one.student and given >= LEAST_COPIED
        note = f"the same answers, to the second, as {same.student}" if copied else ""
        noted.append(replace(one, note="; ".join(filter(None, (one.note, note)))))
    return noted


def by_question(handed: Sequence[Submission]) -> list[QuestionResult]:
    """Return how a class fared with each question, in the order of lessons and questions."""
    answers: dict[tuple[str, int, str], list[GradedAnswer]] = {}
    for one in _counted(handed):
        for place, answer in enumerate(one.answers):
            key = (one.graded.notebook, place, answer.question)
            answers.setdefault(key, []).append(answer)
    return [
        _question(lesson, question, found)
        for (lesson, _, question), found in sorted(answers.items(), key=lambda one: one[0])
    ]


def _counted(handed: Sequence[Submission]) -> Iterator[Submission]:
    return (one for one in handed if not one.replaced)


def _question(lesson: str, question: str, answers: list[GradedAnswer]) -> QuestionResult:
    wrong = Counter(
        (text, idea)
        for one in answers
        for text, right, idea in [_earliest(one)]
        if right is False and text
    )
    (text, idea), by = max(wrong.items(), key=lambda one: (one[1], one[0]), default=(("", ""), 0))
    return QuestionResult(
        lesson,
        question,
        answers[0].kind,
        asked=len(answers),
        answered=sum(one.right is not None or one.note == HANDED_IN for one in answers),
        right=sum(one.right is True for one in answers),
        first_known=sum(one.first_right is not None for one in answers),
        first_right=sum(one.first_right is True for one in answers),
        wrong=text,
        wrong_by=by,
        idea=idea,
    )


def _earliest(answer: GradedAnswer) -> tuple[str, bool | None, str]:
    """Return the first answer that is known: its words, whether it is right, and its idea."""
    if answer.first_right is not None and answer.first:
        return answer.first, answer.first_right, answer.first_idea
    return answer.choice, answer.right, answer.idea


def by_idea(handed: Sequence[Submission]) -> list[IdeaResult]:
    """Return how many have each idea, by lesson, those that most have first."""
    shown: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in _counted(handed):
        states = states_of((answer.first_idea, answer.idea) for answer in one.answers)
        for idea, state in states.items():
            shown.setdefault((one.graded.notebook, idea), []).append((one.student, state))
    found = [
        IdeaResult(
            idea,
            lesson,
            met=len(told),
            dropped=sum(state == DROPPED for _, state in told),
            shaken=sum(state == SHAKEN for _, state in told),
            holders=tuple(sorted(student for student, state in told if state != DROPPED)),
        )
        for (lesson, idea), told in shown.items()
    ]
    return sorted(found, key=lambda one: (one.lesson, -one.met, one.idea))
