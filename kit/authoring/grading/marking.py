"""Marks for the answers in a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from kit.authoring.grading.lesson import Asked
from kit.errors import plural
from kit.quiz.answers import EXERCISE, EXPLANATION, AnswerRecord, AnswersFile
from kit.quiz.history import first_of

FOREIGN = "not in the lesson"
MISSING = "not answered"
HANDED_IN = "handed in, not graded"
BY_TEXT = frozenset({EXERCISE, EXPLANATION})
"""Kinds whose answer is a text, each of its own shape."""


class Judging(Protocol):
    """What is known of a lesson."""

    asked: list[Asked]

    def judge(self, key: str, text: str) -> tuple[bool, str]:
        """Check a program by an exercise; return whether it passes, and what is wrong."""


@dataclass(frozen=True)
class GradedAnswer:
    """What one answer is worth.

    Attributes
    ----------
    question, kind : str
    choice : str
        What was answered, in words.
    right : bool or None
        None if it was not answered, or cannot be judged.
    points, of : float
        `of` is what a right answer is worth.
    tries : int
        As the file says.
    time : str
        As the file says.
    note : str
        What else is to be known.
    idea : str
        What leads to a wrong choice, as far as the question knows.
    first, first_idea : str
        The first answer, and what leads to it; empty if it is not known.
    first_right : bool or None
        None if the first answer is not known.
    """

    question: str
    kind: str
    choice: str = ""
    right: bool | None = None
    points: float = 0.0
    of: float = 1.0
    tries: int = 0
    time: str = ""
    note: str = ""
    idea: str = ""
    first: str = ""
    first_right: bool | None = None
    first_idea: str = ""


@dataclass(frozen=True)
class Graded:
    """What a file is worth.

    Attributes
    ----------
    file : Path
    notebook : str
        The name of the lesson; of what the file names, if it was not graded; empty if the file
        cannot be read.
    answers : tuple of GradedAnswer
        In the order of the lesson, then answers that are not in it.
    problem : str
        Why it could not be graded; empty if it was.
    named : str
        The notebook that the file names, if the lesson is called otherwise.
    time : str
        When the last answer in it was given, as it says; empty without answers.
    digest : str
        The same for files with the same content.
    """

    file: Path
    notebook: str
    answers: tuple[GradedAnswer, ...] = ()
    problem: str = ""
    named: str = ""
    time: str = ""
    digest: str = ""

    @property
    def points(self) -> float:
        """The points of all answers."""
        return sum(answer.points for answer in self.answers)

    @property
    def of(self) -> float:
        """The points of the lesson with every answer right."""
        return sum(answer.of for answer in self.answers)


def grade_answers(answers_file: AnswersFile, lesson: Judging) -> tuple[GradedAnswer, ...]:
    """Return what each answer of a file is worth, and of what was not answered."""
    answers = []
    for asked in lesson.asked:
        record = answers_file.answers.get(asked.key)
        if asked.kind == EXPLANATION:
            answers.append(_explanation(asked, record))
        elif record is None:
            answers.append(GradedAnswer(asked.prompt, asked.kind, note=MISSING))
        elif {record["kind"], asked.kind} & BY_TEXT and record["kind"] != asked.kind:
            note = "the answer is of another kind than the question"
            answers.append(GradedAnswer(asked.prompt, asked.kind, note=note))
        elif asked.kind == EXERCISE:
            answers.append(_program(asked, record, lesson))
        else:
            answers.append(_choices(asked, record))
    known = {asked.key for asked in lesson.asked}
    foreign = [record for key, record in sorted(answers_file.answers.items()) if key not in known]
    return (*answers, *(_foreign(record) for record in foreign))


def _choices(asked: Asked, record: AnswerRecord) -> GradedAnswer:
    chosen = record["chosen"]
    if not chosen:
        return GradedAnswer(asked.prompt, asked.kind, note=MISSING)
    answered = asked.instance(record.get("instance"))
    if answered is None:
        return _graded(asked, record, "", False, "it is to a question that is not asked")
    if any(place >= len(answered.choices) for place in chosen):
        return _graded(asked, record, "", False, "it names a choice that there is not")
    texts = [answered.choices[place] for place in chosen]
    notes = [f"to another instance: {answered.prompt}"] if answered is not asked else []
    if texts != record["choice"]:
        notes.append("its texts are not those of the choices it names")
    right = answered.is_right(chosen)
    graded = _graded(asked, record, "; ".join(texts), right, "; ".join(notes))
    return replace(graded, idea=answered.idea(chosen))


def _explanation(asked: Asked, record: AnswerRecord | None) -> GradedAnswer:
    """Return what was written, for a person to read; it is worth no points."""
    if record is None or record["kind"] != EXPLANATION or not record["text"].strip():
        return GradedAnswer(asked.prompt, asked.kind, of=0.0, note=MISSING)
    text, tries, time = " ".join(record["text"].split()), record["tries"], record["time"]
    return GradedAnswer(
        asked.prompt, asked.kind, text, of=0.0, tries=tries, time=time, note=HANDED_IN
    )


def _program(asked: Asked, record: AnswerRecord, lesson: Judging) -> GradedAnswer:
    passed, note = lesson.judge(asked.key, record["text"])
    said = record["passed"] and not passed
    note = f"the file says that it passes, and it does not: {note}" if said else note
    lines = plural(len(record["text"].strip().splitlines()), "line")
    return _graded(asked, record, f"program of {lines}", passed, note)


def _graded(
    asked: Asked, record: AnswerRecord, choice: str, right: bool, note: str
) -> GradedAnswer:
    points, tries = 1.0 if right else 0.0, record["tries"]
    graded = GradedAnswer(
        asked.prompt, asked.kind, choice, right, points, 1.0, tries, record["time"], note
    )
    first = first_of(record)
    if first is None:
        return graded
    if asked.kind == EXERCISE:
        # Of an earlier program it is only known what the file says.
        passed = bool(first.get("passed")) or first["try"] == record["tries"]
        return replace(graded, first_right=right and passed)
    chosen, answered = first.get("chosen") or (), asked.instance(first.get("instance"))
    if answered is None:
        return graded
    return replace(
        graded,
        first=answered.words(chosen),
        first_right=answered.is_right(chosen),
        first_idea=answered.idea(chosen),
    )


def _foreign(record: AnswerRecord) -> GradedAnswer:
    # A program may carry anything under that name: only the fields of its kind are checked.
    choice = () if record["kind"] in BY_TEXT else record["choice"]
    return GradedAnswer(
        record["prompt"],
        record["kind"],
        "; ".join(choice),
        of=0.0,
        tries=record["tries"],
        time=record["time"],
        note=FOREIGN,
    )
