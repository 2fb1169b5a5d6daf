"""A lesson that has been run, and can be asked what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kit.authoring.running import CellFailed, KernelDied, Running, TookTooLong
from kit.check.notebooks import Notebook
from kit.check.runnable import executable
from kit.errors import KitError
from kit.quiz.ideas import idea_of
from kit.quiz.question import makes


@dataclass(frozen=True)
class Asked:
    """A question or an exercise of a lesson.

    Attributes
    ----------
    key, kind, prompt : str
    form : str
        Of a question: "one", "several", "order" or "mark".
    choices : tuple of str
    right : tuple of int
        Places of the choices that make the right answer.
    ideas : tuple of str
        What leads to each choice, empty for what no known idea leads to.
    instances : tuple of Asked
        What is asked in its place after two wrong answers.
    """

    key: str
    kind: str
    prompt: str
    form: str = ""
    choices: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    ideas: tuple[str, ...] = ()
    instances: tuple[Asked, ...] = ()

    @classmethod
    def of(cls, described: dict[str, Any]) -> Asked:
        """Return what a kernel says of one."""
        lists = {name: tuple(described.get(name, ())) for name in ("choices", "right", "ideas")}
        return cls(
            described["key"],
            described["kind"],
            described["prompt"],
            described.get("form", ""),
            **lists,
            instances=tuple(map(cls.of, described.get("instances", ()))),
        )

    def instance(self, key: str | None) -> Asked | None:
        """Return the instance that an answer is to; this one if it names none."""
        if key is None:
            return self
        return next((one for one in self.instances if one.key == key), None)

    def words(self, chosen: Sequence[int]) -> str:
        """Return what was chosen, in words; nothing if there is no such choice."""
        if not all(place < len(self.choices) for place in chosen):
            return ""
        return "; ".join(self.choices[place] for place in chosen)

    def idea(self, chosen: Sequence[int]) -> str:
        """Return the idea that leads to a wrong answer, as `idea_of` does."""
        return idea_of(self.form, self.right, self.ideas, chosen)

    def is_right(self, chosen: Sequence[int]) -> bool:
        """Tell whether the chosen places are the right answer."""
        return makes(self.form, self.right, chosen)


class Lesson:
    """A notebook, run from top to bottom in a kernel that stays open; a context manager.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    path : Path
    asked : list of Asked
        What it asks, in order.

    Raises
    ------
    KitError
        If it cannot be read, or does not run; raised on entering.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[Asked] = []
        self._kernel: Running | None = None
        self._judged: dict[tuple[str, str], tuple[bool, str]] = {}

    def __enter__(self) -> Lesson:
        self._stored = Notebook.read(self.path)
        try:
            self._start()
        except BaseException:
            self.rest()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self.rest()

    def judge(self, key: str, text: str) -> tuple[bool, str]:
        """Check a program by an exercise of this lesson.

        Returns
        -------
        bool
            Whether it passes.
        str
            What is wrong, in words.
        """
        if (key, text) not in self._judged:
            self._judged[key, text] = self._judge(key, text)
        return self._judged[key, text]

    def rest(self) -> None:
        """End the kernel; it is started and the notebook is run again when `judge` needs it."""
        if self._kernel is not None:
            self._kernel.stop()
            self._kernel = None

    # -- inside -------------------------------------------------------------------------

    def _judge(self, key: str, text: str) -> tuple[bool, str]:
        try:
            kernel = self._kernel or self._start()
            judged = kernel.ask("judge", key, text)
        except TookTooLong as late:
            return False, f"the check did not end within {late.seconds:g} s"
        except KernelDied as death:
            return False, f"the kernel died while it was checked ({death.how})"
        except KitError as error:
            return False, str(error)
        finally:
            if self._kernel is not None and not self._kernel.is_alive:
                self._kernel = None
        return bool(judged["passed"]), " ".join(map(str, judged["messages"]))

    def _start(self) -> Running:
        kernel = Running(executable(self._stored), self.path)
        try:
            kernel.start()
        except CellFailed as error:
            why = f"{self.path} stops at cell {error.number}: {error.said}; see: kit check"
            raise KitError(why) from None
        self._kernel = kernel
        self.asked = [Asked.of(one) for one in kernel.ask("asks")]
        return kernel
