"""Notebooks are checked beside each other, and told in their order."""

import threading
from pathlib import Path

import pytest

from kit.check.browser.together import Together
from kit.check.results import Result

PATHS = [Path(f"{number}.ipynb") for number in range(6)]


def told(number, path):
    """What is told of a notebook."""
    return number, Result("browser", path, ())


def test_results_come_in_the_order_of_the_paths():
    """A notebook that is known before the first one waits for it."""
    both = threading.Barrier(2)

    def worker(paths):
        for number, path in paths:
            if number in (0, 5):
                both.wait()  # the first one is known only when the last one is being checked
            yield told(number, path)

    assert [result.path for result in Together(PATHS, 2, worker).results()] == PATHS


def test_each_notebook_is_taken_once():
    """Workers share what is left, however long each takes."""
    taken = []

    def worker(paths):
        for number, path in paths:
            taken.append(number)
            yield told(number, path)

    assert len(list(Together(PATHS, 3, worker).results())) == len(PATHS)
    assert sorted(taken) == list(range(len(PATHS)))


def test_who_stops_early_has_no_further_notebook_checked():
    """Closing the results lets workers end with the notebook that they have; no thread stays."""
    begun, stop, ended = [], threading.Event(), []

    def worker(paths):
        for number, path in paths:
            begun.append(number)
            yield told(number, path)
            stop.wait()
        ended.append(threading.current_thread())

    results = Together(PATHS, 2, worker).results()
    assert next(results).path == PATHS[0]
    threading.Timer(0.01, stop.set).start()
    results.close()
    assert len(begun) <= 3
    assert len(ended) == 2
    assert not any(thread.is_alive() for thread in ended)


def test_what_a_worker_raises_is_raised():
    """A browser that is missing is told to whoever asked."""

    def worker(paths):
        for number, path in paths:
            if number == 2:
                raise OSError("no browser")
            yield told(number, path)

    with pytest.raises(OSError, match="no browser"):
        list(Together(PATHS, 2, worker).results())
