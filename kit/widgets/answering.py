"""What was asked and answered in this kernel's notebook: kept in a file, restored, counted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import traitlets

from kit import __version__
from kit.errors import KitError, plural, require
from kit.quiz.answers import (
    EXERCISE,
    AnswersError,
    Record,
    Sheet,
    checked,
    joined_with_file,
    keep,
    parse,
    read,
)
from kit.widgets.answer_place import Place, find_place

_UNFIT = (KitError, LookupError, TypeError, ValueError, traitlets.TraitError)
"""What an item raises that is to be restored from an answer that is none of its own."""


class Item(Protocol):
    """Something that is answered: a question or an exercise.

    Attributes
    ----------
    key : str
        Stays the same as long as the same is asked.
    kind : str
        "exercise", or the kind of the question.
    prompt : str
        What is asked, in a line.
    on_answer : list of callable
        Each is called after an answer was checked.
    """

    on_answer: list[Callable[..., None]]

    @property
    def key(self) -> str: ...  # noqa: D102 - see above
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def prompt(self) -> str: ...  # noqa: D102

    def record(self) -> Record:
        """Return the answer last given, as it is kept; ``tries`` is 0 before the first."""

    def restore(self, record: Record) -> object:
        """Take an answer that was kept; it is no new try, and nobody is told.

        Returns False if it does not fit.
        """

    def score(self) -> float:
        """Return the points that the answer last given is worth, from 0 to 1."""


class Book:
    """The answers of one notebook.

    Parameters
    ----------
    place : Place
        Where they are kept.

    Attributes
    ----------
    place : Place
    trouble : str
        What went wrong with the file, as sentences; empty if nothing did.
    watchers : list of callable
        Each is called when something was asked, answered or imported.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.trouble = ""
        self.watchers: list[Callable[[], None]] = []
        self._items: dict[str, Item] = {}
        self._judged: dict[tuple[str, str], bool] = {}
        self._sheet = Sheet(place.notebook, {}, __version__)
        self._use_file(_only_read if place.why else joined_with_file)

    @property
    def items(self) -> dict[str, Item]:
        """What has been asked and is still there, by key, in the order in which it was asked."""
        return {key: item for key, item in self._items.items() if not _closed(item)}

    @property
    def sheet(self) -> Sheet:
        """All answers, also those to what has not been asked yet."""
        return self._sheet

    @property
    def problem(self) -> str:
        """Why the answers are not in a file, and what to do; empty if they are."""
        if not self.place.why:
            return self.trouble
        kept = f"Your answers are only kept while this kernel runs, because {self.place.why}."
        return f"{self.trouble} {kept} Export them before you leave.".lstrip()

    def register(self, item: Item) -> None:
        """Count an item, restore its answer, and keep what is answered from now on."""
        self._items = self.items
        self._items[item.key] = item
        item.on_answer.append(lambda *_: self.answered(item))
        self._restore(item)
        self._tell()

    def answered(self, item: Item) -> None:
        """Keep the answer just given."""
        key, now = item.key, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # The same may be asked twice in a notebook; what was answered last counts.
        self._items[key] = item
        earlier = self._sheet.answers.get(key, {}).get("time", now)
        record = {**item.record(), "kind": item.kind, "prompt": item.prompt}
        # A clock that was set back must not let an older answer win.
        record["time"] = max(now, earlier)
        self._add({key: checked(record)})
        self._tell()

    def take(self, raw: bytes) -> str:
        """Take the answers of a file that was exported, and return in words what was taken.

        Raises
        ------
        AnswersError
            If it is no such file, or one of another notebook; nothing changes then.
        """
        other = parse(raw)
        asked = [key for key in other.answers if key in self.items]
        if other.notebook != self.place.notebook and self.items and not asked:
            raise AnswersError(f"it has answers to {other.notebook}, not to what was asked here")
        newer = {
            key: record
            for key, record in other.answers.items()
            if self._sheet.joined(other).answers[key] != self._sheet.answers.get(key)
        }
        self._add(newer)
        for key in newer:
            if key in self.items:
                self._restore(self.items[key])
        self._tell()
        older = len(other.answers) - len(newer)
        left = f"; {older} left out, as yours are as new or newer" if older else ""
        return f"{plural(len(newer), 'answer')} imported{left}."

    def score(self, out_of: float | None = None) -> float:
        """Return the points of all that has been asked, as `score` does."""
        points = [self._points(key, item) for key, item in self.items.items()]
        if out_of is None:
            return math.fsum(points)
        return math.fsum(points) * out_of / len(points) if points else 0.0

    def _points(self, key: str, item: Any) -> float:
        """Return the points of an item; of a program, by checking it anew.

        That a program passes may only stand in a file that was written by hand.
        """
        if item.kind != EXERCISE or not item.score():
            return float(item.score())
        text = item.record()["text"]
        if (key, text) not in self._judged:
            self._judged[key, text] = bool(item.judge(text).passed)
        return float(item.score()) if self._judged[key, text] else 0.0

    def _restore(self, item: Item) -> None:
        record = self._sheet.answers.get(item.key)
        if record is None:
            return
        try:
            fits = item.restore(record) is not False
        except _UNFIT:
            fits = False
        if not fits:
            self.trouble = f"The answer to “{item.prompt}” in the file does not fit; answer again."

    def _add(self, answers: dict[str, Record]) -> None:
        self._sheet = Sheet(self.place.notebook, {**self._sheet.answers, **answers}, __version__)
        if answers:
            self._use_file(keep)

    def _use_file(self, use: Callable[..., tuple[Sheet, Any]]) -> None:
        """Join with the file, if there is one; stay in memory if it cannot be used."""
        path = self.place.path
        if path is None or (self.place.why and use is keep):
            return
        try:
            self._sheet, aside = use(path, self._sheet)
        except OSError as error:
            why = f"{path.name} cannot be used ({error.strerror or 'no reason given'})"
            self.place = Place(self.place.notebook, None, why)
        except AnswersError as error:
            self.place = Place(self.place.notebook, None, str(error))
        else:
            if aside is not None:
                self.trouble = (
                    f"{path.name} could not be read: {aside[1]}. "
                    f"It is called {aside[0].name} now, and a new one was begun."
                )

    def _tell(self) -> None:
        for watcher in list(self.watchers):
            watcher()


def _only_read(path: Path, sheet: Sheet) -> tuple[Sheet, None]:
    """Join answers with those of a file that may be another notebook's: it stays as it is."""
    try:
        return sheet.joined(read(path)), None
    except FileNotFoundError:
        return sheet, None
    except AnswersError as error:
        raise AnswersError(f"{path.name} cannot be used ({error})") from None


_books: list[Book] = []
"""The book of this kernel, once it is needed."""


def book() -> Book:
    """Return the answers of this kernel's notebook."""
    if not _books:
        _books.append(Book(find_place()))
    return _books[0]


def register(item: Item) -> None:
    """Let an item be counted, its answers be kept, and the one given earlier be restored."""
    book().register(item)


def known() -> list[Item]:
    """Return what this kernel has asked so far, without looking for a file of answers."""
    return [item for one in _books for item in one.items.values()]


def items() -> dict[str, Item]:
    """Return what this kernel has asked, by key, in the order in which it was asked."""
    return book().items


def score(out_of: float | None = None) -> float:
    """Return the points of all questions and exercises asked so far in this notebook.

    As the last line of a cell that nbgrader grades it gives the points of that cell.

    Parameters
    ----------
    out_of : float, optional
        What a notebook with every answer right is worth; one point for each question and
        exercise if left out.

    Raises
    ------
    ArgumentError
        If `out_of` is no number of points.
    """
    number = isinstance(out_of, int | float) and not isinstance(out_of, bool)
    fits = out_of is None or (number and math.isfinite(out_of) and out_of >= 0)
    require(fits, f"score: out_of is {out_of!r}; give a number of points, or leave it out")
    return book().score(out_of)


def _closed(item: object) -> bool:
    """Tell whether an item was closed, as that of a cell is that was changed and run again."""
    return getattr(item, "comm", item) is None


# -- for grading, and for the page of a course ------------------------------------------


def asked() -> str:
    """Return as JSON what this notebook has asked, with the right answers and the wrong ideas."""
    return json.dumps([_told(key, item) for key, item in items().items()])


def _told(key: str, item: Any) -> dict[str, Any]:
    told = {"key": key, "kind": item.kind, "prompt": item.prompt}
    if item.kind != EXERCISE:
        question = item.question
        told["choices"] = [choice.text for choice in question.choices]
        told |= {"right": list(question.right), "form": question.form}
        ideas = {choice.misconception for choice in question.choices if choice.misconception}
        told["misconceptions"] = sorted(ideas)
    return told


def regrade(texts: str) -> str:
    """Check programs anew by the exercises of this notebook.

    Parameters
    ----------
    texts : str
        JSON: a list of objects with ``key`` and ``text``.

    Returns
    -------
    str
        JSON: for each an object with ``passed`` and ``messages``.
    """
    results = []
    for one in json.loads(texts):
        exercise: Any = items()[one["key"]]
        judgement = exercise.judge(one["text"])
        messages = [str(message) for message in judgement.messages]
        results.append({"passed": bool(judgement.passed), "messages": messages})
    return json.dumps(results)
