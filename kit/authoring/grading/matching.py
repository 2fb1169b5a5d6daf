"""Which lesson answers are to: the one that asks these questions, whatever a file is called."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.authoring.grading.lesson import Lesson
from kit.authoring.grading.marking import Graded, grade_answers
from kit.errors import KitError, plural
from kit.files import FileError, read_text
from kit.quiz.answers import AnswersFile

_WORDS = ("Predict", "Exercise")
"""What most notebooks contain that ask something; they are looked at before the others."""


@dataclass
class HandedIn:
    """A file of answers on its way to a lesson.

    Attributes
    ----------
    file : Path
    answers_file : AnswersFile
    guesses : list of Path
        The notebooks that it should be of, by their names.
    shared : dict of Path to int
        Of each notebook that has been run, how many of its questions are answered here.
    """

    file: Path
    answers_file: AnswersFile
    guesses: list[Path] = field(default_factory=list)
    shared: dict[Path, int] = field(default_factory=dict)

    @property
    def is_matched(self) -> bool:
        """Whether some notebook that has been run asks at least half of what is answered."""
        return max(self.shared.values(), default=0) * 2 >= len(self.answers_file.answers)

    def is_surely_of(self, path: Path) -> bool:
        """Tell whether a notebook that has been run is the lesson, whatever the others ask."""
        number, shared = len(self.answers_file.answers), self.shared[path]
        if path in self.guesses:
            return len(self.guesses) == 1 and shared * 2 >= number
        return all(one in self.shared for one in self.guesses) and 0 < number == shared

    def best(self) -> list[Path]:
        """Return the notebooks that ask most of what is answered; several that ask the same."""
        most = max(self.shared.values(), default=0)
        best = [path for path, shared in self.shared.items() if shared == most]
        best = [path for path in best if path in self.guesses] or (best if most else [])
        depth = min((len(path.parts) for path in best), default=0)
        return [path for path in best if len(path.parts) == depth]


def guesses(names: Sequence[str], notebooks: Sequence[Path]) -> list[Path]:
    """Return the notebooks that are called like answers: exactly so, or else in the main.

    Browsers, people and learning platforms add to names: "01_tea (1)", "01_tea_Schmidt".

    Parameters
    ----------
    names : sequence of str
        Of the notebook that is named in the file, then of the file.
    notebooks : sequence of Path
    """
    exactly = [path for path in notebooks if path.name == names[0]]
    if exactly:
        return exactly
    whole = [name.casefold() for name in names]
    likes = [path for path in notebooks if any(path.stem.casefold() in name for name in whole)]
    longest = max((len(path.stem) for path in likes), default=0)
    return [path for path in likes if len(path.stem) == longest]


class Matching:
    """Runs lessons, finds the one of each file of answers, and grades it.

    Lessons that answers name are run first, and others only if there are answers to none of
    those. Each is run once; a second time only if a program is to be checked then.

    Parameters
    ----------
    notebooks : sequence of Path
        Those that may be run.
    tell : callable
        Is told what is being done.
    """

    def __init__(self, notebooks: Sequence[Path], tell: Callable[[str], object]) -> None:
        self.notebooks, self._tell = list(notebooks), tell
        self._run: dict[Path, Lesson] = {}
        self._failed: dict[Path, str] = {}
        self._done: dict[Path, Graded] = {}
        self._number = 0

    def grade(self, handed_in: Sequence[HandedIn]) -> dict[Path, Graded]:
        """Return what each file is worth."""
        self._number = len(handed_in)
        for one in handed_in:
            one.guesses = guesses([one.answers_file.notebook, one.file.name], self.notebooks)
        named = list(dict.fromkeys(path for one in handed_in for path in one.guesses))
        others = sorted(set(self.notebooks) - set(named), key=lambda path: (_is_silent(path), path))
        with contextlib.ExitStack() as stack:
            for path in named:
                self._try(path, self._left(handed_in), stack)
            for path in others:
                if any(self._may_be_elsewhere(one) for one in self._left(handed_in)):
                    self._try(path, self._left(handed_in), stack)
            for one in self._left(handed_in):
                self._decide(one)
        return self._done

    def _left(self, handed_in: Sequence[HandedIn]) -> list[HandedIn]:
        return [one for one in handed_in if one.file not in self._done]

    def _may_be_elsewhere(self, one: HandedIn) -> bool:
        """Tell whether it is worth while to run notebooks that are called otherwise."""
        return not one.is_matched and not any(path in self._failed for path in one.guesses)

    def _try(self, path: Path, left: Sequence[HandedIn], stack: contextlib.ExitStack) -> None:
        """Run a notebook, and grade the answers that are surely to it."""
        self._tell(f"running {path.name}")
        try:
            lesson = stack.enter_context(Lesson(path))
        except KitError as error:
            self._failed[path] = str(error)
            return
        self._run[path] = lesson
        keys = {asked.key for asked in lesson.asked}
        for one in left:
            one.shared[path] = len(keys & one.answers_file.answers.keys())
            if one.is_surely_of(path):
                self._grade(one, path)
        lesson.rest()

    def _decide(self, one: HandedIn) -> None:
        """Grade answers by the lesson that asks most of them, or say why that is not possible."""
        best = one.best()
        if len(best) == 1:
            self._grade(one, best[0])
        else:
            self._done[one.file] = Graded(
                one.file, one.answers_file.notebook, problem=self._why(one)
            )

    def _why(self, one: HandedIn) -> str:
        best = one.best()
        if best:
            places = ", ".join(map(str, best))
            return (
                f"there are {len(best)} notebooks that ask this ({places}); "
                "name the folder of the right one with --lessons"
            )
        failed = [self._failed[path] for path in one.guesses if path in self._failed]
        if failed:
            return "; ".join(failed)
        if not one.answers_file.answers:
            return f"it holds no answers, and there is no lesson called {one.answers_file.notebook}"
        unrun = "".join(f"; not run: {why}" for why in self._failed.values())
        return (
            f"none of {plural(len(self._run), 'notebook')} asks what is answered here, in "
            f"{one.answers_file.notebook}; name the folder with the lesson by --lessons{unrun}"
        )

    def _grade(self, one: HandedIn, path: Path) -> None:
        self._tell(f"grading {len(self._done) + 1} of {self._number}: {path.name}")
        name = one.answers_file.notebook
        try:
            answers = grade_answers(one.answers_file, self._run[path])
        except KitError as error:
            self._done[one.file] = Graded(one.file, name, problem=str(error))
        else:
            named = name if name != path.name else ""
            self._done[one.file] = Graded(one.file, path.name, answers, named=named)


def _is_silent(path: Path) -> bool:
    """Tell whether a notebook does not look as if it asked anything."""
    try:
        text = read_text(path)
    except FileError:
        return True
    return not any(word in text for word in _WORDS)
