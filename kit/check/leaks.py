"""Answers that can be looked up: sentences of a notebook that say what a question asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kit.check.markdown import read_prose
from kit.check.notebooks import Cell, Notebook

MANY_WORDS = 3
"""So many words that only the right choice has are enough, whatever a question is about."""
_END = re.compile(r"(?<=[.?!:])\s+")
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_FUNCTION = re.compile(r"def \w+\(.*\):")
_ABOVE = re.compile(r"\s*$|#|\w+ *=")
"""What may be above the first function of a program: nothing, a comment, a global."""
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_NUMBERED = re.compile(
    r"\b(?:ticks?|pid|process|line|core|frame|page|cell|step|t =)\s*\d+(?:(?: and | to |, )\d+)*",
    re.IGNORECASE,
)
"""Numbers that only name something."""


class Question(NamedTuple):
    """A question, as its widget says it.

    Attributes
    ----------
    prompt : str
    choices : sequence of str
    right : sequence of int
        Places of the right ones.
    about : sequence of str
        What a sentence has to name to be about it: a variable, a thread.
    """

    prompt: str
    choices: Sequence[str]
    right: Sequence[int]
    about: Sequence[str]

    @classmethod
    def of(cls, asks: dict[str, Any]) -> Question | None:
        """Return what a widget asks; None if its answer is no choice that a sentence could name."""
        choices, right = asks.get("choices", ()), asks.get("right", ())
        if not choices or not right or asks.get("form") in ("order", "mark"):
            return None
        if len(right) > 1 and not all(map(_is_number, choices)):
            return None  # these words may well stand in a sentence that does not say which is right
        return cls(asks["prompt"], choices, right, asks.get("about", ()))


class Leak(NamedTuple):
    """A sentence that gives an answer away."""

    cell: Cell
    sentence: str
    question: Question


def leaks(
    notebook: Notebook, asked: Iterable[Question], printed: Mapping[int, str] | None = None
) -> Iterator[Leak]:
    """Yield the visible sentences of a notebook that say the answer to one of its questions.

    A sentence says it if it names all that the question is about, the right choice, and none of
    the wrong ones. What is folded away, and programs, are left out; so are words that all
    choices have. Printed lines are looked at only for an answer in figures.

    Parameters
    ----------
    notebook : Notebook
    asked : iterable of Question
        What is asked in it.
    printed : mapping of int to str, optional
        What cells have printed in a run, by their numbers, for it may not be stored.
    """
    said = list(visible_sentences(notebook))
    for cell in notebook.code:
        said += [(cell, line) for line in _lines((printed or {}).get(cell.number, ""))]
    for question in asked:
        right, wrong, common = _keys(question)
        about = {word for name in question.about for word in _words(name)}
        in_figures = all(map(_is_number, right))
        if not about and in_figures:
            about = common  # "secret is 7": what is printed names itself
        if not right or (not about and len(right) < MANY_WORDS):
            continue
        for cell, sentence in said:
            if cell.type == "code" and not in_figures:
                continue  # a line of a table may be about any moment
            words = _words(_NUMBERED.sub(" ", sentence)) | (_words(sentence) & about)
            if right | about <= words and not any(one <= words for one in wrong):
                yield Leak(cell, sentence, question)


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _keys(question: Question) -> tuple[set[str], list[set[str]], set[str]]:
    """Return the words of the right choices, those of each wrong one, and what all have."""
    texts = [_IN_BRACKETS.sub(" ", text) for text in question.choices]
    if question.about:  # "blocked: waiting for something other than a core"
        texts = [text.partition(":")[0] for text in texts]
    words = [_words(text) for text in texts]
    common = set.intersection(*words)
    words = [one - common for one in words]
    right: set[str] = set().union(*(words[place] for place in question.right))
    places = range(len(words))
    wrong = [words[place] - right for place in places if place not in question.right]
    return right, [one for one in wrong if one], common


def _words(text: str) -> set[str]:
    return set(map(str.lower, _WORD.findall(text)))


def visible_sentences(notebook: Notebook) -> Iterator[tuple[Cell, str]]:
    """Yield what can be read in a notebook, without programs and what is folded away.

    Parameters
    ----------
    notebook : Notebook
        As it is stored: sentences of its texts, and lines of what its cells show.
    """
    for cell in notebook.cells:
        if cell.type == "markdown":
            for block in read_prose(cell.source).blocks:
                yield from ((cell, sentence) for sentence in _END.split(block))
        elif cell.type == "code":
            yield from ((cell, line) for line in _lines(_printed(cell)))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of what is printed, without programs: how one starts is not how it ends."""
    above: list[str] = []
    inside = False
    for line in text.splitlines():
        if _FUNCTION.match(line):
            above, inside = [], True
        elif inside and (not line or line[0].isspace()):
            continue
        elif _ABOVE.match(line):
            above.append(line.strip())
            inside = False
        else:
            yield from (*above, line.strip())
            above, inside = [], False
    yield from above


def _printed(cell: Cell) -> str:
    """Return the stored words of what a cell shows, without those of a question itself."""
    found = []
    outputs = cell.raw.get("outputs", ())
    for output in outputs if isinstance(outputs, list) else ():
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        found.append("".join(text) if isinstance(text, list) else str(text))
    return "\n".join(text for text in found if not text.startswith("Predict:"))
