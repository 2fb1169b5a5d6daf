"""Runs that take their time, beside the kernel, so that the page can go on talking to it."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kit.cancellation import CancellationToken, Cancelled, cancellable_by
from kit.errors import LimitExceeded
from kit.trace import Trace

Work = Callable[[], object]

PATIENCE = 1.0
"""Seconds after which a cancelled run that still goes on is left to end by itself."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    trace : Trace or None
        None if there is nothing to show.
    error : Exception, SystemExit or None
        Also with a trace, of a run that reached a limit.
    result : object
        What was returned, if it is no trace.
    """

    trace: Trace | None
    error: BaseException | None = None
    result: object = None


def outcome_of(work: Work) -> Outcome:
    """Run something, and return what became of it, whatever it was."""
    try:
        made = work()
    except LimitExceeded as limit:
        return Outcome(limit.trace if isinstance(limit.trace, Trace) else None, limit)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is shown to the person
        return Outcome(None, error)
    return Outcome(made) if isinstance(made, Trace) else Outcome(None, result=made)


class _Job(threading.Thread):
    """A run in a thread of its own.

    It begins when those before it have ended, or are left to end by themselves. Once it is
    cancelled, what becomes of it is told to nobody.

    Parameters
    ----------
    work : callable
    before : tuple of _Job
        All cancelled.
    changed : threading.Condition
        Notified when a job of the runner is cancelled or has ended.
    tell : callable
        Takes the job when it has ended, and the outcome, or None if it was cancelled.
    context : contextvars.Context
        In which it works.
    """

    def __init__(
        self,
        work: Work,
        before: tuple[_Job, ...],
        changed: threading.Condition,
        tell: Callable[[_Job, Outcome | None], None],
        context: contextvars.Context,
    ) -> None:
        super().__init__(name="kit run", daemon=True)
        # What it prints is shown at the cell of the runner; a thread has no context of its own.
        self._context = context
        self._work, self._before, self._changed, self._tell = work, before, changed, tell
        self.token, self.ended = CancellationToken(), False

    def run(self) -> None:
        with self._changed:
            self._changed.wait_for(self._may_begin, PATIENCE)
            self._before = ()
        outcome = None
        if not self.token.cancelled:
            outcome = self._context.run(self._outcome)
        with self._changed:
            self.ended = True
            self._changed.notify_all()
        self._tell(self, None if self.token.cancelled else outcome)

    def _outcome(self) -> Outcome | None:
        with suppress(Cancelled), cancellable_by(self.token):
            return outcome_of(self._work)
        return None

    def _may_begin(self) -> bool:
        return self.token.cancelled or all(job.ended for job in self._before)

    def cancel(self) -> None:
        """Let it stop at its next look at the token, without waiting for it."""
        with self._changed:
            self.token.cancel()
            self._changed.notify_all()


class Runner:
    """Runs one thing at a time; the newest wins.

    Where an event loop is running, as in a notebook, a run has a thread of its own, and
    what became of it is told on that loop; elsewhere, and in a browser's Python, `start` runs
    it, and returns after.

    A run is cancelled cooperatively: the machine, the layouts and the explorer look at a
    token. A user's function that calls none of them for long is left to end by itself, and
    nothing comes of it.

    Parameters
    ----------
    tell : callable
        Takes the `Outcome` of a run that was not cancelled.
    linger : callable, optional
        Called when `lingering` has changed.

    Attributes
    ----------
    lingering : int
        How many cancelled runs go on nevertheless, and are left to end by themselves.
    """

    def __init__(
        self, tell: Callable[[Outcome], None], linger: Callable[[], None] | None = None
    ) -> None:
        self._tell, self._linger = tell, linger
        self._job: _Job | None = None
        self._cancelled: list[_Job] = []
        self._left: list[_Job] = []
        self._changed = threading.Condition()
        # What a run leads to belongs to the cell that made the runner, whichever cell or
        # slider has started it.
        self._context = contextvars.copy_context()

    @property
    def running(self) -> bool:
        """Whether a run is going on that is still wanted."""
        return self._job is not None

    @property
    def lingering(self) -> int:
        """How many cancelled runs are left to end by themselves."""
        return len(self._left)

    def start(self, work: Work) -> None:
        """Run something; what is still running is cancelled."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        # In a browser Python has no threads: the page's kernel waits for the run.
        if loop is None or sys.platform == "emscripten":
            self._tell(outcome_of(work))
            return

        def tell(job: _Job, outcome: Outcome | None) -> None:
            context = self._context.copy()
            with suppress(RuntimeError):  # the kernel has shut down meanwhile
                loop.call_soon_threadsafe(self._finish, job, outcome, context=context)

        self.cancel()
        # A run that was left is no longer waited for.
        before = tuple(job for job in self._cancelled if job not in self._left)
        self._job = _Job(work, before, self._changed, tell, self._context.copy())
        self._job.start()

    def _finish(self, job: _Job, outcome: Outcome | None) -> None:
        if job is self._job:
            self._job = None
            if outcome is not None:
                self._tell(outcome)
            return
        self._cancelled.remove(job)
        if job in self._left:
            self._left.remove(job)
            self._tell_lingering()

    def cancel(self) -> bool:
        """Stop what is running, without waiting for it; whether there was anything."""
        job, self._job = self._job, None
        if job is None:
            return False
        job.cancel()
        self._cancelled.append(job)
        with suppress(RuntimeError):  # without a loop nobody is told
            asyncio.get_running_loop().call_later(
                PATIENCE, self._leave, job, context=self._context.copy()
            )
        return True

    def _leave(self, job: _Job) -> None:
        """Note that a cancelled run has not stopped."""
        if job in self._cancelled and not job.ended:
            self._left.append(job)
            self._tell_lingering()

    def _tell_lingering(self) -> None:
        if self._linger is not None:
            self._linger()
