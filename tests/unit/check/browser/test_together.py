"""Notebooks are checked beside each other, and told in their order."""

import threading
from pathlib import Path

import pytest

from kit.check.browser.together import Together
from kit.check.results import Result

PATHS = [Path(f"{number}.ipynb") for number in range(6)]


class Events:
    """Stands for programs: each is an event, set when it is ended."""

    def __init__(self):
        self.all, self.ended = [], False

    def add(self, event):
        """Note an event; set it if all are set already."""
        self.all.append(event)
        if self.ended:
            event.set()

    def end(self):
        """Set all events."""
        self.ended = True
        for event in self.all:
            event.set()


def told(number, path):
    """What is told of a notebook."""
    return number, Result("browser", path, ())


def test_results_come_in_the_order_of_the_paths():
    """A notebook that is known before the first one waits for it."""
    both = threading.Barrier(2)

    def worker(paths, _programs):
        for number, path in paths:
            if number in (0, 5):
                both.wait()  # the first one is known only when the last one is being checked
            yield told(number, path)

    assert [result.path for result in Together(PATHS, 2, worker, Events()).results()] == PATHS


def test_each_notebook_is_taken_once():
    """Workers share what is left, however long each takes."""
    taken = []

    def worker(paths, _programs):
        for number, path in paths:
            taken.append(number)
            yield told(number, path)

    assert len(list(Together(PATHS, 3, worker, Events()).results())) == len(PATHS)
    assert sorted(taken) == list(range(len(PATHS)))


def test_whoever_stops_early_waits_for_nothing():
    """Closing the results ends what workers have started, and so these; no thread stays."""
    begun, ended = [], []

    def worker(paths, programs):
        gone = threading.Event()
        programs.add(gone)
        for number, path in paths:
            begun.append(number)
            if number:
                gone.wait()  # as for a page whose browser never answers
            yield told(number, path)
        ended.append(threading.current_thread())

    results = Together(PATHS, 2, worker, Events()).results()
    assert next(results).path == PATHS[0]
    results.close()
    assert len(begun) <= 3
    assert len(ended) == 2
    assert not any(thread.is_alive() for thread in ended)


def test_what_a_worker_raises_is_raised():
    """A browser that is missing is told to whoever asked."""

    def worker(paths, _programs):
        for number, path in paths:
            if number == 2:
                raise OSError("no browser")
            yield told(number, path)

    with pytest.raises(OSError, match="no browser"):
        list(Together(PATHS, 2, worker, Events()).results())
