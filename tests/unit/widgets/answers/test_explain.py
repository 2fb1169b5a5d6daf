import pytest

from kit import ArgumentError
from kit.answering.notebook import items, score, store
from kit.quiz.answers import EXPLANATION, parse
from kit.widgets import Answers, Explain

PROMPT = "Why does `join` block?"
RUBRIC = ["It names the thread that is waited for.", "It says who wakes the caller."]
OURS = "Because the result is not there yet.\n\nThe end of the thread wakes the caller."


def explain(prompt: str = PROMPT) -> Explain:
    """Return a place to explain something."""
    return Explain(prompt, RUBRIC, OURS)


def test_what_is_written_is_kept_and_restored():
    """The same prompt, asked again, holds the text and the ticks."""
    asked = explain()
    asked.write("It waits for T2.")
    asked.ticked = [0]
    record = store().answers_file.answers[asked.key]
    assert (record["kind"], record["text"], record["ticked"]) == (EXPLANATION, asked.text, [0])
    again = explain()
    assert (again.key, again.text, again.ticked, again.tries) == (asked.key, asked.text, [0], 1)
    told: list[Explain] = []
    again.on_answer.append(told.append)
    assert again.restore({**record, "text": "It waits.", "tries": 2})
    assert (again.text, told) == ("It waits.", [])


def test_it_is_exported_and_imported():
    """A file that was taken away brings the text back."""
    explain().write("It waits for T2.")
    exported = store().answers_file.text().encode()
    assert [one["text"] for one in parse(exported).answers.values()] == ["It waits for T2."]


def test_it_is_worth_no_points():
    """It is counted as written, and neither as right nor as wrong."""
    asked = explain()
    listed = Answers()
    assert listed.entries[0]["state"] == "open"
    asked.write("It waits for T2.")
    assert asked.score() == score() == score(out_of=10) == 0
    assert items()[asked.key] is asked
    assert listed.entries[0] == {"prompt": PROMPT, "state": "written", "tries": 1}
    assert listed.summary == "1 of 1 answered, 0 right, 1 written"


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "x" * 20_001, "tries": 1},
        {"text": 7, "tries": 1},
        {"text": "So.", "tries": 1, "ticked": [2]},
        {"text": "So.", "tries": 1, "ticked": [-1]},
        {"text": "So.", "tries": 1, "ticked": "01"},
    ],
)
def test_a_page_cannot_say_what_no_person_could(sent: dict):
    """What is too long, no text, or a box that there is not, changes nothing."""
    asked = explain()
    asked.set_state(sent)
    assert (asked.text, asked.tries, asked.ticked) == ("", 0, [])


def test_a_page_cannot_change_what_is_asked():
    """Only the text, the ticks and the tries are taken from it."""
    asked = explain()
    asked.set_state({"text": "So.", "tries": 1, "ours": "Nothing.", "prompt": "What?"})
    assert (asked.text, asked.ours, asked.prompt) == ("So.", OURS, PROMPT)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"text": "So.", "tries": 1},
        {"text": "So.", "tries": 1, "ticked": [9]},
        {"text": None, "tries": 1, "ticked": []},
        {"text": "So.", "tries": "1", "ticked": []},
        "So.",
    ],
)
def test_a_record_that_is_none_is_refused(record: object):
    """Whatever a file holds, it is taken as a whole or not at all."""
    asked = explain()
    assert not asked.restore(record)
    assert (asked.text, asked.tries) == ("", 0)


def test_a_text_is_judged_by_whether_there_is_one():
    """How good it is, no program says."""
    assert explain().judge("Because.").passed
    assert not explain().judge("  ").passed
    assert not explain().judge([0]).passed


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("", RUBRIC, OURS), "prompt is ''; give a text"),
        ((PROMPT, [], OURS), r"rubric is \[\]; give a list of sentences"),
        ((PROMPT, "It says so.", OURS), "give a list of sentences"),
        ((PROMPT, RUBRIC, " "), "ours is ' '; give a text"),
    ],
)
def test_wrong_arguments_are_explained(arguments: tuple, advice: str):
    """A teacher's slip is answered with what to give instead."""
    with pytest.raises(ArgumentError, match=advice):
        Explain(*arguments)


def test_nothing_cannot_be_handed_in():
    """There has to be a word in it."""
    with pytest.raises(ArgumentError, match="write at least a word"):
        explain().write(" ")
    assert repr(explain()) == f"<Explain: {PROMPT}>"
