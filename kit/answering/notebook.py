"""What was asked and answered in this kernel's notebook: kept in a file, restored, counted."""

from __future__ import annotations

import atexit
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from kit.answering.answerable import Answer, Answerable
from kit.answering.keeper import Keeper
from kit.answering.left_behind import left_behind, named
from kit.answering.place import Place, find_place
from kit.errors import plural, require
from kit.quiz.answers import (
    EXPLANATION,
    AnswerRecord,
    AnswersError,
    AnswersFile,
    checked,
    parse,
)
from kit.quiz.history import with_try

AT_THE_END = 2.0
"""Seconds for which a kernel that ends waits for another one that writes to the same file."""


class AnswerStore:
    """The answers of one notebook.

    Parameters
    ----------
    place : Place
        Where they are kept.

    Attributes
    ----------
    trouble : str
        What went wrong with an answer, as a sentence; empty if nothing did.
    origin : str
        The file from which answers were taken along, because its notebook is gone; else empty.
    watchers : list of callable
        Each is called when something was asked, answered, imported or saved.
    """

    def __init__(self, place: Place) -> None:
        self.trouble = self.origin = ""
        self.watchers: list[Callable[[], None]] = []
        # What is on the page is held by ipywidgets; what was closed is to be forgotten.
        self._items: WeakValueDictionary[str, Answerable] = WeakValueDictionary()
        self._judged: dict[tuple[str, Answer], bool] = {}
        self._refused: dict[str, str] = {}
        self._left: dict[Path, AnswersFile] | None = None
        self._keeper = Keeper(place, self._tell)

    @property
    def place(self) -> Place:
        """Where the answers are kept."""
        return self._keeper.place

    @property
    def items(self) -> dict[str, Answerable]:
        """What has been asked and is still there, by key, in the order in which it was asked."""
        return {key: item for key, item in self._items.items() if not _closed(item)}

    @property
    def answers_file(self) -> AnswersFile:
        """All answers, also those to what has not been asked yet."""
        return self._keeper.answers_file

    @property
    def saved(self) -> bool:
        """Whether all answers are in the file."""
        return not self._keeper.why

    @property
    def problem(self) -> str:
        """Why the answers are not in a file, and what to do; empty if they are."""
        keeper = self._keeper
        told = [keeper.trouble, self.trouble, *self._refused.values()]
        if keeper.place.why:
            why = keeper.place.why
            told.append(f"Your answers are only kept while this kernel runs, because {why}.")
            told.append("Export them before you leave.")
        elif keeper.delay:
            told.append(f"Your answers are not saved now, because {keeper.delay}.")
            told.append("They are saved as soon as that is possible, while this kernel runs.")
            told.append("Export them before you leave.")
        return " ".join(filter(None, told))

    def register(self, item: Answerable) -> None:
        """Count an item, restore its answer, and keep what is answered from now on."""
        self._items = WeakValueDictionary(self.items)
        self._items[item.key] = item
        item.on_answer.append(lambda *_: self.answered(item))
        if item.key not in self.answers_file.answers:
            self._take_along(item.key)
        self._restore(item)
        self._tell()

    def answered(self, item: Answerable) -> None:
        """Keep the answer just given."""
        key, now = item.key, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # The same may be asked twice in a notebook; what was answered last counts.
        self._items[key] = item
        before = self.answers_file.answers.get(key, {})
        earlier = before.get("time", now)
        record = {**item.record(), "kind": item.kind, "prompt": item.prompt}
        # A clock that was set back must not let an older answer win.
        record["time"] = max(now, earlier)
        if item.kind != EXPLANATION:
            record["history"] = with_try(before, record)
        try:
            self._keeper.add({key: checked(record)})
        except AnswersError as error:
            self._refused[key] = f"The answer to “{item.prompt}” is not saved: {error}."
            item.unsaved = f"Not saved: {error}."
        else:
            self._refused.pop(key, None)
            item.unsaved = self._unsaved
        self._tell()

    def write(self, patience: float) -> None:
        """Write down what is not in the file yet."""
        self._keeper.write(patience)

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
        newer = self._take_newer(other)
        for key in newer:
            if key in self.items:
                self._restore(self.items[key])
        self._tell()
        older = len(other.answers) - len(newer)
        left = f"; {older} left out, as yours are as new or newer" if older else ""
        return f"{plural(len(newer), 'answer')} imported{left}."

    def score(self, out_of: float | None = None, asked: Sequence[str] = ()) -> float:
        """Return the points of all that has been asked, as `score` does."""
        graded = {key: one for key, one in self.items.items() if one.kind != EXPLANATION}
        counted = {key: graded.get(key) for key in asked or graded}
        points = [self._points(key, item) if item else 0.0 for key, item in counted.items()]
        if out_of is None:
            return math.fsum(points)
        return math.fsum(points) * out_of / len(points) if points else 0.0

    def _points(self, key: str, item: Answerable) -> float:
        """Return the points of an item, by checking its answer anew.

        That a program passes may only stand in a file that was written by hand.
        """
        points = float(item.score())
        return points if points and self._passes(key, item) else 0.0

    def _passes(self, key: str, item: Answerable) -> bool:
        given = item.given
        if (key, given) not in self._judged:
            self._judged[key, given] = item.judge(given).passed
        return self._judged[key, given]

    def _restore(self, item: Answerable) -> None:
        record = self.answers_file.answers.get(item.key)
        if record is not None and not item.restore(record):
            self.trouble = f"The answer to “{item.prompt}” in the file does not fit; answer again."

    def _take_along(self, key: str) -> None:
        """Take the answers that stayed behind when this notebook was renamed; tell of others."""
        path = self.place.path
        if path is None or self.place.why:
            return
        if self._left is None:
            self._left = left_behind(path)
        holding = {
            one: answers_file
            for one, answers_file in self._left.items()
            if key in answers_file.answers
        }
        names = [named(one, path) for one in holding]
        if len(holding) == 1 and path.parent == next(iter(holding)).parent:
            (answers_file,) = holding.values()
            self.origin, self._left = names[0], {}
            self._take_newer(answers_file)
        elif len(holding) == 1:
            # Another folder may be another person's, as where a class has handed in.
            self.trouble = (
                f"Answers to what is asked here are in {names[0]}, whose notebook is gone; "
                "if this is that notebook, import that file."
            )
        elif holding:
            listed = f"{', '.join(names[:-1])} and {names[-1]}"
            self.trouble = (
                f"Answers to what is asked here are in {listed}, whose notebooks are gone; "
                "if this notebook was one of those, import that file."
            )

    def _take_newer(self, other: AnswersFile) -> dict[str, AnswerRecord]:
        """Take those answers of another file that are newer than ours, and return them."""
        joined = self.answers_file.joined(other).answers
        ours = self.answers_file.answers
        newer = {key: joined[key] for key in other.answers if joined[key] != ours.get(key)}
        self._keeper.add(newer)
        return newer

    @property
    def _unsaved(self) -> str:
        """What is said beside an answer that is not in the file; nothing where none is meant."""
        why = self._keeper.why
        if not why or self.place.deliberate:
            return ""
        return f"Not saved, because {why}. Your answer is kept while this kernel runs."

    def _tell(self) -> None:
        if self.saved:
            for key, item in self.items.items():
                if item.unsaved and key not in self._refused:
                    item.unsaved = ""
        for watcher in list(self.watchers):
            watcher()


_stores: list[AnswerStore] = []
"""The store of this kernel, once it is needed."""


def store() -> AnswerStore:
    """Return the answers of this kernel's notebook."""
    if not _stores:
        _stores.append(AnswerStore(find_place()))
    return _stores[0]


@atexit.register
def _write_at_the_end() -> None:
    """Try once more to write what could not be written before."""
    for one in _stores:
        one.write(AT_THE_END)


def register(item: Answerable) -> None:
    """Let an item be counted, its answers be kept, and the one given earlier be restored."""
    store().register(item)


def known() -> list[Answerable]:
    """Return what this kernel has asked so far, without looking for a file of answers."""
    return [item for one in _stores for item in one.items.values()]


def items() -> dict[str, Answerable]:
    """Return what this kernel has asked, by key, in the order in which it was asked."""
    return store().items


def score(out_of: float | None = None, *, asked: Sequence[str] = ()) -> float:
    """Return the points of all questions and exercises asked so far in this notebook.

    An explanation is worth none: nobody but a person can say how good it is.

    As the last line of a cell that nbgrader grades it gives the points of that cell.

    Parameters
    ----------
    out_of : float, optional
        What a notebook with every answer right is worth; one point for each question and
        exercise if left out.
    asked : sequence of str, optional
        The keys of what the lesson asks, as `kit score LESSON` prints them: one that is not there
        any more gets nothing, and nothing else counts. If left out, all that is asked in the
        notebook counts, so that it is worth more to a student to delete a question.

    Raises
    ------
    ArgumentError
        If `out_of` is no number of points, or `asked` no list of keys.
    """
    number = isinstance(out_of, int | float) and not isinstance(out_of, bool)
    fits = out_of is None or (number and math.isfinite(out_of) and out_of >= 0)
    require(fits, f"score: out_of is {out_of!r}; give a number of points, or leave it out")
    listed = isinstance(asked, list | tuple) and all(isinstance(one, str) for one in asked)
    require(listed, f"score: asked is {asked!r}; give the list that kit score LESSON prints")
    return store().score(out_of, asked)


def _closed(item: object) -> bool:
    """Tell whether an item was closed, as that of a cell is that was changed and run again."""
    return getattr(item, "comm", item) is None
