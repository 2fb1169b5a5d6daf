"""`HostMonitor`: it watches when it is asked to, and stops by itself."""

import os
import threading
from collections.abc import Iterator

import pytest

from kit import ArgumentError, TraceError
from kit.host import HostError
from kit.host.looking.watching import HostWatch
from kit.trace.perfetto import write_perfetto
from kit.widgets import HostMonitor, Timeline

SECONDS = 30
"""How long a test waits for what takes a part of one."""


@pytest.fixture
def monitor() -> Iterator[HostMonitor]:
    """Return one that looks as often as it can; no test leaves its thread behind."""
    made = HostMonitor(frames_per_second=10, tree=False)
    yield made
    thread = made._thread
    made.close()
    if thread is not None:
        thread.join(SECONDS)
        assert not thread.is_alive()


def seen(monitor: HostMonitor, trait: str = "rows") -> threading.Event:
    """Return what is set when the table of a monitor shows something new."""
    event = threading.Event()
    monitor.table.observe(lambda _change: event.set(), trait)
    return event


def test_nothing_runs_until_it_is_asked(monitor: HostMonitor):
    """It says so; the buttons are what can be pressed."""
    before = threading.active_count()
    assert not monitor.watching
    assert monitor.recording is None
    assert monitor.table.rows == []
    assert "Nothing is looked at until you press Watch" in monitor.in_words
    assert threading.active_count() == before
    monitor.stop()
    assert monitor.recording is None


def test_it_watches_and_is_rewound(monitor: HostMonitor):
    """The table follows; after it was stopped, a player shows each look again."""
    shown = seen(monitor)
    monitor._start_button.click()
    assert shown.wait(SECONDS)
    assert monitor.watching
    assert (monitor._start_button.disabled, monitor._stop_button.disabled) == (True, False)
    assert monitor.table.rows[0][1] == str(os.getpid())
    assert "\nAfter " in monitor.in_words
    monitor._stop_button.click()
    assert not monitor.watching
    assert monitor.recording is not None
    looks = monitor.recording.looks
    assert monitor.player is not None
    assert monitor.player.end == max(len(looks) - 1, 1)
    assert monitor.player in monitor.children
    assert monitor.status.text.startswith("Stopped. Play it")
    monitor.player.tick = monitor.player.end
    assert looks[-1].samples[os.getpid()].cells()[-1] in monitor.in_words
    assert (monitor._start_button.disabled, monitor._stop_button.disabled) == (False, True)


def test_watching_again_begins_anew(monitor: HostMonitor):
    """What was seen goes, and its player with it; nothing is left of them."""
    shown = seen(monitor)
    monitor.start()
    assert shown.wait(SECONDS)
    monitor.stop()
    player = monitor.player
    assert player is not None
    shown.clear()
    monitor.start()
    monitor.start()
    assert player.comm is None
    assert monitor.player is None
    assert shown.wait(SECONDS)
    monitor.stop()
    assert monitor.player is not None


@pytest.mark.parametrize("rate", [10, 1e-3])
def test_it_stops_when_it_is_full(rate: float):
    """A recording has an end, however long nobody stops it, and however seldom it looks."""
    monitor = HostMonitor(frames_per_second=rate, seconds=0.2, tree=False)
    monitor.start()
    assert monitor._thread is not None
    monitor._thread.join(SECONDS)
    assert monitor.recording is not None
    assert len(monitor.recording.looks) == 2
    assert monitor.status.text.startswith("Stopped after 2 looks, which is the most")
    monitor.close()


def test_it_stops_when_it_is_closed(monitor: HostMonitor):
    """As it is when its cell is run again: nothing goes on, and no model is left behind."""
    shown = seen(monitor)
    monitor.start()
    assert shown.wait(SECONDS)
    thread, table = monitor._thread, monitor.table
    monitor.close()
    assert thread is not None
    assert not thread.is_alive()
    assert table.comm is None
    assert monitor.player is None
    assert not monitor.watching


class Late(HostMonitor):
    """One that is slow to put its player there: not before somebody waits for it."""

    def __init__(self) -> None:
        self.arriving, self.awaited = threading.Event(), threading.Event()
        super().__init__(frames_per_second=10, seconds=0.2, tree=False)

    def _finish(self, watch: HostWatch, why: str) -> None:
        self.arriving.set()
        assert self.awaited.wait(SECONDS)
        super()._finish(watch, why)
        self.put = self.player

    def _wait(self) -> None:
        self.awaited.set()
        super()._wait()


@pytest.mark.parametrize("action", ["close", "start"])
def test_what_comes_late_is_left_nowhere(action: str):
    """A player that is being made goes, too, when the monitor is closed or watches again."""
    monitor = Late()
    monitor.start()
    thread = monitor._thread
    assert thread is not None
    monitor.awaited.clear()
    assert monitor.arriving.wait(SECONDS)
    monitor._most = 1000
    getattr(monitor, action)()
    monitor.awaited.set()
    thread.join(SECONDS)
    assert monitor.put is not None
    assert monitor.put.comm is None
    assert monitor.player is None
    monitor.close()


def test_what_is_not_there_is_told_below_the_buttons():
    """Who presses Watch reads a sentence; who calls it gets an error."""
    monitor = HostMonitor(pid=1 << 22)
    with pytest.raises(HostError, match="there is no process 4194304"):
        monitor.start()
    monitor._start_button.click()
    assert "there is no process 4194304" in monitor.in_words
    assert monitor.status.state == "failed"
    assert "there is no process 4194304" in monitor.status.text
    assert not monitor.watching
    monitor.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"pid": 0}, "pid"),
        ({"pid": "x"}, "pid"),
        ({"frames_per_second": 0}, "frames_per_second is 0; give a number above 0 and up to 10"),
        ({"frames_per_second": 100}, "frames_per_second is 100"),
        ({"seconds": -1}, "seconds is -1; give a number above 0 and up to 600"),
        ({"color": 1}, "HostMonitor has no argument 'color'"),
    ],
)
def test_bounds_are_told(arguments, told: str):
    """A mistake is told in a sentence, and nothing is made."""
    with pytest.raises(ArgumentError, match=told):
        HostMonitor(**arguments)


def test_without_a_kernel_it_says_what_it_needs(monitor: HostMonitor):
    """The buttons are left out there; what was recorded is played as any run is."""
    buttons = monitor.children[0]
    assert buttons._without_kernel == {
        "how": "left out",
        "words": "Watching processes needs a kernel on a computer",
    }


def test_other_views_refuse_what_was_watched(monitor: HostMonitor, tmp_path):
    """It is no run of threads: there is nothing that a timeline could show."""
    shown = seen(monitor)
    monitor.start()
    assert shown.wait(SECONDS)
    monitor.stop()
    with pytest.raises(ArgumentError, match="take HostMonitor"):
        Timeline(monitor.recording)
    with pytest.raises(TraceError, match="this is no run of threads"):
        write_perfetto(monitor.recording, tmp_path / "x.json")
