"""Checking several notebooks beside each other, each in a page of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue

from kit.check.browser.ending import Programs
from kit.check.results import Result

Numbered = tuple[int, Path]
Worker = Callable[[Iterable[Numbered], Programs], Iterator[tuple[int, Result]]]
"""What checks the notebooks that it takes, one after the other, and tells each by its number. It
adds what it starts to the programs, so that these can be ended."""


class Together:
    """Workers that take one notebook after the other, until none is left.

    Parameters
    ----------
    paths : sequence of Path
    jobs : int
        How many workers.
    worker : callable
        Called once in each thread.
    programs : Programs
        Those that workers start.
    """

    def __init__(
        self, paths: Sequence[Path], jobs: int, worker: Worker, programs: Programs
    ) -> None:
        self._left = iter(enumerate(paths))
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._told = SimpleQueue[tuple[int, Result] | BaseException | None]()
        self._worker = worker
        self._programs = programs
        self._threads = [threading.Thread(target=self._work, name="check") for _ in range(jobs)]

    def results(self) -> Iterator[Result]:
        """Yield the results in the order of the paths, each as soon as those before it are known.

        If you go no further, what is being checked is given up at once.
        """
        known: dict[int, Result] = {}
        following, working = 0, len(self._threads)
        for thread in self._threads:
            thread.start()
        try:
            while working:
                told = self._told.get()
                if isinstance(told, BaseException):
                    raise told
                if told is None:
                    working -= 1
                    continue
                known[told[0]] = told[1]
                while following in known:
                    yield known.pop(following)
                    following += 1
        finally:
            self._stopping.set()
            self._programs.end()
            for thread in self._threads:
                thread.join()

    def _take(self) -> Iterator[Numbered]:
        while not self._stopping.is_set():
            with self._lock:
                taken = next(self._left, None)
            if taken is None:
                return
            yield taken

    def _work(self) -> None:
        try:
            for told in self._worker(self._take(), self._programs):
                self._told.put(told)
        except BaseException as error:  # noqa: BLE001 - raised where the results are awaited
            self._told.put(error)
        else:
            self._told.put(None)
