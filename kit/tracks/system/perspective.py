"""One moment seen from two sides: the CPU is given threads, processes are given the rest."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.steps import Steps
from kit.tracks.palette import (
    FREE,
    INK,
    PALE,
    PANEL,
    QUIET,
    SEGMENTS,
    pale,
    thread_name,
)
from kit.tracks.picture import Part, Picture
from kit.tracks.rows import Grid
from kit.tracks.subjects import process_subject, thread_subject
from kit.tracks.system.boxes import BOXES_LEFT, LEAST, LEFT, WIDTH, Plan, Rows, Stay
from kit.tracks.system.facts import (
    KINDS,
    all_colors,
    merged_ticks,
    open_files,
    process_states,
    thread_ticks,
    waiting,
)

MOST_CHANGES = 5000
GROUND = "#f1f2f3"
"""Of the box of a process that is no more."""
CARD_CHARACTERS = 14
GLIDE = 0.6
"""Ticks the line from a core takes to another thread."""
OVER = {"zombie": "memory and files taken back", "terminated": "no entry in the process table"}
"""What there is to say of the memory and files of a process that has ended."""
CPU_SIDE = "the CPU is given threads"
OS_SIDE = "the operating system gives memory and files to processes"


def perspective(trace: Trace) -> Picture:
    """Lay one moment out as the CPU sees it, threads, and as the system does, processes.

    Each process is a box with the frames of its segments, its open files and its threads;
    a line leads from each core to the thread that it runs.
    """
    plan = Plan(trace)
    picture = Picture("Perspective: threads and processes", WIDTH, plan.height, LEAST)
    picture.texts("sides", [(LEFT, 16.0), (BOXES_LEFT, 16.0)], [CPU_SIDE, OS_SIDE], size=13.0)
    _draw_cards(picture, plan)
    where: dict[ThreadId, Steps[int | None]] = {}
    if plan.boxes:
        _draw_boxes(picture, plan)
        files, colors = open_files(trace), all_colors(trace)
        changes = sum(len(t.state) for stay in plan.stays for t in stay.process.threads.values())
        grid = Grid(trace, changes, MOST_CHANGES)
        for stay in plan.stays:
            box = _Box(picture, trace, plan, stay, colors)
            where |= box.follow(grid, files[stay.process.pid])
    _count_processes(picture, trace, plan)
    _follow_cores(picture, trace, plan, where)
    _tell(picture, plan)
    return picture


def _draw_cards(picture: Picture, plan: Plan) -> None:
    cards = [plan.card(core) for core in range(plan.cards)]
    count = len(cards)
    picture.rectangles("cores", cards, [PANEL] * count, strokes=[INK] * count, stroke_width=1.5)
    names = [(left + 10.0, top + 15.0) for left, top, _, _ in cards]
    picture.texts("core names", names, [f"core {core}" for core in range(count)], colors=QUIET)
    tokens = [(left + 10.0, top + 30.0, right - 10.0, top + 54.0) for left, top, right, _ in cards]
    picture.rectangles("core tokens", tokens, [PANEL] * count, opacity=0.0, stroke_width=0.0)
    places = [((left + right) / 2, top + 42.0) for left, top, right, _ in cards]
    picture.texts("core threads", places, ["idle"] * count, colors=QUIET, bold=True, align="middle")
    picture.outlines(
        "lines",
        [plan.no_line(core) for core in range(count)],
        colors=[INK] * count,
        stroke_width=1.5,
    )
    picture.texts("more cores", [(LEFT, cards[-1][3] + 14.0)], [""], colors=QUIET)
    picture.sentences("core told", count)


def _draw_boxes(picture: Picture, plan: Plan) -> None:
    boxes = [plan.box(number) for number in range(plan.boxes)]
    count = len(boxes)
    picture.rectangles(
        "boxes", boxes, [PANEL] * count, strokes=[INK] * count, opacity=0.0, stroke_width=1.5
    )
    names = [(left + 10.0, top + 15.0) for left, top, _, _ in boxes]
    picture.texts("names", names, [""] * count, size=13.0, bold=True)
    pids = [(right - 10.0, top + 15.0) for _, top, right, _ in boxes]
    picture.texts("pids", pids, [""] * count, colors=QUIET, align="end")
    states = [(left + 10.0, top + 33.0) for left, top, _, _ in boxes]
    picture.texts("states", states, [""] * count)
    files = [(left + 10.0, top + plan.files_top + 10.0) for left, top, _, _ in boxes]
    picture.texts("files", files, [""] * count, colors=QUIET)
    picture.sentences("files told", count)
    cells = [plan.cell(n, index) for n in range(count) for index in range(len(plan.kinds))]
    picture.rectangles(
        "cells",
        cells,
        [PALE.get(kind, FREE) for kind in plan.kinds] * count,
        strokes=[SEGMENTS.get(kind, QUIET) for kind in plan.kinds] * count,
        opacity=0.0,
    )
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in cells]
    picture.texts("cell names", middles, [""] * len(cells), align="middle")
    _draw_rows(picture, plan)


def _draw_rows(picture: Picture, plan: Plan) -> None:
    """Draw a token and a few words for each row of each box; all are empty at first."""
    tokens = [plan.token(n, row) for n in range(plan.boxes) for row in range(plan.rows)]
    count = len(tokens)
    picture.rectangles("rims", tokens, [PANEL] * count, opacity=0.0, stroke_width=0.0)
    inner = [
        (left + 2.0, top + 1.5, right - 2.0, bottom - 1.5) for left, top, right, bottom in tokens
    ]
    picture.rectangles("tokens", inner, [PANEL] * count, opacity=0.0, stroke_width=0.0)
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in tokens]
    picture.texts("threads", middles, [""] * count, bold=True, align="middle")
    words = [(right + 8.0, (top + bottom) / 2) for _, top, right, bottom in tokens]
    picture.texts("words", words, [""] * count)
    picture.sentences("thread told", count)
    more = [plan.token(n, plan.rows) for n in range(plan.boxes)]
    places = [(left, (top + bottom) / 2) for left, top, _, bottom in more]
    picture.texts("more threads", places, [""] * len(more), colors=QUIET)


class _Box:
    """What a process shows in its box."""

    def __init__(
        self, picture: Picture, trace: Trace, plan: Plan, stay: Stay, colors: dict[ThreadId, str]
    ) -> None:
        self.picture, self.trace, self.plan = picture, trace, plan
        self.stay, self.colors = stay, colors
        self.process = stay.process
        self.states = process_states(self.process)
        self.rows = Rows(plan.rows)

    def follow(
        self, grid: Grid, files: Steps[tuple[str, ...]]
    ) -> dict[ThreadId, Steps[int | None]]:
        """Show the process at every change; return in which row each thread is."""
        process, stay = self.process, self.stay
        steps = (self.states, files, self.plan.frames[process.pid], process.programs)
        due: dict[int, set[int]] = {grid.at(tick): set() for tick in merged_ticks(steps)}
        due.setdefault(stay.start, set())
        for tid, thread in process.threads.items():
            for tick in thread_ticks(thread):
                due.setdefault(grid.at(tick), set()).add(tid)
        for tick in sorted(due):
            states = {tid: process.threads[tid].state.at(tick) for tid in sorted(due[tick])}
            self.rows.move(process.pid, tick, states)
            if stay.start <= tick and (stay.end is None or tick < stay.end):
                self._show(tick, files.at(tick))
        if stay.end is not None:
            self._clear(stay.end)
        return self.rows.where

    def _set(self, mark: str, trait: str, element: int, tick: int, value: str | float) -> None:
        self.picture.change(mark, trait, element, tick, value)

    def _show(self, tick: int, files: tuple[str, ...]) -> None:
        box, pid, state = self.stay.box, self.process.pid, self.states.at(tick)
        program = self.process.programs.at(tick)
        frames = self.plan.frames[pid].at(tick)
        self._set("boxes", "opacities", box, tick, 1.0)
        self.picture.about("boxes", box, process_subject(self.trace, pid), tick)
        self._set("boxes", "fill_colors", box, tick, GROUND if state == "terminated" else PANEL)
        self._set("names", "text", box, tick, self.plan.cut(program.name, "names"))
        self._set("pids", "text", box, tick, f"pid {pid}")
        over = state in ("zombie", "terminated")
        held = plural(sum(frames), "frame")
        if over and self.process.exit is not None:
            held = self.process.exit.brief
        self._set("states", "text", box, tick, f"{state}, {held}")
        listed = ", ".join(files) or "none"
        sentence = OVER.get(state) or f"open files: {listed}"
        shown = OVER.get(state) or f"files: {listed}"
        self._set("files told", "text", box, tick, sentence)
        self._set("files", "text", box, tick, self.plan.cut(shown, "files"))
        first = box * len(self.plan.kinds)
        for element, kind in enumerate(self.plan.kinds, first):
            count = frames[KINDS.index(kind)]
            self._set("cells", "opacities", element, tick, 0.0 if over else 1.0)
            self._set("cell names", "text", element, tick, "" if over else f"{kind} {count}")
        now = self.rows.now
        for row in range(self.plan.rows):
            self._show_thread(box * self.plan.rows + row, now.get(row), tick)
        hidden = self.rows.hidden
        more = f"and {plural(hidden, 'more thread')}" if hidden else ""
        self._set("more threads", "text", box, tick, more)

    def _show_thread(self, element: int, tid: int | None, tick: int) -> None:
        key = (self.process.pid, tid or 0)
        thread = self.process.threads[tid] if tid else None
        state = thread.state.at(tick) if thread else ""
        color = self.colors.get(key, QUIET)
        fill = {"running": color, "ready": pale(color)}.get(state, PANEL)
        ink = {"running": "#ffffff", "ready": INK}.get(state, color)
        about = thread_subject(self.trace, key) if tid and state else None
        self.picture.about("rims", element, about, tick)
        for mark in ("rims", "tokens"):
            self._set(mark, "opacities", element, tick, 1.0 if state else 0.0)
        if state:
            self._set("rims", "fill_colors", element, tick, color)
            self._set("tokens", "fill_colors", element, tick, fill)
            self._set("threads", "colors", element, tick, ink)
        words = sentence = state
        if thread and state == "running":
            words = sentence = f"running on core {thread.core.at(tick)}"
        elif state == "blocked":
            reason = waiting(self.trace, key, tick)
            words, sentence = f"blocked ({reason})", f"blocked, waits for {reason}"
        self._set("threads", "text", element, tick, f"T{tid}" if tid else "")
        self._set("words", "text", element, tick, self.plan.cut(words, "words"))
        self._set("thread told", "text", element, tick, f"T{tid} {sentence}" if tid else "")

    def _clear(self, tick: int) -> None:
        """Leave the box empty."""
        box, plan = self.stay.box, self.plan
        self._set("boxes", "opacities", box, tick, 0.0)
        self.picture.about("boxes", box, None, tick)
        for mark in ("names", "pids", "states", "files", "files told", "more threads"):
            self._set(mark, "text", box, tick, "")
        for element in range(box * len(plan.kinds), (box + 1) * len(plan.kinds)):
            self._set("cells", "opacities", element, tick, 0.0)
            self._set("cell names", "text", element, tick, "")
        for element in range(box * plan.rows, (box + 1) * plan.rows):
            self._show_thread(element, None, tick)


def _boxes_at(plan: Plan, tick: int) -> dict[int, int]:
    """Return pid -> box of the processes that have one."""
    return {
        stay.process.pid: stay.box
        for stay in plan.stays
        if stay.start <= tick and (stay.end is None or tick < stay.end)
    }


def _follow_cores(
    picture: Picture, trace: Trace, plan: Plan, where: dict[ThreadId, Steps[int | None]]
) -> None:
    """Show on each card the thread that runs, and lead a line to it."""
    cores = trace.history.cores
    colors = all_colors(trace)
    moved = set(merged_ticks(where.values()))
    moved |= {tick for stay in plan.stays for tick in (stay.start, stay.end) if tick is not None}
    grid = Grid(trace, sum(len(steps) for steps in cores[: plan.cards]), MOST_CHANGES)
    for core in range(plan.cards):
        for tick in sorted({grid.at(tick) for tick in {0, *cores[core].ticks, *moved}}):
            key = cores[core].at(tick)
            name = thread_name(trace, key, CARD_CHARACTERS) if key else "idle"
            picture.change("core tokens", "opacities", core, tick, 1.0 if key else 0.0)
            about = thread_subject(trace, key) if key else None
            picture.about("core tokens", core, about, tick)
            if key:
                picture.change("core tokens", "fill_colors", core, tick, colors[key])
            picture.change("core threads", "text", core, tick, name)
            picture.change("core threads", "colors", core, tick, "#ffffff" if key else QUIET)
            sentence = f"core {core} runs {name} (pid {key[0]})" if key else f"core {core} is idle"
            picture.change("core told", "text", core, tick, sentence)
            points = plan.no_line(core)
            if key:
                box = _boxes_at(plan, tick).get(key[0])
                row = where[key].at(tick) if key in where else None
                points = plan.line(
                    core, None if box is None else (box, plan.rows if row is None else row)
                )
            glide = GLIDE if tick else 0.0
            picture.change("lines", "x", core, tick, tuple(x for x, _ in points), glide)
            picture.change("lines", "y", core, tick, tuple(y for _, y in points), glide)
    _count_cores(picture, trace, plan)


def _count_cores(picture: Picture, trace: Trace, plan: Plan) -> None:
    others = trace.history.cores[plan.cards :]
    if not others:
        return
    grid = Grid(trace, sum(len(steps) for steps in others), MOST_CHANGES)
    for tick in sorted({grid.at(tick) for tick in [0, *merged_ticks(others)]}):
        busy = sum(steps.at(tick) is not None for steps in others)
        text = f"and {plural(len(others), 'more core')}, {busy} busy"
        picture.change("more cores", "text", 0, tick, text)


def _count_processes(picture: Picture, trace: Trace, plan: Plan) -> None:
    """Count the processes that have no box: those that wait for one, and those that left theirs."""
    processes = list(trace.history.processes.values())
    picture.texts("more processes", [(BOXES_LEFT, plan.more_top)], [""], colors=QUIET)
    if len(processes) == plan.boxes:
        return
    edges = {process.launched for process in processes}
    edges |= {stay.end for stay in plan.stays if stay.end is not None}
    for tick in sorted(edges | {stay.start for stay in plan.stays}):
        made = sum(process.launched <= tick for process in processes)
        hidden = made - len(_boxes_at(plan, tick))
        text = f"and {plural(hidden, 'more process')}" if hidden else ""
        picture.change("more processes", "text", 0, tick, text)


def _tell(picture: Picture, plan: Plan) -> None:
    """Say it in two groups, a side each."""
    for core in range(plan.cards):
        picture.text_alternative.append(["CPU:", ("core told", "text", core)])
    picture.text_alternative.append(["CPU:", ("more cores", "text", 0)])
    for box in range(plan.boxes):
        first = box * len(plan.kinds)
        parts: list[Part] = ["OS:"]
        parts += [(mark, "text", box) for mark in ("names", "pids", "states")]
        parts += [("cell names", "text", first + index) for index in range(len(plan.kinds))]
        parts.append(("files told", "text", box))
        parts += [("thread told", "text", box * plan.rows + row) for row in range(plan.rows)]
        parts.append(("more threads", "text", box))
        picture.text_alternative.append(parts)
    picture.text_alternative.append(["OS:", ("more processes", "text", 0)])
