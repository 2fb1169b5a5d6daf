"""The key of an exam: what each paper asks and what is right, by which `kit grade` judges."""

from __future__ import annotations

import json
from typing import Any

from kit import __version__
from kit.authoring.exam.drawing import Exam
from kit.authoring.grading.keys import FORMAT
from kit.authoring.grading.report import Row, table_text
from kit.quiz.misconceptions import name_of
from kit.quiz.question import ORDER, Question

COLUMNS = ("paper", "number", "lesson", "kind", "question", "right", "ideas")


def key_text(exam: Exam) -> str:
    """Return the key as JSON."""
    questions = {
        one.question.key: _told(one.question) for pool in exam.pools for one in pool.instances
    }
    papers = {
        f"{paper.name}.ipynb": [one.question.key for one in paper.asked] for paper in exam.papers
    }
    content = {
        "format": FORMAT,
        "version": 1,
        "kit": __version__,
        "title": exam.title,
        "seed": exam.seed,
        "questions": questions,
        "papers": papers,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _told(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "prompt": question.prompt,
        "form": question.form,
        "choices": [choice.text for choice in question.choices],
        "right": list(question.right),
        "ideas": [name_of(choice.misconception) for choice in question.choices],
    }


def key_table(exam: Exam) -> str:
    """Return the key as a table for people, in CSV."""
    rows: list[Row] = []
    for paper in exam.papers:
        for number, (one, pool) in enumerate(zip(paper.asked, exam.pools, strict=True), 1):
            question = one.question
            between = " → " if question.form == ORDER else "; "
            told = "; ".join(sorted(question.ideas))
            row = (paper.name, number, pool.lesson, question.kind, question.prompt)
            rows.append((*row, between.join(question.answers), told))
    return table_text(COLUMNS, rows)
