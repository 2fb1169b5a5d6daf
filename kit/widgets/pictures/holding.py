"""What must not be seen yet: whatever shows what an open question asks about waits for its answer.

The same run may be on several players, made before the question or after it: in another stage,
a sandbox, a comparison. They stop at it; where nothing can be stopped there is a curtain.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kit.answering import notebook
from kit.trace import Trace


@dataclass(frozen=True)
class Withheld:
    """A run from a moment on.

    Attributes
    ----------
    at : int
        The last tick that may be shown.
    run : str
        The digest of the run.
    trace : Trace or None
        The run itself, if it is known: runs that share its past are withheld too.
    """

    at: int
    run: str
    trace: Trace | None = None

    def concerns(self, trace: Trace) -> bool:
        """Tell whether a trace shows what is withheld: it is that run, or went the same way."""
        if self.trace is None:
            return trace.digest == self.run
        if trace is self.trace or (
            trace.end == self.trace.end and trace.digest == self.trace.digest
        ):
            return True
        recipes = trace.record.recipe, self.trace.record.recipe
        shared = recipes[0].shared_until(recipes[1]) if recipes[0] and recipes[1] else 0
        return shared > self.at


class Waiting(Protocol):
    """What waits for questions: `Player` and `Curtain`."""

    comm: object

    def wait_for(self, question: object) -> None:
        """Wait for the answer to a question, if it asks about what is shown here."""

    def go_on(self, question: object) -> None:
        """Wait for a question no longer."""


_waiting: weakref.WeakSet[Waiting] = weakref.WeakSet()
"""All that waits in this kernel."""


def watch(waiting: Waiting) -> None:
    """Let something be held from now on, also by questions that are asked later."""
    _waiting.add(waiting)
    hold(waiting)


def hold(waiting: Waiting) -> None:
    """Hold something by the questions that are known."""
    for question in notebook.known():
        waiting.wait_for(question)


def hold_all(question: object) -> None:
    """Hold all that shows what a question asks about."""
    for waiting in _live():
        waiting.wait_for(question)


def release_all(question: object) -> None:
    """Let all go on that a question has held."""
    for waiting in _live():
        waiting.go_on(question)


def _live() -> Iterator[Waiting]:
    return (waiting for waiting in list(_waiting) if waiting.comm is not None)
