"""The stage: the views of a run around one player."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from kit.errors import ArgumentError, LimitExceeded, explain_arguments, plural, require
from kit.sim.interventions import Intervention
from kit.trace import Trace
from kit.trace.link import PAGE
from kit.trace.narration.story import story
from kit.trace.real import RealTrace
from kit.widgets.base.box import KitBox
from kit.widgets.base.closing import close_all
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown
from kit.widgets.branching import Branching
from kit.widgets.compare import Compare
from kit.widgets.in_c import InC, alone, has_texts
from kit.widgets.pictures.layouts import TOLD, Layout
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.saving import save_stage
from kit.widgets.pictures.view import View, checked_trace
from kit.widgets.views import VIEWS, checked_views

MAIN = ("disk", "address_spaces", "frames", "cpu", "timeline", "process_table")
"""What a stage shows if nothing else was asked for."""
REAL_MAIN = ("timeline", "process_table", "console")
"""The same of a real run."""
ROOM = ("disk", "address_spaces", "frames", "cpu")
"""Views that stand beside each other; the others stand below, the timeline first."""


def summary(trace: Trace) -> str:
    """Return in a few words what a run is made of."""
    processes = trace.history.processes
    threads = sum(len(process.threads) for process in processes.values())
    clock = f"a tick is {trace.tick_length}" if isinstance(trace, RealTrace) else ""
    parts = (
        plural(len(processes), "process"),
        plural(threads, "thread"),
        plural(trace.settings.cores, "core"),
        trace.settings.scheduler,
        clock,
    )
    return " · ".join(part for part in parts if part)


def names_of(trace: Trace) -> str:
    """Return the names of the programs that ran."""
    return ", ".join(dict.fromkeys(p.program.name for p in trace.history.processes.values()))


class Stage(KitBox):
    """The views of a run on one player, and a way to ask what if.

    Parameters
    ----------
    trace : Trace
        Or a real run, `kit.host.HostTrace`.
    title : str, optional
        Shown above; the names of the programs if not given.
    views : sequence of str
        Names of `kit.widgets.VIEWS`; default disk, address_spaces, frames, cpu,
        timeline, process_table; of a real run timeline, process_table, console. Others:
        crossing, lifecycle, listing, console, files, heap_list, perspective.
    speed : float
        Times the normal rate; default 1.0.
    tick : int
        Where to start; ticks, default 0.
    folded : sequence of str
        Views of which only the heading is shown at first; default none.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    trace : Trace
        Setting it shows another run in the same widgets; where the player was, it stays.
    player : Player
        ``stage.player.tick = 42`` and ``stage.player.playing = True`` move it.
    views : dict of str to View
        Also by name, as in ``stage.timeline``.
    branching : Branching
        The controls behind "What if".
    in_c : InC
        The button "The same in C", which shows the programs next to their C texts.
    comparison : Compare or None
        What `branch` shows: this run and the last new one.

    Raises
    ------
    ArgumentError
        If an argument does not exist or does not fit.
    """

    trace = traitlets.Instance(Trace)

    def __init__(
        self,
        trace: Trace,
        *,
        title: str | None = None,
        views: Iterable[str] = MAIN,
        folded: Iterable[str] = (),
        **traits: Any,
    ) -> None:
        trace = checked_trace("Stage", trace)
        refuse_unknown(self, traits, "speed", "tick", "layout")
        require(title is None or isinstance(title, str), f"Stage: title is {title!r}; give a text")
        is_real = isinstance(trace, RealTrace)
        if is_real and views is MAIN:
            views = REAL_MAIN
        names = checked_views("Stage", views)
        hidden = checked_views("Stage", folded) if folded else ()
        for name in hidden:
            require(name in names, f"Stage: it has no view '{name}' to fold; name it in views, too")
        start = {name: traits.pop(name) for name in ("speed", "tick") if name in traits}
        self._title = title
        self.player = Player(trace, title=self._heading(trace), subtitle=summary(trace), **start)
        self.player.is_part = True
        self.views: dict[str, View] = {
            name: VIEWS[name](trace, player=self.player, folded=name in hidden) for name in names
        }
        self.in_c = InC(self.player)
        self.branching = Branching(self.player, self.branch, self.in_c)
        self.comparison: Compare | None = None
        room = ipywidgets.Box([self.views[name] for name in names if name in ROOM])
        room.add_class("kit-room")
        for name, view in self.views.items():
            view.add_class(f"kit-place-{name.replace('_', '-')}")
        lower = sorted((n for n in names if n not in ROOM), key=lambda name: name != "timeline")
        below = [self.views[name] for name in lower]
        self._parts = [self.player, room, *below]
        if not is_real:
            self._parts.append(self.branching)
        elif has_texts(trace):
            # What really happened cannot be done again in another way.
            self._parts.append(alone(self.in_c))
        super().__init__(self._parts, trace=trace, **traits)
        self.add_class("kit-view")
        self.add_class("kit-stage")
        self.player.observe(self._follow, "trace")
        self.observe(self._renew, "trace")
        owned_by_cell(self)

    @classmethod
    def usual_layouts(cls) -> list[Layout]:
        """Return how a run is laid out for one that is made with it alone."""
        return [TOLD, *(VIEWS[name].usual_layouts()[-1] for name in MAIN)]

    def _heading(self, trace: Trace) -> str:
        return names_of(trace) if self._title is None else self._title

    def _follow(self, change: dict[str, Any]) -> None:
        self.trace = change["new"]

    def _renew(self, _change: dict[str, Any]) -> None:
        self._drop_comparison()
        self.player.trace = self.trace
        with self.player.hold_sync():
            self.player.title = self._heading(self.trace)
            self.player.subtitle = summary(self.trace)

    def __getattr__(self, name: str) -> View:
        """Return a view by its name."""
        views = self.__dict__.get("views", {})
        if name in views:
            view: View = views[name]
            return view
        raise AttributeError(f"this stage has no '{name}'")

    def branch(
        self,
        do: Intervention | Iterable[Intervention] = (),
        *,
        at: int | None = None,
        label: str = "what if",
    ) -> Trace:
        """Run on from a moment with something else done, and show both runs beside each other.

        Parameters
        ----------
        do : Intervention or iterable of Intervention
            `Kill`, `Inject`, `RunNext` or `Write`.
        at : int, optional
            Tick; the one that is shown, if not given.
        label : str
            Above the new run.

        Returns
        -------
        Trace
            The new run; `comparison` shows it.

        Raises
        ------
        ArgumentError
            If what is done is not possible at that tick, or while the player waits for the
            answer to a question, because the new run would show it.
        TraceError
            If the trace was read from a file that does not say how it was made.
        """
        tick = self.player.tick if at is None else at
        if self.player.locks:
            raise ArgumentError(f"Stage: another run would go on, but {self.player.why_locked()}")
        try:
            other = self.trace.branch(at=tick, do=do)
        except LimitExceeded as limit:
            if not isinstance(limit.trace, Trace):
                raise
            other = limit.trace
            self.branching.say(str(limit))
        self._drop_comparison()
        # It goes with this stage, whichever cell asked for it.
        self.comparison = Compare(self.trace, other, labels=("as it was", label), tick=tick)
        self.children = [*self._parts, self.comparison]
        return other

    @explain_arguments
    def link(self, page: str = PAGE) -> str:
        """Return a link to this run at the tick that is shown, as `Player.link` does.

        Parameters
        ----------
        page : str
            Address of the page that shows it; that of a site ends in ``run.html``.
        """
        return self.player.link(page)

    @explain_arguments
    def save(
        self,
        path: str | os.PathLike[str],
        *,
        t: int | None = None,
        ticks: tuple[int, int] | None = None,
    ) -> Path:
        """Write a moment, or a stretch of the run, as a picture for slides.

        It is drawn from the run and needs no page. What is folded by ``folded`` is left out. A
        stretch plays again and again wherever an SVG does, as in a browser, at the rate of the
        player; elsewhere its first tick is seen. The ground is white, as it is on the page.

        Parameters
        ----------
        path : str or path
            Ends in ``.svg``, or for a moment in ``.png``, which an installed Chromium or Chrome
            draws, twice as large each way.
        t : int, optional
            The moment; ticks, that of the player if not given.
        ticks : tuple of int, optional
            First and last tick of a stretch.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ArgumentError
            If a tick is not in the run, or may not be shown before a question is answered, or
            the path is for no such picture.
        KitError
            If the file cannot be written, or a PNG is wanted and no browser is found.

        Examples
        --------
        >>> from kit.scenarios import lost_update
        >>> stage = Stage(lost_update())
        >>> stage.save("moment.svg", t=42)  # doctest: +SKIP
        >>> stage.save("run.svg", ticks=(10, 60))  # doctest: +SKIP
        """
        return save_stage(path, self.player, self.views, t=t, ticks=ticks)

    def _drop_comparison(self) -> None:
        if self.comparison is not None:
            gone, self.comparison = self.comparison, None
            self.children = self._parts
            gone.close()

    def close(self) -> None:
        """Take it off the page, and leave no model of it behind, also of what it does not show."""
        if self.comm is not None:
            close_all(self, self.branching)

    @property
    def in_words(self) -> str:
        """The title, what the run is made of, and what happens in it, as far as it may be seen."""
        told = story(self.trace, until=self.player.limit)
        return f"{self.player.title}\n{self.player.subtitle}\n{told}"

    def __repr__(self) -> str:
        return f"<Stage of {self.trace!r}>"
