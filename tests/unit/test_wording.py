"""The kit's texts are free of the habits that made them hard to read."""

import pytest

from tests.wording import HABITS, found, texts

EXCEPTIONS = {
    "sim/calls/pipes.py": "wrote to a pipe that nobody can read any more",  # in stored traces
    "trace/narration/failures.py": "to a pipe that nobody can read any more",  # finds that text
    "scenarios/talking.py": "on the board stands",  # a program whose digest is kept
}
"""File -> the one text in it that keeps its wording, and why."""


@pytest.mark.parametrize("habit", HABITS)
def test_no_text_has_a_habit_that_makes_it_hard_to_read(habit: str):
    """Narration, questions, views, errors and help are written in plain English."""
    wrong = [
        f"{text.file}:{text.line}: {text.text}"
        for text in found(habit)
        if EXCEPTIONS.get(text.file, "\0") not in text.text
    ]
    assert wrong == []


def test_each_exception_is_still_needed():
    """A text that is mended leaves the list."""
    there = {(text.file, words) for text in texts() for words in _excepted(text)}
    assert there == set(EXCEPTIONS.items())


def _excepted(text) -> list[str]:
    words = EXCEPTIONS.get(text.file, "\0")
    return [words] if words in text.text else []


def test_texts_are_found_in_python_and_in_the_page():
    """The help of a command counts, what documents code does not."""
    all_of_it = list(texts())
    said = {text.text for text in all_of_it}
    assert any(text.file.endswith(".js") for text in all_of_it)
    assert "Put these in order, earliest at the top." in said
    assert any(text.startswith("Grade files of answers") for text in said)
    assert not any(text.startswith("The `kit` command") for text in said)
