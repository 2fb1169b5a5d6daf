"""What is told of one moment: a short sentence first, and what else there is to say."""

from __future__ import annotations

from typing import NamedTuple

MOST_WORDS = 20
"""How many words the first sentence may have, so that it can be read while it plays."""

CUT = "…"
"""Where words were left out."""

Said = str | tuple[str, ...]
"""What is said of one event: a sentence, or one and its details; "" for nothing."""


class Narration(NamedTuple):
    """What happened at one tick.

    Attributes
    ----------
    first : str
        What matters most, in a sentence of at most `MOST_WORDS` words.
    details : tuple of str
        The other sentences.
    """

    first: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return all of it."""
        return " ".join((self.first, *self.details))


class Happened(NamedTuple):
    """What is told of one thing that happened at a tick.

    Attributes
    ----------
    rank : int
        What has the lowest rank leads; see `kit.trace.narration.ranks`.
    sentence : str
    details : tuple of str
    line : int
        The source line that was executed; 0 for none.
    code : str
        What is written there.
    """

    rank: int
    sentence: str
    details: tuple[str, ...] = ()
    line: int = 0
    code: str = ""


def count_words(text: str) -> int:
    """Return how many words a text has, as a reader counts them."""
    return len(text.split())


def shortened(text: str, most: int) -> str:
    """Return the first words of a text; what is left out shows as `CUT`.

    Parameters
    ----------
    text : str
    most : int
        How many words it may have.
    """
    words = text.split()
    return text if len(words) <= most else " ".join(words[:most]) + CUT


def narration_of(happened: list[Happened]) -> Narration:
    """Return what is told of a tick: what matters most first, the others as they happened.

    Parameters
    ----------
    happened : list of Happened
        In the order of cause and effect; at least one.
    """
    lead = min(happened, key=lambda one: one.rank)
    first = _with_line(lead)
    details = list(lead.details)
    if count_words(first) > MOST_WORDS:
        details.insert(0, lead.sentence)
        first = shortened(first, MOST_WORDS)
    for one in happened:
        if one is not lead:
            same = one.line in (0, lead.line)
            details += [one.sentence if same else f"Line {one.line}: {one.sentence}", *one.details]
    return Narration(first, tuple(details))


def _with_line(one: Happened) -> str:
    """Return a sentence that names its source line, and as much of it as there is room for."""
    if not one.line:
        return one.sentence
    room = MOST_WORDS - count_words(f"Line {one.line}: {one.sentence}")
    if one.code and room > 0:
        return f"Line {one.line}, `{shortened(one.code, room)}`: {one.sentence}"
    return f"Line {one.line}: {one.sentence}"
