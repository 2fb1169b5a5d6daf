"""What the answers of a class say about what it thinks, lesson by lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.authoring.grading.class_results import (
    IdeaResult,
    QuestionResult,
    Submission,
    by_idea,
    by_question,
)
from kit.errors import plural
from kit.quiz.answers import EXPLANATION
from kit.quiz.misconceptions import MISCONCEPTIONS

WORTH_DISCUSSING = 0.1
"""Share of those who handed in a lesson that has to hold an idea for it to be a topic."""
SPLIT = (0.3, 0.7)
"""Shares right at first between which students can convince each other (Crouch & Mazur 2001)."""
MOST_TOPICS = 5
"""Topics of each sort; more do not fit into a lecture."""
FEWEST = 2
"""Students without whom there is no "all" and no "nobody"."""


@dataclass(frozen=True)
class IdeaRow:
    """An idea in a lesson, with how many hold it.

    Attributes
    ----------
    letter : str
        Names it in a chart.
    sentence : str
        What is thought.
    instead, source : str
        What is so, and where to read it; empty for an idea that is not in the kit's table.
    result : IdeaResult
    """

    letter: str
    sentence: str
    instead: str
    source: str
    result: IdeaResult


@dataclass(frozen=True)
class LessonReport:
    """What a class thinks about the subject of one lesson.

    Attributes
    ----------
    name, title : str
        Of the notebook; the title is its name, if it has none.
    students : int
        How many have handed in answers that count.
    ideas : list of IdeaRow
    questions : list of QuestionResult
        Those that can be right or wrong.
    explanations : list of QuestionResult
    """

    name: str
    title: str
    students: int
    ideas: list[IdeaRow]
    questions: list[QuestionResult]
    explanations: list[QuestionResult]


@dataclass(frozen=True)
class Topic:
    """Something to talk about next time.

    Attributes
    ----------
    lesson : str
        Title of the lesson.
    what, why, how : str
        Sentences: what it is, the figures, and what to do about it.
    """

    lesson: str
    what: str
    why: str
    how: str


@dataclass(frozen=True)
class ClassReport:
    """What a class believes.

    Attributes
    ----------
    lessons : list of LessonReport
    topics : list of Topic
        The most pressing first.
    students, files : int
        How many students there are, and files that count.
    not_graded : int
        Files that could not be graded.
    """

    lessons: list[LessonReport]
    topics: list[Topic]
    students: int
    files: int
    not_graded: int


def report_of(
    handed: Sequence[Submission], titles: Mapping[str, str], not_graded: int = 0
) -> ClassReport:
    """Return what a class believes.

    Parameters
    ----------
    handed : sequence of Submission
    titles : mapping of str to str
        Name of a notebook -> title of the lesson.
    not_graded : int
        Files that could not be graded.
    """
    counted = [one for one in handed if not one.replaced]
    names = sorted({one.graded.notebook for one in counted})
    ideas, questions = by_idea(counted), by_question(counted)
    lessons = [
        LessonReport(
            name,
            titles.get(name, name),
            students=len({one.student for one in counted if one.graded.notebook == name}),
            ideas=_rows([one for one in ideas if one.lesson == name]),
            questions=[q for q in questions if q.lesson == name and q.kind != EXPLANATION],
            explanations=[q for q in questions if q.lesson == name and q.kind == EXPLANATION],
        )
        for name in names
    ]
    people = len({one.student for one in counted})
    return ClassReport(lessons, _topics(lessons), people, len(counted), not_graded)


def _rows(results: Sequence[IdeaResult]) -> list[IdeaRow]:
    rows = []
    for number, result in enumerate(results):
        known = MISCONCEPTIONS.get(result.idea)
        sentence = known.idea if known else result.idea
        instead, source = (known.instead, known.source) if known else ("", "")
        rows.append(IdeaRow(_letter(number), sentence, instead, source, result))
    return rows


def _letter(number: int) -> str:
    """Return A to Z, then AA and so on, as the columns of a spreadsheet."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def verdict(question: QuestionResult) -> str:
    """Return what is remarkable about a question in a few words; empty for nothing.

    Parameters
    ----------
    question : QuestionResult
    """
    if question.answered < FEWEST:
        return ""
    if question.right == 0:
        return "no student is right"
    known = question.first_known == question.answered
    if known and question.first_right == question.answered:
        return "all were right at first"
    if question.right == question.answered:
        return "all are right in the end"
    if known and question.first_right == 0:
        return "no student was right at first"
    return ""


def _topics(lessons: Sequence[LessonReport]) -> list[Topic]:
    pairs = [(lesson, question) for lesson in lessons for question in lesson.questions]
    nobody = [pair for pair in pairs if verdict(pair[1]) == "no student is right"]
    split = [pair for pair in pairs if pair not in nobody and _is_split(pair[1])]
    split.sort(key=lambda pair: abs(_share(pair[1]) - 0.5))
    return [
        *(_nobody(*pair) for pair in nobody[:MOST_TOPICS]),
        *_beliefs(lessons),
        *(_split(*pair) for pair in split[:MOST_TOPICS]),
    ]


def _share(question: QuestionResult) -> float:
    return question.first_right / question.first_known


def _is_split(question: QuestionResult) -> bool:
    return question.first_known >= FEWEST and SPLIT[0] <= _share(question) <= SPLIT[1]


def _nobody(lesson: LessonReport, question: QuestionResult) -> Topic:
    chosen = (
        f" {question.wrong_by} of them chose first: {question.wrong}." if question.wrong else ""
    )
    return Topic(
        lesson.title,
        f"No student is right: {question.question}",
        f"{plural(question.answered, 'student')} answered.{chosen}",
        "Look at the moment together that shows the answer, and at the wording of the question.",
    )


def _beliefs(lessons: Sequence[LessonReport]) -> list[Topic]:
    held = [
        (lesson, row)
        for lesson in lessons
        for row in lesson.ideas
        if len(row.result.holders) >= max(WORTH_DISCUSSING * lesson.students, 1)
    ]
    held.sort(key=lambda pair: -len(pair[1].result.holders) / pair[0].students)
    return [
        Topic(
            lesson.title,
            f"The idea that {row.sentence}",
            f"{len(row.result.holders)} of {lesson.students} show it in their last answers."
            + _shaken(row.result.shaken),
            _instead(row),
        )
        for lesson, row in held[:MOST_TOPICS]
    ]


def _shaken(number: int) -> str:
    return f" {number} of them waver: one question no longer shows it." if number else ""


def _instead(row: IdeaRow) -> str:
    if not row.instead:
        return "Show a run in which it leads to the wrong answer."
    return f"{row.instead} ({row.source})" if row.source else row.instead


def _split(lesson: LessonReport, question: QuestionResult) -> Topic:
    return Topic(
        lesson.title,
        f"Opinions differ: {question.question}",
        f"{question.first_right} of {question.first_known} were right at first.",
        "Ask it once more, let neighbours convince each other, and ask again.",
    )
