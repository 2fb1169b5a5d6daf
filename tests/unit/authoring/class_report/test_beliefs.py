"""What the answers of a class say about what it thinks."""

from kit.authoring.class_report.beliefs import report_of, verdict
from kit.authoring.grading.class_results import by_question, submissions
from kit.authoring.grading.marking import Graded, GradedAnswer
from kit.quiz.answers import EXPLANATION
from kit.quiz.misconceptions import MISCONCEPTIONS
from tests.unit.authoring.class_report.classes import FOLDER, answer, graded, handed

KNOWN = "own_data"


def test_a_topic_is_an_idea_that_many_hold():
    """It says how many of those who handed in that lesson, and what is so instead."""
    files = [graded(f"s{n}", "a.ipynb", answer("Q", KNOWN, KNOWN)) for n in range(3)]
    files += [graded(f"t{n}", "a.ipynb", answer("Q", "right", "right")) for n in range(5)]
    report = report_of(handed(*files), {"a.ipynb": "Threads"})
    (topic,) = [one for one in report.topics if "idea" in one.what]
    assert topic.lesson == "Threads"
    assert topic.what == f"The idea that {MISCONCEPTIONS[KNOWN].idea}"
    assert topic.why == "3 of 8 show it in their last answers."
    assert topic.how == MISCONCEPTIONS[KNOWN].instead


def test_a_rare_idea_is_in_the_table_and_no_topic():
    """One of twenty-one is below a tenth."""
    files = [graded("ada", "a.ipynb", answer("Q", "odd", "odd"))]
    files += [graded(f"t{n}", "a.ipynb", answer("Q", "right", "right")) for n in range(20)]
    report = report_of(handed(*files), {})
    assert [row.sentence for row in report.lessons[0].ideas] == ["odd"]
    assert report.topics == []


def test_what_nobody_got_right_comes_first():
    """Then ideas, then what split the class at first."""
    files = [
        graded("ada", "a.ipynb", answer("Hard", KNOWN, KNOWN), answer("Split", "right", "right")),
        graded("bob", "a.ipynb", answer("Hard", KNOWN, KNOWN), answer("Split", "odd", "right")),
    ]
    told = [one.what.partition(":")[0] for one in report_of(handed(*files), {}).topics]
    idea = f"The idea that {MISCONCEPTIONS[KNOWN].idea}"
    assert told == ["No student is right", idea, "Opinions differ"]


def test_all_and_nobody_are_told_of_at_least_two():
    """At first and in the end are told apart, and a student alone is no class."""

    def told(*pairs):
        files = [graded(f"s{n}", "a.ipynb", answer("Q", *pair)) for n, pair in enumerate(pairs)]
        return verdict(by_question(handed(*files))[0])

    right, wrong, mended = ("right", "right"), ("x", "x"), ("x", "right")
    assert told(right, right) == "all were right at first"
    assert told(mended, right) == "all are right in the end"
    assert told(wrong, ("x", "y")) == "no student is right"
    assert told(mended, wrong) == "no student was right at first"
    assert told(right, wrong) == ""
    assert told(wrong) == told(right) == ""


def test_the_last_hand_in_counts_and_explanations_are_counted():
    """An earlier file changes no figure, and what was written is neither right nor wrong."""
    text = GradedAnswer("Why?", EXPLANATION, "So.", of=0.0, note="handed in, not graded")
    early, late = (
        Graded(FOLDER / "ada" / name, "a.ipynb", answers, time=time, digest=name)
        for name, answers, time in (
            ("1.json", (answer("Q", "x", "x"), text), "2027-01-01T10:00:00Z"),
            ("2.json", (answer("Q", "right", "right"), text), "2027-01-02T10:00:00Z"),
        )
    )
    report = report_of(submissions([early, late], [FOLDER], "auto", None), {}, not_graded=4)
    (lesson,) = report.lessons
    assert (report.files, report.students, report.not_graded) == (1, 1, 4)
    assert lesson.ideas == []
    assert [(one.question, one.right) for one in lesson.questions] == [("Q", 1)]
    assert [one.answered for one in lesson.explanations] == [1]
