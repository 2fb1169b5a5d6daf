"""The player: one clock for all views of a run, in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from ipywidgets.widgets.trait_types import TypedTuple

from kit.errors import ArgumentError, TraceError, explain_arguments, require
from kit.trace import Trace
from kit.trace.link import PAGE, link_of, packed_run
from kit.trace.real import trace_of
from kit.widgets.base.assets import module, style
from kit.widgets.base.closing import ClosesParts, close_all, living_widgets
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import Gesture, ScriptWidget, refuse_unknown
from kit.widgets.pictures import holding
from kit.widgets.pictures.layouts import TOLD, Layout, picture_of
from kit.widgets.pictures.tracks_model import Tracks

SLOWEST = 4.0
LONGEST = 60.0


class Player(ClosesParts, ScriptWidget):
    """Plays a trace: buttons, slider, speed, narration, the moment in words.

    It drives the widget models of all views that were given it, in the browser; while
    it plays, no message goes to or from the kernel. `tick` and `playing` reach Python
    when playing stops.

    Parameters
    ----------
    trace : Trace
    beside : mapping of str to Trace, optional
        Several runs on one clock by their labels, the first of them too.
    **traits
        Any of the traits below but `trace`.

    Attributes
    ----------
    trace : Trace
        Setting it shows another run in all views; the place is kept.
    tick : int
        Where the run is shown; ticks, default 0.
    end : int
        Last tick of the trace; read only.
    playing : bool
        Whether it plays, as far as Python knows: a run that a person started in the
        browser sends no message; default False. `pause` stops that one too.
    speed : float
        Times the normal rate; default 1.0.
    ticks_per_second : float
        The normal rate; default 4, more for long traces, so that a run lasts at most
        a minute.
    title, subtitle : str
        Shown above the controls; default "".
    locks : dict of str to int
        The last tick that may be shown until a question is answered, by the question's key;
        read only: `Predict` sets it with `lock` and `unlock`. With another trace they go, and
        those of questions about that one come.
    links : dict of str to str
        What a link says of each run, by its label, or a sentence why it has none; read only.
    """

    _esm = module(
        *(
            "dom.js",
            "connection.js",
            "channels.js",
            "changes.js",
            "steps.js",
            "pointed_cells.js",
            "subjects.js",
        ),
        *("driver.js", "change_marks.js", "figures.js"),
        *("folds.js", "full_screen.js", "narration.js", "player_buttons.js", "run_link.js"),
        *("svg_file.js", "picture_svg.js", "stretch_svg.js"),
        *("saved_file.js", "save_stretch.js", "save_picture.js"),
        *("player_keys.js", "pointing.js"),
        "player.js",
    )
    _css = style("player.css")
    _without_kernel = traitlets.Dict({"role": "player"}).tag(sync=True)

    # What a person sets is told to Python later than it is shown. The echo of what was told before
    # would undo what they have done since.
    tick = traitlets.Int(0).tag(sync=True, echo_update=False)
    end = traitlets.Int(0, read_only=True).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True, echo_update=False)
    speed = traitlets.Float(1.0).tag(sync=True, echo_update=False)
    ticks_per_second = traitlets.Float(SLOWEST).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    subtitle = traitlets.Unicode("").tag(sync=True)
    locks: traitlets.Dict[str, int] = traitlets.Dict(read_only=True).tag(sync=True)
    prompts: traitlets.Dict[str, str] = traitlets.Dict(read_only=True).tag(sync=True)
    links: traitlets.Dict[str, str] = traitlets.Dict(read_only=True).tag(sync=True)
    tracks = TypedTuple(trait=traitlets.Instance(Tracks)).tag(sync=True, **living_widgets)

    trace = traitlets.Instance(Trace)

    def __init__(
        self, trace: Trace, *, beside: Mapping[str, Trace] | None = None, **traits: Any
    ) -> None:
        trace = trace_of(trace)  # type: ignore[assignment]  # this is checked now
        for one in (trace, *(beside or {}).values()):
            require(
                isinstance(one, Trace),
                f"Player: the trace is {type(one).__name__}; give what machine.run() returned",
            )
        own = ("tick", "playing", "speed", "ticks_per_second", "title", "subtitle", "layout")
        refuse_unknown(self, traits, *own)
        self.beside = dict(beside or {})
        self.views: dict[Tracks, object] = {}
        self._holders: dict[str, object] = {}
        self.is_part = False
        self._narration = Tracks(picture_of(trace, *self._narrated))
        self._rate_is_given = "ticks_per_second" in traits
        super().__init__(tracks=(self._narration,), trace=trace)
        self._take_length()
        for name, value in traits.items():
            setattr(self, name, value)
        holding.watch(self)
        owned_by_cell(self)

    @property
    def traces(self) -> list[Trace]:
        """The runs on its clock."""
        return [self.trace, *self.beside.values()]

    @property
    def _narrated(self) -> Layout:
        return TOLD[0], {"beside": self.beside}

    @property
    def layouts(self) -> list[Layout]:
        """How its views lay out the run, as far as they are its own; its sentences too."""
        views = [getattr(view, "layout_of_runs", None) for view in self.views.values()]
        return [self._narrated, *(layout for layout in views if layout is not None)]

    @explain_arguments
    def link(self, page: str = PAGE) -> str:
        """Return a link to the run at the tick that is shown; see `kit.trace.link.link_of`.

        Parameters
        ----------
        page : str
            Address of the page that shows it; that of a site ends in ``run.html``.

        Raises
        ------
        TraceError
            If the run does not say how it was made, or is too long for a link.
        """
        return link_of(self.trace, min(self.tick, self.trace.end), page)

    def _take_length(self) -> None:
        self.set_trait("end", max(trace.end for trace in self.traces))
        runs = self.beside or {"": self.trace}
        self.set_trait("links", {label: _packed(trace) for label, trace in runs.items()})
        if not self._rate_is_given:
            self.ticks_per_second = max(SLOWEST, self.end / LONGEST)

    @traitlets.observe("trace")
    def _another_trace(self, change: dict[str, Any]) -> None:
        """Keep the place, as far as the other run goes."""
        if not isinstance(change["old"], Trace):
            return
        with self.hold_sync():
            self._set_locks({}, {})
            self.tick = min(self.tick, self.trace.end)
            self._take_length()
        holding.hold(self)
        self._narration.update(picture_of(self.trace, *self._narrated))

    @traitlets.validate("tick")
    def _tick_in_trace(self, proposal: dict[str, Any]) -> int:
        tick = int(proposal["value"])
        end = max(trace.end for trace in self.traces)
        if not 0 <= tick <= end:
            raise ArgumentError(
                f"Player: tick {tick} is not in the trace; give a tick from 0 to {end}"
            )
        if tick > self.limit:
            raise ArgumentError(f"Player: tick {tick} is not shown yet; {self.why_locked()}")
        return tick

    @traitlets.validate("speed", "ticks_per_second")
    def _positive(self, proposal: dict[str, Any]) -> float:
        value = float(proposal["value"])
        require(value > 0, f"Player: {proposal['trait'].name} is {value}; give more than 0")
        return value

    def play(self) -> None:
        """Play from the current tick on; from the start if that is the end."""
        self.playing = True

    def pause(self) -> None:
        """Stop, also a run that was started in the browser."""
        self.playing = False
        self.send({"do": "pause"})

    @property
    def limit(self) -> int:
        """The last tick that may be shown now: that of the first lock, or of the run."""
        return min([*self.locks.values(), max(trace.end for trace in self.traces)])

    def wait_for(self, question: object) -> None:
        """Stop at a question, if it withholds what comes later in one of the runs shown here.

        Parameters
        ----------
        question : object
            Such as `Predict`.
        """
        withheld = getattr(question, "withheld", None)
        if withheld is not None and any(map(withheld.concerns, self.traces)):
            asked: Any = question
            self.lock(asked.key, withheld.at, asked.prompt, by=asked)

    def go_on(self, question: object) -> None:
        """Stop at a question no longer.

        Parameters
        ----------
        question : object
            Such as `Predict`.
        """
        self.unlock(getattr(question, "key", ""), by=question)

    def lock(self, key: str, tick: int, prompt: str, *, by: object) -> None:
        """Let nobody see what comes after a tick until a question is answered.

        A player that is beyond it goes back, and stops if it plays.

        Parameters
        ----------
        key : str
            Of the question.
        tick : int
            The last one that may be shown.
        prompt : str
            The question, for the notice on the page.
        by : object
            Who asks.
        """
        self._holders[key] = by
        with self.hold_sync():
            self._set_locks({**self.locks, key: tick}, {**self.prompts, key: prompt})
            self.tick = min(self.tick, self.limit)

    def unlock(self, key: str, *, by: object = None) -> None:
        """Take the lock of a question away, if there is one.

        Parameters
        ----------
        key : str
            Of the question.
        by : object, optional
            Who asked: a lock that somebody else has renewed since stays.
        """
        if key in self.locks and by in (None, self._holders.get(key)):
            self._holders.pop(key, None)
            locks = {name: tick for name, tick in self.locks.items() if name != key}
            self._set_locks(locks, {name: self.prompts[name] for name in locks})

    def _set_locks(self, locks: dict[str, int], prompts: dict[str, str]) -> None:
        with self.hold_sync():
            self.set_trait("prompts", prompts)
            self.set_trait("locks", locks)

    def why_locked(self) -> str:
        """Return what holds the run, and what to do, for somebody who wants to go on."""
        first = min(self.locks, key=lambda name: self.locks[name])
        return (
            f"the run stops at tick {self.locks[first]} until this question is answered: "
            f"“{self.prompts[first]}”; answer it first"
        )

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says, as far as the locks allow; it says nothing of the locks."""
        taken = {name: sync_data[name] for name in sync_data if name not in ("locks", "prompts")}
        if isinstance(taken.get("tick"), int):
            taken["tick"] = max(0, min(taken["tick"], self.limit))
        super().set_state(taken)

    def _kit_gestures_(self) -> list[Gesture]:
        """Return what a person can do with it now: play, and go to an end."""
        played: Gesture = {"says": "was played", "set": {"playing": True}}
        ends = ({"says": f"was moved to {tick}", "set": {"tick": tick}} for tick in (self.limit, 0))
        return [*ends, played]

    def show(self, tracks: Tracks, view: object = None) -> None:
        """Drive one more view."""
        self.views[tracks] = view
        self.tracks = (*self.tracks, tracks)

    def drop(self, tracks: Tracks) -> None:
        """Drive a view no more."""
        self.views.pop(tracks, None)
        self.tracks = tuple(one for one in self.tracks if one is not tracks)

    def close(self) -> None:
        """Take it off the page, and leave no model of it behind."""
        if self.comm is not None:
            self.views.clear()
            self.tracks = (self._narration,)
            close_all(self)

    def __repr__(self) -> str:
        return f"<Player at tick {self.tick} of {self.end}>"


def _packed(trace: Trace) -> str:
    """Return what a link says of a run, or why it has none."""
    try:
        return packed_run(trace)
    except TraceError as error:
        return str(error)
