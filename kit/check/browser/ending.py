"""Ending at once what was started for results that nobody waits for any longer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import psutil

PATIENCE = 3
"""Seconds in which programs that are asked to end may do so, before they are killed."""


class Programs:
    """Programs that workers have started, and that end when nobody waits for their results.

    A worker notices that its browser or its server is gone, and goes through its own end: so
    nothing that it has made stays, and nobody waits until a notebook has been checked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[psutil.Process] = []
        self._ended = False

    def add(self, pid: int) -> None:
        """Note a program that was started; end it if that is what is done with all of them."""
        with suppress(psutil.NoSuchProcess), self._lock:
            self._started.append(psutil.Process(pid))
            if self._ended:
                self._end()

    def end(self) -> None:
        """End all of them with all that they have started, and all that are added from now on."""
        with self._lock:
            self._ended = True
            self._end()

    def _end(self) -> None:
        theirs = [one for program in self._started for one in _family(program)]
        for program in self._started:
            with suppress(psutil.NoSuchProcess):
                program.terminate()
        # A server stops its kernels, a browser removes its temporary files.
        stubborn = psutil.wait_procs(theirs, timeout=PATIENCE)[1]
        for one in stubborn:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(stubborn, timeout=PATIENCE)
        self._started.clear()


def _family(program: psutil.Process) -> Iterator[psutil.Process]:
    """Yield a program that still runs, and all that it has started."""
    with suppress(psutil.NoSuchProcess):
        yield from (program, *program.children(recursive=True))
