"""Every view of every kind of run, each against the trace by the check of its own tests."""

import pytest
from hypothesis import given, note

from kit import Trace
from kit.scenarios import SCENARIOS
from kit.widgets import VIEWS
from tests.examples import examples
from tests.running import scenario
from tests.unit.tracks.memory import test_disk, test_frames, test_heap_list, test_translation
from tests.unit.tracks.memory.address_space_checks import check_address_spaces
from tests.unit.tracks.processor import test_crossing
from tests.unit.tracks.runs import traces
from tests.unit.tracks.system import (
    test_console,
    test_files,
    test_lifecycle,
    test_listing,
    test_perspective,
    test_process_table,
)
from tests.unit.tracks.test_extremes import crowded_processes, crowded_threads, empty, only_loading
from tests.unit.tracks.test_pictures import check_cpu, check_timeline
from tests.worlds import worlds

CHECKS = {
    "address_spaces": check_address_spaces,
    "console": test_console.check,
    "cpu": check_cpu,
    "crossing": test_crossing.check,
    "disk": test_disk.check,
    "files": test_files.check,
    "frames": test_frames.check,
    "heap_list": test_heap_list.check,
    "lifecycle": test_lifecycle.check,
    "listing": test_listing.check,
    "perspective": test_perspective.check,
    "process_table": test_process_table.check,
    "timeline": check_timeline,
    "translation": test_translation.check,
}
every_view = pytest.mark.parametrize("view", CHECKS)


@pytest.mark.slow
@every_view
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios(name, view):
    """Each scenario is shown as it happened."""
    CHECKS[view](scenario(name))


@every_view
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(crowded_threads, marks=pytest.mark.slow),
        pytest.param(crowded_processes, marks=pytest.mark.slow),
        empty,
        only_loading,
    ],
)
def test_extreme_runs(make, view):
    """A crowded, empty or cut run is shown as it happened, as far as there is room."""
    CHECKS[view](make())


def check_all(trace: Trace) -> None:
    """Every view shows a run as it happened."""
    for view, check in CHECKS.items():
        note(view)
        check(trace)


@examples(15)
@given(trace=traces())
def test_random_runs(trace):
    """So is a random run."""
    check_all(trace)


@examples(15)
@given(setup=worlds())
def test_whatever_happens(setup):
    """So is a run with forks, exec, kills, swapped pages, contiguous memory."""
    check_all(setup.run())


def test_every_view_has_a_check():
    """No view is left out here."""
    assert set(CHECKS) == set(VIEWS)
