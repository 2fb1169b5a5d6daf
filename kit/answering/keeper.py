"""Answers in memory and in their file; what cannot be written now is written later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from kit import __version__
from kit.answering.place import Place
from kit.quiz.answers import (
    PATIENCE,
    AnswerRecord,
    AnswersError,
    AnswersFile,
    DamagedFile,
    joined_with_file,
    keep,
    read,
)

QUICK = 0.1
"""Seconds for which the page may wait for another kernel that writes to the same file."""
SOONEST, LATEST = 0.2, 30.0
"""Seconds until what could not be written is tried again: the first time, and in the end."""


class Keeper:
    """The answers of a notebook, in memory and, where that can be, in a file.

    Parameters
    ----------
    place : Place
        Where they are kept.
    tell : callable
        Called when what could not be written has been tried again later.

    Attributes
    ----------
    place : Place
    answers_file : AnswersFile
        All answers.
    trouble : str
        What went wrong with the file, as sentences; empty if nothing did.
    delay : str
        Why the last answers are not in the file yet, to stand behind "because"; empty if
        they are.
    """

    def __init__(self, place: Place, tell: Callable[[], object]) -> None:
        self.place = place
        self.answers_file = AnswersFile(place.notebook, {}, __version__)
        self.trouble = self.delay = ""
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None
        self._wait = SOONEST
        self._dirty = False
        self._use_file(_only_read if place.why else joined_with_file)
        for one in place.others:
            self._use_file(_only_read, one)

    @property
    def why(self) -> str:
        """Why answers are not in a file, to stand behind "because"; empty if they are."""
        return self.place.why or self.delay

    def add(self, answers: Mapping[str, AnswerRecord]) -> None:
        """Add answers, and write them down, with what could not be written before."""
        self.answers_file = AnswersFile(
            self.place.notebook, {**self.answers_file.answers, **answers}, __version__
        )
        self._dirty = self._dirty or bool(answers)
        self.write()

    def write(self, patience: float | None = None) -> None:
        """Write down what is not in the file yet; if that cannot be now, try again later."""
        if self._dirty and not self.place.why:
            if patience is None:
                patience = PATIENCE if _loop() is None else QUICK
            wait: float = patience
            if self._use_file(lambda path, answers_file: keep(path, answers_file, patience=wait)):
                self._dirty = False
            else:
                self._try_later()

    def _use_file(
        self,
        use: Callable[[Path, AnswersFile], tuple[AnswersFile, DamagedFile | None]],
        other: Path | None = None,
    ) -> bool:
        """Join with the file, or another one, if there is one; return whether that went well.

        What is in memory stays, whatever happens.
        """
        path = other or self.place.path
        if path is None:
            return False
        try:
            self.answers_file, damaged = use(path, self.answers_file)
        except OSError as error:
            self._fail(f"{path.name} cannot be used ({error.strerror or 'no reason given'})")
        except AnswersError as error:
            self._fail(str(error))
        else:
            self.delay, self._wait = "", SOONEST
            if damaged is not None:
                self.trouble = (
                    f"{path.name} could not be read: {damaged[1]}. "
                    f"It is called {damaged[0].name} now, and a new one was begun."
                )
            return True
        return False

    def _fail(self, why: str) -> None:
        if self.place.why:
            self.trouble = f"{why}."
        else:
            self.delay = why

    def _try_later(self) -> None:
        loop = _loop()
        if loop is not None and self._timer is None:
            self._timer = loop.call_later(self._wait, self._try_again)
            self._wait = min(2 * self._wait, LATEST)

    def _try_again(self) -> None:
        self._timer = None
        self.write()
        self._tell()


def _loop() -> asyncio.AbstractEventLoop | None:
    with suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def _only_read(path: Path, answers_file: AnswersFile) -> tuple[AnswersFile, None]:
    """Join answers with those of a file that may be another notebook's: it stays as it is."""
    try:
        return answers_file.joined(read(path)), None
    except FileNotFoundError:
        return answers_file, None
    except AnswersError as error:
        raise AnswersError(f"{path.name} cannot be used ({error})") from None
