"""Moments of a run that are worth a look, each with a sentence or a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kit.errors import ArgumentError
from kit.trace import Trace
from kit.tracks.picture import Picture

WIDTH = 900.0
NONE = -1


class Moment(NamedTuple):
    """A tick of a run that is worth a look.

    Attributes
    ----------
    tick : int
    text : str
        What can be seen there; the question, where there is an `answer`.
    answer : str
        Opens when somebody has written an answer of their own; "" if nothing is asked.
    """

    tick: int
    text: str
    answer: str = ""


Given = Moment | tuple[int, str] | tuple[int, str, str]
"""A moment as it may be written."""


def checked_moments(trace: Trace, given: Iterable[Given]) -> tuple[Moment, ...]:
    """Return moments in the order of their ticks.

    Parameters
    ----------
    trace : Trace
    given : iterable
        Moments, or tuples of tick, text and answer.

    Raises
    ------
    ArgumentError
        If one is no moment of this run.
    """
    found = []
    for one in given:
        try:
            moment = Moment(*one)
        except TypeError:
            raise ArgumentError(
                f"Moments: {one!r} is no moment; give a tick and a sentence, such as "
                "(12, 'T2 reads count'), or a tick, a question and its answer"
            ) from None
        tick: object = moment.tick
        if not isinstance(tick, int) or isinstance(tick, bool) or not 0 <= tick <= trace.end:
            raise ArgumentError(
                f"Moments: {tick!r} is no tick of this run; it has 0 to {trace.end}"
            )
        texts: tuple[object, ...] = (moment.text, moment.answer)
        if not (moment.text and all(isinstance(text, str) for text in texts)):
            raise ArgumentError(f"Moments: {one!r} has no text; write what can be seen there")
        found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.tick))


def moments(trace: Trace, *, moments: Sequence[Given] = ()) -> Picture:
    """Lay moments out as a list, in which the one that was reached last is marked.

    Parameters
    ----------
    trace : Trace
    moments : sequence of Moment
        In any order; those behind the end of this run are left out.
    """
    shown = checked_moments(trace, [one for one in moments if one[0] <= trace.end])
    picture = Picture("Moments", WIDTH, 0.0)
    fixed = {
        "ticks": [moment.tick for moment in shown],
        "texts": [moment.text for moment in shown],
        "answers": [moment.answer for moment in shown],
    }
    picture.own("list", "moments", fixed, reached=[float(NONE)])
    picture.sentences("told", 1)
    for place, moment in enumerate(shown):
        picture.change("list", "reached", 0, moment.tick, float(place))
        picture.change("told", "text", 0, moment.tick, f"at tick {moment.tick}: {moment.text}")
    picture.text_alternative.append(["moment", ("told", "text", 0)])
    return picture
