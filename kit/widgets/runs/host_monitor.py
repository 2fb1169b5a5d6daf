"""The `HostMonitor` widget: real processes, live, recorded, and rewound."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any

import ipywidgets

from kit.errors import KitError, require, require_whole
from kit.trace.real import WATCHED, RealTrace
from kit.tracks.system.watched import watched
from kit.widgets.base.box import KitBox
from kit.widgets.base.closing import close_all
from kit.widgets.base.controls import ControlsAid
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, say_without_kernel
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.table import TableAlone
from kit.widgets.pictures.view import View
from kit.widgets.runs.run_status import RunStatus

if TYPE_CHECKING:
    from kit.host.looking.watching import HostWatch, Look, Watcher

FASTEST = 10.0
"""Looks a second; each takes some milliseconds of the processor that is watched."""
LONGEST = 600.0
MOST_LOOKS = 1200
PATIENCE = 5.0
"""Seconds in which a look has to end."""
IDLE = "Nothing is looked at until you press Watch; only your own processes are."


class Watching(View):
    """What was seen of real processes: a row for each, with what it used at each look.

    Parameters, attributes and errors are those of `View`.
    """

    heading = ("PROCESSES", "of this computer")
    lay_out = staticmethod(watched)
    shows_real = WATCHED


class HostMonitor(KitBox):
    """Watches real processes: their share of a core, RAM, threads and context switches.

    Nothing is looked at before it is started, by its button or by `start`. It shows a table that
    follows the processes a few times a second. When it is stopped, the table can be played and
    rewound like any run. It stops by itself when it is full, when its cell is run again, and when
    it is closed.

    Parameters
    ----------
    pid : int, optional
        One of your own processes; the kernel of the notebook, if not given.
    tree : bool
        Whether those that it has made are watched, too.
    frames_per_second : float
        Looks a second, up to 10, and no fewer than two in *seconds*.
    seconds : float
        After how long it stops by itself, up to 600; no later than after 1200 looks.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    watching : bool
        Whether it is looking now.
    recording : HostWatch or None
        What was seen the last time; None before it was started.
    player : Player or None
        What plays that; None while it is watching.
    table : TableAlone
        What is seen now, while it is watching.

    Raises
    ------
    ArgumentError
        If an argument is out of its bounds.
    """

    def __init__(
        self,
        *,
        pid: int | None = None,
        tree: bool = True,
        frames_per_second: float = 3.0,
        seconds: float = 60.0,
        **traits: Any,
    ) -> None:
        refuse_unknown(self, traits, "layout")
        if pid is not None:
            require_whole("HostMonitor: pid", pid, 1)
        for name, value, most in (
            ("frames_per_second", frames_per_second, FASTEST),
            ("seconds", seconds, LONGEST),
        ):
            require(
                type(value) in (int, float) and 0 < value <= most,
                f"HostMonitor: {name} is {value!r}; give a number above 0 and up to {most:g}",
            )
        self._of = pid, tree
        # So that the second look comes in time, however seldom it is to look.
        self._pause = 1 / min(FASTEST, max(frames_per_second, 2 / seconds))
        self._most = max(2, min(MOST_LOOKS, round(seconds * frames_per_second)))
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.recording: HostWatch | None = None
        self.player: Player | None = None
        self._view: Watching | None = None
        self._start_button = ipywidgets.Button(description="Watch")
        self._stop_button = ipywidgets.Button(description="Stop", disabled=True)
        self._start_button.on_click(lambda _button: self._started())
        self._stop_button.on_click(lambda _button: self.stop())
        # It says when the kernel has gone, as it does for all controls of ipywidgets.
        aid = ControlsAid(layout={"display": "none"})
        buttons = ipywidgets.HBox([self._start_button, self._stop_button, aid])
        buttons.add_class("kit-controls")
        say_without_kernel(
            buttons, how="left out", words="Watching processes needs a kernel on a computer"
        )
        self.status = RunStatus(self.stop)
        self.status.tell("idle", IDLE)
        self.table = TableAlone()
        self.table.layout.display = "none"
        self._parts: tuple[ipywidgets.Widget, ...] = (buttons, self.status, self.table)
        super().__init__(children=self._parts, **traits)
        self.add_class("kit-host-monitor")
        owned_by_cell(self)

    @property
    def watching(self) -> bool:
        """Whether it is looking now."""
        thread = self._thread
        return thread is not None and thread.is_alive() and not self._stop.is_set()

    def start(self) -> None:
        """Begin to watch; what was seen before goes.

        Raises
        ------
        HostError
            If there is no such process, it is another user's, or psutil is missing.
        """
        if self.watching:
            return
        # Nothing of the real machine is imported with the widgets.
        from kit.host.looking.watching import HEADINGS, HostWatch, Watcher, note  # noqa: PLC0415

        watcher = Watcher(*self._of)
        self._wait()
        self._drop_player()
        self.recording = HostWatch(seconds=self._pause)
        with self.table.hold_sync():
            self.table.headings, self.table.caption = [*HEADINGS], note()
            self.table.numbers = [*range(4, len(HEADINGS))]
        self.table.layout.display = None
        self._stop = threading.Event()
        self._start_button.disabled, self._stop_button.disabled = True, False
        self.status.tell("idle", "Watching.")
        work = contextvars.copy_context().run
        self._thread = threading.Thread(
            target=work,
            args=(self._watch, watcher, self.recording, self._stop),
            name="kit monitor",
            daemon=True,
        )
        self._thread.start()

    def _started(self) -> None:
        """Begin, because a person wants it; what is wrong is said below the buttons."""
        try:
            self.start()
        except KitError as error:
            self.status.tell("failed", str(error))

    def stop(self) -> None:
        """Stop watching, and show what was seen; nothing happens if it is not watching."""
        self._stop.set()
        self._wait()

    def _wait(self) -> None:
        """Wait until what has watched is over; it may be about to put its player here."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(PATIENCE)

    # In a thread of its own

    def _watch(self, watcher: Watcher, watch: HostWatch, stop: threading.Event) -> None:
        try:
            why = self._look_on(watcher, watch, stop)
            if self.comm is not None:
                stop.set()
                self._finish(watch, why)
        finally:
            if self.comm is not None:
                self._start_button.disabled, self._stop_button.disabled = False, True

    def _look_on(self, watcher: Watcher, watch: HostWatch, stop: threading.Event) -> str:
        """Look again and again, and return why it was enough."""
        while len(watch.looks) < self._most and self.comm is not None:
            begin = time.monotonic()
            look = watcher.look()
            watch.looks.append(look)
            if not look.samples:
                return "Stopped: none of the processes is there any longer."
            self._show(look)
            if stop.wait(max(0.0, begin + self._pause - time.monotonic())):
                return "Stopped."
        return f"Stopped after {self._most} looks, which is the most that are kept."

    def _show(self, look: Look) -> None:
        with self.table.hold_sync():
            self.table.rows = [
                ["  " * sample.depth + sample.name, str(pid), *sample.cells()]
                for pid, sample in look.samples.items()
            ]
            self.table.states = [""] * len(look.samples)
            self.table.parents = [-1] * len(look.samples)

    def _finish(self, watch: HostWatch, why: str) -> None:
        """Put the recording, with a player, in place of what is seen now."""
        trace: RealTrace = watch.trace
        self.player = Player(trace, ticks_per_second=1 / self._pause, title="What was seen")
        self.player.is_part = True
        self._view = Watching(trace, player=self.player)
        self.table.layout.display = "none"
        self.children = (*self._parts, self.player, self._view)
        self.status.tell("done", f"{why} Play it, or move the slider, to see it again.")

    # On the page

    def _drop_player(self) -> None:
        if self._view is not None and self.player is not None:
            view, player = self._view, self.player
            self.children = self._parts
            self.player = self._view = None
            view.close()
            close_all(player)

    def close(self) -> None:
        """Stop watching, and leave no model behind."""
        if self.comm is not None:
            self._stop.set()
            super().close()
            self._wait()
            self._drop_player()

    @property
    def in_words(self) -> str:
        """What was seen at the moment that is shown; before that what is below its buttons."""
        if self._view is not None:
            return self._view.in_words
        looks = self.recording.looks if self.recording else []
        return f"{self!r}\n{looks[-1].sentence if looks else self.status.text}"

    def __repr__(self) -> str:
        return f"<HostMonitor of {self.recording!r}>" if self.recording else "<HostMonitor>"
