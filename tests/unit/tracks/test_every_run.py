"""Every view of every kind of run, each against the trace by the check of its own tests."""

import pytest
from hypothesis import given, settings

from kit import Trace
from kit.scenarios import SCENARIOS
from tests.strategies import Setup
from tests.unit.tracks.memory import test_frames, test_heap_list
from tests.unit.tracks.runs import traces
from tests.unit.tracks.system import (
    test_console,
    test_lifecycle,
    test_listing,
    test_perspective,
    test_process_table,
)
from tests.unit.tracks.test_extremes import crowded_processes, crowded_threads, empty, only_loading
from tests.worlds import worlds

CHECKS = {
    "console": test_console.check,
    "frames": test_frames.check,
    "heap_list": test_heap_list.check,
    "lifecycle": test_lifecycle.check,
    "listing": test_listing.check,
    "perspective": test_perspective.check,
    "process_table": test_process_table.check,
}
FEW = settings(max_examples=max(60, settings.default.max_examples // 5), deadline=None)
every_view = pytest.mark.parametrize("view", CHECKS)


@every_view
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios(name, view):
    """Each scenario is shown as it happened."""
    CHECKS[view](SCENARIOS[name]())


@every_view
@pytest.mark.parametrize("make", [crowded_threads, crowded_processes, empty, only_loading])
def test_extreme_runs(make, view):
    """A crowded, empty or cut run is shown as it happened, as far as there is room."""
    CHECKS[view](make())


@every_view
def test_random_runs(view):
    """So is a random run."""

    def check(trace: Trace) -> None:
        CHECKS[view](trace)

    FEW(given(trace=traces())(check))()


@every_view
def test_whatever_happens(view):
    """So is a run with forks, exec, kills, swapped pages, contiguous memory."""

    def check(setup: Setup) -> None:
        CHECKS[view](setup.run())

    FEW(given(setup=worlds())(check))()
