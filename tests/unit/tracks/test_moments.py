"""Moments that are worth a look, laid out."""

import pytest

from kit.errors import ArgumentError
from kit.scenarios import lost_update
from kit.tracks import Moment, moments
from kit.tracks.moments import checked_moments

LIST = [(9, "Who runs?", "T3."), (5, "T2 is made."), Moment(40, "It is over soon.")]


def test_the_moment_that_was_reached_last_is_marked():
    """They stand in the order of their ticks; before the first none is marked."""
    picture = moments(lost_update(), moments=LIST)
    (shown,) = [mark.fixed for mark in picture.marks if mark.kind == "moments"]
    assert shown["ticks"] == [5, 9, 40]
    assert shown["answers"] == ["", "T3.", ""]
    reached = picture.channels["list", "reached"]
    places = [reached.at(tick)[0][0] for tick in (0, 4, 5, 8, 9, 39, 40, 102)]
    assert places == [-1, -1, 0, 0, 1, 1, 2, 2]


def test_words_say_which_one_it_is():
    """The answer of one that asks is not given away."""
    picture = moments(lost_update(), moments=LIST)
    assert picture.told(4) == []
    assert picture.told(9) == ["moment · at tick 9: Who runs?"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ((-1, "Before."), "-1 is no tick of this run; it has 0 to 102"),
        ((103, "After."), "103 is no tick"),
        (("5", "Text."), "'5' is no tick"),
        ((True, "Text."), "True is no tick"),
        ((5,), "is no moment; give a tick and a sentence"),
        (5, "5 is no moment"),
        ((5, ""), "has no text"),
        ((5, 6), "has no text"),
        ((5, "Asks?", 7), "has no text"),
    ],
)
def test_mistakes_are_explained(wrong, told):
    """With what was found and what to write."""
    with pytest.raises(ArgumentError, match=told.replace("(", r"\(")):
        checked_moments(lost_update(), [wrong])
