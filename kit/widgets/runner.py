"""Runs that take their time, beside the kernel, so that the page can go on talking to it."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kit.errors import LimitExceeded
from kit.trace import Trace

Work = Callable[[], object]

PATIENCE = 2.0
"""Seconds for which a cancelled run is told again to stop."""
AGAIN = 0.05
"""Seconds between two times of telling it."""


class Cancelled(BaseException):
    """Raised inside a run that is no longer wanted."""


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
    """A run in a thread of its own, which begins when the one before it has stopped."""

    def __init__(self, work: Work, before: _Job | None, tell: Callable[[_Job, Outcome], None]):
        super().__init__(name="kit run", daemon=True)
        self._work, self._before, self._tell = work, before, tell
        self._cancelled = self._interruptible = False

    def run(self) -> None:
        # Not to be interrupted: who waits is the only one that still tells the run before.
        if self._before is not None:
            self._before.stop()
            self._before = None
        try:
            self._interruptible = True
            outcome = Outcome(None) if self._cancelled else outcome_of(self._work)
            self._interruptible = False
            if self._cancelled:
                # The exception may be on its way, and must arrive in here.
                time.sleep(AGAIN)
                return
        except Cancelled:
            self._interruptible = False
            return
        self._tell(self, outcome)

    def stop(self) -> None:
        """Stop it, and wait until it has; not for ever, for it may wait for something itself."""
        self._cancelled = True
        deadline = time.monotonic() + PATIENCE
        while self.is_alive() and time.monotonic() < deadline:
            if self._interruptible:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self.ident or 0), ctypes.py_object(Cancelled)
                )
            self.join(AGAIN)


class Runner:
    """Runs one thing at a time; the newest wins.

    Where an event loop is running, as in a notebook, a run has a thread of its own, and
    what became of it is told on that loop; elsewhere, and in a browser's Python, `start` runs
    it, and returns after.

    Parameters
    ----------
    tell : callable
        Takes the `Outcome` of a run that was not cancelled.
    """

    def __init__(self, tell: Callable[[Outcome], None]) -> None:
        self._tell = tell
        self._job: _Job | None = None
        # What a run leads to belongs to the cell that made the runner, whichever cell or
        # slider has started it.
        self._context = contextvars.copy_context()

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._job is not None

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

        def tell(job: _Job, outcome: Outcome) -> None:
            context = self._context.copy()
            with suppress(RuntimeError):  # the kernel has shut down meanwhile
                loop.call_soon_threadsafe(self._finish, job, outcome, context=context)

        self._job = _Job(work, self._job, tell)
        self._job.start()

    def _finish(self, job: _Job, outcome: Outcome) -> None:
        if job is self._job:
            self._job = None
            self._tell(outcome)

    def cancel(self) -> bool:
        """Stop what is running, without waiting for it; whether there was anything."""
        job, self._job = self._job, None
        if job is not None:
            threading.Thread(target=job.stop, name="kit stop", daemon=True).start()
        return job is not None
