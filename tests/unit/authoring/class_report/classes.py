"""Classes that have handed in, made up."""

from pathlib import Path

from kit.authoring.class_report.beliefs import ClassReport, report_of
from kit.authoring.grading.class_results import Submission, submissions
from kit.authoring.grading.marking import Graded, GradedAnswer

FOLDER = Path("in")
HOSTILE = "<script>alert(1)</script> | **b** $x$ &amp; \u202egnp.exe"
"""What would do harm in a page, a table or a line."""


def answer(question: str, first: str, last: str) -> GradedAnswer:
    """An answer; what is right is called so, and a wrong one is called after its idea."""
    idea_of = {"right": ""}
    return GradedAnswer(
        question,
        "next_state",
        choice=last,
        right=last == "right",
        tries=2,
        idea=idea_of.get(last, last),
        first=first,
        first_right=first == "right",
        first_idea=idea_of.get(first, first),
    )


def graded(student: str, lesson: str, *answers: GradedAnswer) -> Graded:
    """A file of a student that was graded."""
    return Graded(FOLDER / student / f"{lesson}.json", lesson, answers, digest=student + lesson)


def handed(*files: Graded) -> list[Submission]:
    """Those files, told apart by their folders."""
    return submissions(files, [FOLDER], "auto", None)


def a_class() -> ClassReport:
    """A class of three with two lessons, in which every text is hostile."""
    # A name is a folder, in which there can be no slash.
    evil = HOSTILE.replace("/", "")
    files = [
        graded(evil, "a.ipynb", answer(HOSTILE, "own_data", HOSTILE)),
        graded("ada", "a.ipynb", answer(HOSTILE, HOSTILE, "right")),
        graded("bob", "a.ipynb", answer(HOSTILE, "right", "right")),
        graded("bob", "b.ipynb", answer("Q", "right", "right")),
        graded("ada", "b.ipynb", answer("Q", "right", "right")),
    ]
    return report_of(handed(*files), {"a.ipynb": f"A {HOSTILE}"}, not_graded=1)
