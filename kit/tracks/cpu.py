"""The CPU: who runs on which core, who waits for one, who waits for something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.lang.instructions import SP
from kit.sim.recording import Key
from kit.trace import Moment, Trace
from kit.tracks.palette import INK, LINE, PANEL, QUIET, process_name, thread_colors
from kit.tracks.picture import Picture
from kit.tracks.sampling import sample_ticks, thinned

WIDTH = 250.0
CARD, CARD_GAP = 104.0, 10.0
MOST_CARDS = 4
ROW = 30.0
MOST_ROWS = 4
PILL, PILL_HEIGHT = 112.0, 24.0
LEFT = 70.0
ROUND = 6.0
GLIDE = 0.7
"""Ticks a thread's token takes from the queue to a core, or back."""
MOST_DOTS = 8
NAME_CHARACTERS = 11


@dataclass(frozen=True)
class Place:
    """Where a thread's token stands, in nominal pixels."""

    x: float
    y: float
    visible: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The token's rectangle without its outline, whose wide stroke rounds the corners."""
        return (
            self.x + ROUND,
            self.y + ROUND,
            self.x + PILL - ROUND,
            self.y + PILL_HEIGHT - ROUND,
        )


class _Layout:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.cores = min(trace.settings.cores, MOST_CARDS)
        self.queue_top = 4.0 + self.cores * (CARD + CARD_GAP) + 22.0
        self.blocked_top = self.queue_top + MOST_ROWS * ROW + 14.0
        self.height = self.blocked_top + MOST_ROWS * ROW + 8.0
        self.keys = list(thread_colors(trace))
        self.element = {key: place for place, key in enumerate(self.keys)}

    def card(self, core: int) -> float:
        return 4.0 + core * (CARD + CARD_GAP)

    def on_core(self, core: int) -> Place:
        return Place(14.0, self.card(core) + 30.0, core < self.cores)

    def ready(self, row: int) -> Place:
        return Place(LEFT, self.queue_top + min(row, MOST_ROWS - 1) * ROW, row < MOST_ROWS)

    def blocked(self, row: int) -> Place:
        return Place(LEFT, self.blocked_top + min(row, MOST_ROWS - 1) * ROW, row < MOST_ROWS)

    def name(self, key: Key) -> str:
        return f"{process_name(self.trace, key[0], NAME_CHARACTERS)} T{key[1]}"


def cpu(trace: Trace) -> Picture:
    """Lay out cores, ready queue and blocked threads.

    Every thread is one token that moves between core, ready queue and the blocked
    ones, so that the eye can follow it.
    """
    layout = _Layout(trace)
    picture = Picture("CPU: cores, ready queue, blocked threads", WIDTH, layout.height, 220.0)
    _draw_cards(picture, layout)
    _draw_tokens(picture, layout)
    for tick in _change_ticks(trace):
        moment = trace.at(tick)
        _place_tokens(picture, layout, moment)
        _describe(picture, layout, moment)
    _show_registers(picture, layout)
    _show_slices(picture, layout)
    picture.twin.extend([[("told", "text", line)] for line in range(layout.cores + 2)])
    return picture


def _change_ticks(trace: Trace) -> Sequence[int]:
    kinds = {"admit", "dispatch", "preempt", "block", "wake", "end"}
    return thinned(trace, [0, *(event.tick for event in trace.events if event.kind in kinds)])


def _draw_cards(picture: Picture, layout: _Layout) -> None:
    cards = [
        (2.0, layout.card(core), WIDTH - 4.0, layout.card(core) + CARD)
        for core in range(layout.cores)
    ]
    count = layout.cores
    picture.rectangles("cards", cards, [PANEL] * count, strokes=[INK] * count, stroke_width=1.5)
    picture.texts(
        "core names",
        [(14.0, layout.card(core) + 15.0) for core in range(count)],
        [f"core {core}" for core in range(count)],
        colors=QUIET,
    )
    picture.texts(
        "registers",
        [(140.0, layout.card(core) + y) for core in range(count) for y in (33.0, 52.0, 71.0)],
        [""] * (3 * count),
        mono=True,
    )
    picture.texts(
        "slices", [(14.0, layout.card(core) + 84.0) for core in range(count)], [""] * count
    )
    heads = [(2.0, layout.queue_top + PILL_HEIGHT / 2), (2.0, layout.blocked_top + PILL_HEIGHT / 2)]
    picture.texts("headings", heads, ["ready", "blocked"], colors=QUIET)
    picture.outlines(
        "rule",
        [[(2.0, layout.blocked_top - 10.0), (WIDTH - 4.0, layout.blocked_top - 10.0)]],
        colors=[LINE],
    )
    more = [(LEFT, layout.queue_top + MOST_ROWS * ROW - 8.0), (LEFT, layout.height - 8.0)]
    picture.texts("more", more, ["", ""], colors=QUIET)
    picture.sentences("told", count + 2)


def _draw_tokens(picture: Picture, layout: _Layout) -> None:
    colors = thread_colors(layout.trace)
    count = len(layout.keys)
    if not count:
        return
    start = layout.ready(0)
    picture.rectangles(
        "tokens",
        [start.box] * count,
        [colors[key] for key in layout.keys],
        opacity=0.0,
        stroke_width=2 * ROUND,
    )
    picture.texts(
        "token names",
        [(start.x + PILL / 2, start.y + PILL_HEIGHT / 2)] * count,
        [""] * count,
        colors="#ffffff",
        bold=True,
        align="middle",
    )
    rows = [layout.blocked(row) for row in range(MOST_ROWS)]
    picture.texts(
        "reasons",
        [(place.x + PILL + 6.0, place.y + PILL_HEIGHT / 2) for place in rows],
        [""] * MOST_ROWS,
        colors=QUIET,
    )


def _reason(waits_for: tuple[str, int] | tuple[()]) -> str:
    if not waits_for:
        return ""
    kind, detail = waits_for
    return f"join T{detail}" if kind == "join" else f"till {detail}"


def _place_tokens(picture: Picture, layout: _Layout, moment: Moment) -> None:
    places: dict[Key, Place] = {}
    for core, key in enumerate(moment.cores):
        if key is not None:
            places[key] = layout.on_core(core)
    for row, key in enumerate(moment.ready):
        places[key] = layout.ready(row)
    blocked = list(moment.blocked.items())
    for row, (key, _) in enumerate(blocked):
        places[key] = layout.blocked(row)
    for key, element in layout.element.items():
        _move_token(picture, layout, element, key, places.get(key), moment.tick)
    for row in range(MOST_ROWS):
        reason = _reason(blocked[row][1]) if row < len(blocked) else ""
        if layout.keys:
            picture.change("reasons", "text", row, moment.tick, reason)
    for line, count in enumerate((len(moment.ready), len(blocked))):
        hidden = count - MOST_ROWS
        picture.change(
            "more", "text", line, moment.tick, f"and {hidden} more" if hidden > 0 else ""
        )


def _move_token(
    picture: Picture, layout: _Layout, element: int, key: Key, place: Place | None, tick: int
) -> None:
    visible = place is not None and place.visible
    if place is not None:
        shown = picture.channels["tokens", "opacities"].keys[element][-1][1] == (1.0,)
        glide = GLIDE if shown and visible else 0.0
        left, top, right, bottom = place.box
        picture.change("tokens", "x", element, tick, (left, right), glide)
        picture.change("tokens", "y", element, tick, (top, bottom), glide)
        picture.change("token names", "x", element, tick, place.x + PILL / 2, glide)
        picture.change("token names", "y", element, tick, place.y + PILL_HEIGHT / 2, glide)
    picture.change("tokens", "opacities", element, tick, 1.0 if visible else 0.0)
    picture.change("token names", "text", element, tick, layout.name(key) if visible else "")


def _describe(picture: Picture, layout: _Layout, moment: Moment) -> None:
    def names(keys: list[Key]) -> str:
        return ", ".join(layout.name(key) for key in keys) or "none"

    for core in range(layout.cores):
        key = moment.cores[core]
        text = f"core {core} runs {layout.name(key)}" if key else f"core {core} is idle"
        picture.change("told", "text", core, moment.tick, text)
    waiting = [f"{layout.name(key)} ({_reason(why)})" for key, why in moment.blocked.items()]
    lines = (
        f"ready, next one first: {names(list(moment.ready))}",
        f"blocked: {', '.join(waiting) or 'none'}",
    )
    for line, text in enumerate(lines, layout.cores):
        picture.change("told", "text", line, moment.tick, text)


def _show_registers(picture: Picture, layout: _Layout) -> None:
    """Show pc, sp and r0 of the running thread, at every tick at which they change."""
    trace = layout.trace
    for core in range(layout.cores):
        for tick in sample_ticks(trace):
            key = trace.history.cores[core].at(tick)
            lines = ("", "", "")
            if key is not None:
                thread = trace.record.threads[key]
                process = trace.history.processes[key[0]]
                image = process.threads[key[1]].program.image
                registers = thread.registers_at(tick, image)
                pc = process.code_base + thread.index_at(tick) * 8
                lines = (f"pc {pc:#x}", f"sp {registers[SP]:#x}", f"r0 {registers[0]}"[:14])
            for line, text in enumerate(lines):
                picture.change("registers", "text", core * 3 + line, tick, text)


def _show_slices(picture: Picture, layout: _Layout) -> None:
    """Show how much of its slice the running thread has used, as filled dots."""
    quantum = layout.trace.settings.quantum
    if quantum is None:
        return
    dots = min(quantum, MOST_DOTS)
    for core in range(layout.cores):
        steps = layout.trace.history.cores[core]
        for tick in sample_ticks(layout.trace):
            text = ""
            if steps.at(tick) is not None:
                used = (tick - steps.since(tick)) % quantum
                full = used * dots // quantum
                text = "slice " + "●" * full + "○" * (dots - full)
            picture.change("slices", "text", core, tick, text)
